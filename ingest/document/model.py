"""The neutral document model: what every reader produces and every recogniser reads.

Plain data, no I/O. A document is a sequence of blocks in reading order; a block is a line of text or a
table. Geometry is kept where the file format has it: ``page_no`` and ``box`` for formats with pages, ``line_no`` for text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's upper left corner."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line outside tables.

    ``confidence`` (0 to 1) is that of OCR in the text; None where the file itself holds the text.
    """

    text: str
    ref: str
    page_no: int | None = None
    line_no: int | None = None
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell; a merged cell is one Cell that spans rows and columns.

    ``text`` is what is printed, with the printed line breaks. ``ref`` names the cell inside its
    document and is what a fact's ``source_ref`` holds. ``confidence`` is as in TextLine. ``is_cut``: a page break
    may have cut the cell's row, so that its text may be only a part of what is printed.
    """

    text: str
    row: int
    col: int
    ref: str
    row_span: int = 1
    col_span: int = 1
    line_no: int | None = None
    box: Box | None = None
    confidence: float | None = None
    is_cut: bool = False


@dataclass(slots=True)
class Table:
    """A grid of cells as it stands on one page (or in one run of text lines).

    ``has_spans``: whether merged cells are known. On ruled pages they are; in plain text they are not, so that
    an empty cell of a text table may belong to the merged cell on its left or above it.
    ``is_ragged``: a merged cell of a row counts once and shifts the cells after it (text with one cell per line).
    ``col_edges`` are the x positions of the columns' left edges and the last right edge, for ruled pages.
    """

    cells: list[Cell]
    row_count: int
    col_count: int
    page_no: int | None = None
    box: Box | None = None
    has_spans: bool = False
    is_ragged: bool = False
    col_edges: tuple[float, ...] | None = None
    grid: list[list[Cell | None]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.grid = expand_spans(self.cells, self.row_count, self.col_count)

    @property
    def knows_merged_cells(self) -> bool:
        """Whether an empty header cell really is empty: merged cells are known, or were placed by what is printed."""
        return self.has_spans or self.is_ragged

    def text_at(self, row: int, col: int) -> str:
        """The text of the cell that covers (row, col); '' where there is none."""
        cell = self.grid[row][col]
        return cell.text if cell else ""


def expand_spans(cells: list[Cell], row_count: int, col_count: int) -> list[list[Cell | None]]:
    """A row_count x col_count grid in which a merged cell stands at every position it covers."""
    grid: list[list[Cell | None]] = [[None] * col_count for _ in range(row_count)]
    for cell in cells:
        for row in range(cell.row, min(cell.row + cell.row_span, row_count)):
            for col in range(cell.col, min(cell.col + cell.col_span, col_count)):
                grid[row][col] = cell
    return grid


Block = TextLine | Table


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its size in points as seen (rotation applied), its reader, and (``note``) why it was not the usual one.

    ``reader`` is ``pdfium``, ``pdfplumber``, ``ofd``, ``ocr``, or ``sheet`` for a sheet of a workbook, whose sides are 0 and whose
    note gives its name and what was not read of it. ``confidence`` is the mean confidence of OCR on the page.
    """

    page_no: int
    width: float
    height: float
    reader: str
    note: str | None = None
    confidence: float | None = None
    turned: int = 0
    """The degrees, counter-clockwise, by which a picture on its side was turned before reading."""


@dataclass(slots=True)
class Document:
    """What a reader made of one file's bytes.

    A workbook's pages are its sheets. ``page_count`` is None where the file format has no pages; ``pages`` is empty there.
    ``printed`` is the text of each page (key None: of the whole file) as the file holds it, before lines and tables are
    made of it; it shows which figures were lost. A page that OCR read has no text of its own and is not included.
    """

    media_type: str
    blocks: list[Block]
    page_count: int | None = None
    pages: list[Page] = field(default_factory=list)
    printed: dict[int | None, str] = field(default_factory=dict)

    def lines(self) -> Iterator[TextLine]:
        """The text lines in reading order."""
        return (block for block in self.blocks if isinstance(block, TextLine))

    def tables(self) -> Iterator[Table]:
        """The tables in reading order."""
        return (block for block in self.blocks if isinstance(block, Table))
