"""How well a kind of value fits a column: decides between a cell's position and its content."""

from __future__ import annotations

UNFIT = -12
"""A value that a column never holds."""


def _table(lines: dict[str, str]) -> dict[str, dict[str, int]]:
    pairs = {role: [pair.split(":") for pair in line.split()] for role, line in lines.items()}
    return {role: {kind: int(points) for kind, points in found} for role, found in pairs.items()}


INDICATOR = _table(
    {
        "level1": "level1:12 level:12 damaged_level:10 level2:-8 text:-4",
        "level2": "level2:12 level:12 damaged_level:10 level1:-8 text:-4",
        "name": "named:12 text:8 damaged_level:-2 level:-2 level1:-2 level2:-2 basis:2 grade:-4 dash:-4 quantity:-6",
        "target": "target:12 quantity:6 rate:6 grade:6 level:-2 level1:-2 level2:-2 text:1 number:0 points:0 dash:-2",
        "operator": "operator:12 dash:0 text:0",
        "target_unit": "text:2 dash:0",
        "basis": "basis:10 text:1 dash:0 grade:-2 evidence:-4",
        "prior": "prior:10 dash:3 quantity:2 rate:2 number:0 target:2 grade:2 text:0",
        "weight": "number:8 points:6 rate:2 dash:0",
        "rule": "rule:10 text:1 grade:-2 level:-2 level1:-2 dash:0 evidence:-4",
        "evidence": "evidence:10 text:1 dash:0 grade:-2 basis:-6",
        "actual": "target:10 quantity:8 rate:6 grade:6 level:-2 level1:-2 level2:-2 number:0 points:0 text:0 dash:0",
        "completion": "rate:8 number:0 dash:0",
        "score": "number:8 points:8 dash:0",
        "deviation": "text:2 dash:0 grade:0 prior:0",
        "remark": "number:0 points:0 operator:0 level:-1 level1:-1 level2:-1 damaged_level:0 text:1 dash:0 grade:0 rule:2 basis:0 evidence:2 prior:0",
    }
)
"""{role: {kind of value: points}} of indicator columns; kinds as in ``values.value_kind``."""
FUNDING = _table(
    {
        "initial": "amount:8 dash:0",
        "adjusted": "amount:8 dash:0",
        "executed": "amount:8 dash:0",
        "ignored": "amount:0 points:0 dash:0 rate:0 text:0",
        "weight": "amount:6 points:4 dash:2 rate:-4",
        "rate": "rate:10 amount:2 dash:2",
        "score": "points:10 amount:6 dash:2 rate:-6",
    }
)
"""{role: {kind of value: points}} of the columns of a funding block."""
