"""What a refresh will do, and why. Pure: made of what was published, what lies in the inbox and what reading said.

``planner`` makes it. Nothing here opens a file or asks the clock, so that a plan can be shown before it is carried
out, and tested without files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property

from ingest.config import Policy
from ingest.inbox.inventory import Seen
from ingest.outcomes import FileOutcome, FileStage, Outcome
from ingest.releases.extracts import rename
from ingest.releases.guard import RegressionError, lost_documents, withdrawn_at_once
from ingest.releases.store import KnownDocument, Manifest


@dataclass(frozen=True, slots=True)
class Rules:
    """What determines a release besides the files: what reads, what transforms, and what was asked for.

    The versions are hashes of code and seeds. ``is_full`` builds everything anew, ``retry`` reads quarantined files again.
    """

    extractor_version: str
    project_version: str
    publish_policy: Policy = Policy.hold
    is_full: bool = False
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver: the document's id, and its last day."""

    document_id: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What reading said of one document: the outcome, and, where it is loaded, whose it is and which disclosure."""

    outcome: Outcome
    unit_key: str | None = None
    disclosure: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a run knows beside the base and the inventory.

    ``documents`` that were read or recalled, by hash; ``verdicts`` on what could not be read when it was looked at;
    ``left_out`` is all that is not a document by nature; ``adopted`` are overwritten documents of which an extract is
    kept; ``to_read`` was not read, as this is a preview.
    """

    started_at: str
    documents: Mapping[str, ReadDocument] = field(default_factory=dict)
    verdicts: tuple[Outcome, ...] = ()
    left_out: tuple[Outcome, ...] = ()
    adopted: frozenset[str] = frozenset()
    to_read: tuple[Seen, ...] = ()


class Whole(StrEnum):
    """Why everything is built anew."""

    FIRST = "nothing was published before"
    ASKED = "--full asks for it"
    EXTRACTOR = "the code that reads has changed since the last release"
    PROJECT = "the models, rules or code lists have changed since the last release"
    POLICY = "the publish policy is not that of the last release"
    DAMAGED = "the published file and its kept release are lost or damaged"


class Rebuild(StrEnum):
    """Why one document is built anew."""

    NEW = "it is new"
    ALTERED = "its name, its newer version or a waiver has changed"
    COMPANION = "a document of its folder has changed, and one of them may complete the other"
    SAME_UNIT = "another document of its unit, or of a unit tied to it, has changed"


