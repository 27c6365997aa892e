"""Data of performance forms: the printed rows that are read, and the forms with their cells' texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FormKind = Literal["self_evaluation", "target"]
FormScope = Literal["unit", "project"]
FormProblem = Literal[
    "no_indicator_header",
    "columns_repeated",
    "row_cut",
    "no_indicator_row",
    "no_target_column",
    "unit_unknown",
    "cells_left_out",
    "low_confidence",
    "name_lost",
    "order_unknown",
]
"""Why a performance form is not read, or not whole."""


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell that holds text, where it stands in its row.

    ``span`` is how many columns it covers; 0 where the medium does not say.
    """

    text: str
    col: int
    ref: str
    span: int = 0


@dataclass(slots=True)
class PrintedRow:
    """One row of a table as printed, without its empty cells.

    ``part`` numbers the run of rows (a table on one page, or between two blank lines) that share columns.
    ``width`` counts the row's cells, empty ones too. ``is_cut`` is as in the cells of the neutral model. ``blank`` are the
    columns at which the row holds nothing and no merged cell reaches it, where the medium knows merged cells. ``amounts_above``:
    the amounts between the run and the one before it, outside of tables: of cells that the page break has cut.
    """

    cells: list[PrintedCell]
    width: int
    part: int
    page_no: int | None
    is_cut: bool = False
    blank: frozenset[int] = frozenset()
    amounts_above: frozenset[str] = frozenset()


@dataclass(slots=True)
class Joined:
    """A text put together from the pieces into which the print cut a cell; ``ref`` is that of its first piece."""

    text: str
    ref: str


@dataclass(slots=True)
class FundingRow:
    """One line of the funding block: its label, the fund line that the label means, its cells by role."""

    label: str
    fund_line: str | None
    unit_text: str | None
    cells: dict[str, Joined]
    source_ref: str
    page_no: int | None


@dataclass(slots=True)
class IndicatorRow:
    """One indicator: its cells by role; level words as the registry spells them."""

    level1_name: str | None
    level2_name: str | None
    cells: dict[str, Joined]
    source_ref: str
    page_no: int | None


@dataclass(slots=True)
class PerformanceForm:
    """One performance form of a document, in printed order.

    ``kind`` is ``self_evaluation`` or ``target``, ``scope`` ``unit`` or ``project``. ``project_no`` counts the
    document's project forms. ``unit_text`` is the budget unit that the form names. ``problem`` says why nothing, or not
    all, could be read.
    """

    form_no: int
    statement_code: str
    kind: FormKind
    scope: FormScope
    project_no: int | None
    project_name: str | None
    title: str | None
    unit_text: str | None
    source_ref: str
    page_no: int | None
    funding: list[FundingRow] = field(default_factory=list)
    indicators: list[IndicatorRow] = field(default_factory=list)
    total_weight: Joined | None = None
    total_score: Joined | None = None
    problem: FormProblem | None = None
    source: Literal["table", "narrative"] = "table"
    printed: list[PrintedCell] = field(default_factory=list)
    """Every cell that stands in the form, read or not."""
    parts: frozenset[str] = frozenset()
    """The places of amounts that the total of its funds contains and that are no fund line (of tasks, of other columns)."""
