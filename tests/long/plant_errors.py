"""Plants errors in sample documents, one in each copy, before they are written, and counts how many of them the checks find.

    python -m tests.long.plant_errors --each 40 --words 40 --seed 1 --list

makes the content of sample documents of every kind and place, builds it as it is in every layout (no copy may have an error or warning), and
builds it again with the errors, each copy in the next of ``LAYOUTS``. Two kinds of errors are planted:

- a printed figure with another digit, in forms, prose and performance forms: so many that each family of identities whose checks covered a
  figure (orders apart: most other figures keep them) has ``--each`` of them, and each identity a third of that, as far as the samples print figures enough;
- words, forms and notes: for each identity in ``WORDS`` and ``FORMS`` up to ``--words`` errors of wording, of years, names, lists and units, and
  forms that are missing, empty or not empty.

Which identities cover a figure is what the checks of the plainest text of its document cite, less those of which fewer checks hold in the
layout of its copy: there they read less (*unread there* where none is left). The table says for each identity, for each layout, and for
figures by the number of identities that covered them (whole forms that their layout does not show as tables apart): how many errors were planted, how many documents have a finding of severity error or
warning (*caught*; for words and forms: a finding of the identity), in how many such a finding cites a cell or sentence that prints the figure, or prints
it itself (*named*), and how many findings beside it say nothing of the error (*beside*).
Exit status 1 where less than 99% of the changes to figures that two identities share are caught and named, less than 90% of those that one
covers, or an unchanged sample has a finding.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import count as count_up
from itertools import cycle
from pathlib import Path
from random import Random
from typing import get_args

import duckdb

from ingest.config import Policy, Run
from ingest.runs import build as pipeline
from ingest.warehouse.compiled import compiled_statements
from ingest.warehouse.transform import transform
from samples.documents import KINDS
from samples.docx import render_docx
from samples.fonts import sample_characters
from samples.html import render_html
from samples.model import Block, Form, PageBreak, Paragraph, SampleDocument
from samples.ofd import render_ofd
from samples.parts import Disclosure
from samples.pdf import Rules, render_pdf
from samples.place_documents import PLACES
from samples.prose.wordings import VOICES
from samples.text import MARKS, render_cell_lines, render_tabbed
from samples.xlsx import render_xlsx

LEAST = {"two and more": 0.99, "one identity": 0.90}
"""The least share of changed figures that must be caught and named, by the number of identities that covered them."""
DIGITS = re.compile(r"\d")
_BETWEEN = re.compile(r"[,\s]")
"""What may stand between the digits of one figure: separators, and the line breaks of a narrow column."""
SHARED = ("no identity", "one identity", "two and more")
UNREAD = "unread there"
_OF_PERFORMANCE = {
    "PERF-001": "completion",
    "PERF-003": "weight",
    "PERF-004": "score",
    "PERF-005": "execution",
    "PERF-006": "score",
    "PERF-007": "weight|score|execution",
}
"""Which figures of a row of a performance form an identity compares."""
_OTHER_YEAR = "2011"
TITLE_LINE, FIRST_ROW_LINE = 2, 6
"""Where a form of the plain text has its title and its first row."""
WORDS: dict[str, tuple[str, str]] = {
    "DIRECTION-003": (r"增长(?= ?\d+\.\d+ ?%)", "下降"),
    "DIRECTION-004": (
        r"(减少 ?\d[\d.,]* ?万元[^。；\n]{0,24}?主要原因[是：]+)[^，。；\n]{2,40}",
        r"\1人员经费增加",
    ),
    "LIST-001|LIST-002": (r"(公用经费[^。\n]{0,30}主要包括：)", r"\1会议费、"),
    "LIST-007": (r"(?<=内设机构 )\d(?= 个，具体为)|(?<=下设 )\d(?= 个科室，分别是)", "9"),
    "NAME-002": (r"(2080505[ \t|]+)机关事业单位基本养老保险缴费支出", r"\1住房公积金"),
    "NAME-004": (r"(（类）)[\u4e00-\u9fff]{4,16}（款）", r"\1公共设施事务（款）"),
    "STRUCTURE-004": (r"(?<=。)[\u4e00-\u9fff]{2,12}局(?=[^\n]{4,40}。)", "XX局"),
    "STRUCTURE-005": (r"(主要用于[^。\n]{4,40})。", r"\1（请核实）。"),
    "STRUCTURE-006": (r"(?<=[\u4e00-\u9fff\d])。(?=[\u4e00-\u9fff])", "。。"),
    "STRUCTURE-009": (r"增加(?= ?\d)", "增加（减少）"),
    "STRUCTURE-012": (r"(?m)^([^\t\n]{4,}[，。])([\u4e00-\u9fff]{6,12})(?=[，。][^\t\n]*。?$)", r"\1\2\2"),
    "STRUCTURE-013": (r"(主要原因[是：]+)[^。；\n]{2,60}(?=。)", r"\1"),
    "STRUCTURE-014": (r"(（[^（）\n]{1,30})）(?=[^\n]*。)", r"\1"),
    "UNIT-001": (r"(\d\.\d\d ?万)元(?=，比上年|。)", r"\1"),
    "UNIT-002": (r"(?<=增长)( ?\d+\.\d+) ?%(?=[，。])", r"\1"),
    "YEAR-001|YEAR-002": (r"(?m)^(#{2,4} [^\n]{0,40}?)20\d\d(?= ?年)(?![^\n]*资产)", rf"\g<1>{_OTHER_YEAR}"),
    "YEAR-003|YEAR-004": (r"(?<=截至 )20\d\d(?= 年(?:末| 12 月))", _OTHER_YEAR),
    "YEAR-006": (r"(20\d\d)( 年[^。\n]{0,60}?)比上年预算", r"\1\2比\1年预算"),
}
"""Identities about words, any of which may find it -> a place in a document, and what is planted there."""


Content = list[SampleDocument]
Written = tuple[bytes, str]


class _Quiet(Random):
    """Draws none of the noise of converters, so that each line of the text is known."""

    def random(self) -> float:
        return 1.0


def _pdf(rules: Rules, document: SampleDocument) -> Written:
    return render_pdf(document, is_landscape=True, rules=rules)[0], "pdf"


def _text(render: Callable[[SampleDocument], str], suffix: str, document: SampleDocument) -> Written:
    return render(document).encode(), suffix


def _plain(document: SampleDocument) -> str:
    return render_tabbed(document, _Quiet())


LAYOUTS: dict[str, Callable[[SampleDocument], Written]] = {
    "text": partial(_text, _plain, "txt"),
    "cell lines": partial(_text, render_cell_lines, "txt"),
    "html": partial(_text, render_html, "html"),
    "docx": lambda document: (render_docx(document), "docx"),
    "xlsx": lambda document: (render_xlsx(document), "xlsx"),
    "ofd": lambda document: (render_ofd(document, True)[0], "ofd"),
    **{f"pdf, rules: {rules}": partial(_pdf, rules) for rules in get_args(Rules)},
}
"""How a copy is written. Cells on lines of their own show no merged heads: only documents that are so by their kind are written that way."""


FUNDS = {
    "appropriation_summary": "财政拨款",
    "general_public_expenditure": "一般公共预算财政拨款",
    "government_fund": "政府性基金预算财政拨款",
    "state_capital": "国有资本经营预算财政拨款",
}
"""Forms of one fund, and its name."""
_OF_ALL_FUNDS = {"summary", "revenue", "appropriation_summary"}
_AMOUNTS = 3
"""How many columns behind the names a blank form of a fund has."""


def _without_form(document: SampleDocument) -> Iterator[tuple[SampleDocument, Form]]:
    """The document without one of the forms that its list of contents names; one that is said to be empty may be left out."""
    listed = "".join(
        block.text for block in document.blocks if isinstance(block, Paragraph) and block.style == "list"
    )
    for block in document.blocks:
        if isinstance(block, Form) and block.status == "extracted" and block.title in listed:
            others = tuple(other for other in document.blocks if other is not block)
            yield replace(document, blocks=others), block


def _with_a_figure(document: SampleDocument) -> Iterator[tuple[SampleDocument, Form]]:
    """The document with a total in a form that is empty by its note."""
    for number, block in enumerate(document.blocks):
        if (
            isinstance(block, Form)
            and block.status == "empty_by_declaration"
            and block.statement_code in FUNDS
        ):
            row = list(block.body[0])
            if not any(cell.text for cell in row):
                row[-_AMOUNTS - 1] = replace(row[-_AMOUNTS - 1], text="合计")
            row[-1] = replace(row[-1], text="123.45")
            yield _with_block(document, number, replace(block, body=(tuple(row), *block.body[1:]))), block


def _emptied(document: SampleDocument) -> Iterator[tuple[SampleDocument, Form]]:
    """The document with a form of a fund that is empty, and a note that there was no money, where other forms print it."""
    of_all = {block.statement_code for block in document.blocks if isinstance(block, Form)} & _OF_ALL_FUNDS
    for number, block in enumerate(document.blocks):
        if (
            isinstance(block, Form)
            and block.status == "extracted"
            and block.statement_code in FUNDS
            and len(of_all - {block.statement_code}) > 1
        ):
            body = tuple(
                tuple(replace(cell, text="") if cell.facts else cell for cell in row) for row in block.body
            )
            note = f"说明：本年度没有{FUNDS[block.statement_code]}收支，本表无数据。"
            yield _with_block(document, number, replace(block, body=body, notes=(note,))), block


FORMS = {
    "STRUCTURE-001": _without_form,
    "STRUCTURE-003": _with_a_figure,
    "STRUCTURE-010": _emptied,
}
"""Identities about whole forms -> what is planted, and in which form. Texts may have lost their forms: they are not checked for missing ones."""


@dataclass(frozen=True)
class Figure:
    """A printed figure of an unchanged document: its place in the plain text, and the identities that cover it."""

    file_name: str
    source_ref: str
    line_no: int
    text: str
    identities: frozenset[str]


@dataclass(frozen=True)
class Change:
    """One figure with another value, in its own document; ``identities`` are those that cover it in its layout."""

    figure: Figure
    text: str
    file_name: str
    layout: str
    identities: frozenset[str]

    @property
    def shared(self) -> str:
        if self.figure.identities and not self.identities:
            return UNREAD
        return SHARED[min(len(self.identities), 2)]


@dataclass(frozen=True)
class Found:
    """A finding: its identity, what it says, and what the cells and sentences that it cites print."""

    identity: str
    message: str
    printed: tuple[str, ...]


@dataclass(slots=True)
class Count:
    """What came of the errors planted for one identity or group."""

    planted: int = 0
    caught: int = 0
    named: int = 0
    beside: int = 0

    def add(self, is_caught: bool, is_named: bool, beside: int) -> None:
        self.planted += 1
        self.caught += is_caught
        self.named += is_named
        self.beside += beside


def main() -> int:
    """Build, change, build, count. Returns the exit status."""
    options = _options()
    rng = Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        content = _content(options.documents, options.seed)
        layouts = _build_layouts(content, root)
        noise, held = _findings(layouts), _held(layouts)
        before = _build_plain(content, root)
        held |= _held(before)
        figures = list(_figures(before))
        chosen = _chosen(figures, _families(before), options.each, rng)
        changes = list(_changed(content, chosen, held, root, rng))
        print(f"{len(figures)} figures in {len(content)} documents; {len(changes)} changes", flush=True)
        counts = _counts(changes, _findings(_build(root / "changed", root / "changed.duckdb")), options.list)
        if options.words:
            counts |= _plant_words(content, root, options.words, rng, held, options.list)
    for name, count in counts.items():
        share = count.named / count.planted
        print(
            f"{name:24} {count.planted:4} planted {count.caught:4} caught {count.named:4} named"
            f" {count.beside:4} beside {share:7.1%}"
        )
    for file_name, found in sorted(noise.items()):
        print(f"unchanged {file_name}: {[(one.identity, one.message) for one in found]}")
    missed = [
        name
        for name, least in LEAST.items()
        if name not in counts or counts[name].named < least * counts[name].planted
    ]
    return 1 if noise or missed else 0


def _counts(changes: list[Change], after: dict[str, list[Found]], is_listed: bool) -> dict[str, Count]:
    names = (*SHARED, UNREAD, *LAYOUTS)
    counts: dict[str, Count] = {name: Count() for name in names}
    for change in changes:
        found = after.get(change.file_name, [])
        naming = [finding for finding in found if _names(finding, change.text)]
        layout = (change.layout,) if change.identities else ()
        for name in (change.shared, *layout, *sorted(change.identities)):
            counts.setdefault(name, Count()).add(bool(found), bool(naming), len(found) - len(naming))
        if is_listed and change.identities and not naming:
            _show(change, found)
    return {
        name: counts[name] for name in (*names, *sorted(set(counts) - set(names))) if counts[name].planted
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--each", type=int, default=40, help="number of changed figures for each family of identities"
    )
    parser.add_argument(
        "--words", type=int, default=0, help="number of errors of wording for each identity about words"
    )
    parser.add_argument("--documents", type=int, default=24, help="number of unchanged sample documents")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--list", action="store_true", help="print every change that is not caught and located"
    )
    return parser.parse_args()


def _content(count: int, seed: int) -> Content:
    """Documents of every kind and place in turn, each of a unit of its own, in the voices in turn."""
    makers: dict[str, Callable[..., Disclosure]] = {
        **{kind: make for kind, make in KINDS.items() if kind != "unfilled_template"},
        **PLACES,
    }
    content: Content = []
    units = set()
    for number, (kind, make) in zip(range(count), cycle(makers.items()), strict=False):
        voice = VOICES[number // len(makers) % len(VOICES)]
        for attempt in count_up():
            made = make(Random(f"{seed}/{number}/{attempt}/{kind}"), f"{number:03d}", voice)
            if made.figures.unit.unit_name not in units:
                break
        units.add(made.figures.unit.unit_name)
        content.append(made.document)
    return content


def _layouts_of(document: SampleDocument) -> list[str]:
    return [name for name in LAYOUTS if name != "cell lines" or document.kind == "cell_line_final"]


def _write(folder: Path, name: str, layout: str, document: SampleDocument) -> str:
    """Write a document in a layout. Returns its file name."""
    content, suffix = LAYOUTS[layout](document)
    file_name = f"{name}.{suffix}"
    (folder / file_name).write_bytes(content)
    return file_name


def _build_layouts(content: Content, root: Path) -> Path:
    """Every document as it is in every layout."""
    (root / "layouts").mkdir()
    for document in content:
        for layout in _layouts_of(document):
            _write(root / "layouts", _name_of(document, layout), layout, document)
    return _build(root / "layouts", root / "layouts.duckdb")


def _name_of(document: SampleDocument, layout: str) -> str:
    return f"{document.stem} {document.kind} {layout}"


def _held(build_file: Path) -> Counter[tuple[str, str]]:
    """Name of a file without its suffix and identity -> how many of its checks hold."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        rows = con.execute(
            "select file_name, identity_id, count(*) from audit.fct_identity_check"
            " join marts.dim_document using (document_id) where status = 'pass' group by all"
        ).fetchall()
    return Counter({(name.rpartition(".")[0], identity): count for name, identity, count in rows})


