"""The time of each pattern is linear in the length of the text, whatever a document prints.

``re`` does not count its steps, so time is measured. Each pattern is tried on long texts made of its own parts: what stands
before one of its repetitions, what that repetition repeats, again and again, and an end that does not fit. Four times
as much of a text may not take eight times as long.
"""

from __future__ import annotations

import ast
import importlib
import re
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from re import (
    _compiler,  # type: ignore[attr-defined]
    _parser,  # type: ignore[attr-defined]
)
from re import _constants as ops  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import pytest

import ingest
from ingest import registry
from ingest.cover.titles import TITLE_LENGTH
from ingest.document.paragraphs import LONGEST_HEADING
from ingest.narrative import remarks, terms
from ingest.performance import words

_SIZES = 1_500, 6_000
_MOST_GROWTH = 8.0
_QUICK = 0.005
"""Processor seconds below which growth cannot be measured."""
_ALARM = 3.0
"""Seconds after which a text is given up: it would take minutes."""
_MOST_ATTACKS = 60
_MOST_SAMPLES = 10
_WIDE = 30
"""The upper bound from which a repetition is tested."""
_METHODS = {"match", "search", "fullmatch", "finditer", "findall", "sub", "subn", "split"}
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)
_INSIDE: dict[Any, Callable[[Any], Any]] = {
    ops.SUBPATTERN: lambda value: value[3],
    ops.ATOMIC_GROUP: lambda value: value,
    ops.GROUPREF_EXISTS: lambda value: value[1],
}
"""What stands in each kind of group."""
_FROM_SEEDS = {
    "ingest.registry",
    "ingest.narrative.terms",
    "ingest.performance.words",
    "ingest.narrative.remarks",
}
"""Modules that compile patterns of the registry."""
_OF_CONSTANTS = {"ingest.readers.media", "ingest.readers.office.package", "ingest.views.inspect.seen"}
"""Modules that search for words of their own, without repetitions, or for what a reader of the project looks up."""
_LONGEST = {("ingest.cover.titles", name): TITLE_LENGTH for name in ("_TITLES", "_REPORTS", "_YEAR_FIRST")}
"""The maximum length of text for patterns that longer texts never reach."""
_USED_AS = {("ingest.cover.unit_names", name): "match" for name in ("_SENTENCES", "_HEADINGS")}
"""How patterns are used that are kept in a tuple."""


@dataclass(frozen=True, slots=True)
class Used:
    """A pattern, how it is used (``fullmatch``, ``match``, else anywhere in a text), the longest text that it meets."""

    pattern: re.Pattern[Any]
    methods: frozenset[str]
    longest: int | None = None


def _modules() -> list[str]:
    root = Path(ingest.__file__).parent
    files = (file.relative_to(root.parent).with_suffix("") for file in sorted(root.rglob("*.py")))
    names = (".".join(file.parts).removesuffix(".__init__") for file in files)
    return [name for name in names if not name.startswith("samples")]


@cache
def _tree(name: str) -> ast.Module:
    found = find_spec(name)  # not loaded: what an optional package needs may be missing
    assert found
    assert found.origin
    return ast.parse(Path(found.origin).read_text(encoding="utf-8"))


