"""The nightly job on a tiny inbox: incremental equals whole, running again changes nothing, and damage is repaired."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from ingest.config import PROJECT_ROOT, Run
from ingest.outcomes import Outcome, Reason
from ingest.releases.extracts import ExtractStore
from ingest.releases.guard import RegressionError
from ingest.releases.store import Manifest, ReleaseStore
from ingest.runs import checking, making
from ingest.runs import refresh as job
from ingest.runs.refresh import Options, Result, refresh
from ingest.version import extractor_version
from ingest.warehouse.compiled import Rule, Statements, compiled_statements
from ingest.warehouse.publish import content_hash, table_digests
from tests.conftest import run_mingzhang


@dataclass(frozen=True)
class World:
    """An inbox, a warehouse with its releases, and the folder that holds what dbt compiled."""

    root: Path
    var_dir: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def store(self) -> ReleaseStore:
        return ReleaseStore(self.root / "published" / "w.duckdb")

    @property
    def release(self) -> Manifest:
        found = self.store.published()
        assert found
        return found

    def refresh(self, **options: object) -> Result:
        run = Run(warehouse=self.store.warehouse, var_dir=self.var_dir)
        asked = replace(Options(self.inbox, self.store.warehouse, jobs=1), **options)  # type: ignore[arg-type]
        return refresh(asked, run, lambda *_: None, lambda *_: None)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        where = ("--inbox", self.inbox, "--warehouse", self.store.warehouse)
        return run_mingzhang("refresh", *where, *arguments, var_dir=self.var_dir)

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.store.warehouse), read_only=True) as con:
            return con.execute(sql).fetchall()


@pytest.fixture(autouse=True)
def _unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip Great Expectations and dbt's tests, which take half of a small run; the tests that run the command include them."""
    _leave_out_checks(monkeypatch)


def _leave_out_checks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(checking, "WholeCheck", _NoCheck)
    patch.setattr(making, "PartCheck", _NoCheck)
    patch.setattr(job, "compiled_statements", lambda *asked: replace(compiled_statements(*asked), tests=[]))


class _NoCheck:
    def __init__(self, *_: object) -> None:
        self.judge = lambda *_: "not checked here"

    def __enter__(self) -> _NoCheck:
        return self

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def texts(sample_documents: Path) -> list[Path]:
    found = sorted(path for path in sample_documents.glob("0*") if path.suffix in (".txt", ".html"))
    assert len(found) == 8
    return found


@pytest.fixture(scope="module")
def first(var_dir: Path, texts: list[Path], tmp_path_factory: pytest.TempPathFactory) -> World:
    """Six documents published, by the statements that dbt compiled for all tests."""
    world = World(tmp_path_factory.mktemp("first"), var_dir)
    world.inbox.mkdir()
    world.store.warehouse.parent.mkdir()
    for path in texts[:6]:
        shutil.copy(path, world.inbox)
    with pytest.MonkeyPatch.context() as patch:
        _leave_out_checks(patch)
        result = world.refresh()
    assert (result.outcome, result.documents, result.is_incremental) == ("published", 6, False)
    return world


@pytest.fixture
def world(first: World, tmp_path: Path) -> World:
    """A copy of the first world for one test."""
    shutil.copytree(first.root, tmp_path / "copy")
    return World(tmp_path / "copy", first.var_dir)


