"""Kinds of final accounts."""

from dataclasses import replace
from random import Random

from samples import detail_forms, summary_forms
from samples.function_forms import function_form, fund_movement_form
from samples.layout import Layout
from samples.model import Block, Cell, Form, PageBreak, Paragraph, SampleDocument
from samples.money import MoneyStyle
from samples.parts import (
    FUND_NAMES,
    MEASURES,
    Disclosure,
    contents,
    draw,
    empty_note,
    make_document,
    sections,
)
from samples.performance.layouts import performance_set
from samples.prose import about, functions, matters, overall
from samples.prose.pen import Pen
from samples.units import Profile

ALL_MEASURES = {
    "total": "本年支出合计",
    "basic": "基本支出",
    "project": "项目支出",
    "remitted_to_superior": "上缴上级支出",
    "operating": "经营支出",
    "subsidy_to_affiliates": "对附属单位补助支出",
}
ALL_SOURCES = {
    "total": "本年收入合计",
    "fiscal_appropriation": "财政拨款收入",
    "superior_subsidy": "上级补助收入",
    "institutional": "事业收入",
    "operating": "经营收入",
    "affiliate_remittance": "附属单位上缴收入",
    "other": "其他收入",
}


def national_final(rng: Random, stem: str, voice: str = "") -> Disclosure:
    """Final accounts in the national layout: 行次 and 栏次, one code column, repeated headers."""
    layout = Layout(MoneyStyle(thousands=True), counts_columns=True)
    funds = ("own_funds",) if rng.random() < 0.6 else ()
    figures, profile = draw(rng, "final", funds, carries=True)
    nothing = rng.choice(("", "0.00"))
    pen = Pen(figures, layout.money, voice=voice)
    forms = _final_forms(pen, layout, rng, nothing, "0.00", (("301", "303"), ("302",), ("307", "310", "399")))
    return _final_document(stem, "national_final", pen, profile, forms)


def split_code_final(rng: Random, stem: str, voice: str = "") -> Disclosure:
    """Final accounts with 类/款/项 columns, 合计 first, narrow names, pages without a header."""
    layout = Layout(MoneyStyle(thousands=True), code_columns=3, repeats_header=False)
    funds = tuple(fund for fund in ("government_fund", "own_funds") if rng.random() < 0.5)
    figures, profile = draw(rng, "final", funds, carries=rng.random() < 0.5)
    pen = Pen(figures, layout.money, voice=voice)
    forms = _final_forms(pen, layout, rng, "", rng.choice(("", "-")), (("301", "303"), ("302", "310")))
    return _final_document(stem, "split_code_final", pen, profile, forms)


def cell_line_final(rng: Random, stem: str, voice: str = "") -> Disclosure:
    """Final accounts as text with one table cell per line."""
    layout = Layout(MoneyStyle(thousands=True))
    funds = tuple(fund for fund in ("government_fund", "own_funds") if rng.random() < 0.5)
    figures, profile = draw(rng, "final", funds, carries=True)
    pen = Pen(figures, layout.money, voice=voice)
    forms = _final_forms(pen, layout, rng, "0.00", "0.00", (("301", "303"), ("302", "310")))
    return _final_document(stem, "cell_line_final", pen, profile, forms)


def unfilled_template(rng: Random, stem: str, voice: str = "") -> Disclosure:
    """The template of final accounts before anyone has filled it in: forms without a single figure."""
    disclosure = national_final(rng, stem, voice)
    blocks = [
        replace(
            block,
            body=tuple(
                tuple(replace(cell, text="" if cell.facts else cell.text, facts=()) for cell in row)
                for row in block.body
            ),
        )
        for block in disclosure.document.blocks
        if isinstance(block, Form) and block.header
    ]
    emptied: list[Block] = [
        Paragraph("XX局XX年度部门决算", "cover"),
        PageBreak(),
        Paragraph("目 录", "part"),
        *contents(blocks),
        PageBreak(),
        *(_without_codes(block) for block in blocks),
    ]
    return replace(disclosure, document=SampleDocument(stem, "unfilled_template", tuple(emptied), ()))


