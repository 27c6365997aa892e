"""The one command, ``mingzhang``: parses arguments, calls one function, prints, exits.

Exit status: 0 done · 1 the run failed and the published file is untouched · 2 wrong usage · 3 done, but
documents were quarantined or held (with ``--strict``) · 130 a query was interrupted.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest.config import DEFAULT_WAREHOUSE, Policy, Run
from ingest.engines.needed import MissingError, require_spark
from ingest.inbox.catalogue import Entry, read_catalogue
from ingest.inbox.remote import given_path, uri_of
from ingest.outcomes import DocumentError, FileOutcome, Outcome, RefreshOutcome, Stage
from ingest.processes.scratch import gather_temporary_files
from ingest.processes.workers import WorkerError
from ingest.releases.guard import RegressionError
from ingest.releases.store import BusyError, ReleaseError, ReleaseStore, published_run
from ingest.runs import build as pipeline
from ingest.runs import checking, notify
from ingest.runs.refresh import Options, Result
from ingest.runs.refresh import refresh as refresh_inbox
from ingest.runs.workplace import CheckError
from ingest.terminal import SafeConsole, json_text, shown, visible, visible_lines
from ingest.views import dictionary
from ingest.views import listings as report
from ingest.views import query as querying
from ingest.views import scaffold as scaffolding
from ingest.views.export.kinds import ExportFormat
from ingest.views.language import Language, language_of, localise, speak, take_language, tr, translated
from ingest.views.preview import preview, print_preview
from ingest.views.waivers import read_waivers
from ingest.warehouse.compiled import compiled_statements
from ingest.warehouse.holds import broken_at_the_gate, record
from ingest.warehouse.load import Totals
from ingest.warehouse.publish import Release
from ingest.warehouse.transform import TransformError
from ingest.warehouse.transform import transform as transform_build

app = typer.Typer(no_args_is_help=True, add_completion=False)
scaffold = typer.Typer(no_args_is_help=True, help="Write what a new part of the project needs.")
app.add_typer(scaffold, name="scaffold")


@app.callback()
def spoken_in(
    lang: Annotated[
        Language | None, typer.Option("--lang", help="The language to speak; by default that of LANG.")
    ] = None,
) -> None:
    """明账 mingzhang: Chinese departmental budgets and final accounts, from documents to a checked warehouse."""
    if lang:
        speak(lang)


out = SafeConsole()
err = SafeConsole(stderr=True)


class EngineName(StrEnum):
    """Where a build is done: on this machine, or by Apache Spark."""

    duckdb = "duckdb"
    spark = "spark"


Warehouse = Annotated[Path, typer.Option("--warehouse", help="The published DuckDB file.")]
BuildFile = Annotated[Path, typer.Option("--build-file", help="The build file that the steps share.")]
Documents = Annotated[
    Path | None,
    typer.Option(
        help="The documents, or a folder with them. Cited passages are read again and shown as printed."
    ),
]
Pictured = Annotated[
    Path | None,
    typer.Option("--documents", help="The documents, or a folder with them: findings show the print."),
]
Jobs = Annotated[int, typer.Option(min=1, help="Number of processes that read documents.")]
Engine = Annotated[EngineName, typer.Option(help="Where the work is done: here, or on Spark.")]
Master = Annotated[
    str | None,
    typer.Option(
        help="With --engine spark: the cluster's URL; by default the one of Spark's own configuration."
    ),
]
_CORES = os.cpu_count() or 1
_TOLD_EVERY_SECONDS = 60.0
_STEP_FILE = Path("var/builds/steps.duckdb")
_EXPORTED = {ExportFormat.excel: "mingzhang.xlsx", ExportFormat.superset: "mingzhang.zip"}
_SHOWN_FILES = 20
_SHOWN_ROWS = 1_000
_SQL_SECONDS = 300.0
_INTERRUPTED = 130
"""The exit status of a query that was interrupted: 128 and the number of the signal, as shells have it."""
_STOPPED = InterruptedError("the run was stopped; the published file is untouched")
_INTERRUPTED_STATEMENT = "Query interrupted"
"""What DuckDB raises (RuntimeError) for a signal that comes while it is at a statement."""


class Severity(StrEnum):
    """How serious a finding is."""

    error = "error"
    warning = "warning"
    info = "info"


class Grouping(StrEnum):
    """What findings are counted by."""

    place = "place"
    unit = "unit"
    identity = "identity"


class Format(StrEnum):
    """How a listing is printed."""

    table = "table"
    csv = "csv"
    json = "json"


class _Reporter:
    """Shows progress: a bar on a terminal, one JSON line per event in a pipe. Knows how long each step took."""

    def __init__(self, run_id: str) -> None:
        self._run_id = run_id
        self._told_at = self._began = self._step_began = time.monotonic()
        self._step = ""
        self._bar: Progress | None = None
        self._working = err.status("")
        self.totals: Totals | None = None
        self.step_seconds: dict[str, float] = defaultdict(float)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self._began

    def file(self, outcome: Outcome, totals: Totals, total: int) -> None:
        """One file is done."""
        self.totals = totals
        if not err.is_terminal:
            self._event(
                "info" if outcome.reason_code is None else "warning",
                stage=outcome.stage,
                file_name=outcome.file_name,
                document_id=outcome.document_id,
                outcome=outcome.outcome,
                reason_code=outcome.reason_code,
                seconds=round(outcome.seconds, 3),
            )
            if time.monotonic() - self._told_at >= _TOLD_EVERY_SECONDS:
                self._told_at = time.monotonic()
                self._event("info", stage="progress", message=totals.progress(total))
            return
        if self._bar is None:
            self.done()
            self._bar = Progress(
                TextColumn(f"[bold]{tr('reading')}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                TextColumn("{task.fields[rate]}, {task.fields[quarantined]} " + tr("quarantined")), console=err,
            )  # fmt: skip
            self._bar.add_task("read", total=total, rate="", quarantined=0)
            self._bar.start()
        self._bar.update(
            self._bar.task_ids[0], completed=totals.seen, rate=totals.rate, quarantined=totals.quarantined
        )
        if totals.seen == total:
            self._bar.stop()

    def step(self, stage: str, message: str) -> None:
        """A stage reports that it begins, or what it has done."""
        self._lap(stage)
        if err.is_terminal:
            self.done()
            err.print(f"[bold]{stage}[/bold] {shown(translated(message))}", highlight=False)
            self._working = err.status(f"{stage} …")
            self._working.start()
        else:
            self._event("info", stage=stage, message=message)

    def warn(self, message: str) -> None:
        """Something beside the run went wrong."""
        if err.is_terminal:
            err.print(visible(translated(message)), style="yellow", highlight=False, markup=False)
        else:
            self._event("warning", stage="run", message=message)

    def failed(self, error: BaseException) -> None:
        """The run has failed."""
        if err.is_terminal:
            _print_failure(error)
        else:
            self._event("error", stage="run", outcome="failed", error=_name(error), message=str(error))

    def done(self) -> None:
        """Stop the progress display."""
        self._working.stop()
        if self._bar:
            self._bar.stop()

    def end(self) -> None:
        """The run has ended: what is left of its time belongs to its last step."""
        self.done()
        self._lap(self._step)

    def _lap(self, stage: str) -> None:
        now = time.monotonic()
        if stage:
            self.step_seconds[stage] += now - self._step_began
        self._step, self._step_began = stage, now

    def _event(self, level: str, **fields: Any) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json_text({"at": at, "level": level, "run_id": self._run_id, **fields})
        print(line, file=sys.stderr, flush=True)


def _name(error: BaseException) -> str:
    return error.reason if isinstance(error, DocumentError) else type(error).__name__


def _print_failure(error: BaseException) -> None:
    err.print(f"[bold red]{tr('failed')}[/bold red] {_name(error)}", highlight=False)
    err.print(visible_lines(translated(error)), highlight=False, markup=False, soft_wrap=True)


def _fail(error: Exception) -> typer.Exit:
    _print_failure(error)
    return typer.Exit(1)


class UsageError(Exception):
    """The request cannot be carried out as given."""


_FAILURES = (
    BusyError, RegressionError, CheckError, MissingError, TransformError, WorkerError, OSError, duckdb.Error, MemoryError,
)  # fmt: skip
"""Errors of a run that are not defects."""


@dataclass(slots=True)
class _Telling:
    """What is told of a run, beside what is printed: to the operator's command, and in a file of metrics."""

    run: Run
    reporter: _Reporter
    command: str | None
    occasions: Sequence[notify.Occasion]
    metrics: Path | None

    @contextmanager
    def told(self) -> Iterator[_Telling]:
        """Whatever becomes of the run is told; a failure of the run ends the command with its exit status."""
        try:
            gather_temporary_files()
            yield self
        except (KeyboardInterrupt, RuntimeError) as error:
            self._failed(_STOPPED if _is_interrupt(error) else error)
            if not _is_interrupt(error):
                raise
            raise typer.Exit(1) from error
        except UsageError as error:
            self._failed(error)
            raise typer.Exit(2) from error
        except _FAILURES as error:
            self._failed(error)
            raise typer.Exit(1) from error
        except Exception as error:  # a defect
            self._failed(error)
            raise
        finally:
            self.reporter.done()

    def succeeded(self, **fields: Any) -> None:
        """The run has ended well. ``fields`` are told; lists ``quarantined`` and ``held`` are occasions where not empty."""
        self.reporter.end()
        found = {
            notify.Occasion.success: True,
            notify.Occasion.quarantine: bool(fields["quarantined"]),
            notify.Occasion.hold: bool(fields["held"]),
        }
        met = [each for each in self.occasions if found.get(each)]
        if met and self.command:
            event = "success" if met == [notify.Occasion.success] else "attention"
            counts = report.run_counts(report.summarise(self.run.warehouse))
            self._send(event, met, counts, **fields)
        self._write_metrics(True)

    def _failed(self, error: BaseException) -> None:
        self.reporter.end()
        self.reporter.failed(error)
        if notify.Occasion.failure in self.occasions:
            event = "stopped" if isinstance(error, RegressionError) else "failed"
            totals = self.reporter.totals or Totals()
            counts = {
                "seen": totals.seen, "loaded": totals.loaded, "quarantined": totals.quarantined,
                "held": None, "flagged": None, "findings": None,
            }  # fmt: skip
            said = {"error": _name(error), "message": str(error)}
            self._send(event, [notify.Occasion.failure], counts, **said)
        self._write_metrics(False)

    def _send(
        self, event: str, met: list[notify.Occasion], counts: Mapping[str, int | None], **fields: Any
    ) -> None:
        if self.command is None:
            return
        problem = notify.send(
            self.command,
            {
                "event": event,
                "on": met,
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "run_id": self.run.run_id,
                "warehouse": str(self.run.warehouse),
                "seconds": round(self.reporter.seconds, 3),
                "counts": counts,
                **fields,
            },
        )
        if problem:
            self.reporter.warn(f"the notification failed: {problem}")

    def _write_metrics(self, is_success: bool) -> None:
        if self.metrics is None:
            return
        from ingest.views.metrics import write_metrics

        try:
            write_metrics(self.metrics, self.run.warehouse, is_success, self.reporter.step_seconds)
        except (OSError, duckdb.Error) as error:
            self.reporter.warn(f"the metrics were not written: {error}")


