"""Pictures of the print at findings: the cited parts of the pages of a PDF or an image, framed. Each is drawn once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import duckdb
from PIL import Image

from ingest.inbox.sources import Source, find_sources
from ingest.outcomes import DocumentError
from ingest.processes.workers import Failure, run_bounded
from ingest.views.evidence import GRAVE, Place, grave_places
from ingest.views.inspect.cited import FRAMES, draw_cited, read_cited
from ingest.views.inspect.picture import can_draw
from ingest.views.site.data import SiteData
from ingest.views.site.pages import Pages

_BATCH = 100
"""Of how many documents it is asked at a time what their findings cite."""
_WIDTH = 900
_PACKING = 6
"""Of 9 levels: the highest takes eight times as long for files that are 4% smaller."""
_GREYS, _TINTS = 8, 4
"""How many shades of the print, and of each frame, a picture keeps: colours chosen by how often they occur leave the frames out."""
_LARGEST = 1_400
"""The greatest height: of a long sum the first cells are shown."""


@dataclass(frozen=True, slots=True)
class _Task:
    """The findings of one document of which pictures are to be drawn: the key of each, the picture's name, what is cited."""

    source: Source
    wanted: list[tuple[str, str, list[Place]]]


def write(
    pages: Pages, con: duckdb.DuckDBPyConnection, data: SiteData, documents: Path, jobs: int
) -> dict[str, str]:
    """Draw what errors and warnings cite, where the document is among ``documents`` and has pages. Returns the pictures by finding.

    A document is read again by a process of its own, within the bounds of reading; of one that cannot be read there are none.
    """
    found: dict[str, str] = {}
    tasks = _tasks(pages, con, data, documents, found)
    with closing(run_bounded(_draw, tasks, jobs)) as answers:
        for task, drawn in answers:
            if isinstance(drawn, Failure):
                continue
            for (key, name, _), picture in zip(task.wanted, drawn, strict=True):
                if picture:
                    pages.file(name, picture)
                    found[key] = name
    return found


def _tasks(
    pages: Pages, con: duckdb.DuckDBPyConnection, data: SiteData, documents: Path, found: dict[str, str]
) -> Iterator[_Task]:
    grave = {row["document_id"] for row in data.findings if row["severity"] in GRAVE}
    wanted = {
        row["sha256"]: row["document_id"]
        for row in data.documents
        if row["document_id"] in grave and can_draw(row["media_type"])
    }
    sources = _distinct(find_sources([documents]), wanted)
    while batch := list(islice(sources, _BATCH)):
        cited = grave_places(con, [wanted[str(source.digest())] for source in batch])
        for source in batch:
            named = [
                (key, _name(key, places), places)
                for key, places in cited[wanted[str(source.digest())]].items()
            ]
            found |= {key: name for key, name, _ in named if pages.keep(name)}
            missing = [each for each in named if each[0] not in found]
            if missing:
                yield _Task(source, missing)


def _distinct(sources: Iterator[Source], wanted: Collection[str]) -> Iterator[Source]:
    """The first source of each document that is wanted."""
    seen = set()
    for source in sources:
        digest = source.digest()
        if digest in wanted and digest not in seen:
            seen.add(digest)
            yield source


def _name(key: str, places: list[Place]) -> str:
    """A name that changes with what the finding cites."""
    cited = "".join(f"{place.side}{place.source_ref}{place.printed}" for place in places)
    return f"picture/{key[:16]}-{hashlib.sha256(cited.encode()).hexdigest()[:8]}.png"


@cache
def _palette() -> Image.Image:
    shades = [[255 * step // (_GREYS - 1)] * 3 for step in range(_GREYS)]
    for colour in FRAMES.values():
        shades += [[part + (255 - part) * step // _TINTS for part in colour] for step in range(_TINTS)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for shade in shades for part in shade])
    return palette


def _draw(task: _Task) -> list[bytes | None]:
    """A picture for each finding of a document; None where nothing that it cites has a place on a page."""
    data = task.source.read()
    document, paragraphs = read_cited(data, [place for _, _, places in task.wanted for place in places])
    pictures: list[bytes | None] = []
    for _, _, places in task.wanted:
        try:
            drawn = draw_cited(document, paragraphs, data, places)
        except DocumentError:
            drawn = None
        if drawn is None:
            pictures.append(None)
            continue
        drawn = drawn.resize((_WIDTH, round(drawn.height * _WIDTH / drawn.width)))
        drawn = drawn.crop((0, 0, _WIDTH, min(drawn.height, _LARGEST)))
        drawn = drawn.quantize(palette=_palette(), dither=Image.Dither.NONE)
        packed = io.BytesIO()
        drawn.save(packed, "PNG", compress_level=_PACKING)
        pictures.append(packed.getvalue())
    return pictures
