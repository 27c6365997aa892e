"""Plants errors in sample documents, one in each copy, and counts how many of them the checks find.

    python -m tests.long.plant_errors --each 40 --words 40 --seed 1 --list

builds sample documents of every layout in text once as they are (they must give no error or warning) and once with the errors, all in one
build. Two kinds of errors are planted:

- a printed figure with another digit, in forms, prose and performance forms: so many that each family of identities whose checks covered a
  figure (orders apart: most other figures keep them) has ``--each`` of them, and each identity a third of that, as far as the samples print figures enough;
- words: for each identity in ``WORDS`` up to ``--words`` errors of wording, of years, names, lists and units.

The table says for each identity, and for figures by the number of identities that covered them: how many errors were planted, how many
documents have a finding of severity error or warning (*caught*; for words: a finding of the identity), in how many such a finding cites the
cell or sentence of the figure or prints it (*named*), and how many findings beside it say nothing of the error (*beside*).
Exit status 1 where less than 99% of the changes to figures that two identities share are caught and named, less than 90% of those that one
covers, or an unchanged sample has a finding.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb

from ingest.config import Run
from ingest.runs import build as pipeline
from ingest.warehouse.compiled import compiled_statements
from ingest.warehouse.transform import transform
from samples.documents import KINDS
from samples.media import render

LEAST = {"two and more": 0.99, "one identity": 0.90}
"""The least share of changed figures that must be caught and named, by the number of identities that covered them."""
DIGITS = re.compile(r"\d")
SHARED = ("no identity", "one identity", "two and more")
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
WORDS: dict[str, tuple[str, str]] = {
    "DIRECTION-003": (r"增长(?= ?\d+\.\d+ ?%)", "下降"),
    "DIRECTION-004": (
        r"(减少 ?\d[\d.,]* ?万元[^。；\n]{0,24}?主要原因[是：]+)[^，。；\n]{2,40}",
        r"\1人员经费增加",
    ),
    "LIST-001|LIST-002": (r"(公用经费[^。\n]{0,30}主要包括：)", r"\1取暖费、"),
    "LIST-007": (r"(?<=内设机构 )\d(?= 个，具体为)|(?<=下设 )\d(?= 个科室，分别是)", "9"),
    "NAME-002": (r"(2080505[ \t|]+)机关事业单位基本养老保险缴费支出", r"\1住房公积金"),
    "NAME-004": (r"(（类）)[\u4e00-\u9fff]{4,16}（款）", r"\1公共设施事务（款）"),
    "STRUCTURE-004": (r"(?<=。)[\u4e00-\u9fff]{2,12}局(?=[^\n]{4,40}。)", "XX局"),
    "STRUCTURE-005": (r"(主要用于[^。\n]{4,40})。", r"\1（请据实填写）。"),
    "STRUCTURE-006": (r"(?<=[\u4e00-\u9fff\d])。(?=[\u4e00-\u9fff])", "。。"),
    "STRUCTURE-009": (r"增加(?= ?\d)", "增加（减少）"),
    "STRUCTURE-012": (r"(?m)^([^\t\n]{4,}[，。])([\u4e00-\u9fff]{6,12})(?=[，。][^\t\n]*。?$)", r"\1\2\2"),
    "STRUCTURE-013": (r"(主要原因[是：]+)[^。；\n]{2,60}(?=。)", r"\1"),
    "STRUCTURE-014": (r"(（[^（）\n]{1,30})）(?=[^\n]*。)", r"\1"),
    "UNIT-001": (r"(\d\.\d\d ?万)元(?=，比上年|。)", r"\1"),
    "UNIT-002": (r"(?<=增长)( ?\d+\.\d+) ?%(?=[，。])", r"\1"),
    "YEAR-001|YEAR-002": (r"(?m)^(#{2,4} [^\n]{0,40}?)20\d\d(?= ?年)", rf"\g<1>{_OTHER_YEAR}"),
    "YEAR-003": (r"(?<=截至 )20\d\d(?= 年末)", _OTHER_YEAR),
    "YEAR-004": (r"(?<=截至 )20\d\d(?= 年 12 月)", _OTHER_YEAR),
    "YEAR-006": (r"(20\d\d)( 年[^。\n]{0,60}?)比上年预算", r"\1\2比\1年预算"),
}
"""Identities about words, any of which may find it -> a place in a document, and what is planted there."""


@dataclass(frozen=True)
class Figure:
    """A printed figure of an unchanged document: its place, the place that findings cite, and the identities that cover it."""

    file_name: str
    source_ref: str
    line_no: int
    text: str
    cited_as: str
    identities: frozenset[str]

    @property
    def shared(self) -> str:
        return SHARED[min(len(self.identities), 2)]


@dataclass(frozen=True)
class Change:
    """One figure with another value, in its own document."""

    figure: Figure
    text: str
    file_name: str


Found = tuple[str, str, str]
"""A finding: its identity, what it cites, what it says."""


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
        _write_bases(root / "unchanged", options.documents, options.seed)
        before = _build(root / "unchanged", root / "unchanged.duckdb")
        noise = _findings(before)
        figures = list(_figures(before))
        chosen = _chosen(figures, _families(before), options.each, rng)
        changes = list(_changed(chosen, root, rng))
        print(f"{len(figures)} figures in {options.documents} documents; {len(changes)} changes", flush=True)
        after = _findings(_build(root / "changed", root / "changed.duckdb"))
        counts = _counts(changes, after, options.list)
        if options.words:
            counts |= _plant_words(root, options.words, rng, options.list)
    for name, count in counts.items():
        share = count.named / count.planted
        print(
            f"{name:18} {count.planted:4} planted {count.caught:4} caught {count.named:4} named"
            f" {count.beside:4} beside {share:7.1%}"
        )
    for file_name, found in sorted(noise.items()):
        print(f"unchanged {file_name}: {found}")
    missed = [
        name
        for name, least in LEAST.items()
        if name not in counts or counts[name].named < least * counts[name].planted
    ]
    return 1 if noise or missed else 0


def _counts(changes: list[Change], after: dict[str, list[Found]], is_listed: bool) -> dict[str, Count]:
    counts: dict[str, Count] = {name: Count() for name in SHARED}
    for change in changes:
        found = after.get(change.file_name, [])
        naming = [finding for finding in found if _names(finding, change)]
        for name in (change.figure.shared, *sorted(change.figure.identities)):
            counts.setdefault(name, Count()).add(bool(found), bool(naming), len(found) - len(naming))
        if is_listed and change.figure.identities and not naming:
            _show(change, found)
    return {
        name: counts[name] for name in (*SHARED, *sorted(set(counts) - set(SHARED))) if counts[name].planted
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
    parser.add_argument("--documents", type=int, default=18, help="number of unchanged sample documents")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--list", action="store_true", help="print every change that is not caught and located"
    )
    return parser.parse_args()


def _write_bases(folder: Path, count: int, seed: int) -> None:
    folder.mkdir()
    kinds = [kind for kind in KINDS if kind != "unfilled_template"]
    for number in range(count):
        rng = Random(f"{seed}/{number}")
        disclosure = KINDS[kinds[number % len(kinds)]](rng, f"{number:03d}", "")
        (folder / f"{number:03d}.txt").write_bytes(render(disclosure, "utf-8", rng).content)


def _build(documents: Path, build_file: Path) -> Path:
    run = Run(publish_policy="flag")
    totals = pipeline.ingest_files([documents], build_file, run.run_id, 2, lambda *_: None)
    assert totals.loaded == totals.seen, f"{totals.quarantined} samples were quarantined"
    made = transform(compiled_statements(run), build_file)
    assert not made.broken, made.broken[0]
    return build_file


def _findings(build_file: Path) -> dict[str, list[Found]]:
    """File name -> its errors and warnings: identity, what they cite, what they say."""
    found: dict[str, list[Found]] = {}
    with duckdb.connect(str(build_file), read_only=True) as con:
        for file_name, *finding in con.execute(
            "select file_name, identity_id, concat_ws(' ', lhs_ref, rhs_ref), message_zh"
            " from audit.fct_finding join marts.dim_document using (document_id)"
            " where severity in ('error', 'warning') order by all"
        ).fetchall():
            found.setdefault(file_name, []).append(tuple(finding))
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
    for file_name, source_ref, line_no, text, row_ref, identities in rows:
        if line_no is not None:
            yield Figure(
                file_name, source_ref, line_no, text, row_ref or source_ref, frozenset(identities or ())
            )


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


def _changed(figures: list[Figure], root: Path, rng: Random) -> Iterator[Change]:
    """Figures, each changed in a copy of its document; only those that occur once in their line."""
    (root / "changed").mkdir()
    for number, figure in enumerate(figures):
        lines = (root / "unchanged" / figure.file_name).read_text(encoding="utf-8").split("\n")
        line = lines[figure.line_no - 1]
        alone = re.compile(rf"(?<![\d.,]){re.escape(figure.text)}(?![\d.,]*\d)")
        if len(alone.findall(line)) != 1:
            continue
        text = _other_value(figure.text, rng)
        lines[figure.line_no - 1] = alone.sub(text, line)
        file_name = f"{number:04d}.txt"
        (root / "changed" / file_name).write_text("\n".join(lines), encoding="utf-8")
        yield Change(figure, text, file_name)


def _plant_words(root: Path, most: int, rng: Random, is_listed: bool) -> dict[str, Count]:
    """Plant up to ``most`` errors of wording for each identity about words, and build them: what came of them."""
    (root / "words").mkdir()
    planted: dict[str, tuple[str, str]] = {}
    texts = [path.read_text(encoding="utf-8") for path in sorted((root / "unchanged").glob("*.txt"))]
    for identities, (place, instead) in WORDS.items():
        places = [(text, found) for text in texts for found in re.finditer(place, text)]
        for number, (text, found) in enumerate(rng.sample(places, min(most, len(places)))):
            file_name = f"{identities.partition('|')[0]}-{number:03d}.txt"
            said = text[max(0, found.start() - 30) : found.end() + 30]
            planted[file_name] = (identities, said.replace("\n", "/"))
            changed = text[: found.start()] + found.expand(instead) + text[found.end() :]
            (root / "words" / file_name).write_text(changed, encoding="utf-8")
    build_file = _build(root / "words", root / "words.duckdb")
    findings = _findings(build_file)
    with duckdb.connect(str(build_file), read_only=True) as con:
        caught = set(
            con.execute(
                "select file_name, identity_id from audit.fct_finding join marts.dim_document using (document_id)"
            ).fetchall()
        )
    counts: dict[str, Count] = {}
    for file_name, (identities, said) in planted.items():
        own = identities.split("|")
        is_caught = any((file_name, identity) in caught for identity in own)
        beside = sum(identity not in own for identity, *_ in findings.get(file_name, []))
        counts.setdefault(identities, Count()).add(is_caught, is_caught, beside)
        if is_listed and not is_caught:
            print(f"{identities}: {said}")
    return counts


def _other_value(text: str, rng: Random) -> str:
    """The figure with one digit replaced, before the last place where it has more than one."""
    places = [match.start() for match in DIGITS.finditer(text)]
    place = rng.choice(places[:-1] or places)
    return (
        text[:place]
        + rng.choice([digit for digit in "123456789" if digit != text[place]])
        + text[place + 1 :]
    )


def _names(finding: Found, change: Change) -> bool:
    _, refs, message = finding
    return change.figure.cited_as in refs.split() or change.text.replace(",", "") in (message or "").replace(
        ",", ""
    )


def _show(change: Change, found: list[Found]) -> None:
    figure = change.figure
    print(
        f"{figure.file_name} {figure.source_ref} {figure.text} -> {change.text} ({', '.join(sorted(figure.identities))})"
    )
    for identity, _, message in found[:3]:
        print(f"    {identity} {message[:160]}")


if __name__ == "__main__":
    sys.exit(main())