@contextmanager
def _interruptible() -> Iterator[None]:
    """A step that is interrupted has failed like any other."""
    try:
        yield
    except (KeyboardInterrupt, RuntimeError) as error:
        if not _is_interrupt(error):
            raise
        raise _fail(_STOPPED) from error


def _is_interrupt(error: BaseException) -> bool:
    return isinstance(error, KeyboardInterrupt) or str(error) == _INTERRUPTED_STATEMENT


@contextmanager
def _asked() -> Iterator[None]:
    """Something requested that does not exist is wrong usage; something that cannot be read is a failure."""
    try:
        gather_temporary_files()
        yield
    except LookupError as error:
        err.print(visible(translated(error.args[0])), style="bold red", highlight=False, markup=False)
        raise typer.Exit(2) from error
    except (DocumentError, OSError, duckdb.Error) as error:
        raise _fail(error) from error


def _catalogue(path: Path) -> list[Entry]:
    _check_exist([path])
    try:
        return read_catalogue(path)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _check_exist(paths: list[Path], engine: EngineName = EngineName.duckdb) -> None:
    for path in paths:
        if uri := uri_of(path):
            if engine is EngineName.duckdb:
                raise UsageError(f"{uri}: documents that a URI names are read with --engine spark")
        elif not path.exists():
            raise UsageError(f"no such file or folder: {path}")


