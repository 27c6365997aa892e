"""The sample documents: the same bytes every time, figures that add up, and answer keys that match what is printed."""

import io
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

import pdfplumber
import pytest

from samples import TruthLine, write_samples, write_truths
from samples.documents import KINDS
from samples.figures import FUNDS
from samples.model import Cell, Form, Paragraph, SampleDocument
from samples.parts import Disclosure
from samples.pdf import render_pdf, wrap
from samples.prose.wordings import VOICES, wordings
from samples.text import render_cell_lines, render_tabbed

PDF_KINDS = ("national_final", "split_code_final", "yuan_budget", "unfilled_template", "performance_report")
SEEDS = range(2)


def _folded(text: str | None) -> str:
    return "".join((text or "").split())


def _printed_rows(form: Form) -> list[list[str]]:
    """The body of a form as rows of cell texts on the full grid."""
    grid = [[""] * len(form.widths) for _ in form.header + form.body]
    for row_no, column, cell in form.grid():
        grid[row_no][column] = _folded(cell.text)
    return grid[len(form.header) :]


@dataclass(frozen=True)
class Printed:
    """A sample as a PDF, read back by pdfplumber: the text of each page, and the tables of all."""

    document: SampleDocument
    page_count: int
    pages: list[str]
    tables: list[list[list[str | None]]]


@cache
def _made(kind: str, seed: int) -> Disclosure:
    return KINDS[kind](Random(seed), "sample")


@cache
def _printed(kind: str, seed: int) -> Printed:
    disclosure = _made(kind, seed)
    content, page_count = render_pdf(disclosure.document, disclosure.is_landscape)
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        pages = [page.extract_text() for page in pdf.pages]
        tables = [table for page in pdf.pages for table in page.extract_tables()]
    return Printed(disclosure.document, page_count, pages, tables)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("samples")
    write_samples(directory, seed=7)
    return directory


def test_same_seed_gives_same_bytes(samples: Path, tmp_path: Path) -> None:
    again = write_samples(tmp_path, seed=7)
    assert {p.name: p.read_bytes() for p in samples.iterdir()} == {
        p.name: p.read_bytes() for p in tmp_path.iterdir()
    }
    assert len({truth.document_id for truth in again}) == len(again)
    assert write_samples(tmp_path / "other", seed=8, count=1)[0].document_id != again[0].document_id


def test_a_longer_run_starts_with_the_same_files(samples: Path, tmp_path: Path) -> None:
    write_samples(tmp_path, seed=7, count=2)
    assert all((samples / path.name).read_bytes() == path.read_bytes() for path in tmp_path.iterdir())


def test_text_encodings_decode_to_chinese(samples: Path) -> None:
    decoded = {}
    for path in sorted(samples.glob("*.txt")):
        content = path.read_bytes()
        encoding = (
            "utf-16"
            if content.startswith(b"\xff\xfe")
            else "gb18030"
            if path.name[:5] == "00008"
            else "utf-8"
        )
        decoded[path.name] = content.decode(encoding)
    assert len(decoded) == 5
    assert all("名词解释" in text for text in decoded.values())


