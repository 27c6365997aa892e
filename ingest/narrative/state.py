"""What the words of a sentence say, kept until the next figure: subject, fund, basis, direction, and what each word changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.narrative.model import ReasonCode, Status, SubjectType
from ingest.narrative.terms import Term
from ingest.narrative.token import FunctionName, Token

_INCOME = ("total_income", "current_income", "opening_carryover")
_MEASURES = ("basic", "project")
_FUNDS = ("general_public", "government_fund", "state_capital", "fiscal_appropriation")
_NAMED_FUNDS = (
    ("一般公共预算", "general_public"),
    ("政府性基金", "government_fund"),
    ("国有资本经营", "state_capital"),
    ("财政专户", "special_account"),
    ("单位资金", "own_funds"),
)
ASIDE_SECTIONS = ("three_public", "other_matters", "performance", "profile")
"""Sections that mention revenue and expenditure without stating them."""


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
    the fund that the headings name, if any; and whether the paragraph sums up how a project was evaluated."""

    fiscal_year: int | None
    stage: str | None
    is_report: bool
    section: str
    project_name: str | None = None
    section_fund: str | None = None
    is_evaluation: bool = False


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


@dataclass(slots=True)
class ListedParts:
    """The parts, without figures, that a sentence says an amount includes."""

    subject: Subject
    statement_code: str | None
    names: list[str]


@dataclass(slots=True)
class State:
    """What the words of a sentence have said so far, up to the next figure."""

    topic: Subject | None = None
    whole: Subject | None = None
    subject: Subject | None = None
    main: Subject | None = None
    fund: Subject | None = None
    basis: str | None = None
    list_basis: str | None = None
    spent_basis: str | None = None
    spent_direction: int | None = None
    year: str | None = None
    direction: int | None = None
    compared: str | None = None
    compared_at: int = -1
    ratio: str | None = None
    share_base: str = ""
    completes: str | None = None
    is_many: bool = False
    is_joined: bool = False
    row: tuple[Subject, ...] = ()
    due: tuple[Subject, ...] | None = None
    is_both: bool = False
    part_name: str | None = None
    skip: ReasonCode | None = None
    in_list: bool = False
    is_planned: bool = False
    is_dirty: bool = False
    has_figure: bool = False


def meet_unknown(state: State) -> None:
    """Forget what was said before words that the grammar does not know."""
    state.is_dirty = True
    state.year = state.direction = state.ratio = None
    state.basis = state.list_basis if state.in_list else None


def _on_subject(state: State, token: Token, setting: Setting) -> None:
    term = token.term
    assert term is not None
    is_foreign = state.subject and state.subject.code == "reception_foreign"
    if term.code == "reception" and is_foreign and not token.text.startswith("国内"):
        return
    if state.subject and not state.is_dirty and not state.has_figure and _adds_to(state.subject, term, state):
        return
    if _is_aside(term, setting):
        about = state.subject or state.main or state.topic
        if not (about and about.fact == "metric" and (about.code or "").startswith("performance_")):
            _enter(state, Subject("outside", "reference"))
        return
    subject = Subject(
        fact=term.fact or "",
        code=term.code,
        fund_code=term.fund_code,
        statement_code=term.statement_code,
        economic_name=token.text if term.fact == "economic_class" else None,
        is_weak=term.is_weak,
    )
    if subject.fact == "economic_class":
        subject = replace(subject, fact="economic", code="total")
    if state.fund and not state.is_dirty:
        subject = _of_fund(subject, state.fund, setting)
    if subject.fact == "balance" and not subject.fund_code:
        named = next((code for words, code in _NAMED_FUNDS if words in token.text), None)
        subject = replace(subject, fund_code=named)
    subject = inherit(state, subject, setting)
    is_part = subject.fact == "expenditure" and subject.code != "total"
    if state.in_list and state.main and state.main.name and is_part:
        subject = replace(state.main, code=subject.code)
    _enter(state, subject)


def _adds_to(before: Subject, term: Term, state: State) -> bool:
    """Whether a subject only adds to the one right before it, which takes the fund that a total names."""
    is_total = term.fact == "expenditure" and term.code == "total" and term.fund_code
    if is_total and before.fact not in ("fund", "expenditure") and not before.fund_code:
        state.subject = replace(before, fund_code=term.fund_code)
    return bool(is_total and before.fact != "expenditure") or term.is_weak