def _check_paths(paths: list[Path]) -> None:
    try:
        _check_exist(paths)
    except UsageError as error:
        err.print(visible(translated(error)), style="bold red", highlight=False, markup=False)
        raise typer.Exit(2) from error


def _occasions(texts: list[str]) -> list[notify.Occasion]:
    try:
        return notify.parse_occasions(texts)
    except ValueError as error:
        raise typer.BadParameter(
            tr("{word}; there are {words}", word=error, words=", ".join(notify.Occasion))
        ) from error


NotifyCommand = Annotated[
    str | None,
    typer.Option(
        "--notify",
        help="A shell command that receives JSON on standard input when an event of --notify-on happens.",
    ),
]
NotifyOn = Annotated[
    list[str],
    typer.Option(
        help="When to notify: failure, hold, quarantine, success (repeat the option, or separate by commas).",
    ),
]
MetricsFile = Annotated[
    Path | None,
    typer.Option("--metrics", help="Write metrics to this file, in the text format of Prometheus."),
]

Inbox = Annotated[
    Path,
    typer.Option(help="The folder with the documents; with --engine spark also a URI.", parser=given_path),
]


@app.command()
def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files and folders to read; with --engine spark also URIs.", parser=given_path),
    ] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    publish_policy: Annotated[
        Policy, typer.Option(help="hold: keep doubtful documents out of the facts.")
    ] = Policy.hold,
    catalog: Annotated[
        Path | None,
        typer.Option(help="CSV: file_name or sha256, and where files come from or whose they are."),
    ] = None,
    jobs: Jobs = _CORES,
    engine: Engine = EngineName.duckdb,
    master: Master = None,
    notify_command: NotifyCommand = None,
    notify_on: NotifyOn = list(notify.DEFAULT),  # noqa: B006
    metrics: MetricsFile = None,
    strict: Annotated[
        bool, typer.Option(help="Exit with 3 when documents were quarantined or held.")
    ] = False,
) -> None:
    """Read documents, build and check the warehouse, publish it.

    Without a path the project's own sample documents are made and built.
    Example: mingzhang build disclosures/ --warehouse warehouse/mingzhang.duckdb
    """
    run = Run(warehouse=warehouse, publish_policy=publish_policy)
    reporter, occasions = _Reporter(run.run_id), _occasions(notify_on)
    with _Telling(run, reporter, notify_command, occasions, metrics).told() as telling:
        _check_exist(paths or [], engine)
        _check_engine(engine, master)
        if not paths:
            from samples import write_planted_samples, write_samples

            reporter.step(Stage.SAMPLES, f"writing sample documents to {run.samples_dir}")
            write_samples(run.samples_dir)
            write_planted_samples(run.samples_dir)
            paths = [run.samples_dir]
        entries = _catalogue(catalog) if catalog else ()
        if engine is EngineName.spark:
            release = _build_on_spark(paths, run, master, reporter, entries)
        else:
            release = pipeline.build(paths, run, jobs, reporter.file, reporter.step, entries)
        reporter.done()
        summary = report.summarise(release.warehouse)
        report.print_summary(out, release, summary, reporter.seconds)
        if not uri_of(paths[0]):
            report.print_worst(out, release.warehouse, paths[0])
        telling.succeeded(
            outcome=RefreshOutcome.PUBLISHED if release.is_new else RefreshOutcome.UNCHANGED,
            quarantined=[f"{name}: {reason}" for name, reason, _ in summary.quarantined],
            held=[name for name, _, _ in summary.held],
        )
    if strict and (summary.quarantined or summary.held):
        raise typer.Exit(3)


