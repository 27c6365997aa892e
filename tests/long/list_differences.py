"""Lists where PDFs are read otherwise than by pdfplumber, and than in pdfium's own order, by the kind of difference.

    python -m tests.long.list_differences [PDF or FOLDER ...] [--pages N] [--examples N]

Reads each PDF (by default those of ../shared) and, of each or of N of its pages, the same with pdfplumber
(tests/plumber_witness.py) and pdfium's text. Compares every cell of tables with rules and every line, and says by which
mechanism each difference came about. Prints how many there are of each kind, and examples. Exit status 1 where one
has no explanation.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2 as pdfium

from ingest.document.model import Block, Box, Cell, Document, Page, Table, TextLine
from ingest.document.text import fold
from ingest.outcomes import DocumentError
from ingest.readers import read_document
from ingest.readers.page.printed import as_meant
from ingest.views.inspect.kept_out import Why, drawn_on, kept_out
from tests import plumber_witness

DEFAULT = (Path("../shared/documents"), Path("../shared/corpus/documents"))
_NEAR = 1.6
"""Points by which the sides of the same cell may differ."""
_BESIDE = 4.0
"""Points beside a cell or line in which kept out characters may stand."""
_LONGEST_END = 3
"""Characters by which a text may go beyond its cell on one side."""
_DOUBLED_RUN = 4
"""Doubled characters that show that a part of a text is drawn twice."""
_ON_RULE = 4.0
"""Points by which the print of a character may miss the rule that it stands on."""
_UNNAMED = "(cid:"
"""What pdfplumber writes for a glyph without a character."""
SAME = "same"
UNEXPLAINED = "unexplained"
KINDS = {
    SAME: "no difference",
    "blanks": "blanks inside words or between them",
    "as meant": "radicals, ligatures and wide signs as the characters that they stand for",
    "watermark": "a watermark or other pale or leaning text is kept out",
    "invisible": "text that is not drawn is kept out",
    "drawn twice": "a character drawn twice to look bold is read once",
    "outside": "text outside the page is kept out",
    "cut off": "text that the page cuts off, as a page break does, is kept out or moved to where it is seen",
    "on a rule": "text on a rule, as the labels of a chart, counts to the other side of it",
    "order": "the same characters in the order of their base lines",
    "overflow": "text that is wider than its cell stands in its own cell",
    "cut finer": "what is one cell there has several cells: a rule that is not seen there",
    "joined": "what are several cells there is one: a rule that cannot be seen, or no rule of this table",
    "no table": "what is a table there has no visible rules, and is read as lines",
    "a table": "what are lines there is a table without rules",
    "lines cut otherwise": "the same characters, divided into lines by base lines instead of boxes",
    "glyphs without characters": "pdfplumber names the number of a glyph where the font gives no character",
    UNEXPLAINED: "letters are missing, or in another cell, for no known reason",
}
"""What each kind of difference is; none but the last loses anything that is printed."""


@dataclass(slots=True)
class Tally:
    """How often each kind occurs, and the first examples of each."""

    most: int
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, kind: str, place: str, theirs: str, ours: str) -> None:
        """Count one cell or line."""
        self.counts[what, kind] += 1
        if kind != SAME and len(self.examples[what, kind]) < self.most:
            self.examples[what, kind].append(f"{place}: {theirs[:60]!r} -> {ours[:60]!r}")


def main() -> int:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, default=[each for each in DEFAULT if each.is_dir()])
    parser.add_argument("--pages", type=int, default=0, help="pages of each PDF, evenly spread; 0 for all")
    parser.add_argument("--examples", type=int, default=3)
    arguments = parser.parse_args()
    tally = Tally(arguments.examples)
    files = list(_files(arguments.paths))
    for file in files:
        compare_file(file.read_bytes(), file.name, arguments.pages, tally)
        print(
            f"{file.name}: {sum(count for (_, kind), count in tally.counts.items() if kind == UNEXPLAINED)}",
            flush=True,
        )
    print(f"\n{len(files)} PDFs\n{'what':8}{'kind':28}{'count':>9}  meaning")
    for (what, kind), count in sorted(tally.counts.items()):
        print(f"{what:8}{kind:28}{count:9}  {KINDS[kind]}")
        for example in tally.examples[what, kind]:
            print(f"          {example}")
    return int(any(kind == UNEXPLAINED for _, kind in tally.counts))


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("*.pdf")) if path.is_dir() else [path]


def compare_file(data: bytes, name: str, most: int, tally: Tally) -> None:
    """Compare the pages of a PDF that are read as text, or ``most`` of them, evenly spread."""
    try:
        document = read_document(data)
    except DocumentError as error:
        print(f"{name}: {error.reason}")
        return
    step = max(1, len(document.pages) // most) if most else 1
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in document.pages[::step]:
            if page.reader == "ocr":
                continue
            try:
                printed = pdf.pages[page.page_no - 1]
                witness = plumber_witness.read_page(printed)
                printed_letters = _counted(printed.chars)
                doubled = printed_letters - _counted(printed.dedupe_chars().chars)
            except Exception as error:  # pdfplumber raises many kinds of errors for what it cannot read
                print(f"{name} p{page.page_no}: pdfplumber cannot read the page: {error!r}")
                continue
            _Comparison(document, page, data, f"{name} p{page.page_no}", tally).run(
                witness, printed_letters, doubled
            )
            printed.close()


def _counted(chars: Sequence[dict[str, Any]]) -> Counter[str]:
    return Counter(letter for char in chars for letter in letters(char["text"]))


class _Comparison:
    """One page as it was read, beside what the witnesses read."""

    def __init__(self, document: Document, page: Page, data: bytes, place: str, tally: Tally) -> None:
        self.blocks = [block for block in document.blocks if block.page_no == page.page_no]
        self.page, self.data, self.place, self.tally = page, data, place, tally
        self.cells = [cell for block in self.blocks if isinstance(block, Table) for cell in block.cells]
        self.lines = [block for block in self.blocks if isinstance(block, TextLine)]
        texts: list[TextLine | Cell] = [*self.lines, *self.cells]
        size = page.width, page.height
        self.kept = kept_out(data, page.page_no, size, texts)
        self.lost = Counter(
            letter for each in self.kept if each.why is Why.UNREAD for letter in letters(each.text)
        )
        self.kept = [each for each in self.kept if each.why is not Why.UNREAD]
        self.surplus = Counter(letter for each in self.kept for letter in letters(each.text))
        self.ours = Counter(letter for each in texts for letter in letters(each.text))

    def run(self, witness: Sequence[Block], printed: Counter[str], doubled: Counter[str]) -> None:
        """Compare cells, lines and pdfium's lines; ``printed`` are pdfplumber's characters, ``doubled`` those drawn twice."""
        self.surplus += doubled
        self.witness_cells = [cell for block in witness if isinstance(block, Table) for cell in block.cells]
        self.lost += printed - self.ours - self.surplus
        for block in witness:
            if isinstance(block, Table):
                for cell in block.cells:
                    self._compare_cell(cell)
        for block in witness:
            if isinstance(block, TextLine):
                self._compare_line(block.text, block.box, "line")
        for text in pdfium_lines(self.data, self.page.page_no):
            self._compare_line(text, None, "order")

    def _compare_cell(self, theirs: Cell) -> None:
        box = theirs.box or (0, 0, 0, 0)
        partner = next((cell for cell in self.cells if cell.box and _are_same(cell.box, box)), None)
        if partner:
            kind = self._kind(theirs.text, partner.text, box) or self._overflow(theirs, partner)
            self.tally.add("cell", kind, self.place, theirs.text, partner.text)
            return
        inside = [cell for cell in self.cells if cell.box and _holds(box, cell.box)]
        around = [cell for cell in self.cells if cell.box and _holds(cell.box, box)]
        beside = [line for line in self.lines if line.box and _holds(box, line.box)]
        for kind, found in (("cut finer", [*inside, *beside]), ("joined", around), ("no table", beside)):
            text = " ".join(each.text for each in found)
            is_all = not Counter(letters(theirs.text)) - Counter(letters(text)) - self.surplus
            if found and is_all:
                kind = "no table" if kind == "cut finer" and not inside else kind
                self.tally.add("cell", kind, self.place, theirs.text, text)
                return
        if not letters(theirs.text):
            self.tally.add("cell", "joined", self.place, "", "")
            return
        is_there = not Counter(letters(theirs.text)) & self.lost
        kind = "no table" if is_there and not inside and not around else UNEXPLAINED
        self.tally.add(
            "cell", kind, self.place, theirs.text, " ".join(each.text for each in [*inside, *around])
        )

    def _compare_line(self, theirs: str, box: Box | None, what: str) -> None:
        wanted = letters(theirs)
        if not wanted:
            return
        whole = next(
            (
                line.text
                for line in self.lines
                if (own := letters(line.text)) == wanted or _is_doubled(wanted, own)
            ),
            None,
        )
        if whole is not None:
            self.tally.add(what, self._kind(theirs, whole, box) or SAME, self.place, theirs, whole)
            return
        if what == "line" and _UNNAMED in theirs:
            self.tally.add(what, "glyphs without characters", self.place, theirs, "")
            return
        missing = Counter(wanted) & self.lost
        if missing:
            kind = UNEXPLAINED
        elif Counter(wanted) - self.ours and (why := self._why(wanted, box)):
            kind = why
        else:
            kind = "a table" if self._is_in_cells(wanted) else "lines cut otherwise"
        if kind == "a table" and what == "order":
            kind = SAME
        self.tally.add(what, kind, self.place, theirs, "".join(missing) if missing else "")

    def _is_in_cells(self, wanted: str) -> bool:
        return not Counter(wanted) - Counter(letter for cell in self.cells for letter in letters(cell.text))

    def _kind(self, theirs: str, ours: str, box: Box | None) -> str | None:
        """The kind of difference between two texts of one place; None where it is none of the known ones."""
        if theirs == ours:
            return SAME
        if "".join(theirs.split()) == "".join(ours.split()):
            return "blanks"
        left, right = letters(theirs), letters(ours)
        if left == right:
            return "as meant"
        if _UNNAMED in theirs:
            return "glyphs without characters"
        if _is_doubled(left, right):
            return "drawn twice"
        more, fewer = Counter(left) - Counter(right), Counter(right) - Counter(left)
        if not more and not fewer:
            return "order"
        if not fewer and not more - self.surplus and (why := self._why("".join(more.elements()), box)):
            return why
        return None

    def _why(self, more: str, box: Box | None) -> str | None:
        """Why characters were kept out that the witness has in a place."""
        reasons = Counter(
            each.why for each in self.kept if letters(each.text)[:1] in more and _touches(box, each.box)
        )
        if not reasons:
            return None
        why = reasons.most_common(1)[0][0]
        return {
            Why.WATERMARK: "watermark",
            Why.INVISIBLE: "invisible",
            Why.TWICE: "drawn twice",
            Why.CUT_OFF: "cut off",
        }.get(why, "outside")

    def _overflow(self, theirs: Cell, ours: Cell) -> str:
        """The kind of a difference between cells of one place: one text goes beyond its cell, into that of its neighbour."""
        left, right = letters(theirs.text), letters(ours.text)
        is_taken = self._is_end(right, left, self.witness_cells, theirs)
        is_given = self._is_end(left, right, self.cells, ours)
        if is_taken or is_given:
            return "overflow"
        if not self._is_moved(theirs, ours):
            return UNEXPLAINED
        if any(each.why is Why.CUT_OFF for each in self.kept):
            return "cut off"
        return "on a rule" if self._is_on_side(left, right, ours) else UNEXPLAINED

    def _is_on_side(self, left: str, right: str, cell: Cell) -> bool:
        """Whether the characters in which two texts differ stand on the upper or lower side of the cell."""
        differing = (Counter(left) - Counter(right)) + (Counter(right) - Counter(left))
        _, top, _, bottom = cell.box or (0, 0, 0, 0)
        on_side = Counter(
            letter
            for each in drawn_on(self.data, self.page.page_no, (self.page.width, self.page.height))
            if _touches(cell.box, each.box)
            and any(each.box[1] < side + _ON_RULE and each.box[3] > side - _ON_RULE for side in (top, bottom))
            for letter in letters(each.text)
        )
        return not differing - on_side

    def _is_moved(self, theirs: Cell, ours: Cell) -> bool:
        """Whether what one cell has more than the other is in those around it, or kept out."""
        left, right = Counter(letters(theirs.text)), Counter(letters(ours.text))
        around = [
            Counter(
                letter
                for cell in cells
                if cell.box and own.box and _touches(cell.box, own.box)
                for letter in letters(cell.text)
            )
            for cells, own in ((self.cells, ours), (self.witness_cells, theirs))
        ]
        return not left - right - around[0] - self.surplus and not right - left - around[1]

    def _is_end(self, longer: str, shorter: str, cells: Sequence[Cell], own: Cell) -> bool:
        """Whether what the longer text has more than the shorter one are a few characters of a cell beside it."""
        ends = _between(longer, shorter)
        box = own.box or (0, 0, 0, 0)
        beside = [
            letters(cell.text)
            for cell in cells
            if cell.box and not _are_same(cell.box, box) and _touches(cell.box, box)
        ]
        return ends is not None and all(any(_is_in_order(end, text) for text in beside) for end in ends)


def _is_in_order(some: str, text: str) -> bool:
    """Whether the characters of one text occur in another in their order."""
    rest = iter(text)
    return all(letter in rest for letter in some)


def _between(longer: str, shorter: str) -> list[str] | None:
    """What a text has before and behind a shorter one, or among its characters; None where it is not longer by a few."""
    if shorter in longer:
        place = longer.index(shorter)
        ends = [end for end in (longer[:place], longer[place + len(shorter) :]) if end]
    else:
        rest, place = "", 0
        for letter in longer:
            if place < len(shorter) and letter == shorter[place]:
                place += 1
            else:
                rest += letter
        if place < len(shorter):
            return None
        ends = [rest]
    return ends if all(len(end) <= _LONGEST_END for end in ends) else None


def pdfium_lines(data: bytes, page_no: int) -> list[str]:
    """The lines of a page's text in pdfium's own order."""
    with closing(pdfium.PdfDocument(data)) as pdf, closing(pdf[page_no - 1].get_textpage()) as text_page:
        return str(text_page.get_text_range()).splitlines()


def letters(text: str) -> str:
    """What is printed, without blanks, as the characters that are meant."""
    return "".join(fold(as_meant(text)).split()).replace("\ufffe", "-").replace("\x02", "-")


def _is_doubled(text: str, single: str) -> bool:
    """Whether a text is another with its characters, or a run of them, twice."""
    place = twice = 0
    for letter in single:
        if text[place : place + 1] != letter:
            return False
        place += 1
        if text[place : place + 1] == letter:
            place, twice = place + 1, twice + 1
    return place == len(text) and (2 * twice >= len(single) or twice >= _DOUBLED_RUN)


def _are_same(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _holds(outer: Box, inner: Box) -> bool:
    """Whether the middle of a box lies in another."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] - _NEAR <= x <= outer[2] + _NEAR and outer[1] - _NEAR <= y <= outer[3] + _NEAR


def _touches(one: Box | None, other: Box) -> bool:
    if one is None:
        return True
    return (
        one[0] - _BESIDE <= other[2]
        and one[2] + _BESIDE >= other[0]
        and one[1] - _BESIDE <= other[3]
        and one[3] + _BESIDE >= other[1]
    )


if __name__ == "__main__":
    sys.exit(main())
