"""One sentence -> what each of its figures says.

The vocabulary is data (``narrative_terms``); this package only knows how words combine. A figure belongs to the subject
before it. A role word (年初预算数, 增加, 占) changes what it says. 其中 opens a list of the subject's parts. Figures in a
reason are not read. Unknown words cut off what was said before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ingest.document.text import fold_in_place
from ingest.narrative.meaning import (
    comparison_of,
    fund_of,
    metric_of,
    metric_statement,
    planned,
    ratio_subject,
    read_amount,
    read_rate,
    settle,
    sign_of,
    statement_of,
)
from ingest.narrative.model import ReasonCode
from ingest.narrative.reasons import Explained, Mention, reasons_of
from ingest.narrative.scan import FIGURE, tokens
from ingest.narrative.state import (
    STEPS,
    ListedParts,
    Reading,
    Setting,
    State,
    Subject,
    meet_unknown,
    open_list,
)
from ingest.narrative.token import Token
from ingest.registry import any_of
from ingest.seeds import money_units

FILLER = re.compile(rf"(?:{any_of('sentence.filler')}|】|\([^()]*\)|\"|:|\s|\x00|-)*+")
"""Words between a subject, its role and its figure that change nothing.

Each place is read once (``*+``), so that where one word begins another, the longer must come first.
"""
_FUNDING = ("profile", "general", "performance")
_FIGURES = ("figure", "phrase", "aside", "range")
_SUBJECTS = ("subject", "function", "economic", "fund")
_JOINS = ("和", "及", "与", "以及")
_GOAL = re.compile(any_of("sentence.goal"))
_INCLUDED = re.compile(rf"\((?:其中)?{any_of('sentence.included')}")
_VEHICLES = ("vehicle_asset", "vehicles_purchased", "vehicles_held")
MONEY = {*money_units(), "万"}
"""The units of money in a sentence; there 万 is short for 万元."""
KINDS = {"performance_projects_kind": "performance_projects", "budget_units_kind": "budget_units"}
"""Phrases that count one kind of what a metric counts."""
_NOT_THE_KIND = re.compile(any_of("sentence.not_the_kind"))
UNIT_KIND = {
    **dict.fromkeys(
        ("个", "项", "台(套)", "台(件、套)", "台/套", "台套", "台", "套", "张", "份", "组", "家"), "count"
    ),
    **dict.fromkeys(("人", "名", "人次"), "person"),
    **dict.fromkeys(("批次", "批", "次"), "batch"),
    **dict.fromkeys(("平方米", "㎡", "m2"), "area"),
    "辆": "vehicle",
}


@dataclass(slots=True)
class SentenceReader:
    """Reads the sentences of a document in order; the topic of one sentence is carried to the next of its section."""

    topic: Subject | None = None
    whole: Subject | None = None
    basis: str | None = None
    parts: list[ListedParts] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    resumed: list[int] = field(default_factory=list)
    sentence_no: int = 0

    def forget(self) -> None:
        """A new list item ends the topic."""
        self.topic = self.basis = None
        self.mentions = []

    def enter_section(self) -> None:
        """A heading ends the topic and the whole whose parts were listed."""
        self.forget()
        self.whole = None

    def read(self, sentence: str, setting: Setting) -> list[Reading]:
        """What each figure of a printed sentence says, in printed order."""
        text = fold_in_place(sentence)
        found = tokens(text, sentence, setting.section)
        self.sentence_no += 1
        self.resumed = []
        state = State(
            topic=self.topic,
            whole=self.whole,
            list_basis=self.basis if setting.section == "funding" else None,
        )
        readings: list[Reading] = []
        end = 0
        brackets = _brackets_with_figures(text)
        saved: tuple[int, State] | None = None
        for number, token in enumerate(found):
            if saved and token.start >= saved[0]:
                end, state, saved = saved[0], saved[1], None
            inside = next((span for span in brackets if span[0] < token.start < span[1]), None)
            if inside and saved is None:
                saved = inside[1], replace(state)
                end = max(end, inside[0] + 1)
                if _INCLUDED.match(text, inside[0]):
                    state.skip = "included_part"
            gap = text[end : token.start]
            state.is_joined = gap in _JOINS or (number > 0 and found[number - 1].text == "、" and not gap)
            if gap and not state.skip and not FILLER.fullmatch(gap):
                meet_unknown(state)
            step = STEPS.get(token.kind)
            if token.kind in _FIGURES:
                for figure in _figures_of(token, text):
                    before = replace(state)
                    reading = self._figure(figure, state, setting, text, sentence)
                    if reading:
                        readings.append(reading)
                        self._mention_figure(reading, before, state, setting)
                state.has_figure = True
            elif token.kind == "includes" and not state.skip:
                self._list_parts(found[number:], sentence, state, setting)
                open_list(state, token, setting)
            elif step and (not state.skip or _resumes(found, number, text)):
                if state.skip:
                    self.resumed.append(token.start)
                state.skip = None
                step(state, token, setting)
                if token.kind in _SUBJECTS:
                    self._mention("name", token, state, setting)
                if state.due is not None and len(state.due) != _figures_in_a_row(found[number + 1 :]):
                    state.due = ()
            end = token.end
        if state.main and state.main.fact != "fund":
            self.topic = state.main if state.in_list or not state.is_many else None
        elif (state.subject and state.subject.fact == "function") or (
            state.subject and not (state.skip or readings or state.is_dirty)
        ):
            self.topic = state.subject
        if state.in_list and state.main and state.main.is_weak:
            self.whole = state.main
        self.basis = state.basis or state.spent_basis
        return readings

    def reasons(self, sentence: str, before: str, following: Sequence[str]) -> list[Explained]:
        """The reasons that the sentence read last gives for changes; ``before`` and ``following`` are its paragraph's."""
        return reasons_of(sentence, self.sentence_no, self.mentions, self.resumed, before, following)

    def _mention(self, kind: str, token: Token, state: State, setting: Setting) -> None:
        """Note the subject that the sentence speaks of, for the reasons behind it."""
        subject = state.subject if not state.is_dirty else None
        full = settle(subject, state, setting) if subject else None
        subject_type, code = ratio_subject(full, setting.section) if full else (None, None)
        direction = state.direction
        is_negative = token.number.startswith(("-", "−"))
        if kind in ("change", "rate") and (direction == 0 or is_negative):
            is_zero = not token.number.strip("-−0.,")
            direction = 0 if is_zero else -1 if is_negative else 1
        self.mentions.append(
            Mention(
                kind,
                self.sentence_no,
                token.start,
                token.end,
                full,
                subject_type,
                code,
                metric_statement(code)
                if subject_type == "metric"
                else statement_of(full, setting)
                if full
                else None,
                fund_of(full, setting) if full else None,
                comparison_of(state, setting)[0] if state.compared is not None else None,
                direction,
            )
        )

    def _mention_figure(self, reading: Reading, before: State, state: State, setting: Setting) -> None:
        """Note the subject of a figure; one that is not read of a known subject hides what was said before it."""
        token, is_money = reading.token, reading.token.unit in MONEY
        if reading.status == "set_aside" and reading.reason_code not in (
            "budget_variance",
            "outside_contract",
        ):
            return
        known = reading.status == "read" or reading.reason_code == "budget_variance"
        is_variance = before.ratio == "budget_variance_rate"
        if before.direction is not None or (is_variance and not is_money):
            kind = "change" if is_money else "rate"
        else:
            kind = "execution" if before.ratio == "execution_rate" and not is_money else "amount"
        direction = 0 if is_variance and before.direction is None else before.direction
        compared = "预算" if is_variance and "预算" not in (before.compared or "") else before.compared
        said = replace(
            state,
            direction=direction,
            compared=compared,
            subject=state.subject if known else None,
        )
        self._mention(kind, token, said, setting)

    def _figure(
        self, token: Token, state: State, setting: Setting, text: str, printed: str
    ) -> Reading | None:
        is_money = token.unit in MONEY
        is_rate = token.unit in ("%", "‰")
        is_points = token.unit.endswith("百分点")
        detail = self._detail(token, state, setting, text, printed)
        if detail:
            return detail
        aside = self._set_aside(token, state, setting, text)
        if aside:
            return Reading(token, "set_aside", aside) if is_money or is_rate or is_points else None
        if state.due is not None and not state.due:
            return Reading(token, "unread", "no_subject") if is_money or is_rate else None
        subject = self._subject(state)
        role = state.ratio, state.basis, state.direction
        if token.kind == "phrase" and token.term:
            subject = _counted(token.term.code, state.subject)
            if subject is None:
                return None
            state.subject, state.is_dirty = subject, False
        if subject is None and _reports_funding(state, setting):
            subject = Subject("project_funding", "total")
            state.subject, state.is_dirty = subject, False
        if not is_money and not is_rate:
            return self._count(token, state, setting, subject)
        left = self._part(token, state, setting, text, printed) or _left(token, state, setting, subject)
        if left or subject is None:
            return left
        subject = _settled(subject, state, setting)
        if subject.fact == "project_budget" and setting.is_report:
            setting = replace(
                setting, project_name=_quoted_project(printed[: token.start]) or setting.project_name
            )
        reading = (read_rate if is_rate else read_amount)(token, state, setting, subject)
        state.spent_direction, state.direction = state.direction, None
        state.ratio, state.completes = state.completes, None
        if is_money:
            state.spent_basis = state.basis
            state.basis = state.list_basis if state.in_list else None
        if state.due:
            state.ratio, state.basis, state.direction = role
        return reading

    def _subject(self, state: State) -> Subject | None:
        """What a figure is about: the next of several subjects named in a row, else the last, else the topic."""
        if state.due:
            state.subject, state.due = state.due[0], state.due[1:]
            return state.subject
        subject = state.subject or state.fund
        if subject is None and not state.is_dirty and not state.in_list:
            subject = self.topic
        return subject

    def _set_aside(self, token: Token, state: State, setting: Setting, sentence: str) -> ReasonCode | None:
        if token.kind == "aside" and token.term:
            return token.term.reason_code
        if token.kind == "range":
            return "range"
        if setting.section in ("glossary", "duties"):
            return "definition"
        if state.skip:
            return state.skip
        if setting.is_report and _GOAL.search(sentence):
            return "performance_goal"
        is_outside = state.subject and state.subject.fact in ("outside", "three_public_part")
        if is_outside and not state.is_dirty and token.unit in MONEY | {"%"}:
            return "outside_contract"
        return None

    def _count(self, token: Token, state: State, setting: Setting, subject: Subject | None) -> Reading | None:
        """The reading of a count whose noun says what is counted; other counts are ignored."""
        kind = UNIT_KIND.get(token.unit)
        if kind is None or subject is None or state.is_dirty:
            return None
        metric = metric_of(subject.code or "", kind)
        if metric is None:
            return None
        main = state.main
        is_same = main and main.fact == "metric" and main.code == subject.code and main is not subject
        if is_same and (state.in_list or metric == "staff_quota"):
            return None
        if state.main is None:
            state.main = subject
        is_change = state.direction is not None
        if state.is_planned and metric.startswith("equipment_") and setting.stage == "final":
            return None
        metric = planned(metric, state)
        reading = Reading(
            token,
            "read",
            fact="metric",
            subject_code=metric,
            basis="change_from_prior_year" if is_change else None,
            direction=sign_of(token, state),
        )
        state.direction = None
        if metric == "internal_divisions":
            state.subject, state.is_dirty = None, True
        return reading

    def _detail(
        self, token: Token, state: State, setting: Setting, text: str, printed: str
    ) -> Reading | None:
        """The reading of a count of one kind of what a metric counts: in a list behind the whole, or said to be one."""
        kind, main = UNIT_KIND.get(token.unit), state.main
        if kind is None or state.skip or setting.section in ("glossary", "duties"):
            return None
        if token.kind == "phrase" and token.term and token.term.code in KINDS:
            whole = Subject("metric", KINDS[token.term.code])
            name = _kind_name(re.split(r"\d", printed[token.start : token.end])[0])
            return _part_of(whole, kind, name, token, state)
        is_kind = token.kind == "figure" or (token.term is not None and token.term.code == "staff_kind")
        if not (is_kind and state.in_list and main and main.fact == "metric") or state.direction is not None:
            return None
        own = state.subject if not state.is_dirty else None
        opened = text.rfind("其中", 0, token.start)
        if kind == "person" and ";" in text[opened : token.start]:
            return None
        if own and own.code != main.code and not (own.code in _VEHICLES and main.code in _VEHICLES):
            return None
        name = _part_name(text, printed, token.start + len(token.text) - len(token.number + token.unit))
        name = name if kind == "vehicle" or main.code == "staff_quota" else _kind_name(name)
        if not 2 <= len(name) <= 30 or re.search(r"\d", name) or metric_of(main.code or "", kind) is None:
            return None
        state.part_name = name
        return _part_of(main, kind, name, token, state)

    def _part(self, token: Token, state: State, setting: Setting, text: str, printed: str) -> Reading | None:
        """The reading of an amount in a list of parts whose name is not a term: a part of the list's subject."""
        main = state.main
        named = main and main.code in _VEHICLES and state.part_name
        if token.unit not in MONEY or not (state.is_dirty or state.subject is None or named):
            return None
        if setting.project_name and not state.in_list:
            return Reading(token, "set_aside", "project_detail")
        if main is None:
            return None
        is_fund = state.fund is not None and not state.is_dirty
        if not state.in_list or main.fact not in ("project_budget", "metric") or is_fund:
            return None
        if main.code in _VEHICLES and state.part_name:
            return self._named_part(token, state, setting)
        state.part_name = _part_name(text, printed, token.start)
        if not state.part_name:
            return Reading(token, "set_aside", "project_detail")
        return self._named_part(token, state, setting)

    def _named_part(self, token: Token, state: State, setting: Setting) -> Reading:
        main = state.main
        assert main is not None
        if main.fact == "metric":
            kind = "money" if token.unit in MONEY else UNIT_KIND.get(token.unit, "")
            return _part_of(main, kind, state.part_name or "", token, state)
        whole = "project_budget"
        return Reading(
            token,
            "read",
            fact="part",
            statement_code=statement_of(main, setting),
            subject_code=whole,
            project_name=setting.project_name,
            part_name=state.part_name,
        )

    def _list_parts(self, rest: list[Token], text: str, state: State, setting: Setting) -> None:
        subject = state.subject
        if subject is None or subject.fact != "economic" or state.is_dirty:
            return
        start = rest[0].end
        stop = next((t.start for t in rest[1:] if t.text in ("。", ";") or t.kind == "figure"), len(text))
        names = [_clean_part(name) for name in text[start:stop].split("、")]
        names = [name for name in names if 2 <= len(name) <= 30 and not re.search(r"\d", name)]
        if len(names) > 1:
            self.parts.append(ListedParts(subject, statement_of(subject, setting), names))


