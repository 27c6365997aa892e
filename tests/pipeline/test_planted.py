"""The samples with a planted error: each has one cause, of the kind that was planted, and the pages name one that is there."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from ingest.config import PROJECT_ROOT
from ingest.views.listings import print_worst
from ingest.views.proofread import proofread
from samples import Planted, write_planted_samples
from tests.conftest import Compiled, SampleBuild


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Planted]]:
    """The documents, and what was planted in each."""
    folder = tmp_path_factory.mktemp("planted")
    return folder, write_planted_samples(folder)


def test_each_planted_error_is_found_once_and_nothing_else_is(
    planted: tuple[Path, list[Planted]], compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGZHANG_VAR", str(compiled.give(tmp_path / "var")))
    folder, errors = planted
    assert len({error.family for error in errors}) == len(errors) == 4
    together = tmp_path / "planted.zip"
    with zipfile.ZipFile(together, "w") as archive:
        for error in errors:
            archive.write(folder / error.file_name, error.file_name)
    proofs = {proof.head["file_name"].rpartition("!/")[2]: proof for proof in proofread(together)}
    assert len(proofs) == len(errors)
    keys = set()
    for error in errors:
        proof = proofs[error.file_name]
        [one] = proof.causes
        keys.add(one.key[:8])
        assert one.finding["family"] == error.family, error
        assert error.printed in one.finding["message_zh"].replace(",", "")
        assert not proof.is_clean
    named = re.findall(r"explain ([0-9a-f]{8})", (PROJECT_ROOT / "README.md").read_text(encoding="utf-8"))
    assert named
    assert set(named) <= keys, "README names a finding that the samples give"


def test_a_build_ends_by_naming_its_worst_finding_and_how_to_explain_it(
    sample_build: SampleBuild, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        worst = con.execute(
            "select left(finding_key, 8) from marts.rpt_finding where severity = 'error' and is_cause"
        ).fetchall()
    print_worst(Console(width=80), sample_build.warehouse, sample_build.documents)
    said = capsys.readouterr().out
    assert worst
    assert any(key in said for (key,) in worst)
    assert f"--documents {sample_build.documents}" in said
