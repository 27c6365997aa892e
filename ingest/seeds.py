"""The seeds as Python reads them: rows of a CSV file, the money units, and the closed lists."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ingest.config import CODES_DIR, SEEDS_DIR


def seed_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of one seed. Raises OSError where it cannot be read."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def money_units() -> dict[str, int]:
    """The money units, the smallest first, each with the yuan in one of it."""
    rows = sorted(seed_rows(CODES_DIR / "money_unit.csv"), key=lambda row: int(row["sort_order"]))
    return {row["unit"]: int(row["factor_yuan"]) for row in rows}


@cache
def money_unit_pattern() -> str:
    """A regular expression without groups that finds any money unit, the longest first."""
    return "|".join(sorted(money_units(), key=len, reverse=True))


@cache
def simplified_characters() -> dict[str, str]:
    """The simplified character of each traditional one."""
    return {
        row["traditional"]: row["simplified"] for row in seed_rows(CODES_DIR / "traditional_character.csv")
    }


@cache
def closed_list(name: str) -> tuple[str, ...]:
    """The codes of a closed list in their order: a list of ``closed_list``, or ``seed.column`` for another seed's.

    Raises ValueError for a list that does not exist.
    """
    seed, _, column = name.partition(".")
    if column:
        paths = list(SEEDS_DIR.glob(f"*/{seed}.csv"))
        codes = [row[column] for path in paths for row in seed_rows(path) if column in row]
    else:
        rows = [row for row in seed_rows(CODES_DIR / "closed_list.csv") if row["list_name"] == name]
        codes = [row["code"] for row in sorted(rows, key=lambda row: int(row["sort_order"]))]
    if not codes:
        raise ValueError(f"no seed has the closed list {name}")
    return tuple(codes)


@cache
def named_codes(name: str) -> dict[str, tuple[str, str]]:
    """The codes of a list of ``closed_list`` with their names in Chinese and English; empty for a list that does not exist."""
    return {
        row["code"]: (row["name_zh"], row["name_en"])
        for row in seed_rows(CODES_DIR / "closed_list.csv")
        if row["list_name"] == name
    }
