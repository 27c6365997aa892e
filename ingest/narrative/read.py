"""A document's paragraphs -> its claims: every figure that the prose prints, with what the sentence says of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from ingest.cover.cover import Cover
from ingest.document.certainty import is_doubtful
from ingest.document.paragraphs import Paragraph, Sentence, item_level
from ingest.document.text import fold, squeeze, strip_enumerator
from ingest.narrative.grammar import SentenceReader
from ingest.narrative.model import ChangeReason, Claim, Narrative, StatedPart
from ingest.narrative.owners import is_other_unit
from ingest.narrative.reasons import Explained
from ingest.narrative.state import ListedParts, Reading, Setting
from ingest.narrative.terms import section_of
from ingest.narrative.token import FunctionName
from ingest.registry import any_of

_GENERIC = ("summary", "revenue", "expenditure", "profile", "performance")
_LOOSE = (*_GENERIC, "general", "other_matters", "funding", "carryover")
"""Sections in which a paragraph may name another matter."""
_PROJECT_FIELD = re.compile(r"^(?:\d{1,2}[、.．]|[（(]\d{1,2}[)）])?项目名称[:：](?P<name>.+)$")
_PROJECT_LEAD = re.compile(
    r"^(?:[（(]?\d{1,2}[)）、.．])?(?P<name>[^，,。；;]{2,60}?(?:项目(?=[，,为是:：])|(?=[，,])))[^。]*?计划投入"
)
_PROJECT_HEADING = re.compile(r"^(?P<name>.+?)(?:经费|预算)?情况说明$")
_PROJECT_ITEM = re.compile(r"^(?:\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]+[)）])[^，,。；;：:\d]{4,40}$")
_EVALUATED = re.compile(
    r"^(?:[（(]?\d{1,3}[)）、.．]){0,2}(?P<name>[^。；;，,：:]{4,80}?)(?:支出)?(?:绩效)?自评(?:综述|情况|结果|结论)?[：:]"
)
"""What a paragraph begins with that sums up how one project was evaluated."""
_WHOLE_EVALUATED = re.compile(r"^[^。；;]{0,40}(?:部门|单位)?整体支出(?:绩效)?自评")
"""What a paragraph begins with that sums up how the whole expenditure was evaluated."""
_SIGNED_CHANGE = re.compile(r"[增升长]加?\([减下][少降]?\)[^,;。\d]{0,4}-\d")
"""A change that prints both directions with a negative figure: the sign says which."""
_WHOLE = re.compile(r"整体(?:支出)?$")
"""A name that is no project's: the whole expenditure was evaluated."""
_GENERAL_PUBLIC = re.compile(r"公共(?:财政)?预算[^。；;]{0,50}三公|三公[^。；;，,]{0,12}公共(?:财政)?预算")
_BRACKETED_PROJECT = re.compile(
    rf"[（(](?P<name>[^（）()，。；：]{{2,40}}{any_of('sentence.project_noun')})[)）]$"
)
_LABEL = re.compile(
    r"^(?:\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]{1,3}、|[①-⒛]){0,5}(?P<label>[^，,。；;：:\d（(]{2,14})[。：:]"
)
"""What a paragraph begins with when it names its own matter (``政府采购：…``)."""
_USUAL = {
    "appropriation_expenditure": "general_public_expenditure",
    "appropriation_basic": "general_public_basic",
}
_SOURCE = re.compile(r"拨款收入$")
"""The ending of a label that is a source of revenue."""
_OWN_FUND = re.compile(r"财政拨款|公共")
_DOCUMENT_TITLE = re.compile(
    r"^(?!第.+节|第.{1,3}部分(?:部门|单位)?(?:预算)?(?:收入|支出)(?:总体|具体)?情况|[（(]?[一二三四五六七八九十]+[、)）])(?>.*?(?:部门|单位)).*(?:预算|决算)"
)
_NEW_ITEM = re.compile(
    r"^(?:\d{1,2}[、.．]|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|[①-⑳])"
)


