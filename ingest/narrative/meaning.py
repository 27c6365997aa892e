"""What one figure says, once its words are known: fact, statement, fund, basis, comparison and sign."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from ingest.narrative.model import SubjectType
from ingest.narrative.state import Reading, Setting, State, Subject
from ingest.narrative.steps import ASIDE_SECTIONS, inherit
from ingest.narrative.token import Token
from ingest.registry import any_of, classification_rows, registry_rows

_PROCUREMENT = re.compile(any_of("sentence.procurement"))
_PROCUREMENT_KIND = re.compile(any_of("sentence.procurement_kind"))
_RESERVED = ("procurement_sme", "procurement_micro")
_PRIOR_YEAR = re.compile(any_of("sentence.prior_year"))
_OUTTURN = re.compile(any_of("sentence.outturn"))
_TWO_SIDED = ("summary", "appropriation_summary", "government_fund", "state_capital")
_BY_FUNCTION = (
    "expenditure",
    "appropriation_expenditure",
    "appropriation_summary",
    "general_public_expenditure",
    "government_fund",
    "state_capital",
)
_BUDGETS = {"budget", "initial_budget", "adjusted_budget"}
_INCOME = ("total_income", "current_income")
_BALANCE_OF = {
    "revenue": ("current_income", "opening_carryover"),
    "expenditure": ("current_expenditure", "closing_carryover"),
}
"""The items of the balance that the sections on revenue and on expenditure state."""
_ABOUT_ALL = ("summary", "general", "revenue", "expenditure")
"""Sections about money of every fund: a sentence there that speaks of one fund is about that fund's statement."""
_HOME = {
    "balance": "summary",
    "revenue": "revenue",
    "expenditure": "expenditure",
    "economic": "general_public_basic",
    "three_public": "three_public",
    "project_budget": "general_public_project",
    "project_funding": "overall_performance",
}


def settle(subject: Subject, state: State, setting: Setting) -> Subject:
    """The subject in full: a fund or a function name alone means what the section is about."""
    if subject.fact == "fund":
        whole = (
            state.about.main if state.about.main and state.about.main.fact != "fund" else state.before.whole
        )
        if whole and whole.fact == "metric" and state.progress.in_list:
            return replace(whole, fund_code=subject.fund_code)
        if whole is None and setting.section in ASIDE_SECTIONS and not setting.is_report:
            return Subject("outside", "reference")
        if setting.section == "revenue" or (whole and (whole.fact == "revenue" or whole.code in _INCOME)):
            return inherit(state, Subject("revenue", subject.code), setting)
        return Subject("expenditure", "total", subject.fund_code, subject.statement_code)
    if subject.fact == "function":
        return replace(subject, fact="expenditure")
    if (
        setting.is_report
        and subject.fact == "economic"
        and subject.code == "total"
        and not subject.economic_name
    ):
        return Subject("expenditure", "basic")
    return subject


def statement_of(subject: Subject, setting: Setting) -> str | None:
    """The statement that a subject belongs to: its own, else the section's where that may state it, else the usual one."""
    if setting.is_report and subject.fact not in ("three_public", "metric"):
        return "overall_performance"
    section = setting.section
    if subject.fact == "expenditure" and subject.name and not subject.statement_code:
        return section if section in (*_BY_FUNCTION, "summary") else "appropriation_summary"
    if subject.is_weak and section in ("government_fund", "state_capital"):
        return section
    if section in ("general_public_economic", "appropriation_basic") and subject.fact == "economic":
        return section
    if subject.statement_code:
        keeps = (
            subject.fact == "expenditure"
            and section in ("appropriation_summary", "expenditure")
            and subject.is_weak
        )
        return section if keeps else subject.statement_code
    if (
        subject.fact == "balance"
        and not subject.statement_code
        and subject.code in _BALANCE_OF.get(section, ())
    ):
        return section
    if subject.fact == "balance" and subject.fund_code == "fiscal_appropriation" and section in _ABOUT_ALL:
        return "appropriation_summary"
    if subject.fact in ("balance", "revenue") and section == "general_public_expenditure":
        return "appropriation_summary"
    allowed = {
        "balance": _TWO_SIDED,
        "revenue": ("revenue", *_TWO_SIDED),
        "expenditure": (*_BY_FUNCTION, "summary"),
        "economic": ("general_public_basic",),
    }.get(subject.fact, ())
    return section if section in allowed else _HOME.get(subject.fact)


