"""What recognisers hand to the loader: forms and their cells, verbatim, with their places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ingest.forms.columns import Column
from ingest.registry import Layout

Side = Literal["income", "expenditure"]
"""The two sides of a form that sets revenue and expenditure beside each other."""
RowKind = Literal["coded", "line", "total", "record", "unknown"]
"""What a row is: one with a code or a code's name, a known label, the form's total, a year's or unit's record."""
CellProblem = Literal[
    "header_unknown",
    "line_unknown",
    "row_cut",
    "unit_unnamed",
    "subtotals_only",
    "layout_unknown",
    "low_confidence",
]
"""Why a cell's amount is not placed in its form."""
DeclarationKind = Literal["listed", "announced", "empty", "none"]
ListKind = Literal["total", "unit", "category", "line", "outside"]
"""What a row of a list is: the whole, a budget unit's subtotal, another subtotal, one thing, none of these."""


@dataclass(slots=True)
class FormCell:
    """One amount cell of a form's body with all that is printed around it. Blank cells are kept: a blank is not a zero.

    ``budget_unit_name`` is the budget unit whose figure it is, None for a figure of the publisher itself.
    """

    row_no: int
    col_no: int
    side: Side | None
    row_kind: RowKind
    line_code: str | None
    line_fund_code: str | None
    code_text: str | None
    label: str | None
    words: dict[str, str]
    header_path: str
    cell_text: str
    source_ref: str
    page_no: int | None
    problem: CellProblem | None = None
    project_name: str | None = None
    budget_unit_name: str | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a form that lists things (purchases, projects): what it names, as printed.

    ``unit_name``, ``category_name`` and ``project_name`` are also those of the rows that it stands below; its ``row_no`` is
    that of its cells. Texts of codes are their printed parts, joined by spaces, else the printed name.
    """

    row_no: int
    kind: ListKind
    unit_name: str | None
    category_name: str | None
    parent_project_name: str | None
    project_name: str | None
    project_code: str | None
    project_category: str | None
    item_name: str | None
    catalogue_code: str | None
    function_text: str | None
    function_name: str | None
    economic_text: str | None
    government_text: str | None
    method: str | None
    quantity_text: str | None
    quantity_unit: str | None


@dataclass(slots=True)
class RecognisedForm:
    """One statutory form of a document, stitched over its pages.

    ``has_total_row`` is False where a form that must end (or begin) with its total has none: the file may
    have lost rows. ``has_unread_rows``: lines of figures stand below it that could not be read as its rows. ``notes`` are the texts printed below it,
    ``unit_names`` the names of budget units by the codes that it prints.
    """

    form_no: int
    statement_code: str
    title: str
    unit_text: str | None
    page_from: int | None
    page_to: int | None
    score: int
    layout: Layout
    is_continued: bool = False
    has_total_row: bool = False
    has_unread_rows: bool = False
    row_count: int = 0
    notes: list[str] = field(default_factory=list)
    cells: list[FormCell] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    piece_refs: list[list[str]] = field(default_factory=list)
    list_rows: list[ListRow] = field(default_factory=list)
    unit_names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a document says of a form: ``listed`` in its contents, ``announced`` for another file, ``empty``, or that there is no money of its kind (``none``)."""

    statement_code: str
    kind: DeclarationKind
    text: str
    source_ref: str
