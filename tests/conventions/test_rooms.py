"""The rooms stand in the order of a document's way: none imports from one that comes later, and few modules lie flat."""

from __future__ import annotations

import ast
from pathlib import Path

import ingest

PACKAGE = Path(ingest.__file__).parent
ORDER = (
    "config", "outcomes", "seeds", "version", "terminal", "files", "processes", "document", "registry", "readers", "inbox", "cover",
    "forms", "performance", "narrative", "extraction", "warehouse", "releases", "runs", "engines", "views", "cli", "__main__",
)  # fmt: skip
"""Readers come before the inbox, which opens archives with them."""
MOST_FLAT = 8


def imported_rooms(path: Path) -> set[str]:
    """The rooms of the package that a module imports from, also inside functions."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (
                [node.module] if node.module != "ingest" else [f"ingest.{each.name}" for each in node.names]
            )
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        rooms |= {name.split(".")[1] for name in names if name.startswith("ingest.")}
    return rooms


def test_no_room_imports_from_a_later_one() -> None:
    upward = []
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room in ("__init__", "_project"):
            continue
        upward += [
            f"{path.relative_to(PACKAGE)} imports {other}"
            for other in imported_rooms(path)
            if ORDER.index(other) > ORDER.index(room)
        ]
    assert upward == []


def test_few_modules_lie_flat() -> None:
    flat = [path.name for path in PACKAGE.glob("*.py") if not path.name.startswith("__")]
    assert len(flat) <= MOST_FLAT, flat