def _build_plain(content: Content, root: Path) -> Path:
    """Every document as plain text."""
    (root / "plain").mkdir()
    for document in content:
        _write(root / "plain", document.stem, "text", document)
    return _build(root / "plain", root / "plain.duckdb")


def _build(documents: Path, build_file: Path) -> Path:
    run = Run(publish_policy=Policy.flag)
    totals = pipeline.ingest_files([documents], build_file, run.run_id, 2, lambda *_: None)
    assert totals.loaded == totals.seen, f"{totals.quarantined} samples were quarantined"
    made = transform(compiled_statements(run), build_file)
    assert not made.broken, made.broken[0]
    return build_file


def _findings(build_file: Path, severities: str = "'error', 'warning'") -> dict[str, list[Found]]:
    """File name -> its findings of these severities."""
    found: dict[str, list[Found]] = {}
    with duckdb.connect(str(build_file), read_only=True) as con:
        for file_name, identity, message, printed in con.execute(
            rf"""
            with printed as (
                select document_id, source_ref, text from staging.stg_disclosure__cell
                union all
                select document_id, source_ref, sentence from staging.stg_disclosure__claim
            ),
            cited as (
                select *, unnest(coalesce(nullif(string_split(concat_ws(' ', lhs_ref, rhs_ref), ' '), []), [''])) as source_ref
                from audit.fct_finding where severity in ({severities})
            )
            select file_name, identity_id, message_zh, list(printed.text) filter (where printed.text is not null)
            from cited
            join marts.dim_document using (document_id)
            left join printed
                on cited.document_id = printed.document_id
                -- a performance form's checks cite one cell of the row whose figures they compare
                and case when cited.family in ('weight', 'score', 'completion_rate', 'execution_rate')
                    then regexp_replace(cited.source_ref, 'c[0-9]+$', '') = regexp_replace(printed.source_ref, 'c[0-9]+$', '')
                    else cited.source_ref = printed.source_ref
                end
            group by file_name, finding_key, identity_id, message_zh
            order by all
            """
        ).fetchall():
            found.setdefault(file_name, []).append(Found(identity, message or "", tuple(printed or ())))
    return found


