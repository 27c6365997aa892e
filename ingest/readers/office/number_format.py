"""Number formats of spreadsheets: what is printed for a stored number. Only the Chinese locale is supported.

Handled: sections and their conditions, thousands, scaling, percent, exponents, accounting blanks, currency marks and
dates. A fraction (``# ?/?``) is printed like General. Numerals of the DBNum kinds are printed as plain digits.
"""

from __future__ import annotations

import math
import operator
import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

CHINESE_DATES = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
}
"""Built-in formats by number whose output depends on the country."""
_GENERAL = re.compile(r"general|g/通用格式|@", re.IGNORECASE)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]{0,255})\]|(?P<general>general|g/通用格式|@)'
    r"|(?P<noon>am/pm|a/p|上午/下午)|(?P<date>y+|m+|d+|h+|s+|e(?![+-])|a{3,4})|(?P<exponent>e[+-])|(?P<place>[0#?])"
    r"|(?P<mark>[.,%])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?(?:\d++\.?\d*+|\.\d++))")
_OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|颜色|color|[黑蓝青绿洋红白黄]色?", re.IGNORECASE
)
_MINUS = re.compile(r"[-−－(（△▲负]")
_LONGEST_GENERAL = 11
_WEEKDAYS = "一二三四五六日"
_LONGEST_CODE = 1_000
"""Maximum characters of a format code; Excel keeps about a quarter of that, and prints longer ones by General."""
_WIDE = Context(prec=5_000)
"""Precision for every digit of the largest number, however often a code of that length scales it."""
_NO_NUMBER = "#NUM!"
"""What a spreadsheet prints for a cell whose number is infinite or not a number."""


class _Token(NamedTuple):
    kind: Literal["text", "place", "mark", "date", "exponent", "general", "noon"]
    text: str


class _Section(NamedTuple):
    tokens: tuple[_Token, ...]
    condition: tuple[str, float] | None
    is_coloured: bool

    def has(self, kind: str) -> bool:
        return any(token.kind == kind for token in self.tokens)

    @property
    def literal(self) -> str:
        return "".join(token.text for token in self.tokens if token.kind == "text")


def printed_number(value: float, code: str, starts_1904: bool = False) -> str:
    """What is printed for a number, or for a date's serial number, under a format code.

    A negative number that only its colour marks (``0.00;[Red]0.00``) is printed with a minus: text has no colour.
    """
    if not math.isfinite(value):
        return _NO_NUMBER
    sections = _sections(code)
    section, is_magnitude = _choose(sections, value)
    if section is None:
        return "#" * 3
    shown = abs(value) if is_magnitude else value
    if section.has("date"):
        return _date(section, value, starts_1904).strip()
    text = _number(section, shown).strip()
    if is_magnitude and value < 0 and section.is_coloured and text and not _MINUS.search(section.literal):
        return f"-{text}"
    return text


def printed_text(text: str, code: str) -> str:
    """What is printed for a text under a format code: its fourth section, if it has one, decides."""
    sections = _sections(code)
    if len(sections) < 4:
        return text
    return "".join(text if token.kind == "general" else token.text for token in sections[3].tokens).strip()


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    code = code if len(code) <= _LONGEST_CODE else "General"
    parts, start = [], 0
    for match in _TOKEN.finditer(code):
        if match.group() == ";":
            parts.append(code[start : match.start()])
            start = match.end()
    return tuple(map(_section, [*parts, code[start:]]))


def _section(code: str) -> _Section:
    tokens: list[_Token] = []
    condition, is_coloured = None, False
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup, match.group(match.lastgroup or 0)
        if kind == "bracket":
            told = _CONDITION.fullmatch(text)
            if told:
                condition = (told.group(1), float(told.group(2)))
            elif text.startswith("$"):
                tokens.append(_Token("text", text[1:].rpartition("-")[0] if "-" in text else text[1:]))
            elif re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
                tokens.append(_Token("date", f"[{text.lower()[0]}]"))
            else:
                is_coloured = is_coloured or bool(_COLOUR.match(text))
        elif kind in ("quoted", "escaped", "plain"):
            tokens.append(_Token("text", text))
        elif kind in ("date", "place", "mark", "exponent", "general", "noon"):
            tokens.append(_Token(kind, text.lower()))  # type: ignore[arg-type]
    return _Section(tuple(tokens), condition, is_coloured)


