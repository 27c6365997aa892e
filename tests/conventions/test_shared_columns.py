"""Columns that many tables have are what ``shared_columns.yml`` declares, in every published model and in the contract."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from expectations.contract import read_contract
from ingest.config import PROJECT_ROOT
from ingest.seeds import closed_list

DBT = PROJECT_ROOT / "dbt_project"
SHARED = yaml.safe_load((DBT / "shared_columns.yml").read_text(encoding="utf-8"))
COLUMNS: dict[str, dict[str, Any]] = SHARED["columns"]
EXCEPTIONS: dict[str, dict[str, Any]] = SHARED["exceptions"]
NOTHING = {"list": None, "foreign_key": None}


def _models() -> Iterator[dict[str, Any]]:
    for layer in ("marts", "audit"):
        for path in sorted((DBT / "models" / layer).rglob("*.yml")):
            yield from yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])


MODELS = {model["name"]: model for model in _models()}


def _pointers(model: dict[str, Any], test: str, argument: str) -> dict[str, str]:
    """What the columns of a model point to, over all tests of one kind."""
    found: dict[str, str] = {}
    for each in model.get("data_tests", []):
        if isinstance(each, dict) and test in each:
            found |= each[test]["arguments"][argument]
    return found


def _declared(model: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each column of a model as its yml declares it."""
    lists = _pointers(model, "closed_lists", "columns")
    keys = _pointers(model, "foreign_keys", "keys")
    return {
        column["name"]: {
            "type": column["data_type"],
            "required": {"type": "not_null"} in column.get("constraints", []),
            "list": lists.get(column["name"]),
            "foreign_key": keys.get(column["name"]),
            "description": column["description"],
        }
        for column in model["columns"]
    }


@pytest.mark.parametrize("name", MODELS)
def test_a_shared_column_is_what_is_declared_once(name: str) -> None:
    own = EXCEPTIONS.get(name, {})
    for column, found in _declared(MODELS[name]).items():
        if column in COLUMNS and own.get(column) != "other":
            described = {"description": f"{{{{ doc('col_{column}') }}}}"}
            assert found == NOTHING | COLUMNS[column] | described | own.get(column, {}), column


def test_every_exception_is_one() -> None:
    for name, own in EXCEPTIONS.items():
        declared = _declared(MODELS[name])
        for column, differing in own.items():
            assert column in declared, (name, column)
            asked = NOTHING | COLUMNS[column]
            described = f"{{{{ doc('col_{column}') }}}}"
            if differing == "other":
                assert declared[column] != asked | {"description": described}, (name, column)
            else:
                assert all(asked[key] != value for key, value in differing.items()), (name, column)


@pytest.mark.parametrize("group", ["fact_header", "money"])
def test_the_contract_shares_the_same_columns(group: str) -> None:
    for column, spec in read_contract()["groups"][group]["columns"].items():
        shared = COLUMNS[column]
        assert spec["type"].lower() == shared["type"], column
        assert (spec.get("required") is True) == shared["required"], column
        if "list" in shared:
            assert closed_list(spec["list"]) == closed_list(shared["list"]), column


def test_shared_columns_are_described_once() -> None:
    blocks = "".join(path.read_text(encoding="utf-8") for path in (DBT / "models" / "docs").glob("*.md"))
    for column in COLUMNS:
        assert blocks.count(f"{{% docs col_{column} %}}") == 1, column
