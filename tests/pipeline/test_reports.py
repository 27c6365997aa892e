"""What a person reads of a warehouse: explain, the report of a document, listings that no spreadsheet runs, waivers."""

from __future__ import annotations

import csv
import io
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from ingest.cli import app
from ingest.seeds import closed_list
from ingest.views.evidence import of_document
from ingest.views.html_report import AUDIT_STATUS, COVERAGE, DOC_TYPES, FAMILIES, SEVERITIES, write_report
from ingest.views.letter import letter
from ingest.views.listings import write_rows
from ingest.views.waivers import read_waivers
from tests.conftest import SampleBuild

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>[/bold]\x1b[31m"


def _run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def hostile(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the warehouse whose documents print markup in every text that a report shows."""
    copy = tmp_path_factory.mktemp("hostile") / "w.duckdb"
    shutil.copyfile(sample_build.warehouse, copy)
    with duckdb.connect(str(copy)) as con:
        for table, column in (
            ("audit.fct_finding", "message_zh"), ("audit.evidence", "printed_text"), ("audit.evidence", "row_label"),
            ("audit.unread_figure", "excerpt"), ("marts.dim_unit", "unit_name"), ("marts.dim_document", "title"),
        ):  # fmt: skip
            con.execute(f"update {table} set {column} = ?", [HOSTILE])
    return copy


def test_explain_prints_both_sides_and_what_is_near(sample_build: SampleBuild) -> None:
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        [document_id] = con.execute(
            "select document_id from marts.dim_document where file_name = ?", [sample_build.misread]
        ).fetchall()[0]
        one = next(each for each in of_document(con, document_id) if each.equation)
    folder = ("--warehouse", sample_build.warehouse, "--documents", sample_build.documents)
    status, said = _run("explain", one.key, *folder)
    assert status == 0, said
    bare = re.sub(r"\s", "", said)
    for text in (*(one.equation or ()), one.finding["message_en"], one.finding["remedy_zh"], "nootherreader"):
        assert re.sub(r"\s", "", text) in bare
    assert {place.side for place in one.places} == {"left", "right"}


def test_explain_tells_what_it_cannot_do(sample_build: SampleBuild, tmp_path: Path) -> None:
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        [key] = con.execute("select min(finding_key) from audit.fct_finding").fetchall()[0]
    warehouse = ("--warehouse", sample_build.warehouse)
    assert _run("explain", "no-such-finding", *warehouse)[0] == 2
    assert _run("explain", key, *warehouse, "--picture", tmp_path / "p.png")[0] == 2
    status, said = _run("explain", key, *warehouse, "--documents", tmp_path)
    assert status == 2
    assert "SHA-256" in said


def test_a_report_holds_every_open_finding_with_its_evidence_and_loads_nothing(
    sample_build: SampleBuild, tmp_path: Path
) -> None:
    target = tmp_path / "r.html"
    file = sample_build.documents / sample_build.misread
    status, said = _run("report", file, "-o", target, "--warehouse", sample_build.warehouse)
    assert status == 0, said
    page = target.read_text(encoding="utf-8")
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        keys = con.execute(
            "select left(finding_key, 8) from audit.fct_finding where not accepted and severity != 'info'"
            " and document_id = (select document_id from marts.dim_document where file_name = ?)",
            [sample_build.misread],
        ).fetchall()
    assert keys
    assert [key for (key,) in keys if key not in page] == []
    assert not re.search(r"(?:src|href|url\()\s*=?\s*[\"']?(?!data:)[a-z]+:", page)
    for part in ("Findings", "Checks by family", "What was read", "≠", "@media print"):
        assert part in page
    assert _run("report", "no-such-document", "-o", target, "--warehouse", sample_build.warehouse)[0] == 2


def test_hostile_text_of_documents_is_shown_and_never_run(
    hostile: Path, sample_build: SampleBuild, tmp_path: Path
) -> None:
    target = tmp_path / "r.html"
    write_report(hostile, sample_build.misread, target)
    page = target.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page
    assert not re.search(r"<script|<img src=x", page)
    with duckdb.connect(str(hostile), read_only=True) as con:
        [key] = con.execute("select min(finding_key) from audit.fct_finding").fetchall()[0]
    for command in (("findings",), ("explain", key)):
        status, said = _run(*command, "--warehouse", hostile)
        assert status == 0, said
        assert "\x1b" not in said


def test_a_letter_tells_each_serious_cause_once_to_the_unit(
    sample_build: SampleBuild, tmp_path: Path
) -> None:
    counted = (
        "select document.document_id, unit.unit_name, count(finding.finding_key) from marts.dim_document as document"
        " inner join marts.dim_unit as unit using (unit_id) left join audit.fct_finding as finding"
        " on document.document_id = finding.document_id and finding.is_cause and not finding.accepted"
        " and finding.severity in ('error', 'warning') group by all order by 3 desc"
    )
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        counts = con.execute(counted).fetchall()
    worst, best = counts[0], counts[-1]
    assert worst[2] > 0
    target = tmp_path / "letter.txt"
    assert _run("letter", worst[0], "-o", target, "--warehouse", sample_build.warehouse)[0] == 0
    said = target.read_text(encoding="utf-8")
    assert said.startswith(f"{worst[1]}：")
    assert len(re.findall(r"^    [0-9]+\. ", said, re.MULTILINE)) == worst[2]
    assert f"以下 {worst[2]} 处" in said
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        [(name,)] = con.execute(
            "select file_name from marts.dim_document where document_id = ?", [worst[0]]
        ).fetchall()
    assert letter(sample_build.warehouse, str(sample_build.documents / name)) == said, (
        "the file itself names it"
    )
    assert best[2] == 0, "a sample in which nothing is wrong"
    assert "没有看到前后不一致之处" in letter(sample_build.warehouse, best[0])
    assert _run("letter", "no-such-document", "--warehouse", sample_build.warehouse)[0] == 2


@pytest.mark.parametrize("by", ["place", "unit", "identity"])
def test_findings_are_counted_by_place_unit_and_identity(by: str, sample_build: SampleBuild) -> None:
    folder = ("--warehouse", sample_build.warehouse, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(_run("findings", "--by", by, *folder)[1])))
    listed = list(csv.DictReader(io.StringIO(_run("findings", *folder)[1])))
    assert sum(int(row["findings"]) for row in rows) == len(listed)
    assert sum(int(row["errors"]) for row in rows) == sum(row["severity"] == "error" for row in listed)


def test_every_code_of_the_contract_has_a_name_in_the_report() -> None:
    for code_list, names in (
        ("family", FAMILIES), ("coverage_status", COVERAGE), ("severity", SEVERITIES),
        ("audit_status", AUDIT_STATUS), ("doc_type", DOC_TYPES),
    ):  # fmt: skip
        assert set(closed_list(code_list)) == set(names), code_list


def test_a_spreadsheet_runs_no_text_of_a_listing() -> None:
    stream = io.StringIO()
    texts = ["=1+1", "+1+1", "-1-1", "@sum(a1)", "\tx", "\rx", "plain", "1=1"]
    write_rows(stream, ["text", "number"], [(text, -1) for text in texts], "csv")
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1:]
    assert [row[0] for row in rows] == ["'" + text for text in texts[:6]] + texts[6:]
    assert {row[1] for row in rows} == {"-1"}


def test_waivers_that_accept_nothing_are_named(warehouse: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    [(identity, document, scope)] = warehouse.execute(
        "select identity_id, document_id, scope from audit.fct_identity_check where status = 'pass' limit 1"
    ).fetchall()
    today = date.today()
    later, before = today + timedelta(days=2), today - timedelta(days=2)
    lines = ["identity_id,document_id,scope,reason_zh,decided_by,decided_on,valid_until"]
    for of, until in ((document, later), (document, before), ("unheard-of", later)):
        lines.append(
            f'{identity},{of},{scope if of == document else ""},"核对, 无误",张三,2020-01-01,{until}'
        )
    (tmp_path / "waivers.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = {
        (each.document_id, each.valid_until): each.status
        for each in read_waivers(warehouse, tmp_path / "waivers.csv")
    }
    assert found == {
        (document, later): "unused", (document, before): "expired", ("unheard-of", later): "document_unknown",
    }  # fmt: skip
