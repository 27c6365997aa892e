"""Disclosures in many wordings: every figure of the keys is read, and no other, except those listed with a reason."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.golden.corpus import Difference, differences, listed, names


@pytest.fixture(scope="module")
def found(golden_build: Path) -> dict[str, list[Difference]]:
    with duckdb.connect(str(golden_build), read_only=True) as con:
        return {name: list(differences(con, name)) for name in names()}


@pytest.mark.parametrize("name", names())
def test_every_figure_of_the_key_and_no_other_is_read(name: str, found: dict[str, list[Difference]]) -> None:
    known = listed("known_gaps.csv") | listed("beyond_the_keys.csv")
    new = [each for each in found[name] if each.identity not in known]
    assert new == [], "not as the key says"


@pytest.mark.parametrize("file_name", ["known_gaps.csv", "beyond_the_keys.csv"])
def test_what_is_listed_is_still_so(file_name: str, found: dict[str, list[Difference]]) -> None:
    today = {each.identity for documents in found.values() for each in documents}
    assert sorted(listed(file_name) - today) == [], "closed: take these lines out of the list"
