"""What a printed figure means in the warehouse: small constructors of facts, one for each fact table."""

from typing import Any

from ingest.samples.classification import level_of
from ingest.samples.model import Fact


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
    """A row of fct_expenditure; the empty code is the form's total."""
    where = _where(
        statement, source, fund_code=fund, function_code=code or None, measure=measure, basis=basis
    )
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


def current_income(statement: str, fund: str, basis: str) -> tuple[Fact, Fact]:
    """本年收入合计 stands in fct_revenue and in fct_balance."""
    return revenue(statement, "total", basis, fund=fund), balance(statement, fund, "current_income", basis)


def current_expenditure(statement: str, fund: str, basis: str) -> tuple[Fact, Fact]:
    """本年支出合计 stands in fct_expenditure and in fct_balance."""
    return expenditure(statement, fund, basis), balance(statement, fund, "current_expenditure", basis)


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


def three_public(item: str, basis: str, source: str = "table") -> Fact:
    """A row of fct_three_public."""
    return Fact("fct_three_public", _where("three_public", source, item=item, basis=basis))


def metric(metric_code: str, basis: str, source: str = "narrative") -> Fact:
    """A row of fct_disclosure_metric; the money style adds its value."""
    return Fact("fct_disclosure_metric", {"metric_code": metric_code, "basis": basis, "source": source})


def count(metric_code: str, basis: str, value: int, unit: str) -> Fact:
    """A counted metric of the text."""
    fact = metric(metric_code, basis)
    return Fact(fact.table, fact.where, {"value": str(value), "unit": unit})


def project(name: str | None, code: str, basis: str) -> Fact:
    """A row of fct_project_budget in its form; no name is the form's total."""
    where = _where("general_public_project", "table", project_name=name, basis=basis)
    return Fact("fct_project_budget", where, {"function_code": code} if code else {})


def project_part(name: str, allocation: str | None, basis: str) -> Fact:
    """A row of fct_project_budget in the text: the project itself, or one part of its 资金分配."""
    where = _where(
        "general_public_project", "narrative", project_name=name, allocation_name=allocation, basis=basis
    )
    return Fact("fct_project_budget", where)


def share(statement: str, subject_type: str, subject_code: str, percent: str) -> Fact:
    """A printed 占比."""
    return _ratio(statement, subject_type, subject_code, "share", percent)


def change_rate(statement: str, subject_type: str, subject_code: str, percent: str) -> Fact:
    """A printed rate of change; a decrease is negative."""
    return _ratio(statement, subject_type, subject_code, "change_rate", percent)


def _ratio(statement: str, subject_type: str, subject_code: str, ratio: str, percent: str) -> Fact:
    where = _where(statement, "narrative", subject_type=subject_type, subject_code=subject_code, ratio=ratio)
    return Fact("fct_reported_ratio", where, {"reported_pct": percent, "reported_decimals": 2})