def _check_engine(engine: EngineName, master: str | None) -> None:
    if engine is EngineName.spark:
        require_spark()
    elif master:
        raise UsageError("--master is for --engine spark")


def _build_on_spark(
    paths: list[Path], run: Run, master: str | None, reporter: _Reporter, entries: Sequence[Entry]
) -> Release:
    from ingest.engines.build import build as build_parts
    from ingest.engines.spark import started

    with started(master) as spark:
        return build_parts(paths, run, spark, reporter.file, reporter.step, entries)


def _refresh(
    options: Options, run: Run, engine: EngineName, master: str | None, reporter: _Reporter
) -> Result:
    _check_exist([options.inbox], engine)
    _check_engine(engine, master)
    if engine is EngineName.duckdb:
        return refresh_inbox(options, run, reporter.file, reporter.step)
    from ingest.engines.refresh import refresh_parts
    from ingest.engines.spark import started

    with started(master) as spark:
        return refresh_parts(options, run, spark, reporter.file, reporter.step)


@app.command()
def refresh(
    inbox: Inbox,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    publish_policy: Annotated[
        Policy, typer.Option(help="hold: keep doubtful documents out of the facts.")
    ] = Policy.hold,
    jobs: Jobs = _CORES,
    engine: Engine = EngineName.duckdb,
    master: Master = None,
    keep: Annotated[int, typer.Option(min=1, help="Releases to keep.")] = 3,
    wait: Annotated[
        float, typer.Option(min=0, help="How many seconds to wait for another run to end.")
    ] = 0.0,
    notify_command: NotifyCommand = None,
    notify_on: NotifyOn = list(notify.DEFAULT),  # noqa: B006
    metrics: MetricsFile = None,
    accept_regression: Annotated[
        bool,
        typer.Option(
            "--accept-regression", help="Publish even where documents or figures would be lost or changed."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done and why; write nothing.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Rebuild everything.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Read quarantined files again.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 3 when documents were quarantined or held.")
    ] = False,
) -> None:
    """The nightly job: read what is new in a folder, rebuild what depends on it, check, publish.

    Running it again changes nothing. If a run was interrupted, run it again.
    Example: mingzhang refresh --inbox disclosures/ --warehouse warehouse/mingzhang.duckdb
    """
    run = Run(warehouse=warehouse, publish_policy=publish_policy)
    reporter, occasions = _Reporter(run.run_id), _occasions(notify_on)
    options = Options(
        inbox, warehouse, jobs, publish_policy, keep, wait, accept_regression, is_full=full, retry=retry
    )
    if dry_run:
        _check_paths([inbox])
        with _asked():
            print_preview(out, preview(options))
        return
    with _Telling(run, reporter, notify_command, occasions, metrics).told() as telling:
        result = _refresh(options, run, engine, master, reporter)
        reporter.done()
        _print_refresh(result, warehouse, reporter.seconds)
        telling.succeeded(
            outcome=result.outcome,
            release_id=result.release_id,
            quarantined=result.quarantined,
            held=result.held,
        )
    if strict and (result.quarantined or result.held):
        raise typer.Exit(3)


def _print_refresh(result: Result, warehouse: Path, seconds: float) -> None:
    for what, names in (
        ("new", result.new), ("changed", result.changed), ("withdrawn", result.withdrawn),
        ("quarantined", result.quarantined), ("held", result.held), ("left out", result.left_out),
    ):  # fmt: skip
        for name in names[:_SHOWN_FILES]:
            out.print(f"  {tr(what)} {visible(name)}", highlight=False, markup=False)
        if len(names) > _SHOWN_FILES:
            more = tr("  … and {count} more {what}", count=len(names) - _SHOWN_FILES, what=tr(what))
            out.print(more, highlight=False)
    how = ""
    if result.rebuilt:
        others = tr("the others kept") if result.is_incremental else tr("all of them")
        how = tr("; {count} documents rebuilt, {others}", count=result.rebuilt, others=others)
    said = tr("nothing changed:") if result.outcome == RefreshOutcome.UNCHANGED else tr(result.outcome)
    out.print(
        tr(
            "{said} {warehouse}, release {release}, {count} documents{how}; {seconds} s",
            said=said, warehouse=visible(warehouse), release=result.release_id, count=result.documents, how=how,
            seconds=f"{seconds:.1f}",
        ),
        highlight=False, markup=False,
    )  # fmt: skip


@app.command()
@_interruptible()
def rollback(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    to: Annotated[
        str | None,
        typer.Option(
            help="The release to publish, as listed by status --releases; by default the previous one."
        ),
    ] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="How many seconds to wait for another run to end.")
    ] = 0.0,
) -> None:
    """Publish an earlier release again. Example: mingzhang rollback --to 20261127T020000-a1b2c3

    The next refresh brings the warehouse to what the inbox holds again.
    """
    store = ReleaseStore(warehouse)
    try:
        with store.locked(wait, "rollback"):
            store.clean()
            manifest = store.rollback(to)
    except (BusyError, ReleaseError, OSError) as error:
        raise _fail(error) from error
    out.print(
        tr(
            "published release {release} of {made} in {warehouse}",
            release=manifest.release_id, made=manifest.created_at, warehouse=visible(warehouse),
        ),
        highlight=False, markup=False,
    )  # fmt: skip


