"""The two-sided forms: revenue on the left, expenditure on the right."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from samples import meaning
from samples.classification import function_names
from samples.figures import FUNDS, Figures
from samples.layout import Layout, numeral
from samples.model import Cell, Form, Row
from samples.money import MoneyStyle

# Classes that the final-accounts summaries list whether used or not, and those that budget summaries list.
BUDGET_CLASSES = tuple(str(code) for code in range(201, 235) if code not in (218, 225, 226, 228))
FINAL_CLASSES = tuple(code for code in BUDGET_CLASSES if code not in ("209", "227", "230", "233"))

FUND_COLUMNS = {
    "fiscal_appropriation": "合计",
    "general_public": "一般公共预算财政拨款",
    "government_fund": "政府性基金预算财政拨款",
    "state_capital": "国有资本经营预算财政拨款",
}
APPROPRIATIONS = {
    "general_public": "一般公共预算财政拨款",
    "government_fund": "政府性基金预算财政拨款",
    "state_capital": "国有资本经营预算财政拨款",
}


def final_summary(figures: Figures, layout: Layout, title: str, nothing: str, note: str) -> Form:
    """收入支出决算总表, with 行次 columns where the layout counts."""
    statement, basis, money = "summary", figures.basis, layout.printing_nothing_as(nothing)
    sources = {source: f"{label}收入" for source, label in APPROPRIATIONS.items()} | {
        "superior_subsidy": "上级补助收入",
        "institutional": "事业收入",
        "operating": "经营收入",
        "affiliate_remittance": "附属单位上缴收入",
        "other": "其他收入",
    }
    left: list[Row] = [
        (
            Cell(f"{numeral(number)}、{label}", align="left"),
            money.cell(figures.received(source), meaning.revenue(statement, source, basis)),
        )
        for number, (source, label) in enumerate(sources.items(), start=1)
    ]
    right: list[Row] = [
        (label, money.cell(figures.spent(code), meaning.expenditure(statement, "all", basis, code, name)))
        for code, name, label in _classes(figures, FINAL_CLASSES)
    ]

    def item(label: str, item_code: str, amount: int) -> Row:
        return Cell(label), money.cell(amount, meaning.balance(statement, "all", item_code, basis))

    everything = (*FUNDS, "own_funds")
    opening, closing = figures.carried("opening", everything), figures.carried("closing", everything)
    income, spent = figures.received(), figures.spent()
    foot: list[tuple[Row, Row]] = [
        (
            (Cell("本年收入合计"), money.cell(income, *meaning.current_income(statement, "all", basis))),
            (Cell("本年支出合计"), money.cell(spent, *meaning.current_expenditure(statement, "all", basis))),
        ),
        (
            item("使用非财政拨款结余（含专用结余）", "surplus_used", 0),
            item("结余分配", "surplus_distributed", 0),
        ),
        (
            item("年初结转和结余", "opening_carryover", opening),
            item("年末结转和结余", "closing_carryover", closing),
        ),
        (item("总计", "total_income", opening + income), item("总计", "total_expenditure", spent + closing)),
    ]
    rows = _side_by_side(left, right, 2, 2) + [(*one, *other) for one, other in foot]
    header: tuple[Row, ...] = (
        (Cell("收入", span=2), Cell("支出", span=2)),
        (Cell("项目"), Cell("决算数"), Cell("项目"), Cell("决算数")),
    )
    return _two_sided(
        statement, title, layout, header, rows, left=2, widths=(5.2, 2.3, 5.2, 2.3), notes=(note,)
    )


def final_appropriation_summary(
    figures: Figures, layout: Layout, title: str, nothing: str, note: str
) -> Form:
    """财政拨款收入支出决算总表: expenditure of each class by fund."""
    statement, basis, money = "appropriation_summary", figures.basis, layout.printing_nothing_as(nothing)
    fiscal = "fiscal_appropriation"
    left: list[Row] = [
        (
            Cell(f"{numeral(number)}、{label}", align="left"),
            money.cell(figures.received(source), meaning.revenue(statement, source, basis)),
        )
        for number, (source, label) in enumerate(APPROPRIATIONS.items(), start=1)
    ]
    right: list[Row] = [
        (label, *_fund_cells(figures, money, code, name))
        for code, name, label in _classes(figures, FINAL_CLASSES)
    ]
    blanks = tuple(Cell() for _ in range(5))

    def by_fund(item: str) -> Row:
        """The end of the year (closing_carryover or total_expenditure) by fund."""
        cells = []
        for fund in FUND_COLUMNS:
            amount = figures.carried("closing", _funds(fund))
            if item == "total_expenditure":
                amount += figures.spent("", "total", _funds(fund))
            cells.append(money.cell(amount, meaning.balance(statement, fund, item, basis)))
        return tuple(cells)

    income, opening = figures.received(fiscal), figures.carried("opening", FUNDS)
    foot: list[Row] = [
        (
            Cell("本年收入合计"),
            money.cell(income, *meaning.current_income(statement, fiscal, basis)),
            Cell("本年支出合计"),
            *_fund_cells(figures, money, "", ""),
        ),
        (
            Cell("年初财政拨款结转和结余"),
            money.cell(opening, meaning.balance(statement, fiscal, "opening_carryover", basis)),
            Cell("年末财政拨款结转和结余"),
            *by_fund("closing_carryover"),
        ),
    ]
    foot += [
        (
            Cell(f"{numeral(number)}、{label}", align="left"),
            money.cell(
                figures.carried("opening", (fund,)),
                meaning.balance(statement, fund, "opening_carryover", basis),
            ),
            *blanks,
        )
        for number, (fund, label) in enumerate(APPROPRIATIONS.items(), start=1)
    ]
    foot.append(
        (
            Cell("总计"),
            money.cell(income + opening, meaning.balance(statement, fiscal, "total_income", basis)),
            Cell("总计"),
            *by_fund("total_expenditure"),
        )
    )
    header: tuple[Row, ...] = (
        (Cell("收入", span=2), Cell("支出", span=5)),
        (Cell("项目"), Cell("决算数"), Cell("项目"), *(Cell(label) for label in FUND_COLUMNS.values())),
    )
    widths = (5.0, 2.4, 5.0, *(2.4 for _ in FUND_COLUMNS))
    rows = _side_by_side(left, right, 2, 5) + foot
    return _two_sided(
        statement, title, layout, header, rows, left=2, widths=widths, notes=(note,), landscape=True
    )


def budget_summary(figures: Figures, layout: Layout, title: str, lists_all: bool) -> Form:
    """收支总表 of a budget. `lists_all`: every class with its code, else the used classes with numerals."""
    statement, basis, money = "summary", figures.basis, layout.money
    left = _coded_income(figures, money) if lists_all else _plain_income(figures, money)
    right = _budget_classes(figures, money, statement, lists_all, ("all",))
    total = figures.spent()
    income = [meaning.balance(statement, "all", "total_income", basis)]
    if not lists_all:
        income.append(meaning.revenue(statement, "total", basis, fund="all"))
    rows = _side_by_side(left, right, 2, 2)
    rows.append(
        (
            Cell(_total_word("收入总计", lists_all)),
            money.cell(total, *income),
            Cell(_total_word("支出总计", lists_all)),
            money.cell(
                total,
                meaning.expenditure(statement, "all", basis),
                meaning.balance(statement, "all", "total_expenditure", basis),
            ),
        )
    )
    sides = ("收 入", "支 出") if lists_all else ("本年收入", "本年支出")
    header: tuple[Row, ...] = (
        (Cell(sides[0], span=2), Cell(sides[1], span=2)),
        (
            Cell(layout.word("项目")),
            Cell("预算数"),
            Cell("功能分类" if lists_all else "项目"),
            Cell("预算数"),
        ),
    )
    return _two_sided(statement, title, layout, header, rows, left=2, widths=(5.2, 3, 5.2, 3))


def budget_appropriation_summary(figures: Figures, layout: Layout, title: str, lists_all: bool) -> Form:
    """财政拨款收支总表 of a budget."""
    statement, basis, money, fiscal = (
        "appropriation_summary",
        figures.basis,
        layout.money,
        "fiscal_appropriation",
    )
    received = figures.received(fiscal)
    labels = dict(zip(FUNDS, ("一般公共预算", "政府性基金预算", "国有资本经营预算"), strict=True))
    left: list[Row] = []
    total_facts = [meaning.balance(statement, fiscal, "total_income", basis)]
    if lists_all:
        left.append(
            (
                Cell("一、本年收入", align="left"),
                money.cell(received, *meaning.current_income(statement, fiscal, basis)),
            )
        )
        left += [
            (
                Cell(label, align="left"),
                money.cell(figures.received(fund), meaning.revenue(statement, fund, basis)),
            )
            for fund, label in labels.items()
        ]
    else:
        total_facts.append(meaning.revenue(statement, "total", basis, fund=fiscal))
        left += [
            (
                Cell(f"{numeral(number)}、{label}资金", align="left"),
                money.cell(figures.received(fund), meaning.revenue(statement, fund, basis)),
            )
            for number, (fund, label) in enumerate(labels.items(), start=1)
        ]
    funds = tuple(FUND_COLUMNS)
    right = _budget_classes(figures, money, statement, lists_all, funds)
    rows = _side_by_side(left, right, 2, 5)
    rows.append(
        (
            Cell("收入总计"),
            money.cell(received, *total_facts),
            Cell("支出总计"),
            *(
                money.cell(
                    figures.spent("", "total", _funds(fund)),
                    meaning.expenditure(statement, fund, basis),
                    meaning.balance(statement, fund, "total_expenditure", basis),
                )
                for fund in funds
            ),
        )
    )
    amounts = (layout.word("合计"), *labels.values())
    header: tuple[Row, ...] = (
        (Cell("财政拨款收入", span=2), Cell("财政拨款支出", span=5)),
        (
            Cell(layout.word("项目")),
            Cell(layout.word("合计") if lists_all else "预算数"),
            Cell("功 能 分 类" if lists_all else "项目"),
            *(Cell(label) for label in amounts),
        ),
    )
    return _two_sided(
        statement,
        title,
        layout,
        header,
        rows,
        left=2,
        widths=(4.2, 2.8, 5, 2.8, 2.8, 2.8, 2.8),
        landscape=True,
    )


def _plain_income(figures: Figures, money: MoneyStyle) -> list[Row]:
    lines = {
        "fiscal_appropriation": "一、财政拨款收入",
        "general_public": "1. 一般公共预算资金",
        "government_fund": "2. 政府性基金",
        "state_capital": "3. 国有资本经营预算",
        "institutional": "二、事业收入",
        "operating": "三、事业单位经营收入",
        "other": "四、其他收入",
    }
    return [
        (
            Cell(label, align="left"),
            money.cell(figures.received(source), meaning.revenue("summary", source, figures.basis)),
        )
        for source, label in lines.items()
    ]


def _coded_income(figures: Figures, money: MoneyStyle) -> list[Row]:
    basis = figures.basis

    def line(label: str, source: str = "", known_as: str = "") -> Row:
        amount = figures.received(source) if source else 0
        return (
            Cell(label, align="left"),
            money.cell(amount, meaning.revenue("summary", known_as or source, basis)),
        )

    return [
        (
            Cell("一、本年收入", align="left"),
            money.cell(figures.received(), *meaning.current_income("summary", "all", basis)),
        ),
        line("1. 一般公共预算拨款", "general_public"),
        line("其中：一般财力", "general_public", "general_resources"),
        line("上级一般公共预算安排转移支付"),
        line("2. 政府性基金预算拨款", "government_fund"),
        line("3. 国有资本经营预算拨款", "state_capital"),
        line("4. 财政专户核拨"),
        line("5. 单位资金"),
        line("二、上年结转结余"),
    ]


def _budget_classes(
    figures: Figures, money: MoneyStyle, statement: str, lists_all: bool, funds: Sequence[str]
) -> list[Row]:
    used = BUDGET_CLASSES if lists_all else tuple(figures.codes(levels=("class",)))
    if statement == "appropriation_summary" and not lists_all:
        used = tuple(figures.codes(*FUNDS, levels=("class",)))
    rows = []
    for code, name, label in _classes(figures, used):
        amounts = (
            money.cell(
                figures.spent(code, "total", _funds(fund)),
                meaning.expenditure(statement, fund, figures.basis, code, name),
            )
            for fund in funds
        )
        rows.append((Cell(f"{code} {name}", align="left") if lists_all else label, *amounts))
    return rows


def _classes(figures: Figures, codes: Iterable[str]) -> list[tuple[str, str, Cell]]:
    """(code, name, printed label) of the listed classes that exist in the year."""
    names = function_names(figures.year)
    return [
        (code, names[code], Cell(f"{numeral(number)}、{names[code]}", align="left"))
        for number, code in enumerate((code for code in codes if code in names), start=1)
    ]


def _fund_cells(figures: Figures, money: MoneyStyle, code: str, name: str) -> Row:
    """Expenditure of one class (or the whole) by fund, 合计 first."""
    statement, cells = "appropriation_summary", []
    for fund in FUND_COLUMNS:
        spent = meaning.expenditure(statement, fund, figures.basis, code, name)
        facts = (spent,) if code else meaning.current_expenditure(statement, fund, figures.basis)
        cells.append(money.cell(figures.spent(code, "total", _funds(fund)), *facts))
    return tuple(cells)


def _funds(fund: str) -> tuple[str, ...]:
    """The funds that a column sums over."""
    return {"all": (), "fiscal_appropriation": FUNDS}.get(fund, (fund,))


def _total_word(word: str, spaced: bool) -> str:
    return " ".join(word) if spaced else word


def _side_by_side(left: list[Row], right: list[Row], left_width: int, right_width: int) -> list[Row]:
    blank_left, blank_right = (tuple(Cell() for _ in range(width)) for width in (left_width, right_width))
    return [
        (*one, *other)
        for one, other in ((a or blank_left, b or blank_right) for a, b in zip_longest(left, right))
    ]


def _two_sided(
    statement: str,
    title: str,
    layout: Layout,
    header: tuple[Row, ...],
    rows: list[Row],
    left: int,
    widths: tuple[float, ...],
    notes: tuple[str, ...] = (),
    landscape: bool = False,
) -> Form:
    if layout.counts_columns:
        header, rows, widths = _with_line_numbers(header, rows, widths, left)
    return Form(
        statement,
        title,
        header,
        tuple(rows),
        widths,
        layout.unit_line,
        "extracted",
        notes,
        layout.landscape or landscape,
        layout.repeats_header,
    )


def _with_line_numbers(
    header: tuple[Row, ...], rows: list[Row], widths: tuple[float, ...], left: int
) -> tuple[tuple[Row, ...], list[Row], tuple[float, ...]]:
    """Add the 行次 column of each side and the 栏次 row, as the national forms print them."""
    amounts = len(widths) - left - 1
    top = (Cell(header[0][0].text, span=left + 1), Cell(header[0][1].text, span=amounts + 2))
    names = (
        header[1][0],
        Cell("行次"),
        *header[1][1:left],
        header[1][left],
        Cell("行次"),
        *header[1][left + 1 :],
    )
    counts = (
        Cell("栏次"),
        Cell(),
        Cell("1"),
        Cell("栏次"),
        Cell(),
        *(Cell(str(number)) for number in range(2, 2 + amounts)),
    )
    lines = [
        (row[0], Cell(str(line)), *row[1:left], row[left], Cell(str(len(rows) + line)), *row[left + 1 :])
        for line, row in enumerate(rows, start=1)
    ]
    counted = (widths[0], 0.8, *widths[1:left], widths[left], 0.8, *widths[left + 1 :])
    return (top, names, counts), lines, counted
