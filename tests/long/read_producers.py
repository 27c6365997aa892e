"""Measures how well tables are read that print few rules or none, or that other programs printed.

    python -m tests.long.read_producers [--kinds KIND ...] [--seeds N] [--misses N]

Writes sample documents with each kind of rules, and by each program that is found: LibreOffice and Chromium print a web page
of the same content, LibreOffice saves it in its formats, cairo, Ghostscript, mutool and qpdf write the PDF again. Reads their
forms, and compares each figure, with its row and its head, with the same document under full rules. Prints for each how
many figures are read, and how many are read that are not in it. Exit status 1 where one is wrong.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import get_args

from ingest.document.text import fold
from ingest.extraction.extract import extract
from ingest.outcomes import DocumentError
from samples.documents import KINDS
from samples.html import render_html
from samples.model import SampleDocument
from samples.ofd import Way, render_ofd
from samples.pdf import Rules, render_pdf
from samples.prose.wordings import VOICES

_PLAIN = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
"""A figure as the samples print it; sheets keep its value and not its commas."""
Figure = tuple[str, str, str, str]
"""A form's code, a row's label, a column's head, and what is printed there."""
BORDERS = "<style>table{border-collapse:collapse}td,th{border:1px solid black}</style>"
"""The rules of a web page, as most publishers print them."""
CHOSEN = ("national_final", "split_code_final", "yuan_budget")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICE = ("soffice", "libreoffice")
FORMATS = ("pdf", "docx", "odt", "doc", "rtf", "xlsx", "ods", "xls")
"""What LibreOffice saves the page as; the sheets through Calc."""
SHEETS = ("xlsx", "ods", "xls")
REWRITERS = {
    "cairo": ("pdftocairo", "-pdf", "{source}", "{target}"),
    "ghostscript": (
        "gs",
        "-q",
        "-dNOPAUSE",
        "-dBATCH",
        "-sDEVICE=pdfwrite",
        "-sOutputFile={target}",
        "{source}",
    ),
    "mutool": ("mutool", "clean", "-gggg", "-z", "{source}", "{target}"),
    "qpdf": ("qpdf", "--object-streams=generate", "--linearize", "{source}", "{target}"),
    "mutool, web page": ("mutool", "convert", "-F", "html", "-o", "{target}", "{source}"),
    "pdftotext, columns": ("pdftotext", "-layout", "{source}", "{target}"),
}
"""Programs that write a PDF again, or its text by place, and their arguments."""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kinds", nargs="+", default=CHOSEN, choices=sorted(KINDS))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--misses", type=int, default=0)
    arguments = parser.parse_args()
    is_wrong = False
    print(f"{'kind':20}{'producer':22}{'figures':>9}{'read':>9}{'wrong':>9}")
    for kind in arguments.kinds:
        for name, expected, found in measure(kind, arguments.seeds):
            read, wrong = expected & found, found - expected
            print(
                f"{kind:20}{name:22}{expected.total():9}{read.total() / expected.total():9.1%}{wrong.total():9}"
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
    made |= {f"ofd, {way}": render_ofd(document, way=way)[0] for way in get_args(Way)}
    made["ofd, no rules"] = render_ofd(document, rules="none")[0]
    made["web page"] = render_html(document).encode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "page.html").write_text(BORDERS + render_html(document), encoding="utf-8")
        (folder / "ruled.pdf").write_bytes(made["reportlab, all"])
        for program in REWRITERS:
            again = rewritten(program, folder / "ruled.pdf", folder)
            if again is not None:
                made[program] = again
        if ran(
            folder, BROWSERS, "--headless", "--no-sandbox", f"--print-to-pdf={folder}/page.pdf", "page.html"
        ):
            made["chromium"] = (folder / "page.pdf").read_bytes()
        for suffix in FORMATS:
            kind = "calc" if suffix in SHEETS else "writer"
            own = f"-env:UserInstallation=file://{folder}/profile"  # two of one profile do not run at a time
            options = [own, "--headless", f"--infilter=HTML (Star{kind.title()})", "--convert-to", suffix]
            if ran(folder, OFFICE, *options, "--outdir", "office", "page.html"):
                made[f"libreoffice, {suffix}"] = (folder / "office" / f"page.{suffix}").read_bytes()
    return made


def rewritten(program: str, source: Path, folder: Path) -> bytes | None:
    """A PDF as one of the rewriting programs writes it again; None where that is not on this machine."""
    command, *arguments = REWRITERS[program]
    target = folder / f"{program}.pdf"
    places = {"source": str(source.resolve()), "target": str(target)}
    found = ran(folder, (command,), *(each.format(**places) for each in arguments))
    return target.read_bytes() if found else None


def ran(folder: Path, names: Sequence[str], *arguments: str) -> bool:
    """Whether a program of one of these names is on this machine; it has run in the folder then."""
    program = next(filter(None, map(shutil.which, names)), None)
    if program:
        subprocess.run([program, *arguments], check=True, capture_output=True, timeout=300, cwd=folder)
    return program is not None


def figures_of(data: bytes) -> Counter[Figure]:
    """The figures of the forms that are recognised in a file."""
    try:
        read = extract(data)
    except DocumentError:
        return Counter()
    return Counter(
        (
            form.statement_code,
            fold(_padded(cell.code_text or "") + (cell.label or "")),
            fold(cell.header_path),
            f"{Decimal(cell.cell_text.replace(',', '')).normalize():f}",
        )
        for form in read.forms
        for cell in form.cells
        if _PLAIN.fullmatch(cell.cell_text) and cell.problem is None
    )


def _padded(codes: str) -> str:
    """Code parts as a page prints them: a sheet keeps the numbers and loses their leading zeros."""
    return " ".join(part.zfill(2) for part in codes.split())


if __name__ == "__main__":
    main()
