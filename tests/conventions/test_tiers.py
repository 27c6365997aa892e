"""The tiers of checks leave nothing out."""

from __future__ import annotations

from tests.run import LONG, QUICK, ROOT, main


def test_the_long_tier_runs_every_long_check() -> None:
    programs = {
        f"tests.long.{path.stem}"
        for path in (ROOT / "tests" / "long").glob("*.py")
        if "__main__" in path.read_text(encoding="utf-8")
    }
    assert {module for module, *_ in LONG} == programs


def test_the_quick_tier_names_folders_that_exist() -> None:
    assert all((ROOT / folder).is_dir() for folder in QUICK)


def test_a_tier_that_is_not_there_is_wrong_usage() -> None:
    assert main(["all"]) == main([]) == 2
