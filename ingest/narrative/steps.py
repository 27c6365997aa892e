"""The transitions of a sentence's state: what each kind of word changes of what it is about, of what the next figure says of
that, and of where the reading stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ingest.narrative.state import Setting, State, Subject
from ingest.narrative.terms import Term
from ingest.narrative.token import Token

_INCOME = ("total_income", "current_income", "opening_carryover")
EVALUATED = ("performance_", "evaluation_")
"""How the metrics begin that count what was evaluated."""
_OTHER_SIDE = {
    "total_income": "total_expenditure",
    "total_expenditure": "total_income",
    "current_income": "current_expenditure",
    "current_expenditure": "current_income",
}
_SIDES = (("revenue", "total"), ("revenue", "fiscal_appropriation"), ("expenditure", "total"))
"""Accounts that stand for one side of the budget."""
_MEASURES = ("basic", "project")
_FUNDS = ("general_public", "government_fund", "state_capital", "fiscal_appropriation")
_NAMED_FUNDS = (
    ("一般公共预算", "general_public"),
    ("政府性基金", "government_fund"),
    ("国有资本经营", "state_capital"),
    ("财政专户", "special_account"),
    ("单位资金", "own_funds"),
)
_BOTH_WAYS = re.compile(r"[^(/][(/]")
_OF_BUDGET = re.compile(r"占(?:年初|全年|调整后?|年度)?预算数?的?$")
_DIVIDES = re.compile("^(?:其中)?[,:]?按")
ASIDE_SECTIONS = ("three_public", "other_matters", "performance", "profile")
"""Sections that mention revenue and expenditure without stating them."""


def meet_unknown(state: State) -> None:
    """Forget what was said before words that the grammar does not know."""
    role, progress = state.role, state.progress
    progress.is_dirty = True
    role.year = progress.list_year
    role.direction = role.ratio = None
    role.basis = progress.list_basis if progress.in_list else None


def _on_subject(state: State, token: Token, setting: Setting) -> None:
    """Enter a subject, narrowed by the fund before it and by the list that it is a part of.

    Words that only add to the subject before them are none; accounts that are only mentioned are a subject outside the contract.
    """
    about, progress = state.about, state.progress
    term = token.term
    assert term is not None
    is_foreign = about.subject and about.subject.code == "reception_foreign"
    if term.code == "reception" and is_foreign and not token.text.startswith("国内"):
        return
    if (
        about.subject
        and not progress.is_dirty
        and not progress.has_figure
        and _adds_to(about.subject, term, state)
    ):
        return
    if _is_aside(term, setting):
        spoken = about.subject or about.main or state.before.topic
        if not (spoken and spoken.fact == "metric" and (spoken.code or "").startswith(EVALUATED)):
            _enter(state, Subject("outside", "reference"))
        elif term.fund_code and term.code == "total":  # what was evaluated took money of this fund
            about.subject = replace(spoken, fund_code=term.fund_code)
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
    if subject.code == "vehicle_asset" and _speaks_of_three_public(state):
        subject = replace(subject, code="vehicles_held")
    if about.fund and not progress.is_dirty:
        subject = _of_fund(subject, about.fund, setting)
    if _is_of_purchases(about.subject) and _is_of_purchases(subject) and about.subject:
        subject = replace(subject, fund_code=subject.fund_code or about.subject.fund_code)
    if subject.fact == "balance" and not subject.fund_code:
        named = next((code for words, code in _NAMED_FUNDS if words in token.text), None)
        subject = replace(subject, fund_code=named)
    subject = inherit(state, subject, setting)
    whole = about.main if progress.in_list else state.before.opened
    if whole and whole.name and subject.fact == "expenditure" and subject.code != "total":
        subject = replace(whole, code=subject.code)
    elif whole and whole.economic_name and _measure_of_class(subject):
        subject = replace(whole, code=_measure_of_class(subject))
    _enter(state, subject)


def _speaks_of_three_public(state: State) -> bool:
    """Whether a sentence speaks of the three public expenses, so that its vehicles are those that they pay for."""
    spoken = state.about.subject or state.about.main or state.before.topic
    return spoken is not None and spoken.fact == "three_public"


def _is_of_purchases(subject: Subject | None) -> bool:
    """Whether a subject is what is purchased, of whose whole all kinds have the fund."""
    return (
        subject is not None and subject.fact == "metric" and (subject.code or "").startswith("procurement_")
    )


def _measure_of_class(subject: Subject) -> str | None:
    """The measure that a part of an economic class is (人员经费, 项目支出); None for another subject."""
    if subject.fact == "expenditure" and subject.code in _MEASURES and not subject.name:
        return subject.code
    is_measure = subject.fact == "economic" and not subject.economic_name and subject.code != "total"
    return subject.code if is_measure else None


def _adds_to(before: Subject, term: Term, state: State) -> bool:
    """Whether a subject only adds to the one right before it, which takes the fund that a total names."""
    is_total = term.fact == "expenditure" and term.code == "total" and term.fund_code
    if is_total and before.fact not in ("fund", "expenditure") and not before.fund_code:
        state.about.subject = replace(before, fund_code=term.fund_code)
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
    """Make a subject the one that the next figures belong to; subjects that are joined without a figure between them are a row."""
    about, role, progress = state.about, state.role, state.progress
    before = about.subject
    follows = before is not None and not progress.has_figure and not progress.is_dirty and progress.is_joined
    about.row = (*about.row, subject) if follows else (subject,)
    progress.is_joined = False
    about.due = None
    about.is_both = bool(before and before.code == "total_income" and subject.code == "total_expenditure")
    about.subject = subject
    role.bases = frozenset() if before else role.bases
    about.fund = None
    progress.is_dirty = False
    progress.skip = None
    progress.has_figure = False
    progress.has_reason_amount = False
    role.direction = role.ratio = None
    role.basis = progress.list_basis if progress.in_list else None


def _on_function(state: State, token: Token, setting: Setting) -> None:
    """Enter the name of a function; in a list of parts it has the measure of the whole, and the class above its own name."""
    about, progress = state.about, state.progress
    fund = about.fund.fund_code if about.fund and not progress.is_dirty else None
    name = token.name
    whole = about.main.name if progress.in_list and about.main else None
    if name and whole and name.item_name and not name.class_name:
        name = replace(
            name, class_name=whole.class_name, section_name=name.section_name or whole.section_name
        )
    main = about.main if progress.in_list else None
    measure = main.code if main and main.fact == "expenditure" and main.code in _MEASURES else "total"
    if progress.is_of_details and not (name and (name.is_marked or name.code_text or name.class_name)):
        meet_unknown(state)  # beside the names of projects, a name of the classification is one
        about.subject = None
        return
    _enter(state, inherit(state, Subject("function", measure, fund, None, name), setting))


def inherit(state: State, subject: Subject, setting: Setting) -> Subject:
    """A total, with the fund of the total that the sentence speaks of; a part in a list, with the fund of its whole, and its statement where the whole is 收入预算 or 支出预算 itself."""
    progress = state.progress
    spoken = state.about.main or state.about.subject
    if subject.fact == "balance" and not subject.fund_code and spoken and spoken.fact == "balance":
        subject = replace(subject, fund_code=spoken.fund_code)
    whole = state.about.main if progress.in_list else state.before.whole
    is_of_total = whole is not None and whole.code in ("total_income", "total_expenditure")
    if (
        progress.in_list
        and is_of_total
        and subject.fact == "balance"
        and setting.section in ("revenue", "expenditure")
    ):
        return replace(subject, statement_code="summary")
    is_of_both = whole is not None and whole.fact == "balance" and setting.section == "appropriation_summary"
    if progress.in_list and is_of_both and subject.fact == "expenditure" and subject.statement_code:
        return replace(subject, statement_code=setting.section)
    if not (whole and subject.fact in ("expenditure", "revenue", "function")):
        return subject
    is_part = whole.is_weak or (whole.fact == "expenditure" and subject.fact != "revenue")
    is_carried = not (whole.is_weak or progress.in_list)  # from a paragraph above, which alone names the fund
    about_all = ("summary", "general", "revenue", "expenditure") if is_carried else ("summary", "general")
    is_of_other_side = whole.statement_code == "revenue" and subject.fact != "revenue"
    if is_part and not is_of_other_side and not subject.statement_code and setting.section in about_all:
        subject = replace(subject, statement_code=whole.statement_code)
    if subject.fact == "revenue" or subject.fund_code or is_carried:
        return subject
    return replace(subject, fund_code=whole.fund_code)


def _on_economic(state: State, token: Token, _setting: Setting) -> None:
    """Enter an economic class."""
    _enter(state, Subject("economic", "total", economic_name=token.text))


def _on_fund(state: State, token: Token, _setting: Setting) -> None:
    """Name a fund: that of the subject before it, which has no figure yet, else that of the subject that will follow."""
    about, progress = state.about, state.progress
    term = token.term
    assert term is not None
    if about.subject and not progress.has_figure and not progress.is_dirty:
        if not about.subject.fund_code:
            about.subject = replace(about.subject, fund_code=term.fund_code)
        return
    counted = about.subject
    is_again = counted is not None and counted.fund_code and (counted.code or "").startswith(EVALUATED)
    is_counted = counted and counted.fact == "metric" and not progress.is_dirty
    if counted and is_counted and (token.text.startswith("涉及") or is_again):
        # what was counted takes money of this fund, or of this one too
        about.subject = replace(counted, fund_code=term.fund_code)
        return
    if about.fund and term.code == "fiscal_appropriation" and not (progress.is_dirty or progress.has_figure):
        return
    about.fund = Subject("fund", term.code, term.fund_code, term.statement_code)
    about.subject = None
    progress.is_dirty = False
    progress.has_figure = False


def _on_basis(state: State, token: Token, setting: Setting) -> None:
    """Say the basis of the next amount (年初预算数, 决算数).

    Where nothing is named, the section's total is meant; 支出决算 behind an income means the expenditure.
    """
    about, role = state.about, state.role
    assert token.term is not None
    is_alone = not (about.subject or state.before.topic or setting.is_report)
    if token.term.fact and is_alone and setting.section == "expenditure":
        _enter(state, Subject("expenditure", "total", statement_code="expenditure", is_weak=True))
    before = about.subject
    if token.text.startswith("支出") and before and not state.progress.is_dirty and _is_income(before):
        _enter(state, Subject("expenditure", "total", before.fund_code, before.statement_code, is_weak=True))
    role.basis = token.term.code
    role.bases |= {token.term.code or ""}
    role.direction = role.ratio = None


def _is_income(subject: Subject) -> bool:
    """Whether a subject is on the income side."""
    return subject.fact == "revenue" or subject.code in _INCOME


def _on_direction(state: State, token: Token, _setting: Setting) -> None:
    """Say the sign of a change (增加, 减少); 各增加 means both totals that stand beside each other."""
    about, role = state.about, state.role
    assert token.term is not None
    role.direction = int(token.term.code or 0)
    role.is_unchosen = bool(_BOTH_WAYS.search(token.text))
    role.ratio = None
    if about.is_both and token.text[0] in "各均都":
        about.subject = replace(about.subject, code="total_both") if about.subject else None


def _on_ratio(state: State, token: Token, _setting: Setting) -> None:
    """Say what the next percentage is (占…, 执行率); an opening bracket behind a change holds its rate."""
    role = state.role
    assert token.term is not None
    if token.text == "(" and role.spent_direction is not None:
        role.direction = role.spent_direction
        return
    is_fulfilled = "final" in role.bases and bool(_OF_BUDGET.match(token.text))
    role.ratio = "execution_rate" if is_fulfilled else token.term.code  # 决算数…，占预算的…%
    role.share_base = token.text
    role.direction = None


def _on_respectively(state: State, _token: Token, _setting: Setting) -> None:
    """The figures that follow belong to the subjects of the row, one each (分别)."""
    about = state.about
    about.due = about.row
    state.progress.is_dirty = False


def _on_bare(state: State, token: Token, _setting: Setting) -> None:
    """Read 收入 or 支出 alone: as the other side of the subject before it, else as the outturn beside a budget.

    Where no subject stands before it, it is the side of the account that the sentences before speak of, or, with a basis, the total.
    """
    about, role = state.about, state.role
    assert token.term is not None
    before = about.subject
    is_income = before is not None and _is_income(before)
    if token.term.is_weak:
        _enter_changed_side(state, token.term.code == "income")
        return
    if before is None and not (state.progress.is_dirty or state.progress.in_list):
        _enter_side(state, token.term.code == "income")
    elif before and before.code == "total" and before.fact in ("revenue", "expenditure") and role.basis:
        _enter_total(state, token.term.code == "income")
    elif before and before.code in _OTHER_SIDE and role.spent_direction is not None:
        _enter(state, replace(before, code=_OTHER_SIDE[before.code]))  # 收入增加…；支出增加…
    elif token.term.code == "expenditure" and before and is_income:
        fund = before.code if before.fact == "revenue" and before.code in _FUNDS else before.fund_code
        _enter(state, Subject("balance", "current_expenditure", fund, before.statement_code))
    elif token.term.code == "income" and before and before.fact == "balance":
        _enter(state, Subject("balance", "current_income", before.fund_code, before.statement_code))
    elif token.term.code == "expenditure" and before:
        role.basis = "final"
    else:
        about.subject, state.progress.is_dirty = None, True


def _enter_changed_side(state: State, is_income: bool) -> None:
    """Enter the income or the expenditure whose change is said (；支出比上年增加…): the whole of the list that ends with it, else
    a side of the account that is spoken of. Behind another subject it is unknown."""
    about = state.about
    main = about.main if state.progress.in_list else None
    if main is not None and _is_side(main) and _is_income(main) == is_income:
        _enter(state, main)
        state.progress.in_list = False
        return
    spoken = about.subject or state.before.topic
    if spoken is not None and _is_side(spoken):
        if _is_income(spoken) != is_income:
            _enter(state, _other_side(spoken))
    elif about.subject is not None:
        about.subject, state.progress.is_dirty = None, True


def _is_side(subject: Subject) -> bool:
    """Whether a subject is a whole side of an account."""
    return subject.code in _OTHER_SIDE or (subject.fact, subject.code) in _SIDES


def _other_side(subject: Subject) -> Subject:
    """The income where a subject is an expenditure, and the reverse."""
    if subject.code in _OTHER_SIDE:
        return replace(subject, code=_OTHER_SIDE[subject.code])
    kind = "expenditure" if subject.fact == "revenue" else "revenue"
    return Subject(kind, "total", subject.fund_code, kind, is_weak=True)


def _enter_side(state: State, is_income: bool) -> None:
    """Enter the income or the expenditure of the account that the sentences before speak of; without one, of all funds."""
    accounts = (state.before.topic, state.before.whole, state.before.last)
    spoken = next((each for each in accounts if each and each.code in _OTHER_SIDE), None)
    if spoken and spoken.code:
        code = spoken.code if _is_income(spoken) == is_income else _OTHER_SIDE[spoken.code]
        _enter(state, replace(spoken, code=code))
    elif state.role.basis:
        _enter_total(state, is_income)
    else:
        state.about.subject, state.progress.is_dirty = None, True


def _enter_total(state: State, is_income: bool) -> None:
    """Enter the whole income or expenditure, of which a basis was said."""
    basis = state.role.basis
    kind = "revenue" if is_income else "expenditure"
    _enter(state, Subject(kind, "total", statement_code=kind, is_weak=True))
    state.role.basis = basis


def is_other_side(term: Term | None, subject: Subject | None) -> bool:
    """Whether a word names the income where an expenditure is spoken of, or the reverse: neither explains the other."""
    if term is None or subject is None:
        return False
    is_side = _is_side(subject)
    if term.kind == "bare":
        return is_side and _is_income(subject) != (term.code == "income")
    named = Subject(term.fact or "", term.code)
    return is_side and _is_side(named) and _is_income(subject) != _is_income(named)


def _on_completes(state: State, token: Token, _setting: Setting) -> None:
    """Say that the next amount is a budget that was fulfilled, and the percentage behind it how far (完成预算…的…%)."""
    role = state.role
    assert token.term is not None
    role.basis = token.term.code
    role.completes = "execution_rate"
    role.direction = role.ratio = None


def _on_compare(state: State, token: Token, _setting: Setting) -> None:
    """Say the base of a comparison (比上年); behind a carry-over in a list the whole is compared."""
    about, role = state.about, state.role
    role.compared = token.text
    role.compared_at = token.end
    progress, part = state.progress, about.subject
    if progress.in_list and about.main and part and part != about.main:
        if part.code != "opening_carryover":
            progress.has_compared_part = True
        elif not progress.has_compared_part:
            about.subject = about.main
    role.year = None


def _on_year(state: State, token: Token, setting: Setting) -> None:
    """Say the year of the next figures of the clause."""
    role = state.role
    role.year = token.year or (str(setting.fiscal_year - 1) if setting.fiscal_year else "prior")
    role.year_end = token.end


def _on_skip(state: State, token: Token, _setting: Setting) -> None:
    """Set the figures that follow aside: a reason begins."""
    assert token.term is not None
    state.progress.skip = token.term.reason_code
    state.progress.has_reason_amount = False
    state.progress.skip_at = token.end


def open_list(state: State, token: Token, _setting: Setting) -> None:
    """Begin a list of the parts of the last subject (其中); a sentence that divides anew (按…分) divides what was divided before."""
    about, role, progress = state.about, state.role, state.progress
    progress.skip = None
    progress.in_list = True
    progress.has_compared_part = False
    progress.list_basis = role.basis or role.spent_basis or progress.list_basis
    role.basis = progress.list_basis
    progress.list_year = role.year = role.year or role.spent_year or progress.list_year
    if progress.is_count_unknown:
        about.main = None
    elif about.subject and about.subject.fact not in ("fund", "outside"):
        about.main = about.subject
    is_unknown = (
        progress.is_dirty and progress.has_figure and (about.subject is None or progress.is_count_unknown)
    )
    progress.is_list_of_unknown = about.main is None and is_unknown
    about.main = about.main or (None if is_unknown else state.before.topic or state.before.last)
    if _DIVIDES.match(token.text):
        is_at_head = about.subject is None and not progress.has_figure
        about.main = state.before.divided if is_at_head and state.before.divided else about.main
        about.divided = about.main
    about.subject = None


def _on_parts(state: State, _token: Token, _setting: Setting) -> None:
    """Begin a list of the parts of the project that the section describes (资金分配)."""
    state.progress.in_list = True
    state.about.main = Subject("project_budget", "own", statement_code="general_public_project")


def _on_planned(state: State, _token: Token, _setting: Setting) -> None:
    """Say that what is counted next is planned to be bought."""
    state.role.is_planned = True
    state.progress.is_dirty = False


def _on_punctuation(state: State, token: Token, _setting: Setting) -> None:
    """End a clause or a part of it: what was said of the next figure is forgotten, but for the basis and the year of a list."""
    role, progress = state.role, state.progress
    if token.text == ";":
        role.compared = role.compared if progress.in_list else None
        role.direction = role.ratio = None
        role.year = progress.list_year
        if not progress.in_list:
            role.basis = None
    elif token.text in ",、" and not state.about.due:
        role.direction = role.ratio = None
        if token.start != role.year_end:  # 2022年,… says the year of the clause behind it
            role.year = progress.list_year


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