def fund_of(subject: Subject, setting: Setting) -> str | None:
    """The fund that is named. For 三公 figures it is the widest, unless a heading or sentence says 一般公共预算."""
    if subject.fact == "three_public":
        return setting.section_fund or ("general_public" if subject.fund_code == "general_public" else None)
    if (
        subject.fact == "balance"
        and setting.section == "general_public_expenditure"
        and not subject.fund_code
    ):
        return "general_public"
    return subject.fund_code


def _basis(state: State, setting: Setting) -> str | None:
    """The basis that the words give, or None. A figure of the prior year is ``prior_year`` whatever else is said."""
    if state.role.year and setting.fiscal_year and state.role.year.isdigit():
        behind = setting.fiscal_year - int(state.role.year)
        if behind == 1:
            return "prior_year"
        if behind != 0:
            return "other_year"
    if state.role.basis == "budget":
        return "initial_budget"
    if state.role.basis == "final" and setting.stage == "budget":
        return "other_year"
    return state.role.basis


def comparison_of(state: State, setting: Setting) -> tuple[str, str | None]:
    """(kind, base) of a comparison: kind is ``prior``, ``earlier`` (a year before that) or ``budget``; base is prior_final, prior_budget or None.

    A change behind a budget and its outturn (预算数…，决算数…，增加…) that says nothing of a base departs from the budget.
    """
    if state.role.compared is None and "final" in state.role.bases and state.role.bases & _BUDGETS:
        return "budget", None
    base = state.role.compared or ""
    year = re.search(r"20\d\d", base)
    behind = setting.fiscal_year - int(year.group()) if year and setting.fiscal_year else None
    if behind is not None and behind > 1:
        return "earlier", None
    prior = bool(_PRIOR_YEAR.search(base)) or behind == 1
    if not prior and "预算" in base:
        return "budget", None
    if _OUTTURN.search(base):
        return "prior", "prior_final"
    return "prior", "prior_budget" if "预算" in base else None


def sign_of(token: Token, state: State) -> int | None:
    """The sign that the words give; None where a printed minus gives it (``增加（减少）-39.18万元``)."""
    return None if token.number.startswith(("-", "−")) else state.role.direction or None


def is_unchosen(token: Token, state: State, setting: Setting) -> bool:
    """Whether a change prints both directions and its figure does not say which (``增加（减少）16万元``).

    Where the document signs such figures elsewhere, one without a sign is an increase.
    """
    is_change = state.role.direction is not None and state.role.is_unchosen and not setting.signs_changes
    return is_change and not token.number.startswith(("-", "−")) and bool(token.number.strip("0.,"))


def read_amount(token: Token, state: State, setting: Setting, subject: Subject) -> Reading:
    """What an amount says of its subject."""
    if subject.fact == "outside" or is_unchosen(token, state, setting):
        return Reading(token, "unread", "no_meaning")
    basis, comparison, direction = _basis(state, setting), None, None
    is_compared = state.role.direction is not None or state.role.compared_at == token.start
    if is_compared and comparison_of(state, setting)[0] == "earlier":
        return Reading(token, "set_aside", "other_year")
    if state.role.direction is not None:
        kind, comparison = comparison_of(state, setting)
        if kind == "budget":
            return Reading(token, "set_aside", "budget_variance")
        basis, direction = "change_from_prior_year", sign_of(token, state)
    elif state.role.compared_at == token.start:
        basis = "prior_year" if comparison_of(state, setting)[0] == "prior" else "initial_budget"
    elif basis == "other_year":
        return Reading(token, "set_aside", "other_year")
    if subject.fact == "project_budget" and not setting.project_name:
        return Reading(token, "unread", "no_subject")
    if subject.fact == "project_budget" and subject.code == "planned" and not setting.is_report:
        return Reading(token, "set_aside", "outside_contract")
    if subject.fact == "project_funding":
        column = {
            "initial_budget": "initial_budget",
            "adjusted_budget": "adjusted_budget",
            "final": "executed",
        }.get(basis or "")
        if column is None or direction:
            return Reading(token, "unread", "no_meaning")
        return Reading(
            token,
            "read",
            fact="project_funding",
            statement_code="overall_performance",
            subject_code=subject.code,
            amount_column=column,
        )
    code = subject.code
    if subject.fact == "metric":
        code = metric_of(code or "", "executed" if state.role.basis == "final" else "money") or metric_of(
            code or "", "money"
        )
        if code is None:
            return Reading(token, "set_aside", "outside_contract")
        if code.startswith("performance_") and basis != "adjusted_budget":
            basis = None
    return Reading(
        token,
        "read",
        fact=subject.fact,
        statement_code=statement_of(subject, setting),
        fund_code=fund_of(subject, setting),
        basis="adjusted_budget" if subject.fact == "project_budget" and setting.is_report else basis,
        comparison_base=comparison,
        direction=direction,
        subject_code=code,
        name=subject.name,
        economic_name=subject.economic_name,
        project_name=setting.project_name if subject.fact == "project_budget" else None,
    )