@dataclass(frozen=True)
class Plan:
    """What there is now (``documents`` by hash, in their order) and how it differs from the base.

    ``files`` are [place, file name, SHA-256 or null, reason or null] in their order. ``left_out`` has what was not
    left out before. ``dark`` are the places where something lies that cannot be read, ``unseen`` the documents there:
    they stay as they were. ``unrebuildable`` names overwritten documents of which nothing is kept. ``expired`` has the ids of documents whose waiver ran out since the base was made.
    """

    base: Manifest | None
    documents: dict[str, KnownDocument]
    files: list[list[str | None]]
    reading: Reading
    left_out: tuple[Outcome, ...] = ()
    dark: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    unrebuildable: tuple[str, ...] = ()
    expired: frozenset[str] = frozenset()
    whole: Whole | None = None

    @property
    def loaded(self) -> list[KnownDocument]:
        """The documents that belong in the warehouse."""
        return [each for each in self.documents.values() if each.is_loaded]

    @property
    def before(self) -> dict[str, KnownDocument]:
        """What the base knows of documents, by hash."""
        return self.base.documents if self.base else {}

    @cached_property
    def added(self) -> set[str]:
        """Hashes of the documents that come into the warehouse."""
        return self._now.keys() - self._then.keys()

    @cached_property
    def removed(self) -> set[str]:
        """Hashes of the documents that leave the warehouse."""
        return self._then.keys() - self._now.keys()

    @cached_property
    def altered(self) -> set[str]:
        """Hashes of the documents that stay, under another name, superseded by another, or no longer waived."""
        now, then = self._now, self._then
        return {
            sha
            for sha in now.keys() & then.keys()
            if (now[sha].file_name, now[sha].superseded_by) != (then[sha].file_name, then[sha].superseded_by)
            or now[sha].document_id in self.expired
        }

    @property
    def touched(self) -> set[str]:
        """Hashes of the documents that are not as they were."""
        return self.added | self.removed | self.altered

    @property
    def untouched(self) -> list[str]:
        """The ids of the documents that are as they were."""
        touched = self.touched
        return [
            each.document_id for sha, each in self._now.items() if sha in self._then and sha not in touched
        ]

    @property
    def superseded(self) -> list[KnownDocument]:
        """The documents of which there is a newer version."""
        return [each for each in self.loaded if each.superseded_by]

    @property
    def kept(self) -> list[KnownDocument]:
        """The documents that stay published though their file was overwritten."""
        return [each for each in self.loaded if each.is_kept]

    @property
    def is_same(self) -> bool:
        """Whether the inbox and the rules are those of the base: there is nothing to build."""
        base = self.base
        return (
            base is not None
            and self.whole is None
            and not self.reading.to_read
            and not self.expired
            and (self.documents, self.files) == (base.documents, base.files)
        )

    @cached_property
    def new_files(self) -> list[str]:
        """Places where something lies that was not there before."""
        return sorted(self._sha_at.keys() - self._sha_before.keys())

    @cached_property
    def changed_files(self) -> list[str]:
        """Places where other bytes lie than before."""
        at, before = self._sha_at, self._sha_before
        return sorted(place for place in at.keys() & before.keys() if at[place] != before[place])

    @cached_property
    def withdrawn_files(self) -> list[str]:
        """Places where nothing lies any more, of which one can see that."""
        gone = self._sha_before.keys() - self._sha_at.keys()
        return sorted(place for place in gone if not is_within(place, self.dark))

    @cached_property
    def quarantined(self) -> list[str]:
        """What cannot be read: documents of which that is new, and all that could not be looked at."""
        return [
            f"{each.file_name}: {each.reason_code}"
            for sha, each in self.documents.items()
            if not each.is_loaded and (sha not in self.before or self.before[sha].is_loaded)
        ] + [f"{verdict.file_name}: {verdict.reason_code}" for verdict in self.reading.verdicts]

    @property
    def summary(self) -> str:
        """One line of counts."""
        return (
            f"{len(self.files)} files; documents: {len(self.added)} new, {len(self.removed)} gone,"
            f" {len(self.altered)} otherwise concerned, {len(self.loaded)} in all"
        )

    @property
    def remarks(self) -> list[str]:
        """What a person should know of before it is carried out, a line each."""
        said = []
        if self.unseen:
            names = ", ".join(self.documents[sha].file_name for sha in sorted(self.unseen))
            said.append(f"{len(self.unseen)} documents cannot be seen and stay published: {names}")
        said += [f"{name}: the earlier version can no longer be rebuilt" for name in self.unrebuildable]
        if self.left_out:
            said.append(f"left out: {'; '.join(str(each.message) for each in self.left_out)}")
        return said

    def guard(self) -> None:
        """Raise RegressionError where documents would be lost without new input."""
        if self.base:
            lost_documents(self.base, self.documents)
            withdrawn_at_once(self.base, self.removed)

    @property
    def objection(self) -> str | None:
        """What the guard would say; None where it has nothing against it."""
        try:
            self.guard()
        except RegressionError as error:
            return str(error)
        return None

    def refused(self, sha: str, reason: str, message: str) -> Plan:
        """The plan where the database does not take the rows of a document that was read."""
        document = replace(
            self.documents[sha],
            outcome=FileOutcome.QUARANTINED, reason_code=reason, message=message, is_refused=True,
        )  # fmt: skip
        return replace(self, documents=with_supersession(self.documents | {sha: document}))

    def returning(self, held: Collection[str]) -> list[KnownDocument]:
        """The documents that were published where documents lie that are held now (``held`` are hashes)."""
        at = {self.documents[sha].place for sha in held if not self.documents[sha].is_kept}
        return [
            replace(each, is_kept=True, superseded_by=None)
            for sha, each in self.before.items()
            if each.place in at and each.is_loaded and sha not in self.documents
        ]

    def without(self, held: Collection[str], back: Iterable[KnownDocument]) -> Plan | None:
        """The plan where documents that are held supersede none, and those ``back`` stay published.

        None where that changes nothing.
        """
        newer = {each.superseded_by for each in self.documents.values()}
        superseding = [sha for sha in held if self.documents[sha].document_id in newer]
        changed = {sha: replace(self.documents[sha], disclosure=None) for sha in superseding}
        changed |= {each.sha256: each for each in back}
        return replace(self, documents=with_supersession(self.documents | changed)) if changed else None

    def other_outcomes(self, told: Collection[str] = ()) -> Iterator[Outcome]:
        """Outcomes of the files that are quarantined, and of new files with the bytes of a document.

        Documents whose hash is in ``told`` have had theirs.
        """
        old_files = {tuple(each) for each in self.base.files} if self.base else set()
        first: set[str] = set()
        for place, name, sha, reason in self.files:
            if reason or not sha or not name:
                continue
            document, is_first = self.documents[sha], sha not in first
            first.add(sha)
            if not document.is_loaded:
                if not (is_first and sha in told):
                    yield rename(self._outcome(document), None, name)[0]
            elif not is_first and (place, name, sha, reason) not in old_files:
                message = "the same bytes as a file already loaded"
                yield Outcome(name, FileStage.EXTRACT, FileOutcome.SAME_BYTES, sha, sha[:16], message=message)

    def _outcome(self, document: KnownDocument) -> Outcome:
        read = self.reading.documents.get(document.sha256)
        seconds = read.outcome.seconds if read else 0.0
        return Outcome(
            document.file_name, FileStage.EXTRACT, document.outcome, document.sha256,
            reason_code=document.reason_code, message=document.message, seconds=seconds,
        )  # fmt: skip

    @cached_property
    def _now(self) -> dict[str, KnownDocument]:
        return {sha: each for sha, each in self.documents.items() if each.is_loaded}

    @cached_property
    def _then(self) -> dict[str, KnownDocument]:
        return {sha: each for sha, each in self.before.items() if each.is_loaded}

    @cached_property
    def _sha_at(self) -> dict[str, str | None]:
        return {str(place): sha for place, _, sha, _ in self.files}

    @cached_property
    def _sha_before(self) -> dict[str, str | None]:
        return {str(place): sha for place, _, sha, _ in self.base.files} if self.base else {}


def is_within(place: str, places: Collection[str]) -> bool:
    """Whether a place, a folder above it, or an archive that holds it is among the places."""
    above = place
    while above not in places and above.removesuffix("!") not in places:
        above, slash, _ = above.rpartition("/")
        if not slash:
            return False
    return True


def with_supersession(documents: Mapping[str, KnownDocument]) -> dict[str, KnownDocument]:
    """Of several versions of one disclosure the one that arrived last supersedes the others; of a tie, none does."""
    versions: dict[str, list[KnownDocument]] = {}
    for document in documents.values():
        if document.is_loaded and document.disclosure:
            versions.setdefault(document.disclosure, []).append(document)
    newer: dict[str, str] = {}
    for found in versions.values():
        last = max(each.seen_at for each in found)
        newest = [each for each in found if each.seen_at == last]
        if len(newest) == 1:
            newer |= {each.sha256: newest[0].document_id for each in found if each is not newest[0]}
    return {sha: replace(each, superseded_by=newer.get(sha)) for sha, each in documents.items()}
