"""XLSX -> sheets of printed cells. Stored values are printed by their number formats; nothing is ever calculated.

For a formula, the result stored in the file is read. Where there is none, the formula itself is the cell's text,
which is not a figure, and the page's note lists these cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_ISO8601, to_excel
from openpyxl.utils.escape import unescape

from ingest.config import LIMITS
from ingest.document.model import Document
from ingest.outcomes import DocumentError, Reason
from ingest.readers.office.number_format import CHINESE_DATES, printed_number, printed_text
from ingest.readers.office.package import Package, attribute, child, children, local
from ingest.readers.office.sheets import Sheet, document_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PLACE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ROW = re.compile(r"[1-9]\d{0,6}", re.ASCII)
_AREA = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")
_LAST_COLUMN = 16_384
_MOST_NAMED = 5


def read_xlsx(data: bytes) -> Document:
    """The visible sheets of a workbook as pages of lines and tables; hidden sheets, rows and columns are not read.

    Raises DocumentError: OFFICE_DAMAGED, OFFICE_ENCRYPTED, OFFICE_MACRO, CONTENT_TOO_LARGE, or NO_CONTENT where no
    sheet prints anything.
    """
    return document_of(MEDIA_TYPE, _Workbook(Package(data)).sheets())


class _Workbook:
    """The workbook's parts: sheets, shared texts and formats."""

    def __init__(self, package: Package) -> None:
        self._package = package
        main = package.main_part("spreadsheetml.(?:sheet|template)", "xl/workbook.xml")
        root = package.xml(main)
        listed = child(root, "sheets")
        if root is None or listed is None:
            raise DocumentError(Reason.OFFICE_DAMAGED, f"the container has no workbook ({main})")
        self._listed = listed
        self._related = package.related(main)
        about = child(root, "workbookPr")
        self._starts_1904 = about is not None and about.get("date1904") in ("1", "true", "on")
        parts = dict(self._related.values())
        self._texts = [_rich_text(each) for each in package.elements(parts.get("sharedStrings", ""), "si")]
        self._formats, self._ruled = _styles(package.xml(parts.get("styles", "")))

    def sheets(self) -> Iterator[Sheet]:
        """The sheets in the workbook's order, one in memory at a time."""
        for number, each in enumerate((each for each in self._listed if local(each) == "sheet"), start=1):
            sheet = Sheet(number, attribute(each, "name") or "")
            kind, part = self._related.get(attribute(each, "id") or "", ("", ""))
            if each.get("state") in ("hidden", "veryHidden"):
                sheet.unread = "hidden, not read"
            elif not kind:
                raise DocumentError(
                    Reason.OFFICE_DAMAGED, f"sheet {sheet.name!r}: the workbook does not say which part it is"
                )
            elif kind != "worksheet":
                sheet.unread = f"a {kind}, not read"
            elif not self._package.has(part):
                raise DocumentError(Reason.OFFICE_DAMAGED, f"sheet {sheet.name!r}: part {part} is missing")
            else:
                _SheetReader(sheet, self._texts, self._formats, self._ruled, self._starts_1904).read(
                    self._package, part
                )
            yield sheet


