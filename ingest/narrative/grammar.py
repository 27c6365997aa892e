"""One sentence -> what each of its figures says: a small machine that carries subject, fund, basis and direction.

The vocabulary is data (``narrative_terms``); this module only knows how words combine: a figure belongs to the subject
before it, a role word (年初预算数, 增加, 占) turns it, 其中 opens a list of the subject's parts, a reason is no figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from ingest.forms.registry import classification_rows, registry_rows
from ingest.narrative.scan import FunctionName, Token, tokens
from ingest.text import fold_in_place

_FILLER = re.compile(
    r"(?:为|是|的|了|共有?|计|约|合计|总计|总额|金额|人?数|支出|收入|预算|决算|安排|拨款|资金|经费|费用|费|情况|实际|累计|达到?|规模"
    r"|我?(?:部门|单位|局|委|院|校|中心|办|厅|处|馆|站|所|镇|街道|会)|本(?:部门|单位|局|委|院|校|中心|办|厅|处|馆|站|所|镇|街道|会)|支付|共支出|和|及|各|均|都|分别|全年|当年|本年|年度|财政|主要|实有|有|则|即|其|项目|方面|部分|国内|年末|完成|总|较|小计|使用|发生|开支|来|我?部门|单位|本"
    r"|\([^()]*\)|\"|“|”|:|\s|\x00|-)*"
)
_PROCUREMENT = re.compile("政府采购|采购总|采购支出")
_GOAL = re.compile(r"指标值?|偏差率|控制在")
_MONEY = {"亿元", "百万元", "万元", "千元", "元", "万"}
_UNIT_KIND = {
    **{unit: "count" for unit in ("个", "项", "台(套)", "台(件、套)", "台/套", "台套", "台", "套", "张", "份", "组", "家")},
    **{unit: "person" for unit in ("人", "名", "人次")},
    **{unit: "batch" for unit in ("批次", "批", "次")},
    **{unit: "area" for unit in ("平方米", "㎡", "m2")},
    "辆": "vehicle",
}
_ASIDE_SECTIONS = ("three_public", "other_matters", "performance", "profile")
_VEHICLES = ("vehicle_asset", "vehicles_purchased", "vehicles_held")
_TWO_SIDED = ("summary", "appropriation_summary", "government_fund", "state_capital")
_BY_FUNCTION = (
    "expenditure",
    "appropriation_summary",
    "general_public_expenditure",
    "government_fund",
    "state_capital",
)
_HOME = {
    "balance": "summary",
    "revenue": "revenue",
    "expenditure": "expenditure",
    "economic": "general_public_basic",
    "three_public": "three_public",
    "project_budget": "general_public_project",
    "project_funding": "overall_performance",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure is about."""

    fact: str
    code: str | None = None
    fund_code: str | None = None
    statement_code: str | None = None
    name: FunctionName | None = None
    economic_name: str | None = None
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a sentence: the document's year, stage and kind, the section, the project it describes."""

    fiscal_year: int | None
    stage: str | None
    is_report: bool
    section: str
    project_name: str | None = None
    is_general_public: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one figure says; the fields of a claim that the grammar decides."""

    token: Token
    status: str
    reason_code: str | None = None
    fact: str | None = None
    statement_code: str | None = None
    fund_code: str | None = None
    basis: str | None = None
    comparison_base: str | None = None
    direction: int | None = None
    subject_type: str | None = None
    subject_code: str | None = None
    name: FunctionName | None = None
    economic_name: str | None = None
    ratio: str | None = None
    project_name: str | None = None
    part_name: str | None = None
    amount_column: str | None = None


@dataclass(slots=True)
class ListedParts:
    """What a sentence says an amount includes, without figures."""

    subject: Subject
    statement_code: str | None
    names: list[str]


@dataclass(slots=True)
class _State:
    topic: Subject | None = None
    subject: Subject | None = None
    main: Subject | None = None
    fund: Subject | None = None
    basis: str | None = None
    list_basis: str | None = None
    year: str | None = None
    direction: int | None = None
    compared: str | None = None
    compared_at: int = -1
    ratio: str | None = None
    share_base: str = ""
    noun: str | None = None
    part_name: str | None = None
    skip: str | None = None
    in_list: bool = False
    is_planned: bool = False
    is_dirty: bool = False
    is_fresh: bool = True
    clause_start: int = 0
    has_figure: bool = False


@dataclass(slots=True)
class SentenceReader:
    """Reads the sentences of a document in order; the topic of one sentence is carried to the next of its section."""

    topic: Subject | None = None
    basis: str | None = None
    parts: list[ListedParts] = field(default_factory=list)

    def forget(self) -> None:
        """A heading or a new list item ends the topic."""
        self.topic = self.basis = None

    def read(self, sentence: str, setting: Setting) -> list[Reading]:
        """What each figure of a printed sentence says, in printed order."""
        text = fold_in_place(sentence)
        found = tokens(sentence, setting.section)
        state = _State(topic=self.topic, list_basis=self.basis if setting.section == "funding" else None)
        readings: list[Reading] = []
        end = 0
        brackets = _brackets_with_figures(text)
        saved: tuple[int, _State] | None = None
        for number, token in enumerate(found):
            if saved and token.start >= saved[0]:
                end, state, saved = saved[0], saved[1], None
            inside = next((span for span in brackets if span[0] < token.start < span[1]), None)
            if inside and saved is None:
                saved = inside[1], replace(state)
                end = max(end, inside[0] + 1)
            gap = text[end : token.start]
            if gap and not state.skip and not _FILLER.fullmatch(gap):
                _meet_unknown(state)
            step = _STEPS.get(token.kind)
            if token.kind == "figure" or token.kind == "phrase" or token.kind == "aside" or token.kind == "range":
                reading = self._figure(token, state, setting, text, sentence)
                if reading:
                    readings.append(reading)
                state.has_figure = True
            elif token.kind == "includes" and not state.skip:
                self._list_parts(found[number:], sentence, state, setting)
                _on_list(state, token, setting)
            elif step and (not state.skip or _resumes(found, number, text)):
                state.skip = None
                step(state, token, setting)
            end = token.end
        if state.main and state.main.fact != "fund":
            self.topic = state.main
        elif state.subject and not state.skip and (state.subject.fact == "function" or not (readings or state.is_dirty)):
            self.topic = state.subject
        self.basis = state.basis
        return readings

    def _figure(self, token: Token, state: _State, setting: Setting, text: str, printed: str) -> Reading | None:
        is_money = token.unit in _MONEY
        is_rate = token.unit in ("%", "‰")
        is_points = token.unit.endswith("百分点")
        aside = self._set_aside(token, state, setting, text)
        if aside:
            return Reading(token, "set_aside", aside) if is_money or is_rate or is_points else None
        subject = state.subject or state.fund
        if subject is None and not state.is_dirty and not state.in_list:
            subject = self.topic
        if token.kind == "phrase" and token.term:
            subject = Subject("metric", token.term.code)
            if subject.code == "overseas_groups" and state.subject and (state.subject.code or "").startswith("reception"):
                subject = state.subject
            state.subject, state.is_dirty = subject, False
        if subject is None and setting.is_report and setting.section == "funding" and not state.in_list:
            subject = Subject("project_funding", "total")
            state.subject, state.is_dirty = subject, False
        if not is_money and not is_rate:
            return self._count(token, state, setting, subject, text, printed)
        part = self._part(token, state, setting, text, printed)
        if part:
            return part
        if subject and subject.fact == "project_funding" and subject.code != "total" and state.main and state.main.fact != "project_funding":
            return Reading(token, "set_aside", "funding_source")
        if (subject is None or state.is_dirty) and setting.section == "explanation":
            return Reading(token, "set_aside", "explanation")
        if subject is None or state.is_dirty:
            return Reading(token, "unread", "no_subject" if subject is None else "no_meaning")
        if state.main is None and not state.in_list:
            state.main = subject
        subject = _settle(subject, state, setting)
        state.subject = state.subject or subject
        reading = _rate(token, state, setting, subject) if is_rate else _amount(token, state, setting, subject)
        if is_money:
            state.direction = state.ratio = None
        else:
            state.ratio = state.direction = None
        return reading

    def _set_aside(self, token: Token, state: _State, setting: Setting, sentence: str) -> str | None:
        if token.kind == "aside" and token.term:
            return token.term.code
        if token.kind == "range":
            return "range"
        if setting.section in ("glossary", "duties"):
            return "definition"
        if state.skip:
            return state.skip
        if setting.is_report and _GOAL.search(sentence):
            return "performance_goal"
        if state.subject and not state.is_dirty and token.unit in _MONEY | {"%"}:
            if state.subject.fact in ("outside", "three_public_part"):
                return "outside_contract"
        return None

    def _count(self, token: Token, state: _State, setting: Setting, subject: Subject | None, text: str, printed: str) -> Reading | None:
        """A count is read where its noun says what is counted; any other count is none of ours."""
        kind = _UNIT_KIND.get(token.unit)
        if kind == "vehicle" and state.in_list and state.main and state.main.code in _VEHICLES:
            state.part_name = _part_name(text, printed, token.start)
            return self._named_part(token, state, setting)
        if kind is None or subject is None or state.is_dirty or state.noun == "kind":
            state.noun = None
            return None
        metric = _metric(subject.code or "", kind)
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
        metric = _planned(metric, state)
        reading = Reading(
            token,
            "read",
            fact="metric",
            subject_code=metric,
            basis="change_from_prior_year" if is_change else None,
            direction=_sign(token, state),
        )
        state.direction = None
        return reading

    def _part(self, token: Token, state: _State, setting: Setting, text: str, printed: str) -> Reading | None:
        """An amount in a list of parts whose name is no term: a part of the list's subject."""
        main = state.main
        named = main and main.code in _VEHICLES and state.part_name
        if token.unit not in _MONEY or not (state.is_dirty or state.subject is None or named):
            return None
        if setting.project_name and not state.in_list:
            return Reading(token, "set_aside", "project_detail")
        if main is None:
            return None
        if not state.in_list or main.fact not in ("project_budget", "metric"):
            return None
        if main.code in _VEHICLES and state.part_name:
            return self._named_part(token, state, setting)
        state.part_name = _part_name(text, printed, token.start)
        if not state.part_name:
            return Reading(token, "set_aside", "project_detail")
        return self._named_part(token, state, setting)

    def _named_part(self, token: Token, state: _State, setting: Setting) -> Reading:
        main = state.main
        assert main is not None
        whole = _planned(_metric(main.code or "", "vehicle") or main.code or "", state) if main.fact == "metric" else "project_budget"
        return Reading(
            token,
            "read",
            fact="part",
            statement_code=_statement(main, setting),
            subject_code=whole,
            project_name=setting.project_name if main.fact == "project_budget" else None,
            part_name=state.part_name,
        )

    def _list_parts(self, rest: list[Token], text: str, state: _State, setting: Setting) -> None:
        subject = state.subject
        if subject is None or subject.fact != "economic" or state.is_dirty:
            return
        start = rest[0].end
        stop = next((t.start for t in rest[1:] if t.text in ("。", ";") or t.kind == "figure"), len(text))
        names = [_clean_part(name) for name in text[start:stop].split("、")]
        names = [name for name in names if 2 <= len(name) <= 30 and not re.search(r"\d", name)]
        if len(names) > 1:
            self.parts.append(ListedParts(subject, _statement(subject, setting), names))