def _figures(build_file: Path) -> Iterator[Figure]:
    """Every figure that was read, with the identities whose passing checks cite its cell, or its sentence and value."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        rows = con.execute(
            r"""
            with point as (
                select document_id, source_ref, unnest([weight, score, completion_rate_pct]) as value,
                    unnest(['weight', 'score', 'completion']) as kind
                from intermediate.int_performance__indicator_parsed
                union all
                select document_id, source_ref, unnest([weight, score, execution_rate_pct]) as value,
                    unnest(['weight', 'score', 'execution']) as kind
                from intermediate.int_performance__funding_keyed
            ),
            -- a performance form's checks cite one cell of the row whose figures they compare
            performance_cell as (
                select cell.document_id, cell.source_ref, cell.line_no, cell.text, point.source_ref as row_ref, string_agg(distinct kind, ' ') as kinds
                from staging.stg_disclosure__cell as cell
                inner join point
                    on cell.document_id = point.document_id
                    and regexp_extract(cell.source_ref, '^(.*)c[0-9]+$', 1) = regexp_extract(point.source_ref, '^(.*)c[0-9]+$', 1)
                    and try_cast(rtrim(cell.text, '%') as decimal(14, 4)) = point.value
                group by all
            ),
            figure as (
                select document_id, source_ref, line_no, cell_text as text, amount_yuan as value
                from intermediate.int_form_cell__code_resolved
                inner join (select document_id, source_ref, line_no from staging.stg_disclosure__cell)
                    using (document_id, source_ref)
                where amount_state = 'stated'
                union all by name
                select claim.document_id, claim.source_ref, paragraph.line_no, figure_text as text,
                    coalesce(amount_yuan, reported_value) as value
                from intermediate.int_claim__code_resolved as claim
                inner join staging.stg_disclosure__paragraph as paragraph using (document_id, paragraph_no)
                union all by name
                select document_id, source_ref, line_no, text, cast(null as decimal(28, 4)) as value, row_ref, kinds
                from performance_cell
            ),
            cited as (
                select document_id, identity_id, lhs, rhs, lhs_ref, rhs_ref, concat_ws(' ', lhs_terms, rhs_terms, message_zh) as said,
                    unnest(string_split(concat_ws(' ', lhs_ref, rhs_ref), ' ')) as source_ref
                from intermediate.int_identity__check
                inner join audit.identity using (identity_id)
                -- an order holds for most other figures too
                where status = 'pass' and coalesce(relation, 'equal') = 'equal'
            )
            select file_name, figure.source_ref, figure.line_no, figure.text, figure.row_ref,
                list(distinct identity_id) filter (where identity_id is not null) as identities
            from figure
            inner join marts.dim_document using (document_id)
            left join cited
                on figure.document_id = cited.document_id
                and coalesce(figure.row_ref, figure.source_ref) = cited.source_ref
                and (figure.kinds is null or regexp_matches(figure.kinds, map(?, ?)[cited.identity_id]))
                and (
                    not regexp_matches(figure.source_ref, 's[0-9]+$')
                    or abs(figure.value) in (abs(cited.lhs), abs(cited.rhs))
                    or contains(replace(cited.said, ',', ''), replace(figure.text, ',', ''))
                )
            group by all
            order by all
            """,
            [list(_OF_PERFORMANCE), list(_OF_PERFORMANCE.values())],
        ).fetchall()
    for file_name, source_ref, line_no, text, _, identities in rows:
        if line_no is not None:
            yield Figure(file_name, source_ref, line_no, text, frozenset(identities or ()))


def _families(build_file: Path) -> dict[str, str]:
    """Identity -> its family."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        return dict(con.execute("select identity_id, family from audit.identity").fetchall())


