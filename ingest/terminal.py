"""Text that leaves the program: nothing in a document or a file name can control a terminal or break a log line."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment

_NAME = "mingzhang"
_ASTRAL = 0x10000


def program() -> str:
    """How the program is called from here: by its name where the path has it, else by its file."""
    called = Path(sys.argv[0])
    if called.stem != _NAME or shutil.which(_NAME):
        return _NAME
    return min(str(called), os.path.relpath(called), key=len)


def visible(text: object) -> str:
    """A text without characters that would control a terminal or hide text: controls, escapes, direction marks.

    White space that breaks a line becomes a space, so that the text stays on one line.
    """
    said = str(text)
    return said if said.isprintable() else "".join(map(_visible, said))


def _visible(char: str) -> str:
    if char in "\n\t\r":
        return " "
    return char if _is_plain(char) else "\ufffd"


def _is_plain(char: str) -> bool:
    """A letter, a sign, or a space of whatever width."""
    return char.isprintable() or unicodedata.category(char) == "Zs"


def visible_lines(text: object) -> str:
    """The same for a text of several lines, which stay separate."""
    return "\n".join(map(visible, str(text).split("\n")))


def shown(value: object) -> str:
    """A value for a printed table or message with markup: nothing in it is taken as markup or controls the terminal."""
    return "" if value is None else escape(visible(value))


def json_text(value: Any, indent: int | None = None) -> str:
    """A value as JSON that is safe on a terminal, in a log line and in any encoding; what is read back is the same.

    Without ``indent`` it is one line.
    """
    text = json.dumps(value, ensure_ascii=False, default=str, indent=indent)
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(char: str) -> str:
    if _is_plain(char) or char == "\n":  # JSON escapes those of texts: these are the lines of an indented one
        return char
    code = ord(char)
    if code < _ASTRAL:
        return f"\\u{code:04x}"
    high, low = divmod(code - _ASTRAL, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


class SafeConsole(Console):
    """A console on which no printed text controls the terminal, even where a caller forgot to escape it."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(emoji=False, **settings)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The printed segments; those that move the cursor are the console's own and pass unchanged."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(visible_lines(segment.text), segment.style)