def _brackets_with_figures(text: str) -> list[tuple[int, int]]:
    """The spans of remarks in brackets that hold figures: what they say ends with them."""
    return [match.span() for match in re.finditer(r"\([^()]*\d[^()]*\)", text)]


def _resumes(found: list[Token], number: int, text: str) -> bool:
    """Whether a token ends a reason: a subject at the head of a clause with a figure of its own, a list, a full stop."""
    token, before = found[number], found[number - 1]
    if token.kind == "compare" and before.kind == "punctuation":
        later = found[number + 1 : number + 4]
        return before.text == ";" or [each.kind for each in later if each.kind != "punctuation"][:2] == ["direction", "figure"]
    if token.kind not in ("subject", "function", "economic"):
        return False
    heads = before.kind in ("punctuation", "list") or (before.kind == "skip" and token.kind == "function")
    if not heads or text[before.end : token.start].strip(' "'):
        return False
    for later in found[number + 1 :]:
        if later.kind == "figure":
            return True
        if later.kind == "punctuation":
            return False
    return False


def _meet_unknown(state: _State) -> None:
    """Words that the grammar does not know: what was said before does not reach over them."""
    state.is_dirty = True
    state.year = state.direction = state.ratio = None
    state.basis = state.list_basis if state.in_list else None


