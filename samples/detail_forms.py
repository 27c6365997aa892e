"""Forms by economic class, the three-public forms, projects and the carryover list."""

from dataclasses import replace

from samples import meaning
from samples.classification import economic_names, function_names
from samples.figures import THREE_PUBLIC, Figures
from samples.layout import Layout
from samples.model import Cell, Form, Row

STATEMENT = "general_public_basic"


def economic_columns_form(
    figures: Figures, layout: Layout, title: str, groups: tuple[tuple[str, ...], ...], nothing: str, note: str
) -> Form:
    """Final-accounts form in groups of code, name and amount, side by side, each group with its classes."""
    codes = [_economic_codes(figures, classes, used_only=nothing == "") for classes in groups]
    names, money = economic_names(figures.year), layout.printing_nothing_as(nothing)

    def cells(code: str) -> Row:
        if not code:
            return Cell(), Cell(), Cell()
        fact = meaning.economic(figures.basis, code, names[code])
        return (
            Cell(code, align="left"),
            Cell(names[code], align="left"),
            money.cell(figures.economic_total(code), fact),
        )

    height = max(len(column) for column in codes)
    padded = [column + [""] * (height - len(column)) for column in codes]
    rows = [tuple(cell for column in padded for cell in cells(column[at])) for at in range(height)]
    rows.append(
        (
            Cell("人员经费合计", span=2),
            money.cell(figures.personnel, meaning.economic(figures.basis, measure="personnel")),
            Cell("公用经费合计", span=3 * len(groups) - 4),
            money.cell(figures.public, meaning.economic(figures.basis, measure="public")),
        )
    )
    heading = (Cell("经济分类科目编码"), Cell("科目名称"), Cell("决算数"))
    header: tuple[Row, ...] = (heading * len(groups),)
    if len(groups) == 3:
        header = ((Cell("人员经费", span=3), Cell("公用经费", span=6)), *header)
    return Form(
        STATEMENT,
        title,
        header,
        tuple(rows),
        (1.6, 4.2, 2.2) * len(groups),
        layout.unit_line,
        "extracted",
        notes=(note,),
        landscape=len(groups) == 3,
        repeats_header=layout.repeats_header,
    )


def economic_measures_form(figures: Figures, layout: Layout, title: str) -> Form:
    """Budget form by economic code with 合计, 人员经费 and 公用经费 columns."""
    names, money = economic_names(figures.year), layout.money
    two_columns = replace(layout, code_columns=2)

    def amounts(code: str, name: str) -> Row:
        total = figures.economic_total(code)
        is_personnel = code[:3] in ("301", "303")
        values = {"total": total, "personnel": figures.personnel, "public": figures.public}
        if code:
            values |= {"personnel": total if is_personnel else 0, "public": 0 if is_personnel else total}
        return tuple(
            money.cell(value, meaning.economic(figures.basis, code, name, measure))
            for measure, value in values.items()
        )

    rows: list[Row] = [
        (*two_columns.code_cells(code), Cell(names[code], align="left"), *amounts(code, names[code]))
        for code in _economic_codes(figures, ("301", "302", "303", "310"), used_only=True)
    ]
    label: Row = (Cell(), Cell(), Cell("合 计")) if layout.spaced_words else (Cell("合计", span=3),)
    rows.append((*label, *amounts("", "")))
    header: tuple[Row, ...] = (
        (
            Cell(layout.word("科目" if layout.spaced_words else "项目"), span=3),
            Cell("一般公共预算基本支出", span=3),
        ),
        (
            Cell("经济分类科目编码", span=2),
            Cell("经济分类科目名称", depth=2),
            Cell(layout.word("合计"), depth=2),
            Cell("人员经费", depth=2),
            Cell("公用经费", depth=2),
        ),
        (Cell("类"), Cell("款")),
    )
    return Form(
        STATEMENT,
        title,
        header,
        tuple(rows),
        (1, 0.7, 5, 2.6, 2.6, 2.6),
        layout.unit_line,
        "extracted",
        landscape=layout.landscape,
        repeats_header=layout.repeats_header,
    )


def three_public_pairs_form(
    figures: Figures, layout: Layout, title: str, nothing: str, notes: tuple[str, str], budget_basis: str
) -> Form:
    """Final-accounts form with a 预算数/决算数 pair under each item."""
    money = layout.printing_nothing_as(nothing)
    cells: list[Cell] = []
    for item in THREE_PUBLIC:
        for basis, amount in zip((budget_basis, "final"), figures.three_public[item], strict=True):
            cells.append(money.cell(amount, meaning.three_public(item, basis)))
    header: tuple[Row, ...] = (
        (Cell("财政拨款“三公”经费", span=12),),
        (
            Cell("合计", span=2, depth=2),
            Cell("因公出国（境）费", span=2, depth=2),
            Cell("公务用车购置及运行维护费", span=6),
            Cell("公务接待费", span=2, depth=2),
        ),
        (Cell("小计", span=2), Cell("公务用车购置费", span=2), Cell("公务用车运行维护费", span=2)),
        tuple(Cell(word) for _ in THREE_PUBLIC for word in ("预算数", "决算数")),
    )
    return _three_public(title, header, (tuple(cells),), layout, notes)


