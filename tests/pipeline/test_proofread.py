"""``mingzhang proofread``: one file by itself gives the findings that a build gives, within 80 columns, and keeps nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from ingest.cli import app
from tests.conftest import Compiled, SampleBuild


@pytest.fixture
def var_dir(compiled: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of state in which everything is compiled."""
    folder = compiled.give(tmp_path / "var")
    monkeypatch.setenv("MINGZHANG_VAR", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    return folder


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["proofread", *map(str, arguments)])
    return result.exit_code, result.output


def test_a_file_by_itself_has_the_findings_of_a_build(sample_build: SampleBuild, var_dir: Path) -> None:
    file = sample_build.documents / sample_build.misread
    status, said = _run(file, "--format", "json")
    assert status == 0, said
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        built = con.execute(
            "select identity_id, page_no, message_zh, lhs_terms from audit.fct_finding"
            " inner join marts.dim_document using (document_id)"
            " where file_name = ? and is_cause and not accepted order by all",
            [sample_build.misread],
        ).fetchall()
    names = ("identity_id", "page_no", "message_zh", "lhs_terms")
    assert built
    assert sorted(tuple(each[name] for name in names) for each in json.loads(said)) == sorted(built)
    assert os.listdir(var_dir / "builds") == []


@pytest.mark.usefixtures("var_dir")
def test_findings_are_printed_with_their_places_in_eighty_columns(sample_build: SampleBuild) -> None:
    file = sample_build.documents / sample_build.misread
    status, said = _run(file, "--strict")
    assert status == 3, said
    assert [line for line in said.splitlines() if cell_len(line) > 80] == []
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        printed = con.execute(
            "select evidence.printed_text from audit.fct_finding as finding"
            " inner join audit.evidence as evidence on finding.document_id = evidence.document_id"
            " and list_contains(string_split(finding.lhs_ref, ' '), evidence.source_ref)"
            " inner join marts.dim_document as document on finding.document_id = document.document_id"
            " where file_name = ? and finding.severity = 'error' and finding.is_cause",
            [sample_build.misread],
        ).fetchall()
    assert printed
    assert [text for (text,) in printed if text not in said] == []


def test_what_cannot_be_read_is_a_failure_with_its_code(
    sample_build: SampleBuild, var_dir: Path, tmp_path: Path
) -> None:
    name, code = next(iter(sample_build.broken.items()))
    status, said = _run(sample_build.documents / name)
    assert status == 1
    assert code in said
    assert _run(tmp_path / "absent.pdf")[0] == 2
    assert _run(tmp_path)[0] == 2
    assert os.listdir(var_dir / "builds") == []