def revise(path: Path) -> None:
    """Another version of the same disclosure: the same text and one more line."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n本次公开为更正后的版本。\n", encoding="utf-8")


def test_twice_is_once(world: World) -> None:
    before = (world.store.warehouse.stat().st_mtime_ns, world.release)
    done = world.command()
    assert done.returncode == 0, done.stderr
    assert "nothing changed" in done.stdout
    assert (world.store.warehouse.stat().st_mtime_ns, world.release) == (before[0], before[1])


def test_new_changed_and_withdrawn_files_give_what_a_whole_build_gives(
    world: World, texts: list[Path], var_dir: Path
) -> None:
    shutil.copy(texts[6], world.inbox)
    (world.inbox / texts[0].name).unlink()
    shutil.copy(texts[7], world.inbox / texts[1].name)  # another document under this name
    (world.inbox / texts[2].name).rename(world.inbox / "renamed.txt")
    shutil.copy(world.inbox / "renamed.txt", world.inbox / "same.txt")
    (world.inbox / "bad.txt").write_text("not a disclosure", encoding="utf-8")
    told = world.root / "told.json"
    done = world.command("--strict", "--notify", f"cat > {told}")
    assert done.returncode == 3, done.stdout + done.stderr
    for line in ("changed " + texts[1].name, "new bad.txt", "withdrawn " + texts[0].name, "the others kept"):
        assert line in done.stdout.replace("\n", " ")
    assert json.loads(told.read_text())["quarantined"] == ["bad.txt: NOT_A_DISCLOSURE"]
    assert world.release.is_incremental

    whole = World(world.root / "whole", var_dir)
    shutil.copytree(world.inbox, whole.inbox)
    whole.store.warehouse.parent.mkdir()
    assert not whole.refresh().is_incremental
    assert table_digests(world.store.warehouse) == table_digests(whole.store.warehouse)
    assert world.release.content_hash == whole.release.content_hash == content_hash(world.store.warehouse)
    assert world.release.totals == whole.release.totals

    seen, loaded, same, bad = world.query(
        "select files_seen, documents_loaded, files_same_bytes, files_quarantined from audit.ingest_run"
        " order by started_at desc limit 1"
    )[0]
    assert (seen, loaded, same, bad) == (8, 6, 1, 1)
    outcomes = world.query(
        "select outcome, count(*) from audit.document_outcome where stage != 'audit'"
        f" and run_id = '{world.release.release_id}' group by all order by all"
    )
    assert ("quarantined", 1) in outcomes
    assert ("withdrawn", 2) in outcomes


def test_a_dry_run_foretells_the_refresh_and_writes_nothing(world: World, texts: list[Path]) -> None:
    said = [json.loads(line) for line in world.command("--dry-run").stdout.splitlines()]
    assert [event["what"] for event in said] == ["counts", "build", "guard"]
    assert "nothing has changed" in said[1]["message"]
    shutil.copy(texts[6], world.inbox)
    (world.inbox / texts[0].name).unlink()
    before = {path: path.stat().st_mtime_ns for path in world.root.rglob("*")}
    done = world.command("--dry-run")
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in world.root.rglob("*")} == before
    foretold: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        event = json.loads(line)
        foretold.setdefault(event["what"], []).append(event.get("file") or event["message"])
    assert foretold["to read"] == foretold["new"] == [texts[6].name]
    assert foretold["withdrawn"] == [texts[0].name]
    assert f"{texts[6].name}: it is new" in foretold["built anew"]
    result = world.refresh()
    assert (result.new, result.withdrawn) == (foretold["new"], foretold["withdrawn"])
    assert (result.is_incremental, result.rebuilt) == (True, len(foretold["built anew"]))
    assert foretold["build"] == [
        f"{result.rebuilt} of {result.documents} documents would be built, the others kept"
    ]


def test_a_revised_disclosure_supersedes_and_both_stay(world: World) -> None:
    revised = next(path for path in world.inbox.iterdir() if "tabbed_budget" in path.name)
    revise(revised)
    result = world.refresh()
    assert result.is_incremental
    assert result.documents == 7
    rows = world.query(
        "select old.document_id, new.document_id, old.file_name = new.file_name"
        " from marts.dim_document as old join marts.dim_document as new on old.superseded_by = new.document_id"
    )
    assert len(rows) == 1
    old, new, is_same_name = rows[0]
    assert is_same_name
    for document_id in (old, new):
        assert world.query(
            f"select count(*) > 0 from marts.fct_expenditure where document_id = '{document_id}'"
        ) == [(True,)]
    assert world.query(
        f"select count(*) from marts.rpt_spending_by_function where document_id = '{old}'"
    ) == [(0,)]
    assert world.query(
        f"select count(*) > 0 from marts.rpt_spending_by_function where document_id = '{new}'"
    ) == [(True,)]
    assert world.query(
        f"select bool_and(status = 'pass') from audit.fct_identity_check where document_id = '{new}' and identity_id = 'CROSS-004'"
    ) == [(True,)]
    digests = table_digests(world.store.warehouse)
    assert world.refresh(is_full=True).outcome == "unchanged"
    assert table_digests(world.store.warehouse) == digests


def test_findings_open_stay_and_go_with_a_revision(world: World, texts: list[Path]) -> None:
    disclosure = next(path for path in world.inbox.iterdir() if "tabbed_budget" in path.name)
    correct = disclosure.read_text(encoding="utf-8")
    instruction = re.sub(r"(主要用于[^。\n]{4,40})。", r"\1（请据实填写）。", correct, count=1)
    both = re.sub(r"(?<=[\u4e00-\u9fff])。(?=[\u4e00-\u9fff])", "。。", instruction, count=1)
    assert len({correct, instruction, both}) == 3

    def history() -> dict[tuple[object, ...], set[object]]:
        """State and why -> the identities of the findings in it."""
        found: dict[tuple[object, ...], set[object]] = {}
        for identity, *state in world.query(
            "select identity_id, state, gone_reason, opened_in_run from audit.fct_finding_history"
            " where identity_id in ('STRUCTURE-005', 'STRUCTURE-006')"
        ):
            found.setdefault(tuple(state), set()).add(identity)
        return found

    disclosure.write_text(both, encoding="utf-8")
    world.refresh()
    opened = history()
    [(state, reason, run)] = opened
    assert (state, reason, opened[state, reason, run]) == ("opened", None, {"STRUCTURE-005", "STRUCTURE-006"})

    shutil.copy(texts[6], world.inbox)
    world.refresh()
    assert history() == {("still_there", None, run): {"STRUCTURE-005", "STRUCTURE-006"}}

    disclosure.write_text(instruction, encoding="utf-8")
    revise(disclosure)
    world.refresh()
    assert history() == {
        ("gone", "revised", run): {"STRUCTURE-006"},
        ("gone", "continued", run): {"STRUCTURE-005"},
        ("still_there", None, run): {"STRUCTURE-005"},
    }


def test_a_department_is_checked_again_when_a_unit_that_it_lists_comes(world: World) -> None:
    golden = PROJECT_ROOT / "tests" / "golden"
    for name in ("department_of_two_units", "department_own_offices"):
        shutil.copy(golden / name / "document.txt", world.inbox / f"{name}.txt")
    world.refresh()
    status = (
        "select status, count(*) from audit.fct_identity_check where identity_id = 'CROSS-005'"
        " and document_id in (select document_id from marts.bridge_member_unit where unit_name like '%河道管理所') group by all"
    )
    assert world.query(status) == [("not_applicable", 1)]
    assert world.query("select count(*) from marts.dim_document where superseded_by is not null") == [(0,)]

    shutil.copy(golden / "department_lower_unit" / "document.txt", world.inbox / "lower.txt")
    assert world.refresh().is_incremental
    assert world.query(status) == [("pass", 16)]
    digests = table_digests(world.store.warehouse)
    assert world.refresh(is_full=True).outcome == "unchanged"
    assert table_digests(world.store.warehouse) == digests


def test_a_document_that_no_longer_loads_stops_the_release(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.store.warehouse.read_bytes()
    old, new = (
        ExtractStore(world.store.extracts_dir, extractor_version()),
        ExtractStore(world.store.extracts_dir, "another"),
    )
    for number, sha in enumerate(world.release.documents):
        kept = old.load(sha, "x")
        assert kept
        bad = Outcome("x", "extract", "quarantined", sha, None, Reason.EXTRACTION_FAILED, "x: broken")
        new.save(*((bad, None) if number == 0 else kept))
    monkeypatch.setattr(job, "extractor_version", lambda: "another")
    with pytest.raises(RegressionError, match="EXTRACTION_FAILED"):
        world.refresh()
    assert world.store.warehouse.read_bytes() == before
    assert world.refresh(accept_regression=True).documents == 5
    assert world.query("select count(*) from marts.dim_document") == [(5,)]
    assert ("stopped",) in world.query("select outcome from audit.ingest_run")


def test_an_inbox_that_lost_most_of_its_documents_stops_the_release(world: World) -> None:
    before = world.store.warehouse.read_bytes()
    for path in sorted(world.inbox.iterdir())[:4]:
        path.unlink()
    with pytest.raises(RegressionError, match="4 of 6"):
        world.refresh()
    assert world.store.warehouse.read_bytes() == before


def test_a_report_may_go_on_with_another_document_of_the_unit(world: World) -> None:
    shown = "select distinct file_name from marts.rpt_spending_by_function inner join marts.dim_document using (document_id)"
    before = {str(name) for (name,) in world.query(shown)}
    original = world.inbox / min(before)
    one, other = (world.inbox / f"{name}{original.suffix}" for name in ("one", "other"))
    original.rename(one)
    shutil.copy(one, other)
    revise(other)
    revise(one)
    revise(one)
    world.refresh()
    [first] = {str(name) for (name,) in world.query(shown)} - before
    (world.inbox / first).unlink()
    assert world.refresh().outcome == "published"
    [second] = {str(name) for (name,) in world.query(shown)} - before
    assert {first, second} == {one.name, other.name}


@pytest.fixture(scope="module")
def killed(first: World, texts: list[Path], tmp_path_factory: pytest.TempPathFactory) -> World:
    """A run on one more document, killed while it makes the models."""
    shutil.copytree(first.root, tmp_path_factory.mktemp("killed") / "copy")
    world = World(tmp_path_factory.getbasetemp() / "killed0" / "copy", first.var_dir)
    shutil.copy(texts[6], world.inbox)
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "refresh", "--inbox", world.inbox, "--warehouse", world.store.warehouse],
        cwd=PROJECT_ROOT, env=os.environ | {"MINGZHANG_VAR": str(world.var_dir)}, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stderr
    for line in process.stderr:
        if '"transform"' in line:
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    return world


@pytest.fixture(scope="module")
def healed(killed: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The killed run's world after the next run."""
    root = tmp_path_factory.mktemp("healed") / "copy"
    shutil.copytree(killed.root, root)
    world = World(root, killed.var_dir)
    with pytest.MonkeyPatch.context() as patch:
        _leave_out_checks(patch)
        result = world.refresh()
    assert (result.outcome, result.documents, result.is_incremental) == ("published", 7, True)
    return world


