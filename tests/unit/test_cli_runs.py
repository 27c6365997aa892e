"""What a run reports: log lines, the notification, the metrics, and the last run in status."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import Result
from prometheus_client.parser import text_string_to_metric_families
from rich.cells import cell_len
from typer.testing import CliRunner

from ingest import cli
from ingest.outcomes import Outcome
from ingest.releases.guard import RegressionError
from ingest.releases.store import ReleaseStore
from ingest.runs import notify
from ingest.runs import refresh as job
from ingest.runs.refresh import Result as Refreshed

HOSTILE = "a\x1b[2J\n[red]\u202eb.pdf"
FACTS = (
    "expenditure", "revenue", "balance", "economic_expenditure", "three_public", "project_budget",
    "disclosure_metric", "reported_ratio",
)  # fmt: skip


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """The tables that listings read: three documents, one of them held and without a unit, two quarantined files."""
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema audit")
        for fact in FACTS:
            con.execute(f"create table marts.fct_{fact} as select 'd1' as document_id")
        con.execute(
            "create table marts.dim_document as select * from (values ('d1', 'a.pdf', 'u1', 2024, 'final', 'passed', null, null),"
            " ('d2', 'b.pdf', 'u1', 2024, 'final', 'flagged', null, null),"
            " ('d3', $1, null, null, null, 'held', 'IDENTITY_UNKNOWN', 'no unit'))"
            " as t(document_id, file_name, unit_id, fiscal_year, stage, audit_status, hold_code, hold_reason)",
            [HOSTILE],
        )
        con.execute("create table marts.dim_unit as select 'u1' as unit_id, '霁州市财政局' as unit_name")
        con.execute(
            "create table audit.narrative_coverage as"
            " select 'd1' as document_id, 7 as money_figures, 2 as money_figures_unread"
        )
        con.execute(
            "create table audit.extraction_coverage as select 'd1' as document_id, 'extracted' as status"
        )
        con.execute(
            "create table audit.fct_finding as select 'd2' as document_id, 'error' as severity, accepted"
            " from (values (false), (true)) as t(accepted)"
        )
        con.execute(
            "create table audit.fct_identity_check as select 'd1' as document_id, 'I' as identity_id, 's' as scope,"
            " 'pass' as status"
        )
        con.execute(
            "create table audit.quarantine as select * from (values ('x.pdf', 'PDF_DAMAGED', 'x.pdf: broken'),"
            " ('y.pdf', 'PDF_DAMAGED', 'y.pdf: broken')) as t(file_name, reason_code, message)"
        )
        con.execute(
            "create table audit.document_outcome as select 'r1' as run_id, 'left_out' as outcome,"
            " 'HIDDEN_FILE' as reason_code, '.x: a hidden file or folder' as message"
        )
        began = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=2)
        con.execute(
            "create table audit.ingest_run as select 'r1' as run_id, $1::timestamp as started_at,"
            " $1::timestamp + interval 90 second as finished_at, 5 as files_seen, 3 as documents_loaded,"
            " 0 as files_same_bytes, 'published' as outcome, null::varchar as message",
            [began],
        )
    return path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty folder."""
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


Refresh = Callable[..., Result]


@pytest.fixture
def refresh(warehouse: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> Refresh:
    """Run the command with a refresh that reads one file and then returns or raises what it is given."""

    def command(becomes: Refreshed | BaseException, *options: str) -> Result:
        def instead(_options: Any, _run: Any, progress: Any, step: Any) -> Refreshed:
            progress(
                Outcome(HOSTILE, "extract", "quarantined", reason_code="PDF_DAMAGED"),
                cli.Totals(quarantined=1),
                1,
            )
            step("ingest", "1 files read\n" + "long " * 40)
            step("check", "checked")
            if isinstance(becomes, BaseException):
                raise becomes
            return becomes

        monkeypatch.setattr(cli, "refresh_inbox", instead)
        monkeypatch.setenv("COLUMNS", "80")
        return CliRunner().invoke(
            cli.app, ["refresh", "--inbox", str(inbox), "--warehouse", str(warehouse), *options]
        )

    return command


def _result(quarantined: list[str] | None = None, held: list[str] | None = None) -> Refreshed:
    return Refreshed("published", "r1", quarantined=quarantined or [], held=held or [], documents=3)


def _told(path: Path) -> dict[str, Any] | None:
    return json.loads(path.read_text()) if path.exists() else None


# log lines


@pytest.mark.parametrize(
    "becomes", [_result(), RuntimeError("a defect"), RegressionError("lost:\n" + "x " * 90)]
)
def test_in_a_pipe_every_event_is_one_line_of_json_with_its_time_and_level(
    refresh: Refresh, becomes: Refreshed | Exception
) -> None:
    done = refresh(becomes)
    lines = [line for line in done.stderr.splitlines() if line]
    events = [json.loads(line) for line in lines]
    assert all(line.isprintable() for line in lines)
    levels = [event["level"] for event in events]
    assert levels == ["warning", "info", "info", *(["error"] if isinstance(becomes, Exception) else [])]
    assert events[0]["file_name"] == HOSTILE
    for event in events:
        moment = datetime.fromisoformat(event["at"])
        assert moment.utcoffset() == timedelta(0)
        assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)
    if isinstance(becomes, Exception):
        assert events[-1]["message"] == str(becomes)


