"""Which documents must be transformed together, and how groups of them are packed into the parts of a build.

No check reaches beyond a group: the documents of a unit, of the units that its department lists, and of the files
that may complete each other. Nothing here opens a document: what a document says of itself and the units that it lists are enough.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

import duckdb

from ingest.inbox.catalogue import Entry
from ingest.runs.making import ties
from ingest.warehouse.compiled import Statements
from ingest.warehouse.identify import Known, complete, entries_of, may_accompany, read_known
from ingest.warehouse.in_memory import made_in_memory

Key = TypeVar("Key", bound=Hashable)
_LEAST_DOCUMENTS = 50
"""Smaller parts cost more than the cores save that they keep busy."""
_OUTGROWN = 2
"""A part with so many times its size is packed anew."""
_MODELS = ("int_document__unit_identified", "bridge_member_unit", "dim_unit")
"""The models that say which unit a document is of and which units are checked against each other."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A document with its group and the province of its unit ('' where nothing says it); ``entry`` is the catalogue's."""

    document_id: str
    group: str
    province: str
    entry: Entry | None = None


def place_documents(
    statements: Statements, index_file: Path, catalogue: Sequence[Entry] = ()
) -> list[Placed]:
    """The group of each document of a build file that has the tables ``document``, ``form`` and ``member_unit``.

    The file is completed by what the catalogue and the names of files say. A file that may be the companion of another
    is in its group, whether or not it turns out to be. Raises TransformError or duckdb.Error.
    """
    with duckdb.connect(str(index_file), read_only=True) as con:
        known = read_known(con)
    entries = entries_of(known, catalogue)
    complete(index_file, catalogue)
    with made_in_memory(statements, index_file, _MODELS) as con:
        rows = con.execute(
            "select document_id, unit_id, coalesce(left(region_code, 2), '')"
            " from intermediate.int_document__unit_identified order by document_id"
        ).fetchall()
        tied = ties(con)
    of_units = ((f"unit {one}", f"unit {other}") for one, other in tied)
    of_documents = ((f"document {document_id}", f"unit {unit_id}") for document_id, unit_id, _ in rows)
    of_companions = ((f"document {one}", f"document {other}") for one, other in _companions(known))
    group_of = connected(chain(of_documents, of_units, of_companions))
    return [
        Placed(document_id, group_of[f"document {document_id}"], province, entries.get(document_id))
        for document_id, _, province in rows
    ]


def connected(tied: Iterable[tuple[Key, Key]]) -> dict[Key, Key]:
    """For each thing the least of all that it is tied with, directly or not, so that two are tied where this is the same."""
    above: dict[Key, Key] = {}

    def top(key: Key) -> Key:
        path = []
        while above.setdefault(key, key) != key:
            path.append(key)
            key = above[key]
        for passed in path:
            above[passed] = key
        return key

    for one, other in tied:
        first, second = sorted((top(one), top(other)))  # type: ignore[type-var]
        above[second] = first
    return {key: top(key) for key in above}


def packed(placed: Collection[Placed], size: int, cores: int = 1) -> list[list[Placed]]:
    """Parts of at most ``size`` documents and about equal, each of whole groups; groups of one province lie together.

    A part has more only where a single group has. There are so many that ``cores`` tasks, each making as many, end at the same time, unless parts
    would be smaller than is worth it. Every document is in exactly one part. The same documents always give the same parts.
    """
    rounds = -(-len(placed) // (size * cores))
    count = max(min(rounds * cores, len(placed) // min(_LEAST_DOCUMENTS, size)), 1)
    groups: dict[str, list[Placed]] = {}
    for each in sorted(placed, key=lambda each: each.document_id):
        groups.setdefault(each.group, []).append(each)
    province = {group: min(each.province for each in found) for group, found in groups.items()}
    parts: list[list[Placed]] = []
    for group in sorted(groups, key=lambda group: (province[group], group)):
        is_full = parts and (
            len(parts[-1]) * count >= len(placed) or len(parts[-1]) + len(groups[group]) > size
        )
        if not parts or is_full:
            parts.append([])
        parts[-1] += groups[group]
    return parts


def assigned(
    placed: Collection[Placed], homes: Mapping[str, int], size: int, cores: int = 1
) -> dict[int, list[Placed]]:
    """Parts by number. A group stays in the part where its documents were (``homes``, by document), the least where there are
    several; groups of which nothing was known, and those of a part that has outgrown itself, are packed into new ones.
    """
    groups: dict[str, list[Placed]] = {}
    for each in placed:
        groups.setdefault(each.group, []).append(each)
    parts: dict[int, list[Placed]] = {}
    new: list[Placed] = []
    for found in groups.values():
        known = [homes[each.document_id] for each in found if each.document_id in homes]
        if known:
            parts.setdefault(min(known), []).extend(found)
        else:
            new += found
    for number in [number for number, found in parts.items() if len(found) > _OUTGROWN * size]:
        if len({each.group for each in parts[number]}) > 1:
            new += parts.pop(number)
    first = max(homes.values(), default=-1) + 1
    parts |= dict(enumerate(packed(new, size, cores), start=first))
    return {number: sorted(parts[number], key=lambda each: each.document_id) for number in sorted(parts)}


def _companions(known: Iterable[Known]) -> Iterable[tuple[str, str]]:
    """Files of one folder of which one may say what the other does not."""
    folders: dict[str, list[Known]] = {}
    for each in known:
        folders.setdefault(each.folder, []).append(each)
    for lying in folders.values():
        for each in lying:
            if not each.is_whole:
                yield from (
                    (each.document_id, other.document_id) for other in lying if may_accompany(each, other)
                )
