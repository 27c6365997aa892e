"""Archives: which members are documents, what they are called, and what they may cost."""

from __future__ import annotations

import hashlib
import io
import stat
import tracemalloc
import zipfile
from pathlib import Path
from zipfile import ZipInfo

import pytest

from ingest.config import Limits
from ingest.extraction.read import read_file
from ingest.inbox import sources
from ingest.inbox.sources import Source, find_sources
from ingest.outcomes import DocumentError, Reason


class _RawName(ZipInfo):
    """A member whose name is written in GB18030, without the mark of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits


def pack(members: dict[str, bytes], info: type[ZipInfo] = ZipInfo) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(info(name), content)
    return buffer.getvalue()


def found_in(path: Path, content: bytes, left_out: list[Source] | None = None) -> list[Source]:
    path.write_bytes(content)
    return list(find_sources([path], left_out))


def reason_of(source: Source) -> Reason:
    with pytest.raises(DocumentError) as raised:
        source.read()
    return raised.value.reason


def test_members_are_documents_of_their_own_and_hidden_files_are_none(tmp_path: Path) -> None:
    members = {
        "目录/部门决算.txt": b"one",
        "b.txt": b"two",
        "空/": b"",
        ".DS_Store": b"x",
        "__MACOSX/._b": b"x",
        "~$b.docx": b"x",
    }
    left_out: list[Source] = []
    found = found_in(tmp_path / "公开.zip", pack(members), left_out)
    assert [(source.name, source.refusal and source.refusal[0]) for source in left_out] == [
        ("公开.zip!/.DS_Store", Reason.HIDDEN_FILE),
        ("公开.zip!/__MACOSX/._b", Reason.HIDDEN_FILE),
        ("公开.zip!/~$b.docx", Reason.LOCK_FILE),
    ]
    assert [source.name for source in found] == ["公开.zip!/目录/部门决算.txt", "公开.zip!/b.txt"]
    assert [source.read() for source in found] == [b"one", b"two"]
    assert found[0].digest() == hashlib.sha256(b"one").hexdigest()


@pytest.mark.parametrize(
    "names", [["部门决算.txt"], ["单位预算公开表/一.txt", "a.txt", "2024年度部门决算报告（公开）.txt"]]
)
def test_names_in_gb18030_without_a_mark_are_found(tmp_path: Path, names: list[str]) -> None:
    found = found_in(tmp_path / "a.zip", pack(dict.fromkeys(names, b"x"), _RawName))
    assert [source.name for source in found] == [f"a.zip!/{name}" for name in names]


def test_an_archive_in_an_archive_stands_for_its_members(tmp_path: Path) -> None:
    inner = pack({"一.txt": b"1", "二.txt": b"2"})
    found = found_in(tmp_path / "a.zip", pack({"inner.bin": inner, "三.txt": b"3"}))
    assert [(source.name, source.read()) for source in found] == [
        ("a.zip!/inner.bin!/一.txt", b"1"),
        ("a.zip!/inner.bin!/二.txt", b"2"),
        ("a.zip!/三.txt", b"3"),
    ]


@pytest.mark.parametrize("name", ["../a.txt", "x/../../a.txt", "/etc/a.txt", "C:\\a.txt", "..\\a.txt"])
def test_a_path_that_leads_out_is_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    found = found_in(tmp_path / "a.zip", pack({name: b"out", "in.txt": b"in"}))
    assert [reason_of(found[0]), found[1].read()] == [Reason.ARCHIVE_UNSAFE, b"in"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    assert reason_of(found_in(tmp_path / "a.zip", buffer.getvalue())[0]) is Reason.ARCHIVE_UNSAFE


def test_all_that_a_file_holds_has_one_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LIMITS", Limits(members=9))
    inner = pack({f"{number}.txt": b"x" for number in range(4)})
    found = found_in(tmp_path / "a.zip", pack({"1.zip": inner, "2.zip": inner, "z.txt": b"z"}))
    assert [source.name for source in found if source.refusal] == ["a.zip!/2.zip"]
    assert reason_of(found[-2]) is Reason.ARCHIVE_UNSAFE
    assert len(found) == 4 + 1 + 1
    assert found[-1].read() == b"z"


def test_a_changed_archive_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    assert found_in(path, pack({"a.txt": b"first"}))[0].read() == b"first"
    assert found_in(path, pack({"a.txt": b"the second"}))[0].read() == b"the second"


def test_one_bad_member_does_not_lose_the_others(tmp_path: Path) -> None:
    """A wrong checksum, an unsupported method, encryption, an unsafe path, false sizes, shared bytes, no local header."""
    texts = {f"{number}.txt": f"text {number} ".encode() * 200 for number in range(9)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in texts.items():
            archive.writestr(name, content)
        listed = archive.filelist
        listed[0].CRC ^= 1
        listed[1].compress_type = 93
        listed[2].flag_bits |= 1
        listed[3].filename = "../3.txt"
        listed[4].file_size = 10  # it holds more
        listed[5].file_size += 10  # it holds less
        listed[6].file_size = 2**31
        listed[7].compress_size += 20  # it would reach into the next
    found = found_in(tmp_path / "a.zip", buffer.getvalue())
    reasons = {}
    for source in found:
        try:
            assert source.read() == texts["8.txt"]
        except DocumentError as error:
            reasons[source.name.removeprefix("a.zip!/")] = error.reason
    assert reasons == {
        "0.txt": Reason.ARCHIVE_DAMAGED, "1.txt": Reason.ARCHIVE_UNSUPPORTED, "2.txt": Reason.ARCHIVE_ENCRYPTED,
        "../3.txt": Reason.ARCHIVE_UNSAFE, "4.txt": Reason.ARCHIVE_DAMAGED, "5.txt": Reason.ARCHIVE_DAMAGED,
        "6.txt": Reason.FILE_TOO_LARGE, "7.txt": Reason.ARCHIVE_UNSAFE,
    }  # fmt: skip
    assert len(found) == 9


def test_members_beyond_what_one_file_may_expand_to_are_refused_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = pack({"b.txt": b"b" * 5})
    monkeypatch.setattr(sources, "LIMITS", Limits(expanded_bytes=15 + len(inner)))
    members = {"a.txt": b"a" * 10, "big.txt": b"c" * (10 + len(inner)), "in.zip": inner, "z.txt": b"z" * 5}
    found = found_in(tmp_path / "a.zip", pack(members))
    assert [(source.name, source.refusal and source.refusal[0]) for source in found] == [
        ("a.zip!/a.txt", None),
        ("a.zip!/big.txt", Reason.ARCHIVE_UNSAFE),
        ("a.zip!/in.zip!/b.txt", Reason.ARCHIVE_UNSAFE),
        ("a.zip!/z.txt", None),
    ]


@pytest.mark.parametrize("suffix", ["zip", "docx"])
def test_a_size_that_lies_is_bounded_while_reading(tmp_path: Path, suffix: str) -> None:
    """A member of 200 MB that claims 1000 bytes costs what it claims, in an archive and in a Word file."""
    buffer = io.BytesIO()
    name = "word/document.xml" if suffix == "docx" else "a.txt"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if suffix == "docx":
            archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(name, bytes(200 * 2**20))
        archive.filelist[-1].file_size = 1000
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(buffer.getvalue())
    tracemalloc.start()
    try:
        outcome, _ = read_file(next(find_sources([path])))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.reason_code == (Reason.OFFICE_DAMAGED if suffix == "docx" else Reason.ARCHIVE_DAMAGED)
    assert peak < 20 * 2**20


def test_names_of_members_that_would_steer_a_terminal_are_escaped(tmp_path: Path) -> None:
    found = found_in(tmp_path / "a.zip", pack({"a\x1b[0m\u202e/b\nc.txt": b"x"}))
    assert [source.name for source in found] == ["a.zip!/a\\u001b[0m\\u202e/b\\u000ac.txt"]
    assert found[0].read() == b"x"