def _on_subject(state: _State, token: Token, setting: Setting) -> None:
    term = token.term
    assert term is not None
    if state.subject and not state.is_dirty and not state.has_figure:
        is_total = term.fact == "expenditure" and term.code == "total" and term.fund_code
        if is_total and state.subject.fact not in ("fund", "expenditure") and not state.subject.fund_code:
            state.subject = replace(state.subject, fund_code=term.fund_code)
        if is_total and state.subject.fact != "expenditure" or term.is_weak:
            return
    if setting.section in _ASIDE_SECTIONS and not setting.is_report and term.fact in ("expenditure", "revenue", "balance"):
        about = state.subject or state.main or state.topic
        if not (about and about.fact == "metric" and (about.code or "").startswith("performance_")):
            _enter(state, Subject("outside", "reference"))
        return
    subject = Subject(
        fact=term.fact or "",
        code=term.code,
        fund_code=term.fund_code,
        statement_code=term.statement_code,
        economic_name=token.text if term.fact == "economic_class" else None,
        is_weak=term.is_weak,
    )
    if subject.fact == "economic_class":
        subject = replace(subject, fact="economic", code="total")
    if state.fund and not state.is_dirty and subject.fact in ("balance", "revenue", "expenditure", "economic", "three_public"):
        fund = state.fund
        if term.is_weak and subject.fact == "revenue":
            subject = replace(subject, code=fund.code)
        if not subject.fund_code:
            subject = replace(subject, fund_code=fund.fund_code)
        if subject.code == "current_income" and setting.section == "appropriation_summary" and fund.code != "fiscal_appropriation":
            subject = Subject("revenue", fund.code)
        if fund.statement_code and subject.fact in ("balance", "expenditure", "revenue") and not subject.statement_code:
            subject = replace(subject, statement_code=fund.statement_code)
    subject = _inherit(state, subject)
    if state.in_list and state.main and state.main.name and subject.fact == "expenditure" and subject.code != "total":
        subject = replace(state.main, code=subject.code)
    _enter(state, subject)


