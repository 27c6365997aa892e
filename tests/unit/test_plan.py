"""The plan of a refresh, made without files: what is read, built, kept and withdrawn, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.config import Policy
from ingest.inbox.inventory import Inventory, Seen
from ingest.inbox.sources import Source
from ingest.outcomes import FileOutcome, FileStage, Outcome, Reason
from ingest.releases.guard import RegressionError
from ingest.releases.store import Manifest
from ingest.runs.plan import Plan, ReadDocument, Reading, Rebuild, Rules, Waived, Whole
from ingest.runs.planner import (
    files_to_read,
    make_plan,
    most_are_concerned,
    overwritten,
    retried,
    to_rebuild,
    touched_units,
)
from ingest.warehouse.publish import combine

RULES = Rules("reads", "transforms")
FIRST_DAY, TODAY = "2026-01-01 02:00:00", date(2026, 2, 1)


def sha(name: str) -> str:
    """A hash whose document id tells its name."""
    return (name * 64)[:64]


def inventory(**files: str) -> Inventory:
    """An inbox with files (place: content); content '-' cannot be read."""
    seen = []
    for place, content in files.items():
        refusal = (Reason.FILE_UNREADABLE, "it cannot be read") if content == "-" else None
        seen.append(Seen(Source(place, Path(place), (), refusal), None if refusal else sha(content)))
    return Inventory(seen, [])


def loaded(name: str, unit: str = "", disclosure: str | None = None) -> ReadDocument:
    outcome = Outcome(f"{name}.pdf", FileStage.EXTRACT, FileOutcome.LOADED, sha(name), sha(name)[:16])
    return ReadDocument(outcome, unit or f"unit {name}", disclosure)


def quarantined(name: str, reason: Reason = Reason.PDF_DAMAGED, seconds: float = 0.0) -> ReadDocument:
    return ReadDocument(
        Outcome(
            f"{name}.pdf", FileStage.EXTRACT, FileOutcome.QUARANTINED, sha(name),
            reason_code=reason, message=f"{name}.pdf: broken", seconds=seconds,
        )
    )  # fmt: skip


def plan(
    base: Manifest | None,
    found: Inventory,
    *read: ReadDocument,
    at: str = "2026-02-01 02:00:00",
    adopted: tuple[str, ...] = (),
    rules: Rules = RULES,
    waivers: tuple[Waived, ...] = (),
) -> Plan:
    verdicts = tuple(
        Outcome(
            seen.place, FileStage.EXTRACT, FileOutcome.QUARANTINED, None, reason_code=Reason.FILE_UNREADABLE
        )
        for seen in found.seen
        if seen.sha256 is None
    )
    documents = {str(each.outcome.sha256): each for each in read}
    reading = Reading(at, documents, verdicts, adopted=frozenset(map(sha, adopted)))
    return make_plan(base, found, reading, rules, TODAY, waivers)


def released(done: Plan, rules: Rules = RULES) -> Manifest:
    """The release that a plan comes to."""
    return Manifest(
        "r", done.reading.started_at, rules.extractor_version, rules.project_version, rules.publish_policy, False,
        combine({}), {}, {}, done.files, [], done.documents,
    )  # fmt: skip


@pytest.fixture
def base() -> Manifest:
    """Three documents: a and b of one unit, c of another."""
    found = inventory(one="a", two="b", three="c")
    return released(
        plan(None, found, loaded("a", "u", "first"), loaded("b", "u"), loaded("c", "v"), at=FIRST_DAY)
    )


def names(hashes: Iterable[str]) -> set[str]:
    return {each[0] for each in hashes}


def test_with_nothing_published_everything_is_read_and_built() -> None:
    found = inventory(one="a", two="a", three="b")
    assert [seen.place for seen in files_to_read(None, found, RULES)] == ["one", "three"]
    done = plan(None, found, loaded("a"), quarantined("b"))
    assert done.whole == Whole.FIRST
    assert names(done.added) == {"a"}
    assert (done.new_files, done.quarantined) == (["one", "three", "two"], ["three: PDF_DAMAGED"])
    assert [(each.file_name, each.outcome) for each in done.other_outcomes()] == [
        ("two", FileOutcome.SAME_BYTES), ("three", FileOutcome.QUARANTINED)
    ]  # fmt: skip


def test_an_inbox_that_is_as_it_was_is_neither_read_nor_built(base: Manifest) -> None:
    found = inventory(one="a", two="b", three="c")
    assert files_to_read(base, found, RULES) == []
    done = plan(base, found)
    assert done.is_same
    assert not done.touched
    assert done.untouched == [sha(name)[:16] for name in "abc"]


@pytest.mark.parametrize(
    ("rules", "whole", "read"),
    [
        (replace(RULES, is_full=True), Whole.ASKED, ""),
        (replace(RULES, extractor_version="reads otherwise"), Whole.EXTRACTOR, "abc"),
        (replace(RULES, project_version="transforms otherwise"), Whole.PROJECT, ""),
        (replace(RULES, publish_policy=Policy.flag), Whole.POLICY, ""),
    ],
)
def test_why_everything_is_built_anew(base: Manifest, rules: Rules, whole: Whole, read: str) -> None:
    found = inventory(one="a", two="b", three="c")
    assert "".join(str(each.sha256)[0] for each in files_to_read(base, found, rules)) == read
    done = plan(base, found, *(loaded(name) for name in read), rules=rules)
    assert (done.whole, done.is_same) == (whole, False)


def test_what_comes_goes_and_is_renamed(base: Manifest) -> None:
    done = plan(base, inventory(other="a", two="d", four="c"), loaded("d"))
    assert (names(done.added), names(done.removed), names(done.altered)) == (
        {"d"},
        {"b"},
        {"a", "c"},
    )
    assert (done.new_files, done.changed_files, done.withdrawn_files) == (
        ["four", "other"],
        ["two"],
        ["one", "three"],
    )
    assert done.documents[sha("a")].seen_at == FIRST_DAY
    assert done.documents[sha("d")].seen_at == "2026-02-01 02:00:00"


def test_an_overwritten_version_of_the_same_disclosure_is_kept_and_superseded(base: Manifest) -> None:
    found = inventory(one="d", two="b", three="c")
    assert overwritten(base, found) == [sha("a")]
    done = plan(base, found, loaded("d", "u", "first"), adopted=("a",))
    assert [each.sha256[0] for each in done.kept] == ["a"]
    assert [(each.sha256[0], each.superseded_by) for each in done.superseded] == [("a", sha("d")[:16])]
    assert not done.removed
    lost = plan(base, found, loaded("d", "u", "first"))
    assert (names(lost.removed), lost.unrebuildable) == ({"a"}, ("one",))
    other = plan(base, found, loaded("d", "u", "second"), adopted=("a",))
    assert (names(other.removed), other.kept) == ({"a"}, [])


def test_what_lies_where_nothing_can_be_read_stays_as_it_was(base: Manifest) -> None:
    files = {place: each.sha256 for each in base.loaded for place in [f"folder/{each.place}"]}
    below = replace(
        base,
        documents={each.sha256: replace(each, place=f"folder/{each.place}") for each in base.loaded},
        files=[[place, place, content, None] for place, content in files.items()],
    )
    done = plan(below, inventory(folder="-"))
    assert (names(done.unseen), done.touched, done.withdrawn_files) == ({"a", "b", "c"}, set(), [])
    assert done.remarks == ["3 documents cannot be seen and stay published: one, two, three"]
    gone = plan(below, inventory(elsewhere="-", three="c"))
    assert (names(gone.removed), gone.remarks) == ({"a", "b"}, [])


def test_quarantined_files_are_read_again_when_asked(base: Manifest) -> None:
    found = inventory(one="a", two="b", three="c", four="x")
    before = released(plan(base, found, quarantined("x")))
    again = replace(RULES, retry=True)
    assert files_to_read(before, found, RULES) == []
    assert [seen.place for seen in files_to_read(before, found, again)] == ["four"]
    assert (retried(before, RULES), retried(before, again)) == (set(), {sha("x")})
    passing = released(plan(base, found, quarantined("x", Reason.CONVERTER_MISSING)))
    assert [seen.place for seen in files_to_read(passing, found, RULES)] == ["four"]


def test_a_waiver_that_has_run_out_has_its_document_built_again(base: Manifest) -> None:
    found, document = inventory(one="a", two="b", three="c"), sha("a")[:16]
    cases = {date(2025, 12, 31): set(), date(2026, 1, 1): {"a"}, date(2026, 1, 31): {"a"}, TODAY: set()}
    for last_day, altered in cases.items():
        done = plan(base, found, waivers=(Waived(document, last_day),))
        assert (names(done.altered), done.is_same) == (altered, not altered)


def test_the_documents_of_the_units_concerned_are_built_and_no_others(base: Manifest) -> None:
    unit_of = {sha(name)[:16]: unit for name, unit in (("a", "u"), ("b", "u"), ("c", "v"))}
    done = plan(base, inventory(renamed="a", two="b", three="c"))
    alone = to_rebuild(done, unit_of, touched_units(done, unit_of, set()))
    assert alone == {sha("a"): Rebuild.ALTERED, sha("b"): Rebuild.SAME_UNIT}
    tied_in = to_rebuild(done, unit_of, touched_units(done, unit_of, {("w", "u"), ("w", "v")}))
    assert tied_in == alone | {sha("c"): Rebuild.SAME_UNIT}
    new = plan(base, inventory(one="a", two="b", three="c", four="d"), loaded("d", "v"))
    assert to_rebuild(new, unit_of, touched_units(new, unit_of, set())) == {
        sha("d"): Rebuild.NEW  # c has another name of its unit in the base than in the document
    } | ({sha("c"): Rebuild.SAME_UNIT})
    assert most_are_concerned(new, "12") is None
    assert most_are_concerned(new, "123") == "3 of 4 documents are concerned"


def test_the_guard_speaks_before_anything_is_built(base: Manifest) -> None:
    assert plan(base, inventory(one="a", two="b", three="c")).objection is None
    gone = plan(base, inventory(one="a"))
    assert gone.objection is not None
    assert "2 of 3 documents are gone from the inbox" in gone.objection
    rules = replace(RULES, extractor_version="reads otherwise")
    lost = plan(
        base, inventory(one="a", two="b", three="c"), loaded("a"), loaded("b"), quarantined("c"), rules=rules
    )
    with pytest.raises(RegressionError, match="three: PDF_DAMAGED"):
        lost.guard()


def test_a_document_that_the_database_refuses_is_quarantined_and_told_once() -> None:
    done = plan(None, inventory(one="a", two="a", three="b"), loaded("a"), loaded("b"))
    refused = done.refused(sha("a"), Reason.VALUE_OUT_OF_RANGE, "one: too large")
    assert [each.sha256[0] for each in refused.loaded] == ["b"]
    assert [each.sha256[0] for each in done.loaded] == ["a", "b"]
    document = refused.documents[sha("a")]
    assert (document.is_refused, document.reason_code) == (True, Reason.VALUE_OUT_OF_RANGE)
    told = [(each.file_name, each.message) for each in refused.other_outcomes({sha("a")})]
    assert told == [("two", "two: too large")]
    assert [each.file_name for each in refused.other_outcomes()] == ["one", "two"]


def test_where_a_new_version_is_held_the_one_before_comes_back(base: Manifest) -> None:
    done = plan(base, inventory(one="d", two="b", three="c"), loaded("d", "u", "first"))
    back = done.returning([sha("d")])
    assert [(each.sha256[0], each.is_kept) for each in back] == [("a", True)]
    after = done.without([sha("d")], back)
    assert after is not None
    assert not after.removed
    assert names(each.sha256 for each in after.superseded) == {"a"}
    once_more = after.without([sha("d")], [])
    assert once_more is not None
    assert once_more.superseded == []
    assert once_more.without([sha("d")], []) is None


def test_what_a_file_cost_to_read_stays_with_its_outcome() -> None:
    done = plan(None, inventory(one="x"), quarantined("x", seconds=4.5))
    assert [each.seconds for each in done.other_outcomes()] == [4.5]


def test_documents_of_a_folder_may_complete_one_that_names_no_unit(base: Manifest) -> None:
    unit_of = {sha(name)[:16]: unit for name, unit in (("a", "u"), ("b", "u"), ("c", "v"))}
    new = plan(base, inventory(one="a", two="b", three="c", four="d"), replace(loaded("d"), unit_key=None))
    found = to_rebuild(new, unit_of, touched_units(new, unit_of, set()))
    assert found[sha("c")] == Rebuild.COMPANION
    elsewhere = plan(
        base,
        inventory(one="a", two="b", three="c", **{"other/four": "d"}),
        replace(loaded("d"), unit_key=None),
    )
    assert set(to_rebuild(elsewhere, unit_of, touched_units(elsewhere, unit_of, set()))) == {sha("d")}
