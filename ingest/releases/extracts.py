"""What was read of each document, kept by the hash of its bytes, so that no run reads the same bytes twice.

One file per document, under the version of the extractor. A file is written beside and renamed, and carries the hash of
its content: one that is cut, changed or unreadable counts as absent and is written again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from ingest.extraction.tables import DocumentRows, with_values
from ingest.files import fresh_name
from ingest.outcomes import FileOutcome, FileStage, Outcome, Reason

_MAGIC = b"mingzhang-extract-1\n"
_DIGEST_BYTES = 32
_LENGTH_BYTES = 8
PASSING = (Reason.FILE_UNREADABLE, Reason.CONVERTER_MISSING)
"""Reasons that lie in the machine, not in the bytes: never kept, so that the next run tries again."""


class ExtractStore:
    """The kept extracts of one version of the extractor below ``folder``."""

    def __init__(self, folder: Path, extractor_version: str) -> None:
        self._root = folder
        self._folder = folder / extractor_version

    def load(self, sha256: str, file_name: str) -> tuple[Outcome, DocumentRows | None] | None:
        """A file's outcome and rows under the name that it has now, or None where none, or no sound one, is kept."""
        try:
            data = self._path(sha256).read_bytes()
        except OSError:
            return None
        found = decode(data)
        if found is None or found[0].sha256 != sha256:
            return None
        return rename(found[0], found[1], file_name)

    def save(self, outcome: Outcome, rows: DocumentRows | None) -> None:
        """Keep one file's outcome and rows. Raises OSError where the disk does not take them."""
        if outcome.sha256 is None or outcome.reason_code in PASSING:
            return
        path = self._path(outcome.sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = fresh_name(path)
        try:
            fresh.write_bytes(encode(outcome, rows))
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)

    def adopt(self, sha256: str) -> bool:
        """Whether an extract is kept; one of an earlier version of the extractor is taken over where there is no other.

        For bytes that are no longer to be had.
        """
        if self.load(sha256, "") is not None:
            return True
        earlier = self._earlier(sha256)
        if earlier:
            self.save(*earlier)
        return earlier is not None

    def has_any(self, sha256: str) -> bool:
        """Whether ``adopt`` would find an extract. Writes nothing."""
        return self.load(sha256, "") is not None or self._earlier(sha256) is not None

    def _earlier(self, sha256: str) -> tuple[Outcome, DocumentRows | None] | None:
        for path in sorted(self._root.glob(f"*/{sha256[:2]}/{sha256}")):
            found = decode(path.read_bytes())
            if found and found[0].sha256 == sha256:
                return found
        return None

    def prune(self, kept: Iterable[str]) -> None:
        """Drop the extracts of other versions and of bytes that are not in ``kept``, and what killed runs have left."""
        wanted = {self._path(sha256) for sha256 in kept}
        with suppress(OSError):
            for other in self._root.iterdir():
                if other != self._folder:
                    shutil.rmtree(other, ignore_errors=True)
            for path in self._folder.rglob("*"):
                if path.is_file() and path not in wanted:
                    path.unlink()

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def rename(
    outcome: Outcome, rows: DocumentRows | None, file_name: str
) -> tuple[Outcome, DocumentRows | None]:
    """The same outcome and rows under another name: bytes are kept once, whatever their files are called."""
    if outcome.file_name == file_name:
        return outcome, rows
    message = outcome.message
    if message and message.startswith(f"{outcome.file_name}: "):
        message = file_name + message.removeprefix(outcome.file_name)
    return replace(outcome, file_name=file_name, message=message), rows and _named(rows, file_name)


def _named(rows: DocumentRows, file_name: str) -> DocumentRows:
    document = with_values(rows.tables["document"], {"file_name": file_name})
    return DocumentRows(rows.document_id, rows.tables | {"document": document})


def encode(outcome: Outcome, rows: DocumentRows | None) -> bytes:
    """One file's outcome and rows as bytes that carry the hash of their content."""
    tables = rows.tables if rows else {}
    header = {
        "outcome": asdict(outcome),
        "document_id": rows.document_id if rows else None,
        "tables": {name: len(stream) for name, stream in tables.items()},
    }
    head = json.dumps(header, ensure_ascii=False).encode()
    body = len(head).to_bytes(_LENGTH_BYTES, "big") + head + b"".join(tables.values())
    return _MAGIC + hashlib.sha256(body).digest() + body


def decode(data: bytes) -> tuple[Outcome, DocumentRows | None] | None:
    """What ``encode`` wrote; None where the bytes are not as they were written."""
    start = len(_MAGIC) + _DIGEST_BYTES
    body = data[start:]
    if not data.startswith(_MAGIC) or hashlib.sha256(body).digest() != data[len(_MAGIC) : start]:
        return None
    place = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "big")
    header = json.loads(body[_LENGTH_BYTES:place])
    tables = {}
    for name, length in header["tables"].items():
        tables[name] = body[place : place + length]
        place += length
    rows = DocumentRows(header["document_id"], tables) if header["document_id"] else None
    said = header["outcome"]
    stage, outcome = FileStage(said["stage"]), FileOutcome(said["outcome"])
    return Outcome(**said | {"stage": stage, "outcome": outcome}), rows
