"""Tables that a page draws with blocks instead of table elements: rows of as many blocks each, some of them amounts."""

from __future__ import annotations

from lxml import etree

from ingest.document.text import is_amount

_ROWS = ("div", "section", "ul", "ol", "dl", "li")
_CELLS = ("div", "li", "dd", "dt", "p")
_LEAST_ROWS = 3
_LEAST_VALUES = 2
_LONGEST = 80
"""The most characters of a cell; a longer block is a paragraph."""


def mark_grids(root: etree._Element) -> None:
    """Make tables of the blocks that hold rows of blocks, in place."""
    for element in list(root.iter(*_ROWS)):
        rows = list(element)
        if not _is_empty(element) or len(rows) < _LEAST_ROWS:
            continue
        if len({len(row) for row in rows}) == 1 and all(map(_is_row, rows)) and _holds_values(rows):
            element.tag = "table"
            for row in rows:
                row.tag = "tr"
                for cell in row:
                    cell.tag = "td"


def _is_empty(element: etree._Element) -> bool:
    """Whether an element prints nothing beside its children."""
    return not (element.text or "").strip() and not any((child.tail or "").strip() for child in element)


def _is_row(element: etree._Element) -> bool:
    is_block = element.tag in _ROWS and len(element) > 1 and _is_empty(element)
    return is_block and all(cell.tag in _CELLS and _is_cell(cell) for cell in element)


def _is_cell(element: etree._Element) -> bool:
    holds_blocks = any(each.tag in (*_ROWS, "table", "p") for each in element.iterdescendants())
    return not holds_blocks and len("".join(element.itertext())) <= _LONGEST


def _holds_values(rows: list[etree._Element]) -> bool:
    """Whether several rows hold an amount, so that the blocks are no menu."""
    values = [row for row in rows if any(is_amount("".join(cell.itertext()).strip()) for cell in row)]
    return len(values) >= _LEAST_VALUES