def _chosen(figures: list[Figure], families: dict[str, str], each: int, rng: Random) -> list[Figure]:
    """Figures at random until each family has ``each`` that it covers, and each identity a third of that; a few that none covers."""
    rng.shuffle(figures)
    of_identity, of_family = Counter[str](), Counter[str]()
    chosen = [figure for figure in figures if not figure.identities][:each]
    for figure in figures:
        is_wanted = any(
            of_identity[identity] * 3 < each or of_family[families[identity]] < each
            for identity in figure.identities
        )
        if is_wanted:
            chosen.append(figure)
            of_identity.update(figure.identities)
            of_family.update({families[identity] for identity in figure.identities})
    return chosen


def _changed(
    content: Content, figures: list[Figure], held: Counter[tuple[str, str]], root: Path, rng: Random
) -> Iterator[Change]:
    """Figures, each changed in a copy of its document, the layouts in turn; only those that occur once in their line."""
    (root / "changed").mkdir()
    documents = {f"{document.stem}.txt": document for document in content}
    turns = {name: cycle(_layouts_of(document)) for name, document in documents.items()}
    for number, figure in enumerate(figures):
        document = documents[figure.file_name]
        line = _plain(document).split("\n")[figure.line_no - 1]
        alone = _alone(figure.text)
        if len(alone.findall(line)) != 1:
            continue
        text = _other_value(figure.text, rng)
        layout = next(turns[figure.file_name])
        changed = _with_line(document, figure.line_no - 1, alone.sub(text, line))
        identities = frozenset(
            identity
            for identity in figure.identities
            if held[_name_of(document, layout), identity] >= held[document.stem, identity]
        )
        file_name = _write(root / "changed", f"{number:04d}", layout, changed)
        yield Change(figure, text, file_name, layout, identities)


