"""The kinds of sample documents: which forms, layout and wording each kind of publisher uses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from ingest.samples import detail_forms, function_forms, summary_forms
from ingest.samples.figures import Figures, make_figures
from ingest.samples.function_forms import expenditure_columns, function_form, revenue_columns
from ingest.samples.layout import Layout, numeral
from ingest.samples.model import Block, Cell, Fact, Form, PageBreak, Paragraph, SampleDocument
from ingest.samples.money import MoneyStyle
from ingest.samples.prose import Prose
from ingest.samples.units import Profile, make_profile

MEASURES = {"total": "合计", "basic": "基本支出", "project": "项目支出"}
ALL_MEASURES = {
    "total": "本年支出合计", "basic": "基本支出", "project": "项目支出", "remitted_to_superior": "上缴上级支出",
    "operating": "经营支出", "subsidy_to_affiliates": "对附属单位补助支出",
}
ALL_SOURCES = {
    "total": "本年收入合计", "fiscal_appropriation": "财政拨款收入", "superior_subsidy": "上级补助收入",
    "institutional": "事业收入", "operating": "经营收入", "affiliate_remittance": "附属单位上缴收入", "other": "其他收入",
}
BUDGET_SOURCES = {
    "total": "合计", "fiscal_appropriation": "财政拨款收入", "institutional": "事业收入",
    "operating": "事业单位经营收入", "other": "其他收入",
}
EMPTY_NOTES = (
    "说明：{self}{year}年度没有{name}收支，本表无数据。",
    "备注：{self}{year}年无{name}安排的收入、支出及结转结余，本表为空表。",
    "注：{year}年{self}未安排{name}，故此表为空表。",
)
FUND_NAMES = {"government_fund": "政府性基金预算财政拨款", "state_capital": "国有资本经营预算财政拨款"}


@dataclass(frozen=True)
class Disclosure:
    """A document with what its writer needs to know of it."""

    document: SampleDocument
    figures: Figures
    is_landscape: bool = False


def national_final(rng: Random, stem: str) -> Disclosure:
    """Final accounts in the national layout: 行次 and 栏次, one code column, headers repeated on every page."""
    layout = Layout(MoneyStyle(thousands=True), counts_columns=True)
    funds = ("own_funds",) if rng.random() < 0.6 else ()
    figures, profile = _draw(rng, "final", funds, carries=True)
    nothing = rng.choice(("", "0.00"))
    forms = _final_forms(figures, layout, rng, nothing, "0.00", (("301", "303"), ("302",), ("307", "310", "399")))
    return _final_document(rng, stem, "national_final", figures, profile, layout, forms)


def split_code_final(rng: Random, stem: str) -> Disclosure:
    """Final accounts with 类/款/项 columns, 合计 first, narrow name columns, continuations without a header."""
    layout = Layout(MoneyStyle(thousands=True), code_columns=3, repeats_header=False)
    funds = tuple(fund for fund in ("government_fund", "own_funds") if rng.random() < 0.5)
    figures, profile = _draw(rng, "final", funds, carries=rng.random() < 0.5)
    forms = _final_forms(figures, layout, rng, "", rng.choice(("", "-")), (("301", "303"), ("302", "310")))
    return _final_document(rng, stem, "split_code_final", figures, profile, layout, forms)


def yuan_budget(rng: Random, stem: str) -> Disclosure:
    """A landscape budget in yuan whose three-public form is in 万元; 合计 rows last."""
    layout = Layout(MoneyStyle(unit="元"), code_columns=3, total_first=False, landscape=True)
    figures, profile = _draw(rng, "budget", (), step=1)
    year, word = figures.year, f"{figures.year}年{profile.unit.kind_word}"
    issuer = f"编制部门：{profile.unit.unit_name}"
    tens = replace(layout, money=MoneyStyle(unit="万元"))
    group = {"expenditure": "支出预算", "general_public_expenditure": "一般公共预算支出"}
    forms = [
        summary_forms.budget_summary(figures, layout, f"{word}财务收支预算总表", False, issuer_line=issuer),
        function_form(figures, layout, "revenue", f"{word}收入预算总表", revenue_columns(figures, BUDGET_SOURCES),
                      group="收入预算", issuer_line=issuer),
        function_form(figures, layout, "expenditure", f"{word}支出预算总表",
                      expenditure_columns(figures, "expenditure", "all", MEASURES), group=group["expenditure"],
                      issuer_line=issuer),
        summary_forms.budget_appropriation_summary(figures, layout, f"{word}财政拨款收支预算总表", False,
                                                   issuer_line=issuer),
        function_form(figures, layout, "general_public_expenditure", f"{word}一般公共预算支出功能分类预算表",
                      expenditure_columns(figures, "general_public_expenditure", "general_public", MEASURES,
                                          ("general_public",)), ("general_public",),
                      group["general_public_expenditure"], issuer_line=issuer),
    ]
    for fund, name in FUND_NAMES.items():
        header = function_forms.function_header(layout, list(MEASURES.values()), f"{name.removesuffix('财政拨款')}支出")
        forms.append(detail_forms.empty_form(
            fund, f"{word}{name.removesuffix('财政拨款')}支出功能分类预算表", header, layout,
            _empty_note(rng, figures, name), issuer_line=issuer))
    forms += [
        detail_forms.economic_measures_form(figures, layout, f"{word}一般公共预算基本支出部门预算经济分类预算表",
                                            issuer_line=issuer),
        detail_forms.three_public_budget_form(figures, tens, f"{word}“三公”经费和机关运行经费预算表", True,
                                              issuer_line=issuer),
    ]
    prose = Prose(figures, MoneyStyle(unit="万元"), rng)
    blocks: list[Block] = [
        Paragraph(f"{profile.unit.unit_name}", "cover"), Paragraph(f"{year}年{profile.unit.kind_word}预算", "cover"),
        PageBreak(), Paragraph("目 录", "part"), *_contents(forms), PageBreak(),
        *prose.profile(profile.duty), Paragraph("三、名词解释", "heading"), *prose.glossary(), PageBreak(),
        Paragraph(f"{year}年{profile.unit.kind_word}预算编制说明", "part"), prose.revenue(), prose.expenditure(),
        prose.appropriation(), *prose.general_public(), *forms, Paragraph("其他相关情况说明", "part"),
        prose.three_public(), prose.operating(), prose.procurement(),
    ]
    return Disclosure(_document(stem, "yuan_budget", figures, blocks), figures, is_landscape=True)


def tabbed_budget(rng: Random, stem: str) -> Disclosure:
    """A budget as text: item rows only, codes without leading zeros, trimmed decimals, spaced header words."""
    layout = Layout(MoneyStyle(thousands=False, trims_zeros=rng.random() < 0.5), code_columns=3, pads_codes=False,
                    levels=("item",), total_first=False, spaced_words=True)
    figures, profile = _draw(rng, "budget", (), step=100)
    year, kind = figures.year, profile.unit.kind_word
    issuer = f"编制单位：{profile.unit.unit_name}"
    headed = {"issuer_line": issuer}
    groups = {"revenue": "收入预算", "expenditure": "支出预算", "general_public_expenditure": "一般公共预算支出"}
    sources = {"total": "合计", "general_public": "一般公共预算", "government_fund": "政府性基金预算",
               "state_capital": "国有资本经营预算", "institutional": "事业收入", "other": "其他收入"}
    fund_headers = {fund: function_forms.function_header(
        layout, list(MEASURES.values()), f"{name.removesuffix('财政拨款')}支出") for fund, name in FUND_NAMES.items()}
    carried = ((Cell("项目名称"), Cell("上年结转结余"), Cell("备注")),)
    forms = [
        summary_forms.budget_summary(figures, layout, f"{kind}收支总体情况表", True, "表 1", issuer),
        function_form(figures, layout, "revenue", f"{kind}收入总体情况表", revenue_columns(figures, sources),
                      group=groups["revenue"], number="表 2", **headed),
        function_form(figures, layout, "expenditure", f"{kind}支出总体情况表",
                      expenditure_columns(figures, "expenditure", "all", MEASURES), group=groups["expenditure"],
                      number="表 3", **headed),
        summary_forms.budget_appropriation_summary(figures, layout, "财政拨款收支预算总体情况表", True, "表 4", issuer),
        function_form(figures, layout, "general_public_expenditure", "一般公共预算支出情况表",
                      expenditure_columns(figures, "general_public_expenditure", "general_public", MEASURES,
                                          ("general_public",)), ("general_public",),
                      groups["general_public_expenditure"], number="表 5", **headed),
        detail_forms.economic_measures_form(figures, layout, "一般公共预算基本支出情况表", "表 6", issuer),
        detail_forms.project_form(figures, layout, "一般公共预算项目支出情况表", "表 7", issuer),
        *(detail_forms.empty_form(fund, f"{name.removesuffix('财政拨款')}支出情况表", fund_headers[fund], layout,
                                  _empty_note(rng, figures, name), f"表 {number}", issuer)
          for number, (fund, name) in enumerate(FUND_NAMES.items(), start=8)),
        detail_forms.three_public_budget_form(figures, layout, "财政拨款“三公”经费支出情况表", False, "表 10", issuer),
        detail_forms.empty_form("carryover", "上年结转结余情况明细表", carried, layout,
                                _empty_note(rng, figures, "上年结转结余"), "表 11", issuer),
    ]
    prose = Prose(figures, MoneyStyle(thousands=False), rng)
    about = f"关于{profile.unit.unit_name}{year}年"
    sections: list[tuple[str, list[Paragraph]]] = [
        ("收入预算情况说明", [prose.revenue()]),
        ("支出预算情况说明", [prose.expenditure()]),
        ("财政拨款收支预算情况的总体说明", [prose.appropriation()]),
        ("一般公共预算当年拨款情况说明", prose.general_public()),
        ("一般公共预算基本支出情况说明", [prose.basic()]),
        ("政府性基金预算拨款情况说明", [prose.fund("government_fund", FUND_NAMES["government_fund"])]),
        ("国有资本经营预算拨款情况说明", [prose.fund("state_capital", FUND_NAMES["state_capital"])]),
        ("财政拨款“三公”经费预算情况说明", [prose.three_public()]),
        ("其他重要事项的情况说明", [prose.operating(), prose.procurement()]),
    ]
    blocks: list[Block] = [
        Paragraph(f"{profile.unit.unit_name} {year} 年{kind}预算公开", "cover"), Paragraph("目 录", "part"),
        Paragraph(f"第二部分 {year} 年{kind}预算公开表", "heading"), *_contents(forms), PageBreak(),
        Paragraph(f"第一部分 {profile.unit.unit_name}概况", "part"), *prose.profile(profile.duty),
        Paragraph(f"第二部分 {year} 年{kind}预算公开表", "part"), *forms, PageBreak(),
        Paragraph(f"第三部分 {year} 年{kind}预算情况说明", "part"), *_sections(sections, about),
        Paragraph("第四部分 名词解释", "part"), *prose.glossary(),
    ]
    return Disclosure(_document(stem, "tabbed_budget", figures, blocks), figures)


def cell_line_final(rng: Random, stem: str) -> Disclosure:
    """Final accounts as text with one table cell a line."""
    layout = Layout(MoneyStyle(thousands=True))
    funds = tuple(fund for fund in ("government_fund", "own_funds") if rng.random() < 0.5)
    figures, profile = _draw(rng, "final", funds, carries=True)
    forms = _final_forms(figures, layout, rng, "0.00", "0.00", (("301", "303"), ("302", "310")))
    return _final_document(rng, stem, "cell_line_final", figures, profile, layout, forms)


def unfilled_template(rng: Random, stem: str) -> Disclosure:
    """The template of final accounts before anyone has filled it in: forms without a single figure."""
    disclosure = national_final(rng, stem)
    blocks = [
        replace(block, body=tuple(tuple(replace(cell, text="" if cell.facts else cell.text, facts=())
                                        for cell in row) for row in block.body))
        for block in disclosure.document.blocks if isinstance(block, Form)
    ]
    emptied: list[Block] = [Paragraph("XX局XX年度部门决算", "cover"), PageBreak(), Paragraph("目 录", "part"),
                            *_contents(blocks), PageBreak(), *(_without_codes(block) for block in blocks)]
    return replace(disclosure, document=SampleDocument(stem, "unfilled_template", tuple(emptied), ()))


Maker = Callable[[Random, str], Disclosure]


def _draw(
    rng: Random, stage: str, funds: tuple[str, ...], step: int = 100, carries: bool = False
) -> tuple[Figures, Profile]:
    profile = make_profile(rng)
    year = rng.randint(2022, 2025)
    return make_figures(rng, profile, year, stage, step, funds, carries), profile


def _final_forms(
    figures: Figures, layout: Layout, rng: Random, nothing: str, detail_nothing: str,
    economic_groups: tuple[tuple[str, ...], ...],
) -> list[Form]:
    """The nine forms of final accounts in their order."""
    general = "general_public_expenditure"
    forms = [
        summary_forms.final_summary(figures, layout, "收入支出决算总表", nothing, "注：本表反映全年的总收支和年末结转结余。"),
        function_form(figures, layout, "revenue", "收入决算表", revenue_columns(figures, ALL_SOURCES), nothing=nothing,
                      name_width=4.2, note="注：本表反映全年取得的各项收入。"),
        function_form(figures, layout, "expenditure", "支出决算表",
                      expenditure_columns(figures, "expenditure", "all", ALL_MEASURES), nothing=nothing,
                      name_width=4.2, note="注：本表反映全年的各项支出。"),
        summary_forms.final_appropriation_summary(figures, layout, "财政拨款收入支出决算总表", nothing,
                                                  "注：本表反映财政拨款的总收支和年末结转结余。"),
        function_form(figures, layout, general, "一般公共预算财政拨款支出决算表",
                      expenditure_columns(figures, general, "general_public", MEASURES, ("general_public",)),
                      ("general_public",), nothing=nothing, name_width=2.6, note="注：本表反映一般公共预算财政拨款支出。"),
        detail_forms.economic_columns_form(figures, layout, "一般公共预算财政拨款基本支出决算表", economic_groups,
                                           "0.00" if nothing == "0.00" else "", "注：本表反映基本支出的明细。"),
    ]
    three_public = (detail_forms.three_public_halves_form if layout.counts_columns
                    else detail_forms.three_public_pairs_form)
    forms.append(three_public(figures, layout, "财政拨款“三公”经费支出决算表", detail_nothing,
                              "注：本表反映“三公”经费的预算数和决算数。"))
    for fund, name in FUND_NAMES.items():
        forms.append(function_forms.fund_movement_form(
            figures, layout, fund, f"{name}收入支出决算表", fund, _empty_note(rng, figures, name),
            f"注：本表反映{name}的收支和结转结余。"))
    return forms


def _final_document(
    rng: Random, stem: str, kind: str, figures: Figures, profile: Profile, layout: Layout, forms: list[Form]
) -> Disclosure:
    prose = Prose(figures, layout.money, rng)
    unit, year = profile.unit, figures.year
    sections: list[tuple[str, list[Paragraph]]] = [
        ("收入支出决算总体情况说明", [prose.balance()]),
        ("收入决算情况说明", [prose.revenue()]),
        ("支出决算情况说明", [prose.expenditure()]),
        ("财政拨款收入支出决算总体情况说明", [prose.appropriation()]),
        ("一般公共预算财政拨款支出决算情况说明", prose.general_public()),
        ("一般公共预算财政拨款基本支出决算情况说明", [prose.basic()]),
        ("财政拨款“三公”经费支出决算情况说明", [prose.three_public()]),
        ("政府性基金预算财政拨款收入支出决算情况说明", [prose.fund("government_fund", FUND_NAMES["government_fund"])]),
        ("国有资本经营预算财政拨款收入支出决算情况说明", [prose.fund("state_capital", FUND_NAMES["state_capital"])]),
        ("其他重要事项的情况说明", [prose.operating(), prose.procurement()]),
    ]
    word = f"{year}年度{unit.kind_word}决算"
    blocks: list[Block] = [
        Paragraph(unit.unit_name, "cover"), Paragraph(word, "cover"), PageBreak(),
        Paragraph("目 录", "part"), Paragraph(f"第一部分 {unit.unit_name}概况", "list"),
        Paragraph(f"第二部分 {word}表", "list"), *_contents(forms), Paragraph(f"第三部分 {word}情况说明", "list"),
        Paragraph("第四部分 名词解释", "list"), PageBreak(),
        Paragraph(f"第一部分 {unit.unit_name}概况", "part"), *prose.profile(profile.duty),
        *forms,
        Paragraph(f"第三部分 {word}情况说明", "part"), *_sections(sections), PageBreak(),
        Paragraph("第四部分 名词解释", "part"), *prose.glossary(),
    ]
    return Disclosure(_document(stem, kind, figures, blocks), figures)


def _document(stem: str, kind: str, figures: Figures, blocks: list[Block]) -> SampleDocument:
    doc_type = "final_accounts" if figures.stage == "final" else "departmental_budget"
    facts = (
        Fact("dim_document", {}, {"stage": figures.stage, "fiscal_year": figures.year, "doc_type": doc_type}),
        Fact("dim_unit", {}, {"unit_name": figures.unit.unit_name, "unit_kind": figures.unit.unit_kind}),
    )
    return SampleDocument(stem, kind, tuple(blocks), facts)


def _contents(forms: list[Form]) -> list[Paragraph]:
    return [Paragraph(f"{numeral(number)}、{form.title}", "list") for number, form in enumerate(forms, start=1)]


def _sections(sections: list[tuple[str, list[Paragraph]]], about: str = "") -> list[Paragraph]:
    written = []
    for number, (title, paragraphs) in enumerate(sections, start=1):
        written += [Paragraph(f"{numeral(number)}、{about}{title}", "heading"), *paragraphs]
    return written


def _empty_note(rng: Random, figures: Figures, name: str) -> str:
    return rng.choice(EMPTY_NOTES).format(self=figures.unit.self_word, year=figures.year, name=name)


def _without_codes(form: Form) -> Form:
    """A form by code keeps three blank rows; other forms keep their printed labels."""
    if not any(cell.text.isdigit() and len(cell.text) >= 3 for row in form.body for cell in row):
        return replace(form, notes=())
    columns = len(form.widths)
    return replace(form, body=tuple(tuple(Cell() for _ in range(columns)) for _ in range(3)), notes=())


KINDS: dict[str, Maker] = {
    "national_final": national_final, "split_code_final": split_code_final, "yuan_budget": yuan_budget,
    "tabbed_budget": tabbed_budget, "cell_line_final": cell_line_final, "unfilled_template": unfilled_template,
}