# notifications


@pytest.mark.parametrize(
    ("becomes", "on", "event"),
    [
        (_result(), [], None),
        (_result(), ["--notify-on", "success"], "success"),
        (_result(["q"]), [], "attention"),
        (_result(["q"]), ["--notify-on", "quarantine"], "attention"),
        (_result(["q"]), ["--notify-on", "hold,failure"], None),
        (_result([], ["h"]), [], "attention"),
        (_result([], ["h"]), ["--notify-on", "hold, success"], "attention"),
        (_result([], ["h"]), ["--notify-on", "quarantine", "--notify-on", "failure"], None),
        (OSError("unreadable inbox"), [], "failed"),
        (OSError("unreadable inbox"), ["--notify-on", "hold,quarantine,success"], None),
        (RegressionError("lost"), ["--notify-on", "failure"], "stopped"),
        (RuntimeError("a defect"), [], "failed"),
        (KeyboardInterrupt(), [], "failed"),
    ],
)
def test_a_notification_is_sent_for_what_is_asked(
    refresh: Refresh, tmp_path: Path, becomes: Refreshed | BaseException, on: list[str], event: str | None
) -> None:
    path = tmp_path / "told.json"
    done = refresh(becomes, "--notify", f"cat > {path}", *on)
    assert done.exit_code == (0 if isinstance(becomes, Refreshed) else 1)
    told = _told(path)
    assert (told and told["event"]) == event
    if told is None:
        return
    assert told["seconds"] >= 0
    if isinstance(becomes, Refreshed):
        counts = {"seen": 5, "loaded": 3, "quarantined": 2, "held": 1, "flagged": 1, "findings": 1}
        assert (told["quarantined"], told["held"]) == (becomes.quarantined, becomes.held)
    else:
        counts = {"seen": 1, "loaded": 0, "quarantined": 1, "held": None, "flagged": None, "findings": None}
        assert told["message"] == (str(becomes) or "the run was stopped; the published file is untouched")
    assert told["counts"] == counts


@pytest.mark.parametrize("command", ["build", "refresh"])
def test_a_path_that_is_not_there_is_wrong_usage_and_told(tmp_path: Path, command: str) -> None:
    told, path = tmp_path / "told.json", str(tmp_path / "[b]nowhere")
    where = ["--inbox", path] if command == "refresh" else [path]
    done = CliRunner().invoke(cli.app, [command, *where, "--notify", f"cat > {told}"])
    assert done.exit_code == 2
    assert path in json.loads(done.stderr)["message"]
    assert path in json.loads(told.read_text())["message"]


