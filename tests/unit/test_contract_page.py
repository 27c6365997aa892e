"""What the page of the contract says is missing of the next version, and when it stops saying so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expectations.contract import Check, Subject
from ingest.views.contract import missing_parts

CONTRACT: dict[str, Any] = {
    "tables": {
        "marts.fct_a": {"includes": ["money"], "columns": {"level": {}}},
        "marts.dim_b": {"columns": {}},
    }
}
FOLLOWING: dict[str, Any] = {
    "groups": {"money": ["part"]},
    "tables": {
        "marts.fct_a": {"columns": ["owner"], "values": {"level": ["total", "item"]}},
        "marts.fct_new": {"columns": ["line_no"]},
    },
}
LEVELS = Check("marts.fct_a", "level", "list", "level 只取：total class", "level is one of: total class")
DERIVED: Mapping[str, Subject] = {
    "marts.fct_a": Subject("marts.fct_a", "", "", (LEVELS,)),
    "marts.dim_b": Subject("marts.dim_b", "", "", ()),
}


def test_columns_of_tables_and_groups_values_and_new_tables_are_missing() -> None:
    assert missing_parts(CONTRACT, FOLLOWING, DERIVED, {}) == {
        "marts.fct_a": ["owner", "part", "level = item"],
        "marts.fct_new": ["line_no"],
    }


def test_what_a_warehouse_has_is_not_missing() -> None:
    held = {("marts.fct_a", "owner"): None, ("marts.fct_a", "part"): None, ("marts.fct_new", "line_no"): None}
    assert missing_parts(CONTRACT, FOLLOWING, DERIVED, held) == {"marts.fct_a": ["level = item"]}
