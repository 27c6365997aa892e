"""The test command: lint, formatting, types, SQL lint, then every test. Stops with 1 at the end if any failed."""

from __future__ import annotations

import subprocess
import sys
import time

CHECKS = (
    ("lint", ("ruff", "check", ".")),
    ("format", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("sql", ("sqlfluff", "lint", "dbt_project/models", "--processes", "2")),
    ("tests", ("pytest",)),
)


def main() -> int:
    """Run every check, whatever the others say. Returns 0 when all passed."""
    failed = []
    for name, command in CHECKS:
        print(f"== {name}: {' '.join(command)}", flush=True)
        started = time.perf_counter()
        if subprocess.run([sys.executable, "-m", *command], check=False).returncode != 0:
            failed.append(name)
        print(f"   {time.perf_counter() - started:.0f} s", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
