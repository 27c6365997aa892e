"""One source -> an outcome and what was read, whatever the file contains.

What reads is loaded with the first file: who has worker processes read needs none of it.
"""

from __future__ import annotations

import errno
import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from ingest.extraction.tables import DocumentRows
from ingest.inbox.sources import Source
from ingest.outcomes import DocumentError, FileOutcome, FileStage, Outcome, Reason
from ingest.processes.workers import Failure

if TYPE_CHECKING:
    from ingest.extraction.extract import Extraction

Read = TypeVar("Read")
READING = ("ingest.extraction.raw_rows", "ingest.extraction.warm")
"""The modules that ``read_rows`` loads, for processes to have them before the first file."""


def read_file(source: Source) -> tuple[Outcome, Extraction | None]:
    """Read one file in this process. Returns its outcome and, unless it must be quarantined, what was read.

    Raises MemoryError where reading ran out of memory, and nothing else.
    """
    return _read(source, lambda extraction: extraction)


def read_rows(source: Source) -> tuple[Outcome, DocumentRows | None]:
    """Like ``read_file``, with the rows that the loader writes; a worker process runs it."""
    from ingest.extraction.raw_rows import pack_rows

    return _read(source, lambda extraction: pack_rows(extraction, source.name))


def failed(source: Source, failure: Failure) -> Outcome:
    """The outcome of a file whose reading process was ended from outside."""
    return _quarantined(source, source.digest(), failure.reason, failure.message, failure.seconds)


def left_out(source: Source) -> Outcome:
    """The outcome of a file that cannot be a document."""
    assert source.refusal
    reason, message = source.refusal
    message = f"{source.name}: {message}"
    return Outcome(source.name, FileStage.EXTRACT, FileOutcome.LEFT_OUT, reason_code=reason, message=message)


def _read(source: Source, finish: Callable[[Extraction], Read]) -> tuple[Outcome, Read | None]:
    from ingest.extraction.extract import extract

    started = time.perf_counter()
    sha256 = None
    try:
        data = source.read()
        sha256 = hashlib.sha256(data).hexdigest()
        extraction = extract(data)
        found = finish(extraction)
    except Exception as error:
        if _is_caused_by_memory(error):
            raise MemoryError from error
        reason = Reason.FILE_UNREADABLE if isinstance(error, OSError) else Reason.EXTRACTION_FAILED
        message = repr(error)
        if isinstance(error, DocumentError):
            reason, message = error.reason, str(error)
        return _quarantined(
            source, sha256 or source.digest(), reason, message, time.perf_counter() - started
        ), None
    seconds = time.perf_counter() - started
    pages = extraction.document.page_count or 0
    return Outcome(
        source.name, FileStage.EXTRACT, FileOutcome.LOADED, sha256, extraction.document_id,
        seconds=seconds, pages=pages,
    ), found  # fmt: skip


def _quarantined(source: Source, sha256: str | None, reason: Reason, message: str, seconds: float) -> Outcome:
    return Outcome(
        file_name=source.name,
        stage=FileStage.EXTRACT,
        outcome=FileOutcome.QUARANTINED,
        sha256=sha256,
        reason_code=reason,
        message=f"{source.name}: {message.encode(errors='backslashreplace').decode()}",
        seconds=seconds,
    )


def _is_caused_by_memory(error: BaseException | None) -> bool:
    """Whether a lack of memory caused an error, even if a library wrapped it in its own."""
    while error is not None:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
            return True
        error = error.__cause__ or error.__context__
    return False