@app.command()
@_interruptible()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to read.")],
    build_file: BuildFile = _STEP_FILE,
    jobs: Jobs = _CORES,
) -> None:
    """Step 1 of build: read documents into a new build file. Example: mingzhang ingest disclosures/"""
    _check_paths(paths)
    run = Run()
    build_file.unlink(missing_ok=True)
    reporter = _Reporter(run.run_id)
    not_read: list[Outcome] = []

    def progress(outcome: Outcome, totals: Totals, total: int) -> None:
        reporter.file(outcome, totals, total)
        if outcome.outcome in (FileOutcome.QUARANTINED, FileOutcome.LEFT_OUT):
            not_read.append(outcome)

    try:
        gather_temporary_files()
        totals = pipeline.ingest_files(paths, build_file, run.run_id, jobs, progress)
    except (WorkerError, OSError, duckdb.Error) as error:
        reporter.failed(error)
        raise typer.Exit(1) from error
    finally:
        reporter.done()
    out.print(
        tr(
            "{seen} files seen, {quarantined} quarantined, {left_out} left out -> {file}",
            seen=totals.seen, quarantined=totals.quarantined, left_out=totals.left_out, file=visible(build_file),
        ),
        highlight=False, markup=False,
    )  # fmt: skip
    for outcome in not_read:
        said = visible(f"{outcome.file_name}: {outcome.reason_code} {translated(outcome.message)}")
        out.print(f"  {said}", highlight=False, markup=False)


@app.command()
@_interruptible()
def transform(
    build_file: BuildFile = _STEP_FILE,
    publish_policy: Annotated[Policy, typer.Option()] = Policy.hold,
) -> None:
    """Step 2 of build: make and test all models in the build file. Example: mingzhang transform"""
    _check_paths([build_file])
    try:
        statements = compiled_statements(Run(publish_policy=publish_policy))
        made = transform_build(statements, build_file)
    except (TransformError, OSError, duckdb.Error) as error:
        raise _fail(error) from error
    out.print(visible(translated(checking.said(made))), highlight=False, markup=False)
    for rule in made.broken:
        out.print(visible(f"  {rule.document_id} {rule}"), highlight=False, markup=False)


@app.command()
@_interruptible()
def check(
    build_file: BuildFile = _STEP_FILE,
    publish_policy: Annotated[Policy, typer.Option()] = Policy.hold,
) -> None:
    """Step 3 of build: run the expectation suites on the build file. Example: mingzhang check"""
    _check_paths([build_file])
    try:
        said = checking.check(Run(publish_policy=publish_policy), build_file)
        out.print(visible(translated(said)), highlight=False, markup=False)
    except CheckError as error:
        broken = broken_at_the_gate(build_file, publish_policy)
        record(build_file, broken)
        for rule in broken:
            out.print(visible(f"  {rule.document_id} {rule}"), highlight=False, markup=False)
        if broken:
            out.print(tr("these documents are to be held: run mingzhang transform again"), highlight=False)
        raise _fail(error) from error


