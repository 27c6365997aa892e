"""One sentence -> what each of its figures says.

The vocabulary is data (``narrative_terms``); this package only knows how words combine. A figure belongs to the subject
before it. A role word (年初预算数, 增加, 占) changes what it says. 其中 opens a list of the subject's parts. Figures in a
reason are not read. Unknown words cut off what was said before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.cover.unit_names import is_unit_name
from ingest.document.text import fold_in_place, squeeze
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
from ingest.narrative.owners import begins_sentence, other_unit_named
from ingest.narrative.payments import is_paid, paid_project
from ingest.narrative.reasons import Explained, Mention, direction_of, reasons_of
from ingest.narrative.state import Before, ListedParts, Reading, Setting, State, Subject
from ingest.narrative.steps import EVALUATED, STEPS, is_other_side, meet_unknown, open_list
from ingest.narrative.terms import Term
from ingest.narrative.token import Token
from ingest.narrative.tokenise import FIGURE, tokens
from ingest.registry import any_of
from ingest.seeds import money_units

FILLER = re.compile(rf"(?:{any_of('sentence.filler')}|】|\([^()]*\)|\"|:|\s|\x00|-)*+")
"""Words between a subject, its role and its figure that change nothing.

Each place is read once (``*+``), so that where one word begins another, the longer must come first.
"""
_FUNDING = ("profile", "general", "performance")
_COMPARES = ("与", "较", "比", "同", "和")
"""What stands before what an amount is compared with."""
_KIND_OF_QUOTA = re.compile(
    r"(?:后勤(?:服务)?|教辅|专业技术)?(?:行政|事业|参公|工勤|机关|全额|差额|公益[一二]类)[^,;。:\d]{0,6}编制(?:人数|数|人员)?(?=(?:为|是|共|有|:){0,3}\d)"
)
"""A kind of posts with how many of them there are (行政编制10人)."""
_HAS_PARTS = re.compile(r"[^,;。\d]{0,4}\d+(?:人|名|个)[,:(]?其中")
"""What follows a kind of posts whose kinds are listed: it is the whole."""
_FIGURES = ("figure", "phrase", "aside", "range")
_SUBJECTS = ("subject", "function", "economic", "fund")
_ACCOUNTS = ("expenditure", "revenue", "balance", "economic", "three_public")
"""What a list of parts below a sentence may be of."""
_PURCHASED = "procurement_"
"""How the metrics of what was purchased begin."""
_OWNED = (*_ACCOUNTS, "project_budget")
"""What may be stated of another budget unit."""
_WITHOUT_CLASSES = ("government_fund", "state_capital")
"""Sections on funds of which no form states economic classes."""
_JOINS = ("和", "及", "与", "以及")
_GOAL = re.compile(any_of("sentence.goal"))
_DEFINES = re.compile(any_of("sentence.defines"))
_NOTHING_MORE = re.compile(r"(?:\([^()\d]*\))?[ :,]*")
"""What may stand behind the word that opens a list at the end of a sentence."""
_ENUMERATED = re.compile(r"[,;。:](?:[一二三四五六七八九十]{1,2}|\d{1,2})、$")
"""The mark of a list item within a sentence."""
_SHARE_OF_ALL = re.compile(
    r"占(?:比)?(?:为)?(?:本年度?|全年|当年)?(?:总(?:收入|支出)|(?:收入|支出)(?:总|合)计)"
)
"""What a share begins with that is of a whole side of the account, which no reason speaks of."""
_INCLUDED = re.compile(rf"\((?:其中)?{any_of('sentence.included')}(?!:)")
_CHANGE_ALONE = re.compile(r"(?:同比|环比|[比较同与][^增减升降]{1,12})?(?:增加|增长|减少|下降|降低|上升)了?")
"""What is no part's name: the words of a change."""
_NO_PROJECT = re.compile(any_of("sentence.no_project"))
"""What tells the words before an amount from a project's name: who was paid, what it was for, how it changed."""
_BEFORE_SUBJECT = re.compile(rf"(?:{any_of('sentence.before_subject')}|{any_of('sentence.filler')})*+")
"""Words right before a subject that leave it what it is."""
_YEAR = re.compile(r"20\d\d年度?")
_CLAUSE_BREAK = re.compile(r"[,;。:、()\s\x00]")
_REMARK = re.compile(r"(?:\([^()]*\))?")
_LIST_LEAD = re.compile(r"^(?:主要|具体)*(?:包括|包含)[:：]?")
_ITEM_NUMBER = re.compile(r"^(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[①-⒛])+")
_VEHICLES = ("vehicle_asset", "vehicles_purchased", "vehicles_held")
MONEY = {*money_units(), "万"}
"""The units of money in a sentence; there 万 is short for 万元."""
KINDS = {
    "performance_projects_kind": "performance_projects",
    "report_projects_kind": "performance_projects",
    "budget_units_kind": "budget_units",
}
"""Phrases that count one kind of what a metric counts."""
_OF_REPORT = "report_projects"
"""How phrases begin that count the projects of a report on performance; in other documents these are not what is evaluated."""
_REPEATED = {"staff_in_service": "在职"}
"""The word by which a kind of what a metric counts says what it is a kind of."""
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
    """Reads the sentences of a document in order.

    ``before`` is what the last sentence leaves to the next. A sentence that ends where its list begins leaves the list open
    (``is_open``): its parts are the items below, of the outline level ``item_level``, until one of ``opener_level`` or above.
    ``level`` is the outline level of the item that is read, ``opened_level`` that of the item whose last sentence left its parts to
    the lines below.
    """

    before: Before = field(default_factory=Before)
    is_open: bool = False
    opener_level: int | None = None
    item_level: int | None = None
    parts: list[ListedParts] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    resumed: list[int] = field(default_factory=list)
    sentence_no: int = 0
    level: int = -1
    opened_level: int = -1

    def forget(self) -> None:
        """A new list item ends the topic."""
        self.before = Before(whole=self.before.whole)
        self.mentions = []

    def begin_item(self, level: int) -> None:
        """A list item of an outline level begins. It ends the topic, and the list that was left open if it stands above its items."""
        opened = self.before.opened if level > self.opened_level else None
        self.forget()
        self.before.opened, self.level = opened, level
        is_above = self.opener_level is not None and level <= self.opener_level
        if is_above or (self.item_level is not None and level < self.item_level):
            self._close_list()
        elif self.opener_level is not None and self.item_level is None:
            self.item_level = level

    def leave_list_open(self, level: int | None) -> None:
        """The paragraph ends where a list of parts begins (其中：): the items below it are the parts; ``level`` is the paragraph's."""
        self.opener_level, self.item_level = -1 if level is None else level, None

    def enter_section(self) -> None:
        """A heading ends the topic and the whole whose parts were listed."""
        self.forget()
        self._close_list()

    def _close_list(self) -> None:
        self.before.whole = self.opener_level = self.item_level = None

    def read(self, sentence: str, setting: Setting) -> list[Reading]:
        """What each figure of a printed sentence says, in printed order."""
        text = fold_in_place(sentence)
        found = tokens(text, sentence, setting.section)
        self.sentence_no += 1
        self.resumed = []
        state = State(self.before)
        state.role.spent_year = self.before.year
        state.progress.other_unit = setting.other_unit
        state.progress.list_basis = self.before.basis if setting.section == "funding" else None
        readings: list[Reading] = []
        end, narrowed = 0, -1
        brackets = _brackets_with_figures(text)
        saved: tuple[int, State] | None = None
        for number, token in enumerate(found):
            if saved and token.start >= saved[0]:
                end, state, saved = saved[0], saved[1], None
            inside = next((span for span in brackets if span[0] < token.start < span[1]), None)
            if inside and saved is None:
                saved = inside[1], state.copy()
                end = max(end, inside[0] + 1)
                if _INCLUDED.match(text, inside[0]):
                    state.progress.skip = "included_part"
            _pass_gap(text[end : token.start], found, number, state)
            if token.kind in _SUBJECTS:
                _note_owner(text[: token.start], sentence, state, setting)
            state.progress.is_again = _follows_amount(found, number)
            if token.kind in _FIGURES:
                readings += self._figures(token, state, setting, text, sentence)
            elif token.kind == "includes" and not state.progress.skip:
                if state.progress.other_unit is None:
                    self._list_parts(found[number:], sentence, state, setting)
                open_list(state, token, setting)
            else:
                is_joined = _is_joined_to_unknown(text[: token.start], state)
                self._word(found, number, state, setting, text)
                is_within = is_joined or _goes_on(text, narrowed, token.start)
                if _names_account(token, state):
                    narrowed = -1
                    if is_within or _is_narrowed(text[end : token.start], setting):
                        state.about.subject, state.progress.is_dirty = None, True
                        narrowed = token.end
            end = token.end
        opens = state.progress.in_list and _opens_at_end(found, text)
        self.is_open = opens and _is_list_of_accounts(state)
        opened = state.about.main if opens else _still_opened(self.before.opened, state)
        if opens:
            self.opened_level = self.level
        self.before = self._left_behind(state, bool(readings), setting)
        self.before.opened = opened
        return readings

    def _figures(
        self, token: Token, state: State, setting: Setting, text: str, printed: str
    ) -> Iterator[Reading]:
        """The readings of the figures that a token holds."""
        for figure in _figures_of(token, text):
            before = state.copy()
            reading = _owned(self._figure(figure, state, setting, text, printed), figure, state)
            is_count = UNIT_KIND.get(figure.unit) == "person"
            state.progress.is_count_unknown = is_count and reading is None and state.progress.is_dirty
            if reading:
                yield reading
                self._mention_figure(reading, before, state, setting)
        state.progress.has_figure = True

    def _word(self, found: list[Token], number: int, state: State, setting: Setting, text: str) -> None:
        """Change the state as a word says; in a reason only the word that ends it does."""
        token = found[number]
        step = STEPS.get(token.kind)
        if step is None or (state.progress.skip and not _resumes(found, number, text, state)):
            return
        is_of_reason = (
            state.progress.has_reason_amount and ";" not in text[state.progress.skip_at : token.start]
        )
        if is_of_reason and token.kind == "compare":
            return
        if state.progress.skip:
            self.resumed.append(token.start)
        state.progress.skip = None
        step(state, token, setting)
        if token.kind in _SUBJECTS:
            self._mention("name", token, state, setting)
        _await_each(found[number + 1 :], token, state)
        due = state.about.due
        rest = found[number + 1 :]
        if due is not None and len(due) not in (_figures_in_a_row(rest), _same_figures(rest)):
            state.about.due = ()

    def _left_behind(self, state: State, has_readings: bool, setting: Setting) -> Before:
        """What a sentence that was read leaves to the next one."""
        about, role, progress = state.about, state.role, state.progress
        topic = self.before.topic
        if progress.other_unit != setting.other_unit:
            return Before(whole=self.before.whole)
        is_clear = not (progress.skip or has_readings or progress.is_dirty)
        if about.main and about.main.fact != "fund":
            topic = about.main if progress.in_list or not about.is_many else None
        elif about.subject and (about.subject.fact == "function" or is_clear):
            topic = about.subject
        is_whole = progress.in_list and about.main and (about.main.is_weak or self.is_open)
        return Before(
            topic=topic,
            last=about.subject if about.subject and about.subject.fact in _ACCOUNTS else None,
            whole=about.main if is_whole else self.before.whole,
            divided=about.divided or (None if about.main else self.before.divided),
            year=role.spent_year,
            basis=role.basis or role.spent_basis,
        )

    def reasons(self, sentence: str, before: str, following: Sequence[str]) -> list[Explained]:
        """The reasons that the sentence read last gives for changes; ``before`` and ``following`` are its paragraph's."""
        return reasons_of(sentence, self.sentence_no, self.mentions, self.resumed, before, following)

    def _mention(self, kind: str, token: Token, state: State, setting: Setting) -> None:
        """Note the subject that the sentence speaks of, for the reasons behind it."""
        is_known = not state.progress.is_dirty and state.progress.other_unit is None
        subject = state.about.subject if is_known else None
        full = settle(subject, state, setting) if subject else None
        subject_type, code = ratio_subject(full, setting.section) if full else (None, None)
        direction = state.role.direction
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
                comparison_of(state, setting)[0] if state.role.compared is not None else None,
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
        is_variance = before.role.ratio == "budget_variance_rate"
        direction = before.role.direction
        if token.kind == "aside" and reading.reason_code == "budget_variance":
            is_variance, direction = True, direction_of(token.text)
        if direction is not None or (is_variance and not is_money):
            kind = "change" if is_money else "rate"
        else:
            kind = "execution" if before.role.ratio == "execution_rate" and not is_money else "amount"
        direction = 0 if is_variance and direction is None else direction
        compared = (
            "预算" if is_variance and "预算" not in (before.role.compared or "") else before.role.compared
        )
        said = state.copy()
        said.role.direction, said.role.compared = direction, compared
        said.about.subject = state.about.subject if known else None
        self._mention(kind, token, said, setting)

    def _figure(
        self, token: Token, state: State, setting: Setting, text: str, printed: str
    ) -> Reading | None:
        is_money = token.unit in MONEY
        is_rate = token.unit in ("%", "‰")
        is_points = token.unit.endswith("百分点")
        if is_money and _may_begin_with_year(token, text, setting):
            return Reading(token, "unread", "no_meaning")
        detail = self._detail(token, state, setting, text, printed) or _payment(
            token, state, setting, printed
        )
        if detail:
            return detail
        aside = self._set_aside(token, state, setting, text)
        if aside:
            return Reading(token, "set_aside", aside) if is_money or is_rate or is_points else None
        if state.about.due is not None and not state.about.due:
            return Reading(token, "unread", "no_subject") if is_money or is_rate else None
        subject = self._subject(state)
        role = state.role.ratio, state.role.basis, state.role.direction
        if token.kind == "phrase" and token.term:
            subject = _counted(token.term, state.about.subject)
            if subject is None:
                return None
            state.about.subject, state.progress.is_dirty = subject, False
        if state.progress.is_again and is_money and state.about.due is None:
            return Reading(token, "unread", "no_meaning")
        if subject is None and _reports_funding(state, setting):
            subject = Subject("project_funding", "total")
            state.about.subject, state.progress.is_dirty = subject, False
        if not is_money and not is_rate:
            return self._count(token, state, setting, subject)
        left = self._part(token, state, setting, text, printed) or _left(token, state, setting, subject)
        if left and left.status == "unread" and setting.is_report and is_paid(text[: token.start]):
            return Reading(token, "set_aside", "project_detail")
        if left or subject is None:
            return left
        subject = _settled(subject, state, setting)
        if subject.fact == "project_budget" and setting.is_report:
            setting = replace(
                setting, project_name=_quoted_project(printed[: token.start]) or setting.project_name
            )
        reading = (read_rate if is_rate else read_amount)(token, state, setting, subject)
        state.role.spent_direction, state.role.direction = state.role.direction, None
        state.role.ratio, state.role.completes = state.role.completes, None
        if is_money:
            state.role.spent_basis, state.role.spent_year = state.role.basis, state.role.year
            state.role.basis = state.progress.list_basis if state.progress.in_list else None
        if state.about.due:
            state.role.ratio, state.role.basis, state.role.direction = role
        return reading

    def _subject(self, state: State) -> Subject | None:
        """What a figure is about: the next of several subjects named in a row, else the last, else the topic."""
        if state.about.due:
            state.about.subject, state.about.due = state.about.due[0], state.about.due[1:]
            return state.about.subject
        subject = state.about.subject or state.about.fund
        if subject is None and not state.progress.is_dirty and not state.progress.in_list:
            subject = state.before.topic
        return subject

    def _set_aside(self, token: Token, state: State, setting: Setting, sentence: str) -> ReasonCode | None:
        if token.kind == "aside" and token.term:
            return token.term.reason_code
        if token.kind == "range":
            return "range"
        if setting.section in ("glossary", "duties"):
            return "definition"
        if state.progress.skip:
            state.progress.has_reason_amount = token.unit in MONEY
            return state.progress.skip
        if setting.is_report and _GOAL.search(sentence):
            return "performance_goal"
        is_outside = state.about.subject and state.about.subject.fact in ("outside", "three_public_part")
        if is_outside and not state.progress.is_dirty and token.unit in MONEY | {"%"}:
            return "outside_contract"
        return None

    def _count(self, token: Token, state: State, setting: Setting, subject: Subject | None) -> Reading | None:
        """The reading of a count whose noun says what is counted; other counts are ignored."""
        kind = UNIT_KIND.get(token.unit)
        if kind is None or subject is None or state.progress.is_dirty:
            return None
        metric = metric_of(subject.code or "", kind)
        if metric is None:
            return None
        main = state.about.main
        is_same = main and main.fact == "metric" and main.code == subject.code and main is not subject
        if is_same and (state.progress.in_list or metric == "staff_quota"):
            return None
        if state.about.main is None:
            state.about.main = subject
        is_change = state.role.direction is not None
        if state.role.is_planned and metric.startswith("equipment_") and setting.stage == "final":
            return None
        metric = planned(metric, state)
        reading = Reading(
            token,
            "read",
            fact="metric",
            subject_code=metric,
            fund_code=subject.fund_code if metric.startswith(EVALUATED) else None,
            basis="change_from_prior_year" if is_change else None,
            direction=sign_of(token, state),
        )
        state.role.direction = None
        if metric == "internal_divisions":
            state.about.subject, state.progress.is_dirty = None, True
        return reading

    def _detail(
        self, token: Token, state: State, setting: Setting, text: str, printed: str
    ) -> Reading | None:
        """The reading of a count of one kind of what a metric counts: in a list behind the whole, or said to be one."""
        kind, main = UNIT_KIND.get(token.unit), state.about.main
        if kind is None or state.progress.skip or setting.section in ("glossary", "duties"):
            return None
        counted = (token.term.code if token.kind == "phrase" and token.term else None) or ""
        if counted == _OF_REPORT and setting.is_report:
            state.about.subject, state.progress.is_dirty = None, True
            return Reading(token, "read", fact="metric", subject_code=metric_of(counted, kind))
        if counted in KINDS and (setting.is_report or not counted.startswith(_OF_REPORT)):
            whole = Subject("metric", KINDS[counted])
            words = re.split(r"\d+\s*个?", printed[token.start : token.end])
            name = _kind_name(words[0]) or _kind_name(words[-1])
            return _part_of(whole, kind, name, token, state)
        if (by_kind := _of_kind_of_posts(token, kind, state, text, printed)) is not None:
            return by_kind
        is_staff = token.term is not None and token.term.code == "staff_kind"
        is_listed = state.progress.in_list or (is_staff and main is not None and _says_metric(token, main))
        if (
            not ((token.kind == "figure" or is_staff) and is_listed and main and main.fact == "metric")
            or state.role.direction is not None
        ):
            return None
        own = state.about.subject if not state.progress.is_dirty else None
        opened = text.rfind("其中", 0, token.start)
        if kind == "person" and ";" in text[opened : token.start]:
            return None
        if own and own.code != main.code and not (own.code in _VEHICLES and main.code in _VEHICLES):
            return None
        name = _part_name(text, printed, token.start + len(token.text) - len(token.number + token.unit))
        name = name if kind == "vehicle" or main.code == "staff_quota" else _kind_name(name)
        if not 2 <= len(name) <= 30 or re.search(r"\d", name) or metric_of(main.code or "", kind) is None:
            return None
        if main.code == "budget_units" and not name.endswith("单位"):
            return None
        state.about.part_name = name
        return _part_of(main, kind, name, token, state)

    def _part(self, token: Token, state: State, setting: Setting, text: str, printed: str) -> Reading | None:
        """The reading of an amount in a list of parts whose name is not a term: a part of the list's subject."""
        main = state.about.main
        named = main and main.code in _VEHICLES and state.about.part_name
        is_account = _is_part_of_metric(state)
        is_unnamed = state.progress.is_dirty or state.about.subject is None or named or is_account
        if token.unit not in MONEY or not is_unnamed:
            return None
        if setting.project_name and not state.progress.in_list:
            return Reading(token, "set_aside", "project_detail")
        listed = main if state.progress.in_list else state.before.opened
        if listed and (listed.fact, listed.code) == ("expenditure", "project"):
            return _listed_project(token, state, setting, text, printed)
        if main is None:
            return None
        is_fund = state.about.fund is not None and not state.progress.is_dirty
        is_list = state.progress.in_list and main.fact in ("project_budget", "metric")
        if not is_list or is_fund:
            return None
        if main.code in _VEHICLES and state.about.part_name:
            return self._named_part(token, state, setting)
        state.about.part_name = _part_name(text, printed, token.start)
        if not state.about.part_name:
            return Reading(token, "set_aside", "project_detail")
        if _CHANGE_ALONE.fullmatch(fold_in_place(state.about.part_name)):
            is_metric = main.fact == "metric"
            return Reading(token, "set_aside", "outside_contract") if is_metric else _unknown(token)
        return self._named_part(token, state, setting)

    def _named_part(self, token: Token, state: State, setting: Setting) -> Reading:
        main = state.about.main
        assert main is not None
        if main.fact == "metric":
            kind = "money" if token.unit in MONEY else UNIT_KIND.get(token.unit, "")
            return _part_of(main, kind, state.about.part_name or "", token, state)
        whole = "project_budget"
        return Reading(
            token,
            "read",
            fact="part",
            statement_code=statement_of(main, setting),
            subject_code=whole,
            project_name=setting.project_name,
            part_name=state.about.part_name,
        )

    def _list_parts(self, rest: list[Token], text: str, state: State, setting: Setting) -> None:
        subject = state.about.subject
        if subject is None or subject.fact != "economic" or state.progress.is_dirty or _DEFINES.search(text):
            return
        start = rest[0].end
        stop = next((t.start for t in rest[1:] if t.text in ("。", ";") or t.kind == "figure"), len(text))
        names = [_clean_part(name) for name in text[start:stop].split("、")]
        names = [name for name in names if 2 <= len(name) <= 30 and not re.search(r"\d", name)]
        if len(names) > 1:
            self.parts.append(ListedParts(subject, statement_of(subject, setting), names))


