"""``mingzhang explain``: one finding on the terminal, and a picture of what it cites."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
from rich.console import Console

from ingest.inbox.sources import find_sources
from ingest.terminal import shown, visible
from ingest.views import evidence
from ingest.views.evidence import Evidence
from ingest.views.language import spoken, tr
from ingest.views.listings import print_rows
from ingest.views.reread import Reread, reread


def explain(
    console: Console, warehouse: Path, key: str, documents: Path | None = None, picture: Path | None = None
) -> None:
    """Print a finding in full; where the documents are given, read what it cites again, and draw it to ``picture``.

    Raises LookupError where no finding's key, or more than one, begins with ``key``, where the document is not among the
    documents, or where a picture is asked for and cannot be drawn; DocumentError or OSError where the document cannot be read.
    """
    if picture and not documents:
        raise LookupError("--picture needs the document: give --documents")
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = evidence.by_key(con, key)
        if len(found) != 1:
            raise LookupError(f"no finding, or more than one, begins with {key}")
        [one] = found
        following = evidence.following(con, one.key)
        sha256, media_type = con.execute(
            "select sha256, media_type from marts.dim_document where document_id = ?",
            [one.finding["document_id"]],
        ).fetchall()[0]
    _print_finding(console, one)
    _print_cause(console, one, following)
    if documents:
        data = document_bytes(documents, sha256, one.finding["file_name"])
        _print_reread(console, one, reread(data, media_type, one.places))
        if picture:
            _draw(console, data, one, picture)


def document_bytes(documents: Path, sha256: str, file_name: str) -> bytes:
    """The bytes of a document among files and archives, whatever its name there; files with that name are tried first.

    Raises LookupError where the document is not among them, FileNotFoundError where ``documents`` does not exist.
    """
    sources = sorted(find_sources([documents]), key=lambda source: source.name != file_name)
    for source in sources:
        if source.digest() == sha256:
            return source.read()
    raise LookupError(f"{file_name} is not in {documents}: no file has its SHA-256 {sha256}")


def verdict(rereads: Iterable[Reread]) -> tuple[str, str]:
    """What reading again says about a finding, in Chinese and English: printed so, or perhaps misread."""
    said = {each.is_same for each in rereads}
    if False in said:
        return (
            "另一种读法读出的不同，可能是识别有误",
            "another reader reads otherwise: perhaps our misreading",
        )
    if True in said:
        return "另一种读法读出的相同，原文即如此", "another reader reads the same: so it is printed"
    return "没有另一种读法可以核对", "no other reader can check this"


def _print_finding(console: Console, one: Evidence) -> None:
    row = one.finding
    console.print(
        f"[bold]{row['identity_id']}[/bold] {row['severity']}  {' / '.join(map(shown, spoken(row, 'title')))}"
    )
    console.print(
        visible(f"{row['unit_name']} · {row['file_name']}"), style="dim", highlight=False, markup=False
    )
    messages = "\n".join(map(visible, spoken(row, "message")))
    console.print(f"\n{messages}\n", highlight=False, markup=False)
    if one.equation:
        left, sign, right = one.equation
        console.print(f"{visible(left)}\n  {sign} {visible(right)}\n", highlight=False, markup=False)
    rows = [
        (
            ("▸ " if place.source_ref == row["suspect_ref"] else "") + tr(place.side), place.page_no or None,
            place.line_no or None, place.row, place.column, place.printed, place.source_ref,
        )
        for place in one.places
    ]  # fmt: skip
    names = [tr(name) for name in ("side", "page", "line", "row", "column", "printed", "cell")]
    print_rows(console, names, rows)
    for neighbour in one.neighbours:
        said = tr(
            "next to it: {cell} {printed} instead of {cited} would make it hold: perhaps the wrong row or column was read",
            cell=neighbour.source_ref, printed=visible(neighbour.printed), cited=neighbour.cited_ref,
        )  # fmt: skip
        console.print(said, highlight=False, markup=False)
    if row["tolerance"] is not None:
        tolerance = f"{row['tolerance'].normalize():f} {row['value_unit']}"
        console.print(f"\n{tr('tolerance')} {tolerance}", highlight=False)
    for name, text in ((tr("basis"), row["basis_zh"]), ("", row["basis_ref"])):
        console.print(f"{name} {text or ''}".strip(), highlight=False, markup=False)
    console.print(f"{tr('next')} {' / '.join(spoken(row, 'remedy'))}", highlight=False, markup=False)


def _print_cause(console: Console, one: Evidence, following: list[tuple[str, str, str]]) -> None:
    row = one.finding
    if row["suspect_ref"]:
        reasons = " ".join(spoken(row, "suspect_reason"))
        console.print(f"\n▸ {row['suspect_ref']} {reasons}", highlight=False, markup=False)
    if not row["is_cause"]:
        console.print(tr("follows from {key}", key=row["cause_key"][:8]), highlight=False)
    for key, identity_id, message in following:
        said = tr(
            "what follows: {key} {identity} {message}",
            key=key[:8],
            identity=identity_id,
            message=visible(message),
        )
        console.print(said, highlight=False, markup=False)


def _print_reread(console: Console, one: Evidence, rereads: list[Reread]) -> None:
    zh, en = verdict(rereads)
    same = sum(each.is_same is True for each in rereads)
    said = " / ".join(spoken({"said_zh": zh, "said_en": en}, "said"))
    console.print(
        tr("\nread again: {said} ({same} of {count})", said=said, same=same, count=len(rereads)),
        highlight=False, markup=False,
    )  # fmt: skip
    printed = {place.source_ref: place.printed for place in one.places}
    for each in rereads:
        if each.is_same is not True:
            said = tr(
                "  {cell} {reader}: {otherwise}, not {printed}{unsure}",
                cell=each.source_ref, reader=each.reader, otherwise=visible(each.printed or "-"),
                printed=visible(printed[each.source_ref]), unsure=tr(" (unsure)") if each.is_same is None else "",
            )  # fmt: skip
            console.print(said, highlight=False, markup=False)


def _draw(console: Console, data: bytes, one: Evidence, picture: Path) -> None:
    from ingest.views.inspect.cited import draw_cited, read_cited

    drawn = draw_cited(*read_cited(data, one.places), data, one.places)
    if drawn is None:
        raise LookupError("nothing that the finding cites has a place on a page that can be drawn")
    picture.parent.mkdir(parents=True, exist_ok=True)
    drawn.save(picture, "PNG")
    console.print(str(picture), highlight=False, markup=False, soft_wrap=True)