def _counted(code: str | None, before: Subject | None) -> Subject | None:
    """The metric that a phrase with its figure counts, given the subject before it; None for a phrase that is not counted."""
    if before and before.code == "reception_foreign":
        return None
    if code == "overseas_groups" and before and (before.code or "").startswith("reception"):
        return before
    return Subject("metric", code)


def _part_of(whole: Subject, kind: str, name: str, token: Token, state: State) -> Reading:
    """The reading of a figure of one kind of what a metric counts."""
    code = metric_of(whole.code or "", kind) or whole.code or ""
    code = planned(code, state)
    return Reading(
        token, "read", fact="part", statement_code=metric_statement(code), subject_code=code, part_name=name
    )


def _kind_name(words: str) -> str:
    """The kind that is counted, without the words that only say that it is counted (``其中行政人员``)."""
    return _NOT_THE_KIND.sub("", words).strip('" :：,，;；、')


def _reports_funding(state: State, setting: Setting) -> bool:
    """Whether a figure without a subject is the funding that a report is about."""
    if setting.is_evaluation:
        return bool(state.basis) and not state.is_dirty and not state.in_list
    has_basis = state.basis and not state.is_dirty and setting.section in _FUNDING
    return setting.is_report and bool(setting.section == "funding" or has_basis) and not state.in_list


