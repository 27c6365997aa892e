"""The checks in tiers: `python -m tests.run check`, `test` or `long`. Ends with 1 if any check failed.

`check` is for every save: lint, format, types, the SQL that is not as committed, unit tests and conventions. `test` is
what must pass before a merge: all of that, all SQL and every test; a model in which the linter found nothing is not linted
again until it, a macro or a rule changes. `long` tries for an hour and more to break readers and
refreshes; each of its checks prints its command before it runs and can be run alone, with a larger number.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODELS = "dbt_project/models"
LINTED = ROOT / "var" / "linted.json"
"""The digests of the models in which the linter found nothing."""
BESIDE = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
)
WORKERS = (os.cpu_count() or 1) + 1
ON_ALL_CORES = ("-n", str(WORKERS), "--dist", "loadgroup", "--no-loadscope-reorder")
"""One worker more than there are cores, since many tests wait for processes and disks; tests/conftest.py keeps together the tests that share a warehouse. Groups run in the order of the
folders: in the order of their sizes, the builds, which have few tests, would come last and leave a core idle."""
QUICK = ("tests/unit", "tests/conventions")
_WITHOUT_BUILDS = ("-m", "not whole")
LONG = (
    ("tests.long.grow_inputs",),
    ("tests.long.mutate_files", "--count", "400"),
    ("tests.long.read_corpus", "tests/golden"),
    ("tests.long.plant_errors", "--each", "40", "--words", "40"),
    ("tests.long.scan_facts",),
    ("tests.long.scan_samples",),
    ("tests.long.read_producers",),
    ("tests.long.rewrite_pdfs",),
    ("tests.long.read_alike",),
    ("tests.long.list_differences",),
    ("tests.long.forget_words", "--seeds", "1"),
    ("tests.long.vary_tables",),
    ("tests.long.open_exports",),
    ("tests.long.open_site",),
    ("tests.long.check_superset",),
    ("tests.long.build_on_spark",),
    ("tests.long.break_refreshes", "--times", "200"),
    ("tests.long.two_refreshes", "--times", "50"),
    ("tests.long.break_rows", "--times", "20"),
    ("tests.long.soak_readers", "--readers", "8", "--refreshes", "50"),
)


def main(arguments: Sequence[str]) -> int:
    """Run every check of a tier, whatever the others say. Returns 0 when all passed, 2 for a tier that is not there."""
    started = time.perf_counter()
    match arguments:
        case ["check"]:
            failed = _run_tests((*QUICK, *_WITHOUT_BUILDS), _lint_sql(_changed_models()))
        case ["test"]:
            failed = _run_tests((), _lint_sql(_unlinted_models()))
            if "sql" not in failed:
                _remember_linted()
        case ["long"]:
            failed = [check[0] for check in LONG if not _passes(check)]
        case _:
            print(__doc__)
            return 2
    print(f"{time.perf_counter() - started:.0f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def _run_tests(chosen: Sequence[str], sql: Sequence[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Run the tests that the arguments choose, all where there are none, and the linters beside them. Returns what failed."""
    commands = (*BESIDE, *sql)
    with ThreadPoolExecutor(1) as beside:
        others = [(name, beside.submit(_quietly, command)) for name, command in commands]
        names = ", ".join(name for name, _ in commands)
        print(f"== tests: pytest ({names} run beside)", flush=True)
        tests = subprocess.run(
            [sys.executable, "-m", "pytest", *ON_ALL_CORES, *chosen], cwd=ROOT, check=False
        )
    failed = ["tests"] if tests.returncode != 0 else []
    for name, other in others:
        done = other.result()
        print(f"== {name}: {'passed' if done.returncode == 0 else 'failed'}", flush=True)
        if done.returncode != 0:
            failed.append(name)
            print(done.stdout + done.stderr, flush=True)
    return failed


def _lint_sql(paths: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    return [("sql", ("tests.lint_sql", *paths))] if paths else []


def _changed_models() -> list[str]:
    """The models that differ from the last commit; all where this is not a clone."""
    asked = (
        ("git", "diff", "--name-only", "--diff-filter=d", "HEAD", "--", f"{MODELS}/*.sql"),
        ("git", "ls-files", "--others", "--exclude-standard", "--", f"{MODELS}/*.sql"),
    )
    try:
        said = [
            subprocess.run(each, cwd=ROOT, capture_output=True, text=True, check=True).stdout
            for each in asked
        ]
    except (OSError, subprocess.CalledProcessError):
        return [MODELS]
    return "".join(said).splitlines()


def _unlinted_models() -> list[str]:
    """The models of which the linter has not said, as they are now, that nothing is wrong with them."""
    try:
        clean = set(json.loads(LINTED.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return [MODELS]
    return [path for path, digest in _models().items() if digest not in clean]


def _remember_linted() -> None:
    LINTED.parent.mkdir(parents=True, exist_ok=True)
    LINTED.write_text(json.dumps(sorted(_models().values())), encoding="utf-8")


def _models() -> dict[str, str]:
    """A digest of each model and of all that the linter's verdict on it depends on."""
    rules = [ROOT / ".sqlfluff", *sorted((ROOT / "dbt_project" / "macros").rglob("*.sql"))]
    common = hashlib.sha256(version("sqlfluff").encode())
    for path in rules:
        common.update(path.read_bytes())
    found = {}
    for path in sorted((ROOT / MODELS).rglob("*.sql")):
        digest = common.copy()
        digest.update(path.read_bytes())
        found[str(path.relative_to(ROOT))] = digest.hexdigest()
    return found


def _passes(check: Sequence[str]) -> bool:
    command = [sys.executable, "-m", *check]
    print(f"== python {' '.join(command[1:])}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def _quietly(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
