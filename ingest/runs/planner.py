"""Makes the plan of a refresh, step by step: which files must be read, what there is then, what must be built. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from ingest.inbox.inventory import Inventory, Seen
from ingest.outcomes import FileOutcome, Outcome
from ingest.releases.extracts import PASSING
from ingest.releases.store import KnownDocument, Manifest
from ingest.runs.plan import (
    Plan,
    ReadDocument,
    Reading,
    Rebuild,
    Rules,
    Waived,
    Whole,
    is_within,
    with_supersession,
)

_LARGEST_SHARE = 0.5
"""Where more of the documents than this are concerned, everything is built anew."""


def distinct(inventory: Inventory) -> dict[str, Seen]:
    """What can be read, each content once, by its hash."""
    first: dict[str, Seen] = {}
    for seen in inventory.seen:
        if seen.sha256 and not seen.source.refusal:
            first.setdefault(seen.sha256, seen)
    return first


def files_to_read(base: Manifest | None, inventory: Inventory, rules: Rules) -> list[Seen]:
    """The files of which the base does not say what is in them, each content once, in their order."""
    known = _known(base, rules)
    return [seen for sha, seen in distinct(inventory).items() if not _is_read(known.get(sha), base, rules)]


def retried(base: Manifest | None, rules: Rules) -> set[str]:
    """Hashes of the documents that are read again whatever is kept of them."""
    return (
        {sha for sha, each in base.documents.items() if not each.is_loaded} if base and rules.retry else set()
    )


def overwritten(base: Manifest | None, inventory: Inventory) -> list[str]:
    """Hashes of the published documents in whose place something else lies now."""
    first, places = distinct(inventory), {seen.place for seen in inventory.seen}
    return (
        [each.sha256 for each in base.loaded if each.sha256 not in first and each.place in places]
        if base
        else []
    )


def make_plan(
    base: Manifest | None,
    inventory: Inventory,
    reading: Reading,
    rules: Rules,
    today: date,
    waivers: Iterable[Waived] = (),
) -> Plan:
    """What there is, how it differs from the base, and whether everything must be built anew."""
    documents = _documents(base, inventory, reading, rules)
    dark = _dark(inventory, documents)
    unseen = {
        each.sha256: each
        for each in (base.loaded if base else ())
        if each.sha256 not in documents and is_within(each.place, dark)
    }
    documents |= unseen
    kept, unrebuildable = _kept(base, documents, inventory, reading.adopted)
    known_aside = {tuple(each) for each in base.left_out} if base else set()
    return Plan(
        base,
        with_supersession(documents | kept),
        _files(inventory, reading),
        reading,
        left_out=tuple(each for each in reading.left_out if aside(each) not in known_aside),
        dark=frozenset(dark),
        unseen=frozenset(unseen),
        unrebuildable=tuple(unrebuildable),
        expired=_expired(base, today, waivers),
        whole=_whole(base, rules),
    )


def aside(outcome: Outcome) -> tuple[str, str]:
    """What a manifest keeps of something that is left out."""
    return outcome.file_name, str(outcome.reason_code)


def _known(base: Manifest | None, rules: Rules) -> Mapping[str, KnownDocument]:
    return base.documents if base and base.extractor_version == rules.extractor_version else {}


def _is_read(document: KnownDocument | None, base: Manifest | None, rules: Rules) -> bool:
    if document is None or document.is_kept or document.reason_code in PASSING:
        return False
    if document.is_refused and base and base.project_version != rules.project_version:
        return False
    return document.is_loaded or not rules.retry


def _documents(
    base: Manifest | None, inventory: Inventory, reading: Reading, rules: Rules
) -> dict[str, KnownDocument]:
    known, before = _known(base, rules), base.documents if base else {}
    documents = {}
    for sha, seen in distinct(inventory).items():
        then = before.get(sha)
        arrived = then.seen_at if then and not then.is_kept else reading.started_at
        read = reading.documents.get(sha)
        if read:
            document = _as_read(sha, read)
        elif sha in known:
            document = known[sha]
        else:  # a preview: what is to be read is taken for what it was, or for a document
            document = then or KnownDocument(sha, "", "", FileOutcome.LOADED, "")
        documents[sha] = replace(
            document,
            file_name=seen.source.name, place=seen.place, seen_at=arrived, is_kept=False, superseded_by=None,
        )  # fmt: skip
    return documents


def _as_read(sha: str, read: ReadDocument) -> KnownDocument:
    outcome = read.outcome
    document = KnownDocument(sha, "", "", outcome.outcome, "")
    if outcome.outcome == FileOutcome.LOADED:
        return replace(document, unit_key=read.unit_key, disclosure=read.disclosure)
    return replace(document, reason_code=outcome.reason_code, message=outcome.message)


def _files(inventory: Inventory, reading: Reading) -> list[list[str | None]]:
    verdicts = iter(reading.verdicts)
    files: list[list[str | None]] = []
    for seen in inventory.seen:
        if seen.sha256 and not seen.source.refusal:
            files.append([seen.place, seen.source.name, seen.sha256, None])
        else:
            verdict = next(verdicts)
            files.append([seen.place, seen.source.name, verdict.sha256, str(verdict.reason_code)])
    return files


def _kept(
    base: Manifest | None,
    documents: Mapping[str, KnownDocument],
    inventory: Inventory,
    adopted: Collection[str],
) -> tuple[dict[str, KnownDocument], list[str]]:
    """Documents whose file was overwritten by a newer version of the same disclosure, or by what cannot be read.

    And the names of those of which nothing is kept.
    """
    at = {seen.place: seen.sha256 for seen in inventory.seen}
    kept: dict[str, KnownDocument] = {}
    unrebuildable: list[str] = []
    for document in base.loaded if base else ():
        now = documents.get(at.get(document.place) or "")
        if document.sha256 in documents or now is None:
            continue
        if now.is_loaded and (now.disclosure is None or now.disclosure != document.disclosure):
            continue
        if document.sha256 in adopted:
            kept[document.sha256] = replace(document, is_kept=True, superseded_by=None)
        else:
            unrebuildable.append(document.file_name)
    return kept, unrebuildable


def _expired(base: Manifest | None, today: date, waivers: Iterable[Waived]) -> frozenset[str]:
    """Documents with a waiver that was in force when the base was made and is no longer."""
    if base is None:
        return frozenset()
    made = date.fromisoformat(base.created_at[:10])
    return frozenset(each.document_id for each in waivers if made <= each.valid_until < today)


def _whole(base: Manifest | None, rules: Rules) -> Whole | None:
    if base is None:
        return Whole.FIRST
    if rules.is_full:
        return Whole.ASKED
    if base.extractor_version != rules.extractor_version:
        return Whole.EXTRACTOR
    if base.project_version != rules.project_version:
        return Whole.PROJECT
    return Whole.POLICY if base.publish_policy != rules.publish_policy else None


def _dark(inventory: Inventory, documents: Mapping[str, KnownDocument]) -> set[str]:
    """The places where something lies that cannot be read; what lay below one of them may still be there."""
    dark = {source.name for source in inventory.left_out}
    for seen in inventory.seen:
        if seen.sha256 is None or seen.source.refusal:
            dark.add(seen.place)
        elif not documents[seen.sha256].is_loaded:
            dark.add(f"{seen.place}!")  # it may have been an archive; the file itself is known to be another
    return dark


def tied(units: Collection[str], ties: Collection[tuple[str, str]]) -> set[str]:
    """The units and all that they are tied with, however far: each is checked against the others."""
    found = set(units)
    while more := {unit for tie in ties if not found.isdisjoint(tie) for unit in tie} - found:
        found |= more
    return found


def touched_units(plan: Plan, unit_of: Mapping[str, str], ties: Collection[tuple[str, str]]) -> set[str]:
    """The units whose documents are concerned. ``unit_of`` is the base's, by document id."""
    return tied({unit_of[sha[:16]] for sha in plan.touched if sha[:16] in unit_of}, ties)


