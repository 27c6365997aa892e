"""Which documents are transformed together, and how groups are packed into parts."""

from __future__ import annotations

from pathlib import Path
from random import Random

import duckdb
import pytest

from ingest.engines import needed
from ingest.engines.groups import Placed, assigned, connected, packed, place_documents
from ingest.engines.needed import MissingError, require_spark
from ingest.extraction.tables import packed as packed_rows
from ingest.inbox.catalogue import Entry
from ingest.outcomes import FileOutcome, FileStage, Outcome
from ingest.warehouse.load import RawLoader
from tests.conftest import Compiled


def test_things_are_connected_however_far() -> None:
    assert connected([("b", "a"), ("d", "c"), ("c", "b"), ("x", "y"), ("z", "z")]) == {
        "a": "a", "b": "a", "c": "a", "d": "a", "x": "x", "y": "x", "z": "z",
    }  # fmt: skip


def test_the_order_of_ties_does_not_matter() -> None:
    random = Random(5)
    tied = [(random.randrange(200), random.randrange(200)) for _ in range(150)]
    found = connected(tied)
    assert len(set(found.values())) > 1
    for _ in range(5):
        random.shuffle(tied)
        assert connected([random.choice([(one, other), (other, one)]) for one, other in tied]) == found


def _placed(sizes: dict[str, int], province: str = "11") -> list[Placed]:
    return [
        Placed(f"{group}{number:03}", group, province)
        for group, size in sizes.items()
        for number in range(size)
    ]


def test_parts_have_whole_groups_and_each_document_once() -> None:
    random = Random(3)
    placed = _placed({f"g{number:02}": random.randrange(1, 40) for number in range(60)})
    parts = packed(placed, 50)
    assert sorted(each.document_id for part in parts for each in part) == sorted(
        each.document_id for each in placed
    )
    homes: dict[str, set[int]] = {}
    for number, part in enumerate(parts):
        for each in part:
            homes.setdefault(each.group, set()).add(number)
    assert {len(numbers) for numbers in homes.values()} == {1}
    assert max(map(len, parts)) <= 50
    random.shuffle(placed)
    assert packed(placed, 50) == parts


def test_parts_are_as_many_as_keep_all_cores_busy_and_about_equal() -> None:
    placed = _placed({f"g{number:03}": 7 for number in range(143)})
    sizes = [len(part) for part in packed(placed, 400, cores=2)]
    assert len(sizes) == 4
    assert max(sizes) - min(sizes) <= 4 * 7
    assert len(packed(placed, 400, cores=3)) == 3
    assert len(packed(placed, 400, cores=1)) == 3


def test_parts_that_are_not_worth_it_are_not_made() -> None:
    placed = _placed({f"g{number:03}": 7 for number in range(20)})
    assert len(packed(placed, 400, cores=64)) == 2
    assert len(packed(_placed({"a": 3}), 400, cores=64)) == 1
    assert packed([], 400, cores=2) == []


def test_only_a_group_that_is_larger_makes_a_larger_part() -> None:
    assert [len(part) for part in packed(_placed({"a": 3, "b": 12, "c": 4, "d": 5}), 10)] == [3, 12, 9]


def test_groups_of_one_province_lie_together() -> None:
    placed = [*_placed({"a": 2, "c": 2}, "44"), *_placed({"b": 2, "d": 2}, "11")]
    assert [{each.province for each in part} for part in packed(placed, 4)] == [{"11"}, {"44"}]