def read_narrative(
    paragraphs: Sequence[Paragraph], cover: Cover, statements: Collection[str] = (), units: int = 0
) -> Narrative:
    """The claims, the listed parts and the reasons of a document, in printed order.

    ``statements`` are the forms that it has, ``units`` says how many budget units it lists.
    """
    reader = SentenceReader()
    found = Narrative()
    numbers: dict[tuple[int, int], int] = {}
    whole = _setting(paragraphs, cover, units)
    reported_project = _reported_project(paragraphs, cover) if whole.is_report else None
    general_public = _general_public_sections(paragraphs)
    path: tuple[str, ...] = ()
    section, section_no, project = "general", 0, None
    for number, paragraph in enumerate(paragraphs, start=1):
        if paragraph.section_path != path:
            path, section_no = paragraph.section_path, section_no + 1
            section = _printed(_section(path), statements)
            project = _project_of(path) if section == "project" else None
            reader.enter_section()
        project = _project_at(paragraph.text, section, project, reported_project)
        level = item_level(paragraph.text)
        if level is not None:
            reader.begin_item(level)
        elif _NEW_ITEM.match(paragraph.text):
            reader.forget()
        evaluated = _EVALUATED.match(paragraph.text)
        funded = evaluated.group("name") if evaluated else None
        if funded and _WHOLE.search(funded):
            funded = None
        labelled = _labelled(paragraph, path, section, statements)
        fund = "general_public" if path in general_public else None
        is_evaluation = bool(evaluated) or (
            section == "performance" and _WHOLE_EVALUATED.match(paragraph.text) is not None
        )
        setting = replace(
            whole,
            section=labelled,
            project_name=project,
            section_fund=fund,
            is_evaluation=is_evaluation,
            other_unit=_other_unit(path, whole.own_names),
        )
        place = _Place(
            number,
            paragraph.page_no,
            section_no,
            funded or reported_project,
            len(evaluated.group()) if evaluated else 0,
        )
        _read_sentences(reader, list(paragraph.sentences()), setting, place, found, numbers)
        if reader.is_open:
            reader.leave_list_open(level)
    return found


def _setting(paragraphs: Sequence[Paragraph], cover: Cover, units: int) -> Setting:
    """What surrounds all sentences of a document."""
    is_report = cover.doc_type == "performance_report"
    own_names = tuple(filter(None, (cover.unit_name, cover.title))) if cover.unit_name else ()
    return Setting(
        cover.fiscal_year,
        cover.stage,
        is_report,
        "general",
        projects=_listed_projects(paragraphs) if is_report else (),
        own_names=own_names
        if _has_parts(paragraphs, own_names, units)
        else (*own_names, *_offices(own_names)),
        signs_changes=any(_SIGNED_CHANGE.search(fold(paragraph.text)) for paragraph in paragraphs),
    )


def _has_parts(paragraphs: Sequence[Paragraph], own_names: tuple[str, ...], units: int) -> bool:
    """Whether a document states the figures of several budget units: it lists them, or another one's name is a heading."""
    headings = {heading for paragraph in paragraphs for heading in paragraph.section_path}
    return units > 1 or any(
        is_other_unit(name, (*own_names, *_offices(own_names)))
        for name in (strip_enumerator(fold(heading)) for heading in headings)
    )


def _other_unit(path: tuple[str, ...], own_names: tuple[str, ...]) -> str | None:
    """The budget unit that the headings name, as printed, where it is not the publisher; of several the deepest."""
    names = (strip_enumerator(heading) for heading in reversed(path))
    return next((squeeze(name) for name in names if is_other_unit(fold(name), own_names)), None)


def _offices(own_names: tuple[str, ...]) -> tuple[str, ...]:
    """The name of the publisher's own office: all that a publisher without further units consists of."""
    return tuple(f"{name}本级" for name in own_names[:1])


