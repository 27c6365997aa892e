"""From a form's header to its columns: what stands in each, and what its header says of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, takewhile
from typing import Literal

from ingest.document.text import count_of, fold, header_unit, is_amount, printed_year, squeeze
from ingest.forms.classes import governments_classes, settle_label_columns
from ingest.forms.grid import CODE, Piece, Row, head_of, is_order_row
from ingest.forms.labels import LIST_LAYOUTS, is_code_head, is_text_column, label_of
from ingest.forms.project import label_kind
from ingest.registry import Layout, any_of, bare_header, header_attributes

_CODE_PART = re.compile(r"^\d{1,7}$")
_DECIMALS = 2
_COARSE = 2
"""How far a printed difference may lie from that of the printed figures, in hundredths of the form's unit."""
_PART_HEAD = re.compile("^其中")
_PERCENT = re.compile(r"^-?\d[\d,]*(?:\.\d+)?%$")
_RATE = re.compile(r"^-?\d[\d,]*(?:\.\d+)?%?$")
_LEAST_PERCENT = 2
"""A column of rates without a percent sign holds percentages where one of them is as large: shares of one (0.95) are not."""
_COMPARED_YEAR = re.compile(r"比[^/比]{0,8}20\d\d年度?")
_TOTAL_HEAD = re.compile(rf"^{any_of('form.total')}$")
_OTHER_FUNDS = re.compile(r"(?:^|/)其他资金(?:收入)?(?:/(?:小计|合计))?$")
_OF_SEVERAL_FUNDS = ("expenditure", "appropriation_expenditure")
"""Forms of expenditure that may have columns of funds."""
_OWN_KINDS = ("superior_subsidy", "institutional", "operating", "affiliate_remittance", "other")
MEANINGS = (
    "measure", "fund", "source", "item", "balance", "part", "set_aside", "basis", "economic", "government"
)  # fmt: skip
AMOUNT_ATTRIBUTES = (*MEANINGS, "neutral")


ColumnKind = Literal[
    "code", "name", "unit", "amount", "rate", "skip", "unknown", "project", "economic", "government", "by", "label"
]  # fmt: skip
"""What stands in a column; ``rate`` a percentage of the row, ``label`` in forms that list things."""


@dataclass(slots=True)
class Column:
    """A column's meaning: ``words`` is what its header says, ``kind`` what stands in it.

    The kinds are code, name, unit, amount, rate, skip and unknown; economic and government, a code or name of an
    economic classification that the row prints beside its own label; in project forms also project and by (what divides
    a project's rows). What a rate compares is the word ``ratio``.
    """

    index: int
    kind: ColumnKind
    header_path: str
    words: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    group: int = 0


def read_columns(
    pieces: list[Piece],
    header: list[Row],
    col_count: int,
    statement_code: str,
    layout: Layout,
    has_spans: bool,
) -> list[Column]:
    """Each column's meaning in a form, from its header path and from what stands in the column's body.

    A column whose own head is not a known word is unknown, whatever stands above it: it may be a part of that.

    A header cell nearer to the body outweighs one above it. In the form by economic class only the
    lowest says 人员经费 or 公用经费: above a group of codes with one amount these words head the codes.
    """
    paths = _uncrushed(_header_paths(header, col_count, has_spans), statement_code)
    body = [row for piece in pieces for row in piece.body if not (piece.table.is_ragged and row.is_short)]
    columns: list[Column] = []
    for index in range(col_count):
        path = paths[index]
        words: dict[str, str] = {}
        for depth, text in enumerate(reversed(path)):
            for attribute, value in header_attributes(text, statement_code).items():
                if attribute != "measure" or depth == 0 or layout != "economic":
                    words.setdefault(attribute, value)
        unit = next((found for text in reversed(path) if (found := header_unit(text))), None)
        texts = [row.text(index) for row in body if _stands_at(row, index)]
        if layout in LIST_LAYOUTS:
            left = columns[-1].words.get("label") if columns else None
            kind = _list_kind(path, words, texts, statement_code, left)
        else:
            kind = _rate_kind(path, words, texts, statement_code) or _kind(
                path, words, texts, statement_code, layout
            )
        columns.append(Column(index, kind, " / ".join(squeeze(text) for text in path), words, unit))
    _number_groups(columns)
    _leave_unknown_wholes(columns, paths, statement_code)
    _tell_governments_classes(columns)
    _tell_totals_apart(columns, statement_code)
    _tell_other_funds_apart(columns)
    if layout == "three_public":
        _tell_controlled_total(columns)
    _settle_budget_parts(columns, layout, statement_code)
    for column in columns:
        if _is_part_of_fund(column, statement_code):
            column.words["balance"] = "outside"
    settle_label_columns(columns, layout)
    return columns


