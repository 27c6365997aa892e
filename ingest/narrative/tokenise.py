"""A sentence -> its tokens: figures, function names, dates, and the terms of the vocabulary, each at its place."""

from __future__ import annotations

import re

from ingest.narrative.names import name_tokens
from ingest.narrative.terms import find_terms
from ingest.narrative.token import Token
from ingest.registry import any_of
from ingest.seeds import money_unit_pattern

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
FIGURE = re.compile(
    rf"(?P<number>(?<![\d.])[-−]?(?:{_NUMBER}))"
    rf"(?P<unit>{money_unit_pattern()}(?!/)|万(?=[,;。、)\x00]|$|其中)|个?百分点|[%‰]|人次|批次|平方米|㎡|m2"
    r"|台\(套\)|台\(件、?套?\)|台/套|台套|人|名|批|辆|台|套|个|项|张|份|组|次|家)?"
)
_UNIT_BEHIND = re.compile(
    rf"-?\d{{1,10}}\.\d{{1,6}}(?:[,、]\d{{1,10}}\.\d{{1,6}}){{1,8}}(?P<unit>{money_unit_pattern()}(?!/)|%)"
)
"""Numbers in a row of which the last alone has the unit (1.00、2.00万元)."""
_BARE_COUNT = re.compile(r"(?<=编制数)\d+(?=[,;。])")
_DATE = re.compile(
    r"20\d\d年\d{1,2}月(?:\d{1,2}日)?(?:-\d{1,2}月)?|\d{1,2}月\d{1,2}日|20\d\d\.\d{1,2}\.\d{1,2}(?:-(?:20\d\d\.)?\d{1,2}\.\d{1,2})?"
    r"|[〔\[【(]20\d\d[〕\]】)]第?\d{1,20}号|截[至止](?:20\d\d年(?:末|底)?)|\d{1,2}-\d{1,2}月|第\d{1,20}[条批次届章]|\d{1,20}号"
)
YEAR = re.compile(rf"(?P<year>20\d\d)年度?|(?P<prior>{any_of('sentence.last_year')})(?!结|年|财政|同)")
_COMPARE = re.compile(
    rf"(?<!经)(?<!经比)(?:同比|[比较同与]|相比|对比)(?:于)?(?P<base>(?:20\d\d年度?|{any_of('sentence.last_year')})(?:同期|当年)?"
    rf"(?:[\u4e00-\u9fff\"]{{0,22}}?)|{any_of('sentence.compared_budget')})"
    rf"(?:相比(?:较)?|比较|比)?(?:\d{{1,10}}\.\d{{1,4}}(?=[增减升降上下]))?(?=,|\(|{any_of('sentence.after_comparison')}|\d|$|。)"
)
_COMPARED_WITH = re.compile(
    rf"[与同和](?P<base>(?:20\d\d年度?|{any_of('sentence.last_year')})[\u4e00-\u9fff]{{0,8}}?)(?:相比较?|对比|比较)(?=[\u4e00-\u9fff])"
)
"""A comparison that words behind its base end (与上年对比), so that a subject may follow."""
_REMARK = re.compile(rf"\((?!含\)|不含车辆){any_of('sentence.remark_begins')}[^()\d]*\)")
_SAME_TIME = re.compile(any_of("sentence.same_period"))
_PUNCTUATION = re.compile(r"[,;。:、]")


def tokens(text: str, sentence: str, section: str) -> list[Token]:
    """The tokens of a sentence, folded in place (``text``) and as printed, in order. Where two overlap, the one that is looked for first wins."""
    found: list[Token] = []
    taken = bytearray(len(text))

    def take(token: Token) -> None:
        if token.end > token.start and 1 not in taken[token.start : token.end]:
            taken[token.start : token.end] = b"\x01" * (token.end - token.start)
            found.append(token)

    for match in _DATE.finditer(text):
        take(Token("date", match.start(), match.end(), match.group()))
    for token in name_tokens(text, sentence, section):
        take(token)
    for match in (*_COMPARED_WITH.finditer(text), *_COMPARE.finditer(text)):
        take(Token("compare", match.start(), match.end(), match.group("base")))
    free = _mask(text, found)
    for remark in _REMARK.finditer(text):
        free = free[: remark.start()] + "\x00" * len(remark.group()) + free[remark.end() :]
    for start, end, term in find_terms(free, section):
        figures = FIGURE.finditer(text, start, end) if term.kind in ("phrase", "aside") else ()
        number = next((figure for figure in figures if figure.group("unit")), None)
        take(
            Token(
                term.kind,
                start,
                end,
                text[start:end],
                term,
                number.group("number") if number else "",
                (number.group("unit") or "") if number else "",
            )
        )
    for match in _SAME_TIME.finditer(text):
        take(Token("compare", match.start(), match.end(), ""))
    for match in YEAR.finditer(text):
        take(Token("year", match.start(), match.end(), match.group(), year=match.group("year")))
    for match in _BARE_COUNT.finditer(text):
        take(Token("figure", match.start(), match.end(), match.group(), None, match.group(), "人"))
    free = _mask(text, found)
    for match in FIGURE.finditer(free):
        shared = None if match.group("unit") else _UNIT_BEHIND.match(free, match.start())
        if match.group("unit") or shared:
            start = match.start()
            sign = match.group("number").startswith(("-", "−"))
            ranged = sign and start > 0 and (text[start - 1].isdigit() or text[start - 1] in "元%")
            take(
                Token(
                    "range" if ranged else "figure",
                    start,
                    match.end(),
                    match.group(),
                    None,
                    match.group("number"),
                    shared["unit"] if shared else match.group("unit"),
                )
            )
    for match in _PUNCTUATION.finditer(text):
        take(Token("punctuation", match.start(), match.end(), match.group()))
    return sorted(found, key=lambda token: token.start)


def _mask(text: str, found: list[Token]) -> str:
    """The text with what is found blanked out, so that no term reaches into it."""
    chars = list(text)
    for token in found:
        chars[token.start : token.end] = "\x00" * (token.end - token.start)
    return "".join(chars)
