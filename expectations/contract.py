"""The contract as data, and the checks that follow from it: each is a query for the rows that are wrong.

This module knows no table by name; `contract.yml` does. A check's query runs inside the warehouse and returns one
text column that identifies each wrong row, so that only counts and a few examples leave the warehouse. In a table with
rows per document, the text begins with the document id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.seeds import closed_list, money_units

CONTRACT_FILE = Path(__file__).with_name("contract.yml")
WAREHOUSE = "warehouse"
ABSENT = "absent"  # stands for the type of a missing column
NOT_DUE = "not due"  # the same, where the column is optional

_FORMS_TABLE = "audit.extraction_coverage"
_WITHOUT_FIGURES = ("empty_by_declaration", "declared_but_missing", "not_declared")


@dataclass(frozen=True)
class Check:
    """One condition on one table. `rows` selects what breaks it; a type check has none.

    A check with `due_when` is about a column that may be absent while no row meets that condition.
    """

    table: str
    column: str | None
    rule: str
    zh: str
    en: str
    severity: str = "critical"
    rows: str | None = None
    expected_type: str | None = None
    due_when: str | None = None

    @property
    def label(self) -> str:
        """The check's name within its table."""
        return f"{self.column}: {self.rule}" if self.column else self.rule

    @property
    def is_about_type(self) -> bool:
        """Whether the check compares a column's type instead of counting wrong rows."""
        return self.rows is None


@dataclass(frozen=True)
class Subject:
    """A table, or the warehouse as a whole, with all its checks."""

    name: str
    zh: str
    en: str
    checks: tuple[Check, ...]


@cache
def read_contract() -> Mapping[str, Any]:
    """The contract's declaration."""
    quickest = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    declaration: dict[str, Any] = yaml.load(CONTRACT_FILE.read_text(encoding="utf-8"), quickest)
    return declaration


def subjects(contract: Mapping[str, Any], publish_policy: str) -> list[Subject]:
    """Derive every check of the contract that is due under a publish policy, table by table."""
    derived = []
    for name, table in contract["tables"].items():
        checks = list(_table_checks(contract, name, table, publish_policy))
        if name == _FORMS_TABLE:
            checks.extend(_form_checks(contract["forms"]))
        derived.append(Subject(name, table["zh"], table["en"], tuple(checks)))
    whole = contract[WAREHOUSE]
    rules = tuple(_rule_check(WAREHOUSE, [], rule) for rule in whole["rules"])
    return [*derived, Subject(WAREHOUSE, whole["zh"], whole["en"], rules)]


def _table_checks(
    contract: Mapping[str, Any], name: str, table: Mapping[str, Any], publish_policy: str
) -> Iterator[Check]:
    groups = [contract["groups"][group] for group in table.get("includes", [])]
    columns: dict[str, Any] = {}
    for part in [*groups, table]:
        columns.update(part["columns"])
    key = table.get("key", [])
    schema, bare_name = name.split(".")
    yield Check(
        name, None, "exists", "表存在", "the table exists",
        rows=f"select '{name}' where not exists (select 1 from information_schema.tables"
        f" where table_schema = '{schema}' and table_name = '{bare_name}')",
    )  # fmt: skip
    if table.get("not_empty"):
        yield Check(
            name, None, "not_empty", "表不为空", "the table is not empty",
            rows=f"select '{name}' where not exists (select 1 from {name})",
        )  # fmt: skip
    if key:
        yield _key_check(name, key)
    for column, spec in columns.items():
        for check in _column_checks(name, key, column, spec, "document_id" in columns):
            yield replace(check, due_when=spec.get("due_when"))
    for rule in [rule for part in [*groups, table] for rule in part.get("rules", [])]:
        if rule.get("policy", publish_policy) == publish_policy:
            yield _rule_check(name, key, rule)


def _key_check(table: str, key: list[str | list[str]]) -> Check:
    parts = ", ".join(_key_expression(part) for part in key)
    names = ", ".join(part if isinstance(part, str) else "|".join(part) for part in key)
    return Check(
        table, None, "key", f"键不重复：{names}", f"one row per {names}",
        rows=f"select {_row_name(key)} || ' x' || count(*) from {table} group by {parts} having count(*) > 1",
    )  # fmt: skip


def _column_checks(
    table: str, key: list[str | list[str]], column: str, spec: Mapping[str, Any], is_by_document: bool
) -> Iterator[Check]:
    quoted = f'"{column}"'
    whose = "document_id || ' ' || " if is_by_document else ""
    shown_value = f"{whose}coalesce(cast({quoted} as varchar), 'null')"
    severity = spec.get("severity", "critical")
    wanted = spec.get("type")
    yield Check(
        table, column, "type", f"{column} 的类型为 {wanted or '任意'}", f"{column} has the type {wanted or 'any'}",
        expected_type=wanted,
    )  # fmt: skip
    required = spec.get("required", False)
    wrong = _is_wrong if required is True else _is_wrong_if_stated
    if required:
        yield Check(
            table, column, "required", f"{column} 不为空", f"{column} is never null",
            "warning" if required == "warning" else "critical",
            f"select {_row_name(key)} from {table} where {quoted} is null",
        )  # fmt: skip
    if "list" in spec:
        values = closed_list(spec["list"])
        allowed = ", ".join(f"'{value}'" for value in values)
        shown = " ".join(values)
        yield Check(
            table, column, "list", f"{column} 只取：{shown}", f"{column} is one of: {shown}",
            severity, f"select {shown_value} from {table} where {wrong(f'{quoted} in ({allowed})')}",
        )  # fmt: skip
    if "pattern" in spec:
        pattern = spec["pattern"]
        matches = f"regexp_full_match(cast({quoted} as varchar), '{pattern}')"
        yield Check(
            table, column, "pattern", f"{column} 的写法为 {pattern}", f"{column} is written as {pattern}",
            severity, f"select {shown_value} from {table} where {wrong(matches)}",
        )  # fmt: skip
    if "references" in spec:
        yield _reference_check(table, column, spec, severity, is_by_document)