def _listed_project(token: Token, state: State, setting: Setting, text: str, printed: str) -> Reading | None:
    """The reading of an amount behind a project's name in a list of what 项目支出 consists of, or in a line below such a list's opening."""
    progress = state.progress
    if not progress.in_list and progress.has_figure:
        return None
    progress.is_of_details = True
    name = _ITEM_NUMBER.sub("", _LIST_LEAD.sub("", _part_name(text, printed, token.start)))
    is_name = (
        4 <= len(name) <= 40
        and not re.search(r"\d(?!\d{0,3}年)", name)
        and not _NO_PROJECT.search(fold_in_place(name))
    )
    if not is_name or setting.is_report or state.role.direction is not None:
        return Reading(token, "set_aside", "project_detail")
    subject = Subject("project_budget", "own", setting.section_fund, "project")
    return read_amount(token, state, replace(setting, project_name=squeeze(name)), subject)


def _payment(token: Token, state: State, setting: Setting, printed: str) -> Reading | None:
    """The reading of an amount that a report says was paid for one of the projects that it lists."""
    if token.kind != "figure" or token.unit not in MONEY or state.progress.skip or not setting.projects:
        return None
    end = token.start + len(token.text)
    project = paid_project(printed[: token.start], printed[end:], setting.projects)
    if project is None:
        return None
    return Reading(
        token,
        "read",
        fact="project_budget",
        statement_code="overall_performance",
        basis="final",
        subject_code="own",
        project_name=project,
    )


