"""Kinds of budgets."""

from dataclasses import replace
from random import Random

from samples import detail_forms, summary_forms
from samples.figures import Figures
from samples.function_forms import function_form, function_header
from samples.layout import Layout
from samples.model import Block, Cell, Form, PageBreak, Paragraph
from samples.money import MoneyStyle
from samples.parts import (
    FUND_NAMES,
    MEASURES,
    Disclosure,
    contents,
    draw,
    empty_note,
    headed,
    make_document,
    sections,
)
from samples.performance.layouts import performance_set
from samples.prose import about, functions, matters, overall
from samples.prose.pen import Pen

YUAN_SOURCES = {
    "total": "合计",
    "fiscal_appropriation": "财政拨款收入",
    "institutional": "事业收入",
    "operating": "事业单位经营收入",
    "other": "其他收入",
}
TABBED_SOURCES = {
    "total": "合计",
    "general_public": "一般公共预算",
    "government_fund": "政府性基金预算",
    "state_capital": "国有资本经营预算",
    "institutional": "事业收入",
    "other": "其他收入",
}


def yuan_budget(rng: Random, stem: str, voice: str = "") -> Disclosure:
    """A landscape budget in yuan whose three-public form is in 万元; 合计 rows last."""
    layout = Layout(MoneyStyle(unit="元"), code_columns=3, total_first=False, landscape=True)
    figures, profile = draw(rng, "budget", (), step=1)
    year, kind = f"{figures.year}年", profile.unit.kind_word
    in_wan = replace(layout, money=MoneyStyle())
    titles = [
        "财务收支预算总表",
        "收入预算总表",
        "支出预算总表",
        "财政拨款收支预算总表",
        "一般公共预算支出功能分类预算表",
    ]
    forms = [
        *_opening_forms(figures, layout, [year + kind + title for title in titles], YUAN_SOURCES, False),
        *_empty_fund_forms(figures, layout, rng, f"{year}{kind}{{name}}支出功能分类预算表"),
        detail_forms.economic_measures_form(
            figures, layout, f"{year}{kind}一般公共预算基本支出部门预算经济分类预算表"
        ),
        detail_forms.three_public_budget_form(
            figures, in_wan, f"{year}{kind}“三公”经费和机关运行经费预算表", with_operating=True
        ),
    ]
    forms = headed(forms, f"编制部门：{profile.unit.unit_name}")
    pen = Pen(figures, MoneyStyle(), voice=voice)
    performance = performance_set(figures, pen.history, pen.money)
    explained: list[tuple[str, list[Paragraph]]] = [
        ("收支预算情况", [*overall.balance(pen), *overall.revenue(pen), *overall.expenditure(pen)]),
        ("财政拨款收支预算情况", overall.appropriation(pen)),
        ("一般公共预算支出情况", functions.general_public(pen)),
    ]
    blocks: list[Block] = [
        Paragraph(profile.unit.unit_name, "cover"),
        Paragraph(f"{year}{kind}预算", "cover"),
        PageBreak(),
        Paragraph("目 录", "part"),
        *contents(forms),
        PageBreak(),
        *about.profile(pen, profile.duty),
        Paragraph("三、名词解释", "heading"),
        *about.glossary(pen),
        PageBreak(),
        Paragraph(f"{year}{kind}预算编制说明", "part"),
        *sections(explained),
        *forms,
        Paragraph("其他相关情况说明", "part"),
        *matters.three_public(pen),
        *matters.operating(pen),
        *matters.procurement(pen),
        *matters.assets(pen),
        *matters.performance(pen, performance.names),
        *performance.forms,
    ]
    return Disclosure(make_document(stem, "yuan_budget", figures, blocks), figures, is_landscape=True)


