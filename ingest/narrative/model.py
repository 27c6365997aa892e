"""What the grammar hands to the loader: figures and lists of prose, verbatim, with what the sentence says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["read", "set_aside", "unread"]
"""Whether a figure is read, is known not to be one that the contract asks for, or is not understood."""
ReasonCode = Literal[
    "no_subject",
    "no_meaning",
    "low_confidence",
    "adjustment",
    "budget_variance",
    "definition",
    "explanation",
    "funding_source",
    "included_part",
    "other_base",
    "other_procurement",
    "other_unit",
    "other_year",
    "outside_contract",
    "performance_goal",
    "plan_detail",
    "project_detail",
    "project_kind",
    "range",
    "rating_count",
    "reason_clause",
    "staff_kind",
    "threshold",
    "unit_rate",
]
"""Why a figure is not read; the terms of kind ``aside`` and ``skip`` give some of them as their code."""
SubjectType = Literal[
    "function", "economic", "measure", "revenue_source", "metric", "balance", "three_public"
]
"""What the subject of a ratio is."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure with its unit, printed in prose.

    ``status`` is ``read``, ``set_aside`` or ``unread``, with ``reason_code`` where it is not read. The codes are
    those of the contract, as far as the words give them; a null leaves the choice to the statement or the document.
    ``direction`` is the sign that the words give (增加 1, 减少 -1), null for the sign as printed. ``budget_unit_name`` is null where the
    figure is the publisher's own.
    """

    claim_no: int
    paragraph_no: int
    source_ref: str
    page_no: int | None
    section_no: int
    sentence: str
    figure_text: str
    unit_text: str
    status: Status
    reason_code: ReasonCode | None = None
    fact: str | None = None
    statement_code: str | None = None
    fund_code: str | None = None
    basis: str | None = None
    comparison_base: str | None = None
    direction: int | None = None
    subject_type: SubjectType | None = None
    subject_code: str | None = None
    class_name: str | None = None
    section_name: str | None = None
    item_name: str | None = None
    function_code_text: str | None = None
    item_level_marked: bool = False
    economic_name: str | None = None
    ratio: str | None = None
    detail: str | None = None
    project_name: str | None = None
    part_name: str | None = None
    form: str | None = None
    scope: str | None = None
    amount_column: str | None = None
    budget_unit_name: str | None = None


@dataclass(frozen=True, slots=True)
class StatedPart:
    """One part that, as a sentence says, an amount includes; it has no figure of its own."""

    part_no: int
    source_ref: str
    page_no: int | None
    sentence: str
    fact: str
    statement_code: str | None
    fund_code: str | None
    subject_code: str | None
    part_name: str


@dataclass(frozen=True, slots=True)
class ChangeReason:
    """The reason that a sentence gives for one change.

    ``direction`` is 1, -1, 0 (no change) or null; ``claim_no`` is the figure of the change, if one is printed.
    """

    reason_no: int
    source_ref: str
    page_no: int | None
    sentence: str
    statement_code: str | None
    fund_code: str | None
    subject_type: SubjectType
    subject_code: str | None
    class_name: str | None
    section_name: str | None
    item_name: str | None
    function_code_text: str | None
    item_level_marked: bool
    economic_name: str | None
    compared_with: str
    direction: int | None
    claim_no: int | None
    reason_text: str


@dataclass(slots=True)
class Narrative:
    """What the prose of a document says: figures, parts without figures, and the reasons of changes."""

    claims: list[Claim] = field(default_factory=list)
    parts: list[StatedPart] = field(default_factory=list)
    reasons: list[ChangeReason] = field(default_factory=list)