def test_a_killed_run_leaves_the_published_file_and_the_next_run_goes_on(
    first: World, killed: World, healed: World
) -> None:
    assert killed.store.work_dir.exists()
    assert killed.store.warehouse.read_bytes() == first.store.warehouse.read_bytes()
    assert not healed.store.work_dir.exists()
    assert content_hash(healed.store.warehouse) == healed.release.content_hash != first.release.content_hash
    assert ("killed",) in healed.query("select outcome from audit.ingest_run")


def _overwrite(path: Path) -> None:
    path.write_bytes(b"no database at all")


def _alter(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("delete from marts.fct_balance")


@pytest.mark.parametrize("damage", [Path.unlink, _overwrite, _alter])
def test_a_published_file_that_is_lost_or_damaged_is_put_back(
    world: World, damage: Callable[[Path], None]
) -> None:
    damage(world.store.warehouse)
    assert world.refresh().outcome == "restored"
    assert content_hash(world.store.warehouse) == world.release.content_hash
    assert world.refresh().outcome == "unchanged"


def test_damaged_caches_and_a_damaged_release_cost_time_only(world: World, texts: list[Path]) -> None:
    shutil.copy(texts[6], world.inbox)
    _alter(world.store.release_file(world.release.release_id))
    world.store.memory_file.write_bytes(b"\xff")
    for path in world.store.extracts_dir.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-7])
    result = world.refresh()
    assert (result.outcome, result.documents, result.is_incremental) == ("published", 7, False)
    assert content_hash(world.store.warehouse) == world.release.content_hash


