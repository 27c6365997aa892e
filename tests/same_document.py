"""What two readings of one PDF must have in common: everything but the reader, places within a tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ingest.document.model import Block, Document, Table, TextLine

TOLERANCE = 0.05
"""Points by which places may differ: pdfium computes in single precision, and rounds the widths of characters."""


def differences(one: Document, other: Document, has_line_boxes: bool = True) -> list[str]:
    """The differences, page by page and block by block; empty where the documents are the same.

    Without ``has_line_boxes`` the positions of lines do not count.
    """
    found = [] if one.page_count == other.page_count else [f"{one.page_count} pages, {other.page_count}"]
    for mine, yours in zip(one.pages, other.pages, strict=False):
        if not _near((mine.width, mine.height), (yours.width, yours.height)):
            found.append(f"page {mine.page_no}: size {mine.width, mine.height}, {yours.width, yours.height}")
    for left, right in zip_longest(one.blocks, other.blocks):
        found.extend(_between(left, right, has_line_boxes))
    return found


def _between(one: Block | None, other: Block | None, has_line_boxes: bool) -> Iterator[str]:
    if isinstance(one, TextLine) and isinstance(other, TextLine):
        is_same_place = not has_line_boxes or _near(one.box, other.box)
        if (one.text, one.ref) != (other.text, other.ref) or not is_same_place:
            yield f"line {one.ref} {one.text!r} {one.box}, {other.ref} {other.text!r} {other.box}"
    elif isinstance(one, Table) and isinstance(other, Table):
        if (one.page_no, one.row_count, one.col_count) != (other.page_no, other.row_count, other.col_count):
            yield f"table {one.row_count}x{one.col_count}, {other.row_count}x{other.col_count} on page {one.page_no}"
        elif not (_near(one.box, other.box) and _near(one.col_edges, other.col_edges)):
            yield f"table at {one.box}, {other.box} on page {one.page_no}"
        for mine, yours in zip_longest(one.cells, other.cells):
            if mine is None or yours is None:
                yield f"cell {mine}, {yours}"
                return
            same = all(
                getattr(mine, name) == getattr(yours, name)
                for name in ("text", "row", "col", "ref", "row_span", "col_span")
            )
            if not same or not _near(mine.box, yours.box):
                yield f"cell {mine}, {yours}"
    else:
        yield f"block {_named(one)}, {_named(other)}"


def _named(block: Block | None) -> str:
    return f"{type(block).__name__} on page {block.page_no}" if block else "none"


def _near(one: Sequence[float] | None, other: Sequence[float] | None) -> bool:
    if one is None or other is None:
        return one is other
    return len(one) == len(other) and all(
        abs(mine - yours) <= TOLERANCE for mine, yours in zip(one, other, strict=True)
    )