def to_rebuild(plan: Plan, unit_of: Mapping[str, str], units: Collection[str]) -> dict[str, Rebuild]:
    """The documents that must be built anew, by hash in their order, and why."""
    keys = {plan.documents[sha].unit_key for sha in plan.added}
    whole, part = _folders_concerned(plan)
    found: dict[str, Rebuild] = {}
    for each in plan.loaded:
        if each.sha256 in plan.added:
            found[each.sha256] = Rebuild.NEW
        elif each.sha256 in plan.altered:
            found[each.sha256] = Rebuild.ALTERED
        elif unit_of.get(each.document_id) in units or each.unit_key in keys:
            found[each.sha256] = Rebuild.SAME_UNIT
        elif _folder(each) in whole or (each.unit_key is None and _folder(each) in part):
            found[each.sha256] = Rebuild.COMPANION
    return found


def _folders_concerned(plan: Plan) -> tuple[set[str], set[str]]:
    """Folders with a change in which any document may complete one that does not say what it is of, and all with a change.

    What a preview has not read is taken to say what it is of, as nearly every document does.
    """
    unread = {seen.sha256 for seen in plan.reading.to_read}
    changed = [
        each[sha] for sha in plan.touched - unread for each in (plan.documents, plan.before) if sha in each
    ]
    return {_folder(each) for each in changed if each.unit_key is None}, {_folder(each) for each in changed}


def _folder(document: KnownDocument) -> str:
    return document.place.rpartition("/")[0]


def most_are_concerned(plan: Plan, chosen: Collection[object]) -> str | None:
    """Why everything is built anew where that is faster than building the ``chosen``; None where it is not."""
    if len(chosen) <= _LARGEST_SHARE * len(plan.loaded):
        return None
    return f"{len(chosen)} of {len(plan.loaded)} documents are concerned"