class _SheetReader:
    """One sheet's part -> Sheet."""

    def __init__(
        self, sheet: Sheet, texts: list[str], formats: list[str], ruled: list[bool], starts_1904: bool
    ) -> None:
        self._sheet = sheet
        self._texts = texts
        self._formats = formats
        self._ruled = ruled
        self._print = partial(printed_number, starts_1904=starts_1904)
        self._shows_zeros = True
        self._row = -1
        self._cell_count = 0
        self._uncalculated: list[str] = []

    def read(self, package: Package, part: str) -> None:
        """Fill the sheet from its part."""
        for element in package.elements(part, "sheetView", "col", "row", "mergeCell"):
            name = local(element)
            if name == "row":
                self._read_row(element)
            elif name == "mergeCell":
                self._read_merge(element.get("ref", ""))
            elif name == "col":
                self._read_column(element)
            else:
                self._shows_zeros = element.get("showZeros") not in ("0", "false")
        if self._uncalculated:
            named = ", ".join(self._uncalculated[:_MOST_NAMED])
            self._sheet.notes.append(
                f"{len(self._uncalculated)} formulas without a stored result, not calculated ({named})"
            )

    def _read_column(self, element: etree._Element) -> None:
        if _is_set(element, "hidden") or element.get("width") in ("0", "0.0"):
            first, last = _number(element.get("min")), _number(element.get("max"))
            self._sheet.hidden_cols.update(range(first - 1, min(last, _LAST_COLUMN)))

    def _read_merge(self, area: str) -> None:
        found = _AREA.fullmatch(area)
        if not found:
            raise self._damaged(f"merges {area!r}, which is not an area")
        left, top, right, bottom = found.groups()
        first_col, last_col = sorted(column_index_from_string(each) - 1 for each in (left, right or left))
        first_row, last_row = sorted(int(each) - 1 for each in (top, bottom or top))
        self._sheet.merges.append((first_row, first_col, last_row, last_col))

    def _read_row(self, element: etree._Element) -> None:
        place = element.get("r")
        if place and not _ROW.fullmatch(place):
            raise self._damaged(f"has a row at {place!r}, which is not a row number")
        self._row = int(place) - 1 if place else self._row + 1
        if _is_set(element, "hidden") or element.get("ht") in ("0", "0.0"):
            self._sheet.hidden_rows.add(self._row)
        col = -1
        for cell in element:
            if local(cell) != "c":
                continue
            col = self._column(cell.get("r"), col)
            style = _number(cell.get("s"))
            if style < len(self._ruled) and self._ruled[style]:
                self._sheet.ruled_rows.add(self._row)
            if len(cell):
                self._cell_count += 1
                if self._cell_count > LIMITS.cells:
                    raise DocumentError(
                        Reason.CONTENT_TOO_LARGE,
                        f"sheet {self._sheet.name!r} has more than {LIMITS.cells} cells",
                    )
                self._sheet.put(self._row, col, self._text(cell, style))

    def _column(self, place: str | None, before: int) -> int:
        if place is None:
            return before + 1
        found = _PLACE.fullmatch(place)
        if not found:
            raise self._damaged(f"has a cell at {place!r}, which is not a cell address")
        return int(column_index_from_string(found.group(1))) - 1

    def _text(self, cell: etree._Element, style: int) -> str:
        kind, code = cell.get("t", "n"), self._formats[style] if style < len(self._formats) else "General"
        if kind == "inlineStr":
            inline = child(cell, "is")
            return printed_text(_rich_text(inline), code) if inline is not None else ""
        stored = child(cell, "v")
        value = (stored.text or "") if stored is not None else ""
        formula = child(cell, "f")
        if formula is not None and not value.strip() and (kind != "str" or stored is None):
            self._uncalculated.append(cell.get("r") or f"row {self._row + 1}")
            return f"={formula.text or ''}"
        if not value.strip():
            return ""
        try:
            return self._printed(kind, value, code)
        except (ValueError, OverflowError, IndexError) as error:
            place = cell.get("r") or f"row {self._row + 1}"
            raise self._damaged(
                f"holds {value[:40]!r} at {place}, which is not a value of kind {kind!r}"
            ) from error

    def _printed(self, kind: str, value: str, code: str) -> str:
        if kind == "s":
            place = int(value)
            if place < 0:
                raise IndexError(place)
            return printed_text(self._texts[place], code)
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if kind == "e":
            return value
        if kind == "str":
            return printed_text(unescape(value), code)
        number = float(to_excel(from_ISO8601(value))) if kind == "d" else float(value)
        if number == 0 and not self._shows_zeros:
            return ""
        return self._print(number, code)

    def _damaged(self, what: str) -> DocumentError:
        return DocumentError(Reason.OFFICE_DAMAGED, f"sheet {self._sheet.name!r} {what}")


def _styles(root: etree._Element | None) -> tuple[list[str], list[bool]]:
    """Per cell style: its number format, and whether it draws a rule at the cell's left or right."""
    own = {
        each.get("numFmtId"): each.get("formatCode", "General") for each in children(child(root, "numFmts"))
    }
    borders = [_is_ruled(each) for each in children(child(root, "borders"))]
    formats, ruled = [], []
    for each in children(child(root, "cellXfs")):
        number = _number(each.get("numFmtId"))
        formats.append(
            own.get(str(number)) or CHINESE_DATES.get(number) or BUILTIN_FORMATS.get(number, "General")
        )
        border = _number(each.get("borderId"))
        ruled.append(border < len(borders) and borders[border])
    return formats, ruled


def _is_ruled(border: etree._Element) -> bool:
    sides = (side for side in border if local(side) in ("left", "right", "start", "end"))
    return any(side.get("style", "none") != "none" for side in sides)


def _rich_text(element: etree._Element) -> str:
    """The text of a string in one or several runs, without its phonetic guide."""
    runs = [each.text or "" for each in element.iter("{*}t") if local(each.getparent()) != "rPh"]
    return str(unescape("".join(runs)))


def _is_set(element: etree._Element, name: str) -> bool:
    return element.get(name) in ("1", "true", "on")


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,7}", text) else 0