@app.command()
@_interruptible()
def publish(build_file: BuildFile = _STEP_FILE, warehouse: Warehouse = DEFAULT_WAREHOUSE) -> None:
    """Step 4 of build: swap the checked build file in. Example: mingzhang publish --warehouse w.duckdb"""
    _check_paths([build_file])
    try:
        run = Run(warehouse=warehouse)
        checking.check(run, build_file)
        release = pipeline.publish_alone(run, build_file)
    except (BusyError, CheckError, OSError, duckdb.Error) as error:
        raise _fail(error) from error
    out.print(
        f"{tr('published' if release.is_new else 'unchanged')} {visible(release.warehouse)} {release.content_hash}",
        highlight=False, markup=False,
    )  # fmt: skip


@app.command()
def status(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    output: Annotated[Format, typer.Option("--format")] = Format.table,
    releases: Annotated[bool, typer.Option("--releases", help="List the releases that are kept.")] = False,
    max_age: Annotated[
        float | None,
        typer.Option(min=0, help="Exit with 1 if no run has confirmed the release within this many hours."),
    ] = None,
) -> None:
    """What the published warehouse holds, and what of the prose is unread, per document. Example: mingzhang status --format json"""
    _check_paths([warehouse])
    store = ReleaseStore(warehouse)
    manifest = store.manifest(published_run(warehouse) or "")
    confirmed = report.confirmed_at(store.runs(), manifest)
    try:
        if releases:
            _print_rows(*report.release_rows(store.manifests(), manifest), output)
        else:
            _print_status(warehouse, output)
        with duckdb.connect(str(warehouse), read_only=True) as con:
            report.print_left_out(err, report.left_out_files(con))
            report.print_waivers(err, read_waivers(con))
    except duckdb.Error as error:
        raise _fail(error) from error
    if manifest and output is Format.table:
        out.print(report.freshness(manifest, confirmed), highlight=False)
    if max_age is not None:
        age = report.hours_since(confirmed) if confirmed else None
        if age is None or age > max_age:
            said = (
                tr("no refresh has published this warehouse")
                if age is None
                else tr("last confirmed {hours} hours ago", hours=f"{age:.1f}")
            )
            err.print(said, style="bold red", highlight=False)
            raise typer.Exit(1)


def _print_status(warehouse: Path, output: Format) -> None:
    summary = report.summarise(warehouse)
    if output is Format.json:
        print(json_text(report.status_record(warehouse, summary), indent=1))
    elif output is Format.csv:
        report.write_rows(sys.stdout, *_rows(warehouse, report.STATUS_SQL), output)
    else:
        report.print_status(out, summary, report.last_run(warehouse))


@app.command()
def findings(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    severity: Annotated[Severity | None, typer.Option(help="Only findings of this severity.")] = None,
    document: Annotated[
        str | None, typer.Option(help="Only findings of this document: its id or file name.")
    ] = None,
    is_all: Annotated[
        bool, typer.Option("--all", help="Include findings that follow from another one.")
    ] = False,
    by: Annotated[
        Grouping | None,
        typer.Option(help="Count findings by place, unit or identity instead of listing them."),
    ] = None,
    output: Annotated[Format, typer.Option("--format")] = Format.table,
) -> None:
    """What is wrong, one finding per cause. Example: mingzhang findings --severity error"""
    if by:
        counts = report.FINDINGS_BY_SQL.format(group=report.GROUPS[by])
        _print_rows(*_rows(warehouse, counts, [severity, document, is_all]), output)
        return
    names, rows = _rows(warehouse, report.FINDINGS_SQL, [severity, document, is_all])
    if output is Format.table:
        report.print_findings(out, [dict(zip(names, row, strict=True)) for row in rows])
    else:
        _print_rows(names, rows, output)


@app.command()
def explain(
    finding: Annotated[
        str, typer.Argument(help="A finding's key, or the beginning of it, as listed by findings.")
    ],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    documents: Documents = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            help="Write a PNG file that shows the cited parts of the pages, figures framed; needs --documents."
        ),
    ] = None,
) -> None:
    """One finding in full: the identity, both sides, the print behind them. Example: mingzhang explain 3f2a9c01 --documents disclosures/"""
    from ingest.views import explain as explained

    _check_paths([warehouse, *([documents] if documents else [])])
    with _asked():
        explained.explain(out, warehouse, finding, documents, picture)


