"""What a PDF says of a page's fonts, by their dictionaries alone, and whether the page's streams are whole."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pdfminer.ascii85 import ascii85decode
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.psparser import PSLiteral

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.page.printed import UnsureError

_PLAIN_ENCODINGS = ("WinAnsiEncoding", "MacRomanEncoding", "StandardEncoding")
_DEEPEST_FORM = 12
_PIECE = 1 << 20
"""How many bytes of a stream are unpacked at a time."""
_EXPONENT = re.compile(rb"(?<![^\s\[])[+-]?\d+(?:\.\d+)?[eE][+-]\d{1,3}(?![^\s\]])")
"""A number that PDF does not allow, but some programs write: 6.1e-17."""
_EXPONENT_SIGNS = (b"e-", b"E-", b"e+", b"E+")
_OVERLAP = 64
_NAMED = re.compile(
    rb"<([0-9A-Fa-f]{2,8})>\s{0,4}(?:<[0-9A-Fa-f]{2,8}>\s{0,4})?\[?\s{0,4}<([0-9A-Fa-f]{4,16})>"
)
"""A code and what it reads, or a range of codes and what the first of them reads."""
_BLANKS = (0x20, 0xA0, 0x3000)
_LETTERS = 8
_UNKNOWN = 0
"""A code that no font draws a letter for, where no other is known."""


@dataclass(frozen=True, slots=True)
class FontFacts:
    """Why another library may read the font's characters differently (None where it cannot), whether it is a standard
    font, for which each library has its own widths, and codes of letters of each font of its name (none where it has only
    blanks).
    """

    doubt: str | None
    is_standard: bool
    letters: tuple[tuple[int, ...], ...] = ()


class Resources:
    """What the pages of one document use; each font and stream is looked at once."""

    def __init__(self) -> None:
        self._facts: dict[int, tuple[list[bytes], FontFacts]] = {}
        self._whole: set[int] = set()

    def fonts(self, page: PDFPage) -> dict[bytes, list[FontFacts]]:
        """The fonts that the page and its forms name; several where fonts share a name.

        Raises UnsureError where a stream of the page or a form is damaged, or where dictionaries are not what they
        should be, DocumentError CONTENT_TOO_LARGE where a stream unpacks to more than LIMITS.expanded_bytes.
        """
        found: dict[bytes, list[FontFacts]] = {}
        try:
            for content in page.contents:
                self._refuse_damaged(resolve1(content))
            self._collect(page.resources, found, set(), _DEEPEST_FORM)
        except (PSException, LookupError, TypeError, ValueError, AttributeError) as error:
            raise UnsureError("the page's resources are not described as they should be") from error
        return found

    def _collect(
        self, resources: Any, found: dict[bytes, list[FontFacts]], seen: set[int], depth: int
    ) -> None:
        resources = dict_value(resources)
        for reference in dict_value(resources.get("Font")).values():
            names, facts = self._font(reference)
            for name in names:
                found.setdefault(name, []).append(facts)
        if depth == 0:
            return
        for reference in dict_value(resources.get("XObject")).values():
            if isinstance(reference, PDFObjRef):
                if reference.objid in seen:
                    continue
                seen.add(reference.objid)
            form = resolve1(reference)
            if isinstance(form, PDFStream) and _name(form.get("Subtype")) == b"Form":
                self._refuse_damaged(form)
                if "Resources" in form:
                    self._collect(form["Resources"], found, seen, depth - 1)

    def _refuse_damaged(self, stream: Any) -> None:
        """Refuse a damaged stream, of which the libraries read different parts."""
        if not isinstance(stream, PDFStream) or stream.objid in self._whole:
            return
        is_whole, has_exponents = _looked_through(stream)
        if has_exponents:
            raise UnsureError("a number is written with an exponent")
        if not is_whole:
            raise UnsureError("a stream is damaged, or coded in an unusual way")
        if stream.objid is not None:
            self._whole.add(stream.objid)

    def _font(self, reference: Any) -> tuple[list[bytes], FontFacts]:
        key = reference.objid if isinstance(reference, PDFObjRef) else None
        if key is None:
            return _font(dict_value(reference))
        if key not in self._facts:
            self._facts[key] = _font(dict_value(reference))
        return self._facts[key]


def _looked_through(stream: PDFStream) -> tuple[bool, bool]:
    """Whether the stream is whole, and whether it writes numbers with an exponent."""
    data = stream.rawdata
    if data is None:
        return False, False
    if stream.decipher and stream.objid is not None and stream.genno is not None:
        data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
    filters = [_name(one) for one, _ in stream.get_filters()]
    if filters[:1] in ([b"ASCII85Decode"], [b"A85"]):
        data, filters = ascii85decode(data), filters[1:]
    if not filters:
        return True, _has_exponents(data)
    if filters not in ([b"FlateDecode"], [b"Fl"]):
        return False, False
    inflater, length, end, has_exponents = zlib.decompressobj(), 0, b"", False
    try:
        while data and not inflater.eof:
            piece = inflater.decompress(data, _PIECE)
            has_exponents = has_exponents or _has_exponents(end + piece)
            length, end = length + len(piece), piece[-_OVERLAP:]
            data = inflater.unconsumed_tail
            if length > LIMITS.expanded_bytes:
                raise DocumentError(
                    Reason.CONTENT_TOO_LARGE, f"a page unpacks to more than {LIMITS.expanded_bytes} bytes"
                )
    except zlib.error:
        return False, has_exponents
    return inflater.eof, has_exponents


def _has_exponents(content: bytes) -> bool:
    return any(sign in content for sign in _EXPONENT_SIGNS) and _EXPONENT.search(content) is not None


def mend_numbers(page: PDFPage) -> None:
    """Write the numbers with an exponent that the page's content and forms have as PDF knows them, where they are read
    from: pdfminer takes 6.1e-17 for 6.1.

    Raises DocumentError CONTENT_TOO_LARGE where a stream unpacks to more than LIMITS.expanded_bytes.
    """
    for stream in _streams(page):
        if _looked_through(stream)[1]:
            stream.data = _EXPONENT.sub(lambda found: b"%.9f" % float(found[0]), stream.get_data())


def _streams(page: PDFPage) -> Iterator[PDFStream]:
    """The page's content, and its forms' as far as they can be found."""
    for content in page.contents:
        stream = resolve1(content)
        if isinstance(stream, PDFStream):
            yield stream
    seen: list[PDFStream] = []
    open_resources = [page.resources]
    while open_resources:
        resources = resolve1(open_resources.pop())
        objects = resolve1(resources.get("XObject")) if isinstance(resources, dict) else None
        for reference in objects.values() if isinstance(objects, dict) else ():
            form = resolve1(reference)
            if isinstance(form, PDFStream) and _name(form.get("Subtype")) == b"Form" and form not in seen:
                seen.append(form)
                open_resources.append(form.get("Resources"))
                yield form


def _font(spec: dict[str, Any]) -> tuple[list[bytes], FontFacts]:
    """The names under which the font may be known, and its facts."""
    subtype = _name(spec.get("Subtype"))
    names = [_name(spec.get("BaseFont"))]
    inner = spec
    if subtype == b"Type0":
        inner = dict_value(resolve1(list_value(spec.get("DescendantFonts"))[0]))
        names.append(_name(inner.get("BaseFont")))
    is_standard = False
    if subtype != b"Type0":
        is_standard = names[0].decode("latin-1") in FONT_METRICS
        names.append(names[0].partition(b"+")[2] or names[0])  # pdfium drops the mark of a subset
    doubt = _doubt(spec, inner, subtype)
    if is_standard and "Widths" in spec:
        doubt = "a standard font has widths of its own"
    return names, FontFacts(doubt, is_standard, (_letters(spec),))


def _letters(spec: dict[str, Any]) -> tuple[int, ...]:
    """Codes of characters that a font has, without its blanks, the first few of them."""
    names = resolve1(spec.get("ToUnicode"))
    if isinstance(names, PDFStream):
        found = _NAMED.findall(names.get_data()[:_PIECE])
        codes = [int(code, 16) for code, name in found if int(name, 16) not in _BLANKS]
        return tuple(codes[:_LETTERS])
    if _name(spec.get("Subtype")) == b"Type0":
        return (_UNKNOWN,)
    first, widths = resolve1(spec.get("FirstChar")), resolve1(spec.get("Widths"))
    if not isinstance(first, int) or not isinstance(widths, list):
        return (ord("A"),)
    codes = [code for code, width in enumerate(widths, start=first) if resolve1(width) and code > ord(" ")]
    return tuple(codes[:_LETTERS])


def _doubt(spec: dict[str, Any], inner: dict[str, Any], subtype: bytes) -> str | None:
    encoding = resolve1(spec.get("Encoding"))
    says_unicode = isinstance(resolve1(spec.get("ToUnicode")), PDFStream)
    if subtype == b"Type0":
        if not isinstance(encoding, PSLiteral):
            return "a font has an encoding of its own"
        if _name(encoding).endswith(b"V"):
            return "a font is written from top to bottom"
        ordering = resolve1(dict_value(inner.get("CIDSystemInfo")).get("Ordering"))
        is_named = not _name(encoding).startswith(b"Identity") and ordering not in (b"Identity", None)
        return None if says_unicode or is_named else "a font does not say its characters"
    if subtype == b"Type3":
        return None if says_unicode else "a font draws its own characters"
    if subtype not in (b"Type1", b"TrueType", b"MMType1"):
        return "a font is of an unknown kind"
    if says_unicode or (isinstance(encoding, PSLiteral) and encoding.name in _PLAIN_ENCODINGS):
        return None
    return "a font does not say its characters"


def _name(value: Any) -> bytes:
    value = resolve1(value)
    name = value.name if isinstance(value, PSLiteral) else value
    return name.encode() if isinstance(name, str) else name if isinstance(name, bytes) else b""