def _counted(term: Term, before: Subject | None) -> Subject | None:
    """The metric that a phrase with its figure counts, given the subject before it; None for a phrase that is not counted."""
    if (term.code or "").startswith(_OF_REPORT) or (before and before.code == "reception_foreign"):
        return None
    if term.code == "overseas_groups" and before and (before.code or "").startswith("reception"):
        return before
    return Subject("metric", term.code, term.fund_code)


def _part_of(whole: Subject, kind: str, name: str, token: Token, state: State) -> Reading:
    """The reading of a figure of one kind of what a metric counts."""
    code = metric_of(whole.code or "", kind) or whole.code or ""
    code = planned(code, state)
    return Reading(
        token, "read", fact="part", statement_code=metric_statement(code), subject_code=code, part_name=name
    )


def _of_kind_of_posts(token: Token, kind: str, state: State, text: str, printed: str) -> Reading | None:
    """The reading of a count in a sentence that gives the posts of several kinds and no whole (行政编制10人，实有9人；事业编制…): the
    posts are parts, and the staff behind them are of their kind."""
    subject, main = state.about.subject, state.about.main
    if subject is None or not (subject.code or "").startswith("staff_"):
        return None
    kinds = list(_KIND_OF_QUOTA.finditer(text))
    own = [match for match in kinds if match.start() < token.start]
    if state.progress.in_list:
        is_kind = subject.code == "staff_quota" and own and own[-1].end() >= token.start - 4
        if not is_kind or main is None or main.code == "staff_quota":
            return None
        if (main.code or "").startswith("staff_"):
            return _part_of(main, kind, printed[own[-1].start() : own[-1].end()], token, state)
        return Reading(token, "set_aside", "staff_kind")
    if len(kinds) < 2 or not own or "其中" in text[: kinds[0].start()]:
        return None
    if _HAS_PARTS.match(text, kinds[0].end()):
        return None
    if subject.code == "staff_quota" and own[-1].end() >= token.start - 4:
        name = printed[own[-1].start() : own[-1].end()]
        return _part_of(subject, kind, name, token, state)
    return Reading(token, "set_aside", "staff_kind")


