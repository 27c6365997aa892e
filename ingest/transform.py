"""Runs dbt on a build file, in a process of its own: staging, intermediate, marts, audit and their tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import duckdb

from ingest import child, replay
from ingest.config import DATABASE_MEMORY, PROJECT_ROOT, Run
from ingest.publish import fresh_name
from ingest.version import dbt_version, project_version


class TransformError(Exception):
    """dbt did not finish clean; the message names the models and tests that failed."""


def transform(run: Run, build_file: Path, kept_dir: Path | None = None) -> int:
    """Build and test every model in the build file.

    What dbt compiled is kept in ``kept_dir`` (``run.compiled_dir``) for runs on a few documents; a model that fails
    keeps nothing, a test that fails on some document does not make the statements wrong.

    Returns the number of models, seeds and tests that ran. Raises TransformError with the failures.
    """
    scratch = (run.var_dir / "builds").resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dbt-", dir=scratch) as target:
        parsed, kept = Path(target) / "partial_parse.msgpack", _parsed_file(run)
        with suppress(OSError):
            shutil.copyfile(kept, parsed)
        done = _run_dbt(run, build_file, target)
        results = _results(Path(target) / "run_results.json")
        if not kept.exists():
            _keep(parsed, kept)
        if results and not any(_is_broken(result) for result in results):
            with suppress(OSError, ValueError, duckdb.Error):  # without them the next run takes longer
                replay.keep(Path(target), build_file, kept_dir or run.compiled_dir, statements_state(run))
    failures = [
        f"{result['unique_id']}: {result['message']}"
        for result in results
        if result["status"] in ("error", "fail", "runtime error")
    ]
    if done.returncode != 0:
        raise TransformError("\n".join(failures) or done.stdout + done.stderr)
    return len(results)


def statements_state(run: Run) -> str:
    """What kept statements are valid for."""
    return f"{project_version()} {run.publish_policy}"


def _is_broken(result: dict[str, str]) -> bool:
    """Whether a result says that a statement could not be run, not that a test found rows."""
    return result["status"] in ("error", "runtime error", "skipped") and not result["unique_id"].startswith(
        "test."
    )


def _run_dbt(run: Run, build_file: Path, target: str) -> subprocess.CompletedProcess[str]:
    command = child.command(
        "dbt.cli.main", "build",
        "--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT),
        "--target-path", target, "--log-path", target, "--quiet",
        "--vars", json.dumps({"publish_policy": run.publish_policy}),
    )  # fmt: skip
    environment = os.environ | {
        "MINGZHANG_BUILD_DB": build_file.name,
        "MINGZHANG_MEMORY": DATABASE_MEMORY,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    return subprocess.run(
        command, cwd=build_file.parent, env=environment, capture_output=True, text=True, check=False
    )


def _parsed_file(run: Run) -> Path:
    """Where dbt's parse of the project lies between runs: a file for every state of what is parsed, never a mixture."""
    return PROJECT_ROOT / "var" / "dbt" / f"parsed-{run.publish_policy}-{dbt_version()}.msgpack"


def _keep(parsed: Path, kept: Path) -> None:
    """Keep a parse for the next run, where it can be kept; that of another state is dropped."""
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = fresh_name(kept)
        shutil.move(parsed, fresh)
        fresh.replace(kept)
        policy = kept.name.rpartition("-")[0]
        for other in kept.parent.glob(f"{policy}-*"):
            if other != kept:
                other.unlink()


def _results(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    results: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["results"]
    return results
