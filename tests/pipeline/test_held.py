"""Documents that break the contract, among correct ones: each is held or quarantined with its reason, the others are published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from ingest.config import Policy, Run
from ingest.runs.build import ingest_files
from ingest.warehouse.transform import transform
from tests.conftest import Compiled, run_mingzhang

_GOLDEN = Path(__file__).parents[1] / "golden"
_PERFORMANCE = (_GOLDEN / "performance_forms_in_text" / "document.txt").read_text(encoding="utf-8")
_TOO_LARGE = "30" * 7
"""Scores printed without a space between them: more digits than points have."""
_BUDGET_FORM = """单位：万元

支出总表
科目编码\t科目名称\t合计\t基本支出\t项目支出
\t合计\t120.50\t100.00\t20.50
201\t一般公共服务支出\t120.50\t100.00\t20.50
20103\t政府办公厅（室）及相关机构事务\t120.50\t100.00\t20.50
2010301\t行政运行\t120.50\t100.00\t20.50
"""


@dataclass(frozen=True)
class Inbox:
    """A folder of documents, and which of them are sound."""

    folder: Path
    sound: list[str]
    held: dict[str, str]
    quarantined: dict[str, str]


@pytest.fixture(scope="module")
def inbox(sample_documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Inbox:
    folder = tmp_path_factory.mktemp("held") / "inbox"
    folder.mkdir()
    samples = sorted(sample_documents.glob("0*.txt"))[:3]
    for path in samples:
        shutil.copy(path, folder)
    form = re.search(r"部门整体支出绩效自评表.*?(?=项目支出绩效自评表)", _PERFORMANCE, re.DOTALL)
    assert form
    second = form.group().replace("松岭县文化馆", "松岭县图书馆").replace("312 天", "299 天")
    (folder / "two_units.txt").write_text(
        _PERFORMANCE.replace(form.group(), form.group() + second), encoding="utf-8"
    )
    (folder / "score_too_large.txt").write_text(
        _PERFORMANCE.replace("312 天\t30\t30", f"312 天\t30\t{_TOO_LARGE}"), encoding="utf-8"
    )
    (folder / "nothing_said.txt").write_text(_BUDGET_FORM, encoding="utf-8")
    (folder / "no_year.txt").write_text("青禾县档案馆部门预算公开\n\n" + _BUDGET_FORM, encoding="utf-8")
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.7\nnothing that is a PDF")
    (folder / "letter.txt").write_text("各位同事：今天下午两点开会。\n", encoding="utf-8")
    held = {
        "score_too_large.txt": "CONTRACT_VALUE",
        "nothing_said.txt": "IDENTITY_UNKNOWN",
        "no_year.txt": "IDENTITY_UNKNOWN",
    }
    quarantined = {"damaged.pdf": "PDF_DAMAGED", "letter.txt": "NOT_A_DISCLOSURE"}
    return Inbox(folder, [*(path.name for path in samples), "two_units.txt"], held, quarantined)


@pytest.fixture(scope="module")
def refreshed(inbox: Inbox, var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the inbox and the warehouse that a refresh makes of it, under the policy ``hold``."""
    folder = tmp_path_factory.mktemp("refreshed") / "world"
    shutil.copytree(inbox.folder, folder / "inbox")
    asked = ("--inbox", folder / "inbox", "--warehouse", folder / "w.duckdb")
    done = run_mingzhang("refresh", *asked, "--strict", var_dir=var_dir)
    assert done.returncode == 3, done.stdout + done.stderr
    for name in inbox.held:
        assert name in done.stdout
    return folder


@pytest.fixture(scope="module")
def flagged(inbox: Inbox, var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the warehouse that a build makes of the inbox, under the policy ``flag``."""
    folder = tmp_path_factory.mktemp("flagged")
    asked = ("--warehouse", folder / "w.duckdb", "--publish-policy", "flag")
    done = run_mingzhang("build", inbox.folder, *asked, var_dir=var_dir)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in inbox.held:
        assert name in done.stdout
    return folder


@pytest.fixture(scope="module", params=["refreshed", "flagged"])
def published(request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse under either policy."""
    folder: Path = request.getfixturevalue(request.param)
    with duckdb.connect(str(folder / "w.duckdb"), read_only=True) as con:
        yield con


def test_sound_documents_are_published_and_every_other_file_has_its_reason(
    published: duckdb.DuckDBPyConnection, inbox: Inbox
) -> None:
    statuses = published.execute("select file_name, hold_code from marts.dim_document").fetchall()
    assert dict(statuses) == dict.fromkeys(inbox.sound) | inbox.held
    refused = published.execute("select file_name, reason_code from audit.quarantine").fetchall()
    assert dict(refused) == inbox.quarantined
    seen = published.execute("select files_seen, documents_loaded, files_quarantined from audit.ingest_run")
    assert seen.fetchall() == [(9, 7, 2)]


def test_no_figure_of_a_held_document_is_in_a_fact(
    published: duckdb.DuckDBPyConnection, inbox: Inbox
) -> None:
    facts = [name for (name,) in published.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' and table_name like 'fct%'"
    ).fetchall()]  # fmt: skip
    names = set()
    for fact in facts:
        rows = published.execute(
            f"select distinct file_name from marts.{fact} join marts.dim_document using (document_id)"
        )
        names |= {name for (name,) in rows.fetchall()}
    assert names == set(inbox.sound)


_FACTS_OF_TABLES = {
    "fct_expenditure": "int_fact__keyed",
    "fct_project_budget": "int_project__keyed",
    "fct_procurement": "int_procurement__line_numbered",
    "fct_performance_indicator": "int_performance__indicator_parsed",
    "fct_project_funding": "int_performance__funding_keyed",
    "fct_disclosure_metric": "int_metric__keyed",
}
"""Facts that are made each in its own way, and what would be in them."""


