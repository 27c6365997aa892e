"""Every golden case gives exactly its expected rows: no figure missing, no figure too many, and every form's status."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.exercised import IN_REFRESHES, IN_SAMPLES, active, decided
from tests.golden.golden import expected, names, read_cases


@pytest.fixture(scope="module")
def found(golden_build: Path) -> dict[str, list[tuple[str, ...]]]:
    return read_cases(golden_build, names())


@pytest.mark.parametrize("case", names())
def test_case_is_read_exactly(case: str, found: dict[str, list[tuple[str, ...]]]) -> None:
    wanted, read = set(expected(case)), set(found[case])
    assert sorted(read - wanted) == [], "figures that the document does not print"
    assert sorted(wanted - read) == [], "figures that were not read"


def test_every_identity_is_exercised_by_a_document(golden_build: Path) -> None:
    here = decided(golden_build)
    assert sorted(active() - here - IN_SAMPLES - IN_REFRESHES) == [], "rules that no document exercises"
    assert sorted(here & (IN_SAMPLES | IN_REFRESHES)) == [], "decided here: take these out of the list"