@cache
def _methods() -> dict[tuple[str, str], set[str]]:
    """How each module's names are used as patterns anywhere; "other" where a name stands without a method."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name in _modules():
        home = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(_tree(name))
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        called = set()
        for node in ast.walk(_tree(name)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found[home.get(node.value.id, (name, node.value.id))].add(node.attr)
                called.add(id(node.value))
        for node in ast.walk(_tree(name)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
                found[home.get(node.id, (name, node.id))].add("other")
    return found


def _in_module(name: str) -> Iterator[tuple[int, Used | None]]:
    """The patterns that a module's code holds, by line; None for one that is known only when it runs."""
    names = {
        id(inner): target.id
        for node in ast.walk(_tree(name))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
        for inner in ast.walk(node.value)
    }
    for node in ast.walk(_tree(name)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        method = node.func.attr
        is_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        if not is_re or method not in _METHODS | {"compile"}:
            continue
        flags = [each.value for each in node.keywords if each.arg == "flags"]
        flags += node.args[1:2] if method == "compile" else []
        try:
            pattern, *given = (
                eval(compile(ast.Expression(each), name, "eval"), vars(importlib.import_module(name)))
                for each in (node.args[0], *flags)
            )
        except NameError:
            yield node.lineno, None
            continue
        called = names.get(id(node), "")
        methods = {method} if method != "compile" else _methods().get((name, called), {"other"})
        methods = {_USED_AS.get((name, called), "other")} if "other" in methods else methods
        yield node.lineno, Used(re.compile(pattern, *given), frozenset(methods), _LONGEST.get((name, called)))


def _of_seeds() -> Iterator[tuple[str, Used]]:
    anywhere, whole = frozenset({"search"}), frozenset({"fullmatch"})
    for term in terms._terms():
        longest = LONGEST_HEADING if term.kind == "section" else None
        yield f"narrative_terms {term.kind} {term.code}", Used(term.pattern, anywhere, longest)
    for each in remarks._expressions():
        yield f"remark_patterns {each.kind} {each.code}", Used(each.pattern, anywhere)
    for attribute, words_of in registry._title_words().items():
        for value, pattern in words_of:
            yield f"form_titles {attribute} {value}", Used(pattern, anywhere, registry.LONGEST_TITLE)
    for form in registry.forms().values():
        if form.topic:
            yield f"forms {form.statement_code}", Used(form.topic, anywhere)
    for word in registry._header_words():
        yield f"header_words {word.attribute} {word.value}", Used(word.pattern, whole, registry.LONGEST_LABEL)
    for line in registry._form_lines():
        yield f"form_lines {line.line_code}", Used(line.pattern, whole, registry.LONGEST_LABEL)
    for block in ("funding", "indicator"):
        for column in words.columns(block):
            for pattern in filter(None, (column.header, column.value)):
                yield f"performance_columns {block} {column.role}", Used(pattern, whole, words.LONGEST_LABEL)


def _all() -> dict[str, Used]:
    found = list(_of_seeds())
    for name in _modules():
        found += [(f"{name}:{line}", used) for line, used in _in_module(name) if used]
    return {f"{number} {place}": used for number, (place, used) in enumerate(found)}


def _chars(op: Any, value: Any) -> list[str]:
    """Some characters that one element of a pattern takes."""
    if op is ops.LITERAL:
        return [chr(value)]
    if op is ops.RANGE:
        return [chr(each) for each in dict.fromkeys(value)]
    if op is ops.IN and value[0][0] is not ops.NEGATE:
        found = [char for member in value for char in _chars(*member)]
        return found if len(found) <= 6 else [*found[:3], *found[-3:]]
    part = (ops.IN, [(op, value)]) if op is ops.CATEGORY else (op, value)
    one = _compiler.compile(_parser.SubPattern(_parser.State(), [part]))
    return [char for char in ("1", "a", "甲", " ", "(", '"', "-", "<", "\n") if one.match(char)][:4]


def _samples(parts: Iterable[tuple[Any, Any]]) -> list[str]:
    """Some short texts that a part of a pattern fits, what it looks around for aside."""
    found = [""]
    for op, value in parts:
        found = [text + more for text in found for more in _samples_of(op, value)]
        if len(found) > _MOST_SAMPLES:
            found = [found[number * len(found) // _MOST_SAMPLES] for number in range(_MOST_SAMPLES)]
    return list(dict.fromkeys(found))


def _samples_of(op: Any, value: Any) -> list[str]:
    if op is ops.BRANCH:
        return list(dict.fromkeys(text for branch in value[1] for text in _samples(branch)[:2]))
    if op in _INSIDE:
        return _samples(_INSIDE[op](value))
    if op in _REPEATS:
        inner = _samples(value[2])
        return ["", *inner[:4]] if value[0] == 0 else [text * value[0] for text in inner]
    if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT, ops.GROUPREF):
        return [""]
    return _chars(op, value)


def _repetitions(
    parts: Iterable[tuple[Any, Any]], before: list[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """For each repetition of a pattern what may stand before it and what it repeats."""
    for op, value in parts:
        if op in _REPEATS:
            if value[1] is ops.MAXREPEAT or value[1] > _WIDE:
                yield before, _samples(value[2])
            yield from _repetitions(value[2], before)
        elif op is ops.BRANCH:
            for branch in value[1]:
                yield from _repetitions(branch, before)
        elif op in _INSIDE:
            yield from _repetitions(_INSIDE[op](value), before)
        elif op in (ops.ASSERT, ops.ASSERT_NOT):
            yield from _repetitions(value[1], before)
        before = [text + more for text in before for more in _samples_of(op, value)[:6] or [""]]
        before = before if len(before) <= 6 else [*before[:3], *before[-3:]]


def _attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """What a text begins with, and what it repeats."""
    found: dict[tuple[str, str], None] = {}
    for before, inner in _repetitions(_parser.parse(pattern.pattern, pattern.flags), [""]):
        repeated = [text for text in inner if text]
        repeated += ["".join(repeated[:2]), "".join(repeated)] if len(repeated) > 1 else []
        for head in before:
            for body in repeated:
                found.update(dict.fromkeys([(head, body), ("", body), ("", head + body)]))
    step = max(1, len(found) // _MOST_ATTACKS)
    return list(found)[::step]


def _seconds(used: Used, text: Any) -> float:
    began = time.process_time()
    if used.methods <= {"fullmatch"}:
        used.pattern.fullmatch(text)
    elif used.methods <= {"fullmatch", "match"}:
        used.pattern.fullmatch(text)
        used.pattern.match(text)
    else:
        used.pattern.fullmatch(text)
        for _ in used.pattern.finditer(text):
            pass
    return time.process_time() - began


def _least(used: Used, text: Any, times: int) -> float:
    return min(_seconds(used, text) for _ in range(times))


def _most(used: Used, base: float) -> float:
    """The seconds that a long text may take, where a short one takes ``base``."""
    return _QUICK if used.longest else max(_QUICK, _MOST_GROWTH * base)


class _GivenUp(Exception):
    pass


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise _GivenUp


def slowest(used: Used) -> str | None:
    """A text on which a pattern's time is not linear and what it took; None where there is none."""
    before = signal.signal(signal.SIGALRM, _give_up)
    try:
        for head, body in _attacks(used.pattern):
            for tail in ("\x01", ""):
                small, large = ((head + body * (size // len(body)))[: used.longest] + tail for size in _SIZES)
                if isinstance(used.pattern.pattern, bytes):
                    small, large = small.encode("latin-1", "replace"), large.encode("latin-1", "replace")
                signal.setitimer(signal.ITIMER_REAL, _ALARM)
                try:
                    took = _seconds(used, large)
                    if took > _QUICK and took > _most(used, _least(used, small, 2)):
                        base, took = _least(used, small, 5), min(took, _least(used, large, 4))
                        if took > _most(used, base):
                            return f"{head!r} + {body!r} * n + {tail!r}: {took:.4f} s after {base:.4f} s"
                except _GivenUp:
                    return f"{head!r} + {body!r} * n + {tail!r}: more than {_ALARM:g} s"
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
    return None


def test_the_time_of_every_pattern_is_linear() -> None:
    found = {place: slowest(used) for place, used in _all().items()}
    assert not {place: why for place, why in found.items() if why}


def test_every_pattern_is_known() -> None:
    unknown = {name for name in _modules() for _, used in _in_module(name) if used is None}
    assert unknown == _FROM_SEEDS | _OF_CONSTANTS


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:支出|总额|总计|总|计)*数",
        r"\d+分$",
        r"\([^()]*\d[^()]*\)",
        r"^附\s*\d{0,2}\s*[:：]",
        r"甲.*乙.*丙",
    ],
)
def test_a_pattern_that_is_not_linear_is_found(pattern: str) -> None:
    assert slowest(Used(re.compile(pattern), frozenset({"search"})))
