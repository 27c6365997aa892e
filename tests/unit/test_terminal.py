"""What the program says of itself: how it is called, and lists that fit the terminal."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from ingest.terminal import SafeConsole, program
from ingest.views.listings import print_documents


@pytest.mark.parametrize(
    ("called", "is_on_path", "said"),
    [
        (".venv/bin/mingzhang", False, ".venv/bin/mingzhang"),
        (".venv/bin/mingzhang", True, "mingzhang"),
        ("ingest/__main__.py", False, "mingzhang"),
    ],
)
def test_a_command_to_copy_is_written_as_it_can_be_called(
    called: str, is_on_path: bool, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", [str(tmp_path / called)])
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if is_on_path else None)
    assert program() == said


@pytest.mark.parametrize(("width", "has_unit"), [(80, False), (120, True)])
def test_a_list_of_documents_names_each_file_in_full_where_lines_are_short(
    width: int, has_unit: bool
) -> None:
    row: dict[str, Any] = {
        "file_name": "planted_narrative.html", "unit_name": "云川市某局", "fiscal_year": 2025, "stage": "budget",
        "audit_status": "flagged", "figures": 1_799, "prose_money": 109, "prose_money_unread": 0, "forms_read": 10,
        "forms_partial": 0, "forms_empty": 2, "forms_missing": 0, "errors": 4, "warnings": 0,
    }  # fmt: skip
    said = io.StringIO()
    print_documents(SafeConsole(file=said, width=width), [row])
    first_cells = [line.split("│")[0].strip() for line in said.getvalue().splitlines() if "│" in line]
    assert "".join(first_cells) == row["file_name"]
    assert (row["unit_name"] in said.getvalue()) is has_unit
