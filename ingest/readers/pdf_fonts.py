"""What the fonts of a PDF say of themselves, from their dictionaries alone: no font program is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdftypes import PDFObjRef, PDFStream, dict_value, list_value, num_value, resolve1
from pdfminer.psparser import PSLiteral

_PLAIN_ENCODINGS = ("WinAnsiEncoding", "MacRomanEncoding", "StandardEncoding")
_DEEPEST_FORM = 12


@dataclass(frozen=True, slots=True)
class FontFacts:
    """``descent`` of the em below the base line (negative), why its characters may be read differently by another
    library (None where they cannot), and whether it is a standard font, whose widths every library has for itself.
    """

    descent: float
    doubt: str | None
    is_standard: bool


class DocumentFonts:
    """The fonts of a document's pages by name; each font and form is looked at once."""

    def __init__(self) -> None:
        self._facts: dict[int, tuple[list[bytes], FontFacts]] = {}

    def of_page(self, resources: Any) -> dict[bytes, set[FontFacts]]:
        """The fonts that a page's resources and their forms name; several where fonts share a name."""
        found: dict[bytes, set[FontFacts]] = {}
        self._collect(resources, found, set(), _DEEPEST_FORM)
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
            if isinstance(form, PDFStream) and _name(form.get("Subtype")) == b"Form" and "Resources" in form:
                self._collect(form["Resources"], found, seen, depth - 1)

    def _font(self, reference: Any) -> tuple[list[bytes], FontFacts]:
        key = reference.objid if isinstance(reference, PDFObjRef) else None
        if key is None:
            return _font(dict_value(reference))
        if key not in self._facts:
            self._facts[key] = _font(dict_value(reference))
        return self._facts[key]


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
    doubt = _doubt(spec, inner, subtype)
    if is_standard and "Widths" in spec:
        doubt = "a standard font has widths of its own"
    return names, FontFacts(descent, doubt, is_standard)


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
    if subtype not in (b"Type1", b"TrueType", b"MMType1"):
        return "a font draws its own characters"
    if says_unicode or (isinstance(encoding, PSLiteral) and encoding.name in _PLAIN_ENCODINGS):
        return None
    return "a font does not say its characters"


def _name(value: Any) -> bytes:
    value = resolve1(value)
    name = value.name if isinstance(value, PSLiteral) else value
    return name.encode() if isinstance(name, str) else name if isinstance(name, bytes) else b""