def _project_at(text: str, section: str, project: str | None, reported: str | None) -> str | None:
    """The project that a paragraph describes: the one that it names, else that of the section or of the report."""
    named = _PROJECT_FIELD.match(text)
    lead = _PROJECT_LEAD.match(text)
    if named:
        return named.group("name").strip("；;。")
    if lead:
        return _bare_project(lead.group("name"))
    if section == "general_public_project" and _PROJECT_ITEM.match(text):
        return _NEW_ITEM.sub("", text)
    return project if section in ("project", "general_public_project") else reported


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the sentences of a paragraph stand, the project that the report or the paragraph is about, and how many
    characters at the beginning of the paragraph only name it."""

    paragraph_no: int
    page_no: int | None
    section_no: int
    reported_project: str | None
    lead: int


def _read_sentences(
    reader: SentenceReader,
    sentences: list[Sentence],
    setting: Setting,
    place: _Place,
    found: Narrative,
    numbers: dict[tuple[int, int], int],
) -> None:
    """Add what the sentences of a paragraph say to what was found before.

    ``numbers`` gives the claim of each figure by its sentence and its place there.
    """
    for at, sentence in enumerate(sentences):
        seen = len(reader.parts)
        text = sentence.text[place.lead :] if at == 0 else sentence.text
        for reading in reader.read(text, setting):
            numbers[reader.sentence_no, reading.token.start] = len(found.claims) + 1
            found.claims.append(_claim(reading, len(found.claims) + 1, sentence, place))
        for listed in reader.parts[seen:]:
            found.parts.extend(_stated_parts(listed, len(found.parts), sentence, place.page_no))
        before = "".join(each.text for each in sentences[:at])
        for explained in reader.reasons(text, before, [each.text for each in sentences[at + 1 :]]):
            amount = explained.amount
            claim_no = numbers.get((amount.sentence_no, amount.start)) if amount else None
            found.reasons.append(
                _reason(explained, len(found.reasons) + 1, claim_no, sentence, place.page_no)
            )


def _stated_parts(
    listed: ListedParts, before: int, sentence: Sentence, page_no: int | None
) -> Iterator[StatedPart]:
    """The parts that a sentence lists, numbered on from those ``before``."""
    for part_no, name in enumerate(listed.names, start=before + 1):
        yield StatedPart(
            part_no,
            sentence.ref,
            page_no,
            sentence.text,
            listed.subject.fact,
            listed.statement_code,
            listed.subject.fund_code,
            listed.subject.code,
            name,
        )


def _section(path: tuple[str, ...]) -> str:
    """The section of the deepest heading that names one; a general one gives way to a particular one above it."""
    found = [
        code
        for heading in reversed(path)
        if not _DOCUMENT_TITLE.match(heading) and (code := _section_below(heading, path))
    ]
    if found[:1] == ["profile"] and "duties" in found:
        return "profile"
    return next((code for code in found if code not in _GENERIC), found[0] if found else "general")


def _labelled(paragraph: Paragraph, path: tuple[str, ...], section: str, statements: Collection[str]) -> str:
    """The section of a paragraph: that of the label that it begins with, else that of its headings."""
    label = _LABEL.match(paragraph.text)
    if not label or paragraph.is_heading or section not in _LOOSE:
        return section
    return _printed(_section_labelled(path, label.group("label")), statements)


def _section_labelled(path: tuple[str, ...], label: str) -> str:
    """The section of a paragraph that begins with a label; a part of revenue or expenditure of no fund is of all funds."""
    code = _section((*path, label))
    if code == "general_public_basic" and not _OWN_FUND.search(label):
        return "expenditure"
    return "revenue" if code == "appropriation_summary" and _SOURCE.search(label) else code


def _printed(section: str, statements: Collection[str]) -> str:
    """The form that a section explains: of a form that only some places print, the usual one where the document lacks it."""
    return section if section in statements else _USUAL.get(section, section)


def _section_below(heading: str, path: tuple[str, ...]) -> str | None:
    """The section that a heading opens; 基本支出 below 支出预算 is a part of the expenditure of all funds."""
    code = section_of(heading)
    if code == "general_public_economic":
        outer = {section_of(each) for each in path[: path.index(heading)]}
        return "general_public_basic" if "general_public_basic" in outer else code
    if code == "general_public_basic" and not _OWN_FUND.search(heading):
        above = path[: path.index(heading)]
        return next((found for each in reversed(above) if (found := section_of(each)) == "expenditure"), code)
    return code


def _project_of(path: tuple[str, ...]) -> str | None:
    for heading in reversed(path):
        if section_of(heading) == "project":
            match = _PROJECT_HEADING.match(_NEW_ITEM.sub("", heading))
            return match.group("name") if match else None
    return None


def _bare_project(name: str) -> str:
    """A project's name as printed; quoted, it is what stands between the quotes."""
    quoted = re.fullmatch(r"[“\"](?P<name>[^”\"]++)[”\"](?:项目)?", name)
    return quoted.group("name") if quoted else name