def _leave_unknown_wholes(columns: list[Column], paths: list[list[str]], statement_code: str) -> None:
    """Leave a total (小计) unknown that stands below a head which is no known word and tells it from other amounts.

    It is the total of what that head says. A head above all amounts of a group says nothing of one of them.
    """
    amounts = [column for column in columns if column.kind == "amount"]
    for column in amounts:
        if set(column.words) & {*MEANINGS, "span"}:
            continue
        beside = [paths[each.index] for each in amounts if each.group == column.group]
        if any(
            bare_header(head)
            and not header_attributes(head, statement_code)
            and any(head not in path for path in beside)
            for head in paths[column.index][:-1]
        ):
            column.kind = "unknown"


def _tell_governments_classes(columns: list[Column]) -> None:
    """Beside columns of the government's classes those named as classes of both are the government's as well."""
    if any("government" in column.words for column in columns):
        for column in columns:
            code = column.words.pop("economic", None)
            if code:
                column.words["government"] = governments_classes().get(code, code)


def _is_part_of_fund(column: Column, statement_code: str) -> bool:
    """Whether a column holds a part of the fund that is headed above it (一般公共预算 / 其中：财政拨款), for which there is no code."""
    *above, head = column.header_path.split(" / ")
    if not (above and _PART_HEAD.match(fold(head)) and column.words.get("fund") == "fiscal_appropriation"):
        return False
    funds = {header_attributes(text, statement_code).get("fund") for text in above}
    return bool(funds - {None, "fiscal_appropriation"})


def _tell_totals_apart(columns: list[Column], statement_code: str) -> None:
    """Give a balance item to the columns that are not revenue or expenditure of the year.

    Beside a total of the year (本年收入) another total includes all funds at hand: the summary says it. Below a
    carry-over the words that name a source name its fund.
    """
    amounts = [column for column in columns if column.kind == "amount"]
    plain = [
        column
        for column in amounts
        if not set(column.words) & {"measure", "fund", "source", "balance", "item"}
    ]
    others = [column for column in plain if "span" not in column.words]
    if 0 < len(others) < len(plain) and statement_code in ("revenue", "expenditure"):
        for column in others:
            column.words["balance"] = "total_income" if statement_code == "revenue" else "total_expenditure"
    for column in amounts:
        if "balance" in column.words and statement_code == "revenue" and "source" in column.words:
            source = column.words.pop("source")
            column.words["fund"] = "own_funds" if source == "other_funds" else source


def _tell_other_funds_apart(columns: list[Column]) -> None:
    """Where 其他资金 stands beside kinds of the unit's own money (事业收入 …), it is the rest of that money, not all of it."""
    amounts = [column for column in columns if column.kind == "amount"]
    beside = [
        column
        for column in amounts
        if header_attributes(column.header_path.split(" / ")[-1], "revenue").get("source") in _OWN_KINDS
        and "其他资金" not in fold(column.header_path)
    ]
    for column in amounts:
        if (
            beside
            and _OTHER_FUNDS.search(fold(column.header_path))
            and column.words.get("fund") == "own_funds"
        ):
            del column.words["fund"]
            column.words["balance"] = "outside"