def _plant_words(
    content: Content, root: Path, most: int, rng: Random, held: Counter[tuple[str, str]], is_listed: bool
) -> dict[str, Count]:
    """Plant up to ``most`` errors for each identity about words or whole forms, and build them: what came of them."""
    (root / "words").mkdir()
    planted: dict[str, tuple[str, str]] = {}
    forms: dict[str, str] = {}
    for turn, (identities, changed, form, said) in enumerate(_with_other_words(content, most, rng)):
        layouts = _layouts_of(changed)
        if identities == "STRUCTURE-001":
            layouts = [layout for layout in layouts if layout not in ("text", "cell lines")]
        layout = layouts[turn % len(layouts)]
        file_name = _write(root / "words", f"{identities.partition('|')[0]}-{turn:04d}", layout, changed)
        name = _name_of(changed, layout)
        # whether a form is there or empty is said where the layout is read wholly
        if form and not (
            held[name, "READ-004"] and (identities != "STRUCTURE-001" or held[name, identities])
        ):
            identities = f"{identities}, {UNREAD}"
        elif form and identities != "STRUCTURE-001":
            forms[file_name] = form.statement_code
        planted[file_name] = (identities, f"{layout}: {said}")
    build_file = _build(root / "words", root / "words.duckdb")
    read = _forms_read(build_file)
    for file_name, statement_code in forms.items():
        identities, said = planted[file_name]
        if (file_name, statement_code) not in read:
            planted[file_name] = (f"{identities}, {UNREAD}", said)
    serious, every = _findings(build_file), _findings(build_file, "'error', 'warning', 'info'")
    counts: dict[str, Count] = {}
    for file_name, (identities, said) in planted.items():
        own = identities.removesuffix(f", {UNREAD}").split("|")
        is_caught = any(one.identity in own for one in every.get(file_name, []))
        beside = sum(one.identity not in own for one in serious.get(file_name, []))
        counts.setdefault(identities, Count()).add(is_caught, is_caught, beside)
        if is_listed and not is_caught:
            print(f"{identities}: {said}")
    return counts


