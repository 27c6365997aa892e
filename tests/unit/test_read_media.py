"""The benchmark of the media reads what the build reads, and says what it could not read."""

import time
from types import SimpleNamespace

import pytest

from benchmarks import read_media
from ingest.outcomes import DocumentError, Reason

KINDS = ["performance_report"]


def test_every_medium_has_a_row_and_every_stage_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--media", "html", "utf-8", "--kinds", *KINDS, "--rounds", "2", "--clock", "wall"]
    assert read_media.main(arguments) == 0
    printed = capsys.readouterr().out
    for word in ("html", "utf-8", *read_media.STAGES):
        assert word in printed


def test_rounds_are_of_new_documents_and_stop_when_time_is_used() -> None:
    first, second = (next(read_media.samples("utf-8", KINDS, seed)) for seed in ("0", "1"))
    assert first.content != second.content
    found, refused = read_media.measure(["utf-8"], KINDS, 9, 0.0, time.perf_counter)
    assert (len(found["utf-8"]), refused) == (1, {})
    done = found["utf-8"][0]
    assert done.documents == 1
    assert done.pages > 1
    assert set(done.seconds) == set(read_media.STAGES)


def test_stages_that_have_grown_apart_from_the_build_are_not_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read_media, "extract", lambda _: SimpleNamespace(forms=[], performance=[], claims=[]))
    sample = next(read_media.samples("utf-8", KINDS, "0"))
    with pytest.raises(RuntimeError, match="grown apart"):
        read_media.check_stages(sample, time.perf_counter)


@pytest.mark.parametrize(("reason", "exit_code"), [(Reason.CONVERTER_MISSING, 0), (Reason.PDF_DAMAGED, 1)])
def test_a_medium_that_is_not_read_is_named(
    reason: Reason, exit_code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: bytes) -> None:
        raise DocumentError(reason, "for this test")

    monkeypatch.setattr(read_media, "extract", refuse)
    assert read_media.main(["--media", "utf-8", "--kinds", *KINDS, "--rounds", "1"]) == exit_code
    printed = capsys.readouterr().out
    assert f"utf-8: a sample was refused, {reason}: for this test" in printed
