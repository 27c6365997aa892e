"""A refresh withdraws removed files, and nothing that it could not see: its plan, without dbt."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

from ingest.config import Limits, Run
from ingest.inbox import sources, walk
from ingest.outcomes import Reason
from ingest.releases.store import Manifest, ReleaseStore
from ingest.runs.plan import Plan
from ingest.runs.refresh import Options, read_and_plan, rules_of, workplace
from ingest.version import extractor_version, project_version
from ingest.warehouse.publish import combine
from samples.documents import KINDS
from samples.media import render

DOCUMENTS = ("2023/决算.txt", "2024/决算.txt", "预算.txt", "公开.zip!/a/一.txt", "公开.zip!/二.txt")
BELOW_2024, BELOW_ZIP = {DOCUMENTS[1]}, {DOCUMENTS[3], DOCUMENTS[4]}


@dataclass
class Inbox:
    """An inbox with five documents, and the plans of refreshes of it."""

    root: Path
    told: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / "in"

    def fill(self) -> None:
        content = [
            render(KINDS["tabbed_budget"](Random(name), name), "utf-8", Random(name)).content
            for name in DOCUMENTS
        ]
        for name, data in zip(DOCUMENTS[:3], content, strict=False):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(data)
        with zipfile.ZipFile(self.folder / "公开.zip", "w") as archive:
            for name, data in zip(DOCUMENTS[3:], content[3:], strict=True):
                archive.writestr(name.partition("!/")[2], data)

    def plan(self, base: Manifest | None) -> tuple[Plan, Manifest]:
        """What a refresh would do upon ``base``, and the release that it would make."""
        store = ReleaseStore(self.root / "w.duckdb")
        options = Options(self.folder, store.warehouse, jobs=0)
        place = workplace(
            options, Run(), store, lambda *_: None, lambda stage, said: self.told.append(f"{stage}: {said}")
        )
        store.folder.mkdir(exist_ok=True)
        plan = read_and_plan(place, base, place.look(), rules_of(options))
        manifest = Manifest(
            "r", place.started_at, extractor_version(), project_version(), "hold", False, combine({}), {}, {},
            plan.files, [], plan.documents,
        )  # fmt: skip
        return plan, manifest


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    inbox = Inbox(tmp_path)
    inbox.fill()
    return inbox


def refusing(monkeypatch: pytest.MonkeyPatch, name: str, part: str) -> None:
    """Make the system call ``name`` of the walk refuse paths that end in ``part``."""
    original = getattr(os, name)

    def refuse(path: str | Path, *rest: object) -> object:
        if str(path).endswith(part):
            raise OSError(errno.EIO, "Input/output error")
        return original(path, *rest)

    monkeypatch.setattr(walk.os, name, refuse)


def unlistable(_inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, "scandir", "/2024")


def unopenable(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox.folder / "2024" / "决算.txt").touch()
    refusing(monkeypatch, "open", "2024/决算.txt")


def linked_out(inbox: Inbox, _monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.move(inbox.folder / "2024", inbox.root / "elsewhere")
    (inbox.folder / "2024").symlink_to(inbox.root / "elsewhere")


def broken_link(inbox: Inbox, _monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(inbox.folder / "2024")
    (inbox.folder / "2024").symlink_to(inbox.root / "nothing")


def cut_archive(inbox: Inbox, _monkeypatch: pytest.MonkeyPatch) -> None:
    path = inbox.folder / "公开.zip"
    path.write_bytes(path.read_bytes()[:-30])


def error_page(inbox: Inbox, _monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox.folder / "公开.zip").write_text("<html><body>502 Bad Gateway</body></html>")


def one_member(inbox: Inbox, _monkeypatch: pytest.MonkeyPatch) -> None:
    path = inbox.folder / "公开.zip"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r", 1))  # the first member's bytes


def full_run(_inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LIMITS", Limits(run_files=1))


Accident = Callable[[Inbox, pytest.MonkeyPatch], None]


@pytest.mark.parametrize(
    ("accident", "unseen", "reason"),
    [
        (unlistable, BELOW_2024, Reason.FILE_UNREADABLE),
        (unopenable, BELOW_2024, Reason.FILE_UNREADABLE),
        (linked_out, BELOW_2024, Reason.LINK_OUTSIDE),
        (broken_link, BELOW_2024, Reason.FILE_UNREADABLE),
        (cut_archive, BELOW_ZIP, Reason.ARCHIVE_DAMAGED),
        (error_page, BELOW_ZIP, Reason.NOT_A_DISCLOSURE),
        (one_member, {DOCUMENTS[3]}, Reason.ARCHIVE_DAMAGED),
        (full_run, set(DOCUMENTS[1:]), Reason.RUN_TOO_LARGE),
    ],
)
def test_what_cannot_be_seen_stays_published_as_it_was(
    inbox: Inbox, accident: Accident, unseen: set[str], reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, base = inbox.plan(None)
    assert {each.file_name for each in base.loaded} == set(DOCUMENTS)
    inbox.told.clear()
    with monkeypatch.context() as patched:
        accident(inbox, patched)
        plan, then = inbox.plan(base)
        again, _ = inbox.plan(then)
    for each in (plan, again):
        assert not each.touched
        assert {sha: document for sha, document in each.documents.items() if document.is_loaded} == {
            document.sha256: document for document in base.loaded
        }
    refused = {str(code) for *_, code in plan.files if code} | {
        str(each.reason_code) for each in plan.documents.values() if not each.is_loaded
    }
    assert refused == {str(reason)}
    [said] = {line for line in inbox.told if "cannot be seen" in line}
    assert said.startswith(f"plan: {len(unseen)} documents cannot be seen and stay published: ")
    assert all(name in said for name in unseen)


def test_what_is_seen_again_is_as_if_nothing_had_been(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    _, base = inbox.plan(None)
    early = {sha: replace(each, seen_at="2026-01-01 00:00:00") for sha, each in base.documents.items()}
    base = replace(base, documents=early)
    with monkeypatch.context() as patched:
        unlistable(inbox, patched)
        _, then = inbox.plan(base)
    plan, _ = inbox.plan(then)
    assert (plan.documents, plan.files) == (base.documents, base.files)


def test_what_has_gone_is_withdrawn(inbox: Inbox) -> None:
    _, base = inbox.plan(None)
    shutil.rmtree(inbox.folder / "2024")
    (inbox.folder / "公开.zip").unlink()
    (inbox.folder / "公开.zip.txt").write_text("x")  # no archive in its place
    plan, _ = inbox.plan(base)
    assert {base.documents[sha].file_name for sha in plan.removed} == BELOW_2024 | BELOW_ZIP
    assert not any("cannot be seen" in line for line in inbox.told)


def test_what_is_left_out_is_told_once(inbox: Inbox) -> None:
    (inbox.folder / "~$决算.docx").write_text("x")
    os.mkfifo(inbox.folder / "2024" / "fifo")
    plan, base = inbox.plan(None)
    aside = [("2024/fifo", Reason.NOT_A_FILE), ("~$决算.docx", Reason.LOCK_FILE)]
    assert [(each.file_name, each.reason_code) for each in plan.left_out] == aside
    assert not {"2024/fifo", "~$决算.docx"} & {name for name, *_ in plan.files}
    base = replace(base, left_out=[[name, str(code)] for name, code in aside])
    assert not inbox.plan(base)[0].left_out