def _settle_budget_parts(columns: list[Column], layout: Layout, statement_code: str) -> None:
    """Keep 当年 and 上年结转 as parts of the budget where the form splits it, not where carry-over is a source or a balance.

    A form splits its budget where it heads both parts, or carry-over beside a whole without any column of funds,
    sources or balances. A form that lists things has neither sources nor balances; in forms of expenditure of several funds carry-over is
    no balance, whatever stands beside it: it is what of the expenditure is paid from it.
    """
    amounts = [column for column in columns if column.kind == "amount"]
    parts = {column.words["part"] for column in amounts if "part" in column.words}
    others = [column for column in amounts if "part" not in column.words]
    has_sources = any({"source", "fund", "balance"} & set(column.words) for column in others)
    has_sources = has_sources and layout not in LIST_LAYOUTS and statement_code not in _OF_SEVERAL_FUNDS
    is_split = len(parts) == 2 or (parts == {"carryover"} and bool(others) and not has_sources)
    for column in amounts:
        if is_split and "part" in column.words:
            column.words.pop("balance", None)
        else:
            column.words.pop("part", None)


def _tell_controlled_total(columns: list[Column]) -> None:
    """Beside 三公经费 and meetings or training a plain total is that of all of them."""
    amounts = [column for column in columns if column.kind == "amount"]
    items = {column.words.get("item") for column in amounts}
    if "total" in items and items & {"meeting", "training"}:
        for column in amounts:
            if "item" not in column.words and "balance" not in column.words:
                column.words["item"] = "controlled_total"


def tell_changes(columns: list[Column], rows: list[Row]) -> None:
    """Leave out the columns headed as a change whose figures are not the difference of two other columns.

    增减 may head an amount as well as a rate: where no percent sign says so, only the arithmetic of the rows tells.
    """
    amounts = [column for column in columns if column.kind == "amount"]
    for column in amounts:
        if column.words.get("basis") == "change_from_prior_year" and not _is_difference(
            column, amounts, rows
        ):
            column.kind = "skip"


def _is_difference(column: Column, amounts: list[Column], rows: list[Row]) -> bool:
    """Whether in nearly all rows with a figure the column is one of the other columns less another one."""
    others = [each for each in amounts if each.words.get("basis") != "change_from_prior_year"]
    figures = [
        {each.index: count_of(row.text(each.index), _DECIMALS) for each in (column, *others)}
        for row in rows
        if is_amount(row.text(column.index))
    ]
    return bool(figures) and any(
        sum(abs(each[a.index] - each[b.index] - each[column.index]) <= _COARSE for each in figures) * 10
        >= 9 * len(figures)
        for a in others
        for b in others
        if a is not b
    )


def tell_years_apart(columns: list[Column], fiscal_year: int | None) -> None:
    """Mark the columns of the year before the document's, by their printed year; other years' are left out.

    A rate is the document's year's, whatever year it compares with.
    """
    for column in columns:
        if column.kind == "rate":
            year = printed_year(_COMPARED_YEAR.sub("", fold(column.header_path)))
            column.kind = "rate" if year in (None, fiscal_year) else "skip"
        year = printed_year(column.header_path)
        if year is None or fiscal_year is None or column.kind != "amount":
            continue
        if column.words.get("basis") == "change_from_prior_year":
            continue
        if year == fiscal_year - 1:
            column.words["basis"] = "prior_year"
        elif year != fiscal_year:
            column.kind = "skip"


def tell_parts_apart(columns: list[Column]) -> None:
    """Of columns with the same meaning, keep the one headed as a total; the others are its parts, or unknown."""
    same: dict[tuple[int, frozenset[tuple[str, str]]], list[Column]] = defaultdict(list)
    for column in columns:
        if column.kind == "amount" and "outside" not in column.words.values():
            words = {key: value for key, value in column.words.items() if key in MEANINGS}
            same[column.group, frozenset(words.items())].append(column)
    for alike in same.values():
        totals = [column for column in alike if _TOTAL_HEAD.match(fold(column.header_path.split(" / ")[-1]))]
        for column in alike if len(alike) > 1 else []:
            if totals == [column]:
                continue
            if len(totals) == 1:
                column.words["balance"] = "outside"
            else:
                column.kind = "unknown"


