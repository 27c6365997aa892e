"""An engine without a cluster: the parts one after another in this process. What it proves of the driver and of parts holds for any engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.engines.build import INDEX_TABLES, Read, Task
from ingest.engines.parts import Asked, Given, Part, make_part, take_in
from ingest.extraction.tables import DocumentRows
from ingest.inbox.inventory import Inventory, Seen, look_at
from ingest.inbox.walk import Found
from ingest.releases.extracts import rename
from ingest.runs.reading import read_seen
from ingest.warehouse.compiled import Statements


@dataclass
class SerialEngine:
    """Reads with one process, makes one part at a time."""

    cores: int = 1
    jobs: int = 1
    kept: dict[str, Read] = field(default_factory=dict)
    made: list[Part] = field(default_factory=list)

    def look(self, found: Sequence[Found], _roots: Sequence[Path]) -> list[Inventory | None]:
        return [look_at(each) for each in found]

    def read(self, seen: Sequence[Seen], _roots: Sequence[Path], _making: Path) -> Iterator[Read]:
        for outcome, rows in read_seen(seen, self.jobs):
            assert outcome.sha256
            self.kept[outcome.sha256] = outcome, rows
            yield (
                outcome,
                rows
                and DocumentRows(
                    rows.document_id,
                    {name: rows.tables[name] for name in INDEX_TABLES if name in rows.tables},
                ),
            )

    def make(self, asked: Asked, statements: Statements, parts: Sequence[Sequence[Task]]) -> list[Part]:
        self.made = [
            make_part(asked, statements, number, map(self._given, tasks))
            for number, tasks in enumerate(parts)
        ]
        for part in self.made:
            take_in(asked.folder, part)
        return self.made

    def _given(self, task: Task) -> Given:
        outcome, rows = rename(*self.kept[task.document.sha256], task.document.file_name)
        assert rows
        return Given(outcome, rows, task.document.superseded_by, task.entry)
