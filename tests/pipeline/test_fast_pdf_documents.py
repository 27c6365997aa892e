"""The fast way to read a PDF, the slow one and pdfplumber itself read the same in whole documents.

Here in a few samples; `python -m tests.long.read_alike` compares many and real documents.
"""

from __future__ import annotations

from pathlib import Path

from samples import write_samples
from tests.long.read_alike import LEAST_FAST, read_alike


def test_samples_are_read_alike(tmp_path: Path) -> None:
    write_samples(tmp_path, seed=20261121, count=3)
    read = {path.name: read_alike(path) for path in sorted(tmp_path.rglob("*.pdf"))}
    assert len(read) >= 2
    assert {name: found for name, (_, found) in read.items() if found} == {}
    assert sum(share for share, _ in read.values()) >= LEAST_FAST * len(read)
