"""Forms with one row per function code: revenue, expenditure, and the forms of single funds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from samples import meaning
from samples.classification import function_names
from samples.figures import Figures
from samples.layout import Layout
from samples.model import Cell, Fact, Form, Row

SPLIT_WIDTHS = (1.0, 0.7, 0.7)
NAME_WIDTH = 5.0


@dataclass(frozen=True)
class Column:
    """An amount column: printed header, amount under a function code, and what a cell of it means."""

    label: str
    amount: Callable[[str], int]
    facts: Callable[[str, str], tuple[Fact, ...]]


def expenditure_columns(
    figures: Figures, statement: str, fund: str, labels: dict[str, str], funds: tuple[str, ...]
) -> list[Column]:
    """Columns of an expenditure form; `labels` maps measure -> header in printed order."""

    def column(measure: str, label: str) -> Column:
        known = measure in ("total", "basic", "project")
        return Column(
            label,
            lambda code: figures.spent(code, measure, funds) if known else 0,
            lambda code, name: (meaning.expenditure(statement, fund, figures.basis, code, name, measure),),
        )

    return [column(measure, label) for measure, label in labels.items()]


def revenue_columns(figures: Figures, labels: dict[str, str]) -> list[Column]:
    """Columns of a revenue form; `labels` maps revenue source -> header in printed order."""

    def column(source: str, label: str) -> Column:
        fund = "all" if source == "total" else ""
        return Column(
            label,
            lambda code: figures.received(source, code),
            lambda code, _: (meaning.revenue("revenue", source, figures.basis, code, fund),),
        )

    return [column(source, label) for source, label in labels.items()]


def function_body(
    figures: Figures, layout: Layout, columns: Sequence[Column], funds: tuple[str, ...], nothing: str
) -> tuple[Row, ...]:
    """Rows of a form by function code with its 合计 row."""
    names, money = function_names(figures.year), layout.printing_nothing_as(nothing)

    def amounts(code: str, name: str) -> Row:
        return tuple(money.cell(column.amount(code), *column.facts(code, name)) for column in columns)

    rows = [
        (*layout.code_cells(code), Cell(names[code], align="left"), *amounts(code, names[code]))
        for code in figures.codes(*funds, levels=layout.levels)
    ]
    total = (*total_label_cells(layout, "合计"), *amounts("", ""))
    return (total, *rows) if layout.total_first else (*rows, total)


def total_label_cells(layout: Layout, label: str) -> Row:
    """The label of the 合计 row: across code and name, or beside 类/款/项 words, or in the name column."""
    if layout.spaced_words:
        return (*(Cell() for _ in range(layout.code_columns)), Cell(f"{label[0]} {label[1:]}"))
    if layout.code_columns > 1 and layout.total_first:
        return (Cell("类"), Cell("款"), Cell("项"), Cell(label))
    return (Cell(label, span=layout.code_columns + 1),)


def function_header(layout: Layout, columns: Sequence[str], group: str = "") -> tuple[Row, ...]:
    """Header of a form by function code; `group` is a common header over the amount columns."""
    code, name = "功能分类科目编码", ("功能分类科目名称" if group else "科目名称")
    split = layout.code_columns
    words = tuple(Cell(layout.word(word)) for word in ("类", "款", "项"))
    if group:
        return (
            (
                Cell(layout.word("科目" if layout.spaced_words else "项目"), span=split + 1),
                Cell(group, span=len(columns)),
            ),
            (
                Cell(code, span=split),
                Cell(name, depth=2),
                *(Cell(layout.word(column), depth=2) for column in columns),
            ),
            words,
        )
    header: tuple[Row, ...] = (
        (Cell("项目", span=split + 1), *(Cell(column, depth=2) for column in columns)),
        (Cell(code, span=split), Cell(name)),
    )
    if layout.counts_columns:
        numbers = tuple(Cell(str(number)) for number in range(1, len(columns) + 1))
        header += ((Cell("栏次", span=split + 1), *numbers),)
    return header


def function_widths(layout: Layout, columns: int, name_width: float = NAME_WIDTH) -> tuple[float, ...]:
    """Relative widths: code columns, name, amounts."""
    codes = SPLIT_WIDTHS if layout.code_columns == 3 else (1.9,)
    return (*codes, name_width, *(2.4 for _ in range(columns)))


def function_form(
    figures: Figures,
    layout: Layout,
    statement: str,
    title: str,
    labels: dict[str, str],
    fund: str = "all",
    group: str = "",
    nothing: str = "",
    name_width: float = NAME_WIDTH,
    notes: tuple[str, ...] = (),
) -> Form:
    """The revenue form or an expenditure form by function code.

    `labels` maps revenue source or measure -> header, `group` is a header over all of them, `fund` limits the
    form to one fund, `nothing` is what stands in a cell without money.
    """
    funds = () if fund == "all" else (fund,)
    if statement == "revenue":
        columns = revenue_columns(figures, labels)
    else:
        columns = expenditure_columns(figures, statement, fund, labels, funds)
    return Form(
        statement,
        title,
        function_header(layout, list(labels.values()), group),
        function_body(figures, layout, columns, funds, nothing),
        function_widths(layout, len(columns), name_width),
        layout.unit_line,
        "extracted",
        notes,
        layout.landscape or len(columns) > 4,
        layout.repeats_header,
    )


def fund_movement_form(
    figures: Figures, layout: Layout, fund: str, title: str, empty_note: str, note: str
) -> Form:
    """The final-accounts form of one fund: carryover, revenue and expenditure; empty where the fund has none.

    The statement code of these forms is the fund code.
    """
    split, filled = layout.code_columns, fund in figures.funds
    header: tuple[Row, ...] = (
        (
            Cell("项目", span=split + 1),
            Cell("年初结转和结余", depth=2),
            Cell("本年收入", depth=2),
            Cell("本年支出", span=3),
            Cell("年末结转和结余", depth=2),
        ),
        (
            Cell("功能分类科目编码", span=split),
            Cell("科目名称"),
            Cell("小计"),
            Cell("基本支出"),
            Cell("项目支出"),
        ),
    )
    if layout.counts_columns:
        header += ((Cell("栏次", span=split + 1), *(Cell(str(number)) for number in range(1, 7))),)
    columns = _movement_columns(figures, fund)
    blank_row: Row = tuple(Cell() for _ in range(split + 7))
    total_blank: Row = (*total_label_cells(layout, "合计"), *(Cell() for _ in range(6)))
    body = (
        function_body(figures, layout, columns, (fund,), "")
        if filled
        else (total_blank, blank_row, blank_row)
    )
    return Form(
        fund,
        title,
        header,
        body,
        function_widths(layout, 6),
        layout.unit_line,
        "extracted" if filled else "empty_by_declaration",
        notes=(note,) if filled else (note, empty_note),
        landscape=True,
        repeats_header=layout.repeats_header,
    )


def _movement_columns(figures: Figures, fund: str) -> list[Column]:
    basis = figures.basis

    def income(code: str, _: str) -> tuple[Fact, ...]:
        row = meaning.revenue(fund, "total", basis, code, fund)
        return (row,) if code else (row, meaning.balance(fund, fund, "current_income", basis))

    carryover = Column("", lambda _: 0, lambda *_: ())  # these funds have no carryover
    spending = expenditure_columns(
        figures, fund, fund, {"total": "小计", "basic": "基本支出", "project": "项目支出"}, (fund,)
    )
    total = spending[0]

    def spent(code: str, name: str) -> tuple[Fact, ...]:
        rows = total.facts(code, name)
        return rows if code else (*rows, meaning.balance(fund, fund, "current_expenditure", basis))

    spending[0] = replace(total, facts=spent)
    received = Column("本年收入", lambda code: figures.received(fund, code), income)
    return [carryover, received, *spending, carryover]