@app.command(name="report")
def report_document(
    document: Annotated[str, typer.Argument(help="A document's id or file name, or the file itself.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    documents: Documents = None,
) -> None:
    """One document on one page to print: what was read, what holds, what does not, with evidence. Example: mingzhang report disclosure.pdf -o report.html"""
    from ingest.views.html_report import write_report

    _check_paths([warehouse, *([documents] if documents else [])])
    with _asked():
        write_report(warehouse, document, output, documents)
    out.print(str(output), highlight=False, markup=False, soft_wrap=True)


@app.command()
def letter(
    document: Annotated[str, typer.Argument(help="A document's id or file name, or the file itself.")],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The text file to write; by default it is printed.")
    ] = None,
) -> None:
    """What is wrong with one document, as a polite letter in Chinese to the unit that published it. Example: mingzhang letter disclosure.pdf -o letter.txt"""
    from ingest.views.letter import letter as written

    _check_paths([warehouse])
    with _asked():
        text = written(warehouse, document)
        if output:
            output.write_text(text, encoding="utf-8")
    out.print(str(output) if output else visible_lines(text), highlight=False, markup=False, soft_wrap=True)


@app.command()
@_interruptible()
def proofread(
    file: Annotated[Path, typer.Argument(help="The document to check; of an archive, each document in it.")],
    output: Annotated[Format, typer.Option("--format")] = Format.table,
    strict: Annotated[
        bool,
        typer.Option(help="Exit with 3 where there is an error or a warning, or the document would be held."),
    ] = False,
) -> None:
    """Check one document before it goes out: reads it, prints what is wrong and where. Needs and changes no warehouse.

    Example: mingzhang proofread disclosure.docx
    """
    from ingest.views.proofread import LISTED, listed, print_proofs
    from ingest.views.proofread import proofread as read_proofs

    _check_paths([file])
    if not file.is_file():
        raise typer.BadParameter(tr("{file} is not a file: proofread takes one document", file=file))
    with _asked():
        try:
            proofs = read_proofs(file)
        except (WorkerError, TransformError) as error:
            raise _fail(error) from error
    if output is Format.table:
        print_proofs(out, proofs)
    else:
        _print_rows(list(LISTED), listed(proofs), output)
    if strict and not all(proof.is_clean for proof in proofs):
        raise typer.Exit(3)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="The document to look at.")],
    page: Annotated[
        int | None,
        typer.Option(help="Draw this page as a picture; for a format without pages, print this part."),
    ] = None,
    form: Annotated[int | None, typer.Option(help="Print this form, by its number in the overview.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where to write the picture; by default var/inspect.")
    ] = None,
) -> None:
    """What is seen in one document: an overview, or with --page or --form what stands where. Example: mingzhang inspect disclosure.pdf --page 7"""
    from ingest.views.inspect import show

    _check_paths([file])
    with _asked():
        show(out, file, page, form, output, Run().var_dir / "inspect")


@app.command(name="export")
def export_tables(
    tables: Annotated[
        list[str] | None,
        typer.Argument(help="Reports or tables, with or without schema; all; by default every report."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A folder, or for excel and superset a file; by default export/, mingzhang.xlsx or mingzhang.zip.",
        ),
    ] = None,
    kind: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.csv,
    where: Annotated[str | None, typer.Option(help="A SQL condition on the rows of each table.")] = None,
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    release: Annotated[
        str | None,
        typer.Option(help="A kept release, as listed by status --releases; by default the published one."),
    ] = None,
) -> None:
    """Write reports or tables to files, for a spreadsheet or another program. Example: mingzhang export rpt_unit_profile --format excel --where "fiscal_year = 2024" """
    from ingest.views.export.write import export

    source = ReleaseStore(warehouse).release_file(release) if release else warehouse
    _check_paths([source])
    target = output or Path(_EXPORTED.get(kind, "export"))
    with _asked():
        for path in export(source, tables or [], where, kind, target):
            out.print(str(path), highlight=False, markup=False, soft_wrap=True)


@app.command()
def site(
    folder: Annotated[
        Path, typer.Argument(help="The folder to write: new, empty, or a site of mingzhang.")
    ] = Path("site"),
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    documents: Pictured = None,
    sql: Annotated[
        Path | None,
        typer.Option(
            help="Add a page for SQL in the browser, with DuckDB-wasm from this folder: npm install --prefix FOLDER @duckdb/duckdb-wasm."
        ),
    ] = None,
    jobs: Jobs = _CORES,
) -> None:
    """Write a web site of the published warehouse that needs no server: places, units, documents, findings, charts, search. Example: mingzhang site site/"""
    from ingest.views.site.write import write_site

    _check_paths([warehouse, *([documents] if documents else []), *([sql] if sql else [])])
    with _asked():
        count, changed = write_site(warehouse, folder, documents, jobs, packages=sql)
    out.print(
        tr(
            "{page}: {count} files, {changed} changed",
            page=folder / "index.html",
            count=count,
            changed=changed,
        ),
        highlight=False,
        markup=False,
        soft_wrap=True,
    )