def tabbed_budget(rng: Random, stem: str, voice: str = "") -> Disclosure:
    """A budget as text: item rows only, codes without leading zeros, spaced header words."""
    layout = Layout(
        MoneyStyle(thousands=False, trims_zeros=rng.random() < 0.5),
        code_columns=3,
        pads_codes=False,
        levels=("item",),
        total_first=False,
        spaced_words=True,
    )
    figures, profile = draw(rng, "budget", ())
    year, kind, name = figures.year, profile.unit.kind_word, profile.unit.unit_name
    titles = [f"{kind}收支总体情况表", f"{kind}收入总体情况表", f"{kind}支出总体情况表"]
    titles += ["财政拨款收支预算总体情况表", "一般公共预算支出情况表"]
    carried = ((Cell("项目名称"), Cell("上年结转结余"), Cell("备注")),)
    forms = [
        *_opening_forms(figures, layout, titles, TABBED_SOURCES, True),
        detail_forms.economic_measures_form(figures, layout, "一般公共预算基本支出情况表"),
        detail_forms.project_form(figures, layout, "一般公共预算项目支出情况表"),
        *_empty_fund_forms(figures, layout, rng, "{name}支出情况表"),
        detail_forms.three_public_budget_form(
            figures, layout, "财政拨款“三公”经费支出情况表", with_operating=False
        ),
        detail_forms.empty_form(
            "carryover", "上年结转结余情况明细表", carried, layout, empty_note(rng, figures, "上年结转结余")
        ),
    ]
    forms = headed(forms, f"编制单位：{name}", numbered=True)
    pen = Pen(figures, layout.money, voice=voice)
    performance = performance_set(figures, pen.history, pen.money)
    explained: list[tuple[str, list[Paragraph]]] = [
        ("收支预算情况的总体说明", overall.balance(pen)),
        ("收入预算情况说明", overall.revenue(pen)),
        ("支出预算情况说明", overall.expenditure(pen)),
        ("财政拨款收支预算情况的总体说明", overall.appropriation(pen)),
        ("一般公共预算当年拨款情况说明", functions.general_public(pen)),
        ("一般公共预算基本支出情况说明", functions.basic(pen)),
        ("一般公共预算项目支出情况说明", about.projects(pen)),
        *(
            (f"{fund_name}拨款情况说明", functions.fund(pen, fund, f"{fund_name}拨款"))
            for fund, fund_name in FUND_NAMES.items()
        ),
        ("财政拨款“三公”经费预算情况说明", matters.three_public(pen)),
        ("机关运行经费安排情况说明", matters.operating(pen)),
        ("政府采购情况说明", matters.procurement(pen)),
        ("国有资产占用使用情况说明", matters.assets(pen)),
        ("预算绩效情况说明", matters.performance(pen, performance.names)),
    ]
    blocks: list[Block] = [
        Paragraph(f"{name} {year} 年{kind}预算公开", "cover"),
        Paragraph("目 录", "part"),
        Paragraph(f"第二部分 {year} 年{kind}预算公开表", "heading"),
        *contents(forms),
        PageBreak(),
        Paragraph(f"第一部分 {name}概况", "part"),
        *about.profile(pen, profile.duty),
        Paragraph(f"第二部分 {year} 年{kind}预算公开表", "part"),
        *forms,
        PageBreak(),
        Paragraph(f"第三部分 {year} 年{kind}预算情况说明", "part"),
        *sections(explained, about=f"关于{name} {year} 年"),
        *performance.forms,
        Paragraph("第四部分 名词解释", "part"),
        *about.glossary(pen),
    ]
    return Disclosure(make_document(stem, "tabbed_budget", figures, blocks), figures)


def _opening_forms(
    figures: Figures, layout: Layout, titles: list[str], sources: dict[str, str], lists_all: bool
) -> list[Form]:
    """The five forms by function class that open every budget, under the given titles."""
    return [
        summary_forms.budget_summary(figures, layout, titles[0], lists_all),
        function_form(figures, layout, "revenue", titles[1], sources, group="收入预算"),
        function_form(figures, layout, "expenditure", titles[2], MEASURES, group="支出预算"),
        summary_forms.budget_appropriation_summary(figures, layout, titles[3], lists_all),
        function_form(
            figures,
            layout,
            "general_public_expenditure",
            titles[4],
            MEASURES,
            fund="general_public",
            group="一般公共预算支出",
        ),
    ]


def _empty_fund_forms(figures: Figures, layout: Layout, rng: Random, title: str) -> list[Form]:
    """The forms of the funds that the unit does not use."""
    return [
        detail_forms.empty_form(
            fund,
            title.format(name=name),
            function_header(layout, list(MEASURES.values()), f"{name}支出"),
            layout,
            empty_note(rng, figures, name),
        )
        for fund, name in FUND_NAMES.items()
    ]