def _follows_amount(found: Sequence[Token], number: int) -> bool:
    """Whether an amount follows another one with nothing but a comma between: nothing says what the second is."""
    if number < 2 or found[number].kind != "figure" or found[number - 1].text != ",":
        return False
    before, comma = found[number - 2], found[number - 1]
    is_next = before.end == comma.start and comma.end == found[number].start
    return is_next and before.kind == "figure" and before.unit in MONEY


def _is_part_of_metric(state: State) -> bool:
    """Whether a subject is a part of the operating expense that is listed: its reception is not all of the publisher's."""
    main, subject = state.about.main, state.about.subject
    is_listed = state.progress.in_list and main is not None and main.code == "operating_expense"
    return is_listed and subject is not None and subject.fact in ("three_public", "economic")


def _lists_metric(state: State) -> bool:
    """Whether the parts of a metric are listed: those of several budget units are kinds of it."""
    main = state.about.main
    return state.progress.in_list and main is not None and main.fact == "metric"


def _note_owner(before: str, printed: str, state: State, setting: Setting) -> None:
    """Note whose figures follow, where the words before a subject, folded, end in another budget unit's name."""
    name = other_unit_named(before, setting.own_names)
    if name:
        at = before.rindex(name)
        state.progress.other_unit = squeeze(printed[at : at + len(name)])
        state.progress.is_units_part = not begins_sentence(before, name)


