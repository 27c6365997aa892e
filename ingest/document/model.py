"""The neutral document model: what every reader produces and every recogniser reads.

Plain data, no I/O. A document is a sequence of blocks in reading order; a block is a line of text or a
table. Geometry is kept where the medium has it: ``page_no`` and ``box`` for paged media, ``line_no`` for text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's upper left corner."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line outside tables.

    ``confidence`` (0 to 1) is how sure a recogniser of pictures is of the text; None where the file holds the text.
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

    ``text`` is what is printed, with the line breaks of the print. ``ref`` names the cell inside its
    document and is what a fact's ``source_ref`` holds. ``confidence`` is as in TextLine. ``is_cut`` tells that a page
    break may have cut the cell's row, so that its text may be a part of what is printed.
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

    ``has_spans`` tells whether merged cells are known: ruled pages know them, flat text does not, so that
    an empty cell of a text table may belong to the merged cell on its left or above it.
    ``is_ragged`` tells that a row's merged cells count once and shift the cells after them (one cell a line).
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
        """Whether an empty header cell is empty: merged cells are known or are put in place from the print."""
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
    """One page: its size in points as it is seen (rotation applied), which reader read it and, where that was not
    the usual one, why (``note``).

    ``reader`` is ``pdfium``, ``pdfplumber``, ``ocr``, or ``sheet`` for a sheet of a workbook, whose sides are 0 and whose
    note gives its name and what of it was not read. ``confidence`` is the mean confidence of what OCR read on it.
    """

    page_no: int
    width: float
    height: float
    reader: str
    note: str | None = None
    confidence: float | None = None
    turned: int = 0
    """By how many degrees, counter-clockwise, a picture that lay on its side was turned to be read."""


@dataclass(slots=True)
class Document:
    """What a reader made of one file's bytes.

    A workbook's pages are its sheets. ``page_count`` is None where the medium has no pages; ``pages`` is empty there.
    ``printed`` is what each page (None: the whole file) prints by the file itself, before lines and tables are made of
    it: what of the print was lost is told by it. A page that OCR read has no text of its own and is not in it.
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
