"""Money units and closed lists have one source, the seeds: nobody types them again, and no list is idle."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from typing import Any

import yaml

from expectations.contract import read_contract
from ingest.config import CODES_DIR, PROJECT_ROOT, REGISTRY_DIR
from ingest.seeds import closed_list, money_units, seed_rows
from ingest.views.relations import relations
from ingest.warehouse.holds import HoldReason

DBT = PROJECT_ROOT / "dbt_project"
LISTS = {row["list_name"] for row in seed_rows(CODES_DIR / "closed_list.csv")}


def _lists_of_tests() -> Iterator[str]:
    """The lists that dbt's tests read."""
    for path in DBT.rglob("*.yml"):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        for node in [*declared.get("models", []), *declared.get("seeds", [])]:
            for test in node.get("data_tests", []):
                if isinstance(test, dict) and "closed_lists" in test:
                    yield from test["closed_lists"]["arguments"]["columns"].values()


def _lists_of_contract(part: Any) -> Iterator[str]:
    """The lists that the contract reads, wherever they stand."""
    if isinstance(part, dict):
        if isinstance(part.get("list"), str):
            yield part["list"]
        for each in part.values():
            yield from _lists_of_contract(each)


def test_every_list_that_is_read_exists_and_none_is_idle() -> None:
    by_tests, by_contract = set(_lists_of_tests()), set(_lists_of_contract(read_contract()))
    assert by_tests <= LISTS
    assert by_tests | by_contract | {"usage_warning"} >= LISTS
    assert all(closed_list(name) for name in by_contract)


def test_every_warning_of_a_table_is_in_the_list_and_none_is_idle() -> None:
    assert {warning for table in relations().values() for warning in table.warnings} == set(
        closed_list("usage_warning")
    )


def test_the_macros_know_the_seeds_money_units() -> None:
    text = (DBT / "macros" / "money_unit.sql").read_text(encoding="utf-8")
    found = re.search(r"return\((\[.*?\])\)", text, re.DOTALL)
    assert found
    rows = sorted(seed_rows(CODES_DIR / "money_unit.csv"), key=lambda row: int(row["sort_order"]))
    assert literal_eval(re.sub(r"\n\s*", "", found.group(1))) == [
        {"unit": row["unit"], "factor_yuan": int(row["factor_yuan"]), "name_en": row["name_en"]}
        for row in rows
    ]


def test_no_statement_or_rule_lists_the_money_units_again() -> None:
    sources = [
        *DBT.rglob("*.sql"),
        *DBT.rglob("*.yml"),
        *(PROJECT_ROOT / "ingest").rglob("*.py"),
        *(PROJECT_ROOT / "expectations").glob("*"),
    ]
    large = [unit for unit, factor in money_units().items() if factor > 1]
    for path in sources:
        if path.suffix in (".sql", ".yml", ".py") and path.stem != "money_unit":
            text = path.read_text(encoding="utf-8")
            assert not re.search(
                rf"(?:{'|'.join(large)})['\"]?(?:[,|] ?| then \S+ when )['\"]?(?:{'|'.join(large)})", text
            ), path


def test_the_hold_codes_are_those_of_the_program() -> None:
    assert set(closed_list("hold_code")) == {*HoldReason, "IDENTITY_BROKEN"}


def test_every_doubt_of_an_identity_is_explained_and_none_is_idle() -> None:
    path = DBT / "models" / "intermediate" / "identity" / "int_identity__doubted.sql"
    read = set(re.findall(r"list_contains\((?:failed\.)?doubts, '(\w+)'\)", path.read_text(encoding="utf-8")))
    assert read == {
        doubt
        for row in seed_rows(REGISTRY_DIR / "identities.csv")
        for doubt in row["doubts"].split("|")
        if doubt
    }