def _stands_at(row: Row, index: int) -> bool:
    """Whether a cell starts at this column, so that a merged label counts in its first column only."""
    cell = row.cells[index] if index < len(row.cells) else None
    return cell is not None and cell.col == index


def _header_paths(header: list[Row], col_count: int, has_spans: bool) -> list[list[str]]:
    """For each column its header texts from the top down, each text once.

    Where merged cells are not known (flat text), an empty header cell takes the text on its left under the
    same heads, except in the lowest row: there only what is printed counts.
    """
    paths: list[list[str]] = [[] for _ in range(col_count)]
    rows = [row for row in header if not is_order_row(row)]
    for number, row in enumerate(rows):
        is_lowest = number == len(rows) - 1
        heads = [list(path) for path in paths]
        texts = [head_of(row, col) for col in range(col_count)]
        for col in range(col_count):
            if not texts[col] and col and not has_spans and not is_lowest and heads[col] == heads[col - 1]:
                texts[col] = texts[col - 1]
            if texts[col] and (not paths[col] or paths[col][-1] != texts[col]):
                paths[col].append(texts[col])
    return paths


def _uncrushed(paths: list[list[str]], statement_code: str) -> list[list[str]]:
    """Header paths in which a cell that prints several heads above each other is these heads.

    Neighbours of such a cell begin with the same printed lines: what is common to them is a head over both. It is taken for
    one where the heads say all that the cell's whole text says, and more.
    """
    found = []
    for index, path in enumerate(paths):
        heads: list[str] = []
        for depth, text in enumerate(path):
            sides = (paths[:index][::-1], paths[index + 1 :])
            beside = [
                other[depth]
                for side in sides
                for other in takewhile(partial(_begins_alike, text, depth), side)
            ]
            parts = _heads_of(text, beside)
            heads.extend(parts if _say_more(parts, text, statement_code) else [text])
        found.append(heads)
    return found


def _begins_alike(text: str, depth: int, other: list[str]) -> bool:
    """Whether a column's head at a depth begins with the same printed line as a text."""
    return len(other) > depth and fold(other[depth].split("\n")[0]) == fold(text.split("\n")[0])


def _heads_of(text: str, beside: list[str]) -> list[str]:
    """A cell's printed lines, cut where those of a neighbour part from them."""
    lines = text.split("\n")
    cuts = {0, len(lines)}
    for other in beside:
        same = next(
            (
                at
                for at, pair in enumerate(zip(lines, other.split("\n"), strict=False))
                if fold(pair[0]) != fold(pair[1])
            ),
            min(len(lines), other.count("\n") + 1),
        )
        cuts.add(same)
    return ["".join(lines[start:stop]) for start, stop in pairwise(sorted(cuts))]


def _say_more(parts: list[str], whole: str, statement_code: str) -> bool:
    """Whether heads one above the other say what a text says as a whole, and more: else the text is one head in lines.

    The whole text may be taken for one of them; what stands in the column only the lowest of them may say otherwise.
    """
    said = [header_attributes(part, statement_code) for part in reversed(parts)]
    if len(parts) < 2 or not said[0]:
        return False
    together = {attribute: value for each in reversed(said) for attribute, value in each.items()}
    alone = header_attributes(whole, statement_code)
    is_said = all(any(each.get(attribute) == value for each in said) for attribute, value in alone.items())
    is_label_known = together.get("label") in (alone.get("label"), said[0].get("label"))
    is_label_of_code = "label" not in alone and said[0].get("role") == "code"
    return (
        is_said
        and together != alone
        and together.get("role") == (alone.get("role") or said[0].get("role"))
        and (is_label_known or is_label_of_code)
    )


