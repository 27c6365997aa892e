"""Performance reports."""

from random import Random

from samples.model import Block, PageBreak, Paragraph
from samples.money import MoneyStyle
from samples.parts import Disclosure, draw, make_document
from samples.performance.layouts import performance_set
from samples.prose import about, report
from samples.prose.pen import Pen

MANAGEMENT = "预算编制有测算依据，资金拨付有审批程序，支出符合规定用途，未发现截留、挤占和挪用。"
MEASURES = "下一步将细化绩效目标，加强执行监控，并把自评结果用于下年度预算安排。"


def performance_report(rng: Random, stem: str, voice: str = "") -> Disclosure:
    """A report on the performance of a unit's whole expenditure, with its forms attached."""
    funds = tuple(fund for fund in ("government_fund", "own_funds") if rng.random() < 0.4)
    figures, profile = draw(rng, "final", funds, carries=True)
    money = MoneyStyle(thousands=rng.random() < 0.3)
    pen = Pen(figures, money, kind="report", voice=voice)
    performance = performance_set(figures, pen.history, money)
    unit, whole = profile.unit, performance.whole
    blocks: list[Block] = [
        Paragraph(f"{unit.unit_name}{unit.kind_word}整体支出绩效自评报告", "cover"),
        Paragraph(f"（{figures.year}年度）", "cover"),
        PageBreak(),
        Paragraph("一、基本概况", "part"),
        Paragraph("（一）单位基本情况", "heading"),
        *pen.say("duty", duty=profile.duty),
        *report.staff(pen),
        Paragraph("（二）年度重点工作", "heading"),
        *report.plan(pen),
        Paragraph("（三）整体预算规模及安排情况", "heading"),
        Paragraph("1.年初预算安排", "heading"),
        *report.funding(pen, whole, "report_initial"),
        Paragraph("2.预算年中调整情况", "heading"),
        *report.funding(pen, whole, "report_adjustment"),
        Paragraph("3.资金使用情况", "heading"),
        *report.funding(pen, whole, "report_use"),
        Paragraph("二、整体支出管理及使用情况", "part"),
        Paragraph("（一）预算管理情况", "heading"),
        Paragraph(MANAGEMENT),
        Paragraph("（二）基本支出投入和使用情况", "heading"),
        *report.basic(pen),
        Paragraph("（三）“三公”经费控制情况", "heading"),
        *report.three_public(pen),
        Paragraph("（四）项目支出投入和使用情况", "heading"),
        *report.projects(pen, performance),
        Paragraph("（五）政府采购及资产管理情况", "heading"),
        *report.procurement(pen),
        *report.assets(pen),
        Paragraph("三、整体支出绩效分析", "part"),
        *report.indicators(pen, whole),
        Paragraph("四、评价结论", "part"),
        *report.score(pen, whole),
        Paragraph("五、改进措施", "part"),
        Paragraph(MEASURES),
        *performance.forms,
        Paragraph("名词解释", "part"),
        *about.glossary(pen),
    ]
    document = make_document(stem, "performance_report", figures, blocks, "performance_report")
    return Disclosure(document, figures)