def test_a_full_disk_and_a_read_only_place_fail_and_change_nothing(world: World, texts: list[Path]) -> None:
    before = world.store.warehouse.read_bytes()
    shutil.copy(texts[6], world.inbox)
    told = world.root / "told.json"
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "refresh", "--inbox", world.inbox, "--warehouse", world.store.warehouse,
         "--notify", f"cat > {told}"],
        cwd=PROJECT_ROOT, env=os.environ | {"MINGZHANG_VAR": str(world.var_dir)}, capture_output=True, text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20)),  # no file beyond 1 MiB
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    assert json.loads(told.read_text())["event"] == "failed"
    assert world.store.warehouse.read_bytes() == before
    nowhere = run_mingzhang(
        "refresh", "--inbox", world.inbox, "--warehouse", "/proc/nowhere/w.duckdb", var_dir=world.var_dir
    )
    assert nowhere.returncode == 1, nowhere.stdout


def test_a_second_writer_leaves_with_a_message(world: World) -> None:
    with world.store.locked(0, "refresh one"):
        done = world.command()
    assert done.returncode == 1
    assert "refresh one" in done.stderr.replace("\n", " ")


def test_status_tells_the_release_its_age_and_rollback_publishes_the_one_before(
    first: World, healed: World
) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run_mingzhang(*arguments, "--warehouse", healed.store.warehouse, var_dir=healed.var_dir)

    earlier, now = first.release, healed.release
    listed = json.loads(run("status", "--releases", "--format", "json").stdout)
    assert [(each["release_id"], each["documents"]) for each in listed] == [
        (now.release_id, 7), (earlier.release_id, 6)
    ]  # fmt: skip
    fresh = run("status", "--max-age", "1")
    assert (fresh.returncode, now.release_id in fresh.stdout) == (0, True)
    assert run("status", "--max-age", "0").returncode == 1
    assert run("rollback").returncode == 0
    assert healed.release == earlier
    assert healed.query("select count(*) from marts.dim_document") == [(6,)]


