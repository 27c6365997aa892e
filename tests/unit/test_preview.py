"""``refresh --dry-run`` where nothing is published: it lists what would be read, and writes nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from ingest import cli
from ingest.runs.refresh import Options
from ingest.terminal import SafeConsole
from ingest.views.preview import preview, print_preview


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Twenty-two files, two of them the same, one hidden, one with a name that steers a terminal."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.pdf").write_text(f"content {number}")
    (folder / "twin.pdf").write_text("content 0")
    (folder / "a\x1b[2J.pdf").write_text("hostile")
    (folder / ".hidden").write_text("x")
    return folder


def tree(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in sorted(root.rglob("*"))}


def test_in_a_pipe_each_event_is_one_line_of_json_and_nothing_is_written(inbox: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    warehouse = tmp_path / "published" / "w.duckdb"
    told = tmp_path / "told.json"
    done = CliRunner().invoke(
        cli.app,
        ["refresh", "--inbox", str(inbox), "--warehouse", str(warehouse), "--dry-run",
         "--notify", f"touch {told}", "--notify-on", "success"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert tree(tmp_path) == before
    events = [json.loads(line) for line in done.stdout.splitlines()]
    by_what: dict[str, list[str]] = {}
    for event in events:
        by_what.setdefault(event["what"], []).append(event.get("file") or event["message"])
    assert len(by_what["to read"]) == 21
    assert len(by_what["new"]) == 22
    assert by_what["left out"] == [".hidden: a hidden file or folder"]
    assert by_what["build"] == ["all 21 documents would be built: nothing was published before"]
    assert "nothing against it" in by_what["guard"][0]
    [counts] = [event for event in events if event["what"] == "counts"]
    assert (counts["to_read"], counts["new"], counts["left_out"]) == (21, 22, 1)


def test_a_person_reads_it_at_80_columns(inbox: Path, tmp_path: Path) -> None:
    found = preview(Options(inbox, tmp_path / "w.duckdb", jobs=1))
    console = SafeConsole(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    print_preview(console, found)
    text = console.file.getvalue()
    lines = text.splitlines()
    assert all(cell_len(line) <= 80 for line in lines)
    assert "\x1b[2J" not in text
    assert lines[0] == "dry run: nothing is written"
    assert "to read: 21" in lines
    assert "  … and 1 more" in lines
    assert lines[-1] == "What is in the files to read is not known yet and may change the rest."


def test_an_inbox_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.app, ["refresh", "--inbox", str(tmp_path / "none"), "--dry-run"])
    assert done.exit_code == 2


def test_an_inbox_with_no_document_would_fail(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    found = preview(Options(tmp_path / "inbox", tmp_path / "w.duckdb", jobs=1))
    assert "no document could be loaded" in found.verdict