def _owned(reading: Reading | None, token: Token, state: State) -> Reading | None:
    """The reading of a figure, with its owner where that is another budget unit; other facts than accounts have no place for one."""
    progress = state.progress
    if progress.other_unit is None or (reading is None and token.unit not in MONEY):
        return reading
    if token.unit in UNIT_KIND and _lists_metric(state):
        return reading
    if reading and reading.status == "read" and reading.fact in _OWNED and not progress.is_units_part:
        return replace(reading, budget_unit_name=progress.other_unit)
    is_figure = token.unit in MONEY or token.unit in ("%", "‰") or token.unit.endswith("百分点")
    return Reading(token, "set_aside", "other_unit") if is_figure else None


def _says_metric(token: Token, main: Subject) -> bool:
    """Whether the words of a kind repeat what is counted, so that they name a kind of it without 其中."""
    word = _REPEATED.get(main.code or "")
    return word is not None and word in token.text


def _kind_name(words: str) -> str:
    """The kind that is counted, without the words that only say that it is counted (``其中行政人员``)."""
    return _NOT_THE_KIND.sub("", words).strip('" :：,，;；、')


def _reports_funding(state: State, setting: Setting) -> bool:
    """Whether a figure without a subject is the funding that a report is about."""
    if setting.is_evaluation:
        return bool(state.role.basis) and not state.progress.is_dirty and not state.progress.in_list
    has_basis = state.role.basis and not state.progress.is_dirty and setting.section in _FUNDING
    return (
        setting.is_report and bool(setting.section == "funding" or has_basis) and not state.progress.in_list
    )