def _left(token: Token, state: State, setting: Setting, subject: Subject | None) -> Reading | None:
    """The reading of an amount or rate that is left out; None for one whose meaning is known."""
    is_source = subject and subject.fact == "project_funding" and subject.code != "total"
    if is_source and state.main and state.main.fact != "project_funding":
        return Reading(token, "set_aside", "funding_source")
    if (subject is None or state.is_dirty) and setting.section == "explanation":
        return Reading(token, "set_aside", "explanation")
    if len(state.row) > 1 and state.due is None:
        return Reading(token, "unread", "no_meaning")
    if subject is None or state.is_dirty:
        return Reading(token, "unread", "no_subject" if subject is None else "no_meaning")
    return None


def _settled(subject: Subject, state: State, setting: Setting) -> Subject:
    """The subject of a figure that is read, recorded in the sentence's state."""
    if state.main is None and not state.in_list:
        state.main = subject
    state.is_many = state.is_many or (
        state.main is not None and subject != state.main and subject is state.subject
    )
    subject = settle(subject, state, setting)
    state.subject, state.fund = state.subject or subject, None
    return subject


def _brackets_with_figures(text: str) -> list[tuple[int, int]]:
    """The spans of remarks in brackets that hold figures: what such a remark says ends with it."""
    return [match.span() for match in re.finditer(r"\([^()\d]*+\d[^()]*+\)", text)]


