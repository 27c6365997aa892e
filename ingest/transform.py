"""Runs dbt on a build file, in a process of its own: staging, intermediate, marts, audit and their tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ingest.config import DATABASE_MEMORY, PROJECT_ROOT, Run


class TransformError(Exception):
    """dbt did not finish clean; the message names the models and tests that failed."""


def transform(run: Run, build_file: Path) -> int:
    """Build and test every model in the build file.

    Returns the number of models, seeds and tests that ran. Raises TransformError with the failures.
    """
    scratch = (run.var_dir / "builds").resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dbt-", dir=scratch) as target:
        done = _run_dbt(run, build_file, target)
        results = _results(Path(target) / "run_results.json")
    failures = [
        f"{result['unique_id']}: {result['message']}"
        for result in results
        if result["status"] in ("error", "fail", "runtime error")
    ]
    if done.returncode != 0:
        raise TransformError("\n".join(failures) or done.stdout + done.stderr)
    return len(results)


def _run_dbt(run: Run, build_file: Path, target: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable, "-m", "dbt.cli.main", "build",
        "--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT),
        "--target-path", target, "--log-path", target, "--quiet",
        "--vars", json.dumps({"publish_policy": run.publish_policy, "run_id": run.run_id}),
    ]  # fmt: skip
    environment = os.environ | {
        "MINGZHANG_BUILD_DB": str(build_file.resolve()),
        "MINGZHANG_MEMORY": DATABASE_MEMORY,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _results(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    results: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["results"]
    return results