def read_rate(token: Token, state: State, setting: Setting, subject: Subject) -> Reading:
    """What a percentage says of its subject."""
    ratio, direction = state.role.ratio, None
    if state.role.direction is not None:
        kind, _ = comparison_of(state, setting)
        if kind == "earlier":
            return Reading(token, "set_aside", "other_year")
        ratio = "change_rate" if kind == "prior" else "budget_variance_rate"
        direction = sign_of(token, state)
    if ratio is None or token.unit == "‰" or is_unchosen(token, state, setting):
        return Reading(token, "unread", "no_meaning")
    is_procurement = ratio == "share" and (subject.code or "").startswith("procurement_")
    is_of_kind = subject.code in _RESERVED and _PROCUREMENT_KIND.search(state.role.share_base)
    if is_procurement and (is_of_kind or not _PROCUREMENT.search(state.role.share_base)):
        return Reading(token, "set_aside", "other_base")
    if subject.fact == "project_funding":
        if ratio == "execution_rate":
            return Reading(
                token,
                "read",
                fact="project_funding",
                statement_code="overall_performance",
                subject_code=subject.code,
                amount_column="execution_rate",
            )
        return Reading(
            token,
            "read",
            fact="ratio",
            statement_code="overall_performance",
            subject_type="measure",
            subject_code="total",
            ratio=ratio,
            direction=direction,
        )
    subject_type, code = ratio_subject(subject, setting.section)
    if subject_type is None:
        return Reading(token, "unread", "no_meaning")
    return Reading(
        token,
        "read",
        fact="ratio",
        statement_code=metric_statement(code) if subject_type == "metric" else statement_of(subject, setting),
        fund_code=fund_of(subject, setting),
        direction=direction,
        subject_type=subject_type,
        subject_code=code,
        name=subject.name,
        economic_name=subject.economic_name,
        ratio=ratio,
    )


def ratio_subject(subject: Subject, section: str) -> tuple[SubjectType | None, str | None]:
    """What the subject of a percentage or a reason is, and its code where it is not in a classification."""
    if subject.fact == "expenditure":
        return ("function", None) if subject.name else ("measure", subject.code)
    if subject.fact == "economic":
        return ("economic", None) if subject.economic_name else ("measure", subject.code)
    if subject.fact == "revenue":
        return ("measure", "total") if subject.code == "total" else ("revenue_source", subject.code)
    if subject.fact == "metric":
        code = metric_of(subject.code or "", "money")
        return ("metric", code) if code else (None, None)
    if subject.fact == "balance":
        is_total = (section, subject.code) in (
            ("revenue", "current_income"),
            ("expenditure", "current_expenditure"),
        )
        return ("measure", "total") if is_total else ("balance", subject.code)
    if subject.fact == "three_public":
        return "three_public", subject.code
    return None, None


@cache
def _metrics() -> dict[tuple[str, str], str]:
    return {(row["noun"], row["unit_kind"]): row["metric_code"] for row in registry_rows("narrative_metrics")}


@cache
def _metric_statements() -> dict[str, str]:
    return {row["metric_code"]: row["statement_code"] for row in classification_rows("metric")}


def metric_statement(code: str | None) -> str | None:
    """The statement that a metric belongs to, wherever its figure stands in the text."""
    return _metric_statements().get(code or "")


def metric_of(noun: str, unit_kind: str) -> str | None:
    """The metric that a noun and a kind of unit make, or None."""
    return _metrics().get((noun, unit_kind))


def planned(metric: str, state: State) -> str:
    """The metric of a purchase that is planned, where the sentence speaks of one; else the metric itself."""
    if not state.role.is_planned:
        return metric
    if metric == "vehicle_count":
        return "vehicles_purchased"
    return "planned_" + metric if metric.startswith("equipment_") else metric