def _final_forms(
    pen: Pen,
    layout: Layout,
    rng: Random,
    nothing: str,
    detail_nothing: str,
    economic_groups: tuple[tuple[str, ...], ...],
) -> list[Form]:
    """The nine forms of final accounts in their order."""
    figures = pen.figures
    forms = [
        summary_forms.final_summary(
            figures, layout, "收入支出决算总表", nothing, "注：本表反映全年的总收支和年末结转结余。"
        ),
        function_form(
            figures,
            layout,
            "revenue",
            "收入决算表",
            ALL_SOURCES,
            nothing=nothing,
            name_width=4.2,
            notes=("注：本表反映全年取得的各项收入。",),
        ),
        function_form(
            figures,
            layout,
            "expenditure",
            "支出决算表",
            ALL_MEASURES,
            nothing=nothing,
            name_width=4.2,
            notes=("注：本表反映全年的各项支出。",),
        ),
        summary_forms.final_appropriation_summary(
            figures,
            layout,
            "财政拨款收入支出决算总表",
            nothing,
            "注：本表反映财政拨款的总收支和年末结转结余。",
        ),
        function_form(
            figures,
            layout,
            "general_public_expenditure",
            "一般公共预算财政拨款支出决算表",
            MEASURES,
            fund="general_public",
            nothing=nothing,
            name_width=2.6,
            notes=("注：本表反映一般公共预算财政拨款支出。",),
        ),
        detail_forms.economic_columns_form(
            figures,
            layout,
            "一般公共预算财政拨款基本支出决算表",
            economic_groups,
            nothing,
            "注：本表反映基本支出的明细。",
        ),
    ]
    three_public = (
        detail_forms.three_public_halves_form
        if layout.counts_columns
        else detail_forms.three_public_pairs_form
    )
    forms.append(
        three_public(
            figures,
            layout,
            "财政拨款“三公”经费支出决算表",
            detail_nothing,
            ("注：本表反映“三公”经费的预算数和决算数。", empty_note(rng, figures, "“三公”经费")),
            "adjusted_budget" if matters.full_year_three_public(pen) else "initial_budget",
        )
    )
    forms += [
        fund_movement_form(
            figures,
            layout,
            fund,
            f"{name}财政拨款收入支出决算表",
            empty_note(rng, figures, f"{name}财政拨款"),
            f"注：本表反映{name}财政拨款的收支和结转结余。",
        )
        for fund, name in FUND_NAMES.items()
    ]
    return forms


def _final_document(stem: str, kind: str, pen: Pen, profile: Profile, forms: list[Form]) -> Disclosure:
    figures, unit, year = pen.figures, profile.unit, pen.figures.year
    performance = performance_set(figures, pen.history, pen.money)
    explained: list[tuple[str, list[Paragraph]]] = [
        ("收入支出决算总体情况说明", overall.balance(pen)),
        ("收入决算情况说明", overall.revenue(pen)),
        ("支出决算情况说明", overall.expenditure(pen)),
        ("财政拨款收入支出决算总体情况说明", overall.appropriation(pen)),
        ("一般公共预算财政拨款支出决算情况说明", functions.general_public(pen)),
        ("一般公共预算财政拨款基本支出决算情况说明", functions.basic(pen)),
        *(
            (f"{name}财政拨款收入支出决算情况说明", functions.fund(pen, fund, f"{name}财政拨款"))
            for fund, name in FUND_NAMES.items()
        ),
        ("财政拨款“三公”经费支出决算情况说明", matters.three_public(pen)),
        ("机关运行经费支出情况说明", matters.operating(pen)),
        ("政府采购支出情况说明", matters.procurement(pen)),
        ("国有资产占用情况说明", matters.assets(pen)),
        ("预算绩效情况说明", matters.performance(pen, performance.names)),
    ]
    word = f"{year}年度{unit.kind_word}决算"
    blocks: list[Block] = [
        Paragraph(unit.unit_name, "cover"),
        Paragraph(word, "cover"),
        PageBreak(),
        Paragraph("目 录", "part"),
        Paragraph(f"第一部分 {unit.unit_name}概况", "list"),
        Paragraph(f"第二部分 {word}表", "list"),
        *contents(forms),
        Paragraph(f"第三部分 {word}情况说明", "list"),
        Paragraph("第四部分 名词解释", "list"),
        PageBreak(),
        Paragraph(f"第一部分 {unit.unit_name}概况", "part"),
        *about.profile(pen, profile.duty),
        Paragraph(f"第二部分 {word}表", "part"),
        *forms,
        Paragraph(f"第三部分 {word}情况说明", "part"),
        *sections(explained),
        *performance.forms,
        PageBreak(),
        Paragraph("第四部分 名词解释", "part"),
        *about.glossary(pen),
    ]
    return Disclosure(make_document(stem, kind, figures, blocks), figures)


def _without_codes(form: Form) -> Form:
    """A form by code keeps three blank rows; other forms keep their printed labels."""
    if not any(cell.text.isdigit() and len(cell.text) >= 3 for row in form.body for cell in row):
        return replace(form, notes=(), status="")
    columns = len(form.widths)
    return replace(
        form, body=tuple(tuple(Cell() for _ in range(columns)) for _ in range(3)), notes=(), status=""
    )
