"""Automatic numbering of Word paragraphs: what Word prints before a paragraph whose number is not typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from ingest.readers.office.package import attribute, child, is_on, local, value_of

_DIGITS = "零一二三四五六七八九"
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_PLACE = re.compile(r"%([1-9])")
_DEEPEST = 9


@dataclass(slots=True)
class Level:
    """One level of a list: its first number, its kind of numerals, its text (``（%1）``) and what follows it."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = " "
    is_legal: bool = False
    restarts: bool = True


@dataclass(slots=True)
class _List:
    abstract_id: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)
    is_used: bool = False


class Numbering:
    """The lists of a document and how far each has counted. Ask for paragraphs in printed order."""

    def __init__(self, root: etree._Element | None) -> None:
        elements = list(root) if root is not None else []
        abstract = {
            attribute(each, "abstractNumId") or "": each for each in elements if local(each) == "abstractNum"
        }
        linked = {style: each for each in abstract.values() if (style := value_of(each, "styleLink"))}
        self.style_levels: dict[tuple[str, str], int] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for each in elements:
            if local(each) != "num":
                continue
            abstract_id = value_of(each, "abstractNumId") or ""
            base = abstract.get(abstract_id)
            base = linked.get(value_of(base, "numStyleLink") or "", base)
            num_id = attribute(each, "numId") or ""
            self._lists[num_id] = self._list(num_id, abstract_id, base, each)

    def _list(self, num_id: str, abstract_id: str, base: etree._Element | None, num: etree._Element) -> _List:
        levels: dict[int, Level] = {}
        starts: dict[int, int] = {}
        for each in [*(base if base is not None else ()), *num]:
            depth = _number(attribute(each, "ilvl"), 0)
            if local(each) == "lvlOverride":
                start = value_of(each, "startOverride")
                if start is not None:
                    starts[depth] = _number(start, 1)
                each = child(each, "lvl")
            if each is None or local(each) != "lvl":
                continue
            levels[depth] = _level(each)
            style = value_of(each, "pStyle")
            if style:
                self.style_levels[num_id, style] = depth
        return _List(abstract_id, levels, starts)

    def next(self, num_id: str, depth: int) -> str:
        """The number printed before the next paragraph of a list's level, with what follows it; '' for none."""
        found = self._lists.get(num_id)
        if found is None or depth not in found.levels:
            return ""
        counts = self._counts.setdefault(found.abstract_id, {})
        if not found.is_used:
            found.is_used = True
            counts.update({place: start - 1 for place, start in found.starts.items()})
        level = found.levels[depth]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            if deeper not in found.levels or found.levels[deeper].restarts:
                del counts[deeper]
        if level.kind == "bullet":
            return _bullet(level.text) + level.suffix
        if level.kind == "none" and not _PLACE.sub("", level.text):
            return ""

        def numeral(match: re.Match[str]) -> str:
            place = int(match.group(1)) - 1
            other = found.levels.get(place, level)
            kind = "decimal" if level.is_legal and place != depth else other.kind
            return numeral_of(counts.get(place, other.start), kind)

        return _PLACE.sub(numeral, level.text) + level.suffix


def _level(element: etree._Element) -> Level:
    kind = child(element, "numFmt")
    suffix = value_of(element, "suff")
    return Level(
        start=_number(value_of(element, "start"), 1),
        kind=(attribute(kind, "val") if kind is not None else None) or "decimal",
        text=value_of(element, "lvlText") or "",
        suffix="" if suffix == "nothing" else " ",
        is_legal=bool(is_on(element, "isLgl")),
        restarts=value_of(element, "lvlRestart") != "0",
    )


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default


def _bullet(text: str) -> str:
    """A bullet; the glyphs of symbol fonts are in the private use area and are printed as a dot."""
    return "".join("•" if "\ue000" <= char <= "\uf8ff" else char for char in text) or "•"


def numeral_of(number: int, kind: str) -> str:
    """A number in one of Word's kinds of numerals; in plain digits where the kind is unknown."""
    if number < 0 or number > 99_999:
        return str(number)
    return _KINDS.get(kind, str)(number)


def _chinese(number: int, ten: str = "十") -> str:
    """A number in Chinese: 一, 十, 十一, 二十, 一百零一; ``ten`` is how the leading ten is written."""
    text, gap = "", False
    for unit, mark in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + mark
            gap = False
        else:
            gap = True
    return (ten + text[2:] if text.startswith("一十") else text) or "零"


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""


def _roman(number: int) -> str:
    text = ""
    for value, mark in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        count, number = divmod(number, value)
        text += mark * count
    return text


def _cycle(marks: str) -> Callable[[int], str]:
    return lambda number: marks[(number - 1) % len(marks)] if number else ""


def _enclosed(number: int) -> str:
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


_KINDS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
    "decimalEnclosedCircle": _enclosed,
    "decimalEnclosedCircleChinese": _enclosed,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "ideographEnclosedCircle": _enclosed,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseLegalSimplified": lambda number: _chinese(number, "一十").translate(_LEGAL),
    "ideographLegalTraditional": lambda number: _chinese(number, "一十").translate(_LEGAL),
    "ideographDigital": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)),
    "taiwaneseDigital": lambda number: "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number)),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
}
