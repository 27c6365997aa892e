"""What a sample document is made of: plain data shared by the figures, the writers and the truth.

A form is described once, as header rows and body rows of cells with spans. Every writer renders that object,
and the truth is read from the facts that its cells carry, so that what is printed and what is expected cannot differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Align = Literal["left", "center", "right"]
ParagraphStyle = Literal["cover", "part", "heading", "body", "list"]


@dataclass(frozen=True)
class Fact:
    """One expected row of the warehouse: `where` picks it within the document, `expect` gives its values."""

    table: str
    where: dict[str, Any]
    expect: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """A printed cell. `span` counts columns, `depth` rows; `facts` is what its figure means."""

    text: str = ""
    span: int = 1
    depth: int = 1
    align: Align = "center"
    facts: tuple[Fact, ...] = ()


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Form:
    """A statutory form as printed. `widths` are relative column widths; `notes` stand below the table.

    `status` is the coverage to expect of the form; empty where the sample leaves that open.
    """

    statement_code: str
    title: str
    header: tuple[Row, ...]
    body: tuple[Row, ...]
    widths: tuple[float, ...]
    unit_line: str
    status: str
    notes: tuple[str, ...] = ()
    landscape: bool = False
    repeats_header: bool = True
    number: str = ""
    issuer_line: str = ""

    def grid(self) -> Iterator[tuple[int, int, Cell]]:
        """Yield (row, column, cell) with spans resolved, header rows first, as in an HTML table."""
        taken: set[tuple[int, int]] = set()
        for row_no, row in enumerate(self.header + self.body):
            column = 0
            for cell in row:
                while (row_no, column) in taken:
                    column += 1
                taken.update(
                    (row_no + down, column + right)
                    for down in range(cell.depth)
                    for right in range(cell.span)
                )
                yield row_no, column, cell
                column += cell.span


@dataclass(frozen=True)
class Paragraph:
    """A printed paragraph with the facts its figures state; `aside` lists amounts that are not in a fact."""

    text: str
    style: ParagraphStyle = "body"
    facts: tuple[Fact, ...] = ()
    aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageBreak:
    """A new page; writers for formats without pages print a blank line."""


Block = Form | Paragraph | PageBreak


@dataclass(frozen=True)
class SampleDocument:
    """A whole disclosure: its blocks in printed order and the facts about the document itself."""

    stem: str
    kind: str
    blocks: tuple[Block, ...]
    facts: tuple[Fact, ...]

    def all_facts(self) -> Iterator[tuple[Fact, str]]:
        """Yield every expected row with the words printed around it."""
        for fact in self.facts:
            yield fact, self.stem
        for block in self.blocks:
            if isinstance(block, Paragraph):
                for fact in block.facts:
                    yield fact, block.text
            elif isinstance(block, Form):
                if block.status:
                    coverage = {"statement_code": block.statement_code}
                    yield Fact("extraction_coverage", coverage, {"status": block.status}), block.title
                for row in block.body:
                    words = " ".join(cell.text or "□" for cell in row)
                    for cell in row:
                        for fact in cell.facts:
                            yield fact, words
