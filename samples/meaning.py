"""What a printed figure means in the warehouse: small constructors of facts, one per fact table."""

from typing import Any

from samples.classification import level_of
from samples.model import Fact


def _where(statement: str, source: str, **keys: Any) -> dict[str, Any]:
    return {"statement_code": statement, "source": source, **keys}


def expenditure(
    statement: str,
    fund: str,
    basis: str,
    code: str = "",
    name: str = "",
    measure: str = "total",
    source: str = "table",
) -> Fact:
    """A row of fct_expenditure; the empty code is the form's total, an empty fund or statement is left open."""
    where = _where(
        statement, source, fund_code=fund, function_code=code or None, measure=measure, basis=basis
    )
    where = {key: value for key, value in where.items() if value != ""}
    expect = {"level": level_of(code)}
    if not code:
        where["level"] = "total"
    if name:
        expect["function_name"] = name
    return Fact("fct_expenditure", where, expect)


def revenue(
    statement: str,
    revenue_source: str,
    basis: str,
    code: str = "",
    fund: str = "",
    source: str = "table",
) -> Fact:
    """A row of fct_revenue; the fund is named only where the contract fixes it (the totals)."""
    where = _where(statement, source, revenue_source=revenue_source, function_code=code or None, basis=basis)
    if fund:
        where["fund_code"] = fund
    return Fact("fct_revenue", where, {"level": level_of(code)})


def balance(statement: str, fund: str, item: str, basis: str, source: str = "table") -> Fact:
    """A row of fct_balance."""
    return Fact("fct_balance", _where(statement, source, fund_code=fund, item=item, basis=basis))


def current_income(statement: str, fund: str, basis: str, source: str = "table") -> tuple[Fact, Fact]:
    """本年收入合计 is in fct_revenue and in fct_balance."""
    return (
        revenue(statement, "total", basis, fund=fund, source=source),
        balance(statement, fund, "current_income", basis, source),
    )


def current_expenditure(statement: str, fund: str, basis: str, source: str = "table") -> tuple[Fact, Fact]:
    """本年支出合计 is in fct_expenditure and in fct_balance."""
    return (
        expenditure(statement, fund, basis, source=source),
        balance(statement, fund, "current_expenditure", basis, source),
    )


def economic(
    basis: str, code: str = "", name: str = "", measure: str = "total", source: str = "table"
) -> Fact:
    """A row of fct_economic_expenditure; the empty code is a total."""
    where = _where(
        "general_public_basic",
        source,
        fund_code="general_public",
        economic_code=code or None,
        measure=measure,
        basis=basis,
    )
    expect = {"level": {0: "total", 3: "class", 5: "section"}[len(code)]}
    if not code:
        where["level"] = "total"
    if name:
        expect["economic_name"] = name
    return Fact("fct_economic_expenditure", where, expect)


def economic_class(statement: str, basis: str, code: str, name: str) -> Fact:
    """A row of fct_economic_expenditure in the text of another statement than 基本支出; its fund is left open."""
    where = _where(statement, "narrative", economic_code=code, measure="total", basis=basis)
    return Fact("fct_economic_expenditure", where, {"level": "class", "economic_name": name})


def three_public(item: str, basis: str, source: str = "table") -> Fact:
    """A row of fct_three_public."""
    return Fact("fct_three_public", _where("three_public", source, item=item, basis=basis))


def metric(
    metric_code: str,
    basis: str,
    source: str = "narrative",
    detail: str | None = None,
    fund: str | None = None,
) -> Fact:
    """A row of fct_disclosure_metric; the money style adds its value. No `detail` is the whole, no `fund` none said."""
    where = {
        "metric_code": metric_code,
        "detail": detail,
        "fund_code": fund,
        "basis": basis,
        "source": source,
    }
    return Fact("fct_disclosure_metric", where)


def count(metric_code: str, basis: str, value: int | str, unit: str, detail: str | None = None) -> Fact:
    """A counted metric of the text."""
    fact = metric(metric_code, basis, detail=detail)
    return Fact(fact.table, fact.where, {"value": str(value), "unit": unit})


def project(name: str | None, code: str, basis: str) -> Fact:
    """A row of fct_project_budget in its form; no name is the form's total."""
    where = _where("general_public_project", "table", project_name=name, basis=basis)
    return Fact("fct_project_budget", where, {"function_code": code} if code else {})


def project_amount(
    name: str, basis: str, statement: str = "general_public_project", part: str | None = None
) -> Fact:
    """A row of fct_project_budget in the text: what a project costs, or a part of it."""
    level = "project" if part is None else "part"
    where = _where(statement, "narrative", level=level, project_name=name, allocation_name=part, basis=basis)
    return Fact("fct_project_budget", where)


def funding(
    statement: str, form: str, project_name: str | None, fund_line: str, source: str, **figures: Any
) -> Fact:
    """A row of fct_project_funding; `figures` are its expected columns, null where nothing is printed."""
    where = _where(
        statement,
        source,
        form=form,
        scope="unit" if project_name is None else "project",
        project_name=project_name,
        fund_line=fund_line,
    )
    return Fact("fct_project_funding", where, figures)


def indicator(
    statement: str, form: str, project_name: str | None, number: int, source: str, **figures: Any
) -> Fact:
    """A row of fct_performance_indicator, the `number`-th of its form or of the text's list."""
    where = _where(
        statement,
        source,
        form=form,
        scope="unit" if project_name is None else "project",
        project_name=project_name,
        indicator_no=number,
    )
    return Fact("fct_performance_indicator", where, figures)


def ratio(
    statement: str, subject_type: str, subject_code: str, ratio: str, percent: str, name: str = ""
) -> Fact:
    """A printed percentage with its sign: share, change_rate, budget_variance_rate, execution_rate …"""
    where = _where(statement, "narrative", subject_type=subject_type, subject_code=subject_code, ratio=ratio)
    expect = {"reported_pct": percent, "reported_decimals": len(percent.partition(".")[2])}
    return Fact("fct_reported_ratio", where, expect | ({"subject_name": name} if name else {}))