def _choose(sections: tuple[_Section, ...], value: float) -> tuple[_Section | None, bool]:
    """The section for a number, and whether it prints the absolute value; (None, …) where there is no section for it."""
    sections = sections[:3]
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _OPERATORS[section.condition[0]](value, section.condition[1]):
                return section, section.condition is None and len(sections) > 1 and section is sections[1]
        return None, False
    if value < 0 and len(sections) > 1:
        return sections[1], True
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _number(section: _Section, value: float) -> str:
    if section.has("general") or _is_fraction(section):
        return "".join(
            _general(value) if token.kind == "general" else token.text
            for token in ([*section.tokens] if section.has("general") else [_Token("general", "")])
        )
    if not section.has("place"):
        return section.literal
    tokens = section.tokens
    last = max(at for at, token in enumerate(tokens) if token.kind == "place")
    point = next((at for at, token in enumerate(tokens) if token == ("mark", ".")), len(tokens))
    places = [at for at, token in enumerate(tokens) if token.kind == "place"]
    whole, parts = [at for at in places if at < point], [at for at in places if at > point]
    exponent = next((at for at, token in enumerate(tokens) if token.kind == "exponent"), None)
    if exponent is not None:
        return _scientific(value, sum(1 for at in parts if at < exponent), tokens[exponent].text)
    number = Decimal(f"{abs(value):.15g}")
    commas = [at for at, token in enumerate(tokens) if token == ("mark", ",")]
    last_whole = max(whole, default=-1)
    number = number.scaleb(-3 * sum(1 for at in commas if at > last_whole and (at < point or at > last)))
    number = number.scaleb(2 * sum(1 for token in tokens if token == ("mark", "%")))
    digits = format(number.quantize(Decimal(1).scaleb(-len(parts)), ROUND_HALF_UP, _WIDE), "f")
    before, _, after = digits.partition(".")
    is_grouped = any(whole and whole[0] < at < last_whole for at in commas)
    filled = _fill_whole(tokens, whole, "" if before == "0" else before, is_grouped)
    filled |= _fill_parts(tokens, parts, after)
    printed = []
    for at, token in enumerate(tokens):
        if token.kind == "place":
            printed.append(filled[at])
        elif token == ("mark", "."):
            printed.append(before if not whole and before != "0" else "")
            printed.append("." if not parts or any(filled[place].strip() for place in parts) else "")
        elif token.kind == "text" or token.text == "%":
            printed.append(token.text)
    return ("-" if value < 0 else "") + "".join(printed).strip()


def _is_fraction(section: _Section) -> bool:
    texts = [token.text for token in section.tokens if token.kind in ("place", "text")]
    return any(
        text == "/" and before in "0#?" and after in "0#?0123456789"
        for before, text, after in zip(texts, texts[1:], texts[2:], strict=False)
        if before and after
    )


def _fill_whole(
    tokens: tuple[_Token, ...], whole: list[int], digits: str, is_grouped: bool
) -> dict[int, str]:
    """The digits before the point at their places, from the right; the first place takes all remaining digits."""
    filled: dict[int, str] = {}
    done = 0
    for number, at in enumerate(reversed(whole)):
        is_first = number == len(whole) - 1
        taken = digits if is_first else digits[-1:]
        digits = "" if is_first else digits[:-1]
        if not taken:
            taken = {"0": "0", "?": " "}.get(tokens[at].text, "")
        text = ""
        for digit in reversed(taken):
            text = digit + ("," if is_grouped and done and done % 3 == 0 and digit != " " else "") + text
            done += 1
        filled[at] = text
    return filled


