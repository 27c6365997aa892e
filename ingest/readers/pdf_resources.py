"""What a PDF says of a page's fonts, by their dictionaries alone, and whether the page's streams are whole."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from pdfminer.ascii85 import ascii85decode
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, num_value, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.psparser import PSLiteral

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.printed import UnsureError

_PLAIN_ENCODINGS = ("WinAnsiEncoding", "MacRomanEncoding", "StandardEncoding")
_DEEPEST_FORM = 12
_PIECE = 1 << 20
"""Bytes of a stream that are unpacked at a time."""


@dataclass(frozen=True, slots=True)
class FontFacts:
    """``descent`` of the em below the base line (negative), why its characters may be read differently by another
    library (None where they cannot), and whether it is a standard font, whose widths every library has for itself.
    """

    descent: float
    doubt: str | None
    is_standard: bool


class Resources:
    """What the pages of one document use; each font and stream is looked at once."""

    def __init__(self) -> None:
        self._facts: dict[int, tuple[list[bytes], FontFacts]] = {}
        self._whole: set[int] = set()

    def fonts(self, page: PDFPage) -> dict[bytes, set[FontFacts]]:
        """The fonts that the page and its forms name; several where fonts share a name.

        Raises UnsureError where a stream of the page or a form is damaged, or where dictionaries are not what they
        should be, DocumentError CONTENT_TOO_LARGE where a stream unpacks to more than LIMITS.expanded_bytes.
        """
        found: dict[bytes, set[FontFacts]] = {}
        try:
            for content in page.contents:
                self._refuse_damaged(resolve1(content))
            self._collect(page.resources, found, set(), _DEEPEST_FORM)
        except (PSException, LookupError, TypeError, ValueError, AttributeError) as error:
            raise UnsureError("the page's resources are not described as they should be") from error
        return found

    def _collect(
        self, resources: Any, found: dict[bytes, set[FontFacts]], seen: set[int], depth: int
    ) -> None:
        resources = dict_value(resources)
        for reference in dict_value(resources.get("Font")).values():
            names, facts = self._font(reference)
            for name in names:
                found.setdefault(name, set()).add(facts)
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
        """Of a damaged stream the libraries read different parts."""
        if not isinstance(stream, PDFStream) or stream.objid in self._whole:
            return
        if not _is_whole(stream):
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


def _is_whole(stream: PDFStream) -> bool:
    data = stream.rawdata
    if data is None:
        return False
    if stream.decipher and stream.objid is not None and stream.genno is not None:
        data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
    filters = [_name(one) for one, _ in stream.get_filters()]
    if filters[:1] in ([b"ASCII85Decode"], [b"A85"]):
        data, filters = ascii85decode(data), filters[1:]
    if not filters:
        return True
    if filters not in ([b"FlateDecode"], [b"Fl"]):
        return False
    inflater, length = zlib.decompressobj(), 0
    try:
        while data and not inflater.eof:
            length += len(inflater.decompress(data, _PIECE))
            data = inflater.unconsumed_tail
            if length > LIMITS.expanded_bytes:
                raise DocumentError(
                    Reason.CONTENT_TOO_LARGE, f"a page unpacks to more than {LIMITS.expanded_bytes} bytes"
                )
    except zlib.error:
        return False
    return inflater.eof


def _font(spec: dict[str, Any]) -> tuple[list[bytes], FontFacts]:
    """The names under which the font may be known, and its facts."""
    subtype = _name(spec.get("Subtype"))
    names = [_name(spec.get("BaseFont"))]
    inner = spec
    if subtype == b"Type0":
        inner = dict_value(resolve1(list_value(spec.get("DescendantFonts"))[0]))
        names.append(_name(inner.get("BaseFont")))
    descriptor = dict_value(inner.get("FontDescriptor"))
    is_standard = False
    if subtype != b"Type0":
        standard = FONT_METRICS.get(names[0].decode("latin-1"))
        is_standard = standard is not None
        descriptor = standard[0] if standard else descriptor
        names.append(names[0].partition(b"+")[2] or names[0])  # pdfium drops the mark of a subset
    descent = -abs(float(num_value(descriptor.get("Descent", 0)))) / 1000
    if subtype == b"Type3":
        descent = _drawn_descent(spec, descriptor)
    doubt = _doubt(spec, inner, subtype)
    if is_standard and "Widths" in spec:
        doubt = "a standard font has widths of its own"
    return names, FontFacts(descent, doubt, is_standard)


def _drawn_descent(spec: dict[str, Any], descriptor: dict[str, Any]) -> float:
    """The descent of a font that draws its own characters: the foot of its box, as pdfplumber finds it."""
    described = descriptor if "FontDescriptor" in spec else spec
    box = [float(num_value(side)) for side in list_value(described.get("FontBBox", [0] * 4))]
    _, b, _, d, _, _ = (float(num_value(part)) for part in list_value(spec.get("FontMatrix")))
    return box[1] * (b + d)


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
