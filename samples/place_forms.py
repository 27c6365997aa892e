"""Forms as six places lay them out: rows by budget unit, columns of the government's classes, funds crossed with parts of
the budget, names without codes, economic classes beside each other, and numbered titles."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from samples import meaning
from samples.classification import economic_names, function_names
from samples.figures import Figures
from samples.function_forms import NAME_WIDTH, function_widths
from samples.layout import Layout
from samples.model import Cell, Fact, Form, Row

GOVERNMENT = {
    "501": "机关工资福利支出",
    "502": "机关商品和服务支出",
    "503": "机关资本性支出（一）",
    "509": "对个人和家庭的补助",
}
BESIDE = {
    "30101": ("50101", "工资奖金津补贴"),
    "30102": ("50101", "工资奖金津补贴"),
    "30103": ("50101", "工资奖金津补贴"),
    "30108": ("50102", "社会保障缴费"),
    "30113": ("50103", "住房公积金"),
    "30201": ("50201", "办公经费"),
    "30211": ("50201", "办公经费"),
}
"""The government's class beside some of the departments' classes; the rows of others leave it empty."""
MEASURES = {"total": "合计", "basic": "基本支出", "project": "项目支出"}


def _form(
    statement: str,
    title: str,
    header: Sequence[Row],
    body: Sequence[Row],
    layout: Layout,
    widths: tuple[float, ...],
) -> Form:
    return Form(
        statement, title, tuple(header), tuple(body), widths, layout.unit_line, "extracted", landscape=True
    )


def _of(fact: Fact, **keys: str | None) -> Fact:
    """A fact with further keys: its budget unit, its part of the budget, its class."""
    return replace(fact, where=fact.where | keys)


def _spent(
    statement: str, fund: str, figures: Figures, code: str, measure: str = "total", **keys: str | None
) -> Fact:
    name = function_names(figures.year)[code] if code else ""
    unit: dict[str, str | None] = {
        "budget_unit_name": None,
        "budget_part": None,
        "economic_code": None,
        "government_economic_code": None,
    }
    return _of(meaning.expenditure(statement, fund, figures.basis, code, name, measure), **(unit | keys))


def by_unit(figures: Figures) -> dict[str, Figures]:
    """The figures of a department's own office and of a station below it, by their names: every other item is the station's."""
    names = (f"{figures.unit.unit_name}（本级）", f"{figures.unit.region_name}综合服务中心")
    codes = list(dict.fromkeys(item.code for item in figures.items))
    shares = (set(codes[::2]), set(codes[1::2]))
    return {
        name: replace(figures, items=tuple(item for item in figures.items if item.code in share), _sums={})
        for name, share in zip(names, shares, strict=True)
    }


def unit_rows_form(figures: Figures, layout: Layout, title: str) -> Form:
    """支出总表 whose items stand below their budget unit; only the unit's code is printed beside them."""
    names, money = function_names(figures.year), layout.money

    def amounts(of: Figures, code: str, unit: str | None) -> Row:
        return tuple(
            money.cell(
                of.spent(code, measure),
                _spent("expenditure", "all", figures, code, measure, budget_unit_name=unit),
            )
            for measure in MEASURES
        )

    body: list[Row] = [(*(Cell() for _ in range(4)), Cell("合 计"), *amounts(figures, "", None))]
    for number, (unit, share) in enumerate(by_unit(figures).items(), start=1):
        body.append((*(Cell() for _ in range(4)), Cell(unit, align="left"), *amounts(share, "", unit)))
        body += [
            (
                Cell(code[:3]),
                Cell(code[3:5]),
                Cell(code[5:]),
                Cell(f"30500{number}"),
                Cell(names[code], align="left"),
                *amounts(share, code, unit),
            )
            for code in share.codes(levels=("item",))
        ]
    header: list[Row] = [
        (Cell("项 目", span=5), *(Cell(label, depth=3) for label in MEASURES.values())),
        (Cell("科目编码", span=3), Cell("单位代码", depth=2), Cell("单位名称（科目）", depth=2)),
        (Cell("类"), Cell("款"), Cell("项")),
    ]
    return _form("expenditure", title, header, body, layout, (1, 0.7, 0.7, 1.4, NAME_WIDTH, 2.4, 2.4, 2.4))


def unit_revenue_form(figures: Figures, layout: Layout, title: str) -> Form:
    """收入总表 with a row for each budget unit."""
    money, sources = (
        layout.money,
        {"total": "合计", "general_public": "一般公共预算", "government_fund": "政府性基金预算"},
    )

    def amounts(of: Figures, unit: str | None) -> Row:
        return tuple(
            money.cell(
                of.received(source),
                _of(
                    meaning.revenue(
                        "revenue", source, figures.basis, fund="all" if source == "total" else ""
                    ),
                    budget_unit_name=unit,
                ),
            )
            for source in sources
        )

    body: list[Row] = [(Cell(), Cell("合计"), *amounts(figures, None))]
    body += [
        (Cell(f"30500{number}"), Cell(unit, align="left"), *amounts(share, unit))
        for number, (unit, share) in enumerate(by_unit(figures).items(), start=1)
    ]
    header: list[Row] = [
        (
            Cell("单位代码", depth=2),
            Cell("单位名称", depth=2),
            Cell("合计", depth=2),
            Cell("本年收入", span=2),
        ),
        tuple(Cell(label) for label in list(sources.values())[1:]),
    ]
    return _form("revenue", title, header, body, layout, (1.4, NAME_WIDTH, 2.4, 2.4, 2.4))


