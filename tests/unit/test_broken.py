"""Broken files: each gives its code, alone or in an archive, and what stands beside it is read."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from ingest.extraction.read import read_file
from ingest.inbox.sources import find_sources
from ingest.outcomes import Outcome
from samples.broken import Broken, broken_files
from samples.documents import KINDS
from samples.media import render


@pytest.fixture(scope="module")
def broken() -> dict[str, Broken]:
    return broken_files()


@pytest.fixture(scope="module")
def whole() -> bytes:
    return render(KINDS["tabbed_budget"](Random("whole"), "whole"), "utf-8", Random("whole")).content


def outcomes(path: Path) -> Iterator[Outcome]:
    for source in find_sources([path]):
        yield read_file(source)[0]


def expected(files: dict[str, Broken], before: str = "") -> dict[str, str]:
    return {"!/".join([before + name, *rest]): str(reason) for name, (_, reason, *rest) in files.items()}


def test_each_broken_file_gives_its_code_and_a_message_with_its_name(
    broken: dict[str, Broken], whole: bytes, tmp_path: Path
) -> None:
    for name, (content, *_) in broken.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "whole.txt").write_bytes(whole)
    found = {outcome.file_name: outcome for outcome in outcomes(tmp_path)}
    assert found.pop("whole.txt").outcome == "loaded"
    assert {name: outcome.reason_code for name, outcome in found.items()} == expected(broken)
    for name, outcome in found.items():
        assert str(outcome.message).startswith(f"{name}: ")
        assert len(str(outcome.message)) < 500


def test_a_broken_member_of_an_archive_hurts_no_other(
    broken: dict[str, Broken], whole: bytes, tmp_path: Path
) -> None:
    inside = {name: file for name, file in broken.items() if name != "nested.zip"}
    with zipfile.ZipFile(tmp_path / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, *_) in inside.items():
            archive.writestr(name, content)
        archive.writestr("whole.txt", whole)
    found = {outcome.file_name: outcome for outcome in outcomes(tmp_path)}
    assert found.pop("all.zip!/whole.txt").outcome == "loaded"
    assert {name: outcome.reason_code for name, outcome in found.items()} == expected(inside, "all.zip!/")
