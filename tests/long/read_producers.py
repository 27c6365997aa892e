"""Measures how well tables are read that print few rules or none, or that other programs printed.

    python -m tests.long.read_producers [--kinds KIND ...] [--seeds N] [--misses N]

Writes sample documents with each kind of rules, and by each program that is found (LibreOffice and Chromium, of a web
page of the same content), reads their forms, and compares each figure, with its row and its head, with the same document
under full rules. Prints for each how many figures are read, and how many are read that are not in it. Exit status 1 where
one is wrong.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import get_args

from ingest.document.text import fold, is_amount
from ingest.extraction.extract import extract
from ingest.outcomes import DocumentError
from samples.documents import KINDS
from samples.html import render_html
from samples.model import SampleDocument
from samples.pdf import Rules, render_pdf
from samples.prose.wordings import VOICES

Figure = tuple[str, str, str, str]
"""A form's code, a row's label, a column's head, and what is printed there."""
CHOSEN = ("national_final", "split_code_final", "yuan_budget")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICE = ("soffice", "libreoffice")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kinds", nargs="+", default=CHOSEN, choices=sorted(KINDS))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--misses", type=int, default=0)
    arguments = parser.parse_args()
    is_wrong = False
    print(f"{'kind':20}{'producer':20}{'figures':>9}{'read':>9}{'wrong':>9}")
    for kind in arguments.kinds:
        for name, expected, found in measure(kind, arguments.seeds):
            read, wrong = expected & found, found - expected
            print(
                f"{kind:20}{name:20}{expected.total():9}{read.total() / expected.total():9.1%}{wrong.total():9}"
            )
            for mark, some in (("-", expected - found), ("+", wrong)):
                for figure in sorted(some)[: arguments.misses]:
                    print("   ", mark, *figure)
            is_wrong |= wrong.total() > 0
    sys.exit(is_wrong)


def measure(kind: str, seeds: int) -> list[tuple[str, Counter[Figure], Counter[Figure]]]:
    """Of each producer its name, the figures of the documents, and those that are read."""
    found: dict[str, tuple[Counter[Figure], Counter[Figure]]] = {}
    for seed in range(seeds):
        document = KINDS[kind](
            Random(f"producers/{seed}"), f"{kind}_{seed}", VOICES[seed % len(VOICES)]
        ).document
        expected = figures_of(render_pdf(document)[0])
        for name, data in written(document).items():
            totals = found.setdefault(name, (Counter(), Counter()))
            totals[0].update(expected)
            totals[1].update(figures_of(data))
    return [(name, *totals) for name, totals in found.items()]


def written(document: SampleDocument) -> dict[str, bytes]:
    """The document as each producer writes it, by the producer's name."""
    made = {f"reportlab, {rules}": render_pdf(document, rules=rules)[0] for rules in get_args(Rules)}
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(render_html(document), encoding="utf-8")
        for names, options in (
            (BROWSERS, ["--headless", "--no-sandbox", f"--print-to-pdf={folder}/page.pdf", str(page)]),
            (OFFICE, ["--headless", "--convert-to", "pdf", "--outdir", folder, str(page)]),
        ):
            program = next(filter(None, map(shutil.which, names)), None)
            if program:
                subprocess.run([program, *options], check=True, capture_output=True, timeout=300)
                made[Path(program).name] = (Path(folder) / "page.pdf").read_bytes()
    return made


def figures_of(data: bytes) -> Counter[Figure]:
    """The figures of the forms that are recognised in a file."""
    try:
        read = extract(data)
    except DocumentError:
        return Counter()
    return Counter(
        (
            form.statement_code,
            fold(f"{cell.code_text or ''} {cell.label or ''}"),
            fold(cell.header_path),
            cell.cell_text,
        )
        for form in read.forms
        for cell in form.cells
        if is_amount(cell.cell_text) and cell.problem is None
    )


if __name__ == "__main__":
    main()
