"""The page of the data contract: what a consumer may rely on, from the checks that guard it and a warehouse's own words."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml
from jinja2 import Environment, StrictUndefined

from expectations.contract import CONTRACT_FILE, WAREHOUSE, Check, Subject, read_contract, subjects
from ingest.config import CLASSIFICATION_DIR, REGISTRY_DIR

NEXT_FILE = CONTRACT_FILE.with_name("contract_next.yml")
TEMPLATE = Path(__file__).with_name("templates") / "contract.md"
_CODE_LISTS = (
    (REGISTRY_DIR / "forms.csv", "报表 / Forms", "statement_code"),
    (CLASSIFICATION_DIR / "fund.csv", "资金 / Funds", "fund_code"),
    (CLASSIFICATION_DIR / "revenue_source.csv", "收入来源 / Revenue sources", "revenue_source"),
    (CLASSIFICATION_DIR / "measure.csv", "支出口径 / Measures", "measure"),
    (CLASSIFICATION_DIR / "balance_item.csv", "收支平衡项目 / Balancing items", "item"),
    (CLASSIFICATION_DIR / "three_public_item.csv", "“三公”经费 / Three public expenses", "item"),
    (CLASSIFICATION_DIR / "metric.csv", "单列的数 / Metrics", "metric_code"),
)
"""Seeds whose codes have names: file, heading, column of the code. Dimensions of thousands of codes are queried instead."""
_COLUMNS_SQL = """
select schema_name || '.' || table_name, column_name, data_type, comment
from duckdb_columns()
where schema_name in ('marts', 'audit')
"""


def contract_page(con: duckdb.DuckDBPyConnection) -> str:
    """The contract as Markdown. Every promise of its tables is a check that the publishing gate runs.

    Raises jinja2.UndefinedError where the template asks for something that is not made here.
    """
    contract = read_contract()
    following: dict[str, Any] = yaml.safe_load(NEXT_FILE.read_text(encoding="utf-8"))
    held = {
        (table, column): (kind, comment)
        for table, column, kind, comment in con.execute(_COLUMNS_SQL).fetchall()
    }
    derived = {subject.name: subject for subject in subjects(contract, "hold")}
    whole = derived.pop(WAREHOUSE)
    missing = missing_parts(contract, following, derived, held)
    template = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return template.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        version=contract["version"],
        next_version=following["version"],
        tables="\n".join(
            _table(subject, _follows(contract, following, missing.get(name, [])), held)
            for name, subject in derived.items()
        ),
        whole=_rules(whole),
        codes="\n".join(_codes(*code_list) for code_list in _CODE_LISTS),
        missing="".join(_missing(contract, following, missing)),
    )


def missing_parts(
    contract: Mapping[str, Any], following: Mapping[str, Any], derived: Mapping[str, Subject],
    held: Mapping[tuple[str, str], Any],
) -> dict[str, list[str]]:  # fmt: skip
    """What a warehouse lacks of the next version, by table: columns, and values (``column = value``) of closed lists."""
    planned = {
        name: following["tables"].get(name, {}) for name in [*contract["tables"], *following["tables"]]
    }
    lacking: dict[str, list[str]] = {}
    for name, plan in planned.items():
        groups = contract["tables"].get(name, {}).get("includes", [])
        shared = [column for group in groups for column in following["groups"].get(group, [])]
        parts = [column for column in [*plan.get("columns", []), *shared] if (name, column) not in held]
        for column, values in plan.get("values", {}).items():
            known = _values(derived[name], column)
            parts += [f"{column} = {value}" for value in values if value not in known]
        if parts:
            lacking[name] = parts
    return lacking


def _values(subject: Subject, column: str) -> list[str]:
    """The values of a column's closed list, as its check names them."""
    [check] = [each for each in subject.checks if each.column == column and each.rule == "list"]
    return check.en.rpartition(": ")[2].split()


def _follows(contract: Mapping[str, Any], following: Mapping[str, Any], missing: list[str]) -> str:
    if not missing:
        return f"版本 / version {following['version']}"
    version, parts = following["version"], ", ".join(f"`{part}`" for part in missing)
    return f"版本 / version {contract['version']}; 版本 {version} 尚缺 / version {version} not yet: {parts}"


def _table(subject: Subject, follows: str, held: Mapping[tuple[str, str], tuple[str, str | None]]) -> str:
    """One table: its grain, the version that it follows, its columns with what is promised of each, its rules."""
    columns: dict[str, list[Check]] = {}
    for check in subject.checks:
        if check.column:
            columns.setdefault(check.column, []).append(check)
    rows = (
        f"| `{column}` | {_type(checks, held.get((subject.name, column)))} | {_cell(_promises(checks))} |"
        f" {_cell(held.get((subject.name, column), ('', ''))[1])} |\n"
        for column, checks in columns.items()
    )
    return (
        f"### {subject.name}\n\n{subject.zh} / {subject.en}\n\n{follows}\n\n"
        "| column | type | promise | meaning |\n| --- | --- | --- | --- |\n" + "".join(rows) + _rules(subject)
    )


def _type(checks: list[Check], held: tuple[str, str | None] | None) -> str:
    """The type that is promised, else in brackets the one that the warehouse has."""
    promised = next((check.expected_type for check in checks if check.expected_type), None)
    return promised.lower() if promised else f"({held[0].lower()})" if held else ""


def _promises(checks: list[Check]) -> str:
    """What is checked of a column's values, in English; a warning is a promise about the print and not about our work."""
    said = [
        check.en.removeprefix(f"{check.column} is ")
        + (" (warning)" if check.severity == "warning" else "")
        + (f" (where {check.due_when})" if check.due_when else "")
        for check in checks
        if not check.is_about_type
    ]
    return "; ".join(said)


def _rules(subject: Subject) -> str:
    """What is checked of a table's rows, its key first. What every table has (that it exists) is left out."""
    told = [check for check in subject.checks if check.column is None and check.rule != "exists"]
    lines = "".join(f"- {check.zh} / {check.en}\n" for check in told)
    return f"\n{lines}" if lines else ""


def _codes(path: Path, title: str, code_column: str) -> str:
    with path.open(encoding="utf-8", newline="") as handle:
        rows = "".join(
            f"| `{row[code_column]}` | {_cell(row['name_zh'])} | {_cell(row['name_en'])} |\n"
            for row in csv.DictReader(handle)
        )
    return f"### {title}\n\n| code | 名称 | name |\n| --- | --- | --- |\n{rows}"


def _missing(
    contract: Mapping[str, Any], following: Mapping[str, Any], missing: Mapping[str, list[str]]
) -> Iterator[str]:
    """What the next version adds that is not there yet, one item per line: parts of tables, new tables, rules."""
    for table, parts in missing.items():
        names = ", ".join(f"`{part}`" for part in parts)
        if table in contract["tables"]:
            yield f"- `{table}`: {names}\n"
        else:
            new = following["tables"][table]
            yield f"- `{table}` (new table: {new['zh']} / {new['en']}): {names}\n"
    for rule in following["rules"]:
        yield f"- {rule['zh']} / {rule['en']}\n"


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|").replace("\n", " ")
