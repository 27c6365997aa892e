"""Functions are short enough to be read at a glance."""

from __future__ import annotations

import ast
from pathlib import Path

from ingest.config import PROJECT_ROOT

MOST_LINES = 60
JUSTIFIED: dict[str, str] = {}
"""Longer functions that would be harder to read in parts, and why."""


def _lines(path: Path) -> dict[str, int]:
    """How many lines each function of a file has."""
    name = path.relative_to(PROJECT_ROOT).as_posix()
    return {
        f"{name} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def test_a_function_has_at_most_sixty_lines() -> None:
    files = [path for room in ("ingest", "expectations") for path in (PROJECT_ROOT / room).rglob("*.py")]
    lines = {name: count for path in files for name, count in _lines(path).items()}
    assert len(lines) > 500
    assert {name for name, count in lines.items() if count > MOST_LINES} <= set(JUSTIFIED)
