"""What was recognised, as text: an overview of a document, a part of a document without pages, or one form."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from ingest.document.model import Block, Cell, Document, TextLine
from ingest.document.text import is_amount
from ingest.extraction.extract import Extraction
from ingest.forms.model import RecognisedForm
from ingest.performance.stream import STATEMENTS as PERFORMANCE_STATEMENTS
from ingest.terminal import shown, visible
from ingest.views.inspect.seen import (
    KIND_NAMES,
    LOW_CONFIDENCE,
    STATUS_NAMES,
    Kind,
    Mark,
    SeenColumn,
    SeenParagraph,
    SeenPiece,
    claim_says,
    form_name,
    kind_name,
    performance_title,
    see_prose,
    see_tables,
    status_name,
)
from ingest.views.language import tr, translated

_PART_ROWS = 60
"""Lines and rows after which a part of a document without pages ends; a table is never cut."""
_SHEET = re.compile(r"s(\d+)!")
_STYLES: dict[Kind, str] = {
    Kind.HEADER: "bold blue", Kind.CODE: "magenta", Kind.NAME: "yellow", Kind.AMOUNT: "green",
    Kind.BLANK: "dim green", Kind.PART: "cyan", Kind.IGNORED: "dim", Kind.PROBLEM: "bold red",
    Kind.TEXT: "", Kind.NO_FORM: "dim",
}  # fmt: skip
_STATUS_STYLES = {"read": "bold green", "set_aside": "dim", "unread": "bold red"}


def parts(document: Document) -> list[list[Block]]:
    """The parts in which a document is shown: its pages or the sheets of a workbook, else runs of lines about as long
    as a page."""
    if document.page_count is not None:
        by_page: dict[int | None, list[Block]] = defaultdict(list)
        for block in document.blocks:
            by_page[_page_no(block)].append(block)
        return [by_page[number] for number in range(1, document.page_count + 1)]
    found: list[list[Block]] = [[]]
    rows = 0
    for block in document.blocks:
        if rows >= _PART_ROWS:
            found.append([])
            rows = 0
        found[-1].append(block)
        rows += 1 if isinstance(block, TextLine) else block.row_count
    return found


def part_name(document: Document) -> str:
    """What the parts of a document are called: page, sheet or part."""
    if document.page_count is None:
        return "part"
    return "sheet" if any(page.reader == "sheet" for page in document.pages) else "page"


def _page_no(block: Block) -> int | None:
    """A block's page, or the sheet in its place (``s2!B4``)."""
    if block.page_no is not None:
        return block.page_no
    ref = block.ref if isinstance(block, TextLine) else next((cell.ref for cell in block.cells), "")
    found = _SHEET.match(ref)
    return int(found[1]) if found else None


def print_overview(out: Console, extraction: Extraction) -> None:
    """Show what the document is, its pages or parts, its forms and how they were read, its prose, and the readers' notes."""
    document, cover = extraction.document, extraction.cover
    about = (cover.doc_type, cover.fiscal_year, cover.unit_name, cover.region_name, document.media_type)
    out.print(Text(visible(cover.title or tr("(no title)")), style="bold"))
    out.print(" · ".join(shown(each) for each in about if each), highlight=False)
    pieces, prose = list(see_tables(extraction)), see_prose(extraction)
    out.print(_places(extraction, pieces))
    forms = _forms(extraction, pieces)
    if forms.row_count:
        out.print(forms)
    if extraction.performance:
        out.print(_performance(extraction))
    counts = _prose_counts(prose)
    if counts.row_count:
        out.print(counts)
    found = {form.statement_code for form in extraction.forms}
    found |= {form.statement_code for form in extraction.performance}
    missing = sorted({each.statement_code for each in extraction.declarations} - found)
    if missing:
        names = ", ".join(form_name(code) for code in missing)
        out.print(
            tr("named by the document, not found as a table: {names}", names=shown(names)), highlight=False
        )
    for page in document.pages:
        if page.note:
            out.print(
                tr(
                    "{place} {number}, read by {reader}: {note}",
                    place=tr(part_name(document)),
                    number=page.page_no,
                    reader=page.reader,
                    note=shown("; ".join(translated(note) for note in page.note.split("; "))),
                ),
                highlight=False,
            )


