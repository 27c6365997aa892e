"""An engine without a cluster: one thing after another in this process. What it proves of the driver and of parts holds for any engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.engines.build import Read, Task, indexed
from ingest.engines.parts import Asked, Part, make_part, take_in
from ingest.inbox.inventory import Entry as Looked
from ingest.inbox.inventory import Seen, look
from ingest.inbox.walk import Found
from ingest.releases.extracts import decode, encode
from ingest.runs.reading import read_seen
from ingest.warehouse.compiled import Statements


@dataclass
class SerialEngine:
    """Reads with some processes, makes one part at a time; counts what it has read and made."""

    cores: int = 1
    jobs: int = 1
    read_names: list[str] = field(default_factory=list)
    made: list[Part] = field(default_factory=list)

    def find(self, uri: str) -> list[Found]:
        raise NotImplementedError("this engine reads from this machine only")

    def look(self, found: Sequence[Found], _roots: Sequence[Path]) -> list[Looked | OSError | None]:
        return [look(each) for each in found]

    def read(self, seen: Sequence[Seen], _roots: Sequence[Path], folder: Path) -> None:
        folder.mkdir(parents=True)
        for outcome, rows in read_seen(seen, self.jobs):
            self.read_names.append(outcome.file_name)
            (folder / f"{outcome.sha256}.extract").write_bytes(encode(outcome, rows))
        (folder / "_SUCCESS").touch()

    def index(self, folders: Sequence[Path]) -> Iterator[Read]:
        for outcome, rows in self._kept(folders):
            yield outcome, indexed(rows)

    def make(
        self,
        asked: Asked,
        statements: Statements,
        parts: Mapping[int, Sequence[Task]],
        folders: Sequence[Path],
    ) -> list[Part]:
        kept = {outcome.sha256: (outcome, rows) for outcome, rows in self._kept(folders) if rows}
        made = [
            make_part(asked, statements, number, [task.given(*kept[task.document.sha256]) for task in tasks])
            for number, tasks in parts.items()
        ]
        for part in made:
            take_in(asked.folder, part)
        self.made += made
        return made

    def _kept(self, folders: Sequence[Path]) -> Iterator[Read]:
        for folder in folders:
            for path in sorted(folder.glob("*.extract")):
                found = decode(path.read_bytes())
                assert found
                yield found
