"""What all kinds of sample documents share: drawing the figures, and the parts around the forms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from samples.figures import Figures, make_figures
from samples.layout import numeral
from samples.model import Block, Fact, Form, Paragraph, SampleDocument
from samples.units import Profile, make_profile

EMPTY_NOTES = (
    "说明：{self}{year}年度没有{name}收支，本表无数据。",
    "备注：{self}{year}年无{name}安排的收入、支出及结转结余，本表为空表。",
    "注：{year}年{self}未安排{name}，故此表为空表。",
)
FUND_NAMES = {"government_fund": "政府性基金预算", "state_capital": "国有资本经营预算"}
MEASURES = {"total": "合计", "basic": "基本支出", "project": "项目支出"}


@dataclass(frozen=True)
class Disclosure:
    """A document with what its writer needs to know."""

    document: SampleDocument
    figures: Figures
    is_landscape: bool = False


def draw(
    rng: Random, stage: str, funds: tuple[str, ...], step: int = 100, carries: bool = False
) -> tuple[Figures, Profile]:
    """Invent a unit and draw its figures for a year."""
    profile = make_profile(rng)
    year = rng.randint(2022, 2025)
    return make_figures(rng, profile, year, stage, step, funds, carries), profile


def make_document(
    stem: str, kind: str, figures: Figures, blocks: list[Block], doc_type: str = ""
) -> SampleDocument:
    """A document with the facts of its cover; its type follows from the stage unless given."""
    doc_type = doc_type or ("final_accounts" if figures.stage == "final" else "departmental_budget")
    facts = (
        Fact("dim_document", {}, {"stage": figures.stage, "fiscal_year": figures.year, "doc_type": doc_type}),
        Fact("dim_unit", {}, {"unit_name": figures.unit.unit_name, "unit_kind": figures.unit.unit_kind}),
    )
    return SampleDocument(stem, kind, tuple(blocks), facts)


def contents(forms: list[Form]) -> list[Paragraph]:
    """The forms as the table of contents lists them."""
    return [
        Paragraph(f"{numeral(number)}、{form.title}", "list") for number, form in enumerate(forms, start=1)
    ]


def sections(titled: list[tuple[str, list[Paragraph]]], about: str = "") -> list[Paragraph]:
    """Numbered sections of the explanatory part; `about` stands before each title."""
    written = []
    for number, (title, paragraphs) in enumerate(titled, start=1):
        written += [Paragraph(f"{numeral(number)}、{about}{title}", "heading"), *paragraphs]
    return written


def empty_note(rng: Random, figures: Figures, name: str) -> str:
    """The sentence below a form that has nothing to show, in one of several wordings."""
    return rng.choice(EMPTY_NOTES).format(self=figures.unit.self_word, year=figures.year, name=name)


def headed(forms: Sequence[Form], issuer_line: str, numbered: bool = False) -> list[Form]:
    """The forms with the issuer's line above them, and `表 1`, `表 2` … where they are numbered."""
    return [
        replace(form, issuer_line=issuer_line, number=f"表 {number}" if numbered else "")
        for number, form in enumerate(forms, start=1)
    ]
