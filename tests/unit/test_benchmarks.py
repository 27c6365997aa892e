"""The benchmarks measure what the program runs, each layer and nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.layers import LAYERS, READER, WHOLE, measure, time_layers
from ingest.extraction import extract
from tests.golden.corpus import CORPUS, names


@pytest.fixture
def sample() -> bytes:
    return (CORPUS / f"{names()[0]}.txt").read_bytes()


def test_layers_are_timed_where_they_are_called_and_change_nothing(sample: bytes) -> None:
    before = [getattr(extract, layer) for layer in LAYERS]
    document, seconds = time_layers(sample)
    assert [getattr(extract, layer) for layer in LAYERS] == before
    assert set(seconds) == {*LAYERS, WHOLE}
    assert 0 < sum(seconds[layer] for layer in LAYERS) <= seconds[WHOLE]
    assert document == extract.extract(sample).document


def test_a_document_given_is_not_read_again(sample: bytes) -> None:
    document, _ = time_layers(sample)
    assert READER not in time_layers(sample, document)[1]


def test_a_file_left_out_is_named_and_not_counted(sample: bytes) -> None:
    reports: list[str] = []
    files = {Path("good.txt"): sample, Path("empty.txt"): b""}
    media = measure(files, rounds=2, read_once=True, report=reports.append)
    (measured,) = media.values()
    assert (measured.documents, len(measured.rounds)) == (1, 2)
    assert [report.split(":")[0] for report in reports] == ["empty.txt"]
