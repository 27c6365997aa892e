"""The names of functional and economic codes in a sentence: marked 类/款/项, coded, quoted, dashed, run together or bare."""

from __future__ import annotations

import re
from functools import cache

from ingest.document.text import fold
from ingest.narrative.token import FunctionName, Token
from ingest.registry import any_of, classification_rows

_MARK = re.compile(r"\((?P<before>\d{0,7})(?P<level>类|款|项)(?P<after>\d{0,7})\)")
_NAME_CODE = re.compile(r"\((?:科目)?(?:编码|代码)?:?(?P<code>2\d{2}(?:\d{2}){0,2})\)")
_QUOTED_LEVEL = re.compile(r"\"(?P<name>[^\"]{2,40})\"(?P<level>类|科目|款|项)")
_DASH = "[-—–/]{1,2}"
_DASHED_PATH = re.compile(
    rf"(?P<class>[\u4e00-\u9fff]{{2,20}}){_DASH}(?P<section>[\u4e00-\u9fff()、]{{2,30}}){_DASH}(?P<item>[\u4e00-\u9fff()、]{{2,40}}?)(?=\d|:|支出|决算|年初|预算|[】\]])"
)
_REST_OF_ALL = "其他支出"
"""A name of the classification that also says what is left of something else: it counts beside another name only."""
_WORDED_LEVEL = re.compile(r"(?P<level>[类款项])级?科目")
"""The level of a bare name, said behind it."""
_BOUNDARY = re.compile(r"[,;。:\"!?]")
_NAMED_SECTIONS = (
    *("general", "summary", "revenue", "expenditure", "appropriation_summary", "general_public_expenditure"),
    *(
        "government_fund",
        "state_capital",
        "carryover",
        "general_public_basic",
        "appropriation_expenditure",
        "appropriation_basic",
        "general_public_economic",
        "funding",
    ),
)
"""Sections in which a bare name of the classification is a subject."""
_ECONOMIC_SECTIONS = ("general_public_basic", "appropriation_basic", "general_public_economic", "funding")
_ITEM_LEAD = re.compile(r"^(?:\(?\d{1,2}[、.)]|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、|[①-⒛])+")
_CODED_NAME = re.compile(r"^[〔\[(【]?(?P<code>2\d{6}|2\d{4}|2\d{2})[〕\])】]?[-—–:]{0,2}(?=[\u4e00-\u9fff])")


@cache
def _catalogue(name: str) -> frozenset[str]:
    """The names of a classification, folded, without the government budget's economic classes (codes 5…)."""
    return frozenset(fold(row["name_zh"]) for row in classification_rows(name) if row["code"] < "5")


@cache
def function_names() -> frozenset[str]:
    """All names of the functional classification, folded."""
    return _catalogue("function_classification")


@cache
def economic_names() -> frozenset[str]:
    """All names of the economic classification of departmental expenditure, folded."""
    return _catalogue("economic_classification")


def name_tokens(text: str, printed: str, section: str) -> list[Token]:
    """The names in a sentence, folded and as printed; bare ones only in sections that speak of codes."""
    found = [*_marked_paths(text, printed), *_quoted_paths(text, printed)]
    if section in _NAMED_SECTIONS:
        found += _bare_names(text, printed, section, found)
    return found


def _marked_paths(text: str, printed: str) -> list[Token]:
    """Paths with 类/款/项 marks or codes in brackets behind the names."""
    marks = _marks(text)
    found: list[Token] = []
    names: dict[str, str] = {}
    codes: list[str] = []
    path_start = path_end = 0
    for number, (match, level, code) in enumerate(marks):
        if number and marks[number - 1][0].end() == match.start():
            continue
        if not names or not _joins(text, path_end, match.start()) or level in names:
            names, codes = {}, []
            path_start = _name_start(text, match.start())
            path_end = path_start
        name = _ITEM_LEAD.sub("", text[path_end : match.start()].strip('"-— '))
        coded = _CODED_NAME.match(name)
        if coded:
            name, code = name[coded.end() :], code or coded["code"]
        if not name:
            names = {}
            continue
        at = text.rindex(name, path_end, match.start())
        names[level] = printed[at : at + len(name)]
        cuts = _split_path(name) if level == "项" and len(names) == 1 else None
        if cuts:
            first, second = at + cuts[0], at + cuts[1]
            names = {
                "类": printed[at:first],
                "款": printed[first:second],
                "项": printed[second : at + len(name)],
            }
        if code:
            codes.append(code)
        path_end = match.end()
        following = marks[number + 1] if number + 1 < len(marks) else None
        if following and following[0].start() == path_end:
            names = {}  # a level that is marked and not named: what follows is no figure of the levels above
            continue
        if following and _joins(text, path_end, following[0].start()) and following[1] not in names:
            continue
        tail, tail_end = _tail_name(text, path_end) if level != "项" else (None, path_end)
        if tail:
            names["项"] = printed[path_end : path_end + len(tail)]
        code_text = None if not codes else codes[-1] if len(codes[-1]) >= 5 else "".join(codes)
        if text[tail_end : tail_end + 1] == '"':
            tail_end += 1
        own_code = _NAME_CODE.match(text, tail_end)
        if own_code:
            code_text, tail_end = own_code.group("code"), own_code.end()
        found.append(
            Token(
                "function",
                path_start,
                tail_end,
                text[path_start:tail_end],
                name=FunctionName(names.get("类"), names.get("款"), names.get("项"), code_text, True),
            )
        )
        names = {}
    return found


