"""Folders as found in practice: names that are not text, FIFOs and devices, folders that cannot be listed, links."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.config import PROJECT_ROOT, Limits
from ingest.extraction import extract, read
from ingest.inbox import sources, walk
from ingest.inbox.sources import Source, find_sources
from ingest.inbox.walk import find_files, open_file
from ingest.outcomes import DocumentError, Reason
from ingest.runs.build import ingest_files

GBK = "部门决算.txt".encode("gbk")
AWKWARD = {
    GBK: "部门决算.txt",
    "湖北.txt".encode("big5"): "湖北.txt",
    b"\xff.txt": "\\xff.txt",
    b"a\x1b[31mb.txt": "a\\u001b[31mb.txt",
    b"a\nb.txt": "a\\u000ab.txt",
    "a\u202efdp.txt".encode(): "a\\u202efdp.txt",
    b"a\\xffb.txt": "a\\\\xffb.txt",
    b"[/x].txt": "[/x].txt",
    "部门　预算 (公开).txt".encode(): "部门　预算 (公开).txt",
}


def fill(folder: Path, names: dict[bytes, str] = AWKWARD) -> None:
    for number, name in enumerate(names):
        path = folder / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"这是第{number}份文本。\n", encoding="utf-8")


def found_in(folder: Path) -> dict[str, Reason | None]:
    return {found.name: found.refusal[0] if found.refusal else None for found in find_files([folder])}


@pytest.mark.parametrize(("raw", "text"), AWKWARD.items())
def test_a_name_is_text_and_its_file_is_opened_by_its_real_name(
    tmp_path: Path, raw: bytes, text: str
) -> None:
    fill(tmp_path, {raw: text})
    [found] = find_files([tmp_path])
    assert (found.name, os.fsencode(found.path.relative_to(tmp_path))) == (text, raw)
    assert open_file(found.path).read().decode().startswith("这是第0份")
    found.name.encode()  # no lone surrogate
    assert not any(ord(char) < 32 or char in "\x7f\u202e" for char in found.name)


def test_names_that_would_read_alike_are_told_apart(tmp_path: Path) -> None:
    fill(tmp_path, {GBK: "", "部门决算.txt".encode(): ""})
    names = list(found_in(tmp_path))
    assert sorted(names) == ["\\xb2\\xbf\\xc3ž\\xf6\\xcb\\xe3.txt", "部门决算.txt"]


def test_a_name_is_the_path_below_the_folder_given(tmp_path: Path) -> None:
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "决算.txt").write_text(year)
    given = [tmp_path, tmp_path / "2024", tmp_path / "2023" / "决算.txt"]
    assert [source.name for source in find_sources(given)] == ["2023/决算.txt", "2024/决算.txt"]
    assert [source.name for source in find_sources(given[::-1])] == ["决算.txt", "决算.txt"]


def test_what_is_no_file_is_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.pdf")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        for name in ("~$决算.docx", ".~lock.决算.docx#", ".hidden", "决算.txt"):
            (tmp_path / name).write_text("x")
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "config").write_text("x")
        left_out: list[Source] = []
        found = list(find_sources([tmp_path], left_out))
    assert [source.name for source in found] == ["决算.txt"]
    assert {source.name: source.refusal[0] for source in left_out if source.refusal} == {
        "fifo.pdf": Reason.NOT_A_FILE, "s": Reason.NOT_A_FILE, "~$决算.docx": Reason.LOCK_FILE,
        ".~lock.决算.docx#": Reason.LOCK_FILE, ".hidden": Reason.HIDDEN_FILE, ".git": Reason.HIDDEN_FILE,
    }  # fmt: skip
    assert [source.digest() for source in left_out] == [None] * 6
    given = list(find_files([tmp_path / "fifo.pdf"]))
    assert [each.refusal and each.refusal[0] for each in given] == [Reason.NOT_A_FILE]


def test_a_fifo_that_took_a_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    source = Source("a.txt", tmp_path / "a.txt")
    assert source.digest() is None
    with pytest.raises(DocumentError, match="FIFO"):
        source.read()


def test_links_are_followed_within_the_folder_only(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inbox / "2024", outside):
        folder.mkdir(parents=True)
        (folder / "决算.txt").write_text(folder.name)
    for name, target in {
        "broken.pdf": "nothing",
        "loop": "loop",
        "out": str(outside),
        "out.txt": str(outside / "决算.txt"),
        "above": "..",
        "here": ".",
        "2024b": "2024",
        "inside.txt": "2024/决算.txt",
    }.items():
        (inbox / name).symlink_to(target)
    assert found_in(inbox) == {
        "broken.pdf": Reason.FILE_UNREADABLE, "loop": Reason.FILE_UNREADABLE, "out": Reason.LINK_OUTSIDE,
        "out.txt": Reason.LINK_OUTSIDE, "above": Reason.LINK_OUTSIDE, "here": Reason.LINK_REPEATED,
        "2024b": Reason.LINK_REPEATED, "inside.txt": None, "2024/决算.txt": None,
    }  # fmt: skip
    (tmp_path / "linked").symlink_to(inbox)
    assert found_in(tmp_path / "linked") == found_in(inbox)


def test_a_folder_that_cannot_be_listed_is_named_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("2023", "2024"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "决算.txt").write_text(name)
    forbid(monkeypatch, tmp_path / "2023")
    assert found_in(tmp_path) == {"2023": Reason.FILE_UNREADABLE, "2024/决算.txt": None}


def forbid(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make a folder one that cannot be listed, also for root."""
    listed = os.scandir

    def scandir(path: Path) -> Iterator[os.DirEntry[str]]:
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(walk.os, "scandir", scandir)