def _forms_read(build_file: Path) -> set[tuple[str, str]]:
    """The files and the forms whose tables are recognised in them."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        rows = con.execute(
            "select distinct file_name, form.statement_code from staging.stg_disclosure__form as form"
            " join marts.dim_document using (document_id)"
        ).fetchall()
    return set(rows)


def _with_other_words(
    content: Content, most: int, rng: Random
) -> Iterator[tuple[str, SampleDocument, Form | None, str]]:
    """The identities that may find an error, a document with it, the form that it is about, and the words around it."""
    for identities, (place, instead) in WORDS.items():
        # fonts of the samples have the characters of the samples
        assert {ord(character) for character in instead} <= sample_characters(), instead
        places = [(document, found) for document in content for found in re.finditer(place, _plain(document))]
        for document, found in rng.sample(places, min(most, len(places))):
            text = found.string
            line_no = text.count("\n", 0, found.start())
            changed = text[: found.start()] + found.expand(instead) + text[found.end() :]
            said = text[max(0, found.start() - 30) : found.end() + 30].replace("\n", "/")
            yield identities, _with_line(document, line_no, changed.split("\n")[line_no]), None, said
    for identity, change in FORMS.items():
        copies = [copy for document in content for copy in change(document)]
        for copy, form in rng.sample(copies, min(most, len(copies))):
            yield identity, copy, form, f"{copy.stem} {copy.kind} {form.statement_code}"


def _with_block(document: SampleDocument, number: int, block: Block) -> SampleDocument:
    return replace(document, blocks=(*document.blocks[:number], block, *document.blocks[number + 1 :]))


def _with_line(document: SampleDocument, line_no: int, line: str) -> SampleDocument:
    """The document whose plain text has this line instead of its own; lines count from 0."""
    for number, block in enumerate(document.blocks):
        length = _plain(replace(document, blocks=(block,))).count("\n")
        if line_no < length:
            return _with_block(document, number, _block_with_line(block, line_no, line))
        line_no -= length
    raise ValueError(f"there is no line {line_no}")


def _block_with_line(block: Block, line_no: int, line: str) -> Block:
    assert not isinstance(block, PageBreak)
    if isinstance(block, Paragraph):
        before, _, after = MARKS[block.style].partition("{}")
        return replace(block, text=line.removeprefix(before).removesuffix(after))
    rows = [list(row) for row in (*block.header, *block.body)]
    if line_no == TITLE_LINE:
        return replace(block, title=line.removeprefix("### "))
    row_no = line_no - FIRST_ROW_LINE
    if row_no >= len(rows):
        notes = list(block.notes)
        notes[row_no - len(rows) - 1] = line
        return replace(block, notes=tuple(notes))
    places = [column for row, column, _ in block.grid() if row == row_no]
    texts = line.split("\t")
    rows[row_no] = [
        replace(cell, text=texts[column]) for cell, column in zip(rows[row_no], places, strict=True)
    ]
    heads = len(block.header)
    return replace(block, header=tuple(map(tuple, rows[:heads])), body=tuple(map(tuple, rows[heads:])))


def _alone(figure: str) -> re.Pattern[str]:
    """A figure that is not a part of a longer one."""
    return re.compile(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,]*\d)")


def _other_value(text: str, rng: Random) -> str:
    """The figure with one digit replaced, before the last place where it has more than one."""
    places = [match.start() for match in DIGITS.finditer(text)]
    place = rng.choice(places[:-1] or places)
    return (
        text[:place]
        + rng.choice([digit for digit in "123456789" if digit != text[place]])
        + text[place + 1 :]
    )


def _names(finding: Found, text: str) -> bool:
    alone = _alone(_BETWEEN.sub("", text))
    return any(alone.search(_BETWEEN.sub("", words)) for words in (finding.message, *finding.printed))


def _show(change: Change, found: list[Found]) -> None:
    figure = change.figure
    print(
        f"{figure.file_name} {change.layout} {figure.source_ref} {figure.text} -> {change.text}"
        f" ({', '.join(sorted(change.identities))})"
    )
    for one in found[:3]:
        print(f"    {one.identity} {one.message[:160]}")


if __name__ == "__main__":
    sys.exit(main())