def _enter(state: _State, subject: Subject) -> None:
    state.subject = subject
    state.fund = None
    state.is_dirty = False
    state.skip = None
    state.has_figure = False
    state.direction = state.ratio = None
    state.basis = state.list_basis if state.in_list else None


def _on_function(state: _State, token: Token, setting: Setting) -> None:
    fund = state.fund.fund_code if state.fund and not state.is_dirty else None
    _enter(state, _inherit(state, Subject("function", "total", fund, None, token.name)))


def _inherit(state: _State, subject: Subject) -> Subject:
    """A part in a list takes its whole's fund, and the statement where the whole is 收入预算 or 支出预算 itself."""
    whole = state.main
    if not (state.in_list and whole and subject.fact in ("expenditure", "revenue", "function")):
        return subject
    if whole.is_weak and not subject.statement_code:
        subject = replace(subject, statement_code=whole.statement_code)
    if subject.fact == "revenue" or subject.fund_code:
        return subject
    return replace(subject, fund_code=whole.fund_code)


def _on_economic(state: _State, token: Token, setting: Setting) -> None:
    _enter(state, Subject("economic", "total", economic_name=token.text))


def _on_fund(state: _State, token: Token, setting: Setting) -> None:
    term = token.term
    assert term is not None
    if state.subject and not state.has_figure and not state.is_dirty:
        if not state.subject.fund_code:
            state.subject = replace(state.subject, fund_code=term.fund_code)
        return
    state.fund = Subject("fund", term.code, term.fund_code, term.statement_code)
    state.subject = None
    state.is_dirty = False
    state.has_figure = False