def _is_aside(term: Term, setting: Setting) -> bool:
    """Whether a subject is only mentioned, in a section about something else."""
    is_account = term.fact in ("expenditure", "revenue", "balance")
    return setting.section in ASIDE_SECTIONS and not setting.is_report and is_account


def _of_fund(subject: Subject, fund: Subject, setting: Setting) -> Subject:
    """A subject, narrowed by the fund that is named before it."""
    if subject.fact not in ("balance", "revenue", "expenditure", "economic", "three_public", "metric"):
        return subject
    if subject.is_weak and subject.fact == "revenue":
        subject = replace(subject, code=fund.code)
    if not subject.fund_code:
        subject = replace(subject, fund_code=fund.fund_code)
    is_appropriation = setting.section == "appropriation_summary"
    if subject.code == "current_income" and is_appropriation and fund.code != "fiscal_appropriation":
        subject = Subject("revenue", fund.code)
    is_account = subject.fact in ("balance", "expenditure", "revenue")
    if fund.statement_code and is_account and not subject.statement_code:
        subject = replace(subject, statement_code=fund.statement_code)
    return subject


def _enter(state: State, subject: Subject) -> None:
    before = state.subject
    follows = before is not None and not state.has_figure and not state.is_dirty and state.is_joined
    state.row = (*state.row, subject) if follows else (subject,)
    state.is_joined = False
    state.due = None
    state.is_both = bool(before and before.code == "total_income" and subject.code == "total_expenditure")
    state.subject = subject
    state.fund = None
    state.is_dirty = False
    state.skip = None
    state.has_figure = False
    state.direction = state.ratio = None
    state.basis = state.list_basis if state.in_list else None


def _on_function(state: State, token: Token, setting: Setting) -> None:
    fund = state.fund.fund_code if state.fund and not state.is_dirty else None
    name = token.name
    whole = state.main.name if state.in_list and state.main else None
    if name and whole and name.item_name and not name.class_name:
        name = replace(
            name, class_name=whole.class_name, section_name=name.section_name or whole.section_name
        )
    main = state.main if state.in_list else None
    measure = main.code if main and main.fact == "expenditure" and main.code in _MEASURES else "total"
    _enter(state, inherit(state, Subject("function", measure, fund, None, name), setting))


def inherit(state: State, subject: Subject, setting: Setting) -> Subject:
    """A part in a list, with the fund of its whole, and its statement where the whole is 收入预算 or 支出预算 itself."""
    whole = state.main if state.in_list else state.whole
    is_of_total = whole is not None and whole.code in ("total_income", "total_expenditure")
    if (
        state.in_list
        and is_of_total
        and subject.fact == "balance"
        and setting.section in ("revenue", "expenditure")
    ):
        return replace(subject, statement_code="summary")
    is_of_both = whole is not None and whole.fact == "balance" and setting.section == "appropriation_summary"
    if state.in_list and is_of_both and subject.fact == "expenditure" and subject.statement_code:
        return replace(subject, statement_code=setting.section)
    if not (whole and subject.fact in ("expenditure", "revenue", "function")):
        return subject
    if whole.is_weak and not subject.statement_code and setting.section in ("summary", "general"):
        subject = replace(subject, statement_code=whole.statement_code)
    if subject.fact == "revenue" or subject.fund_code:
        return subject
    return replace(subject, fund_code=whole.fund_code)


def _on_economic(state: State, token: Token, _setting: Setting) -> None:
    _enter(state, Subject("economic", "total", economic_name=token.text))


def _on_fund(state: State, token: Token, _setting: Setting) -> None:
    term = token.term
    assert term is not None
    if state.subject and not state.has_figure and not state.is_dirty:
        if not state.subject.fund_code:
            state.subject = replace(state.subject, fund_code=term.fund_code)
        return
    counted = state.subject
    if counted and counted.fact == "metric" and not state.is_dirty and token.text.startswith("涉及"):
        # what was counted takes money of this fund
        state.subject = replace(counted, fund_code=term.fund_code)
        return
    if state.fund and term.code == "fiscal_appropriation" and not (state.is_dirty or state.has_figure):
        return
    state.fund = Subject("fund", term.code, term.fund_code, term.statement_code)
    state.subject = None
    state.is_dirty = False
    state.has_figure = False


