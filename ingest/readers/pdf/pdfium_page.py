"""A page of a PDF as pdfium sees it: its characters and rules.

pdfium is called through functions that take plain addresses and write into arrays: one call per character and
property, and no other work per character. Where the page cannot be read safely, UnsureError says why.
"""

from __future__ import annotations

import codecs
import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing
from ctypes import c_float, c_int, c_uint, c_ulong, c_void_p
from dataclasses import dataclass
from functools import cache
from itertools import compress, repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.config import LIMITS
from ingest.outcomes import DocumentError, Reason
from ingest.readers.page.printed import (
    UNKNOWN,
    Geometry,
    Numbers,
    PrintedPage,
    UnsureError,
    as_meant,
    as_rows,
)
from ingest.readers.page.visible import DESCENT, PALE, WHITE, orientations, seen, unseen
from ingest.readers.pdf.streams import fault_of

Matrix = tuple[float, float, float, float, float, float]
_LOCKED = {
    raw.FPDF_ERR_PASSWORD: "asks for a password, or its kind of encryption is not read",
    raw.FPDF_ERR_SECURITY: "its kind of encryption (a certificate's, say) is not read",
}
_SIDE_PLACES = 4
"""Decimals of a page's sides in points: pdfium has them as numbers of seven digits."""
_SAME_PLACE = 0.01
_UNCHANGED = raw.FS_MATRIX(1, 0, 0, 1, 0, 0)
_TWICE = 0.35
"""Points between characters that pdfium takes for one."""
_CHUNK = 1_000_000
"""How many pairs of characters are compared at a time."""
_SPECK = 0.05
"""Ems; what is smaller is not a letter, not even a stop: some fonts draw their blank as a speck."""
_TEXT, _PATH = raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_PATH
_DEEPEST_FORM = 12
_CROSSED, _LEAST_SHOWN = 0.25, 0.15
"""Parts of a character on each side of a rule that goes through it, and the part of one that is seen."""
_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_LINE, _RECTANGLE, _THERE_AND_BACK = 2, 5, 3
"""Points of a line, of a rectangle that returns to its first corner, and of a line that does."""
_FEW = 3
"""Up to so many segments of a path are requested one by one."""
_MOST_BENDS = 24
"""Points of curves that a double frame with eight round corners has; a curve has three."""
_LARGEST_LETTER, _OUTLINE = 60.0, 0.1
"""Points up to which a shape may be the outline of a letter, and the ems that it may reach beyond the letter's box."""
_CODES = 0x110000
_LAST_ASCII, _LAST_CONTROL = 0x7E, 0x9F
"""Before the one and behind the other stand the characters that print something; some fonts name their blank by one between."""
_SURROGATES = 0xD800, 0xDFFF
_NO_CHARACTER, _HYPHEN, _BLANK = 0xFFFE, 2, 0x20
"""What pdfium gives for what is not a character, and for a hyphen at the end of a line."""


