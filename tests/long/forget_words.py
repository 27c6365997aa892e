"""Builds documents with a part of the vocabulary taken away: what is read then must be a part of what is read with all of it.

    python -m tests.long.forget_words [PATH ...] [--share 0.08] [--seeds 1 2 3] [--lists header_words form_lines narrative_terms]

To a document of an unseen place some words are unknown. This takes rows of the registry away by lot, in a copy of the project, and builds the
same documents (by default those of ../shared). A figure that is missing then is unread, as it should be; a figure that the whole
vocabulary does not give is wrong, and so is an error or warning that it does not give. Prints both by table and by identity, with examples.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from ingest.config import PROJECT_ROOT

DEFAULT = (Path("../shared/documents"), Path("../shared/corpus/documents"))
LISTS = ("header_words", "form_lines", "narrative_terms")
_COPIED = (
    "ingest",
    "dbt_project",
    "expectations",
    "samples",
    "dbt_project.yml",
    "profiles.yml",
    "pyproject.toml",
)
_TABLES = (
    *("expenditure", "revenue", "balance", "economic_expenditure", "three_public"),
    *("project_budget", "procurement", "disclosure_metric", "reported_ratio"),
)
_BESIDE_THE_KEY = (
    "occurrence",
    "is_leaf",
    "unit_inferred",
    "line_no",
    "ocr_confidence",
    "level",
    "comparison_base",
)
"""Columns that say how a figure stands to others, and may differ where those are unread."""
_FIELDS_ONLY = (
    "government_economic_code",
    "economic_code",
    "function_code",
    "item_name",
    "catalogue_code",
    "project_name",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Builds once with all words and once for each seed. Exit status 1 where a figure or a finding is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.long.forget_words", description=__doc__.splitlines()[0]
    )
    parser.add_argument("paths", nargs="*", type=Path, help="documents (default: those of ../shared)")
    parser.add_argument("--share", type=float, default=0.08, help="share of the rows that is taken away")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3], help="one build for each")
    parser.add_argument("--lists", nargs="+", default=list(LISTS), help="seeds of the registry")
    parser.add_argument("--examples", type=int, default=12, help="wrong figures to print for each build")
    options = parser.parse_args(argv)
    paths = [path.resolve() for path in options.paths or DEFAULT if path.exists()]
    if not paths:
        parser.error("no documents: ../shared is not here, name some")
    with tempfile.TemporaryDirectory(prefix="forget-words-") as folder:
        whole = _built(PROJECT_ROOT, Path(folder) / "whole", paths)
        wrong = 0
        for seed in options.seeds:
            tree = Path(folder) / f"tree-{seed}"
            taken = _copy_without(tree, options.lists, options.share, seed)
            print(f"\nseed {seed}: without {taken}", flush=True)
            wrong += _compare(whole, _built(tree, Path(folder) / f"seed-{seed}", paths), options.examples)
            shutil.rmtree(tree)
    print(f"\nwrong figures and findings: {wrong}")
    return int(wrong > 0)


def _copy_without(tree: Path, lists: Sequence[str], share: float, seed: int) -> str:
    """A copy of the project whose lists of words lack rows; says how many of how many."""
    for name in _COPIED:
        source = PROJECT_ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__", "target"))
        else:
            shutil.copy(source, tree / name)
    lot = random.Random(seed)
    said = []
    for name in lists:
        path = tree / "dbt_project" / "seeds" / "registry" / f"{name}.csv"
        with path.open(newline="", encoding="utf-8") as file:
            head, *rows = csv.reader(file)
        kept = [row for row in rows if lot.random() >= share]
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *kept])
        said.append(f"{len(rows) - len(kept)} of {len(rows)} {name}")
    return ", ".join(said)


def _built(tree: Path, folder: Path, paths: Sequence[Path]) -> Path:
    """The warehouse that a project's tree builds of documents."""
    warehouse = folder / "w.duckdb"
    command = [sys.executable, "-m", "ingest", "build", *map(str, paths), "--publish-policy", "flag"]
    place = os.environ | {"PYTHONPATH": str(tree), "MINGZHANG_VAR": str(folder / "var")}
    subprocess.run(
        [*command, "--warehouse", str(warehouse)], cwd=tree, env=place, check=True, stdout=subprocess.DEVNULL
    )
    shutil.rmtree(folder / "var", ignore_errors=True)
    return warehouse


def _compare(whole: Path, part: Path, examples: int) -> int:
    """Prints what a build with fewer words reads otherwise; how much of it is wrong."""
    with duckdb.connect() as con:
        con.execute(f"attach '{whole}' as whole (read_only)")
        con.execute(f"attach '{part}' as part (read_only)")
        wrong = 0
        for table in _TABLES:
            before, kept, new = _figures(con, f"marts.fct_{table}")
            print(f"  {table:22} read {kept:6} of {before:6}, wrong {len(new)}")
            wrong += len(new)
            for row in new[:examples]:
                print("     ", *row)
        found = list(_findings(con))
        for identity, count in sorted(Counter(row[0] for row in found).items()):
            print(f"  {identity:22} false {count}")
        for row in found[:examples]:
            print("     ", *row)
    return wrong + len(found)


def _figures(con: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int, list[tuple[str, ...]]]:
    """How many figures the whole vocabulary gives, how many of them the part gives, and those that only the part gives.

    A figure is the same where all that is said of it is: what is said of less (no code beside it) is unread, not wrong.
    """
    columns = [row[0] for row in con.execute(f"describe whole.{table}").fetchall()]
    said = [
        name for name in columns if name not in _BESIDE_THE_KEY and not name.endswith(("_name", "_code_text"))
    ]
    same = " and ".join(
        f"(a.{name} is not distinct from b.{name}{f' or b.{name} is null' if name in _FIELDS_ONLY else ''})"
        for name in said
    )
    before = con.execute(f"select count(*) from whole.{table}").fetchall()[0][0]
    new = con.execute(
        f"select d.file_name, b.source_ref, columns(b.* exclude (document_id, source_ref)) from part.{table} as b"
        f" join part.marts.dim_document as d using (document_id)"
        f" where not exists (select 1 from whole.{table} as a where {same}) order by all"
    ).fetchall()
    kept = con.execute(f"select count(*) from part.{table}").fetchall()[0][0] - len(new)
    return before, kept, [tuple(str(value) for value in row if value is not None) for row in new]


def _findings(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """The errors and warnings that only the part gives: identity, file and message, once for each document and place in it."""
    yield from con.execute(
        "select b.identity_id, d.file_name, left(b.message_zh, 160) from part.audit.fct_finding as b"
        " join part.marts.dim_document as d using (document_id) where b.severity in ('error', 'warning')"
        " and not exists (select 1 from whole.audit.fct_finding as a where a.document_id = b.document_id"
        " and a.identity_id = b.identity_id and (a.scope = b.scope or a.lhs_ref = b.lhs_ref)) order by all"
    ).fetchall()


if __name__ == "__main__":
    sys.exit(main())