def _on_basis(state: _State, token: Token, setting: Setting) -> None:
    assert token.term is not None
    if token.term.fact and not state.subject and not state.topic and setting.section in ("expenditure", "general"):
        _enter(state, Subject("expenditure", "total", statement_code="expenditure", is_weak=True))
    state.basis = token.term.code
    state.direction = state.ratio = None


def _on_direction(state: _State, token: Token, setting: Setting) -> None:
    assert token.term is not None
    state.direction = int(token.term.code or 0)
    state.ratio = None


def _on_ratio(state: _State, token: Token, setting: Setting) -> None:
    assert token.term is not None
    state.ratio = token.term.code
    state.share_base = token.text
    state.direction = None


def _on_compare(state: _State, token: Token, setting: Setting) -> None:
    state.compared = token.text
    state.compared_at = token.end
    state.year = None


def _on_year(state: _State, token: Token, setting: Setting) -> None:
    state.year = token.year or (str(setting.fiscal_year - 1) if setting.fiscal_year else "prior")


def _on_skip(state: _State, token: Token, setting: Setting) -> None:
    state.skip = token.term.code if token.term else "reason_clause"


def _on_list(state: _State, token: Token, setting: Setting) -> None:
    state.skip = None
    state.in_list = True
    state.list_basis = state.basis or state.list_basis
    state.basis = state.list_basis
    if state.subject and state.subject.fact != "fund":
        state.main = state.subject
    state.main = state.main or state.topic
    state.subject = None


def _on_parts(state: _State, token: Token, setting: Setting) -> None:
    state.in_list = True
    state.main = Subject("project_budget", "own", statement_code="general_public_project")


def _on_planned(state: _State, token: Token, setting: Setting) -> None:
    state.is_planned = True
    state.is_dirty = False


def _on_noun(state: _State, token: Token, setting: Setting) -> None:
    state.noun = "kind"


def _on_punctuation(state: _State, token: Token, setting: Setting) -> None:
    if token.text == ";":
        state.compared = None
        state.direction = state.ratio = None
        state.year = None
        if not state.in_list:
            state.basis = None
    elif token.text in ",、":
        state.direction = state.ratio = None
        state.year = None


_STEPS = {
    "subject": _on_subject,
    "function": _on_function,
    "economic": _on_economic,
    "fund": _on_fund,
    "basis": _on_basis,
    "direction": _on_direction,
    "ratio": _on_ratio,
    "compare": _on_compare,
    "year": _on_year,
    "skip": _on_skip,
    "list": _on_list,
    "parts": _on_parts,
    "planned": _on_planned,
    "noun": _on_noun,
    "punctuation": _on_punctuation,
}


def _settle(subject: Subject, state: _State, setting: Setting) -> Subject:
    """A fund or a function name alone says what the section is about."""
    if subject.fact == "fund":
        if setting.section == "revenue" or (state.main and state.main.fact == "revenue"):
            return _inherit(state, Subject("revenue", subject.code))
        return Subject("expenditure", "total", subject.fund_code, subject.statement_code)
    if subject.fact == "function":
        return replace(subject, fact="expenditure")
    if setting.is_report and subject.fact == "economic" and subject.code == "total" and not subject.economic_name:
        return Subject("expenditure", "basic")
    if subject.fact == "balance" and subject.code == "current_income" and setting.section == "revenue":
        return replace(subject, fact="revenue", code="total")
    if subject.fact == "balance" and subject.code == "current_expenditure" and setting.section == "expenditure":
        return replace(subject, fact="expenditure", code="total")
    return subject