@app.command()
def ui(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="The port to listen at; 0: any free one.")
    ] = 8765,
    documents: Pictured = None,
    jobs: Jobs = _CORES,
) -> None:
    """The site on this machine only, where findings can be accepted, with a reason, by whom and until when. Example: mingzhang ui"""
    from ingest.views.ui import serving
    from ingest.views.waivers import WAIVERS_FILE

    _check_paths([warehouse, *([documents] if documents else [])])
    folder = Run().var_dir / "ui"
    with _asked(), serving(warehouse, folder, WAIVERS_FILE, port, documents, jobs) as server:
        out.print(
            tr("{address} (Ctrl-C ends it)", address=server.address),
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


@app.command()
def docs(
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    folder: Annotated[
        Path, typer.Option(help="Where tables.md, identities.md, contract.md and relations.md are written.")
    ] = Path("docs"),
) -> None:
    """Write the data dictionary, the identity catalogue, the contract and the relations. Example: mingzhang docs"""
    _check_paths([warehouse])
    for path in dictionary.write(warehouse, folder):
        out.print(str(path), highlight=False)


@scaffold.command()
def identity(
    identity_id: Annotated[str, typer.Argument(metavar="ID", help="A new id, such as FA-T01-009.")],
    equation: Annotated[
        str,
        typer.Argument(help="Lines joined by + and - around one =, as tests/identities/cases.csv has them."),
    ] = "exp:summary/total = exp:expenditure/total",
) -> None:
    """Write a new identity: its rows in the registry, its four cases, its entry in docs/identities.md.

    Example: mingzhang scaffold identity FA-T03-009 "exp:summary/total = exp:expenditure/total"
    """
    try:
        with _asked():
            written = scaffolding.scaffold_identity(identity_id, equation)
    except ValueError as error:
        raise typer.BadParameter(translated(error)) from error
    for path in written:
        out.print(str(path), highlight=False)
    for number, step in enumerate(scaffolding.next_steps(identity_id), start=1):
        out.print(f"{number}. {step}", highlight=False, markup=False, soft_wrap=True)


@app.command()
def sql(
    query: Annotated[
        str, typer.Argument(help="One SELECT statement, or DESCRIBE, SHOW, SUMMARIZE, EXPLAIN.")
    ],
    warehouse: Warehouse = DEFAULT_WAREHOUSE,
    output: Annotated[Format, typer.Option("--format")] = Format.table,
    timeout: Annotated[
        float, typer.Option(min=0, help="Seconds after which the query is cancelled; 0: never.")
    ] = _SQL_SECONDS,
) -> None:
    """Query the published warehouse. Nothing else is read and nothing is written. Example: mingzhang sql "select * from marts.dim_document" """
    _check_paths([warehouse])
    question = querying.Question(warehouse, query, timeout or None)
    try:
        with question as answer:
            _print_answer(answer, output)
    except KeyboardInterrupt:
        err.print(tr("the query was interrupted"), style="bold red", highlight=False)
        status = _INTERRUPTED
    except (querying.RefusedError, querying.BoundError, duckdb.Error) as error:
        status = _fail(error).exit_code
    else:
        return
    if question.is_stuck:
        sys.stdout.flush()
        os._exit(status)
    raise typer.Exit(status)


def _print_answer(answer: querying.Answer, output: Format) -> None:
    if output is not Format.table:
        report.write_rows(sys.stdout, answer.names, answer.rows, output)
        return
    rows = list(islice(answer.rows, _SHOWN_ROWS + 1))
    report.print_rows(out, answer.names, rows[:_SHOWN_ROWS])
    said = (
        tr("{count} rows", count=len(rows))
        if len(rows) <= _SHOWN_ROWS
        else tr("the first {count} rows; --format csv gives all", count=f"{_SHOWN_ROWS:,}")
    )
    out.print(said, style="dim", highlight=False)


def _rows(warehouse: Path, query: str, parameters: list[Any] | None = None) -> tuple[list[str], list[Any]]:
    """The names of a query's columns and its rows."""
    _check_paths([warehouse])
    try:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            cursor = con.execute(query, parameters or [])
            return [column[0] for column in cursor.description or []], cursor.fetchall()
    except duckdb.Error as error:
        raise _fail(error) from error


def _print_rows(names: list[str], rows: list[Any], output: Format) -> None:
    if output is Format.table:
        report.print_rows(out, [tr(name) for name in names], rows)
        out.print(tr("{count} rows", count=len(rows)), style="dim")
    else:
        report.write_rows(sys.stdout, names, rows, output)


def main() -> None:
    """Run the command that the arguments name. SIGTERM is handled like Ctrl-C: the run is stopped and cleaned up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    language, arguments = take_language(sys.argv[1:])
    speak(language or language_of(os.environ))
    localise(app)(arguments)


if __name__ == "__main__":
    main()
