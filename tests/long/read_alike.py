"""Reads PDFs the fast way, the slow one and as pdfplumber does, and shows where the readings differ.

    python -m tests.long.read_alike [PDF or FOLDER ...]

By default it reads a hundred samples, and the real documents in ``documents/`` of the folder that `MINGZHANG_REAL` names (by
default `shared` beside the checkout) where they are. Exit status 1 where a document is not read alike, or where the fast
way reads too few of the pages itself.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ingest.config import PROJECT_ROOT
from ingest.readers.pdf.reader import read_pdf
from samples import write_samples
from tests import plumber_witness
from tests.same_document import differences

LEAST_FAST = 0.95
"""The share of a set's pages that the fast way must read itself."""
_REAL = Path(os.environ.get("MINGZHANG_REAL") or PROJECT_ROOT.parent / "shared") / "documents"
_SHOWN = 5


def read_alike(path: Path) -> tuple[float, list[str]]:
    """The share of the document's pages that were read the fast way, and how the readings differ."""
    data = path.read_bytes()
    fast = read_pdf(data)
    witness = plumber_witness.read_pdf(data, has_white=False)
    found = differences(fast, read_pdf(data, is_fast=False)) + differences(
        fast, witness, has_line_boxes=False
    )
    found += [
        f"page {page.page_no}: no note" for page in fast.pages if page.reader != "pdfium" and not page.note
    ]
    return sum(page.reader == "pdfium" for page in fast.pages) / len(fast.pages), found


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.long.read_alike", description=__doc__)
    parser.add_argument("paths", type=Path, nargs="*", metavar="PDF or FOLDER")
    paths = parser.parse_args(arguments).paths
    with tempfile.TemporaryDirectory() as folder:
        if not paths:
            write_samples(Path(folder), count=100)
            paths = [Path(folder), _REAL]
        pdfs = [pdf for path in paths for pdf in (sorted(path.rglob("*.pdf")) if path.is_dir() else [path])]
        shares, differing = [], 0
        for pdf in filter(Path.is_file, pdfs):
            share, found = read_alike(pdf)
            shares.append(share)
            differing += bool(found)
            for line in found[:_SHOWN]:
                print(f"{pdf.name}: {line}")
    fast = sum(shares) / len(shares) if shares else 0
    print(f"{len(shares)} documents, {differing} not read alike; {fast:.1%} of their pages read the fast way")
    return 1 if differing or fast < LEAST_FAST else 0


if __name__ == "__main__":
    sys.exit(main())
