"""What the grammar hands to the loader: figures and lists of prose, verbatim, with what the sentence says of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure with its unit, printed in prose.

    ``status`` is ``read``, ``set_aside`` or ``unread``, with ``reason_code`` where it is not read. The codes are
    those of the contract, as far as the words give them; a null leaves the choice to the statement or the document.
    ``direction`` is the sign that the words give (增加 1, 减少 -1), null for the sign as printed.
    """

    claim_no: int
    paragraph_no: int
    source_ref: str
    page_no: int | None
    section_no: int
    sentence: str
    figure_text: str
    unit_text: str
    status: str
    reason_code: str | None = None
    fact: str | None = None
    statement_code: str | None = None
    fund_code: str | None = None
    basis: str | None = None
    comparison_base: str | None = None
    direction: int | None = None
    subject_type: str | None = None
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


@dataclass(frozen=True, slots=True)
class StatedPart:
    """One part that a sentence says an amount includes, without a figure of its own."""

    part_no: int
    source_ref: str
    page_no: int | None
    sentence: str
    fact: str
    statement_code: str | None
    fund_code: str | None
    subject_code: str | None
    part_name: str
