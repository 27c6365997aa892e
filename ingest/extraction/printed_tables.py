"""Every table that a document prints, without exception, and what is known of its figures before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ingest.document.figures import lost_figures, money_figures
from ingest.document.model import Document, TextLine
from ingest.document.text import FORM_NUMBER, PAGE_NUMBER, fold, is_amount, printed_unit, squeeze
from ingest.forms.model import RecognisedForm
from ingest.performance.model import PerformanceForm

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table as it stands on one page; ``form_no`` or ``performance_no`` is that of the form that was read from it."""

    table_no: int
    ref: str
    page_no: int | None
    title: str | None
    form_no: int | None
    performance_no: int | None


@dataclass(frozen=True, slots=True)
class PerformanceFigure:
    """A cell of a performance form that prints a money figure, and what it is there.

    ``role`` is ``funding`` (of the fund row ``line_no``), ``indicator`` (a value of an indicator, or the form's total
    weight or score), ``part`` for an amount beside the fund lines of a block whose total is read (of a task, of a fund without
    a line of its own), ``text`` for a figure within a text that is not a value, ``unplaced`` for a figure without a role.
    """

    performance_no: int
    ref: str
    role: str
    line_no: int | None


def printed_tables(
    document: Document, forms: Iterable[RecognisedForm], performance: Iterable[PerformanceForm]
) -> list[PrintedTable]:
    """The tables that print anything, numbered among all tables. A table that continues over pages counts once per page."""
    form_of = {ref: form for form in forms for ref in _refs(form)}
    performance_of = {cell.ref: form for form in performance for cell in form.printed}
    found: list[PrintedTable] = []
    above: list[TextLine] = []
    table_no = 0
    for block in document.blocks:
        if isinstance(block, TextLine):
            above.append(block)
            continue
        table_no += 1
        refs = [cell.ref for cell in block.cells if cell.text.strip()]
        form = next((form_of[ref] for ref in refs if ref in form_of), None)
        sheet = next((performance_of[ref] for ref in refs if ref in performance_of), None)
        title = form.title if form else sheet.title if sheet else _title(above, block.page_no)
        if refs:
            form_no, performance_no = form.form_no if form else None, sheet.form_no if sheet else None
            found.append(PrintedTable(table_no, refs[0], block.page_no, title, form_no, performance_no))
        above = []
    return found


def performance_figures(forms: Iterable[PerformanceForm]) -> Iterator[PerformanceFigure]:
    """The cells of performance forms that print money figures, each once."""
    for form in forms:
        lines = {
            part.ref: number for number, row in enumerate(form.funding, 1) for part in row.cells.values()
        }
        values = {part.ref for row in form.indicators for part in row.cells.values()}
        values |= {part.ref for part in (form.total_weight, form.total_score) if part}
        for ref, text in {cell.ref: cell.text for cell in form.printed}.items():
            if not money_figures(text):
                continue
            role = "funding" if ref in lines else "indicator" if ref in values else "text"
            if role == "text" and is_amount(text):
                role = "part" if ref in form.parts else "unplaced"
            yield PerformanceFigure(form.form_no, ref, role, lines.get(ref))


def lost_by_page(document: Document) -> Mapping[int | None, int]:
    """The number of money figures per page (None: the whole file) that are in no line of text and no cell that was read."""
    read: dict[int | None, list[str]] = {}
    for block in document.blocks:
        texts = [block.text] if isinstance(block, TextLine) else [cell.text for cell in block.cells]
        read.setdefault(block.page_no, []).extend(texts)
    lost = {
        page_no: len(lost_figures(text, read.get(page_no, []))) for page_no, text in document.printed.items()
    }
    return {page_no: count for page_no, count in lost.items() if count}


def _refs(form: RecognisedForm) -> Iterator[str]:
    yield from (cell.source_ref for cell in form.cells)
    yield from (ref for refs in form.piece_refs for ref in refs)


def _title(above: list[TextLine], page_no: int | None) -> str | None:
    """The nearest line above a table on its page that is not a money unit, form number or page number."""
    for line in reversed(above):
        folded = fold(line.text)
        if line.page_no == page_no and not (
            printed_unit(line.text) or FORM_NUMBER.match(folded) or PAGE_NUMBER.match(folded)
        ):
            return squeeze(line.text)[:_LONGEST_TITLE]
    return None