def _pass_gap(gap: str, found: Sequence[Token], number: int, state: State) -> None:
    """Pass the words before a token that are no tokens: fillers change nothing, unknown words cut off what was said."""
    progress = state.progress
    behind = found[number - 1].text if number > 0 else ""
    progress.is_joined = gap in _JOINS or (behind == "、" and not gap)
    if not gap or FILLER.fullmatch(gap):
        return
    if not progress.skip:
        meet_unknown(state)
    elif behind == ";":
        progress.is_dirty = True  # behind a reason, words of another subject


def _goes_on(text: str, narrowed: int, start: int) -> bool:
    """Whether a word follows right behind an account that unknown words narrow, which ends there, but for a remark in brackets."""
    is_adjacent = narrowed >= 0 and _REMARK.fullmatch(text, narrowed, start) is not None
    return is_adjacent and text[start] != "("


def _is_joined_to_unknown(before: str, state: State) -> bool:
    """Whether the next word is joined (、 和) to unknown ones that had no figure, so that the next figure belongs to all of them."""
    progress = state.progress
    is_joined = progress.is_dirty and progress.is_joined and not progress.has_figure
    return is_joined and not _ENUMERATED.search(f"。{before}")


def _names_account(token: Token, state: State) -> bool:
    """Whether a word is an account, or what was purchased, that is a subject now."""
    subject = state.about.subject
    if token.kind != "subject" or subject is None:
        return False
    return subject.fact in _ACCOUNTS or (subject.code or "").startswith(_PURCHASED)