def _statement(subject: Subject, setting: Setting) -> str | None:
    if setting.is_report and subject.fact not in ("three_public", "metric"):
        return "overall_performance"
    section = setting.section
    if subject.fact == "expenditure" and subject.name and not subject.statement_code:
        return section if section in _BY_FUNCTION else "appropriation_summary"
    if subject.statement_code:
        keeps = subject.fact == "expenditure" and section in ("appropriation_summary", "expenditure") and subject.is_weak
        return section if keeps else subject.statement_code
    if subject.fact == "balance" and section == "general_public_expenditure":
        return "appropriation_summary"
    allowed = {
        "balance": _TWO_SIDED,
        "revenue": ("revenue", *_TWO_SIDED),
        "expenditure": (*_BY_FUNCTION, "summary"),
        "economic": ("general_public_basic",),
    }.get(subject.fact, ())
    return section if section in allowed else _HOME.get(subject.fact)


def _fund(subject: Subject, setting: Setting) -> str | None:
    """The fund named; for 三公 figures only a heading or sentence that says 一般公共预算 narrows the widest."""
    if subject.fact == "three_public":
        return "general_public" if setting.is_general_public or subject.fund_code == "general_public" else None
    if subject.fact == "balance" and setting.section == "general_public_expenditure" and not subject.fund_code:
        return "general_public"
    return subject.fund_code


def _basis(state: _State, setting: Setting) -> str | None:
    """The basis that the words give: a prior year's figure is ``prior_year`` whatever else is said; None for none."""
    if state.year and setting.fiscal_year and state.year.isdigit():
        behind = setting.fiscal_year - int(state.year)
        if behind == 1:
            return "prior_year"
        if behind != 0:
            return "other_year"
    if state.basis == "budget":
        return "initial_budget"
    if state.basis == "final" and setting.stage == "budget":
        return "prior_year" if state.year else None
    return state.basis


def _comparison(state: _State, setting: Setting) -> tuple[str, str | None]:
    """(kind, base) of a comparison: kind is ``prior`` or ``budget``; base is prior_final, prior_budget or None."""
    base = state.compared or ""
    year = re.search(r"20\d\d", base)
    prior = bool(re.search(r"上年|去年|上一年|同期", base)) or bool(
        year and setting.fiscal_year and int(year.group()) < setting.fiscal_year
    )
    if not prior and "预算" in base:
        return "budget", None
    if re.search(r"执行|决算|支出数|实际", base):
        return "prior", "prior_final"
    return "prior", "prior_budget" if "预算" in base else None


def _sign(token: Token, state: _State) -> int | None:
    """The sign that the words give; a printed minus says it itself (``增加（减少）-39.18万元``)."""
    return None if token.number.startswith(("-", "−")) else state.direction or None


def _amount(token: Token, state: _State, setting: Setting, subject: Subject) -> Reading:
    basis, comparison, direction = _basis(state, setting), None, None
    if state.direction is not None:
        kind, comparison = _comparison(state, setting)
        if kind == "budget":
            return Reading(token, "set_aside", "budget_variance")
        basis, direction = "change_from_prior_year", _sign(token, state)
    elif state.compared_at == token.start:
        basis = "prior_year" if _comparison(state, setting)[0] == "prior" else "initial_budget"
    elif basis == "other_year":
        return Reading(token, "set_aside", "other_year")
    if subject.fact == "project_funding":
        column = {"initial_budget": "initial_budget", "adjusted_budget": "adjusted_budget", "final": "executed"}.get(basis or "")
        if column is None or direction:
            return Reading(token, "unread", "no_meaning")
        return Reading(token, "read", fact="project_funding", statement_code="overall_performance", subject_code=subject.code, amount_column=column)
    code = subject.code
    if subject.fact == "metric":
        code = _metric(code or "", "executed" if state.basis == "final" else "money") or _metric(code or "", "money")
        if code is None:
            return Reading(token, "set_aside", "outside_contract")
        if code.startswith("performance_"):
            basis = None
    return Reading(
        token,
        "read",
        fact=subject.fact,
        statement_code=_statement(subject, setting),
        fund_code=_fund(subject, setting),
        basis="adjusted_budget" if subject.fact == "project_budget" and setting.is_report else basis,
        comparison_base=comparison,
        direction=direction,
        subject_code=code,
        name=subject.name,
        economic_name=subject.economic_name,
        project_name=setting.project_name if subject.fact == "project_budget" else None,
    )