@pytest.mark.parametrize("kind", PDF_KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_pdf_tables_hold_every_cell(kind: str, seed: int) -> None:
    """Every body row that a form describes is read back from the ruled tables, cell by cell and in order."""
    printed = _printed(kind, seed)
    assert len(printed.pages) == printed.page_count
    wanted = [
        row for block in printed.document.blocks if isinstance(block, Form) for row in _printed_rows(block)
    ]
    rest = iter([_folded(text) for text in row] for table in printed.tables for row in table)
    assert all(any(_same_row(row, candidate) for candidate in rest) for row in wanted)


def _same_row(wanted: list[str], read: list[str]) -> bool:
    """A row alone on its page has only its own cells for columns."""
    return wanted == read or (len(wanted) > len(read) and "".join(wanted) == "".join(read))


@pytest.mark.parametrize("kind", [kind for kind in PDF_KINDS if kind != "unfilled_template"])
def test_pdf_text_holds_every_figure_of_the_prose(kind: str) -> None:
    printed = _printed(kind, 1)
    text = _folded("".join(printed.pages))
    sentences = [fact_words for fact, fact_words in printed.document.all_facts() if _is_narrative(fact.where)]
    assert sentences
    assert all(_folded(sentence) in text for sentence in sentences)


def _is_narrative(where: dict[str, object]) -> bool:
    return where.get("source") == "narrative"


@pytest.mark.parametrize("seed", SEEDS)
def test_tabbed_text_holds_every_row(seed: int) -> None:
    rng = Random(seed)
    document = KINDS["tabbed_budget"](rng, "sample").document
    lines = [
        [_folded(cell.replace("<b>", "").replace("</b>", "")) for cell in line.split("\t")]
        for line in render_tabbed(document, rng).splitlines()
    ]
    for block in document.blocks:
        if isinstance(block, Form):
            assert all(row in lines for row in _printed_rows(block))


@pytest.mark.parametrize("seed", SEEDS)
def test_cell_line_text_holds_every_row(seed: int) -> None:
    document = _made("cell_line_final", seed).document
    text = render_cell_lines(document)
    for block in document.blocks:
        if isinstance(block, Form):
            for row in block.body:
                assert "".join(f"\t{cell.text}\n" for cell in row) + "\n" in text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unfilled_template"])
@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("seed", SEEDS)
def test_truth_states_the_printed_figure_once(kind: str, voice: str, seed: int) -> None:
    """A fact's digits stand in its cell or sentence, and no row is expected twice with different values."""
    document = KINDS[kind](Random(seed), "sample", voice).document
    keys: dict[str, dict[str, object]] = {}
    for fact, words in document.all_facts():
        key = f"{fact.table} {sorted(fact.where.items(), key=str)}"
        known = keys.setdefault(key, {})
        assert all(known.get(column, value) == value for column, value in fact.expect.items())
        known |= fact.expect
        if "reported_value" in fact.expect:
            printed = str(fact.expect["reported_value"]).lstrip("-")
            assert printed in words.replace(",", "")
    assert any(key.startswith("fct_") for key in keys)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unfilled_template"])
@pytest.mark.parametrize("seed", range(20))
def test_figures_add_up(kind: str, seed: int) -> None:
    figures = _made(kind, seed).figures
    everything = (*FUNDS, "own_funds")
    assert figures.spent() == figures.spent("", "basic") + figures.spent("", "project")
    for parent in ("", *figures.codes(levels=("class", "section"))):
        width = len(parent) + 2 if parent else 3
        children = {
            code[:width] for code in figures.codes() if code.startswith(parent) and len(code) >= width
        }
        assert figures.spent(parent) == sum(figures.spent(child) for child in children)
        assert figures.received("total", parent) == sum(
            figures.received("total", child) for child in children
        )
    assert figures.spent("", "basic", ("general_public",)) == figures.personnel + figures.public
    assert figures.carried("opening", everything) + figures.received() == (
        figures.carried("closing", everything) + figures.spent()
    )
    assert all(figures.received("total", code) > 0 for code in figures.codes())
    for budget_or_final in (0, 1):
        parts = {item: amounts[budget_or_final] for item, amounts in figures.three_public.items()}
        assert parts["total"] == parts["overseas_travel"] + parts["vehicle_total"] + parts["reception"]
        assert parts["vehicle_total"] == parts["vehicle_purchase"] + parts["vehicle_operation"]


MONEY = re.compile(r"(-?\d[\d,]*(?:\.\d+)?) ?(万元|亿元|元|万)")
YUAN = {"元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000}
MONEY_COLUMNS = ("amount_yuan", "value", "initial_budget_yuan", "adjusted_budget_yuan", "executed_yuan")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unfilled_template"])
@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("seed", range(5))
def test_every_amount_of_the_prose_has_a_row_or_is_set_aside(kind: str, voice: str, seed: int) -> None:
    """No amount is printed that the truth does not know, and none is both a row and a mere part."""
    for block in KINDS[kind](Random(seed), "sample", voice).document.blocks:
        if not isinstance(block, Paragraph):
            continue
        assert not re.search(r"[{}]", block.text)
        stated = {
            abs(Decimal(str(fact.expect[column])))
            for fact in block.facts
            for column in MONEY_COLUMNS
            if fact.expect.get(column) is not None
        }
        loose = Counter(amount.replace(",", "") for amount in block.aside)
        for digits, unit in MONEY.findall(block.text):
            digits = digits.replace(",", "")
            if loose[digits] > 0:
                loose[digits] -= 1
            else:
                assert abs(Decimal(digits)) * YUAN[unit] in stated, f"{digits}{unit} in {block.text}"
        assert not +loose, f"{loose} in {block.text}"


def test_every_section_is_worded_in_every_voice() -> None:
    """A section that a voice leaves out says so with an empty text."""
    for kind in ("final", "budget"):
        for section, voices in wordings(kind).items():
            assert "any" in voices or set(voices) == set(VOICES), f"{kind} {section}"
            assert set(voices) <= {*VOICES, "any"}


def test_forms_continue_over_pages_with_and_without_header() -> None:
    for kind, expected in (("national_final", 2), ("split_code_final", 1)):
        tables = _printed(kind, 0).tables
        headers = Counter(table[0][0] for table in tables if "对附属" in str(table[0]))
        assert headers["项目"] == expected


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unfilled_template"])
def test_a_form_without_figures_says_why(kind: str) -> None:
    for seed in range(30):
        for form in _made(kind, seed).document.blocks:
            if isinstance(form, Form):
                filled = any(cell.facts for row in form.body for cell in row)
                assert form.status == ("extracted" if filled else "empty_by_declaration")
                assert filled or any(word in form.notes[-1] for word in ("无数据", "空表"))


def test_the_template_has_no_figures() -> None:
    document = _made("unfilled_template", 0).document
    assert not list(document.all_facts())


def test_truths_are_written_as_answer_keys(tmp_path: Path) -> None:
    truths = write_samples(tmp_path, count=3)
    write_truths(truths, tmp_path / "truth")
    assert len(list((tmp_path / "truth").glob("*.facts.jsonl"))) == 3
    assert (tmp_path / "truth" / "index.json").exists()
    assert all(isinstance(line, TruthLine) for truth in truths for line in truth.lines)


def test_wrapping_keeps_closing_marks_off_the_start_of_a_line() -> None:
    render_pdf(_made("yuan_budget", 0).document)
    lines = wrap("支出预算共计一百万元。", "SampleSong", 10, 100)
    assert "".join(lines) == "支出预算共计一百万元。"
    assert len(lines) == 2
    assert not lines[1].startswith("。")


def test_grid_places_cells_beside_deep_ones() -> None:
    form = Form(
        "revenue",
        "",
        ((Cell("a", depth=2), Cell("b", span=2)), (Cell("c"), Cell("d"))),
        (),
        (1, 1, 1),
        "",
        "",
    )
    assert [(row, column, cell.text) for row, column, cell in form.grid()] == [
        (0, 0, "a"),
        (0, 1, "b"),
        (1, 1, "c"),
        (1, 2, "d"),
    ]