def _function(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of the library that takes addresses as plain numbers."""
    address = ctypes.cast(function, c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address)  # type: ignore[arg-type]


_P = c_void_p
_text = _function(raw.FPDFText_GetText, c_int, _P, c_int, c_int, _P)
_unicode = _function(raw.FPDFText_GetUnicode, c_uint, _P, c_int)
_origin = _function(raw.FPDFText_GetCharOrigin, c_int, _P, c_int, _P, _P)
_loose_box = _function(raw.FPDFText_GetLooseCharBox, c_int, _P, c_int, _P)
_char_box = _function(raw.FPDFText_GetCharBox, c_int, _P, c_int, _P, _P, _P, _P)
_text_object = _function(raw.FPDFText_GetTextObject, _P, _P, c_int)
_is_generated = _function(raw.FPDFText_IsGenerated, c_int, _P, c_int)
_lacks_unicode = _function(raw.FPDFText_HasUnicodeMapError, c_int, _P, c_int)
_page_object = _function(raw.FPDFPage_GetObject, _P, _P, c_int)
_form_object = _function(raw.FPDFFormObj_GetObject, _P, _P, c_ulong)
_type = _function(raw.FPDFPageObj_GetType, c_int, _P)
_matrix = _function(raw.FPDFPageObj_GetMatrix, c_int, _P, _P)
_bounds = _function(raw.FPDFPageObj_GetBounds, c_int, _P, _P, _P, _P, _P)
_fill_colour = _function(raw.FPDFPageObj_GetFillColor, c_int, _P, _P, _P, _P, _P)
_stroke_colour = _function(raw.FPDFPageObj_GetStrokeColor, c_int, _P, _P, _P, _P, _P)
_draw_mode = _function(raw.FPDFPath_GetDrawMode, c_int, _P, _P, _P)
_font = _function(raw.FPDFTextObj_GetFont, _P, _P)
_render_mode = _function(raw.FPDFTextObj_SetTextRenderMode, c_int, _P, c_int)
_stroke_width = _function(raw.FPDFPageObj_SetStrokeWidth, c_int, _P, c_float)
_transform = _function(raw.FPDFPageObj_TransformF, c_int, _P, _P)
_mode = _function(raw.FPDFTextObj_GetTextRenderMode, c_int, _P)
_font_size = _function(raw.FPDFTextObj_GetFontSize, c_int, _P, _P)
_glyph_width = _function(raw.FPDFFont_GetGlyphWidth, c_int, _P, c_uint, c_float, _P)
_count_marks = _function(raw.FPDFPageObj_CountMarks, c_int, _P)
_mark = _function(raw.FPDFPageObj_GetMark, _P, _P, c_ulong)
_remove_mark = _function(raw.FPDFPageObj_RemoveMark, c_int, _P, _P)
_parameter_bytes = _function(
    raw.FPDFPageObjMark_GetParamBlobValue, c_int, _P, ctypes.c_char_p, _P, c_ulong, _P
)
_parameter_type = _function(raw.FPDFPageObjMark_GetParamValueType, c_int, _P, ctypes.c_char_p)
_count_segments = _function(raw.FPDFPath_CountSegments, c_int, _P)
_segment = _function(raw.FPDFPath_GetPathSegment, _P, _P, c_int)
_segment_type = _function(raw.FPDFPathSegment_GetType, c_int, _P)
_clip_path = _function(raw.FPDFPageObj_GetClipPath, _P, _P)
_count_clips = _function(raw.FPDFClipPath_CountPaths, c_int, _P)
_count_clip_segments = _function(raw.FPDFClipPath_CountPathSegments, c_int, _P, c_int)
_clip_segment = _function(raw.FPDFClipPath_GetPathSegment, _P, _P, c_int, c_int)
_segment_point = _function(raw.FPDFPathSegment_GetPoint, c_int, _P, _P, _P)
_segment_closes = _function(raw.FPDFPathSegment_GetClose, c_int, _P)


def _call(function: Callable[..., Any], *arguments: Any) -> None:
    """Call for each set of arguments, for what it writes."""
    deque(map(function, *arguments), maxlen=0)


def _fill(
    function: Callable[..., Any],
    handles: Sequence[int],
    width: int,
    dtype: type[np.generic],
    pieces: int = 1,
) -> npt.NDArray[Any]:
    """What a function writes for each handle, to ``width`` addresses, as an array of (n, width)."""
    rows = np.zeros((len(handles), width), dtype)
    _call(function, handles, *_addresses(rows, width // pieces * rows.itemsize))
    return rows


def _addresses(rows: npt.NDArray[Any], step: int) -> list[range]:
    """The addresses of ``step`` bytes' pieces of each row, one range for each piece."""
    start, stride = rows.ctypes.data, rows.shape[1] * rows.itemsize
    end = start + stride * len(rows)
    return [range(start + offset, end + offset, stride) for offset in range(0, stride, step)]


@dataclass(slots=True)
class _Objects:
    """The page's objects in the order of the content, forms opened: each with the matrix that places it."""

    texts: dict[int, int]
    """Text objects with their place in the order."""
    paths: list[int]
    images: list[int]
    shadings: list[int]
    placed: dict[int, Matrix]
    """The matrix of objects in a form; other objects need none."""


class FastPages:
    """The pages of a PDF for pdfium; ``fault`` says why it cannot open the file, or would misread it.

    Raises DocumentError: PDF_ENCRYPTED, or CONTENT_TOO_LARGE where a page's content unpacks to more than
    LIMITS.expanded_bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._pdf: pdfium.PdfDocument | None = None
        self._texts: dict[int, str] = {}
        self._last: raw.FPDF_PAGE | None = None
        self.fault = fault_of(data)
        try:
            self._pdf = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if error.err_code in _LOCKED:
                raise DocumentError(
                    Reason.PDF_ENCRYPTED, f"the PDF is encrypted and {_LOCKED[error.err_code]}"
                ) from error
            self.fault = f"pdfium cannot open the PDF: {error}"

    def __enter__(self) -> FastPages:
        return self

    def __exit__(self, *error: object) -> None:
        self._keep(None)
        if self._pdf:
            self._pdf.close()

    def __len__(self) -> int:
        return len(self._pdf) if self._pdf else 0

    def handle(self, page_no: int) -> pdfium.PdfPage | None:
        """The page itself, for OCR; None where pdfium cannot read it."""
        try:
            return self._pdf[page_no - 1] if self._pdf and page_no <= len(self._pdf) else None
        except pdfium.PdfiumError:
            return None

    def size(self, page_no: int) -> tuple[float, float]:
        """The width and height of a page in points as seen, also of one that cannot be read."""
        width, height = self._pdf.get_page_size(page_no - 1) if self._pdf else (0.0, 0.0)
        return round(width, _SIDE_PLACES), round(height, _SIDE_PLACES)

    def read(self, page_no: int) -> PrintedPage:
        """The page's characters and rules.

        Raises UnsureError where they cannot be read safely, DocumentError CONTENT_TOO_LARGE where the page has more path
        segments than LIMITS.cells.
        """
        page = raw.FPDF_LoadPage(self._pdf.raw, page_no - 1) if self._pdf else None
        if not page:
            raise UnsureError("pdfium cannot read the page")
        self._keep(page)
        printed, text = _read_page(page, _geometry_of(page))
        if text is not None:
            self._texts[page_no] = text
        return printed

    def _keep(self, page: raw.FPDF_PAGE | None) -> None:
        """Keep a page open in place of the last one: pdfium knows the fonts of open pages."""
        if self._last:
            raw.FPDF_ClosePage(self._last)
        self._last = page

    def text(self, page_no: int) -> str | None:
        """The page's characters in pdfium's order; None where only pdfplumber can read the page."""
        if page_no in self._texts:
            return self._texts.pop(page_no)
        try:
            page = self.handle(page_no)
            if page is None:
                return None
            with closing(page), closing(page.get_textpage()) as text_page:
                return str(text_page.get_text_range())
        except pdfium.PdfiumError:
            return None


def _geometry_of(page: raw.FPDF_PAGE) -> Geometry:
    """The page's size and the matrix of its content, by its MediaBox and rotation."""
    sides = [c_float() for _ in range(4)]
    box = raw.FS_RECTF()
    if not raw.FPDFPage_GetMediaBox(page, *sides):  # all pages have it from what they are listed in
        raw.FPDF_GetPageBoundingBox(page, box)
        sides = [c_float(side) for side in (box.left, box.bottom, box.right, box.top)]
    left, bottom, right, top = (round(side.value, _SIDE_PLACES) for side in sides)
    (x0, x1), (y0, y1) = sorted((left, right)), sorted((bottom, top))
    width, height = x1 - x0, y1 - y0
    return (
        Geometry(width, height, (1.0, 0.0, 0.0, -1.0, 0.0, height)),
        Geometry(height, width, (0.0, 1.0, 1.0, 0.0, 0.0, -2 * x0)),
        Geometry(width, height, (-1.0, 0.0, 0.0, 1.0, x0 + x1, -2 * y0)),
        Geometry(height, width, (0.0, -1.0, -1.0, 0.0, y0 + y1, width)),
    )[raw.FPDFPage_GetRotation(page)]


def _read_page(page: raw.FPDF_PAGE, geometry: Geometry) -> tuple[PrintedPage, str | None]:
    """What is printed on the page, and its text in pdfium's order, where reading it has not changed the page."""
    objects = _objects(_address(page))
    drawn = list(objects.texts)
    given = _given(drawn)
    look = _Look.of(drawn, objects)
    bounds = _with_width(look)
    text_page = raw.FPDFText_LoadPage(page)
    if not text_page:
        raise UnsureError("pdfium cannot read the text")
    try:
        count = raw.FPDFText_CountChars(text_page)
        chars = _chars(_address(text_page), count, objects, geometry, look, bounds, given)
        text = None if given else _printed_text(_address(text_page), count)
        verticals, horizontals, has_drawings = _rules(objects, geometry, chars[1])
        if _are_crossed(chars[1], horizontals):
            look.clips = _clips(drawn, objects, geometry)
            chars = _chars(_address(text_page), count, objects, geometry, look, bounds, given)
    finally:
        raw.FPDFText_ClosePage(text_page)
    has_drawings = has_drawings or bool(objects.shadings)
    pictures = _picture_area(objects)
    return PrintedPage(
        geometry.width, geometry.height, *chars, verticals, horizontals, pictures, has_drawings
    ), text


def _address(handle: Any) -> int:
    return ctypes.cast(handle, c_void_p).value or 0


def _objects(page: int) -> _Objects:
    objects = _Objects({}, [], [], [], {})
    count = raw.FPDFPage_CountObjects(ctypes.cast(page, raw.FPDF_PAGE))
    _sort_in(objects, list(map(_page_object, repeat(page), range(count))), None, 0)
    return objects


def _sort_in(objects: _Objects, handles: list[int], placed: Matrix | None, depth: int) -> None:
    if depth > _DEEPEST_FORM:
        raise UnsureError("forms stand in forms too deep")
    texts, paths = objects.texts, objects.paths
    for handle, kind in zip(handles, map(_type, handles), strict=True):
        if kind == _TEXT:
            texts[handle] = len(texts)
        elif kind == _PATH:
            paths.append(handle)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            objects.images.append(handle)
        elif kind == raw.FPDF_PAGEOBJ_SHADING:
            objects.shadings.append(handle)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            own: Matrix = tuple(_fill(_matrix, [handle], 6, np.float32)[0].tolist())
            count = raw.FPDFFormObj_CountObjects(ctypes.cast(handle, raw.FPDF_PAGEOBJECT))
            inner = list(map(_form_object, repeat(handle), range(count)))
            _sort_in(objects, inner, _product(own, placed) if placed else own, depth + 1)
            continue
        if placed:
            objects.placed[handle] = placed


def _product(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies first one and then the other."""
    a, b, c, d, e, f = first
    A, B, C, D, E, F = then
    return (a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F)


def _placed(rows: Numbers, handles: Sequence[int], objects: _Objects) -> Numbers:
    """Matrices of objects, those that stand in forms placed on the page."""
    if objects.placed:
        for number, handle in enumerate(handles):
            if handle in objects.placed:
                rows[number] = _product(tuple(rows[number].tolist()), objects.placed[handle])
    return rows


def _picture_area(objects: _Objects) -> float:
    """An image is the unit square, placed by its matrix."""
    if not objects.images:
        return 0.0
    rows = _fill(_matrix, objects.images, 6, np.float32).astype(np.float64)
    a, b, c, d, _, _ = _placed(rows, objects.images, objects).T
    return float(np.abs(a * d - b * c).sum())


# ------------------------------------------------------------------------------------------------ characters


def _chars(
    text_page: int,
    count: int,
    objects: _Objects,
    geometry: Geometry,
    look: _Look,
    bounds: Numbers,
    given: list[_Given],
) -> tuple[list[str], Numbers, npt.NDArray[np.bool_], Numbers]:
    """The texts, boxes, directions and base lines of the page's characters, in the order of the content."""
    pages = repeat(text_page)
    owners = map(_text_object, pages, range(count))
    of_char = np.fromiter(map(objects.texts.get, owners, repeat(-1)), np.int64, count)
    codes = _codes(text_page, count)
    blanks = np.flatnonzero((codes == _BLANK) & (of_char >= 0)).tolist()
    of_char[list(compress(blanks, map(_is_generated, pages, blanks)))] = -1
    kept = np.flatnonzero(of_char >= 0)
    of_char, codes, numbers = of_char[kept], codes[kept], kept.tolist()
    codes[codes == 0] = codes[list(map(bool, map(_lacks_unicode, pages, numbers)))] = ord(UNKNOWN)
    codes[codes == _HYPHEN] = ord("-")
    codes[(codes < _BLANK) | (codes > _LAST_ASCII) & (codes <= _LAST_CONTROL)] = _BLANK
    origins = np.zeros((len(numbers), 2))
    _call(_origin, pages, numbers, *_addresses(origins, 8))
    advances = _advances(text_page, numbers, codes, origins, look, of_char)
    texts = list(map(chr, codes.tolist()))
    texts, origins, advances, of_char = _with_blanks(texts, origins, advances, of_char, look, bounds)
    order = np.argsort(of_char, kind="stable")
    texts = list(map(texts.__getitem__, order.tolist()))
    texts, first = _joined(texts, origins[order], of_char[order])
    if ((codes >= _SURROGATES[0]) & (codes <= _SURROGATES[1])).any():
        texts = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in texts]
    order = order[first]
    texts = _as_given(texts, of_char[order], given)
    return _placed_on_page(texts, origins[order], advances[order], look, of_char[order], geometry)


def _printed_text(text_page: int, count: int) -> str:
    """The page's text in pdfium's order."""
    text = np.zeros(2 * count + 2, np.uint16)
    written = _text(text_page, 0, count, text.ctypes.data)
    return text[: max(0, written - 1)].tobytes().decode("utf-16-le", "ignore")


def _codes(text_page: int, count: int) -> npt.NDArray[np.int64]:
    """The code of each character of the page. pdfium's text omits characters without a code, halves the code of rare ones,
    and ends a divided word with a code that is not a character: then the code of each character is requested.
    """
    text = np.zeros(count + 1, np.uint16)
    written = _text(text_page, 0, count, text.ctypes.data)
    is_odd = (text >= _SURROGATES[0]) & (text <= _SURROGATES[1]) | (text >= _NO_CHARACTER)
    if written == len(text) and not is_odd.any():
        return text[:-1].astype(np.int64)
    return np.fromiter(map(_unicode, repeat(text_page), range(count)), np.int64, count)


@dataclass(frozen=True, slots=True)
class _Given:
    """The text that a mark gives for what its text objects draw; those by their numbers in the order of the content."""

    first: int
    last: int
    text: str


def _given(drawn: list[int]) -> list[_Given]:
    """The texts that marks give. The marks are taken off, so that pdfium reads what is drawn, as pdfplumber does."""
    found: list[_Given] = []
    before = None
    gives = cache(_gives_text)
    marked = []
    counts = list(map(_count_marks, drawn))
    for number in np.flatnonzero(counts).tolist():
        handle = drawn[number]
        marks = [mark for mark in map(_mark, repeat(handle), range(counts[number])) if gives(mark)]
        if len(marks) > 1:
            raise UnsureError("the page gives another text for what it draws")
        if marks:
            if marks[0] == before and found[-1].last == number - 1:
                found[-1] = _Given(found[-1].first, number, found[-1].text)
            else:
                found.append(_Given(number, number, _text_given(marks[0])))
            marked.append(handle)
            before = marks[0]
    for handle in marked:
        for number in reversed(range(_count_marks(handle))):
            mark = _mark(handle, number)
            if gives(mark):
                _remove_mark(handle, mark)
    return found


def _gives_text(mark: int) -> bool:
    return bool(_parameter_type(mark, b"ActualText") == raw.FPDF_OBJECT_STRING)


def _text_given(mark: int) -> str:
    length = np.zeros(1, np.uint64)
    _parameter_bytes(mark, b"ActualText", None, 0, length.ctypes.data)
    data = ctypes.create_string_buffer(int(length[0]) + 1)
    _parameter_bytes(mark, b"ActualText", ctypes.addressof(data), int(length[0]), length.ctypes.data)
    text = data.raw[: int(length[0])]
    is_wide = text.startswith(codecs.BOM_UTF16_BE)
    return (
        text[len(codecs.BOM_UTF16_BE) :].decode("utf-16-be", "replace") if is_wide else text.decode("latin-1")
    )


def _as_given(texts: list[str], of_char: npt.NDArray[np.int64], given: list[_Given]) -> list[str]:
    """The texts that are drawn; those that are given in their place where the same glyph is given several texts.

    A font without the page's letters has the glyph of its first for every letter; then makers of PDF give the texts. Other
    texts are given for those who cannot see the page. Raises UnsureError where such a font's texts have no places.
    """
    if not given:
        return texts
    starts = np.searchsorted(of_char, [one.first for one in given], "left").tolist()
    ends = np.searchsorted(of_char, [one.last for one in given], "right").tolist()
    meant: dict[str, set[str]] = {}
    replaced: dict[int, str] = {}
    has_places = True
    for one, start, end in zip(given, starts, ends, strict=True):
        drawn = as_meant("".join(texts[start:end])).strip()
        text = as_meant(one.text).strip()
        meant.setdefault(drawn, set()).add(text)
        if drawn == text:
            continue
        if end - start == len(one.text):
            replaced |= dict(enumerate(one.text, start))
        else:
            has_places = False
    if not any(drawn and len(several) > 1 for drawn, several in meant.items()):
        return texts
    if not has_places:
        raise UnsureError("glyphs name other characters than the text that is given for them")
    return [replaced.get(place, text) for place, text in enumerate(texts)]


@dataclass(slots=True)
class _Look:
    """The matrix, font size and font (as a number) of each of the text objects ``drawn``."""

    drawn: list[int]
    matrices: Numbers
    sizes: Numbers
    fonts: npt.NDArray[np.int64]
    handles: list[int]
    hidden: npt.NDArray[np.bool_]
    """Which objects are not painted: text below a picture of it, and text that only cuts off."""
    clips: Numbers | None = None
    """The upper and lower end of what is seen of each object, where it was asked for."""

    @staticmethod
    def of(drawn: list[int], objects: _Objects) -> _Look:
        matrices = _placed(_fill(_matrix, drawn, 6, np.float32).astype(np.float64), drawn, objects)
        sizes = _fill(_font_size, drawn, 1, np.float32)[:, 0].astype(np.float64)
        used = list(map(_font, drawn))
        handles = list(dict.fromkeys(used))
        number_of = {handle: number for number, handle in enumerate(handles)}
        numbers = np.array([number_of[handle] for handle in used], np.int64)
        hidden = np.isin(np.array(list(map(_mode, drawn)), np.int64), _UNPAINTED)
        return _Look(drawn, matrices, sizes, numbers, handles, hidden)

    def are_pale(self, objects: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether objects, given by their numbers, are painted in a pale colour."""
        different, of_object = np.unique(objects, return_inverse=True)
        colours = _colours(_fill_colour, [self.drawn[number] for number in different.tolist()])
        pale = (colours[:, :3] >= PALE * 255).all(axis=1) | (colours[:, 3] <= PALE * 255)
        are_pale: npt.NDArray[np.bool_] = pale[of_object]
        return are_pale


def _with_width(look: _Look) -> Numbers:
    """The bounds of the text objects (left, bottom, right, top), as they are drawn.

    pdfium leaves out text that is drawn without width: blanks, and letters that a font of the machine lacks that stands in
    for one that is not embedded. They are given an outline, which has width.
    """
    bounds = _fill_bounds(look.drawn)
    ems = np.hypot(*look.matrices[:, 2:4].T) * np.abs(look.sizes)
    for number in np.flatnonzero((bounds[:, 2] - bounds[:, 0] < _SAME_PLACE) & (ems > _SAME_PLACE)).tolist():
        _render_mode(look.drawn[number], raw.FPDF_TEXTRENDERMODE_FILL_STROKE)
        _stroke_width(look.drawn[number], 1.0)
        _transform(look.drawn[number], ctypes.addressof(_UNCHANGED))  # pdfium measures the text anew
    return bounds


def _advances(
    text_page: int,
    numbers: list[int],
    codes: npt.NDArray[np.int64],
    origins: Numbers,
    look: _Look,
    of_char: npt.NDArray[np.int64],
) -> Numbers:
    """How far each character, of these ``numbers`` in the page's text, moves the pen, in points.

    It is the width of the font, unless the box of a character says otherwise, which ends where the pen stops, or further out
    where the glyph does. One character of a font is like the others with its code.
    """
    if not numbers:
        return np.zeros(0)
    a, b, c, d = look.matrices[of_char, :4].T
    size = look.sizes[of_char]
    flat = (np.abs(b) < 1e-6 * np.abs(a)) & (np.abs(c) < 1e-6 * np.abs(d))
    steep = (np.abs(a) < 1e-6 * np.abs(b)) & (np.abs(d) < 1e-6 * np.abs(c))
    slanted = ~(flat | steep)
    along = np.where(flat, a, b) * size
    scale = np.where(slanted, np.hypot(a, b) * np.abs(size), np.abs(along))
    kinds, first, of_kind = np.unique(
        look.fonts[of_char] * _CODES + codes, return_index=True, return_inverse=True
    )
    expected: Numbers = _widths(kinds.tolist(), look)[of_kind] * scale

    def are_outside(some: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.bool_], Numbers]:
        """Of which characters the box does not end where the pen should stop, and how far they reach."""
        boxes = _fill_boxes(text_page, [numbers[char] for char in some.tolist()])
        x, y = origins[some].T
        is_forward = along[some] > 0
        reach = np.where(
            flat[some],
            np.where(is_forward, boxes[:, 2] - x, x - boxes[:, 0]),
            np.where(is_forward, boxes[:, 1] - y, y - boxes[:, 3]),
        )
        off = np.abs(reach - expected[some]) > 0.002 * scale[some] + _SAME_PLACE
        return ~slanted[some] & off, reach

    is_odd, _ = are_outside(first)
    some = np.flatnonzero((is_odd | slanted[first])[of_kind])
    outside, reaches = are_outside(some)
    for number, reach in zip(some[outside].tolist(), reaches[outside].tolist(), strict=True):
        left, right, bottom, top = _ink(text_page, numbers[number])
        x, y = origins[number].tolist()
        if flat[number]:
            end = right - x if along[number] > 0 else x - left
        else:
            end = top - y if along[number] > 0 else y - bottom
        is_pen = reach > end + _SAME_PLACE
        if is_pen or not 0 <= expected[number] < reach:
            expected[number] = max(0.0, reach)
    return expected


def _fill_boxes(text_page: int, numbers: list[int]) -> Numbers:
    """The box of each character: left, top, right and bottom, y upwards."""
    boxes = np.zeros((len(numbers), 4), np.float32)
    _call(_loose_box, repeat(text_page), numbers, *_addresses(boxes, 16))
    return boxes.astype(np.float64)


def _ink(text_page: int, number: int) -> list[float]:
    """Left, right, bottom and top of the drawn shape of a character."""
    ink = np.zeros((1, 4))
    _call(_char_box, [text_page], [number], *_addresses(ink, 8))
    sides: list[float] = ink[0].tolist()
    return sides


def _widths(kinds: list[int], look: _Look) -> Numbers:
    """The width, in ems, of each kind of characters (a font's number and a code); 0 where the font does not say."""
    widths = np.zeros((len(kinds), 1), np.float32)
    fonts, codes = zip(*(divmod(kind, _CODES) for kind in kinds), strict=True)
    handles = [look.handles[font] for font in fonts]
    _call(_glyph_width, handles, codes, repeat(1.0), *_addresses(widths, 4))
    found: Numbers = widths[:, 0].astype(np.float64)
    return found


def _with_blanks(
    texts: list[str],
    origins: Numbers,
    advances: Numbers,
    of_char: npt.NDArray[np.int64],
    look: _Look,
    bounds: Numbers,
) -> tuple[list[str], Numbers, Numbers, npt.NDArray[np.int64]]:
    """The characters with the blanks that pdfium leaves out where they follow a blank: objects of nothing else, and those at
    an object's start.
    """
    places = look.matrices[:, 4:6]
    starts = np.full(len(places), -1, np.int64)
    starts[of_char[::-1]] = np.arange(len(of_char))[::-1]
    lost = np.flatnonzero(starts < 0)
    if len(lost):
        ems = np.hypot(*look.matrices[lost, :2].T) * np.abs(look.sizes[lost])
        sides = bounds[lost, 2:] - bounds[lost, :2]
        is_drawn = (sides.min(axis=1) > _SAME_PLACE) & (
            sides.max(axis=1) > np.maximum(_SPECK * ems, _SAME_PLACE)
        )
        _refuse_lost(lost[is_drawn], bounds, look, starts)
        lost = lost[~is_drawn]
    shifted = np.flatnonzero(starts >= 0)
    shifted = shifted[np.abs(origins[starts[shifted]] - places[shifted]).max(axis=1) > _SAME_PLACE]
    shifted = shifted[~_are_taken(places[shifted], origins)]
    blanks = np.concatenate([lost, shifted])
    if not len(blanks):
        return texts, origins, advances, of_char
    return (
        [" "] * len(blanks) + texts,
        np.concatenate([places[blanks], origins]),
        np.concatenate([np.zeros(len(blanks)), advances]),
        np.concatenate([blanks, of_char]),
    )


def _are_taken(places: Numbers, origins: Numbers) -> npt.NDArray[np.bool_]:
    """At which places characters stand: of text that is drawn twice, pdfium omits the second."""
    taken = np.zeros(len(places), np.bool_)
    step = max(1, _CHUNK // max(1, len(origins)))
    for start in range(0, len(places), step):
        away = np.abs(places[start : start + step, None, :] - origins[None, :, :]).max(axis=2)
        taken[start : start + step] = (away < _TWICE).any(axis=1)
    return taken


def _refuse_lost(
    lost: npt.NDArray[np.int64], bounds: Numbers, look: _Look, starts: npt.NDArray[np.int64]
) -> None:
    """Refuse text that is drawn and that pdfium omits, unless it stands on text of the same size: then it is drawn twice,
    to look bold.
    """
    kept = np.flatnonzero(starts >= 0)
    for number in lost.tolist():
        left, bottom, right, top = bounds[number]
        x0, y0, x1, y1 = bounds[kept].T
        across, up = (
            np.minimum(x1, right) - np.maximum(x0, left),
            np.minimum(y1, top) - np.maximum(y0, bottom),
        )
        is_twin = (2 * across >= right - left) & (2 * up >= top - bottom)
        if not (is_twin & (look.fonts[kept] == look.fonts[number])).any():
            raise UnsureError("pdfium omits text that is drawn")


def _fill_bounds(handles: list[int]) -> Numbers:
    bounds = np.zeros((len(handles), 4), np.float32)
    _call(_bounds, handles, *_addresses(bounds, 4))
    return bounds.astype(np.float64)


def _joined(
    texts: list[str], origins: Numbers, of_char: npt.NDArray[np.int64]
) -> tuple[list[str], npt.NDArray[np.int64]]:
    """One text for the characters that one glyph reads as, and the number of the first of each."""
    if not len(texts):
        return texts, np.zeros(0, np.int64)
    is_next = np.ones(len(texts), np.bool_)
    is_next[1:] = (of_char[1:] != of_char[:-1]) | (np.abs(origins[1:] - origins[:-1]).max(axis=1) > 1e-6)
    first = np.flatnonzero(is_next)
    if len(first) < len(texts):
        ends = [*first[1:].tolist(), len(texts)]
        texts = ["".join(texts[start:end]) for start, end in zip(first.tolist(), ends, strict=True)]
    return texts, first


def _placed_on_page(
    texts: list[str],
    origins: Numbers,
    advances: Numbers,
    look: _Look,
    of_char: npt.NDArray[np.int64],
    geometry: Geometry,
) -> tuple[list[str], Numbers, npt.NDArray[np.bool_], Numbers]:
    """The characters that are print, where they stand on the page."""
    A, B, C, D, E, F = geometry.matrix
    turn = np.array([[A, B], [C, D]])
    if look.hidden.any():
        kept = np.flatnonzero(~look.hidden[of_char])
        texts = [texts[number] for number in kept.tolist()]
        origins, advances, of_char = origins[kept], advances[kept], of_char[kept]
    size = look.sizes[of_char, None]
    along, upward = look.matrices[of_char, :2] * np.sign(size), look.matrices[of_char, 2:4] * size
    places, upward = origins @ turn + (E, F), upward @ turn
    if look.clips is not None:
        places, is_seen = _into_clips(places, upward, look.clips[of_char])
        kept = np.flatnonzero(is_seen)
        texts = [texts[number] for number in kept.tolist()]
        places, upward, along = places[kept], upward[kept], along[kept]
        advances, of_char = advances[kept], of_char[kept]
    return seen(texts, places, along @ turn, advances, upward, lambda chars: look.are_pale(of_char[chars]))


def _into_clips(places: Numbers, upward: Numbers, clips: Numbers) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """The places of characters, those of upright ones that are cut off moved so that their middle is in what is seen of
    them, and which of them are seen at all.

    A page break cuts the rows of a sheet: half a line stands above the rule, and is hidden there.
    """
    em = -upward[:, 1]
    foot = places[:, 1] + DESCENT * em
    top, middle = foot - em, foot - em / 2
    upper, lower = clips.T
    is_upright = em > 0
    shown = np.minimum(foot, lower) - np.maximum(top, upper)
    is_seen = ~is_upright | (shown > _LEAST_SHOWN * em)
    moved = (
        np.clip(middle, upper + _SAME_PLACE, np.maximum(lower - _SAME_PLACE, upper + _SAME_PLACE)) - middle
    )
    places = places.copy()
    places[:, 1] += np.where(is_upright, moved, 0.0)
    return places, is_seen


def _are_crossed(boxes: Numbers, horizontals: Numbers) -> bool:
    """Whether a rule goes through a character of the page, near its middle."""
    if not len(boxes) or not len(horizontals):
        return False
    reach = _CROSSED * (boxes[:, 3] - boxes[:, 1])
    levels = np.sort(horizontals[:, 0])
    first, last = np.searchsorted(levels, boxes[:, 1] + reach), np.searchsorted(levels, boxes[:, 3] - reach)
    some = np.flatnonzero(last > first)
    if not len(some) or len(some) * len(horizontals) > _CHUNK:
        return bool(len(some))
    left, top, right, bottom = boxes[some].T[:, :, None]
    level, start, end = horizontals.T
    middle, reach = (left + right) / 2, reach[some][:, None]
    crossed = (level > top + reach) & (level < bottom - reach) & (start < middle) & (end > middle)
    return bool(crossed.any())


def _clips(drawn: list[int], objects: _Objects, geometry: Geometry) -> Numbers:
    """The upper and lower end of what the page lets be seen of each text object; those in forms are not cut off."""
    _, right, _, up, _, down = geometry.matrix
    clips = np.tile([-np.inf, np.inf], (len(drawn), 1))
    for number, handle in enumerate(drawn):
        path = 0 if handle in objects.placed else _clip_path(handle)
        for each in range(max(0, _count_clips(path)) if path else 0):
            segments = [
                _clip_segment(path, each, segment) for segment in range(_count_clip_segments(path, each))
            ]
            if not segments:
                continue
            x, y = _fill_points(segments).T
            level = right * x + up * y + down
            clips[number] = max(clips[number, 0], level.min()), min(clips[number, 1], level.max())
    return clips


# ----------------------------------------------------------------------------------------------------- rules


def _rules(objects: _Objects, geometry: Geometry, letters: Numbers) -> tuple[Numbers, Numbers, bool]:
    """The vertical and horizontal rules of the page's painted paths, and whether there are other lines; ``letters`` are
    the boxes of the page's characters.
    """
    counts = list(map(_count_segments, objects.paths))
    if sum(counts) > LIMITS.cells:
        raise DocumentError(
            Reason.CONTENT_TOO_LARGE, f"the page draws more than {LIMITS.cells} pieces of lines"
        )
    if not sum(counts):
        return as_rows([], 3), as_rows([], 3), False
    paths = [path for path, count in zip(objects.paths, counts, strict=True) if count]
    sizes = np.array([count for count in counts if count], np.int64)
    firsts = np.cumsum(sizes) - sizes
    segments = _segments(paths, sizes)
    points = _fill_points(segments)
    matrices = _placed(_fill(_matrix, paths, 6, np.float32).astype(np.float64), paths, objects)
    a, b, c, d, e, f = np.repeat(matrices, sizes, axis=0).T
    A, B, C, D, E, F = geometry.matrix
    x, y = a * points[:, 0] + c * points[:, 1] + e, b * points[:, 0] + d * points[:, 1] + f
    on_page = np.stack([A * x + C * y + E, B * x + D * y + F], axis=1)
    kinds, closes = _kinds(segments, points, sizes, firsts)
    boxes = _boxes_of(on_page, firsts)
    shown = np.repeat(~(_hidden(paths, boxes) | _drawings(kinds, firsts, boxes, letters)), sizes)
    starts, ends = _pieces(on_page[shown], kinds[shown], closes[shown])
    left, top = np.minimum(starts, ends).T
    right, bottom = np.maximum(starts, ends).T
    x, y = ((starts + ends) / 2).T
    level, upright = orientations(right - left, bottom - top)
    verticals, horizontals = np.stack([x, top, bottom], axis=1), np.stack([y, left, right], axis=1)
    has_drawings = raw.FPDF_SEGMENT_BEZIERTO in kinds or not (level | upright).all()
    return verticals[upright], horizontals[level], has_drawings


def _segments(paths: list[int], sizes: npt.NDArray[np.int64]) -> list[int]:
    """The handles of the segments of all paths. Those of one path lie evenly in memory, which its last one shows."""
    handles: list[int] = []
    for path, size in zip(paths, sizes.tolist(), strict=True):
        first = _segment(path, 0)
        if size > _FEW:
            second, last = _segment(path, 1), _segment(path, size - 1)
            if last - first == (size - 1) * (second - first):
                handles.extend(range(first, last + 1, second - first))
                continue
        handles.append(first)
        handles.extend(map(_segment, repeat(path), range(1, size)))
    return handles


def _kinds(
    segments: list[int], points: Numbers, sizes: npt.NDArray[np.int64], firsts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """What each segment is (move, line, curve), and whether it closes its shape; lines of two points and rectangles show it."""
    kinds = np.full(len(segments), raw.FPDF_SEGMENT_LINETO, np.int64)
    kinds[firsts] = raw.FPDF_SEGMENT_MOVETO
    closes = np.zeros(len(segments), np.bool_)
    known = sizes == _LINE
    fives = np.flatnonzero(sizes == _RECTANGLE)
    corners = points[firsts[fives, None] + np.arange(_RECTANGLE)]
    steps = corners[:, 1:] == corners[:, :-1]
    one_way = (steps == [[False, True], [True, False]] * 2).all(axis=(1, 2))
    other_way = (steps == [[True, False], [False, True]] * 2).all(axis=(1, 2))
    known[fives] = (one_way | other_way) & (corners[:, 0] == corners[:, 4]).all(axis=1)
    asked = np.flatnonzero(np.repeat(~known, sizes))
    some = [segments[number] for number in asked.tolist()]
    kinds[asked], closes[asked] = list(map(_segment_type, some)), list(map(_segment_closes, some))
    return kinds, closes


def _pieces(
    points: Numbers, kinds: npt.NDArray[np.int64], closes: npt.NDArray[np.bool_]
) -> tuple[Numbers, Numbers]:
    """Where each straight piece of the shapes starts and ends; a curve goes straight from its start to its end."""
    if not len(points):
        return points, points
    begins = kinds == raw.FPDF_SEGMENT_MOVETO
    begins[0] = True
    shape_of = np.cumsum(begins) - 1
    lasts = np.flatnonzero(np.append(begins[1:], True))
    bent = kinds == raw.FPDF_SEGMENT_BEZIERTO
    places = np.arange(len(points))
    before = np.maximum.accumulate(np.where(bent, 0, places))
    is_end = ~bent | ((places - before) % 3 == 0)  # the third point of a curve
    counts = np.bincount(shape_of)
    points, shape_of = points[is_end], shape_of[is_end]
    is_curved = counts != np.bincount(shape_of, minlength=len(counts))
    after = np.cumsum(np.bincount(shape_of, minlength=len(counts)))
    first = np.append(0, after[:-1])
    is_closed = closes[lasts]
    is_open = is_closed & (points[first] != points[after - 1]).any(axis=1)
    points = np.insert(points, after[is_open], points[first[is_open]], axis=0)
    shape_of = np.insert(shape_of, after[is_open], np.flatnonzero(is_open))
    goes_back = is_closed & ~is_curved & (np.bincount(shape_of, minlength=len(counts)) == _THERE_AND_BACK)
    starts = np.flatnonzero(shape_of[1:] == shape_of[:-1])
    is_second = np.append(False, shape_of[1:] == shape_of[:-1])[starts]
    starts = starts[~(is_second & goes_back[shape_of[starts]])]
    return points[starts], points[starts + 1]


def _drawings(
    kinds: npt.NDArray[np.int64], firsts: npt.NDArray[np.int64], boxes: Numbers, letters: Numbers
) -> npt.NDArray[np.bool_]:
    """Which paths are drawings: shapes with more curves than a frame has corners and, on a page that has such shapes,
    those that stand on one letter, since its outline is drawn to make it bold.
    """
    are_drawings: npt.NDArray[np.bool_] = (
        np.add.reduceat(kinds == raw.FPDF_SEGMENT_BEZIERTO, firsts, dtype=np.int64) > _MOST_BENDS
    )
    if are_drawings.any() and len(letters):
        small = np.flatnonzero(~are_drawings & (boxes[:, 2:] - boxes[:, :2] <= _LARGEST_LETTER).all(axis=1))
        around = _OUTLINE * (letters[:, 3] - letters[:, 1])[:, None] * np.array([-1.0, -1.0, 1.0, 1.0])
        left, top, right, bottom = (letters + around).T[:, None, :]
        step = max(1, _CHUNK // len(letters))
        for start in range(0, len(small), step):
            some = small[start : start + step]
            x0, y0, x1, y1 = boxes[some].T[:, :, None]
            are_drawings[some] = ((left <= x0) & (x1 <= right) & (top <= y0) & (y1 <= bottom)).any(axis=1)
    return are_drawings


def _boxes_of(points: Numbers, firsts: npt.NDArray[np.int64]) -> Numbers:
    """The box around the points of each path."""
    return np.concatenate([np.minimum.reduceat(points, firsts), np.maximum.reduceat(points, firsts)], axis=1)


def _hidden(paths: list[int], boxes: Numbers) -> npt.NDArray[np.bool_]:
    """Which paths cannot be seen."""
    modes = _fill(_draw_mode, paths, 2, np.int32, 2)
    is_filled, is_stroked = (modes != 0).T
    is_white = np.ones(len(paths), np.bool_)
    for function, painted in ((_fill_colour, is_filled), (_stroke_colour, is_stroked)):
        some = np.flatnonzero(painted)
        colours = _colours(function, [paths[number] for number in some.tolist()])
        is_white[some] &= (colours[:, :3] >= WHITE * 255).all(axis=1) | (colours[:, 3] == 0)
    if not is_white.any():
        return np.zeros(len(paths), np.bool_)
    return unseen(is_white, is_filled, boxes)


def _colours(function: Callable[..., Any], handles: list[int]) -> npt.NDArray[np.uint32]:
    """The red, green, blue and opacity of each object, up to 255."""
    return _fill(function, handles, 4, np.uint32, 4)


def _fill_points(segments: list[int]) -> Numbers:
    points = np.zeros((len(segments), 2), np.float32)
    _call(_segment_point, segments, *_addresses(points, 4))
    return points.astype(np.float64)
