"""What a sentence is about, what its next figure will say, and where its reading stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from ingest.narrative.model import ReasonCode, Status, SubjectType
from ingest.narrative.token import FunctionName, Token


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure is about."""

    fact: str
    code: str | None = None
    fund_code: str | None = None
    statement_code: str | None = None
    name: FunctionName | None = None
    economic_name: str | None = None
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds a sentence: the document's year, stage and kind; the section; the project that it describes;
    the fund that the headings name, if any; whether the paragraph sums up how a project was evaluated; the projects
    that a report lists; the publisher's names; the other budget unit that the heading names; and whether the document
    prints signs where it prints both directions of a change (增加（减少）-3.00万元)."""

    fiscal_year: int | None
    stage: str | None
    is_report: bool
    section: str
    project_name: str | None = None
    section_fund: str | None = None
    is_evaluation: bool = False
    projects: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    other_unit: str | None = None
    signs_changes: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one figure says; the fields of a claim that the grammar decides."""

    token: Token
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
    name: FunctionName | None = None
    economic_name: str | None = None
    ratio: str | None = None
    project_name: str | None = None
    part_name: str | None = None
    amount_column: str | None = None
    budget_unit_name: str | None = None


@dataclass(slots=True)
class ListedParts:
    """The parts, without figures, that a sentence says an amount includes."""

    subject: Subject
    statement_code: str | None
    names: list[str]


@dataclass(slots=True)
class Before:
    """What the sentences before leave to this one.

    ``topic`` is what a sentence without a subject speaks of, ``last`` the subject that was named last, ``whole`` what the list
    that was begun above is of, ``opened`` the whole whose parts the next lines are, ``divided`` what was divided last (按…分), ``year`` and ``basis`` those of the last amount.
    """

    topic: Subject | None = None
    last: Subject | None = None
    whole: Subject | None = None
    opened: Subject | None = None
    divided: Subject | None = None
    year: str | None = None
    basis: str | None = None


@dataclass(slots=True)
class About:
    """What a sentence is about so far.

    ``subject`` is what the next figure belongs to, and ``fund`` a fund that is named before its subject. ``main`` is the first
    subject that had a figure, or the whole of the list that is read. ``row`` are subjects named one behind the other, ``due``
    those of them that still wait for their figure (分别): none where the figures are not as many, null where there is no row.
    ``is_many`` says that several subjects had figures, ``is_both`` that 收入总计 and 支出总计 stand beside each other.
    ``divided`` is what is divided by the list that is read (按…分). ``part_name`` names the part of a list that is no term.
    """

    subject: Subject | None = None
    fund: Subject | None = None
    main: Subject | None = None
    divided: Subject | None = None
    row: tuple[Subject, ...] = ()
    due: tuple[Subject, ...] | None = None
    is_many: bool = False
    is_both: bool = False
    part_name: str | None = None


@dataclass(slots=True)
class Role:
    """What the next figure says of its subject, as far as the words before it tell.

    ``basis``, ``year`` (its end in the sentence is ``year_end``) and ``direction`` (1, -1, 0 for the sign as printed);
    ``compared`` is the base of a comparison, which ends at ``compared_at``; ``ratio`` is what a percentage says, ``share_base``
    the words of 占…, ``completes`` the ratio that follows the next amount. ``spent_*`` is what the last amount used up, ``bases``
    the bases that were said of the subject, ``is_planned`` says that a purchase is planned, ``is_unchosen`` that both directions of a change
    are printed (增加（减少）).
    """

    basis: str | None = None
    year: str | None = None
    year_end: int = -1
    direction: int | None = None
    compared: str | None = None
    compared_at: int = -1
    ratio: str | None = None
    share_base: str = ""
    completes: str | None = None
    spent_basis: str | None = None
    spent_year: str | None = None
    spent_direction: int | None = None
    bases: frozenset[str] = frozenset()
    is_planned: bool = False
    is_unchosen: bool = False


@dataclass(slots=True)
class Progress:
    """Where the reading of a sentence stands.

    ``skip`` is why the figures that follow are set aside (a reason), null where they are read. ``is_dirty``: unknown words
    followed the subject. ``is_joined``: the next subject is joined to the one before (、 和). ``has_figure``: the subject had a
    figure. ``in_list``: the parts of ``About.main`` are read; ``list_basis`` and ``list_year`` are theirs unless they say others.
    ``other_unit``: the figures are those of another budget unit, as the sentence or its heading names it; ``is_units_part``: of one
    that is named within the sentence, so that what they are is not known. ``has_reason_amount``: an
    amount stands in the reason (from ``skip_at``), so that what is compared behind it is that amount. ``is_again``: the amount follows another.
    ``is_count_unknown``: nothing says which persons were counted last. ``is_list_of_unknown``: the parts that are read are those of a figure that is not. ``is_of_details``: the list is of
    projects. ``has_compared_part``: a part of the list was compared with a base of its own.
    """

    skip: ReasonCode | None = None
    is_dirty: bool = False
    is_joined: bool = False
    has_figure: bool = False
    in_list: bool = False
    list_basis: str | None = None
    list_year: str | None = None
    other_unit: str | None = None
    is_units_part: bool = False
    skip_at: int = 0
    has_reason_amount: bool = False
    is_again: bool = False
    is_count_unknown: bool = False
    is_list_of_unknown: bool = False
    is_of_details: bool = False
    has_compared_part: bool = False


_Values = TypeVar("_Values", About, Role, Progress)


def _copied(values: _Values) -> _Values:
    return type(values)(*(getattr(values, name) for name in type(values).__slots__))


@dataclass(slots=True)
class State:
    """A sentence as far as it is read. Each token changes it by the transition that ``STEPS`` names for its kind; a figure
    is read from it and uses up its role."""

    before: Before
    about: About = field(default_factory=About)
    role: Role = field(default_factory=Role)
    progress: Progress = field(default_factory=Progress)

    def copy(self) -> State:
        """The state as it is now, which later transitions leave alone."""
        return State(self.before, _copied(self.about), _copied(self.role), _copied(self.progress))
