"""No process and no temporary file is left behind, however a reader, its worker or the whole run ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from ingest.config import LIMITS, PROJECT_ROOT, RUN_FOLDERS, Run
from ingest.extraction.read import read_rows
from ingest.inbox.sources import Source
from ingest.outcomes import Outcome, Reason
from ingest.processes.scratch import owned
from ingest.processes.workers import Failure, run_bounded

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux ends what is orphaned"
)

_CONVERTER = """#!/bin/sh
touch "$TMPDIR/converter.tmp"
sleep {seconds} &
echo begun > {mark}
sleep {seconds}
"""
"""A LibreOffice that never ends: like the real one, it is a script that begins other processes."""


@dataclass(frozen=True)
class Place:
    """A rich text document, a converter that hangs at it, and an empty folder for temporary files."""

    document: Path
    warehouse: Path
    var_dir: Path
    temporary: Path
    mark: Path
    seconds: str

    @property
    def environment(self) -> dict[str, str]:
        """With which a run finds them."""
        path = os.pathsep.join([str(self.mark.parent), os.environ["PATH"]])
        return os.environ | {
            "PATH": path, "TMPDIR": str(self.temporary), "MINGZHANG_VAR": str(self.var_dir), "PYTHONPATH": str(PROJECT_ROOT),
        }  # fmt: skip

    def begin(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """A run that has come to the converter."""
        self.mark.unlink(missing_ok=True)
        run = subprocess.Popen(
            [sys.executable, "-m", "ingest", *map(str, arguments)], env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert _becomes_true(lambda: self.mark.exists() and len(self.running()) == 2, 60)
        assert list(self.temporary.rglob("document.rtf"))
        assert list(self.temporary.rglob("converter.tmp"))
        return run

    def running(self) -> list[psutil.Process]:
        """What the converter has begun and still runs."""
        return [
            process
            for process in psutil.process_iter(["cmdline", "status"])
            if process.info["cmdline"] == ["sleep", self.seconds]
            and process.info["status"] != psutil.STATUS_ZOMBIE
        ]

    def left(self) -> list[str]:
        """The temporary files that are there."""
        return [str(path.relative_to(self.temporary)) for path in self.temporary.rglob("*")]


def _becomes_true(test: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not test():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    programs, documents = tmp_path / "programs", tmp_path / "documents"
    programs.mkdir()
    documents.mkdir()
    document = documents / "budget.rtf"
    document.write_bytes(rb"{\rtf1 budget}")
    seconds = f"{600 + os.getpid() % 1000}.25"
    converter = programs / "soffice"
    converter.write_text(_CONVERTER.format(seconds=seconds, mark=programs / "mark"))
    converter.chmod(0o755)
    with tempfile.TemporaryDirectory(prefix="t") as temporary:  # a socket lies in it: its path must be short
        yield Place(
            document, tmp_path / "w.duckdb", tmp_path / "var", Path(temporary), programs / "mark", seconds
        )
    for process in psutil.process_iter(["cmdline"]):
        if process.info["cmdline"] == ["sleep", seconds]:
            process.kill()


@pytest.mark.parametrize("command", ["build", "refresh", "ingest"])
def test_an_ended_run_leaves_nothing_and_exits_as_the_guide_says(place: Place, command: str) -> None:
    place.warehouse.write_bytes(b"published before")
    where: dict[str, list[str | Path]] = {
        "build": [place.document, "--warehouse", place.warehouse],
        "refresh": ["--inbox", place.document.parent, "--warehouse", place.warehouse],
        "ingest": [place.document, "--build-file", place.warehouse.with_name("build.duckdb")],
    }
    run = place.begin(command, *where[command])
    run.send_signal(signal.SIGTERM)
    printed, _ = run.communicate(timeout=60)
    assert run.returncode == 1, printed
    assert "the run was stopped" in printed
    assert _becomes_true(lambda: not place.running(), 5)
    assert not place.left()
    assert place.warehouse.read_bytes() == b"published before"
    assert not list(place.var_dir.glob("builds/*"))
    assert not (place.warehouse.parent / "w.releases" / "work").exists()


def test_a_killed_run_takes_the_converter_along_and_the_next_run_removes_its_files(place: Place) -> None:
    first = place.begin("build", place.document, "--warehouse", place.warehouse)
    first.kill()
    first.communicate(timeout=20)
    assert _becomes_true(lambda: not place.running(), 10)
    [killed] = place.temporary.iterdir()
    [builds] = place.var_dir.glob("builds/*")
    second = place.begin("build", place.document, "--warehouse", place.warehouse)
    assert not killed.exists()
    assert not builds.exists()
    second.send_signal(signal.SIGTERM)
    second.communicate(timeout=60)
    assert not place.left()


def test_a_run_leaves_the_files_of_another_that_lives(place: Place) -> None:
    first = place.begin("build", place.document, "--warehouse", place.warehouse)
    before = set(place.temporary.iterdir()) | set(place.var_dir.glob("builds/*"))
    command = [sys.executable, "-m", "ingest", "build", place.mark, "--warehouse", place.warehouse]
    done = subprocess.run(
        [*map(str, command)], env=place.environment, capture_output=True, text=True, check=False
    )
    assert "no document could be loaded" in done.stderr
    assert before == set(place.temporary.iterdir()) | set(place.var_dir.glob("builds/*"))
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)


def test_a_killed_worker_takes_the_converter_and_its_files_along(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(run_bounded(str, ["the server of workers is there"], 1))
    monkeypatch.setattr(tempfile, "tempdir", str(place.temporary))
    limits = replace(LIMITS, seconds=3.0)
    [(_, answer)] = run_bounded(_read_with, [(place.environment["PATH"], place.document)], 1, limits)
    assert isinstance(answer, Failure)
    assert answer.reason is Reason.TIME_EXCEEDED
    assert place.mark.exists(), "the converter had begun"
    assert _becomes_true(lambda: not place.running(), 5)
    assert not place.left()


def _read_with(task: tuple[str, Path]) -> Outcome:
    """Read a document where the PATH is another: the workers' server keeps the one that it was begun with."""
    os.environ["PATH"], document = task
    return read_rows(Source(document.name, document))[0]


_OWNER = """
import sys, time
from pathlib import Path
from ingest.processes.scratch import owned
with owned(Path(sys.argv[1]), sys.argv[2]):
    print("owned", flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_its_owners_until_it_ends(tmp_path: Path) -> None:
    dead, alive, other = (tmp_path / name for name in (Run().run_id, Run().run_id, "steps.duckdb.tmp"))
    other.mkdir()
    owners = []
    for folder in (dead, alive):
        owner = subprocess.Popen(
            [sys.executable, "-c", _OWNER, str(folder), RUN_FOLDERS], env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert owner.stdout
        assert owner.stdout.readline() == "owned\n"
        (folder / "file").touch()
        owners.append(owner)
    owners[0].kill()
    owners[0].communicate()
    assert dead.exists()
    with owned(tmp_path / Run().run_id, RUN_FOLDERS) as mine:
        assert sorted(tmp_path.iterdir()) == sorted([alive, other, mine])
    owners[1].communicate()
    assert list(tmp_path.iterdir()) == [other]


def test_what_is_left_at_the_end_is_removed_also_after_an_error(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    with pytest.raises(FileExistsError), owned(mine, "mine"):
        mine.mkdir()
    assert not list(tmp_path.iterdir())