def test_no_figure_of_a_held_form_is_in_any_fact(compiled: Compiled, tmp_path: Path) -> None:
    """Every form of every document is held: what the facts still have stands in the text."""
    build_file = tmp_path / "build.duckdb"
    ingest_files(
        [*_GOLDEN.glob("*/document.*")],
        build_file,
        Run(publish_policy=Policy.flag).run_id,
        2,
        lambda *_: None,
    )
    statements = compiled.statements("flag")
    every_form = "select document_id, statement_code from build.raw.document cross join build.seeds.forms"
    models = [
        replace(model, sql=every_form) if model.name == "int_form__held" else model
        for model in statements.models
    ]
    assert models != statements.models
    transform(replace(statements, models=models, tests=[]), build_file)
    with duckdb.connect(str(build_file), read_only=True) as con:
        rows = {
            fact: dict(con.execute(f"select source, count(*) from marts.{fact} group by all").fetchall())
            for (fact,) in con.execute(
                "select table_name from duckdb_tables() where schema_name = 'marts' and table_name like 'fct%'"
            ).fetchall()
        }
        for fact, model in _FACTS_OF_TABLES.items():
            assert con.execute(f"select count(*) > 0 from intermediate.{model}").fetchone() == (True,), fact
    assert rows.keys() > _FACTS_OF_TABLES.keys()
    assert sum(counts.get("table", 0) for counts in rows.values()) == 0, rows
    assert rows["fct_expenditure"]["narrative"] > 0


def test_the_forms_of_two_units_are_told_apart(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(
        "select budget_unit_name, actual_text from marts.fct_performance_indicator"
        " join marts.dim_document using (document_id)"
        " where file_name = 'two_units.txt' and scope = 'unit' and indicator_no = 1 order by all"
    ).fetchall()
    assert rows == [("松岭县图书馆", "299天"), (None, "312天")]


def test_the_rule_and_what_breaks_it_are_published(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute(
        "select file_name, rule.reason_code, rule.table_name, example from audit.broken_rule as rule"
        " join marts.dim_document using (document_id)"
    ).fetchall()
    assert [row[:3] for row in rows] == [
        ("score_too_large.txt", "CONTRACT_VALUE", "int_performance__indicator_parsed")
    ]
    assert _TOO_LARGE in rows[0][3]
    outcomes = published.execute(
        "select file_name, reason_code from audit.document_outcome where outcome = 'held' order by all"
    ).fetchall()
    assert outcomes == [
        ("no_year.txt", "IDENTITY_UNKNOWN"), ("nothing_said.txt", "IDENTITY_UNKNOWN"),
        ("score_too_large.txt", "CONTRACT_VALUE"),
    ]  # fmt: skip


def test_a_row_that_was_read_twice_breaks_a_key_and_is_published_as_such(
    inbox: Inbox, var_dir: Path, tmp_path: Path
) -> None:
    build_file, warehouse = tmp_path / "steps.duckdb", tmp_path / "w.duckdb"
    asked = ("--build-file", build_file)
    done = run_mingzhang("ingest", inbox.folder, *asked, var_dir=var_dir)
    assert done.returncode == 0, done.stdout + done.stderr
    name = "two_units.txt"
    with duckdb.connect(str(build_file)) as con:
        con.execute(
            "insert into raw.performance_indicator select indicator.* from raw.performance_indicator as indicator"
            " join raw.document using (document_id)"
            " where file_name = ? and performance_no = 1 and indicator_no = 1",
            [name],
        )
    for step in (("transform",), ("publish", "--warehouse", warehouse)):
        done = run_mingzhang(*step, *asked, var_dir=var_dir)
        assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(warehouse), read_only=True) as con:
        held = con.execute("select file_name, hold_code from marts.dim_document where hold_code is not null")
        assert dict(held.fetchall()) == inbox.held | {name: "CONTRACT_KEY"}
        rows = con.execute(
            "select distinct file_name, rule.reason_code, example from audit.broken_rule as rule"
            " join marts.dim_document using (document_id) where table_name = 'fct_performance_indicator'"
        ).fetchall()
        assert [(file_name, code) for file_name, code, _ in rows] == [(name, "CONTRACT_KEY")]
        assert '"indicator_no":1' in rows[0][2]
        facts = con.execute(
            "select distinct file_name from marts.fct_performance_indicator join marts.dim_document using (document_id)"
        ).fetchall()
        assert name not in {file_name for (file_name,) in facts}


def test_a_held_version_leaves_what_was_published(
    refreshed: Path, inbox: Inbox, var_dir: Path, tmp_path: Path
) -> None:
    shutil.copytree(refreshed, tmp_path / "world")
    folder, warehouse = tmp_path / "world" / "inbox", tmp_path / "world" / "w.duckdb"
    asked = ("refresh", "--inbox", folder, "--warehouse", warehouse)
    again = run_mingzhang(*asked, var_dir=var_dir)
    assert (again.returncode, "nothing changed" in again.stdout) == (0, True)
    # a sound document is overwritten by a version of which nothing says whose it is: what was published stays
    name = inbox.sound[0]
    (folder / name).write_text(_BUDGET_FORM.replace("120.50", "130.50"), encoding="utf-8")
    done = run_mingzhang(*asked, var_dir=var_dir)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the one published before stays" in done.stderr
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = con.execute(
            "select audit_status = 'held', count(fact.document_id) > 0 from marts.dim_document as document"
            " left join marts.fct_expenditure as fact using (document_id) where file_name = ? group by all order by all",
            [name],
        ).fetchall()
    assert rows == [(False, True), (True, False)]
