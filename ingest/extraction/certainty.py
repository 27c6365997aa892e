"""Which figures that OCR read are too uncertain to be facts; they are marked and counted, never dropped silently."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.document.certainty import UNCERTAIN, is_doubtful
from ingest.document.model import Cell, Document
from ingest.document.text import fold
from ingest.forms.model import FormCell, RecognisedForm
from ingest.performance import PerformanceForm
from ingest.performance.model import FundingRow, IndicatorRow


def mark_uncertain(
    document: Document, forms: Iterable[RecognisedForm], performance: Iterable[PerformanceForm]
) -> None:
    """Mark uncertain figures as not to be loaded.

    In forms these are the amounts that are doubtful themselves, or whose row is named by a doubtful code or, without
    a code, by a doubtful name. In performance forms the doubtful cells are removed, and the form's note says so.
    """
    doubtful: set[str] = set()
    beside: dict[str, list[Cell]] = {}  # the doubtful cells of a cell's row
    for table in document.tables():
        found = {cell.ref for cell in table.cells if is_doubtful(cell.confidence)}
        doubtful |= found
        for row in table.grid if found else ():
            in_row = [cell for cell in row if cell and cell.ref in found]
            for cell in row if in_row else ():
                if cell:
                    beside.setdefault(cell.ref, []).extend(in_row)
    if not doubtful:
        return
    for form in forms:
        for amount in form.cells:
            if amount.problem is None and (
                amount.source_ref in doubtful or _is_named_by(amount, beside.get(amount.source_ref, []))
            ):
                amount.problem = UNCERTAIN
    for performance_form in performance:
        _take_out(performance_form, doubtful)


def _is_named_by(amount: FormCell, cells: Iterable[Cell]) -> bool:
    name = fold(amount.code_text or amount.label or "")
    return any(text in name for cell in cells if (text := fold(cell.text)))


def _take_out(form: PerformanceForm, doubtful: set[str]) -> None:
    rows: list[FundingRow | IndicatorRow] = [*form.funding, *form.indicators]
    for row in rows:
        sure = {role: cell for role, cell in row.cells.items() if cell.ref not in doubtful}
        if len(sure) < len(row.cells):
            row.cells, form.problem = sure, UNCERTAIN
    if form.total_weight and form.total_weight.ref in doubtful:
        form.total_weight, form.problem = None, UNCERTAIN
    if form.total_score and form.total_score.ref in doubtful:
        form.total_score, form.problem = None, UNCERTAIN