def _places(extraction: Extraction, pieces: list[SeenPiece]) -> Grid:
    """One row per page or part: its reader, its tables with their forms, its figures."""
    document = extraction.document
    grid = Grid(*map(tr, (part_name(document), "read by", "tables", "forms", "prose figures", "not read")))
    numbered = [(number, block) for number, part in enumerate(parts(document), 1) for block in part]
    at = {block.ref: number for number, block in numbered if isinstance(block, TextLine)}
    table_at = {id(block): number for number, block in numbered if not isinstance(block, TextLine)}
    by_place: dict[int | None, list[SeenPiece]] = defaultdict(list)
    for piece in pieces:
        by_place[table_at[id(piece.table)]].append(piece)
    figures: dict[int | None, Counter[str]] = defaultdict(Counter)
    for claim in extraction.claims:
        figures[at.get(extraction.paragraphs[claim.paragraph_no - 1].ref)][claim.status] += 1
    pages = {page.page_no: page for page in document.pages}
    for number in range(1, len(parts(document)) + 1):
        page = pages.get(number)
        sure = f" {page.confidence:.0%}" if page and page.confidence is not None else ""
        here = by_place[number]
        grid.add_row(
            str(number),
            f"{page.reader}{sure}" if page else "",
            str(len({id(piece.table) for piece in here}) or ""),
            Group(*(Text(visible(title), style=style) for title, style in _titles(here).items())),
            str(figures[number].total() or ""),
            str(figures[number].total() - figures[number]["read"] or ""),
        )
    return grid


def _titles(pieces: list[SeenPiece]) -> dict[str, str]:
    """The titles of pieces in their order, each once, with its style."""
    return {piece.title(): "dim red" if piece.reason else "" for piece in pieces}


def _forms(extraction: Extraction, pieces: list[SeenPiece]) -> Grid:
    grid = Grid(
        *map(tr, ("form", "title", "name", "pages", "money unit", "rows", "amounts", "not placed", "status"))
    )
    marks: dict[int, Counter[Kind]] = defaultdict(Counter)
    for piece in pieces:
        if piece.form:
            marks[piece.form.form_no].update(mark.kind for mark in piece.marks.values())
    for form in extraction.forms:
        if form.statement_code in PERFORMANCE_STATEMENTS:
            continue
        counts = marks[form.form_no]
        pages = "–".join(dict.fromkeys(str(page) for page in (form.page_from, form.page_to) if page))
        grid.add_row(
            str(form.form_no),
            Text(visible(form.title)),
            Text(form_name(form.statement_code)),
            pages,
            shown(form.unit_text),
            str(form.row_count),
            str(counts[Kind.AMOUNT] + counts[Kind.PART]),
            str(counts[Kind.PROBLEM] or ""),
            Text(form_status(form, form.form_no in extraction.empty_forms)),
        )
    return grid


def form_status(form: RecognisedForm, is_empty: bool) -> str:
    """How a form was read, in a few words: its problems, else whether it is empty, read, or lacks a total row."""
    problems = Counter(cell.problem for cell in form.cells if cell.problem and is_amount(cell.cell_text))
    if problems:
        return ", ".join(f"{count} {problem}" for problem, count in problems.most_common())
    if is_empty:
        return tr("declared empty")
    if any(is_amount(cell.cell_text) for cell in form.cells):
        return tr("read") if form.has_total_row else tr("read, no total row")
    return tr("no amount")


def _performance(extraction: Extraction) -> Grid:
    grid = Grid(tr("performance form"), tr("first cell"))
    for form in extraction.performance:
        grid.add_row(
            Text(visible(performance_title(form)), style="red" if form.problem else ""),
            shown(form.source_ref),
        )
    return grid


def _prose_counts(prose: list[SeenParagraph]) -> Grid:
    grid = Grid(tr("prose"), tr("figures"))
    counts = Counter(
        (
            figure.claim.status,
            f"{status_name('read')}: {figure.claim.fact}"
            if figure.claim.status == "read"
            else claim_says(figure.claim),
        )
        for each in prose
        for figure in each.figures
    )
    for (status, said), count in sorted(counts.items()):
        grid.add_row(Text(visible(said), style=_STATUS_STYLES[status]), str(count))
    return grid


