"""Changes one printed figure of a sample document at a time, or words of it, and counts how many changes the checks catch.

    python -m tests.long.plant_errors --changes 300 --words 40 --seed 1 --list

builds sample documents in text once as they are (they must give no error or warning) and once with the changes, each
changed document in its own file, all in one build. A change counts as caught where its document has a finding of
severity error or warning, and as located where such a finding cites the cell or sentence of the figure, or prints it.
Figures are grouped by the number of identities that covered them before the change, and told by identity: how many changed figures
each covered, how many of these were caught and located. ``--words`` plants so many errors of wording for each identity in ``WORDS``; one
counts as caught where its document has a finding of that identity. Exit status 1 where less
than 99% of the changes to figures that two identities share are caught and located, or an unchanged sample has a finding.
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

LEAST = 0.99
DIGITS = re.compile(r"\d")
SHARED = ("no identity", "one identity", "two and more")
WORDS: dict[str, tuple[str, str]] = {
    "STRUCTURE-006": (r"(?<=[\u4e00-\u9fff\d])。(?=[\u4e00-\u9fff])", "。。"),
    "STRUCTURE-009": (r"增加(?=\d)", "增加（减少）"),
    "STRUCTURE-012": (r"([\u4e00-\u9fff]{6,12})(?=[，。][^\n]*。)", r"\1\1"),
    "STRUCTURE-013": (r"(主要原因[是：]+)[^。；\n]{2,60}(?=。)", r"\1"),
    "STRUCTURE-014": (r"(（[^（）\n]{1,30})）(?=[^\n]*。)", r"\1"),
    "UNIT-002": (r"(?<=增长)(\d+\.\d+)%(?=[，。])", r"\1"),
}
"""An identity about words -> a place in a document, and what is planted there."""


@dataclass(frozen=True)
class Figure:
    """A printed figure of an unchanged document: its place, and the identities that cover it."""

    file_name: str
    source_ref: str
    line_no: int
    text: str
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
        changes = list(_changed(figures, root, options.changes, rng))
        print(f"{len(figures)} figures in {options.documents} documents; {len(changes)} changes", flush=True)
        after = _findings(_build(root / "changed", root / "changed.duckdb"))
        if options.words:
            _plant_words(root, options.words, rng)
    total, caught, named = Counter[str](), Counter[str](), Counter[str]()
    for change in changes:
        found = after.get(change.file_name, [])
        is_named = any(_names(finding, change) for finding in found)
        for name in (change.figure.shared, *change.figure.identities):
            total[name] += 1
            caught[name] += bool(found)
            named[name] += is_named
        if options.list and change.figure.identities and not is_named:
            _show(change, found)
    for name in (*SHARED, *sorted(set(total) - set(SHARED))):
        if total[name]:
            share = named[name] / total[name]
            print(
                f"{name:14} {total[name]:4} changed {caught[name]:4} caught {named[name]:4} located {share:7.1%}"
            )
    for file_name, found in sorted(noise.items()):
        print(f"unchanged {file_name}: {found}")
    shared = SHARED[2]
    return 1 if noise or not total[shared] or named[shared] < LEAST * total[shared] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--changes", type=int, default=300)
    parser.add_argument(
        "--words", type=int, default=0, help="number of errors of wording for each identity about words"
    )
    parser.add_argument("--documents", type=int, default=12, help="number of unchanged sample documents")
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


def _findings(build_file: Path) -> dict[str, list[tuple[str, str, str]]]:
    """File name -> its errors and warnings: identity, what they cite, what they say."""
    found: dict[str, list[tuple[str, str, str]]] = {}
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
            with figure as (
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
            ),
            cited as (
                select document_id, identity_id, lhs, rhs, lhs_ref, rhs_ref, concat_ws(' ', lhs_terms, rhs_terms, message_zh) as said,
                    unnest(string_split(concat_ws(' ', lhs_ref, rhs_ref), ' ')) as source_ref
                from intermediate.int_identity__check
                where status = 'pass'
            )
            select file_name, figure.source_ref, figure.line_no, figure.text,
                list(distinct identity_id) filter (where identity_id is not null) as identities
            from figure
            inner join marts.dim_document using (document_id)
            left join cited
                on figure.document_id = cited.document_id
                and figure.source_ref = cited.source_ref
                and (
                    not regexp_matches(figure.source_ref, 's[0-9]+$')
                    or abs(figure.value) in (abs(cited.lhs), abs(cited.rhs))
                    or contains(replace(cited.said, ',', ''), replace(figure.text, ',', ''))
                )
            group by all
            order by all
            """
        ).fetchall()
    for file_name, source_ref, line_no, text, identities in rows:
        if line_no is not None:
            yield Figure(file_name, source_ref, line_no, text, frozenset(identities or ()))