def _numbers(parts: dict[int, list[Placed]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for number, part in parts.items():
        for each in part:
            found.setdefault(each.group, set()).add(number)
    return found


def test_a_group_stays_in_its_part_and_new_groups_get_new_ones() -> None:
    before = assigned(_placed({"a": 3, "b": 3, "c": 3}), {}, 6)
    homes = {each.document_id: number for number, part in before.items() for each in part}
    assert _numbers(before) == {"a": {0}, "b": {0}, "c": {1}}
    now = assigned(_placed({"a": 4, "c": 2, "n": 2, "o": 5}), homes, 6)
    assert _numbers(now) == {"a": {0}, "c": {1}, "n": {2}, "o": {3}}


def test_groups_that_become_one_are_in_one_part() -> None:
    homes = {"a000": 4, "a001": 4, "a002": 7}
    assert _numbers(assigned(_placed({"a": 4}), homes, 2)) == {"a": {4}}


def test_a_part_that_has_outgrown_itself_is_packed_anew() -> None:
    placed = _placed({"a": 5, "b": 5, "c": 5})
    parts = assigned(placed, {"a000": 0, "b000": 0, "c000": 0}, 6)
    assert _numbers(parts) == {"a": {1}, "b": {2}, "c": {3}}
    assert sum(map(len, parts.values())) == len(placed)


def _index(path: Path, documents: dict[str, dict[str, object]], members: dict[str, list[str]]) -> Path:
    """A build file with what the driver knows: documents by their first digit, and the units that they list."""

    def read():  # type: ignore[no-untyped-def]
        for name, said in documents.items():
            document_id = name * 16
            row = {
                "document_id": document_id,
                "file_name": f"{said.pop('folder', 'f')}/{name}.txt",
                "sha256": name * 64,
            }
            listed = [
                (document_id, number, unit, unit, False, True, None, f"p1l{number}", 1)
                for number, unit in enumerate(members.get(name, ()), start=1)
            ]
            tables = {"document": [_row(row | said)], "member_unit": listed}
            if said.pop("has_forms", False):
                tables["form"] = [(document_id, 1, *[None] * 13)]
            yield (
                Outcome(str(row["file_name"]), FileStage.EXTRACT, FileOutcome.LOADED, name * 64, document_id),
                packed_rows(document_id, tables),
            )

    with RawLoader(path, "run") as loader:
        assert {outcome.outcome for outcome in loader.load(read())} == {FileOutcome.LOADED}
    return path


_COLUMNS = (
    "document_id", "file_name", "sha256", "media_type", "byte_size", "page_count", "extractor_version", "title", "doc_type",
    "stage", "fiscal_year", "unit_name", "unit_kind", "region_name", "unit_from", "fiscal_year_from", "stage_from",
    "region_code", "zone_name", "prose_paragraphs", "is_departmental",
)  # fmt: skip


def _row(said: dict[str, object]) -> tuple[object, ...]:
    return tuple(said.get(name) for name in _COLUMNS)


def _of(unit: str | None, year: int | None = 2023, **more: object) -> dict[str, object]:
    return {
        "unit_name": unit, "fiscal_year": year, "unit_kind": "department", "doc_type": "final_accounts",
        "stage": "final", "prose_paragraphs": 0, "is_departmental": True, **more,
    }  # fmt: skip


def test_a_department_is_with_its_units_and_a_file_with_what_may_complete_it(
    compiled: Compiled, tmp_path: Path
) -> None:
    documents = {
        "a": _of("望霖市教育局", region_code="110100"),
        "b": _of("望霖市教育局", 2022),
        "c": _of("望霖市第一中学", unit_kind="unit"),
        "d": _of("望霖市水务局"),
        "e": _of(None, None, stage=None, doc_type=None, folder="g", prose_paragraphs=30),
        "f": _of("望霖市民政局", folder="g", has_forms=True),
        "0": _of(None, None, stage=None, doc_type=None),
    }
    index = _index(tmp_path / "index.duckdb", documents, {"a": ["望霖市第一中学"]})
    entry = Entry(file_name="0.txt", unit_name="望霖市水务局", fiscal_year=2021, stage="final")
    placed = {
        each.document_id[0]: each for each in place_documents(compiled.statements("hold"), index, [entry])
    }
    group = {name: each.group for name, each in placed.items()}
    assert placed["a"].province == "11"
    assert group["a"] == group["b"] == group["c"]
    assert group["e"] == group["f"]
    assert group["0"] == group["d"]
    assert len(set(group.values())) == 3
    assert {name: each.entry for name, each in placed.items() if each.entry} == {"0": entry}
    with duckdb.connect(str(index), read_only=True) as con:
        assert con.execute("select unit_from from raw.document where file_name = 'f/0.txt'").fetchall() == [
            ("catalogue",)
        ]


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needed, "find_spec", lambda _: None)
    with pytest.raises(MissingError, match=r"pip install 'mingzhang\[spark\]'"):
        require_spark()
    monkeypatch.setattr(needed, "find_spec", lambda _: "there")
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    monkeypatch.setattr(needed.shutil, "which", lambda _: None)
    with pytest.raises(MissingError, match="Java 17"):
        require_spark()
    monkeypatch.setattr(needed.shutil, "which", lambda _: "/usr/bin/java")
    require_spark()
