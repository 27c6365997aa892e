"""A wheel, installed outside the clone in a folder that is read-only, publishes what the clone publishes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.config import PROJECT_ROOT
from ingest.runs.build import ingest_files
from ingest.version import extractor_version, project_version
from ingest.warehouse.publish import content_hash
from ingest.warehouse.transform import transform
from tests.conftest import SAMPLES, Compiled

_MADE = ("var", "warehouse", "build", "dist")
_DOCUMENTS = ("00004_tabbed_budget.txt", "00005_cell_line_final.txt")


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, this environment's libraries and not the clone, and a working folder elsewhere."""

    environment: Path
    folder: Path

    def run(self, command: str, *arguments: str) -> str:
        """What a command of the environment prints; it must end with 0."""
        others = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "MINGZHANG"))
        }
        done = subprocess.run(
            [self.environment / "bin" / command, *arguments],
            cwd=self.folder, env=others | {"COLUMNS": "200"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def files(self) -> dict[str, tuple[int, int]]:
        """Everything in the environment, with what changes when something is written."""
        found = ((path, path.lstat()) for path in self.environment.rglob("*"))
        return {str(path): (state.st_mtime_ns, state.st_size) for path, state in found}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    root = tmp_path_factory.mktemp("wheel")
    environment, folder = root / "environment", root / "folder"
    folder.mkdir()
    venv.create(environment, symlinks=True)
    libraries = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))
    shared = [entry for entry in sys.path if entry.endswith("-packages")]
    (libraries / "shared.pth").write_text("\n".join(shared), encoding="utf-8")
    python = str(environment / "bin" / "python")
    _pip("--python", python, "install", "--no-deps", "--no-index", str(_wheel(root)))
    paths = [environment, *(path for path in environment.rglob("*") if not path.is_symlink())]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    yield Installed(environment, folder)
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)


def _wheel(root: Path) -> Path:
    """A wheel made of the source distribution of a copy of the clone, without the network."""
    source = shutil.copytree(PROJECT_ROOT, root / "source", ignore=_left_out)
    code = "import sys; from setuptools.build_meta import build_sdist; build_sdist(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(root)], cwd=source, check=True, capture_output=True)
    (archive,) = root.glob("mingzhang-*.tar.gz")
    offline = ("--no-deps", "--no-index", "--no-build-isolation")
    _pip("wheel", *offline, "--wheel-dir", str(root), str(archive))
    (wheel,) = root.glob("mingzhang-*.whl")
    return wheel


def _left_out(folder: str, names: list[str]) -> list[str]:
    """What is made in a clone and not part of it."""
    is_top = Path(folder) == PROJECT_ROOT
    return [
        name
        for name in names
        if name == "__pycache__"
        or (is_top and (name in _MADE or name.startswith(".") or name.endswith(".egg-info")))
    ]


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wheel_reads_and_transforms_by_the_same_files(installed: Installed) -> None:
    code = "import ingest.version as v; print(v.__file__, v.extractor_version(), v.project_version())"
    file, extractor, project = installed.run("python", "-c", code).split()
    assert Path(file).is_relative_to(installed.environment)
    assert (extractor, project) == (extractor_version(), project_version())


def test_a_wheel_says_that_it_is_typed(installed: Installed) -> None:
    typed = {path.parent.name for path in installed.environment.rglob("py.typed")}
    assert typed == {"ingest", "expectations", "samples"}


def test_a_wheel_publishes_what_the_clone_publishes_and_writes_only_where_it_works(
    installed: Installed, sample_documents: Path, compiled: Compiled, tmp_path: Path
) -> None:
    before = installed.files()
    seed = SAMPLES["seed"]
    code = (
        f"from pathlib import Path; from samples import write_samples; write_samples(Path('made'), {seed}, 5)"
    )
    installed.run("python", "-c", code)
    made = {path.name: path.read_bytes() for path in (installed.folder / "made").iterdir()}
    assert made == {name: (sample_documents / name).read_bytes() for name in made}

    documents = [installed.folder / "made" / name for name in _DOCUMENTS]
    installed.run("mingzhang", "build", *map(str, documents), "--strict")
    by_the_clone = tmp_path / "build.duckdb"
    ingest_files(documents, by_the_clone, "run", 0, lambda *_: None)
    transform(compiled.statements("hold"), by_the_clone)
    assert content_hash(installed.folder / "warehouse" / "mingzhang.duckdb") == content_hash(by_the_clone)

    installed.run("mingzhang", "report", _DOCUMENTS[0], "--output", "report.html")
    installed.run("mingzhang", "docs")
    assert "identity_id" in installed.run("mingzhang", "findings", "--format", "csv")
    counted = installed.run("mingzhang", "sql", "select count(*) from marts.dim_document", "--format", "csv")
    assert counted.split() == ["count_star()", "2"]
    assert {path.name for path in installed.folder.iterdir()} == {
        "made", "warehouse", "var", "report.html", "docs",
    }  # fmt: skip
    assert installed.files() == before
