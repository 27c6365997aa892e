"""The official classification lists, read from the warehouse's own seeds."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "classification"


@dataclass(frozen=True)
class Entry:
    """One code of a classification and the years in which its name was in force."""

    code: str
    name: str
    first_year: int
    last_year: int


def _entries(file_name: str, code_column: str) -> Iterator[Entry]:
    with (SEEDS / file_name).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Entry(
                row[code_column], row["name_zh"], int(row["valid_from_year"]), int(row["valid_to_year"] or 9999)
            )


@cache
def function_names(year: int) -> dict[str, str]:
    """Function code (3, 5 or 7 digits) -> name in force in that year, in code order."""
    return _names("function_classification.csv", "function_code", year)


@cache
def economic_names(year: int) -> dict[str, str]:
    """Economic code (3 or 5 digits) -> name in force in that year, in code order."""
    return _names("economic_classification.csv", "economic_code", year)


def _names(file_name: str, code_column: str, year: int) -> dict[str, str]:
    in_force = [e for e in _entries(file_name, code_column) if e.first_year <= year <= e.last_year]
    return {entry.code: entry.name for entry in sorted(in_force, key=lambda entry: entry.code)}


def level_of(code: str) -> str:
    """Level of a function code by its length; the empty code is the total."""
    return {0: "total", 3: "class", 5: "section", 7: "item"}[len(code)]