def _figures_of(token: Token, text: str) -> list[Token]:
    """The figures that a token holds: one, or all of an expression that is set aside."""
    if token.kind != "aside":
        return [token]
    figures = FIGURE.finditer(text, token.start, token.end)
    return [replace(token, number=each["number"], unit=each["unit"]) for each in figures if each["unit"]]


def _figures_in_a_row(rest: list[Token]) -> int:
    """How many figures follow each other with nothing but a comma or a role word between them."""
    count = 0
    for token in rest:
        if token.kind == "figure":
            count += 1
        elif token.kind != "ratio" and (token.text not in "、," or (token.text == "," and count)):
            break
    return count


def _resumes(found: list[Token], number: int, text: str) -> bool:
    """Whether a token ends a reason: a subject at the head of a clause with a figure of its own, a list, a full stop."""
    token, before = found[number], found[number - 1]
    if (
        before.kind == "year"
        and number > 2
        and (found[number - 2].text, found[number - 3].kind) == (":", "skip")
    ):
        before = found[number - 2]  # 主要原因是：2023年… says its figures instead of a reason
        text = text[: before.end] + " " * (token.start - before.end) + text[token.start :]
    if token.kind == "compare" and before.kind == "punctuation":
        kinds = [each.kind for each in found[number + 1 : number + 4] if each.kind != "punctuation"]
        return before.text == ";" or kinds[:2] == ["direction", "figure"]
    if token.kind == "list" and number + 1 < len(found):
        return _resumes(found, number + 1, text)
    if token.kind not in ("subject", "function", "economic"):
        return False
    heads = before.kind in ("punctuation", "list") or (before.kind == "skip" and token.kind == "function")
    between = text[before.end : token.start].strip(' "')
    if not heads or (between and not (before.text == ";" and FILLER.fullmatch(between))):
        return False
    for later in found[number + 1 :]:
        if later.kind == "figure":
            return True
        if later.kind == "punctuation":
            return False
    return False


def _quoted_project(before: str) -> str | None:
    """The project named in quotes right before the amount put into it."""
    found = re.search(r"[“\"](?P<name>[^”\"]{2,40})[”\"]项目[，,]?计划投入[^，,。；]*$", before)
    return found.group("name") if found else None


def _clean_part(name: str) -> str:
    return re.sub(r"^[:,\s]+|(?:等(?:支出|费用|方面)?|(?<![。,;:\s]))[。,;:\s]*$", "", name)


def _part_name(text: str, printed: str, end: int) -> str:
    plain = re.sub(r"\([^()]*\)", lambda remark: "_" * len(remark.group()), text[:end])
    start = max((match.end() for match in re.finditer(r"[,;:。]|其中", plain)), default=0)
    if re.search(r"\d", plain[start:]):  # a list whose parts are divided by 、
        start = max(start, plain.rfind("、") + 1)
    return re.sub(r"(?:为|共|约|安排|资金)$", "", printed[start:end]).strip('" ')
