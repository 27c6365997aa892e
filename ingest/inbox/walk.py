"""Finds the files of folders and gives each a name that is text. Nothing is opened here, and nothing is skipped silently.

A name on disk is bytes. Only here does it become text, safe for every table, listing, log and message.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.outcomes import DocumentError, Reason
from ingest.readers.plain.charset import decode_names

Refusal = tuple[Reason, str]
"""Why something is not read: the code, and what is wrong."""
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Characters that print nothing and control the display: control characters, direction marks, line separators, lone surrogates."""
_FIRST_UNDECODED, _LAST_UNDECODED = 0xDC80, 0xDCFF
"""The surrogates by which Python shows the bytes 0x80 to 0xff of a name that is not UTF-8."""
_KINDS = ((stat.S_ISFIFO, "a FIFO"), (stat.S_ISSOCK, "a socket"), (stat.S_ISDIR, "a folder"))


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a folder that cannot be listed. ``name`` is its path below the folder given, as text; ``path`` opens it.

    ``refusal`` says why it must not be opened, or cannot be. ``state`` tells of a file that is not on this machine whether it
    has changed: its size and when it was changed.
    """

    name: str
    path: Path
    refusal: Refusal | None = None
    state: tuple[int, ...] = ()


def find_files(paths: Iterable[Path]) -> Iterator[Found]:
    """Everything at and below the paths, each once, in a stable order; folders that can be listed are not included.

    Links to files within a folder are followed, links to folders are not. Raises FileNotFoundError for a path that
    does not exist.
    """
    seen: set[Path] = set()
    for given in paths:
        if not given.exists():
            raise FileNotFoundError(f"no such file or folder: {given}")
        for found in _below(given) if given.is_dir() else [_alone(given)]:
            if found.path not in seen:
                seen.add(found.path)
                yield found


def open_file(path: Path) -> io.FileIO:
    """Open a file, unbuffered. Never waits for a FIFO or device: raises DocumentError(NOT_A_FILE), or OSError."""
    file = io.FileIO(path, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))
    refusal = _not_a_file(os.fstat(file.fileno()).st_mode)
    if refusal:
        file.close()
        raise DocumentError(*refusal)
    return file


def set_aside(name: str) -> Refusal | None:
    """Why something with this name is not a document: a hidden file, or a lock file that an Office program leaves."""
    if name.startswith(("~$", ".~lock.")):
        return Reason.LOCK_FILE, "the mark of an Office program on a document that is open"
    if name.startswith(".") or name == "__MACOSX":
        return Reason.HIDDEN_FILE, "a hidden file or folder"
    return None


def name_text(name: str) -> str:
    """A name as text. If it is not UTF-8, Chinese encodings are tried; other bytes and control characters are escaped.

    ``\\xNN`` is a byte that is not text, ``\\uNNNN`` a character, ``\\\\`` a backslash.
    """
    raw = os.fsencode(name)
    try:
        return escaped(raw.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    try:
        return escaped((decode_names([raw]) or [raw.decode("gbk")])[0])
    except UnicodeDecodeError:
        return escaped(raw.decode("utf-8", "surrogateescape"))


def escaped(text: str) -> str:
    """Text without anything that controls a terminal, a log or a web page, or that cannot be written as UTF-8."""
    return "".join(map(_escaped, text)) if "\\" in text or not text.isprintable() else text


def _escaped(char: str) -> str:
    code = ord(char)
    if char == "\\":
        return "\\\\"
    if _FIRST_UNDECODED <= code <= _LAST_UNDECODED:
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(char) in _STEERING:
        return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return char


def _alone(given: Path) -> Found:
    path = Path(os.path.realpath(given.parent), given.name)
    try:
        return Found(name_text(given.name), path, _not_a_file(given.stat().st_mode))
    except OSError as error:
        return Found(name_text(given.name), path, _unreadable("the file cannot be looked at", error))


def _below(given: Path) -> Iterator[Found]:
    root = Path(os.path.realpath(given))
    waiting = [(Found("", root), True)]
    while waiting:
        found, is_folder = waiting.pop()
        if is_folder:
            waiting += reversed(_entries(found, root))
        else:
            yield found


def _entries(folder: Found, root: Path) -> list[tuple[Found, bool]]:
    """The entries of a folder, each with whether to descend into it; the folder itself where it cannot be listed."""
    try:
        with os.scandir(folder.path) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError as error:
        name = folder.name or name_text(folder.path.name)
        return [
            (replace(folder, name=name, refusal=_unreadable("the folder cannot be listed", error)), False)
        ]
    before = f"{folder.name}/" if folder.name else ""
    names = _names([entry.name for entry in entries])
    return [_judged(entry, before + name, root) for entry, name in zip(entries, names, strict=True)]


def _names(names: list[str]) -> list[str]:
    """The names of one folder as text, all different: where two would be equal, the one that is not UTF-8 is escaped."""
    texts = [name_text(name) for name in names]
    count = Counter(texts)
    return [text if count[text] == 1 else escaped(name) for name, text in zip(names, texts, strict=True)]


def _judged(entry: os.DirEntry[str], name: str, root: Path) -> tuple[Found, bool]:
    found = Found(name, Path(entry.path))
    try:
        refusal = set_aside(entry.name)
        if refusal is None and entry.is_dir(follow_symlinks=False):
            return found, True
        if refusal is None:
            mode = entry.stat(follow_symlinks=False).st_mode
            refusal = _link(found.path, root) if stat.S_ISLNK(mode) else _not_a_file(mode)
    except OSError as error:
        refusal = _unreadable("it cannot be looked at", error)
    return replace(found, refusal=refusal), False


def _link(path: Path, root: Path) -> Refusal | None:
    """Why a link is not followed. Raises OSError where its target cannot be examined."""
    try:
        target = Path(os.path.realpath(path, strict=True))
    except OSError as error:
        return _unreadable("a link that leads to nothing", error)
    if not target.is_relative_to(root):
        return Reason.LINK_OUTSIDE, "a link that leads out of the folder"
    mode = target.stat().st_mode
    if stat.S_ISDIR(mode):
        return Reason.LINK_REPEATED, "a link to a folder that is looked into where it lies"
    return _not_a_file(mode)


def _not_a_file(mode: int) -> Refusal | None:
    if stat.S_ISREG(mode):
        return None
    kind = next((kind for is_kind, kind in _KINDS if is_kind(mode)), "a device")
    return Reason.NOT_A_FILE, f"{kind}, which holds no document"


def _unreadable(what: str, error: OSError) -> Refusal:
    return Reason.FILE_UNREADABLE, f"{what}: {error.strerror}"
