"""The macros that read amounts and units, rendered by jinja2 as dbt renders them and run in DuckDB."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest

from ingest.config import CODES_DIR
from ingest.seeds import seed_rows

MACROS = Path(__file__).parents[2] / "dbt_project" / "macros"
FILES = ("text.sql", "amount.sql", "unit.sql", "performance.sql")
SOURCE = "\n".join((MACROS / name).read_text(encoding="utf-8") for name in FILES)
MONEY_UNITS = list(seed_rows(CODES_DIR / "money_unit.csv"))
CONNECTION = duckdb.connect()


def evaluate(call: str, **columns: tuple[str, Any]) -> tuple[Any, str]:
    """Value and SQL type of a macro call over one row, given as column=(type, value)."""
    template = jinja2.Environment().from_string(SOURCE + "{{ " + call + " }}")
    sql = template.render(money_units=lambda: MONEY_UNITS).strip()
    row = ", ".join(f"cast(? as {sql_type}) as {name}" for name, (sql_type, _) in columns.items())
    query = f"select result, typeof(result) from (select {sql} as result from (select {row}))"
    found = CONNECTION.execute(query, [value for _, value in columns.values()]).fetchone()
    assert found is not None
    return found[0], found[1]


def of_text(macro: str, text: str | None) -> tuple[Any, str]:
    return evaluate(f"{macro}('t')", t=("varchar", text))


def test_fold_width_agrees_with_nfkc() -> None:
    wide = "".join(chr(code) for code in range(0xFF01, 0xFF5F)) + "\u3000"
    assert of_text("fold_width", wide)[0] == unicodedata.normalize("NFKC", wide)
    assert of_text("fold_width", "一、基本支出“甲”—Ａ１")[0] == "一、基本支出“甲”—A1"
    assert of_text("fold_width", None)[0] is None


@pytest.mark.parametrize(
    "space",
    [
        " ",
        "\t",
        "\n",
        "\r",
        "\v",
        "\f",
        "\x85",
        "\u00a0",
        "\u2002",
        "\u2009",
        "\u200b",
        "\u2028",
        "\u202f",
        "\u2060",
        "\u3000",
        "\ufeff",
    ],
)
def test_squeeze_removes_every_white_space(space: str) -> None:
    assert of_text("squeeze", f"{space}本{space}{space}年{space}")[0] == "本年"


# text as printed -> amount, decimals, state
AMOUNTS: list[tuple[str | None, str | None, int | None, str]] = [
    ("1234.56", "1234.56", 2, "stated"),
    ("1,234.56", "1234.56", 2, "stated"),
    ("１，２３４．５", "1234.5", 1, "stated"),
    ("35. 00", "35.00", 2, "stated"),
    ("36. 6", "36.6", 1, "stated"),
    ("1 234\u00a0567.8", "1234567.8", 1, "stated"),
    ("12\n345.00", "12345.00", 2, "stated"),
    ("0", "0", 0, "stated"),
    ("0.00", "0", 2, "stated"),
    (".5", "0.5", 1, "stated"),
    ("12345678901234.123456", "12345678901234.123456", 6, "stated"),
    # signs
    ("-30,676.91", "-30676.91", 2, "stated"),
    ("－3.5", "-3.5", 1, "stated"),
    ("−3", "-3", 0, "stated"),
    ("-\n30,676.91", "-30676.91", 2, "stated"),
    ("- 0.95", "0.95", 2, "stated"),
    ("(1.00)", "-1.00", 2, "stated"),
    ("（1,000）", "-1000", 0, "stated"),
    # separators
    ("1,234,567", "1234567", 0, "stated"),
    ("13,0676.91", "130676.91", 2, "stated"),
    ("12,34", None, None, "illegible"),
    # not reported
    (None, None, None, "blank"),
    ("", None, None, "blank"),
    (" \u3000\n", None, None, "blank"),
    *[
        (dash, None, None, "dash")
        for dash in ("-", "—", "–", "―", "－", "−", "/", "／", "_", "——", "— —", "--")
    ],
    # not an amount
    *[
        (text, None, None, "illegible")
        for text in ("无", "35.", "1.2.3", "1E5", "(-1)", "--5", "5.43%", "3万元", "(", "1-2")
    ],
    ("999999999999999", None, None, "illegible"),
]


@pytest.mark.parametrize(("text", "amount", "decimals", "state"), AMOUNTS)
def test_an_amount_is_read_as_printed(
    text: str | None, amount: str | None, decimals: int | None, state: str
) -> None:
    expected = None if amount is None else Decimal(amount)
    assert of_text("parse_amount", text) == (expected, "DECIMAL(20,6)")
    assert of_text("amount_decimals", text) == (decimals, "INTEGER")
    assert of_text("amount_state", text)[0] == state


@pytest.mark.parametrize(
    ("text", "name", "places"),
    [
        ("元", "元", 0),
        ("单位：元", "元", 0),
        ("金额单位: 人民币元", "元", 0),
        ("千元", "千元", 3),
        ("单位：万元", "万元", 4),
        ("（万元）", "万元", 4),
        ("单位：万 元", "万元", 4),
        ("万元（保留两位小数）", "万元", 4),
        ("百万元", "百万元", 6),
        ("单位：亿元", "亿元", 8),
        (None, None, None),
        ("", None, None),
        ("单位：人", None, None),
        ("单位：元、万元", None, None),
        ("单位：万美元", None, None),
        ("单位：十万元", None, None),
    ],
)
def test_a_unit_is_named_once_or_not_at_all(text: str | None, name: str | None, places: int | None) -> None:
    assert of_text("unit_name", text)[0] == name
    factor = None if places is None else Decimal(10) ** places
    assert of_text("unit_factor", text) == (factor, "DECIMAL(9,0)")


@pytest.mark.parametrize(
    ("value", "unit", "yuan"),
    [
        ("-30676.91", "万元", "-306769100.00"),
        ("0.000001", "万元", "0.01"),
        ("0.005", "元", "0.01"),
        ("12345678901234.5", "元", "12345678901234.50"),
        ("99999999999999", "亿元", None),
        ("1", "人", None),
        (None, "元", None),
    ],
)
def test_yuan_is_exact(value: str | None, unit: str, yuan: str | None) -> None:
    found = evaluate("to_yuan('v', 'u')", v=("decimal(20, 6)", value), u=("varchar", unit))
    assert found == (None if yuan is None else Decimal(yuan), "DECIMAL(20,2)")


@pytest.mark.parametrize(
    ("decimals", "unit", "half_width"),
    [
        (0, "元", "0.5"),
        (2, "元", "0.005"),
        (2, "万元", "50"),
        (6, "万元", "0.005"),
        (0, "亿元", "50000000"),
        (None, "元", None),
        (2, "人", None),
    ],
)
def test_half_a_printed_unit(decimals: int | None, unit: str, half_width: str | None) -> None:
    found = evaluate("half_width_yuan('d', 'u')", d=("integer", decimals), u=("varchar", unit))
    assert found == (None if half_width is None else Decimal(half_width), "DECIMAL(28,8)")


def test_no_macro_touches_a_float() -> None:
    code = re.sub(r"\{#.*?#\}", "", SOURCE, flags=re.DOTALL).lower()
    assert not re.search(r"\b(double|float\d?|real|pow|power)\b", code)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (">=160亿元", "160"),
        ("12个月", "12"),
        ("95%以上", "95"),
        ("<=12月", "12"),
        ("12月底前", None),
        ("2024年底", None),
        ("6月上旬", None),
    ],
)
def test_a_date_is_no_quantity(text: str, number: str | None) -> None:
    parts, _ = of_text("quantity_parts", text)
    assert (parts and parts["number"]) == number