def _fill_parts(tokens: tuple[_Token, ...], parts: list[int], digits: str) -> dict[int, str]:
    """The digits after the point at their places; trailing zeros that no place demands are left out."""
    filled: dict[int, str] = {}
    is_end = True
    for at, digit in zip(reversed(parts), reversed(digits), strict=True):
        is_end = is_end and digit == "0" and tokens[at].text != "0"
        filled[at] = {"?": " "}.get(tokens[at].text, "") if is_end else digit
    return filled


def _scientific(value: float, decimals: int, mark: str) -> str:
    mantissa, _, power = f"{value:.{decimals}e}".partition("e")
    sign = power[0] if power[0] == "-" or mark.endswith("+") else ""
    return f"{mantissa}E{sign}{power[1:].lstrip('0').rjust(2, '0')}"


def _general(value: float) -> str:
    """A number as General prints it: at most eleven characters, larger ones with an exponent."""
    number = Decimal(f"{abs(value):.15g}")
    sign = "-" if value < 0 else ""
    if number and (number >= 10**_LONGEST_GENERAL or number < Decimal("1e-9")):
        mantissa, _, power = f"{number:.5E}".partition("E")
        shown = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{sign}{shown}E{power[0]}{power[1:].rjust(2, '0')}"
    room = max(0, _LONGEST_GENERAL - 1 - len(str(int(number))))
    text = format(number.quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP), "f")
    return sign + (text.rstrip("0").rstrip(".") if "." in text else text)


def _date(section: _Section, value: float, starts_1904: bool) -> str:
    first = datetime(1904, 1, 1) if starts_1904 else datetime(1899, 12, 30 + (value < 60))
    seconds = round(value * 86_400)
    if not 0 <= seconds <= (datetime.max - first) // timedelta(seconds=1):
        return "#" * 3
    moment = first + timedelta(seconds=seconds)
    is_halved = section.has("noon")
    printed = []
    dates = [at for at, token in enumerate(section.tokens) if token.kind == "date"]
    for at, token in enumerate(section.tokens):
        if token.kind == "noon":
            after = moment.hour >= 12
            printed.append(("下午" if after else "上午") if "午" in token.text else ("PM" if after else "AM"))
        elif token.kind == "date":
            place = dates.index(at)
            near = [
                section.tokens[dates[other]].text[:2]
                for other in (place - 1, place + 1)
                if 0 <= other < len(dates)
            ]
            is_minute = (place > 0 and near[0].strip("[").startswith("h")) or near[-1:] in (["s"], ["ss"])
            printed.append(_date_part(token.text, moment, value, is_minute, is_halved))
        elif token.kind in ("text", "mark"):
            printed.append(token.text)
        elif token.kind == "place":
            printed.append("0")
    return "".join(printed)


def _date_part(text: str, moment: datetime, value: float, is_minute: bool, is_halved: bool) -> str:
    if text.startswith("["):
        return str(int(round(value * 86_400) // {"h": 3600, "m": 60, "s": 1}[text[1]]))
    if text[0] in "ye":
        return f"{moment:%Y}" if len(text) != 2 else f"{moment:%y}"
    if text[0] == "a":
        return ("星期" if len(text) > 3 else "") + _WEEKDAYS[moment.weekday()]
    number = {
        "m": moment.minute if is_minute else moment.month,
        "d": moment.day,
        "h": (moment.hour % 12 or 12) if is_halved else moment.hour,
        "s": moment.second,
    }[text[0]]
    if text[0] == "m" and not is_minute and len(text) > 2:
        return f"{moment:%b}" if len(text) == 3 else f"{moment:%B}"
    if text[0] == "d" and len(text) > 2:
        return f"{moment:%a}" if len(text) == 3 else f"{moment:%A}"
    return f"{number:02d}" if len(text) > 1 else str(number)