def _reference_check(
    table: str, column: str, spec: Mapping[str, Any], severity: str, is_by_document: bool
) -> Check:
    target, target_column = spec["references"].rsplit(".", 1)
    within = spec.get("within", [])
    value = f'cast("{column}" as varchar)'
    if "separator" in spec:
        value = f"unnest(string_split({value}, '{spec['separator']}'))"
    named = within or (["document_id"] if is_by_document and column != "document_id" else [])
    scope = "".join(f'"{name}", ' for name in within)
    child_scope = "".join(f'"{name}", ' for name in named)
    join = ", ".join(['"value"', *(f'"{name}"' for name in within)])
    example = " || ' ' || ".join([*(f'"{name}"' for name in named), '"value"'])
    return Check(
        table, column, "reference", f"{column} 都在 {target}.{target_column} 中",
        f"each {column} is found in {target}.{target_column}", severity,
        f'select {example} from (select {child_scope}{value} as "value" from {table} where "{column}" is not null) as child'
        f' anti join (select {scope}cast("{target_column}" as varchar) as "value" from {target}) as parent'
        f" using ({join})",
    )  # fmt: skip


def _rule_check(table: str, key: list[str | list[str]], rule: Mapping[str, str]) -> Check:
    rows = rule.get("rows", "").replace("{table}", table)
    if "holds" in rule:
        holds = rule["holds"].replace("{factor_yuan}", _factor_yuan("reported_unit"))
        rows = f"select {_row_name(key)} from {table} where {_is_wrong(holds)}"
    return Check(table, None, rule["name"], rule["zh"], rule["en"], rows=rows)


def _is_wrong(condition: str) -> str:
    """SQL: the condition does not hold. Null is a break: a rule or a column that may be null must say so."""
    return f"({condition}) is distinct from true"


def _is_wrong_if_stated(condition: str) -> str:
    """SQL: the condition is false. Null passes: the contract declares that the column may be null."""
    return f"not ({condition})"


def _factor_yuan(column: str) -> str:
    """SQL: the yuan in one of the money unit in a column; null for no money unit."""
    cases = " ".join(f"when '{unit}' then {factor}" for unit, factor in money_units().items())
    return f"case {column} {cases} end"


def _form_checks(forms: Mapping[str, list[str]]) -> Iterator[Check]:
    """For each form: what coverage says was extracted is in the facts, and nothing else is."""
    none = ", ".join(f"'{status}'" for status in _WITHOUT_FIGURES)
    for form, facts in forms.items():
        figures = " union all ".join(
            f"select document_id from {fact} where statement_code = '{form}' and source = 'table'"
            for fact in facts
        )
        covered = (
            f"(select coverage.* from {_FORMS_TABLE} as coverage inner join marts.dim_document as document"
            f" using (document_id) where statement_code = '{form}' and document.audit_status != 'held') as coverage"
        )
        yield Check(
            _FORMS_TABLE, None, f"{form}: figures of an extracted form",
            f"{form} 状态为 extracted 的文档，事实表中有其数字", f"{form}: an extracted form has figures in the facts",
            rows=f"select document_id from {covered} anti join ({figures}) as figure using (document_id)"
            " where status = 'extracted'",
        )  # fmt: skip
        yield Check(
            _FORMS_TABLE, None, f"{form}: no figures of an empty form",
            f"{form} 声明为空、缺表或未列的文档，事实表中没有其表内数字",
            f"{form}: a form that is empty, missing or not declared has no table figure in the facts",
            rows=f"select document_id from {covered} semi join ({figures}) as figure using (document_id)"
            f" where status in ({none})",
        )  # fmt: skip
        yield Check(
            _FORMS_TABLE, None, f"{form}: figures are covered",
            f"{form} 有表内数字的文档都有覆盖记录", f"{form}: where the facts have table figures, coverage has a row",
            rows=f"select distinct document_id from ({figures}) as figure"
            f" anti join (select document_id from {_FORMS_TABLE} where statement_code = '{form}') as coverage"
            " using (document_id)",
        )  # fmt: skip


def _key_expression(part: str | list[str]) -> str:
    """A key column, or the first of several that is not null."""
    if isinstance(part, str):
        return f'"{part}"'
    return "coalesce(" + ", ".join(f'"{name}"' for name in part) + ")"


def _row_name(key: list[str | list[str]]) -> str:
    """A text that identifies a row by its key, beginning with its document."""
    if not key:
        return "'a row'"
    key = sorted(key, key=lambda part: part != "document_id")
    return "concat_ws(' ', " + ", ".join(_key_expression(part) for part in key) + ")"
