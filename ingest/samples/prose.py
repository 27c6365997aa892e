"""The text around the forms: our own sentences, whose figures agree with the forms and carry their facts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from ingest.samples import meaning
from ingest.samples.classification import economic_names, function_names
from ingest.samples.figures import FUNDS, THREE_PUBLIC, Figures
from ingest.samples.model import Fact, Paragraph
from ingest.samples.money import MoneyStyle

REASONS = (
    "重点项目安排较上年有所调整",
    "人员变动和工资基数调整",
    "按规定压减一般性支出",
    "部分项目跨年度实施",
    "业务工作量变化",
)
GLOSSARY = (
    "财政拨款收入：指由同级财政预算安排、当年拨付使用的资金。",
    "基本支出：指维持机构日常运转、保障人员待遇所需要的开支。",
    "项目支出：指围绕特定任务或者事业发展目标，在基本支出以外安排的开支。",
    "年初结转和结余：指以前年度没有用完、按规定可以在本年继续使用的资金。",
    "机关运行经费：指用一般公共预算安排的基本支出当中，保障机关运转的日常公用开支。",
)
THREE_PUBLIC_WORDS = {
    "overseas_travel": "因公出国（境）费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
}


@dataclass(frozen=True)
class Printed:
    """A figure of the text with what it means."""

    text: str
    facts: tuple[Fact, ...]


def paragraph(template: str, **parts: Printed | str) -> Paragraph:
    """A body paragraph from a template; the facts of its figures are collected in the order of the parts."""
    texts = {name: part if isinstance(part, str) else part.text for name, part in parts.items()}
    facts = tuple(fact for part in parts.values() if isinstance(part, Printed) for fact in part.facts)
    return Paragraph(template.format(**texts), "body", facts)


def percent(part: int, whole: int) -> str:
    """A percentage with two decimals, rounded half up."""
    return str((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


class Prose:
    """Writes the sections of one document. Amounts are printed in 万元 in the given style."""

    def __init__(self, figures: Figures, money: MoneyStyle, rng: Random) -> None:
        self.figures, self.money, self.rng = figures, money, rng
        self.unit, self.year, self.basis = figures.unit, figures.year, figures.basis
        self.word = "决算" if figures.stage == "final" else "预算"

    def profile(self, duty: str) -> list[Paragraph]:
        """Duties and staff."""
        retired = self.figures.staff // 3
        return [
            Paragraph("一、主要职能", "heading"),
            paragraph(
                "{unit}的主要职责是：{duty}，并承办上级交办的其他工作。", unit=self.unit.unit_name, duty=duty
            ),
            Paragraph("二、机构设置及人员情况", "heading"),
            paragraph(
                "{unit}实有人数{total}人，其中：在职{working}人，退休{retired}人。",
                unit=self.unit.unit_name,
                total=self._count("staff_total", self.figures.staff + retired),
                working=self._count("staff_in_service", self.figures.staff),
                retired=self._count("staff_retired", retired),
            ),
        ]

    def balance(self) -> Paragraph:
        """收支总计 and its change against the year before."""
        figures = self.figures
        carried = figures.carried("opening", (*FUNDS, "own_funds"))
        total, change = figures.received() + carried, figures.received() + carried - figures.prior_total
        items = ("total_income", "total_expenditure")
        rate = percent(change, figures.prior_total)

        def facts(basis: str) -> tuple[Fact, ...]:
            return tuple(meaning.balance("summary", "all", item, basis, "narrative") for item in items)

        template = self.rng.choice(
            (
                "{year}年度收入支出总计{total}万元。与上年度相比，收入支出总计{up}{change}万元，{rise}{rate}%，主要原因是{why}。",
                "{year}年度{unit}收入支出总计为{total}万元，比上年{up}{change}万元，{rise}{rate}%，主要原因：{why}。",
            )
        )
        return paragraph(
            template,
            year=str(self.year),
            unit=self.unit.unit_name,
            why=self.rng.choice(REASONS),
            total=self._money(total, *facts(self.basis)),
            up="增加" if change >= 0 else "减少",
            rise="增长" if change >= 0 else "下降",
            change=Printed(
                self.money.printed(abs(change)), self.money.facts(change, facts("change_from_prior_year"))
            ),
            rate=Printed(
                rate.lstrip("-"),
                tuple(meaning.change_rate("summary", "balance", item, rate) for item in items),
            ),
        )

    def revenue(self) -> Paragraph:
        """Revenue by source with shares."""
        figures, statement = self.figures, "revenue"
        other = figures.other_source
        total = figures.received()
        words = {
            "fiscal_appropriation": "财政拨款收入",
            other: "其他收入" if other == "other" else "事业收入",
        }
        parts: list[tuple[str, Printed, Printed]] = []
        for source, word in words.items():
            amount = figures.received(source)
            share = percent(amount, total)
            parts.append(
                (
                    word,
                    self._money(amount, meaning.revenue(statement, source, self.basis, source="narrative")),
                    Printed(share, (meaning.share(statement, "revenue_source", source, share),)),
                )
            )
        opening = "本年收入合计" if figures.stage == "final" else f"{self.year}年收入预算"
        return self._with_shares(
            opening,
            total,
            parts,
            meaning.revenue(statement, "total", self.basis, fund="all", source="narrative"),
        )

    def expenditure(self) -> Paragraph:
        """Expenditure by measure with shares."""
        figures, statement = self.figures, "expenditure"
        total = figures.spent()
        parts = []
        for measure, word in (("basic", "基本支出"), ("project", "项目支出")):
            amount = figures.spent("", measure)
            share = percent(amount, total)
            parts.append(
                (
                    word,
                    self._money(
                        amount,
                        meaning.expenditure(
                            statement, "all", self.basis, measure=measure, source="narrative"
                        ),
                    ),
                    Printed(share, (meaning.share(statement, "measure", measure, share),)),
                )
            )
        opening = "本年支出合计" if figures.stage == "final" else f"{self.year}年支出预算"
        return self._with_shares(
            opening, total, parts, meaning.expenditure(statement, "all", self.basis, source="narrative")
        )

    def appropriation(self) -> Paragraph:
        """财政拨款收支总计 (final) or 财政拨款收支总预算 (budget)."""
        figures, statement, fund = self.figures, "appropriation_summary", "fiscal_appropriation"
        total = figures.received(fund) + figures.carried("opening", FUNDS)
        template = (
            "{year}年度财政拨款收入支出总计{total}万元。"
            if figures.stage == "final"
            else "{year}年财政拨款收支总预算{total}万元。"
        )
        return paragraph(
            template,
            year=str(self.year),
            total=self._money(
                total,
                *(
                    meaning.balance(statement, fund, item, self.basis, "narrative")
                    for item in ("total_income", "total_expenditure")
                ),
            ),
        )

    def general_public(self) -> list[Paragraph]:
        """一般公共预算: the whole, the classes with their shares, and each item."""
        figures, statement, fund = self.figures, "general_public_expenditure", "general_public"
        names, funds = function_names(self.year), (fund,)
        whole, everything = figures.spent("", "total", funds), figures.spent()
        kind = "财政拨款支出" if figures.stage == "final" else "当年拨款支出预算"

        def stated(code: str) -> Printed:
            name = names[code] if code else ""
            return self._money(
                figures.spent(code, "total", funds),
                meaning.expenditure(statement, fund, self.basis, code, name, source="narrative"),
            )

        share = percent(whole, everything)
        paragraphs = [
            paragraph(
                "{year}年一般公共预算{kind}{amount}万元"
                + ("，占本年支出合计的{share}%。" if self.basis == "final" else "。"),
                year=str(self.year),
                kind=kind,
                amount=stated(""),
                share=Printed(
                    share,
                    (meaning.share(statement, "measure", "total", share),) if self.basis == "final" else (),
                ),
            )
        ]
        for number, code in enumerate(figures.codes(fund, levels=("class",)), start=1):
            share = percent(figures.spent(code, "total", funds), whole)
            paragraphs.append(
                paragraph(
                    "{number}.{name}（类）{amount}万元，占{share}%。",
                    number=str(number),
                    name=names[code],
                    amount=stated(code),
                    share=Printed(share, (meaning.share(statement, "function", code, share),)),
                )
            )
        verb = "支出决算数为" if figures.stage == "final" else "年预算数为"
        for number, code in enumerate(figures.codes(fund, levels=("item",)), start=1):
            paragraphs.append(
                paragraph(
                    "{number}.{one}（类）{two}（款）{three}（项）：{year}{verb}{amount}万元，用于相关工作开支。",
                    number=str(number),
                    one=names[code[:3]],
                    two=names[code[:5]],
                    three=names[code],
                    verb=verb,
                    amount=stated(code),
                    year="" if figures.stage == "final" else str(self.year),
                )
            )
        return paragraphs

    def basic(self) -> Paragraph:
        """基本支出: personnel and public, with the names of what was paid."""
        figures, names = self.figures, economic_names(self.year)

        def listed(classes: Iterable[str]) -> str:
            return "、".join(names[code] for code in figures.economic if code[:3] in classes)

        def stated(amount: int, measure: str) -> Printed:
            return self._money(amount, meaning.economic(self.basis, measure=measure, source="narrative"))

        kind = "财政拨款基本支出" if figures.stage == "final" else "基本支出"
        return paragraph(
            "{year}年一般公共预算{kind}{total}万元，其中：人员经费{personnel}万元，主要包括：{first}；"
            "公用经费{public}万元，主要包括：{second}。",
            year=str(self.year),
            kind=kind,
            first=listed(("301", "303")),
            second=listed(("302", "310")),
            total=stated(figures.personnel + figures.public, "total"),
            personnel=stated(figures.personnel, "personnel"),
            public=stated(figures.public, "public"),
        )

    def three_public(self) -> Paragraph:
        """The parts of 三公 expenditure."""
        at = 1 if self.figures.stage == "final" else 0
        amounts = {
            item: self._money(
                self.figures.three_public[item][at], meaning.three_public(item, self.basis, "narrative")
            )
            for item in THREE_PUBLIC
        }
        parts = "，".join(f"{word}{{{item}}}万元" for item, word in THREE_PUBLIC_WORDS.items())
        kind = "支出" if self.figures.stage == "final" else "预算数"
        del amounts["vehicle_total"]
        return paragraph(
            "{year}年度财政拨款“三公”经费{kind}{total}万元，其中：" + parts + "。",
            year=str(self.year),
            kind=kind,
            **amounts,
        )

    def fund(self, statement: str, name: str) -> Paragraph:
        """What one fund spent, or that it spent nothing."""
        spent = self.figures.spent("", "total", (statement,))
        if not spent:
            return paragraph(
                self.rng.choice(
                    (
                        "{self}{year}年度没有{name}收支，相应的表为空表。",
                        "{year}年{self}无{name}安排的收支，该表为空表。",
                    )
                ),
                self=self.unit.self_word,
                year=str(self.year),
                name=name,
            )
        return paragraph(
            "{year}年度{name}支出{amount}万元。",
            year=str(self.year),
            name=name,
            amount=self._money(
                spent, meaning.expenditure(statement, statement, self.basis, source="narrative")
            ),
        )

    def projects(self) -> list[Paragraph]:
        """Each project with what it costs and how the money is divided."""
        paragraphs = []
        for number, project in enumerate(self.figures.projects, start=1):
            parts = {
                f"part{at}": self._money(amount, meaning.project_part(project.name, name, self.basis))
                for at, (name, amount) in enumerate(project.parts)
            }
            listed = "、".join(f"{name}{{part{at}}}万元" for at, (name, _) in enumerate(project.parts))
            whole = self._money(project.amount, meaning.project_part(project.name, None, self.basis))
            paragraphs += [
                paragraph("{number}.项目名称：{name}", number=str(number), name=project.name),
                paragraph("设立的政策依据：按照本年度工作计划安排。"),
                paragraph("预算安排规模：{whole}万元", whole=whole),
                paragraph("项目承担单位：{unit}", unit=self.unit.unit_name),
                paragraph("资金分配情况：" + listed + "。", **parts),
                paragraph("资金执行时间：{year}年1月至12月", year=str(self.year)),
            ]
        return paragraphs

    def operating(self) -> Paragraph:
        """机关运行经费."""
        return paragraph(
            "{year}年度{unit}机关运行经费{verb}{amount}万元。",
            year=str(self.year),
            unit=self.unit.unit_name,
            verb="支出" if self.figures.stage == "final" else "预算为",
            amount=self._money(self.figures.public, meaning.metric("operating_expense", self.basis)),
        )

    def procurement(self) -> Paragraph:
        """政府采购 by kind."""
        parts = {"total": sum(self.figures.procurement.values()), **self.figures.procurement}
        verb = "支出" if self.figures.stage == "final" else "预算"
        return paragraph(
            "{year}年度政府采购{verb}总额{total}万元，其中：政府采购货物{verb}{goods}万元、政府采购工程{verb}{works}万元、"
            "政府采购服务{verb}{services}万元。",
            year=str(self.year),
            verb=verb,
            **{
                name: self._money(amount, meaning.metric(f"procurement_{name}", self.basis))
                for name, amount in parts.items()
            },
        )

    def glossary(self) -> list[Paragraph]:
        """名词解释."""
        return [
            paragraph("{number}、{entry}", number="一二三四五"[at], entry=entry)
            for at, entry in enumerate(self.rng.sample(GLOSSARY, 3))
        ]

    def _with_shares(
        self, opening: str, total: int, parts: list[tuple[str, Printed, Printed]], whole: Fact
    ) -> Paragraph:
        shown: dict[str, Printed | str] = {"opening": opening, "total": self._money(total, whole)}
        template = "{opening}{total}万元，其中："
        clauses = []
        for at, (word, amount, share) in enumerate(parts):
            clauses.append(f"{word}{{amount{at}}}万元，占{{share{at}}}%")
            shown |= {f"amount{at}": amount, f"share{at}": share}
        return paragraph(template + "；".join(clauses) + "。", **shown)

    def _money(self, yuan: int, *facts: Fact) -> Printed:
        return Printed(self.money.printed(yuan), self.money.facts(yuan, facts))

    def _count(self, metric_code: str, value: int) -> Printed:
        return Printed(str(value), (meaning.count(metric_code, self.basis, value, "person"),))
