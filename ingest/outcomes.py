"""Outcomes: what a stage says of one file, whatever happened. Error codes are stable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a file was quarantined or left out. Codes are permanent; the message names the file and the place."""

    FILE_EMPTY = "FILE_EMPTY"
    FILE_UNREADABLE = "FILE_UNREADABLE"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    LINK_OUTSIDE = "LINK_OUTSIDE"
    RUN_TOO_LARGE = "RUN_TOO_LARGE"
    MEDIA_UNKNOWN = "MEDIA_UNKNOWN"
    MEDIA_UNSUPPORTED = "MEDIA_UNSUPPORTED"
    LOCK_FILE = "LOCK_FILE"
    PDF_DAMAGED = "PDF_DAMAGED"
    PDF_ENCRYPTED = "PDF_ENCRYPTED"
    PDF_NO_TEXT = "PDF_NO_TEXT"
    OFFICE_DAMAGED = "OFFICE_DAMAGED"
    OFFICE_ENCRYPTED = "OFFICE_ENCRYPTED"
    OFFICE_MACRO = "OFFICE_MACRO"
    OFFICE_TOO_OLD = "OFFICE_TOO_OLD"
    CONVERTER_MISSING = "CONVERTER_MISSING"
    CONVERTER_FAILED = "CONVERTER_FAILED"
    IMAGE_DAMAGED = "IMAGE_DAMAGED"
    SCAN_UNREADABLE = "SCAN_UNREADABLE"
    TEXT_UNDECODABLE = "TEXT_UNDECODABLE"
    ARCHIVE_DAMAGED = "ARCHIVE_DAMAGED"
    ARCHIVE_ENCRYPTED = "ARCHIVE_ENCRYPTED"
    ARCHIVE_UNSAFE = "ARCHIVE_UNSAFE"
    ARCHIVE_UNSUPPORTED = "ARCHIVE_UNSUPPORTED"
    CONTENT_TOO_LARGE = "CONTENT_TOO_LARGE"
    NO_CONTENT = "NO_CONTENT"
    NOT_A_DISCLOSURE = "NOT_A_DISCLOSURE"
    VALUE_OUT_OF_RANGE = "VALUE_OUT_OF_RANGE"
    TIME_EXCEEDED = "TIME_EXCEEDED"
    MEMORY_EXCEEDED = "MEMORY_EXCEEDED"
    WORKER_DIED = "WORKER_DIED"
    EXTRACTION_FAILED = "EXTRACTION_FAILED"
    HIDDEN_FILE = "HIDDEN_FILE"
    NOT_A_FILE = "NOT_A_FILE"
    LINK_REPEATED = "LINK_REPEATED"


LEFT_OUT = frozenset({Reason.HIDDEN_FILE, Reason.LOCK_FILE, Reason.NOT_A_FILE, Reason.LINK_REPEATED})
"""Reasons of what cannot be a document (a hidden file, a FIFO): it is listed and counted, not quarantined."""
NEVER_OPENED = LEFT_OUT | {Reason.FILE_UNREADABLE, Reason.LINK_OUTSIDE, Reason.RUN_TOO_LARGE}
"""Reasons for which a file's bytes are not asked for."""


class DocumentError(Exception):
    """A file that cannot be loaded. ``reason`` is the stable code, the message says what and where."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[DocumentError], tuple[Reason, str]]:
        """The error keeps its reason on its way from one process to another."""
        return type(self), (self.reason, str(self))


class FileOutcome(StrEnum):
    """What became of a file: in a run, or, for the last two, of what was published of it. Values are permanent."""

    LOADED = "loaded"
    SAME_BYTES = "same_bytes"
    QUARANTINED = "quarantined"
    LEFT_OUT = "left_out"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class FileStage(StrEnum):
    """The stage that decides what becomes of a file. Values are permanent."""

    EXTRACT = "extract"
    PUBLISH = "publish"


class Stage(StrEnum):
    """The stages that a run reports while it is at work."""

    SAMPLES = "samples"
    RECOVER = "recover"
    PLAN = "plan"
    INGEST = "ingest"
    TRANSFORM = "transform"
    CHECK = "check"
    PUBLISH = "publish"


class RunOutcome(StrEnum):
    """How a run ended, as the journal and ``audit.ingest_run`` have it. Values are permanent."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    STOPPED = "stopped"
    """The regression guard stopped it."""
    FAILED = "failed"
    KILLED = "killed"


class RefreshOutcome(StrEnum):
    """What a refresh did to the published file."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One stage's word on one file: what became of it, with the reason code and the message.

    ``pages`` is how many were read; 0 where the medium has none.
    """

    file_name: str
    stage: FileStage
    outcome: FileOutcome
    sha256: str | None = None
    document_id: str | None = None
    reason_code: str | None = None
    message: str | None = None
    seconds: float = 0.0
    pages: int = 0