def _reported_project(paragraphs: Sequence[Paragraph], cover: Cover) -> str | None:
    """The project that a report on one project is about: in brackets below its title, or in a labelled line."""
    if not cover.title or "项目" not in cover.title or "整体" in cover.title:
        return None
    for paragraph in paragraphs[:12]:
        match = _PROJECT_FIELD.match(paragraph.text) or _BRACKETED_PROJECT.search(paragraph.text)
        if match:
            return match.group("name").strip("；;。")
    return None


def _listed_projects(paragraphs: Sequence[Paragraph]) -> tuple[str, ...]:
    """The projects that the paragraphs of a report begin with, each with what was planned for it."""
    found = (_PROJECT_LEAD.match(paragraph.text) for paragraph in paragraphs)
    return tuple(_bare_project(match.group("name")) for match in found if match)


def _general_public_sections(paragraphs: Sequence[Paragraph]) -> set[tuple[str, ...]]:
    """The sections that speak of 三公 under 一般公共预算 alone, in a heading or in their text."""
    found: set[tuple[str, ...]] = set()
    for paragraph in paragraphs:
        if paragraph.section_path in found:
            continue
        texts = (*paragraph.section_path, paragraph.text)
        folded = [fold(text) for text in texts]
        if any(_GENERAL_PUBLIC.search(text) and "政府性基金" not in text for text in folded):
            found.add(paragraph.section_path)
    return found


class _Names(TypedDict):
    """What a claim and a reason say of the name of a code."""

    class_name: str | None
    section_name: str | None
    item_name: str | None
    function_code_text: str | None
    item_level_marked: bool


def _names(name: FunctionName | None) -> _Names:
    return _Names(
        class_name=name.class_name if name else None,
        section_name=name.section_name if name else None,
        item_name=name.item_name if name else None,
        function_code_text=name.code_text if name else None,
        item_level_marked=bool(name and name.is_marked),
    )


def _reason(
    explained: Explained, number: int, claim_no: int | None, sentence: Sentence, page_no: int | None
) -> ChangeReason:
    mention = explained.mention
    assert mention.subject is not None
    assert mention.subject_type is not None
    return ChangeReason(
        reason_no=number,
        source_ref=sentence.ref,
        page_no=page_no,
        sentence=sentence.text,
        statement_code=mention.statement_code,
        fund_code=mention.fund_code,
        subject_type=mention.subject_type,
        subject_code=mention.subject_code,
        **_names(mention.subject.name),
        economic_name=mention.subject.economic_name,
        compared_with=explained.compared_with,
        direction=explained.direction,
        claim_no=claim_no,
        reason_text=explained.reason_text,
    )


def _claim(reading: Reading, number: int, sentence: Sentence, place: _Place) -> Claim:
    reported_project = place.reported_project
    name, is_funding = reading.name, reading.fact == "project_funding"
    of_project = is_funding and reported_project is not None
    is_uncertain = reading.status == "read" and is_doubtful(sentence.confidence)
    return Claim(
        claim_no=number,
        paragraph_no=place.paragraph_no,
        source_ref=sentence.ref,
        page_no=place.page_no,
        section_no=place.section_no,
        sentence=sentence.text,
        figure_text=reading.token.number,
        unit_text=reading.token.unit,
        status="set_aside" if is_uncertain else reading.status,
        reason_code="low_confidence" if is_uncertain else reading.reason_code,
        fact=reading.fact,
        statement_code="project_performance" if of_project else reading.statement_code,
        fund_code=reading.fund_code,
        basis=reading.basis,
        comparison_base=reading.comparison_base,
        direction=reading.direction,
        subject_type=reading.subject_type,
        subject_code=reading.subject_code,
        **_names(name),
        economic_name=reading.economic_name,
        ratio=reading.ratio,
        project_name=reported_project if of_project else reading.project_name,
        part_name=reading.part_name,
        form="self_evaluation" if is_funding else None,
        scope="project" if of_project else "unit" if is_funding else None,
        amount_column=reading.amount_column,
        budget_unit_name=reading.budget_unit_name,
    )
