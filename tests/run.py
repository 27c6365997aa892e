"""The test command: lint, formatting, types and SQL lint beside the tests. Ends with 1 if any of them failed."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

BESIDE = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("sql", ("sqlfluff", "lint", "dbt_project/models")),
)
ON_ALL_CORES = ("-n", "auto", "--dist", "loadgroup", "--no-loadscope-reorder")
"""One worker per core; tests/conftest.py keeps together the tests that share a warehouse. Groups run in the order of the
folders: in the order of their sizes, the builds, which have few tests, would come last and leave a core idle."""


def main() -> int:
    """Run every check, whatever the others say. Returns 0 when all passed."""
    started = time.perf_counter()
    with ThreadPoolExecutor(1) as beside:
        others = [(name, beside.submit(_quietly, command)) for name, command in BESIDE]
        print("== tests: pytest (lint, format, types and sql run beside)", flush=True)
        tests = subprocess.run([sys.executable, "-m", "pytest", *ON_ALL_CORES], check=False)
    failed = ["tests"] if tests.returncode != 0 else []
    for name, other in others:
        done = other.result()
        print(f"== {name}: {'passed' if done.returncode == 0 else 'failed'}", flush=True)
        if done.returncode != 0:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    print(f"{time.perf_counter() - started:.0f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def _quietly(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