def _changed(figures: list[Figure], root: Path, count: int, rng: Random) -> Iterator[Change]:
    """``count`` figures, each changed in a copy of its document; only figures that occur once in their line."""
    (root / "changed").mkdir()
    rng.shuffle(figures)
    made = 0
    for figure in figures:
        lines = (root / "unchanged" / figure.file_name).read_text(encoding="utf-8").split("\n")
        line = lines[figure.line_no - 1]
        alone = re.compile(rf"(?<![\d.,]){re.escape(figure.text)}(?![\d.,]*\d)")
        if len(alone.findall(line)) != 1:
            continue
        text = _other_value(figure.text, rng)
        lines[figure.line_no - 1] = alone.sub(text, line)
        file_name = f"{made:04d}.txt"
        (root / "changed" / file_name).write_text("\n".join(lines), encoding="utf-8")
        yield Change(figure, text, file_name)
        made += 1
        if made == count:
            return


def _plant_words(root: Path, count: int, rng: Random) -> None:
    """Plant up to ``count`` errors of wording for each identity about words, build them, and print how many were caught."""
    (root / "words").mkdir()
    planted: dict[str, str] = {}
    for identity, (place, instead) in WORDS.items():
        texts = [path.read_text(encoding="utf-8") for path in sorted((root / "unchanged").glob("*.txt"))]
        places = [(text, found) for text in texts for found in re.finditer(place, text)]
        for number, (text, found) in enumerate(rng.sample(places, min(count, len(places)))):
            file_name = f"{identity}-{number:03d}.txt"
            planted[file_name] = identity
            changed = text[: found.start()] + found.expand(instead) + text[found.end() :]
            (root / "words" / file_name).write_text(changed, encoding="utf-8")
    with duckdb.connect(str(_build(root / "words", root / "words.duckdb")), read_only=True) as con:
        caught = set(
            con.execute(
                "select file_name, identity_id from audit.fct_finding join marts.dim_document using (document_id)"
            ).fetchall()
        )
    for identity in WORDS:
        files = [file_name for file_name, own in planted.items() if own == identity]
        hits = sum((file_name, identity) in caught for file_name in files)
        print(f"{identity:14} {len(files):4} planted {hits:4} caught")


def _other_value(text: str, rng: Random) -> str:
    """The figure with one digit replaced, before the last place where it has more than one."""
    places = [match.start() for match in DIGITS.finditer(text)]
    place = rng.choice(places[:-1] or places)
    return (
        text[:place]
        + rng.choice([digit for digit in "123456789" if digit != text[place]])
        + text[place + 1 :]
    )


def _names(finding: tuple[str, str, str], change: Change) -> bool:
    _, refs, message = finding
    return change.figure.source_ref in refs.split() or change.text.replace(",", "") in (
        message or ""
    ).replace(",", "")


def _show(change: Change, found: list[tuple[str, str, str]]) -> None:
    figure = change.figure
    print(
        f"{figure.file_name} {figure.source_ref} {figure.text} -> {change.text} ({', '.join(sorted(figure.identities))})"
    )
    for identity, _, message in found[:3]:
        print(f"    {identity} {message[:160]}")


if __name__ == "__main__":
    sys.exit(main())
