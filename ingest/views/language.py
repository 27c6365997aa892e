"""The language in which the command line speaks: English, or Chinese by ``LANG`` or ``--lang``.

Texts are written in English where they are used; ``messages.csv`` has the Chinese of each. Codes are the same in both.
"""

from __future__ import annotations

import gettext
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import typer
import typer.rich_utils  # loaded, so that its texts are translated too
from typer.main import get_command

from ingest.seeds import seed_rows

MESSAGES = Path(__file__).with_name("messages.csv")
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first of them that is set decides, as for other programs."""
_PLACE = re.compile(r"{(\w+)}")
_EXAMPLE = "Example: "
_TEXTS = ("_HELP", "_STRING", "_TEXT", "_TITLE")
"""How the names of Typer's constants end that are texts."""
_SPEAKING = {"format_message", "get_usage"}
"""The methods of Typer's errors and commands that make a text."""


class Language(StrEnum):
    """A language of the command line."""

    en = "en"
    zh = "zh"


_spoken = Language.en


def speak(language: Language) -> None:
    """Speak a language from now on."""
    global _spoken
    _spoken = language


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that an environment asks for."""
    said = next((value for name in _VARIABLES if (value := environment.get(name))), "")
    return Language.zh if said.startswith("zh") else Language.en


def take_language(arguments: Sequence[str]) -> tuple[Language | None, list[str]]:
    """The language that ``--lang`` names, wherever it stands before ``--``, and the other arguments.

    A language that is not there stays among the arguments, for the parser to refuse.
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    for at, argument in enumerate(arguments[:end]):
        name, sign, value = argument.partition("=")
        if name == "--lang":
            taken = 1 if sign else 2
            value = value if sign else "".join(arguments[at + 1 : at + 2])
            if value in list(Language):
                return Language(value), [*arguments[:at], *arguments[at + taken :]]
    return None, list(arguments)


def tr(text: str, **values: Any) -> str:
    """A text of the program in the language that is spoken, its ``{places}`` filled."""
    chosen = _messages().get(text, text) if _spoken is Language.zh else text
    return chosen.format(**values) if values else chosen


def translated(message: object) -> str:
    """A message that was made far below, in English, in the language that is spoken.

    It is known by the text that it was made of, line by line; what nothing knows stays as it is.
    """
    return str(message) if _spoken is Language.en else in_chinese(message)


def in_chinese(message: object) -> str:
    """A message that was made in English, in Chinese whatever is spoken: pages have both languages."""
    return "\n".join(_line_translated(line) for line in str(message).split("\n"))


def spoken(row: Mapping[str, Any], name: str) -> list[Any]:
    """Of a text that a row has in both languages (``name_zh``, ``name_en``): the Chinese, and for readers of English theirs too."""
    names = (f"{name}_zh",) if _spoken is Language.zh else (f"{name}_zh", f"{name}_en")
    return [row[each] for each in names if row[each] is not None]


def localise(app: typer.Typer) -> Any:
    """The command of an application with its help, and what the parser says, in the language that is spoken."""
    command = get_command(app)
    if _spoken is Language.zh:
        for each in commands(command):
            each.help = _help_translated(each.help)
            for parameter in [
                *each.params,
                each.get_help_option(each.make_context("", [], resilient_parsing=True)),
            ]:
                parameter.help = _help_translated(getattr(parameter, "help", None))
        _localise_parser()
    return command


def commands(command: Any) -> Iterator[Any]:
    """A command and all below it."""
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from commands(each)


def help_lines(text: str | None) -> list[str]:
    """The lines of a help text that are translated: an example stays as it is."""
    lines = [line.partition(_EXAMPLE)[0].strip() for line in (text or "").split("\n")]
    return [line for line in lines if line]


def _help_translated(text: str | None) -> str | None:
    if text is None:
        return None
    return "\n".join(
        f"{tr(before.strip())} {tr(_EXAMPLE) if sign else ''}{example}".strip()
        for before, sign, example in (line.partition(_EXAMPLE) for line in text.split("\n"))
    )


def _localise_parser() -> None:
    """Typer's own texts: what its modules look up when they speak, what they looked up when they were loaded, and its messages."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "typer":
            continue
        for attribute, value in list(vars(module).items()):
            if value is gettext.gettext:
                setattr(module, attribute, tr)
            elif attribute.endswith(_TEXTS) and isinstance(value, str):
                setattr(module, attribute, tr(value))
            elif isinstance(value, type):
                for method in _SPEAKING & vars(value).keys():
                    setattr(value, method, _translating(getattr(value, method)))


def _translating(method: Callable[..., str]) -> Callable[..., str]:
    return lambda *arguments: translated(method(*arguments))


@cache
def _messages() -> dict[str, str]:
    return {row["en"]: row["zh"] for row in seed_rows(MESSAGES)}


@cache
def _templates() -> list[tuple[list[str], str]]:
    """The texts with places, cut at these (a text, a place, a text …), each with its Chinese; those that say most come first."""
    cut = [(_PLACE.split(en), zh) for en, zh in _messages().items()]
    return sorted(
        ((pieces, zh) for pieces, zh in cut if len(pieces) > 1), key=lambda each: -len("".join(each[0][::2]))
    )


def _line_translated(line: str) -> str:
    whole = _messages().get(line)
    if whole is not None:
        return whole
    for pieces, zh in _templates():
        values = _filled(line, pieces)
        if values is not None:
            return zh.format(**values)
    name, colon, rest = line.partition(": ")
    return f"{name}{colon}{_line_translated(rest)}" if rest else line


def _filled(line: str, pieces: Sequence[str]) -> dict[str, str] | None:
    """What stands at the places of a text that a line was made of; None where it was made of another.

    Each text ends at the first occurrence of the next one, so that the time is linear in the length of the line.
    """
    texts, places = pieces[::2], pieces[1::2]
    end = len(line) - len(texts[-1])
    if not line.startswith(texts[0]) or not line.endswith(texts[-1]):
        return None
    values, at = {}, len(texts[0])
    for place, text in zip(places[:-1], texts[1:-1], strict=True):
        found = line.find(text, at, end)
        if found < 0:
            return None
        values[place], at = line[at:found], found + len(text)
    return values | {places[-1]: line[at:end]} if at <= end else None
