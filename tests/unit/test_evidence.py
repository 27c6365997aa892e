"""What a finding cites is read again and drawn where it is printed, and the result says whether it is printed so or was misread."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

import duckdb
import pytest

from ingest.document.text import is_amount
from ingest.extraction.extract import Extraction, extract
from ingest.views.evidence import Place, _neighbours
from ingest.views.explain import verdict
from ingest.views.inspect.cited import FRAMES, draw_cited, read_cited
from ingest.views.reread import reread
from samples.documents import KINDS
from samples.media import render

PDF = "application/pdf"


@pytest.fixture(scope="module")
def budget() -> tuple[bytes, Extraction]:
    rng = Random("evidence")
    data = render(KINDS["yuan_budget"](rng, "yuan_budget", "itemised"), "pdf", rng).content
    return data, extract(data)


@pytest.fixture(scope="module")
def places(budget: tuple[bytes, Extraction]) -> list[Place]:
    """Two cells with figures on the left, one sentence with figures on the right."""
    _, extraction = budget
    cells = [
        Place("left", cell.ref, table.page_no, None, "row", "column", cell.text, cell.box)
        for table in extraction.document.tables()
        for cell in table.cells
        if is_amount(cell.text) and len(cell.text) > 4
    ]
    claim = extraction.claims[0]
    sentence = Place("right", claim.source_ref, claim.page_no, None, "", "", claim.sentence, None)
    return [cells[0], cells[-1], sentence]


def test_what_is_printed_is_read_alike_by_other_readers(
    budget: tuple[bytes, Extraction], places: list[Place]
) -> None:
    found = reread(budget[0], PDF, places)
    assert [(each.reader, each.is_same) for each in found] == [
        ("pdfplumber", True), ("ocr", True), ("pdfplumber", True), ("ocr", True), ("pdfplumber", True),
    ]  # fmt: skip
    assert "so it is printed" in verdict(found)[1]


def test_a_misreading_is_told_by_both_readers_and_a_wrong_sentence_by_its_figure(
    budget: tuple[bytes, Extraction], places: list[Place]
) -> None:
    cell, _, sentence = places
    figure = max(re.findall(r"\d[\d,.]*", sentence.printed), key=len)
    misread = [
        replace(cell, printed="9" + cell.printed),
        replace(sentence, printed=sentence.printed.replace(figure, "98765.43")),
    ]
    found = reread(budget[0], PDF, misread)
    assert [(each.reader, each.is_same) for each in found] == [
        ("pdfplumber", False), ("ocr", False), ("pdfplumber", False),
    ]  # fmt: skip
    assert found[0].printed == cell.printed
    assert found[2].printed == "98765.43"
    assert "misreading" in verdict(found)[1]


def test_media_without_a_second_reader_say_so(places: list[Place]) -> None:
    assert reread(b"", "text/plain", places) == []
    assert "no other reader" in verdict([])[1]


def test_the_picture_frames_what_each_side_cites(
    budget: tuple[bytes, Extraction], places: list[Place]
) -> None:
    data, extraction = budget

    def colours(cited: list[Place]) -> set[object]:
        drawn = draw_cited(extraction.document, extraction.paragraphs, data, cited)
        assert drawn is not None
        return {colour for _, colour in drawn.getcolors(1 << 24) or []}

    assert colours(places) >= set(FRAMES.values())
    assert colours(places[:1]) & set(FRAMES.values()) == {FRAMES["left"]}
    assert draw_cited(extraction.document, extraction.paragraphs, data, []) is None


def test_only_the_pages_of_what_is_cited_are_read_where_that_suffices(
    budget: tuple[bytes, Extraction], places: list[Place]
) -> None:
    data, extraction = budget
    whole = draw_cited(extraction.document, extraction.paragraphs, data, places)
    document, paragraphs = read_cited(data, places)
    assert 0 < len(document.blocks) < len(extraction.document.blocks)
    part = draw_cited(document, paragraphs, data, places)
    assert whole is not None
    assert part is not None
    assert part.tobytes() == whole.tobytes()
    misplaced = [replace(place, page_no=1) for place in places]
    document, paragraphs = read_cited(data, misplaced)
    assert document.blocks == extraction.document.blocks, "what is cited is not there: all is read"


@pytest.mark.parametrize(
    ("gap", "neighbours"),
    [
        ("200.00", ["p1t1r1c2", "p1t1r2c3"]),  # in 千元, in 元
        ("-2000.00", ["p1t1r1c2"]),  # printed in 万元
        ("200.01", []),
        ("0.00", []),
    ],
)
def test_a_neighbour_is_one_that_explains_the_whole_difference_in_its_unit(
    gap: str, neighbours: list[str]
) -> None:
    with duckdb.connect() as con:
        con.execute("create schema audit")
        con.execute(
            "create table audit.evidence as select 'd' as document_id, * from (values"
            " ('p1t1r2c2', '1,200.00'), ('p1t1r2c3', '1,000.00'), ('p1t1r1c2', '1,200.20'), ('p1t1r3c2', ''),"
            " ('p1t1r9c9', '1,000.00')) as cell (source_ref, printed_text)"
        )
        [difference] = con.execute("select cast(? as decimal(28, 4))", [gap]).fetchall()[0]
        finding = {"document_id": "d", "value_unit": "yuan", "value_difference": difference}
        cited = [Place("left", ref, 1, None, "", "", "", None) for ref in ("p1t1r2c2", "p1l2s1")]
        assert [each.source_ref for each in _neighbours(con, finding, cited)] == neighbours
