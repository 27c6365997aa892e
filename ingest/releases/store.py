"""The folder ``<stem>.releases`` beside a warehouse: its last releases, each with a manifest, and the lock of the writers.

``<id>.duckdb`` and ``<id>.json`` are a release; ``extracts/`` saves work and may be removed; ``work/`` belongs to the run that holds ``lock``; ``runs.jsonl`` is the journal of runs.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.config import Policy
from ingest.files import copy_in, fresh_name, remove_database, swap_in, sync_folder
from ingest.outcomes import FileOutcome, RunOutcome
from ingest.warehouse.publish import Digest, combine, table_digests

FORMAT = 1
_LOOK_AGAIN_SECONDS = 0.1


class BusyError(Exception):
    """Another run writes this warehouse; the message says which."""


class ReleaseError(Exception):
    """A release that is asked for is not there or not sound."""


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """What a release knows of one document.

    ``file_name`` and ``place`` (in the inbox) of its first file, ``outcome`` and ``reason_code`` of reading it,
    ``seen_at`` when it arrived (UTC, ISO), ``disclosure`` which disclosure it is a version of (null where it does
    not say), ``unit_key`` its unit's name folded, ``superseded_by`` a newer version, ``is_kept`` where only the
    newer version is still in the inbox, ``is_refused`` where it was read and the database or a test of the models
    does not take its rows.
    """

    sha256: str
    file_name: str
    place: str
    outcome: FileOutcome
    seen_at: str
    reason_code: str | None = None
    message: str | None = None
    disclosure: str | None = None
    unit_key: str | None = None
    superseded_by: str | None = None
    is_kept: bool = False
    is_refused: bool = False

    @property
    def document_id(self) -> str:
        """The first 16 digits of the hash."""
        return self.sha256[:16]

    @property
    def is_loaded(self) -> bool:
        """Whether its figures are in the warehouse."""
        return self.outcome == FileOutcome.LOADED


@dataclass(frozen=True, slots=True)
class Manifest:
    """A release on paper: what made it, what is in it. ``files`` are [place, file name, SHA-256 or null] in their order.

    ``left_out`` are [file name, reason] of what is no document by nature.
    """

    release_id: str
    created_at: str
    extractor_version: str
    project_version: str
    publish_policy: Policy
    is_incremental: bool
    content_hash: str
    tables: dict[str, str]
    totals: dict[str, list[str]]
    files: list[list[str | None]]
    left_out: list[list[str]]
    documents: dict[str, KnownDocument] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def digests(self) -> dict[str, Digest]:
        """Every table's digest."""
        return {table: Digest.parse(text) for table, text in self.tables.items()}

    @property
    def loaded(self) -> list[KnownDocument]:
        """The documents in the warehouse."""
        return [document for document in self.documents.values() if document.is_loaded]

    def to_json(self) -> str:
        """For the manifest file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """From the manifest file. Raises ValueError, TypeError or KeyError where it is none of ours."""
        found: dict[str, Any] = json.loads(text)
        if found["format"] != FORMAT:
            raise ValueError(f"a manifest of format {found['format']}")
        if "files_left_out" in found:  # written before their names were kept
            del found["files_left_out"]
            found["left_out"] = []
        found["publish_policy"] = Policy(found["publish_policy"])
        found["documents"] = {
            key: KnownDocument(**each | {"outcome": FileOutcome(each["outcome"])})
            for key, each in found["documents"].items()
        }
        manifest = cls(**found)
        if combine(manifest.digests) != manifest.content_hash:
            raise ValueError("the hashes of the tables do not make the content hash")
        return manifest


class ReleaseStore:
    """The releases of one warehouse."""

    def __init__(self, warehouse: Path) -> None:
        self.warehouse = warehouse
        self.folder = warehouse.with_name(f"{warehouse.stem}.releases")
        self.work_dir = self.folder / "work"
        self.extracts_dir = self.folder / "extracts"
        self.memory_file = self.folder / "inventory.json"
        self.journal = self.folder / "runs.jsonl"
        self._mark = self.folder / "published.json"

    @contextmanager
    def locked(self, wait_seconds: float, who: str) -> Iterator[None]:
        """Be the only writer. Raises BusyError where another is after ``wait_seconds``, OSError on a read-only disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        deadline = time.monotonic() + wait_seconds
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError as error:
                    if time.monotonic() >= deadline:
                        holder = os.pread(handle, 200, 0).decode(errors="replace").strip()
                        raise BusyError(
                            f"another run writes {self.warehouse}: {holder}; the published file is untouched"
                        ) from error
                    time.sleep(_LOOK_AGAIN_SECONDS)
            with suppress(OSError):
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{who}, process {os.getpid()}, since {now_text()}\n".encode(), 0)
            yield
        finally:
            os.close(handle)

    def is_at_work(self, run_id: str) -> bool:
        """Whether the process that has taken the lock for a run lives (Linux; False where that cannot be told)."""
        try:
            holder = (self.folder / "lock").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        process = holder.partition(f"{run_id}, process ")[2].partition(",")[0]
        return process.isdecimal() and Path(f"/proc/{process}").exists()

    def clean(self) -> list[str]:
        """Remove what dead runs have left; only the holder of the lock may. Returns the names of what is removed."""
        left = [self.work_dir] if self.work_dir.exists() else []
        left += self.folder.glob(".*")
        left += self.warehouse.parent.glob(f".{self.warehouse.name}.*")
        left += [path for path in self.folder.glob("*.duckdb") if not path.with_suffix(".json").exists()]
        for path in left:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        return sorted(path.name for path in left)

    def release_file(self, release_id: str) -> Path:
        """Where a release's database lies."""
        return self.folder / f"{release_id}.duckdb"

    def manifests(self) -> list[Manifest]:
        """Every sound manifest, the oldest first."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            if path.with_suffix(".duckdb").exists() and (manifest := self._read(path)):
                found.append(manifest)
        return found

    def manifest(self, release_id: str) -> Manifest | None:
        """One release's manifest, or None where there is no sound one."""
        return self._read(self.folder / f"{release_id}.json")

    def _read(self, path: Path) -> Manifest | None:
        try:
            return Manifest.from_json(path.read_bytes())
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def published(self) -> Manifest | None:
        """The release that the warehouse holds; where it holds none of ours, or is lost, the last that was published.

        None where none was published from here.
        """
        run_id = published_run(self.warehouse)
        found = self.manifest(run_id) if run_id else None
        marked = self._marked()
        return found or (self.manifest(marked["release_id"]) if marked else None)

    def is_untouched(self, manifest: Manifest, file: Path) -> bool:
        """Whether the warehouse, or the kept release, is the very file that was put there (by its size and times)."""
        marked = self._marked()
        if not marked or marked["release_id"] != manifest.release_id:
            return False
        known = marked["state" if file == self.warehouse else "kept_state"]
        return known is not None and known == _state(file)

    def add(self, built: Path, manifest: Manifest) -> None:
        """Make a finished database and its manifest a release: both whole, or no release. Raises OSError."""
        place = self.release_file(manifest.release_id)
        swap_in(built, place)
        self.write(place.with_suffix(".json"), manifest.to_json())

    def publish(self, manifest: Manifest) -> None:
        """Put a release in the warehouse's place. Raises OSError."""
        copy_in(self.release_file(manifest.release_id), self.warehouse)
        self.mark(manifest)

    def mark(self, manifest: Manifest, is_kept_sound: bool = True) -> None:
        """Remember which files are in the warehouse's place and beside it; both have been seen to be sound."""
        kept = _state(self.release_file(manifest.release_id)) if is_kept_sound else None
        mark = {"release_id": manifest.release_id, "state": _state(self.warehouse), "kept_state": kept}
        self.write(self._mark, json.dumps(mark))

    def write(self, path: Path, text: str) -> None:
        """Write a file in whole or not at all, durably. Raises OSError."""
        fresh = fresh_name(path)
        try:
            with fresh.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            sync_folder(path.parent)
        finally:
            fresh.unlink(missing_ok=True)

    def prune(self, keep: int, current: Manifest) -> None:
        """Keep the last ``keep`` releases, the current one among them."""
        others = [each for each in self.manifests() if each.release_id != current.release_id]
        newer = [each for each in others if each.release_id > current.release_id]
        older = [each for each in others if each.release_id < current.release_id]
        for manifest in newer + (older[: -(keep - 1)] if keep > 1 else older):
            (self.folder / f"{manifest.release_id}.json").unlink(missing_ok=True)
            remove_database(self.release_file(manifest.release_id))

    def rollback(self, release_id: str | None) -> Manifest:
        """Publish an earlier release again: the one named, else the one before the published.

        The holder of the lock calls it. Raises ReleaseError where there is none, or its file is not what its
        manifest says.
        """
        current = self.published()
        manifests = self.manifests()
        if release_id is None:
            before = [each for each in manifests if current is None or each.release_id < current.release_id]
            chosen = before[-1] if before else None
        else:
            chosen = next((each for each in manifests if each.release_id == release_id), None)
        if chosen is None:
            known = ", ".join(each.release_id for each in manifests) or "none"
            raise ReleaseError(f"no release {release_id or 'before the published one'}; there are: {known}")
        if not is_sound(self.release_file(chosen.release_id), chosen):
            raise ReleaseError(f"the file of release {chosen.release_id} is not what its manifest says")
        self.publish(chosen)
        return chosen

    def note(self, run_id: str, event: str, **fields: Any) -> None:
        """Add a line to the journal of runs; a disk that does not take it stops nothing."""
        line = json.dumps({"run_id": run_id, "event": event, "at": now_text(), **fields}, ensure_ascii=False)
        with suppress(OSError), self.journal.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def runs(self) -> list[dict[str, Any]]:
        """The runs in the journal, the oldest first: each with when it began and ended, its outcome and message.

        One that never ended has the outcome ``killed``.
        """
        runs: dict[str, dict[str, Any]] = {}
        with suppress(OSError):
            for line in self.journal.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    event = json.loads(line)
                    run_id = event.pop("run_id")
                except (ValueError, KeyError, AttributeError, TypeError):
                    continue  # a line that a killed run has left unfinished
                run = runs.setdefault(
                    run_id, {"run_id": run_id, "outcome": RunOutcome.KILLED, "started_at": event["at"]}
                )
                if event["event"] == "end":
                    run |= {"finished_at": event["at"], **event}
        return list(runs.values())

    def _marked(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self._mark.read_bytes())
            return found if {"release_id", "state", "kept_state"} <= found.keys() else None
        except (OSError, ValueError, AttributeError):
            return None


def published_run(warehouse: Path) -> str | None:
    """The id of the run that made a warehouse; None where there is no warehouse or it cannot be read."""
    if not warehouse.exists():
        return None
    try:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            row = con.execute(
                "select run_id from audit.ingest_run order by started_at desc, run_id desc limit 1"
            ).fetchone()
    except duckdb.Error:
        return None
    return str(row[0]) if row else None


def is_sound(file: Path, manifest: Manifest) -> bool:
    """Whether a database file holds what a manifest says, row by row."""
    try:
        return table_digests(file) == manifest.digests
    except (duckdb.Error, OSError):
        return False


def now_text() -> str:
    """Now, UTC, to the microsecond."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(sep=" ")


def _state(path: Path) -> list[int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]