def _on_basis(state: State, token: Token, setting: Setting) -> None:
    assert token.term is not None
    is_alone = not (state.subject or state.topic or setting.is_report)
    if token.term.fact and is_alone and setting.section in ("expenditure", "general"):
        _enter(state, Subject("expenditure", "total", statement_code="expenditure", is_weak=True))
    before = state.subject
    if token.text.startswith("支出") and before and not state.is_dirty and _is_income(before):
        _enter(state, Subject("expenditure", "total", before.fund_code, before.statement_code, is_weak=True))
    state.basis = token.term.code
    state.direction = state.ratio = None


def _is_income(subject: Subject) -> bool:
    return subject.fact == "revenue" or subject.code in _INCOME


def _on_direction(state: State, token: Token, _setting: Setting) -> None:
    assert token.term is not None
    state.direction = int(token.term.code or 0)
    state.ratio = None
    if state.is_both and token.text[0] in "各均都":
        state.subject = replace(state.subject, code="total_both") if state.subject else None


def _on_ratio(state: State, token: Token, _setting: Setting) -> None:
    assert token.term is not None
    if (
        token.text == "(" and state.spent_direction is not None
    ):  # the rate of a change stands behind it in brackets
        state.direction = state.spent_direction
        return
    state.ratio = token.term.code
    state.share_base = token.text
    state.direction = None


def _on_respectively(state: State, _token: Token, _setting: Setting) -> None:
    state.due = state.row
    state.is_dirty = False


def _on_bare(state: State, token: Token, _setting: Setting) -> None:
    """Read 收入 or 支出 alone: as the other side of the subject before it, else as the outturn beside a budget."""
    assert token.term is not None
    before = state.subject
    is_income = before is not None and _is_income(before)
    if token.term.code == "expenditure" and before and is_income:
        fund = before.code if before.fact == "revenue" and before.code in _FUNDS else before.fund_code
        _enter(state, Subject("balance", "current_expenditure", fund, before.statement_code))
    elif token.term.code == "income" and before and before.fact == "balance":
        _enter(state, Subject("balance", "current_income", before.fund_code, before.statement_code))
    elif token.term.code == "expenditure" and before:
        state.basis = "final"
    else:
        state.subject, state.is_dirty = None, True


def _on_completes(state: State, token: Token, _setting: Setting) -> None:
    assert token.term is not None
    state.basis = token.term.code
    state.completes = "execution_rate"
    state.direction = state.ratio = None


def _on_compare(state: State, token: Token, _setting: Setting) -> None:
    state.compared = token.text
    state.compared_at = token.end
    if state.in_list and state.main and state.subject and state.subject.code == "opening_carryover":
        state.subject = state.main
    state.year = None


def _on_year(state: State, token: Token, setting: Setting) -> None:
    state.year = token.year or (str(setting.fiscal_year - 1) if setting.fiscal_year else "prior")


def _on_skip(state: State, token: Token, _setting: Setting) -> None:
    assert token.term is not None
    state.skip = token.term.reason_code


def open_list(state: State, _token: Token, _setting: Setting) -> None:
    """Begin a list of the parts of the last subject (其中)."""
    state.skip = None
    state.in_list = True
    state.list_basis = state.basis or state.spent_basis or state.list_basis
    state.basis = state.list_basis
    if state.subject and state.subject.fact != "fund":
        state.main = state.subject
    state.main = state.main or state.topic
    state.subject = None


def _on_parts(state: State, _token: Token, _setting: Setting) -> None:
    state.in_list = True
    state.main = Subject("project_budget", "own", statement_code="general_public_project")


def _on_planned(state: State, _token: Token, _setting: Setting) -> None:
    state.is_planned = True
    state.is_dirty = False


def _on_punctuation(state: State, token: Token, _setting: Setting) -> None:
    if token.text == ";":
        state.compared = state.compared if state.in_list else None
        state.direction = state.ratio = None
        state.year = None
        if not state.in_list:
            state.basis = None
    elif token.text in ",、" and not state.due:
        state.direction = state.ratio = None
        state.year = None


STEPS: dict[str, Callable[[State, Token, Setting], None]] = {
    "subject": _on_subject,
    "function": _on_function,
    "economic": _on_economic,
    "fund": _on_fund,
    "basis": _on_basis,
    "direction": _on_direction,
    "ratio": _on_ratio,
    "bare": _on_bare,
    "completes": _on_completes,
    "respectively": _on_respectively,
    "compare": _on_compare,
    "year": _on_year,
    "skip": _on_skip,
    "list": open_list,
    "parts": _on_parts,
    "planned": _on_planned,
    "punctuation": _on_punctuation,
}