def _is_narrowed(gap: str, setting: Setting) -> bool:
    """Whether unknown words stand right before an account, so that it is a part of it (专用基本支出).

    The owner's name narrows nothing, nor do its parts before it (津贴补贴等人员经费).
    """
    if not gap or gap.endswith("等"):
        return False
    words = _ITEM_NUMBER.sub("", _CLAUSE_BREAK.split(_YEAR.sub("", gap))[-1]).lstrip("0123456789").strip('"')
    return not any(
        _BEFORE_SUBJECT.fullmatch(words, at)
        and (at == 0 or is_unit_name(words[:at]) or words[:at] in setting.own_names)
        for at in range(len(words) + 1)
    )


def _is_list_of_accounts(state: State) -> bool:
    return state.progress.in_list and state.about.main is not None and state.about.main.fact in _ACCOUNTS


def _opens_at_end(found: Sequence[Token], text: str) -> bool:
    """Whether a sentence ends with the word that opens a list (其中：, 包括：)."""
    words = [token for token in found if token.kind != "punctuation"]
    return (
        bool(words)
        and words[-1].kind in ("list", "includes")
        and bool(_NOTHING_MORE.fullmatch(text, words[-1].end))
    )


def _unknown(token: Token) -> Reading:
    """The reading of a figure of which nothing says what it is about."""
    return Reading(token, "unread", "no_subject")


def _still_opened(opened: Subject | None, state: State) -> Subject | None:
    """What was left to the lines below, as long as these state its measures, or the projects in it."""
    main = state.about.main
    is_same = opened and main and (main.name, main.economic_name) == (opened.name, opened.economic_name)
    return opened if is_same or state.progress.is_of_details else None


def _left(token: Token, state: State, setting: Setting, subject: Subject | None) -> Reading | None:
    """The reading of an amount or rate that is left out; None for one whose meaning is known."""
    is_source = subject and subject.fact == "project_funding" and subject.code != "total"
    if is_source and state.about.main and state.about.main.fact != "project_funding":
        return Reading(token, "set_aside", "funding_source")
    if state.progress.in_list and state.progress.is_list_of_unknown:
        return _unknown(token)
    says_change = state.role.ratio is not None or state.role.direction is not None
    if subject is None and _lists_metric(state) and state.about.part_name and says_change:
        return Reading(token, "set_aside", "outside_contract")  # the share or rate of a kind
    if (subject is None or state.progress.is_dirty) and setting.section == "explanation":
        return Reading(token, "set_aside", "explanation")
    if len(state.about.row) > 1 and state.about.due is None:
        return Reading(token, "unread", "no_meaning")
    if subject is None or state.progress.is_dirty:
        return Reading(token, "unread", "no_subject" if subject is None else "no_meaning")
    if subject.fact == "economic" and setting.section in _WITHOUT_CLASSES and not subject.fund_code:
        return Reading(token, "set_aside", "outside_contract")
    whole = state.about.main if state.progress.in_list else state.before.whole
    if subject.fact == "economic" and whole and (whole.fact, whole.code) == ("expenditure", "project"):
        return Reading(token, "set_aside", "project_detail")
    return None


def _settled(subject: Subject, state: State, setting: Setting) -> Subject:
    """The subject of a figure that is read, recorded in the sentence's state."""
    if state.about.main is None and not state.progress.in_list:
        state.about.main = subject
    state.about.is_many = state.about.is_many or (
        state.about.main is not None and subject != state.about.main and subject is state.about.subject
    )
    subject = settle(subject, state, setting)
    state.about.subject, state.about.fund = state.about.subject or subject, None
    return subject


def _may_begin_with_year(token: Token, text: str, setting: Setting) -> bool:
    """Whether an amount that something is compared with may be a year and an amount that a converter ran together (与2022498.83万元
    for 与2022年498.83万元)."""
    if setting.fiscal_year is None or not text[: token.start].endswith(_COMPARES):
        return False
    years = (str(setting.fiscal_year), str(setting.fiscal_year - 1))
    return token.number.startswith(years) and token.number[4:5].isdigit()


def _brackets_with_figures(text: str) -> list[tuple[int, int]]:
    """The spans of remarks in brackets that hold figures: what such a remark says ends with it."""
    return [match.span() for match in re.finditer(r"\([^()\d]*+\d[^()]*+\)", text)]


