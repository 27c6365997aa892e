"""The official classification lists, read from the warehouse's own seeds."""

import csv
from functools import cache

from ingest.config import CLASSIFICATION_DIR

SEEDS = CLASSIFICATION_DIR


@cache
def function_names(year: int) -> dict[str, str]:
    """Function code (3, 5 or 7 digits) -> name in force in that year, in code order."""
    return _names_in_force("function_classification.csv", year)


@cache
def economic_names(year: int) -> dict[str, str]:
    """Economic code of departments (3 or 5 digits) -> name in force in that year, in code order."""
    names = _names_in_force("economic_classification.csv", year)
    return {code: name for code, name in names.items() if code < "5"}


def _names_in_force(file_name: str, year: int) -> dict[str, str]:
    with (SEEDS / file_name).open(encoding="utf-8", newline="") as lines:
        names = {
            row["code"]: row["name_zh"]
            for row in csv.DictReader(lines)
            if int(row["valid_from_year"]) <= year <= int(row["valid_to_year"] or 9999)
        }
    return {code: names[code] for code in sorted(names)}


def level_of(code: str) -> str:
    """Level of a function code by its length; the empty code is the total."""
    return {0: "total", 3: "class", 5: "section", 7: "item"}[len(code)]
