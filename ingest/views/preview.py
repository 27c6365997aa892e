"""What a refresh would do, for ``refresh --dry-run``: the plan with what it comes to. Writes nothing, takes no lock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb
from rich.console import Console

from ingest.inbox.inventory import take_inventory
from ingest.outcomes import RefreshOutcome
from ingest.releases.extracts import ExtractStore
from ingest.releases.store import ReleaseStore, now_text
from ingest.runs.making import base_file, ties_of, units_of
from ingest.runs.plan import Plan, Reading, Rebuild, Whole
from ingest.runs.planner import (
    files_to_read,
    make_plan,
    most_are_concerned,
    overwritten,
    retried,
    to_rebuild,
    touched_units,
)
from ingest.runs.reading import recall, with_refusals
from ingest.runs.refresh import Options, published_state, rules_of, today, waivers
from ingest.terminal import json_text, visible, visible_lines
from ingest.views.language import tr, translated

_SHOWN_NAMES = 20
_NOTHING_LOADED = "no document could be loaded: the run would fail, and publish nothing"


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan and what it comes to: the published file is confirmed (``confirmed``), or part of it or all is built anew.

    ``rebuilt`` says why each document is, by hash; ``whole`` why all are. ``is_guarded`` where the guard may stop it.
    """

    plan: Plan
    is_guarded: bool
    confirmed: RefreshOutcome | None = None
    whole: str | None = None
    rebuilt: dict[str, Rebuild] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """What the guard would say before anything is built."""
        if not self.plan.loaded and not self.confirmed:
            return _NOTHING_LOADED
        objection = self.plan.objection
        if objection is None:
            return "the regression guard has nothing against it so far; figures are compared after building"
        if not self.is_guarded:
            return f"--accept-regression passes over what the regression guard would say: {objection}"
        return f"the regression guard would stop the run: {objection}"

    @property
    def intent(self) -> str:
        """What would be built."""
        count = len(self.plan.loaded)
        if self.confirmed == RefreshOutcome.UNCHANGED:
            return "nothing has changed: nothing would be built or published"
        if self.confirmed == RefreshOutcome.RESTORED:
            return "the published file is not what was published: its release would be put back"
        if self.whole:
            return f"all {count} documents would be built: {self.whole}"
        return f"{len(self.rebuilt)} of {count} documents would be built, the others kept"

    @property
    def names(self) -> dict[str, list[str]]:
        """Names of files by what would become of them, each with why where there is more to say."""
        plan = self.plan
        newly_superseded = [
            each
            for each in plan.superseded
            if each.sha256 not in plan.before or plan.before[each.sha256].superseded_by != each.superseded_by
        ]
        found = {
            "to read": [seen.source.name for seen in plan.reading.to_read],
            "new": plan.new_files,
            "changed": plan.changed_files,
            "withdrawn": plan.withdrawn_files,
            "superseded": [each.file_name for each in newly_superseded],
            "kept though overwritten": [each.file_name for each in plan.kept],
            "unseen, stays published": [plan.documents[sha].file_name for sha in sorted(plan.unseen)],
            "overwritten, lost": list(plan.unrebuildable),
            "quarantined": plan.quarantined,
            "left out": [str(each.message) for each in plan.left_out],
            "built anew": [f"{plan.documents[sha].file_name}: {why}" for sha, why in self.rebuilt.items()],
        }
        return {what: names for what, names in found.items() if names}

    def events(self) -> Iterator[dict[str, Any]]:
        """For a program: one event per file, then the counts, what would be built, and what the guard would say."""
        for what, names in self.names.items():
            for name in names:
                yield {"stage": "plan", "what": what, "file": name}
        counts = {what.replace(" ", "_").replace(",", ""): len(names) for what, names in self.names.items()}
        yield {"stage": "plan", "what": "counts", "message": self.plan.summary, **counts}
        yield {"stage": "plan", "what": "build", "message": self.intent}
        yield {"stage": "plan", "what": "guard", "message": self.verdict}


def preview(options: Options) -> Preview:
    """What a refresh would do now. Files that have never been read are not read: they are to be read, and may change it.

    Raises OSError for an inbox that cannot be listed, ValueError for waivers that cannot be read.
    """
    store = ReleaseStore(options.warehouse)
    rules, base = rules_of(options), store.published()
    inventory = take_inventory(options.inbox, store.memory_file, is_remembered=False)
    extracts = ExtractStore(store.extracts_dir, rules.extractor_version)
    documents, missing = recall(extracts, files_to_read(base, inventory, rules), retried(base, rules))
    adopted = frozenset(sha for sha in overwritten(base, inventory) if extracts.has_any(sha))
    reading = Reading(now_text(), documents, adopted=adopted, to_read=tuple(missing))
    plan = make_plan(base, inventory, with_refusals(reading, inventory), rules, today(), waivers())
    is_guarded = not options.accept_regression
    if base and plan.is_same:
        confirmed = published_state(store, base)
        if confirmed:
            return Preview(plan, is_guarded, confirmed)
        plan = replace(plan, whole=Whole.DAMAGED)
    whole, rebuilt = _foresee(plan, store)
    return Preview(plan, is_guarded, None, whole, rebuilt)


def _foresee(plan: Plan, store: ReleaseStore) -> tuple[str | None, dict[str, Rebuild]]:
    """Why everything would be built, or what would."""
    if plan.whole or plan.base is None:
        return plan.whole, {}
    of_base = base_file(store, plan.base)
    try:
        unit_of = units_of(of_base)
        rebuilt = to_rebuild(plan, unit_of, touched_units(plan, unit_of, ties_of(of_base)))
    except duckdb.Error:
        return Whole.DAMAGED, {}
    most = most_are_concerned(plan, rebuilt)
    return (most, {}) if most else (None, rebuilt)


def print_preview(console: Console, found: Preview) -> None:
    """For a person on a terminal, else one JSON line per event."""
    if not console.is_terminal:
        for event in found.events():
            print(json_text(event), file=console.file)
        return
    lines = [tr("dry run: nothing is written"), translated(found.plan.summary)]
    for what, names in found.names.items():
        lines += [f"{tr(what)}: {len(names)}", *(f"  {visible(name)}" for name in names[:_SHOWN_NAMES])]
        if len(names) > _SHOWN_NAMES:
            lines.append(tr("  … and {count} more", count=len(names) - _SHOWN_NAMES))
    lines += [translated(found.intent), visible_lines(translated(found.verdict))]
    if found.plan.reading.to_read:
        lines.append(tr("What is in the files to read is not known yet and may change the rest."))
    for line in lines:
        console.print(line, highlight=False, markup=False)