def test_an_inbox_that_cannot_be_read_is_told(
    warehouse: Path, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> None:
        raise UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")

    monkeypatch.setattr(job, "carry_out", unreadable)
    told = tmp_path / "told.json"
    arguments = ["refresh", "--inbox", str(inbox), "--warehouse", str(warehouse), "--notify", f"cat > {told}"]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 1
    assert json.loads(told.read_text())["error"] == "UnicodeEncodeError"


def test_an_occasion_that_is_none_is_wrong_usage(refresh: Refresh) -> None:
    done = refresh(_result(), "--notify-on", "failure,sucess")
    assert done.exit_code == 2
    assert "sucess" in done.output


@pytest.mark.parametrize(
    "command", ["exit 7", "no-such-command", "exec 0<&-; exit 1", "printf '\\377' >&2; false", "\0"]
)
def test_a_notification_that_fails_is_said_and_fails_nothing(refresh: Refresh, command: str) -> None:
    done = refresh(_result(), "--notify", command, "--notify-on", "success")
    assert done.exit_code == 0
    [warning] = [json.loads(line) for line in done.stderr.splitlines() if "the notification failed" in line]
    assert warning["level"] == "warning"


def test_a_notification_that_hangs_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "_COMMAND_SECONDS", 1.0)
    began, pid_file = time.monotonic(), tmp_path / "pid"
    problem = notify.send(f"sleep 600 & echo $! > {pid_file}; wait", {})
    assert problem == "it did not end within 1 seconds"
    assert time.monotonic() - began < 20
    deadline = time.monotonic() + 10
    while _lives(int(pid_file.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_notification_may_leave_something_behind_without_being_waited_for() -> None:
    began = time.monotonic()
    assert notify.send("sleep 20 & cat > /dev/null", {"name": "\udcff"}) is None
    assert time.monotonic() - began < 15


# metrics


def _metrics(path: Path) -> dict[tuple[str, str], float]:
    found = {}
    for family in text_string_to_metric_families(path.read_text(encoding="utf-8")):
        assert (family.type, bool(family.documentation)) == ("gauge", True)
        for sample in family.samples:
            found[(sample.name, ",".join(sample.labels.values()))] = sample.value
    return found


def test_the_metrics_of_a_run_that_ended_well(refresh: Refresh, tmp_path: Path) -> None:
    path = tmp_path / "metrics" / "mingzhang.prom"
    before = time.time()
    assert refresh(_result(), "--metrics", str(path)).exit_code == 0
    found = _metrics(path)
    assert found["mingzhang_last_run_success", ""] == 1
    assert before <= found["mingzhang_last_success_timestamp_seconds", ""] <= time.time()
    for status in ("passed", "flagged", "held"):
        assert found["mingzhang_documents", status] == 1
    assert found["mingzhang_quarantined_files", "PDF_DAMAGED"] == 2
    severities = [found["mingzhang_findings", severity] for severity in ("error", "warning", "info")]
    assert severities == [1, 0, 0]
    assert {step for name, step in found if name == "mingzhang_step_seconds"} == {"ingest", "check"}
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_metrics_of_a_run_that_failed_say_when_one_last_ended_well(
    refresh: Refresh, warehouse: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mingzhang.prom"
    path.write_text("old")
    assert refresh(OSError("broken"), "--metrics", str(path)).exit_code == 1
    found = _metrics(path)
    assert found["mingzhang_last_run_success", ""] == 0
    ago = time.time() - found["mingzhang_last_success_timestamp_seconds", ""]
    assert 6_900 < ago < 7_300
    assert found["mingzhang_documents", "held"] == 1
    warehouse.unlink()
    assert refresh(OSError("broken"), "--metrics", str(path)).exit_code == 1
    assert {name for name, _ in _metrics(path)} == {
        "mingzhang_last_run_success", "mingzhang_last_run_timestamp_seconds", "mingzhang_step_seconds"
    }  # fmt: skip


def test_metrics_that_cannot_be_written_are_said_and_fail_nothing(refresh: Refresh, tmp_path: Path) -> None:
    done = refresh(_result(), "--metrics", str(tmp_path / "w.duckdb" / "m.prom"))
    assert done.exit_code == 0
    assert "the metrics were not written" in done.stderr


# status


def _status(warehouse: Path, *options: str) -> Result:
    done = CliRunner(env={"COLUMNS": "80"}).invoke(
        cli.app, ["status", "--warehouse", str(warehouse), *options]
    )
    assert done.exit_code == 0, done.output
    return done


def test_status_is_readable_at_80_columns_and_says_why_documents_are_held(warehouse: Path) -> None:
    said = _status(warehouse).stdout
    lines = said.splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert not {"\x1b", "\u202e"} & set(said)
    assert "held a\ufffd[2J [red]\ufffdb.pdf: IDENTITY_UNKNOWN no unit" in lines
    assert "quarantined PDF_DAMAGED x.pdf: broken" in lines
    assert any(line.startswith("last run r1 of ") for line in lines)


def test_status_as_json_says_release_age_documents_and_the_last_run(warehouse: Path) -> None:
    found = json.loads(_status(warehouse, "--format", "json").stdout)
    assert found["release_id"] == "r1"
    assert 6_900 < found["age_seconds"] < 7_300
    assert found["documents_by_status"] == {"passed": 1, "flagged": 1, "held": 1}
    assert found["quarantined_by_reason"] == {"PDF_DAMAGED": 2}
    assert found["held"] == [
        {"document_id": "d3", "file_name": HOSTILE, "hold_code": "IDENTITY_UNKNOWN", "hold_reason": "no unit"}
    ]
    last = found["last_run"]
    assert (last["run_id"], last["outcome"], last["seconds"], last["message"]) == (
        "r1",
        "published",
        90,
        None,
    )
    assert datetime.fromisoformat(last["finished_at"]).utcoffset() == timedelta(0)
    assert {each["document_id"]: each["figures"] for each in found["documents"]} == {
        "d1": 8,
        "d2": 0,
        "d3": 0,
    }


def test_status_tells_a_run_that_failed_one_that_was_killed_and_one_that_goes_on(warehouse: Path) -> None:
    store = ReleaseStore(warehouse)

    def last() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(_status(warehouse, "--format", "json").stdout)["last_run"]
        return found

    with store.locked(0, "refresh r2"):
        store.note("r2", "start")
        assert (last()["run_id"], last()["outcome"], last()["seconds"]) == ("r2", "running", None)
        store.note("r2", "end", outcome="failed", message="OSError: full")
    assert (last()["outcome"], last()["message"]) == ("failed", "OSError: full")
    assert last()["seconds"] >= 0
    store.note("r3", "start")
    assert (last()["run_id"], last()["outcome"]) == ("r3", "killed")
