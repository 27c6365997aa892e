"""Files that URIs name are listed as those of a folder are, and nothing here takes them for files of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.inbox.inventory import look_through
from ingest.inbox.remote import FETCHED_BYTES, RemoteFile, find_remote, given_path, uri_of, whole_path
from ingest.inbox.walk import Found, find_files
from ingest.outcomes import Reason

_ROOT = "hdfs://name:8020/公开 2024"


def _listed(folder: Path) -> list[RemoteFile]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        RemoteFile(f"{_ROOT}/{below}", str(below), path.stat().st_size, path.stat().st_mtime_ns)
        for path in reversed(files)
        for below in [path.relative_to(folder)]
    ]


@pytest.mark.parametrize("uri", [_ROOT, "s3a://bucket/a%20b//c", "file:/tmp/x", "hdfs:///x?y=[1]"])
def test_a_uri_comes_back_as_it_was(uri: str) -> None:
    found = find_remote([RemoteFile(uri, "x.pdf", 1, 1)])
    assert uri_of(found[0].path) == uri
    assert whole_path(found[0].path) == found[0].path
    assert not found[0].path.exists()


def test_a_path_is_no_uri() -> None:
    assert [uri_of(Path(text)) for text in ("a", "a/b", "/a:/b", "a%20b", "C%3A", ".")] == [None] * 6
    assert given_path("公开/a") == Path("公开/a")
    assert uri_of(given_path("s3a://bucket/x")) == "s3a://bucket/x"


def test_files_are_found_as_in_a_folder(tmp_path: Path) -> None:
    for name in (
        "b.pdf",
        "a/z.pdf",
        "a-b/x.pdf",
        "a.pdf",
        ".git/config",
        ".git/x/y",
        "c/.hidden",
        "~$b.docx",
        "\u202eb.pdf",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
    here = [(found.name, found.refusal) for found in find_files([tmp_path])]
    assert [(found.name, found.refusal) for found in find_remote(_listed(tmp_path))] == here


def test_what_is_too_large_is_not_fetched() -> None:
    [found] = find_remote([RemoteFile(f"{_ROOT}/a.pdf", "a.pdf", FETCHED_BYTES + 1, 1)])
    assert found.refusal
    assert found.refusal[0] is Reason.FILE_TOO_LARGE
    inventory = look_through([found], None, lambda unseen: [{} for _ in unseen])
    assert [(seen.place, seen.sha256) for seen in inventory.seen] == [("a.pdf", None)]


def test_what_has_not_changed_is_not_looked_at_again(tmp_path: Path) -> None:
    def look_at(found: object) -> list[object]:
        looked.extend(each.name for each in found)  # type: ignore[attr-defined]
        return [
            {"state": list(each.state), "is_settled": True, "sources": [[each.name, [], None, "abc"]], "left_out": [], "byte_size": 1}
            for each in found  # type: ignore[attr-defined]
        ]  # fmt: skip

    looked: list[str] = []

    def found(changed: int) -> list[Found]:
        return find_remote([RemoteFile(f"{_ROOT}/{name}", name, 1, changed) for name in ("a.pdf", "b.pdf")])

    for listed in (found(1), found(1), found(2)):
        look_through(listed, tmp_path / "memory", look_at)  # type: ignore[arg-type]
    assert looked == ["a.pdf", "b.pdf"] * 2
