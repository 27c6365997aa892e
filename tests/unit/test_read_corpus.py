"""The check that reads a corpus counts every file, and says so where one fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.inbox.sources import Source
from ingest.outcomes import Outcome, Reason
from ingest.processes.workers import Failure
from tests.long import read_corpus


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "letter.txt").write_text("Dear Sir,\n")
    (tmp_path / f"{'long' * 30}.txt").touch()
    return tmp_path


def test_every_file_is_read_and_counted(corpus: Path) -> None:
    command = [sys.executable, "-m", "tests.long.read_corpus", str(corpus), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert any(line.split() == ["1", "NOT_A_DISCLOSURE", "text", "1"] for line in lines)
    assert any(line.split() == ["1", "FILE_EMPTY", "none", "1"] for line in lines)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("reason", [Reason.EXTRACTION_FAILED, Reason.TIME_EXCEEDED, Reason.WORKER_DIED])
def test_a_failure_is_shown_and_is_the_exit_status(
    corpus: Path, reason: Reason, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answers(_: object, sources: list[Source], *__: object) -> Iterator[tuple[Source, object]]:
        yield sources[0], Failure(reason, "no such thing")
        yield (
            sources[1],
            read_corpus.Reading(Outcome(sources[1].name, "extract", "loaded", seconds=1.0), "text"),
        )

    monkeypatch.setattr(read_corpus, "run_bounded", answers)
    monkeypatch.setattr(read_corpus, "gather_temporary_files", lambda: None)
    monkeypatch.setattr(sys, "argv", ["read_corpus", str(corpus)])
    assert read_corpus.main() == 1
    shown = capsys.readouterr().out
    assert f"{reason} " in shown
    assert "no such thing" in shown
    assert "loaded" in shown