def crossed_form(figures: Figures, layout: Layout, title: str) -> Form:
    """支出预算分类汇总表: each function by the government's economic classes."""
    names, money = function_names(figures.year), layout.money

    def shares(code: str) -> dict[str, int]:
        basic, project = figures.spent(code, "basic"), figures.spent(code, "project")
        salaries, works = basic // 200 * 100, project // 300 * 100
        return {"501": salaries, "502": project - works, "503": works, "509": basic - salaries}

    items = {code: shares(code) for code in figures.codes(levels=("item",))}

    def amounts(code: str) -> Row:
        below = [each for item, each in items.items() if item.startswith(code)]
        whole = money.cell(figures.spent(code), _spent("expenditure", "all", figures, code))
        return (
            whole,
            *(
                money.cell(
                    sum(each[name] for each in below),
                    _spent("expenditure", "all", figures, code, government_economic_code=name),
                )
                for name in GOVERNMENT
            ),
        )

    body: list[Row] = [(*(Cell() for _ in range(3)), Cell("合计"), *amounts(""))]
    body += [
        (
            *layout.code_cells(code),
            *(Cell() for _ in range(3 - len(layout.code_cells(code)))),
            Cell(names[code], align="left"),
            *amounts(code),
        )
        for code in figures.codes()
    ]
    header: list[Row] = [
        (
            Cell("功能科目", span=3),
            Cell("功能分类科目名称", depth=2),
            Cell("总计", depth=2),
            *(Cell(name, depth=2) for name in GOVERNMENT.values()),
        ),
        (Cell("类"), Cell("款"), Cell("项")),
    ]
    return _form("expenditure", title, header, body, layout, function_widths(layout, 1 + len(GOVERNMENT)))


def parted_form(figures: Figures, layout: Layout, title: str) -> Form:
    """支出总表 whose columns are the parts of the budget and the funds of the year's part."""
    names, money = function_names(figures.year), layout.money
    items = {
        code: figures.spent(code, "project", ("general_public",)) // 1000 * 100
        for code in figures.codes(levels=("item",))
    }

    def amounts(code: str) -> Row:
        carried = sum(amount for item, amount in items.items() if item.startswith(code))
        own, fund = (figures.spent(code, "total", (name,)) for name in ("general_public", "government_fund"))
        columns = (
            ("all", None, own + fund),
            ("all", "carryover", carried),
            ("all", "current_year", own + fund - carried),
            ("general_public", "current_year", own - carried),
            ("government_fund", "current_year", fund),
        )
        return tuple(
            money.cell(amount, _spent("expenditure", name, figures, code, budget_part=part))
            for name, part, amount in columns
        )

    body: list[Row] = [(Cell(), Cell("合计"), *amounts(""))]
    body += [(Cell(code), Cell(names[code], align="left"), *amounts(code)) for code in figures.codes()]
    header: list[Row] = [
        (
            Cell("科目编码", depth=2),
            Cell("科目名称", depth=2),
            Cell("合计", depth=2),
            Cell("上年结转", depth=2),
            Cell("当年预算", span=3),
        ),
        (Cell("小计"), Cell("一般公共预算"), Cell("政府性基金预算")),
    ]
    return _form(
        "expenditure", title, header, body, layout, function_widths(replace(layout, code_columns=1), 5)
    )


def named_form(figures: Figures, layout: Layout, title: str, statement: str, fund: str) -> Form:
    """An expenditure form without codes: the names of classes, sections and items one below the other."""
    names, money = function_names(figures.year), layout.money
    funds = () if fund == "all" else (fund,)

    def amounts(code: str) -> Row:
        return tuple(
            money.cell(figures.spent(code, measure, funds), _spent(statement, fund, figures, code, measure))
            for measure in MEASURES
        )

    body: list[Row] = [
        (Cell(" " * (len(code) - 3) + names[code], align="left"), *amounts(code))
        for code in figures.codes(*funds)
    ]
    header: list[Row] = [
        (
            Cell("项目"),
            *(Cell(f"本年{label}" if measure == "total" else label) for measure, label in MEASURES.items()),
        )
    ]
    return _form(
        statement, title, header, [*body, (Cell("合计"), *amounts(""))], layout, (NAME_WIDTH, 2.4, 2.4, 2.4)
    )


def beside_form(figures: Figures, layout: Layout, title: str) -> Form:
    """基本支出明细表 by the departments' classes with the government's class beside each item."""
    names, money = economic_names(figures.year), layout.money

    def amounts(code: str, government: str | None) -> Iterator[Cell]:
        whole = figures.economic_total(code) if code else figures.personnel + figures.public
        is_public = code[:3] in ("302", "310")
        values = {"total": whole, "personnel": 0 if is_public else whole, "public": whole if is_public else 0}
        values |= {} if code else {"personnel": figures.personnel, "public": figures.public}
        for measure, amount in values.items():
            fact = meaning.economic(figures.basis, code, names[code] if code else "", measure)
            yield money.cell(amount, _of(fact, government_economic_code=government))

    body: list[Row] = [(Cell(), Cell("合计"), Cell(), Cell(), *amounts("", None))]
    codes = sorted({code[:length] for code in figures.economic for length in (3, 5)})
    for code in codes:
        government, label = BESIDE.get(code, (None, ""))
        body.append(
            (
                Cell(code),
                Cell(names[code], align="left"),
                Cell(government or ""),
                Cell(label, align="left"),
                *amounts(code, government),
            )
        )
    heads = (
        "部门经济科目编码",
        "部门经济科目名称",
        "政府经济科目编码",
        "政府经济科目名称",
        "合计",
        "人员经费",
        "公用经费",
    )
    widths = (1.6, NAME_WIDTH, 1.6, NAME_WIDTH, 2.4, 2.4, 2.4)
    return _form("general_public_basic", title, [tuple(Cell(head) for head in heads)], body, layout, widths)
