"""The reasons that sentences give for a change: what changed, against what, in which direction, and the words behind 主要原因是.

The grammar notes each subject and each figure as it reads (``Mention``). A reason explains the change that is said in its own
clause, else the last one before it in its sentence, else, at the head of a sentence, the last one of the sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document.text import fold_in_place
from ingest.narrative.model import SubjectType
from ingest.narrative.state import Subject
from ingest.registry import any_of

_LEAD = re.compile(any_of("reason.lead") + r"[:,]?(?:如下:)?")
_DIRECTION = re.compile(
    rf"(?P<increase>{any_of('reason.increase')})|(?P<decrease>{any_of('reason.decrease')})"
    rf"|(?P<level>{any_of('reason.level')})"
)
_SIGN = {"increase": 1, "decrease": -1, "level": 0}
_NO_DIRECTION = re.compile(any_of("reason.no_direction"))
_BUDGET = re.compile(r"(?P<initial>年初)?(?P<adjusted>全年|调整后?)?(?:批复|支出|收入)?的?预算")
_CLAUSE = re.compile(r"[,;。:]")
_FIRST_OF_LIST = re.compile(r"[(（]?(?:一|1)(?:是|[)）、.．])")
_NEXT_OF_LIST = re.compile(r"[(（]?(?:[二三四五六七八九十]|[2-9])(?:是|[)）、.．])")
_NEXT_LIST = re.compile(r"其中$|[，,；;][^，,；;]{1,30}(?:包括|如下)$")
"""What opens a list behind the reason, where its full stop is not printed."""
_EDGES = "。；;，,：: \u3000"
_APART = 3
"""The most characters between the figures of subjects that change together (``分别增加1万元、2万元``)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A subject where a sentence names it or gives its figure.

    ``kind`` is ``name``, ``amount``, ``change``, ``rate`` of a change or ``execution`` of a budget. ``compared`` is
    ``prior``, ``budget`` or null; ``subject_type`` is null where the subject is unknown or is not one that is reported.
    """

    kind: str
    sentence_no: int
    start: int
    end: int
    subject: Subject | None
    subject_type: SubjectType | None
    subject_code: str | None
    statement_code: str | None
    fund_code: str | None
    compared: str | None
    direction: int | None

    @property
    def is_change(self) -> bool:
        """Whether the mention says that something changed or departed from a budget."""
        return self.kind in ("change", "rate", "execution")


@dataclass(frozen=True, slots=True)
class Explained:
    """One change and the reason given for it; ``mention`` says what changed, ``amount`` is the figure of the change, if one is printed."""

    mention: Mention
    compared_with: str
    direction: int | None
    amount: Mention | None
    reason_text: str


def reasons_of(
    sentence: str,
    sentence_no: int,
    mentions: Sequence[Mention],
    resumed: Sequence[int],
    before: str,
    following: Sequence[str],
) -> list[Explained]:
    """The changes that a printed sentence explains. ``resumed`` are the places where the grammar saw a reason end,
    ``before`` is the text of the paragraph before the sentence and ``following`` the sentences behind it."""
    text = fold_in_place(sentence)
    leads = list(_LEAD.finditer(text))
    found: list[Explained] = []
    begin = 0
    for number, lead in enumerate(leads):
        if lead.start() < begin:
            continue
        end = _end_of_reason(text, lead.end(), resumed, [each.start() for each in leads[number + 1 :]])
        reason = sentence[lead.end() : end]
        if end == len(text) and _FIRST_OF_LIST.match(reason.lstrip(_EDGES)):
            reason += "".join(_rest_of_list(following))
        reason = _NEXT_LIST.sub("", reason.strip(_EDGES)).strip(_EDGES)
        heard = [
            each for each in mentions if each.sentence_no < sentence_no or begin <= each.start < lead.start()
        ]
        if reason:
            found += _explained(text[begin : lead.start()], begin, sentence_no, heard, before, reason)
        begin = end
    return found


def _end_of_reason(text: str, start: int, resumed: Sequence[int], later: Sequence[int]) -> int:
    """Where a reason ends: where the next statement begins, if it comes behind a semicolon or has a reason of its own."""
    for place in resumed:
        clause = max(text.rfind(mark, start, place) for mark in ",;。")
        if place > start and clause > start and (text[clause] == ";" or any(at > place for at in later)):
            return clause
    return len(text)


def _rest_of_list(following: Sequence[str]) -> list[str]:
    taken: list[str] = []
    for sentence in following:
        if not _NEXT_OF_LIST.match(sentence.strip()):
            break
        taken.append(sentence)
    return taken


def _explained(
    said: str, begin: int, sentence_no: int, heard: Sequence[Mention], before: str, reason: str
) -> list[Explained]:
    clause = max((match.end() for match in _CLAUSE.finditer(said)), default=0)
    words = said[clause:]
    own = [each for each in heard if each.sentence_no == sentence_no]
    named = [each for each in own if each.start >= begin + clause]
    is_at_head = clause == 0 or not own
    last = own or ([each for each in heard if each.sentence_no == sentence_no - 1] if is_at_head else [])
    group = _changed_together(named or last)
    if not group:
        return []
    said_sign = direction_of(words)
    if said_sign is None and not (group[-1].is_change and group[-1].direction is not None):
        tail = said[group[-1].end - begin :] if own else _last_sentence(before)[group[-1].end :] + said
        said_sign = direction_of(tail)
    results = []
    statement = begin + said.rstrip(";,:。").rfind(";") + 1
    for mention in group:
        for change in _changes_of(mention, heard, said_sign, statement):
            sign = said_sign if said_sign is not None else change.direction if change else None
            if (sign is None and change is None) or mention.subject_type is None:
                continue
            base = _compared_with(words, said, change, before)
            amount = change if change and change.kind == "change" and change.direction == sign else None
            results.append(Explained(mention, base, sign, amount, reason))
    return results


def _last_sentence(text: str) -> str:
    return re.split("[。！？]", text.rstrip("。！？"))[-1]


def _changed_together(mentions: Sequence[Mention]) -> list[Mention]:
    """The last subject that is mentioned, with those before it that change together with it."""
    if not mentions:
        return []
    group = [mentions[-1]]
    for mention in reversed(mentions[:-1]):
        first = group[0]
        together = mention.kind == first.kind and 0 <= first.start - mention.end <= _APART
        if not (mention.is_change and together and mention.subject != first.subject):
            break
        group.insert(0, mention)
    return group


def _changes_of(
    mention: Mention, heard: Sequence[Mention], direction: int | None, statement: int
) -> list[Mention | None]:
    """What is said of the change of a subject: one mention for each comparison that its sentence makes, the amount where one
    is printed; [None] where the words alone say that it changed. What a statement before ``statement``, where the
    last one of the sentence begins, says of another direction is not explained."""
    same = [each for each in heard if each.subject == mention.subject and each.is_change]
    if mention.is_change:
        row = [
            each for each in same if each.sentence_no == mention.sentence_no and each.start <= mention.start
        ]
        fitting = [
            each
            for each in row
            if direction in (None, each.direction)
            and (each.start >= statement or each.direction == mention.direction)
        ] or [mention]
        by_base: dict[str | None, list[Mention]] = {}
        for each in fitting:
            base = "budget" if each.kind == "execution" else each.compared
            by_base.setdefault(base, []).append(each)
        return [
            next((each for each in found if each.kind == "change"), found[-1]) for found in by_base.values()
        ]
    near = [
        each
        for each in same
        if each.sentence_no >= mention.sentence_no - 1 and each.direction == direction and each.direction
    ]
    amounts = [each for each in near if each.kind == "change"]
    return [amounts[0] if amounts else near[-1] if near else None]


def direction_of(words: str) -> int | None:
    """The direction that words say last (增加 1, 减少 -1, 持平 0); None where they say none."""
    plain = _NO_DIRECTION.sub(lambda match: " " * len(match.group()), words)
    last = None
    for match in _DIRECTION.finditer(plain):
        last = match
    if last is None or last.lastgroup is None:
        return None
    return _SIGN[last.lastgroup]


def _compared_with(words: str, said: str, change: Mention | None, before: str) -> str:
    """Against what something changed: as the reason's own clause says, else as the change's figure does."""
    is_budget = "预算" in words and "决算" in words
    if not is_budget and change is not None:
        is_budget = change.compared == "budget" or change.kind == "execution"
    elif not is_budget:
        is_budget = "预算" in said and "决算" in said and not re.search(r"20\d\d|上年|去年", said)
    if not is_budget:
        return "prior_year"
    for text in (words, said, before):
        for match in reversed(list(_BUDGET.finditer(text))):
            if match["initial"]:
                return "initial_budget"
            if match["adjusted"]:
                return "adjusted_budget"
    return "initial_budget"