def _marks(text: str) -> list[tuple[re.Match[str], str, str]]:
    """The marks behind names with the level and code of each; where no level is marked, the codes in brackets."""
    marks = [
        (match, match.group("level"), match.group("before") or match.group("after"))
        for match in _MARK.finditer(text)
    ]
    levels = {3: "类", 5: "款", 7: "项"}
    return marks or [
        (match, levels[len(match.group("code"))], match.group("code")) for match in _NAME_CODE.finditer(text)
    ]


def _quoted_paths(text: str, printed: str) -> list[Token]:
    """Paths whose names stand in quotes before their level: “…”科目“…”款“…”项."""
    found: list[Token] = []
    names: dict[str, str] = {}
    start = end = 0
    for match in [*_QUOTED_LEVEL.finditer(text), None]:
        level = "类" if match and match.group("level") == "科目" else match.group("level") if match else ""
        if names and (match is None or match.start() != end or level in names):
            name = FunctionName(names.get("类"), names.get("款"), names.get("项"), None, True)
            found.append(Token("function", start, end, text[start:end], name=name))
            names = {}
        if match:
            start = start if names else match.start()
            names[level] = printed[match.start("name") : match.end("name")]
            end = match.end()
    return found


@cache
def _names_by_level() -> dict[str, frozenset[str]]:
    by_level: dict[str, set[str]] = {"class": set(), "section": set(), "item": set()}
    for row in classification_rows("function_classification"):
        by_level[row["level"]].add(fold(row["name_zh"]))
    by_level["class"] |= {name.removesuffix("支出") for name in by_level["class"]}
    return {level: frozenset(names) for level, names in by_level.items()}


def _split_path(words: str) -> tuple[int, int] | None:
    """Where section and item begin in a class, section and item name printed without a mark between them."""
    levels = _names_by_level()
    for first in range(2, len(words) - 3):
        if words[:first] not in levels["class"]:
            continue
        for second in range(first + 2, len(words) - 1):
            if words[first:second] in levels["section"] and words[second:] in levels["item"]:
                return first, second
    return None


def _joins(text: str, end: int, start: int) -> bool:
    between = text[end:start]
    return (
        0 < len(between) <= 40 and not _BOUNDARY.search(between) and not re.search(r"\d(?:万|元|%)", between)
    )


def _name_start(text: str, end: int) -> int:
    """Where the name before a mark begins: after the last boundary, list marker or figure."""
    if text[end - 1 : end] == '"':
        end -= 1
    start = 0
    for match in re.finditer(r"[,;。:\"!?]|\d[\d.,]{0,30}(?:万?元|%)[、和及]?|用于|其中", text[:end]):
        start = match.end()
    lead = _ITEM_LEAD.match(text[start:end])
    return start + lead.end() if lead else start


_ROLE = rf"[类款项]级?科目|{any_of('sentence.after_code_name')}|20\d\d|:|：|\d|\"|$|,|。|;"
_NAME_STOP = re.compile(any_of("sentence.after_unmarked_name"))
_LISTED = rf"{_ROLE}|、|和|及|分别"