def print_part(out: Console, extraction: Extraction, number: int) -> None:
    """The blocks of a part in order: tables with what they are, lines with their figures and what these mean."""
    blocks = parts(extraction.document)[number - 1]
    pieces = defaultdict(list)
    for piece in see_tables(extraction):
        pieces[id(piece.table)].append(piece)
    prose = {
        (each.paragraph.ref, each.paragraph.is_heading): each
        for each in see_prose(extraction)
        if each.paragraph.text
    }
    for block in blocks:
        if not isinstance(block, TextLine):
            for piece in pieces[id(block)]:
                out.print(_piece(piece))
            continue
        for is_heading in (True, False):
            if seen := prose.get((block.ref, is_heading)):
                out.print(_paragraph(seen))
    out.print(_legend() if blocks else Text(tr("nothing is printed here"), style="dim"))


def print_form(out: Console, extraction: Extraction, form_no: int) -> None:
    """Show one form with all its pieces."""
    form = next(form for form in extraction.forms if form.form_no == form_no)
    out.print(
        Text(visible(f"{form.title} · {form_status(form, form_no in extraction.empty_forms)}"), style="bold")
    )
    for piece in see_tables(extraction):
        if piece.form is form:
            out.print(_piece(piece))
    for note in form.notes:
        out.print(Text(visible(note), style="dim"))
    out.print(_legend())


def _legend() -> Text:
    """What the colours mean, in Chinese and English."""
    said = [(f"{name} {kind.value}", _STYLES[kind]) for kind, name in KIND_NAMES.items()]
    said += [(STATUS_NAMES[status], style) for status, style in _STATUS_STYLES.items()]
    return Text(" · ").join(Text(text, style=style) for text, style in said)


def _piece(piece: SeenPiece) -> RenderableType:
    """A piece as a grid of its cells, with the meaning of each column below its header and the code of each row beside it."""
    grid = Grid(
        title=Text(visible(piece.title()), style="dim red" if piece.reason else "bold blue"),
        show_header=False,
    )
    grid.title_justify = "left"
    columns = {column.col: column for column in piece.columns}
    for _ in range(piece.table.col_count + bool(piece.line_codes)):
        grid.add_column(overflow="fold")
    by_row: dict[int, list[Cell]] = defaultdict(list)
    for cell in piece.cells:
        by_row[cell.row].append(cell)
    meanings = [_meaning(columns.get(col)) for col in range(piece.table.col_count)]
    told = not columns
    for row, cells in sorted(by_row.items()):
        kinds = {piece.marks[cell.ref].kind for cell in cells if cell.ref in piece.marks}
        if not told and Kind.HEADER not in kinds:
            grid.add_row(*meanings, end_section=True)
            told = True
        texts = [Text() for _ in range(piece.table.col_count)]
        for cell in cells:
            texts[min(piece.col(cell), len(texts) - 1)].append_text(_cell(cell, piece.marks.get(cell.ref)))
        codes = [code for (at, _), code in piece.line_codes.items() if at == row]
        grid.add_row(*texts, *([Text(" | ".join(codes), style="magenta")] if piece.line_codes else []))
    if not told:
        grid.add_row(*meanings)
    return grid


def _meaning(column: SeenColumn | None) -> Text:
    if column is None:
        return Text()
    words = [value for word, value in column.meanings if word != "neutral"]
    if column.kind is Kind.AMOUNT and words:
        return Text("\n".join(words), style="italic cyan")
    return Text(kind_name(column.kind), style=f"italic {_STYLES[column.kind]}")


def _cell(cell: Cell, mark: Mark | None) -> Text:
    text = Text(visible(cell.text.replace("\n", "")), style=_STYLES[mark.kind] if mark else "")
    if mark and mark.kind is Kind.PROBLEM and mark.note:
        text.append(f" ({mark.note})", style="red")
    if cell.confidence is not None and cell.confidence < LOW_CONFIDENCE:
        text.append(f" {cell.confidence:.0%}", style="dark_orange")
    return text


def _paragraph(seen: SeenParagraph) -> RenderableType:
    """A paragraph with its figures coloured, and below it what each figure was read as."""
    text = Text(visible(seen.paragraph.text), style="bold" if seen.paragraph.is_heading else "")
    for figure in seen.figures:
        text.stylize(_STATUS_STYLES[figure.claim.status], figure.start, figure.end)
    said = [
        Text(
            visible(f"{seen.paragraph.text[figure.start : figure.end]} → {claim_says(figure.claim)}"),
            style=_STATUS_STYLES[figure.claim.status],
        )
        for figure in seen.figures
    ]
    return Group(text, Padding(Group(*said), (0, 0, 0, 4), expand=False)) if said else text
