"""One real build of the sample documents and the broken files, shared by every test that reads a warehouse."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.config import PROJECT_ROOT, Policy, Run
from ingest.warehouse.compiled import Statements, compiled_statements
from samples import SampleTruth, write_broken_samples, write_places, write_samples

BUILDS = ("sample_build", "golden_build")
WAITING = ("test_query.py", "test_scratch.py", "test_workers.py")
"""Files whose tests mostly wait for processes: they run first, when other workers build; last, they would leave cores idle."""
SAMPLES = {"seed": 20261121, "count": 16}


@pytest.hookimpl(tryfirst=True)  # set before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a file's tests in one worker, and all files that read the same build too, so that it is made once. Those that wait
    run first.

    A test that reads a build, or runs commands that make one, is marked ``whole``: `make check` leaves it out.
    """
    items.sort(key=lambda item: item.path.name not in WAITING)
    groups = {
        item.path: name for item in items for name in BUILDS if name in getattr(item, "fixturenames", ())
    }
    for item in items:
        item.add_marker(pytest.mark.xdist_group(groups.get(item.path, str(item.path))))
        if not {*BUILDS, "compiled"}.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.whole)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a case without its bytes: they may contain the time of writing, and all workers must use the same name."""
    return f"{len(val)}bytes" if isinstance(val, bytes) else None


@dataclass(frozen=True)
class Compiled:
    """What dbt compiles, once for all tests and all workers."""

    folder: Path

    @cache  # noqa: B019
    def statements(self, policy: str) -> Statements:
        """The statements under a policy."""
        run = Run(publish_policy=Policy(policy), var_dir=self.folder)
        run.var_dir.mkdir(parents=True, exist_ok=True)
        with (run.var_dir / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = compiled_statements(run)
            assert not list(run.var_dir.glob("builds/*"))
            return found

    def give(self, var_dir: Path) -> Path:
        """Put them where a command with this folder of state looks for them. Returns the folder."""
        shutil.copytree(self.statements("hold").seeds.parent, Run(var_dir=var_dir).compiled_dir)
        return var_dir


@dataclass(frozen=True)
class SampleBuild:
    """A published warehouse, its inputs and its expected outcome."""

    warehouse: Path
    documents: Path
    var_dir: Path
    truths: list[SampleTruth]
    broken: dict[str, str]
    misread: str
    events: list[dict[str, object]]
    stdout: str


def run_mingzhang(*arguments: str | Path, var_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run the console command as a person would, in a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, arguments)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"MINGZHANG_VAR": str(var_dir), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """What dbt compiles, in a folder that all workers of the session share."""
    folder = tmp_path_factory.getbasetemp()
    return Compiled((folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "compiled")


@pytest.fixture(scope="session")
def var_dir(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of state with what dbt compiles, for commands that need no build but their own."""
    return compiled.give(tmp_path_factory.mktemp("state") / "var")


@pytest.fixture(scope="session")
def sample_documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents of the sample build, for tests that read some of them and not that build: another worker can run these."""
    folder = tmp_path_factory.mktemp("documents")
    write_samples(folder, **SAMPLES)
    return folder


@pytest.fixture(scope="session")
def sample_build(compiled: Compiled, tmp_path_factory: pytest.TempPathFactory) -> SampleBuild:
    """Sixteen samples, those in the layouts of other places and every kind of broken file, built by the command itself."""
    root = tmp_path_factory.mktemp("samples")
    documents, warehouse = root / "documents", root / "published" / "w.duckdb"
    var_dir = compiled.give(root / "var")
    truths = write_samples(documents, **SAMPLES) + write_places(documents)
    misread = _write_misread(documents, truths)
    broken = {f"broken/{name}": code for name, code in write_broken_samples(documents / "broken").items()}
    done = run_mingzhang("build", documents, "--warehouse", warehouse, "--strict", var_dir=var_dir)
    assert done.returncode == 3, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    return SampleBuild(warehouse, documents, var_dir, truths, broken, misread, events, done.stdout)


def _write_misread(documents: Path, truths: list[SampleTruth]) -> str:
    """A copy of a text sample whose expenditure rows all begin with a wrong digit, and one other figure is wrong. Returns its name."""
    original = next(truth.file_name for truth in truths if truth.kind == "tabbed_budget")
    text = (documents / original).read_text(encoding="utf-8")
    head, title, tail = text.rpartition("支出总体情况表")
    form, unit, rest = tail.partition("财政拨款收支")
    wrong = re.sub(r"(?m)^(\d+\t\d*\t\d*\t[^\t\n]+\t)(?=\d)", r"\g<1>9", form)
    one_wrong = re.sub(
        r"(?m)^(301\t+[^\t\n\d]+\t\d*)(\d)(?=\d\.\d)", lambda found: found[1] + str(9 - int(found[2])), rest
    )
    assert wrong != form
    assert one_wrong != rest
    (documents / "misread.txt").write_text(head + title + wrong + unit + one_wrong, encoding="utf-8")
    return "misread.txt"


@pytest.fixture
def warehouse(sample_build: SampleBuild) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader's connection to the published sample warehouse."""
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        yield con
