"""The fast way to read a PDF, the slow one and pdfplumber itself read the same in whole documents: the samples' and, where
they are, real ones."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.config import PROJECT_ROOT
from ingest.readers.pdf.reader import read_pdf
from samples import write_samples
from tests import plumber_witness
from tests.same_document import differences

REAL = Path(os.environ.get("MINGZHANG_REAL") or PROJECT_ROOT.parent / "shared") / "documents"
REAL_PDFS = sorted(REAL.rglob("*.pdf"))
LEAST_FAST = 0.95
"""The share of a set's pages that the fast way must read itself."""


def test_samples_are_read_alike(tmp_path: Path) -> None:
    write_samples(tmp_path, seed=20261121, count=6)
    pdfs = sorted(tmp_path.rglob("*.pdf"))
    assert len(pdfs) >= 4
    assert sum(map(_pages_read_fast, pdfs)) >= LEAST_FAST * len(pdfs)


@pytest.mark.skipif(not REAL_PDFS, reason=f"no real documents at {REAL}")
def test_real_documents_are_read_alike() -> None:
    assert sum(map(_pages_read_fast, REAL_PDFS)) >= LEAST_FAST * len(REAL_PDFS)


def _pages_read_fast(path: Path) -> float:
    """The share of the document's pages that were read the fast way; all must read the same."""
    data = path.read_bytes()
    fast = read_pdf(data)
    assert differences(fast, read_pdf(data, is_fast=False)) == [], path.name
    witness = plumber_witness.read_pdf(data, has_white=False)
    assert differences(fast, witness, has_line_boxes=False) == [], path.name
    assert all(page.note for page in fast.pages if page.reader != "pdfium")
    return sum(page.reader == "pdfium" for page in fast.pages) / len(fast.pages)
