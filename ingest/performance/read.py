"""Document -> its performance forms. Knows forms and nothing about media; no rule looks at a unit's name."""

from __future__ import annotations

import re

from ingest.document.model import Document
from ingest.document.text import fold, is_amount, squeeze
from ingest.performance.funding import read_funding
from ingest.performance.indicators import Indicators, read_indicators
from ingest.performance.lists import split_lists
from ingest.performance.model import FormKind, FormProblem, FundingRow, PerformanceForm, PrintedRow
from ingest.performance.stream import Segment, find_segments, indicator_roles, is_project_row
from ingest.performance.words import bare_label
from ingest.registry import any_of

_EVALUATED = frozenset({"actual", "completion", "score"})
_OTHER_LABEL = re.compile(any_of("performance.other_label"))
_UNIT_LABEL = re.compile(any_of("performance.unit_label"))
_SUM_ROW = re.compile(any_of("performance.funding_total"))
_SELF_EVALUATION = re.compile(any_of("performance.self_evaluation"))


def read_performance(document: Document) -> list[PerformanceForm]:
    """The performance forms of a document in printed order; a form that could not be read says why."""
    forms: list[PerformanceForm] = []
    for segment in split_lists(find_segments(document)):
        form = _read(segment, len(forms) + 1)
        if form.problem == "no_indicator_row" and not form.funding:
            continue  # a template that is not filled in
        if form.scope == "project":
            form.project_no = sum(1 for other in forms if other.scope == "project") + 1
        forms.append(form)
    return forms


def _read(segment: Segment, form_no: int) -> PerformanceForm:
    is_project = segment.statement_code == "project_performance" or (
        segment.has_project and segment.statement_code is None
    )
    rows = [] if segment.doubt else segment.rows
    indicators = read_indicators(rows, is_project)
    funding = read_funding(rows, segment.unit_text)
    return PerformanceForm(
        form_no=form_no,
        statement_code="project_performance" if is_project else "overall_performance",
        kind=_kind(segment, indicators, funding),
        scope="project" if is_project else "unit",
        project_no=None,
        project_name=_project_name(segment),
        title=segment.title,
        unit_text=segment.listed_unit if is_project else _unit_text(segment),
        source_ref=segment.source_ref,
        page_no=segment.page_no,
        funding=funding,
        indicators=indicators.rows,
        total_weight=indicators.total_weight,
        total_score=indicators.total_score,
        problem=_problem(segment, indicators, funding),
        printed=[cell for row in segment.rows for cell in row.cells],
        parts=_parts(segment.rows, funding),
    )


def _parts(rows: list[PrintedRow], funding: list[FundingRow]) -> frozenset[str]:
    """The places in and above the row of a block's total, which is a sum or stands alone below the heads of the funds."""
    total = next((row for row in funding if row.fund_line == "total"), None)
    at = next(
        (
            at
            for at, row in enumerate(rows)
            if total and any(cell.ref == total.source_ref for cell in row.cells)
        ),
        None,
    )
    if at is None:
        return frozenset()
    labels = [cell.text for cell in rows[at].cells if not is_amount(cell.text)]
    if labels and not any(_SUM_ROW.fullmatch(bare_label(label)) for label in labels):
        return frozenset()
    return frozenset(cell.ref for row in rows[: at + 1] for cell in row.cells)


def _kind(segment: Segment, indicators: Indicators, funding: list[FundingRow]) -> FormKind:
    evaluated = indicators.roles & _EVALUATED or any(
        role in row.cells for row in funding for role in ("executed", "score", "rate")
    )
    return "self_evaluation" if evaluated or _SELF_EVALUATION.search(segment.title or "") else "target"


def _project_name(segment: Segment) -> str | None:
    """What is printed behind the label of the project's name, up to the next label."""
    if segment.project_name:
        return squeeze(segment.project_name)
    row = next((row for row in segment.rows if row.cells and is_project_row(row)), None)
    return _labelled(row) if row else None


def _unit_text(segment: Segment) -> str | None:
    """The budget unit that the form names in its head: behind a label in its rows, else in a line above them."""
    for row in segment.rows:
        if indicator_roles(row):
            break
        if row.cells and _UNIT_LABEL.fullmatch(bare_label(_label(row))) and (name := _labelled(row)):
            return name
    return segment.unit_line


def _label(row: PrintedRow) -> str:
    """What a row's first cell says before a colon."""
    return re.split(r"[:：]", fold(row.cells[0].text))[0]


def _labelled(row: PrintedRow) -> str | None:
    """What is printed behind a row's label, up to the next label."""
    parts = re.split(r"[:：]", row.cells[0].text, maxsplit=1)[1:]
    for cell in row.cells[1:]:
        if _OTHER_LABEL.fullmatch(bare_label(cell.text)):
            break
        if any(char.isalnum() for char in cell.text):
            parts.append(cell.text)
    return squeeze("".join(parts)) or None


def _problem(segment: Segment, indicators: Indicators, funding: list[FundingRow]) -> FormProblem | None:
    if segment.doubt:
        return segment.doubt
    if not segment.has_indicators:
        has_unit = any(row.unit_text for row in funding)
        return "no_indicator_header" if not segment.is_listed else None if has_unit else "unit_unknown"
    if indicators.has_repeated_columns:
        return "columns_repeated"
    if segment.has_cut_row:
        return "row_cut"
    if not indicators.rows:
        return "no_indicator_row"
    if len(set(indicators.roles)) and "target" not in indicators.roles:
        return "no_target_column"
    if funding and not any(row.unit_text for row in funding):
        return "unit_unknown"
    left = [cell for cell in indicators.left_out if sum(char.isalnum() for char in cell.text) > 1]
    return "cells_left_out" if left else None