def _rate(token: Token, state: _State, setting: Setting, subject: Subject) -> Reading:
    ratio, direction = state.ratio, None
    if state.direction is not None:
        kind, _ = _comparison(state, setting)
        ratio = "change_rate" if kind == "prior" else "budget_variance_rate"
        direction = _sign(token, state)
    if ratio is None or token.unit == "‰":
        return Reading(token, "unread", "no_meaning")
    if ratio == "share" and (subject.code or "").startswith("procurement_") and not _PROCUREMENT.search(state.share_base):
        return Reading(token, "set_aside", "other_base")
    if subject.fact == "project_funding":
        if ratio == "execution_rate":
            return Reading(token, "read", fact="project_funding", statement_code="overall_performance", subject_code=subject.code, amount_column="execution_rate")
        return Reading(token, "read", fact="ratio", statement_code="overall_performance", subject_type="measure", subject_code="total", ratio=ratio, direction=direction)
    subject_type, code = _ratio_subject(subject)
    if subject_type is None:
        return Reading(token, "unread", "no_meaning")
    return Reading(
        token,
        "read",
        fact="ratio",
        statement_code=metric_statement(code) if subject_type == "metric" else _statement(subject, setting),
        fund_code=_fund(subject, setting),
        direction=direction,
        subject_type=subject_type,
        subject_code=code,
        name=subject.name,
        economic_name=subject.economic_name,
        ratio=ratio,
    )


def _ratio_subject(subject: Subject) -> tuple[str | None, str | None]:
    if subject.fact == "expenditure":
        return ("function", None) if subject.name else ("measure", subject.code)
    if subject.fact == "economic":
        return ("economic", None) if subject.economic_name else ("measure", subject.code)
    if subject.fact == "revenue":
        return ("measure", "total") if subject.code == "total" else ("revenue_source", subject.code)
    if subject.fact == "metric":
        code = _metric(subject.code or "", "money")
        return ("metric", code) if code else (None, None)
    if subject.fact in ("balance", "three_public"):
        return subject.fact, subject.code
    return None, None


@cache
def _metrics() -> dict[tuple[str, str], str]:
    return {(row["noun"], row["unit_kind"]): row["metric_code"] for row in registry_rows("narrative_metrics")}


@cache
def _metric_statements() -> dict[str, str]:
    return {row["metric_code"]: row["statement_code"] for row in classification_rows("metric")}


def metric_statement(code: str | None) -> str | None:
    """The statement that a metric belongs to, wherever its figure stands in the text."""
    return _metric_statements().get(code or "")


def _metric(noun: str, unit_kind: str) -> str | None:
    return _metrics().get((noun, unit_kind))


def _planned(metric: str, state: _State) -> str:
    if not state.is_planned:
        return metric
    if metric == "vehicle_count":
        return "vehicles_purchased"
    return "planned_" + metric if metric.startswith("equipment_") else metric


def _clean_part(name: str) -> str:
    return re.sub(r"^[:,\s]+|(?:等(?:支出|费用|方面)?)?[。,;:\s]*$", "", name)


def _part_name(text: str, printed: str, end: int) -> str:
    start = max((match.end() for match in re.finditer(r"[,、;:。]|其中", text[:end])), default=0)
    return re.sub(r"(?:为|共|约|安排|资金)$", "", printed[start:end]).strip('" ')