def _tail_name(text: str, start: int) -> tuple[str | None, int]:
    """A catalogue's name that follows a path without a mark (``…（类）行政运行``), and where it, or words that are not a name, end."""
    run = re.match(r"[\u4e00-\u9fff()、]{2,40}", text[start:])
    if not run:
        return None, start
    words = run.group()
    for length in range(len(words), 1, -1):
        rest = text[start + length :]
        if words[:length] in function_names() and re.match(_ROLE, rest):
            return words[:length], start + length
    plain = re.match(r"(?:支出)?(?=(?:" + _ROLE + r"))", words)
    if plain:
        return None, start
    stop = _NAME_STOP.search(words)
    return None, start + (
        stop.end() if stop and stop.group() == "支出" else stop.start() if stop else len(words)
    )


def _bare_names(text: str, printed: str, section: str, found: list[Token]) -> list[Token]:
    """Catalogue names without marks at the head of a clause, right before what is said of them."""
    names: list[Token] = []
    heads = [
        0,
        *(
            match.end()
            for match in re.finditer(
                r"[,;:。、【]|用于|其中|包括|包含|主要是|科目[为是]|\d(?:万?元|%)[和及、]?", text
            )
        ),
    ]
    for head in heads:
        lead = _ITEM_LEAD.match(text[head:])
        start = head + (lead.end() if lead and (head == 0 or text[head - 1] in ";。:") else 0)
        while text[start : start + 1] in ('"', " "):
            start += 1
        code = _CODED_NAME.match(text[start:])
        begin = start + (code.end() if code else 0)
        dashed = _DASHED_PATH.match(text, begin)
        if dashed and dashed.group("class") in _names_by_level()["class"]:
            names.append(_dashed_path(text, printed, start, dashed))
            continue
        run = re.match(r"[\u4e00-\u9fff()、]{2,40}", text[begin:])
        if not run or any(token.start < begin + 1 <= token.end for token in found):
            continue
        code_text = code.group("code") if code else None
        for length in range(len(run.group()), 1, -1):
            named = _path_in_a_run(text, printed, start, begin, length, code_text)
            if named:
                names.append(named)
                break
            named = _bare_name(text, printed, section, start, begin, length, code_text)
            if named:
                if re.search(r"\d", text[named.end : named.end + 60].split("。")[0]):
                    names.append(named)
                break
    return [each for each in names if each.text != _REST_OF_ALL or len([*found, *names]) > 1]


def _dashed_path(text: str, printed: str, start: int, dashed: re.Match[str]) -> Token:
    """A path with dashes between its names: ``教育支出-普通教育-小学教育``."""
    end = dashed.end()
    if text.startswith("支出", end) and dashed.group("item") + "支出" in function_names():
        end += 2
    path = FunctionName(
        class_name=printed[dashed.start("class") : dashed.end("class")],
        section_name=printed[dashed.start("section") : dashed.end("section")],
        item_name=printed[dashed.start("item") : end],
        is_marked=True,
    )
    return Token("function", start, end, text[start:end], name=path)


def _path_in_a_run(
    text: str, printed: str, start: int, begin: int, length: int, code_text: str | None
) -> Token | None:
    """A path whose names run together in ``length`` characters; None where they are not a path."""
    name, rest = text[begin : begin + length], text[begin + length :]
    cuts = _split_path(name) if length >= 8 and re.match(_LISTED, rest) else None
    if not cuts:
        return None
    first, second, last = begin + cuts[0], begin + cuts[1], begin + length
    path = FunctionName(
        class_name=printed[begin:first],
        section_name=printed[first:second],
        item_name=printed[second:last],
        code_text=code_text,
        is_marked=True,
    )
    return Token("function", start, last, name, name=path)


def _bare_name(
    text: str, printed: str, section: str, start: int, begin: int, length: int, code_text: str | None
) -> Token | None:
    """The catalogue's name that ``length`` characters are; None where the section does not speak of such a name."""
    name, rest = text[begin : begin + length], text[begin + length :]
    is_function = section not in _ECONOMIC_SECTIONS and (
        name in function_names() or (length > 2 and "预算" not in name and name + "支出" in function_names())
    )
    is_economic = section in _ECONOMIC_SECTIONS and name in economic_names()
    if not (is_function or is_economic) or not re.match(_LISTED, rest):
        return None
    as_printed = printed[begin : begin + length]
    level = _WORDED_LEVEL.match(rest)
    of_level = level["level"] if level else "项"
    path = FunctionName(
        class_name=as_printed if of_level == "类" else None,
        section_name=as_printed if of_level == "款" else None,
        item_name=as_printed if of_level == "项" else None,
        code_text=code_text,
    )
    return Token(
        "economic" if is_economic and not code_text else "function",
        start,
        begin + length + (level.end() if level else 1 if rest[:1] == '"' else 0),
        as_printed,
        name=path,
    )