def test_a_document_that_breaks_a_test_of_the_models_is_held_and_its_earlier_version_stays(
    world: World, texts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = texts[0].name
    revise(world.inbox / name)
    new_id = hashlib.sha256((world.inbox / name).read_bytes()).hexdigest()[:16]
    old_ids = {each.document_id for each in world.release.loaded}
    compiled = job.compiled_statements

    def with_a_test(run: Run, folder: Path) -> Statements:
        found = compiled(run, folder)
        sql = f"select * from build.marts.fct_expenditure where document_id = '{new_id}'"
        never = [Rule("never_this", "singular", "fct_expenditure", "never_this", sql)]
        return replace(found, tests=[*found.tests, *never])

    monkeypatch.setattr(job, "compiled_statements", with_a_test)
    result = world.refresh()
    assert (result.documents, result.held) == (7, [name])
    held = world.query("select document_id, hold_code from marts.dim_document where audit_status = 'held'")
    assert held == [(new_id, "CONTRACT_RULE")]
    assert world.query("select document_id, rule from audit.broken_rule") == [(new_id, "never_this")]
    assert world.query(f"select count(*) from marts.fct_expenditure where document_id = '{new_id}'") == [(0,)]
    published = {each for (each,) in world.query("select distinct document_id from marts.fct_expenditure")}
    assert published == old_ids
    assert world.query("select count(*) from marts.dim_document where superseded_by is not null") == [(0,)]
    assert world.refresh().outcome == "unchanged"


def test_a_document_that_the_code_holds_now_stays_as_it_was_published(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(document_id, facts)] = world.query(
        "select document_id, count(*) from marts.fct_expenditure group by all order by all limit 1"
    )
    tables = [
        name for (name,) in world.query("select table_name from duckdb_tables() where schema_name = 'marts'")
    ]
    before = {name: world.query(f"select count(*) from marts.{name}") for name in tables}
    compiled = job.compiled_statements

    def with_a_test(run: Run, folder: Path) -> Statements:
        found = compiled(run, folder)
        sql = f"select * from build.marts.fct_expenditure where document_id = '{document_id}'"
        return replace(
            found, tests=[*found.tests, Rule("never_this", "singular", "fct_expenditure", "never_this", sql)]
        )

    monkeypatch.setattr(job, "compiled_statements", with_a_test)
    monkeypatch.setattr(job, "project_version", lambda: "another")
    world.refresh(accept_regression=True)
    assert world.query("select document_id, rule from audit.broken_rule") == [(document_id, "never_this")]
    assert world.query(f"select count(*) from marts.fct_expenditure where document_id = '{document_id}'") == [
        (facts,)
    ]
    assert {name: world.query(f"select count(*) from marts.{name}") for name in tables} == before