def three_public_halves_form(
    figures: Figures, layout: Layout, title: str, nothing: str, notes: tuple[str, str], budget_basis: str
) -> Form:
    """National final-accounts form: the six items as 预算数, then again as 决算数, with column numbers."""
    money = layout.printing_nothing_as(nothing)
    row = tuple(
        money.cell(figures.three_public[item][at], meaning.three_public(item, basis))
        for at, basis in enumerate((budget_basis, "final"))
        for item in THREE_PUBLIC
    )
    half = (
        Cell("合计", depth=2),
        Cell("因公出国（境）费", depth=2),
        Cell("公务用车购置及运行维护费", span=3),
        Cell("公务接待费", depth=2),
    )
    vehicles = (Cell("小计"), Cell("公务用车购置费"), Cell("公务用车运行维护费"))
    header: tuple[Row, ...] = (
        (Cell("预算数", span=6), Cell("决算数", span=6)),
        half * 2,
        vehicles * 2,
        tuple(Cell(str(number)) for number in range(1, 13)),
    )
    return _three_public(title, header, (row,), layout, notes)


def three_public_budget_form(figures: Figures, layout: Layout, title: str, with_operating: bool) -> Form:
    """Budget form, one row of amounts; `with_operating` adds the 机关运行经费 column."""
    order = (
        "total",
        "overseas_travel",
        "reception",
        "vehicle_total",
        "vehicle_purchase",
        "vehicle_operation",
    )
    cells = [
        layout.money.cell(figures.three_public[item][0], meaning.three_public(item, figures.basis))
        for item in order
    ]
    items = (
        Cell(layout.word("合计"), depth=2),
        Cell("因公出国（境）费", depth=2),
        Cell("公务接待费", depth=2),
        Cell("公务用车购置及运行费", span=3),
    )
    header: tuple[Row, ...] = (items, (Cell("小计"), Cell("购置费"), Cell("运行费")))
    if with_operating:
        cells.append(
            layout.money.cell(
                figures.public, meaning.metric("operating_expense", figures.basis, source="table")
            )
        )
        header = ((Cell("“三公”经费预算数", span=6), Cell("机关运行经费预算数", depth=3)), *header)
    return _three_public(title, header, (tuple(cells),), layout)


def project_form(figures: Figures, layout: Layout, title: str) -> Form:
    """一般公共预算项目支出表: one row per project."""
    names, money = function_names(figures.year), layout.money
    rows: list[Row] = [
        (
            *layout.code_cells(project.code),
            Cell(names[project.code], align="left"),
            Cell(project.name, align="left"),
            money.cell(project.amount, meaning.project(project.name, project.code, figures.basis)),
        )
        for project in figures.projects
    ]
    total = sum(project.amount for project in figures.projects)
    rows.append(
        (
            *(Cell() for _ in range(4)),
            Cell("合 计"),
            money.cell(total, meaning.project(None, "", figures.basis)),
        )
    )
    header: tuple[Row, ...] = (
        (
            Cell("功能分类科目编码", span=3),
            Cell("功能分类科目名称", depth=2),
            Cell("项目名称", depth=2),
            Cell("项目支出合计", depth=2),
        ),
        (Cell("类"), Cell("款"), Cell("项")),
    )
    return Form(
        "general_public_project",
        title,
        header,
        tuple(rows),
        (1, 0.7, 0.7, 4, 5, 2.6),
        layout.unit_line,
        "extracted",
    )


def empty_form(statement: str, title: str, header: tuple[Row, ...], layout: Layout, note: str) -> Form:
    """A form printed with blank rows and a note that says why."""
    columns = sum(cell.span for cell in header[0])
    body = tuple(tuple(Cell() for _ in range(columns)) for _ in range(3))
    return Form(
        statement,
        title,
        header,
        body,
        (1.0,) * columns,
        layout.unit_line,
        "empty_by_declaration",
        (note,),
        layout.landscape,
        layout.repeats_header,
    )


def _economic_codes(figures: Figures, classes: tuple[str, ...], used_only: bool) -> list[str]:
    """Codes of the classes in order; without `used_only` also the sections that no money was spent on."""
    return [
        code
        for code in economic_names(figures.year)
        if code[:3] in classes and (figures.economic_total(code) or not used_only)
    ]


def _three_public(
    title: str,
    header: tuple[Row, ...],
    body: tuple[Row, ...],
    layout: Layout,
    notes: tuple[str, str] = ("", ""),
) -> Form:
    """`notes` are the form's own note and the one that is below it only when it is empty."""
    widths = (1.0,) * len(body[0])
    filled = any(cell.facts for row in body for cell in row)
    return Form(
        "three_public",
        title,
        header,
        body,
        widths,
        layout.unit_line,
        "extracted" if filled else "empty_by_declaration",
        tuple(note for note in (notes[:1] if filled else notes) if note),
        landscape=True,
        repeats_header=layout.repeats_header,
    )