@pytest.mark.parametrize("jobs", [0, 2])
def test_awkward_names_go_through_ingest_and_every_file_is_accounted_for(tmp_path: Path, jobs: int) -> None:
    inbox, build_file = tmp_path / "in", tmp_path / "b.duckdb"
    inbox.mkdir()
    fill(inbox)
    os.mkfifo(inbox / "fifo")
    (inbox / "gone.pdf").symlink_to("nothing")
    told = []
    totals = ingest_files([inbox], build_file, "r", jobs, lambda outcome, *_: told.append(outcome))
    assert (totals.seen, totals.quarantined, totals.left_out) == (len(AWKWARD) + 1, len(AWKWARD) + 1, 1)
    assert len(told) == totals.seen + totals.left_out
    with duckdb.connect(str(build_file), read_only=True) as con:
        rows = con.execute("select file_name, outcome, reason_code, message from raw.outcome").fetchall()
        assert con.execute("select files_seen, files_left_out from raw.load_run").fetchall() == [
            (totals.seen, 1)
        ]
    assert {name: code for name, outcome, code, _ in rows if outcome == "quarantined"} == {
        "gone.pdf": "FILE_UNREADABLE"
    } | dict.fromkeys(AWKWARD.values(), "NOT_A_DISCLOSURE")
    assert [row for row in rows if row[1] == "left_out"] == [
        ("fifo", "left_out", "NOT_A_FILE", "fifo: a FIFO, which holds no document")
    ]
    assert all(message.startswith(f"{name}: ") for name, _, _, message in rows)


def test_the_command_tells_awkward_names_in_json_lines(tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    fill(inbox)
    (inbox / ".hidden").write_text("x")
    command = ["-m", "ingest", "ingest", str(inbox), "--build-file", str(tmp_path / "b.duckdb")]
    done = subprocess.run([sys.executable, *command, "--jobs", "1"], cwd=PROJECT_ROOT, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    events = [json.loads(line) for line in done.stderr.decode().split("\n") if line]
    named = {event["file_name"]: event["outcome"] for event in events if event["stage"] == "extract"}
    assert named == dict.fromkeys(AWKWARD.values(), "quarantined") | {".hidden": "left_out"}
    assert "1 left out" in done.stdout.decode()
    assert "\x1b" not in done.stdout.decode()


def test_a_run_takes_no_more_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcd":
        (tmp_path / f"{name}.txt").write_text(name * 10)
    os.mkfifo(tmp_path / "e.txt")
    for limits in (Limits(run_files=2), Limits(run_bytes=11)):
        monkeypatch.setattr(sources, "LIMITS", limits)
        left_out: list[Source] = []
        found = list(find_sources([tmp_path], left_out))
        refused = {source.name: source.refusal[0] for source in found if source.refusal}
        assert refused == {"c.txt": Reason.RUN_TOO_LARGE, "d.txt": Reason.RUN_TOO_LARGE}
        assert [source.read() for source in found[:2]] == [b"a" * 10, b"b" * 10]
        assert [source.digest() for source in found[2:]] == [None, None]
        assert [source.name for source in left_out] == ["e.txt"]


def test_a_message_with_a_lone_surrogate_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: bytes) -> None:
        raise DocumentError(Reason.OFFICE_DAMAGED, "part a\ud800b")

    monkeypatch.setattr(extract, "extract", refuse)
    (tmp_path / "a.txt").write_text("x")
    outcome, _ = read.read_rows(Source("a.txt", tmp_path / "a.txt"))
    assert outcome.message == "a.txt: part a\\ud800b"