def _figures_of(token: Token, text: str) -> list[Token]:
    """The figures that a token holds: one, or all of an expression that is set aside."""
    if token.kind != "aside":
        return [token]
    figures = FIGURE.finditer(text, token.start, token.end)
    return [replace(token, number=each["number"], unit=each["unit"]) for each in figures if each["unit"]]


def _await_each(rest: list[Token], token: Token, state: State) -> None:
    """Two figures in a row behind both totals are one each; as many as there are subjects are one each behind 各, or where those
    before were (分别增加…、…，增长…、…)."""
    about = state.about
    of_each = (
        token.kind in ("direction", "ratio")
        and len(about.row) > 1
        and (token.text[0] in "各均" or about.due == ())
    )
    is_both = about.subject is not None and about.subject.code == "total_both"
    if not (of_each or is_both) or state.progress.is_dirty:
        return
    figures = _same_figures(rest)
    if is_both and figures == 2 and about.subject:
        about.row = tuple(replace(about.subject, code=code) for code in ("total_income", "total_expenditure"))
        about.due = about.row
    elif of_each and len(about.row) == figures:
        about.due = about.row


def _same_figures(rest: list[Token]) -> int:
    """How many figures of one unit follow each other with nothing but a comma between them."""
    figures: list[Token] = []
    for token in rest:
        if token.kind == "figure" and (not figures or token.unit == figures[0].unit):
            figures.append(token)
        elif token.kind == "figure" or token.text not in ("、", ",") or not figures:
            break
    return len(figures)


def _figures_in_a_row(rest: list[Token]) -> int:
    """How many figures follow each other with nothing but a comma or a role word between them."""
    count = 0
    for token in rest:
        if token.kind == "figure":
            count += 1
        elif token.kind != "ratio" and (token.text not in "、," or (token.text == "," and count)):
            break
    return count


def _resumes(found: list[Token], number: int, text: str, state: State) -> bool:
    """Whether a token ends a reason: a subject at the head of a clause with a figure of its own, a list, a full stop, a share of all."""
    token, before = found[number], found[number - 1]
    if (
        before.kind == "year"
        and number > 2
        and (found[number - 2].text, found[number - 3].kind) == (":", "skip")
    ):
        before = found[number - 2]  # 主要原因是：2023年… says its figures instead of a reason
        text = text[: before.end] + " " * (token.start - before.end) + text[token.start :]
    if token.kind == "ratio" and before.text == ",":
        return bool(_SHARE_OF_ALL.match(token.text)) and not state.progress.has_reason_amount
    if token.kind == "compare" and before.kind == "punctuation":
        kinds = [each.kind for each in found[number + 1 : number + 4] if each.kind != "punctuation"]
        return before.text == ";" or kinds[:2] == ["direction", "figure"]
    if token.kind == "list" and number + 1 < len(found):
        return _resumes(found, number + 1, text, state)
    is_other = before.text == ";" and is_other_side(token.term, state.about.subject)
    if token.kind not in ("subject", "function", "economic") and not is_other:
        return False
    if before.kind == "year" and number > 1 and found[number - 2].text == ";":
        before = found[number - 2]  # ;2023年… begins a statement of its own
        text = text[: before.end] + " " * (token.start - before.end) + text[token.start :]
    if before.kind == "year" and _ENUMERATED.search(text[: before.start]):  # ,三、2023年…
        before = found[number - 2]
        text = text[: before.end] + " " * (token.start - before.end) + text[token.start :]
    heads = before.kind in ("punctuation", "list") or (before.kind == "skip" and token.kind == "function")
    between = text[before.end : token.start].strip(' "')
    if not heads or (between and not (before.text == ";" and FILLER.fullmatch(between))):
        return False
    for at in range(number + 1, len(found)):
        if found[at].kind == "figure":
            return is_other or not _explains(found, number, at, before.text, state.progress.in_list)
        compares = at + 1 < len(found) and found[at].text == "," and found[at + 1].kind == "compare"
        if found[at].kind == "punctuation" and not (compares and before.text == ";"):
            return False
    return False


def _explains(found: list[Token], number: int, at: int, opener: str, in_list: bool) -> bool:
    """Whether a clause within a reason only says by how much a part changed, without its amount.

    ``number`` and ``at`` are where its subject and its first figure stand, ``opener`` is what its head follows. With a reason
    of its own, behind 其中, as the next item of a list or with a base of its own behind a semicolon it stands beside what is
    explained.
    """
    said = [token.kind for token in found[number + 1 : at]]
    may_say = {"direction"} if opener == ";" else {"direction", "compare", "year"}
    if opener not in (",", ":", ";") or said[-1:] != ["direction"] or not may_say.issuperset(said):
        return False
    for token in found[at + 1 :]:
        if token.kind == "skip":
            return False
        if token.kind in _SUBJECTS or token.text == ";":
            break
    return not (opener == ";" and in_list)


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