def _kind(
    path: list[str], words: dict[str, str], texts: list[str], statement_code: str, layout: Layout
) -> ColumnKind:
    filled = [fold(text) for text in texts if text.strip()]
    leaf = header_attributes(path[-1], statement_code) if path else {}
    if layout == "project" and (kind := label_kind(path, texts, statement_code)):
        return kind
    if filled and all(_PERCENT.match(text) for text in filled):
        return "skip"
    if leaf.get("role") == "unit":
        return "unit"
    if leaf.get("role") == "order" or any(
        header_attributes(text, statement_code).get("role") == "ignore" for text in path
    ):
        return "skip"
    is_code_header = any(header_attributes(text, statement_code).get("role") == "code" for text in path[-2:])
    if is_code_header and all(_CODE_PART.match(text) or not is_amount(text) for text in filled):
        return "code"
    amounts = [text for text in filled if is_amount(text)]
    labels = [text for text in filled if not is_amount(text) and len(text) > 1 and not _is_dash(text)]
    if labels and len(labels) >= len(amounts):
        return "name"
    if filled and all(CODE.match(text) for text in filled) and not set(words) & set(AMOUNT_ATTRIBUTES):
        return "code"
    if leaf.get("role") in ("name", "project") and not amounts:
        return "name"
    if path and not leaf and len(path) > 1 and amounts and _PART_HEAD.match(fold(path[-1])):
        words["balance"] = "outside"
        return "amount"
    is_told = bool(leaf) or not (path and bare_header(path[-1]))
    if is_told and any(attribute in words for attribute in AMOUNT_ATTRIBUTES):
        return "amount"
    return "unknown" if filled else "skip"


def _rate_kind(
    path: list[str], words: dict[str, str], texts: list[str], statement_code: str
) -> ColumnKind | None:
    """The kind of a column of percentages; ``words`` gets the ratio that its heads name together. None for other columns.

    A bare % or 比例 says with the heads above it what is compared; other rates are skipped. Without a percent sign in its heads or in its figures a
    column may hold shares of one, unless a figure is too large for that.
    """
    said = [header_attributes(text, statement_code) for text in reversed(path)]
    named = [each["ratio"] for each in said if "ratio" in each]
    filled = [folded for text in texts if (folded := fold(text)) and not _is_dash(folded)]
    are_percents = bool(filled) and all(_PERCENT.match(text) for text in filled)
    is_change = words.get("basis") == "change_from_prior_year"
    words.pop("ratio", None)
    if not named and not (are_percents and is_change):
        return None
    ratio = next((name for name in named if name != "bare"), "change_rate" if is_change else None)
    if ratio is None or ratio == "other" or any(each.get("role") == "ignore" for each in said):
        return "skip"
    rates = [text for text in filled if _RATE.match(text)]
    if 2 * len(rates) < len(filled):
        return "skip"
    is_headed = any("%" in text or "百分" in text for text in map(fold, path))
    is_large = any(int(re.sub(r"\..*|\D", "", text)) >= _LEAST_PERCENT for text in rates)
    if not (is_headed or is_large or any(text.endswith("%") for text in rates)):
        return "unknown" if rates else "skip"
    words.pop("basis", None)
    words["ratio"] = ratio
    return "rate"


def _list_kind(
    path: list[str], words: dict[str, str], texts: list[str], statement_code: str, left: str | None
) -> ColumnKind:
    """What stands in a column of a form that lists things; ``words`` gets the noun that its labels name."""
    label = label_of(path, statement_code, left)
    if label is not None:
        words.clear()
        words.update({"label": label} | ({"code": "printed"} if is_code_head(path) else {}))
        return "skip" if label == "note" else "label"
    roles = {header_attributes(text, statement_code).get("role") for text in path}
    is_rate = any("ratio" in header_attributes(text, statement_code) for text in path)
    if is_rate or roles & {"order", "ignore"} or is_text_column(texts):
        return "skip"
    if any(attribute in words for attribute in (*AMOUNT_ATTRIBUTES, "part", "set_aside")):
        return "amount"
    return "unknown" if any(text.strip() for text in texts) else "skip"


def _is_dash(text: str) -> bool:
    return all(char in "-—–―−/_" for char in text)


def _number_groups(columns: list[Column]) -> None:
    """Number the column groups: a label column after an amount column begins the next one (two-sided forms)."""
    group, after_amount = 0, False
    for column in columns:
        if column.kind in ("amount", "rate", "unknown"):
            after_amount = True
        elif column.kind in ("code", "name") and after_amount:
            group, after_amount = group + 1, False
        column.group = group
