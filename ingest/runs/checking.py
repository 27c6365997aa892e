"""Makes the models in a build file and checks them, before anything is published."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from ingest.config import PROJECT_ROOT, Run
from ingest.outcomes import Stage
from ingest.processes import child
from ingest.runs.workplace import CheckError, Notify
from ingest.warehouse.compiled import Statements
from ingest.warehouse.holds import broken_at_the_gate, record
from ingest.warehouse.transform import Transformed, transform

_CHECK_ROUNDS = 3
"""So many times a warehouse is made and checked, each time without the documents that broke the gate's contract."""
_CHECK = "expectations.run"


def make_and_check(
    run: Run,
    statements: Statements,
    build_file: Path,
    notify: Notify,
    checked: type[WholeCheck] | type[CheckHere] | None = None,
    threads: int | None = None,
) -> Transformed:
    """Make every model in a build file and check it; documents on which either fails are held, and it is done again.

    ``checked`` is how, by default as a whole warehouse; ``threads`` as ``transform`` has it.

    Raises TransformError or CheckError with what no document explains.
    """
    for _ in range(_CHECK_ROUNDS):
        with (checked or WholeCheck)(run) as started:
            made = transform(statements, build_file, threads=threads)
            notify(Stage.TRANSFORM, said(made))
            notify(Stage.CHECK, "Great Expectations: contract and identities")
            try:
                notify(Stage.CHECK, started.judge(build_file))
                return made
            except CheckError as error:
                failure = error
                broken = broken_at_the_gate(build_file, run.publish_policy)
                if not broken:
                    raise
                notify(Stage.CHECK, f"documents that break the contract are held: {error}")
                record(build_file, broken)
    raise failure


def said(made: Transformed) -> str:
    """A line on what a transform did."""
    held = len({rule.document_id for rule in made.broken})
    return f"{made.count} models and tests" + (
        f"; {held} documents break a rule and are held" if held else ""
    )


def check(run: Run, build_file: Path) -> str:
    """Run the expectation suites on a build file, in a process of their own.

    Returns a line that says how many expectations held. Raises CheckError with those that did not.
    """
    with WholeCheck(run) as whole_check:
        return whole_check.judge(build_file)


class _StartedCheck:
    """Expectation suites in a process that starts at once, so that it has loaded its libraries when it is asked.

    Use as a context manager. ``outcome`` ends the line that says how many expectations held.
    """

    def __init__(self, run: Run, outcome: str, *asked: str) -> None:
        self._outcome = outcome
        self._process = subprocess.Popen(
            child.command(_CHECK, "-", "--policy", run.publish_policy, *asked),
            cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._process.communicate()

    def stop(self) -> None:
        """Have who waits for its judgement wait no longer."""
        self._process.kill()

    def judge(self, build_file: Path) -> str:
        """Returns a line that says what held. Raises CheckError with what did not. Once only."""
        said, problem = self._process.communicate(f"{build_file.resolve()}\n")
        return f"{_verdict(said, problem)} expectations hold{self._outcome}"


class WholeCheck(_StartedCheck):
    """The checks of a warehouse; the pages of Data Docs are written."""

    def __init__(self, run: Run) -> None:
        pages = run.data_docs_dir
        super().__init__(run, f"; pages in {pages}", "--data-docs", str(pages.resolve()))


class PartCheck(_StartedCheck):
    """The checks of a part of a warehouse whose other part was checked before: tables may be empty, no pages are written."""

    def __init__(self, run: Run) -> None:
        super().__init__(run, " over the documents concerned")


class CheckHere:
    """As ``PartCheck``, in this process: for one that makes many parts, and loads the libraries once."""

    def __init__(self, run: Run) -> None:
        self._policy = run.publish_policy

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def judge(self, build_file: Path) -> str:
        """Returns a line that says what held. Raises CheckError with what did not."""
        from expectations.run import run_expectations

        verdict = run_expectations(build_file, None, self._policy)
        return f"{_evaluated(asdict(verdict))} expectations hold over the documents of a part"


def _verdict(said: str, problem: str) -> int:
    try:
        verdict = json.loads(said.strip().splitlines()[-1])
    except (IndexError, json.JSONDecodeError) as error:
        raise CheckError(f"the checks did not run:\n{problem.strip()[-2000:]}") from error
    return _evaluated(verdict)


def _evaluated(verdict: Mapping[str, Any]) -> int:
    if not verdict["passed"]:
        raise CheckError("\n".join(verdict["failed"]))
    return int(verdict["evaluated"])
