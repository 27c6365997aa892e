"""The golden cases: small documents and every figure that must be read from them.

``python -m tests.golden.golden CASE...`` rewrites the cases' ``expected.csv`` from what is read now; check
the difference before you keep it.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
import tempfile
from pathlib import Path

import duckdb

from ingest.config import Run
from ingest.warehouse.compiled import compiled_statements
from tests.golden.build import build

CASES = Path(__file__).parent
FIELDS = (
    "table", "statement_code", "fund_code", "basis", "code", "name", "level", "measure", "occurrence",
    "reported_value", "reported_unit", "amount_yuan", "unit_inferred",
)  # fmt: skip


def _whose(name: str) -> str:
    """A row's name with the budget unit and the part of the budget that it belongs to."""
    return f"nullif(concat_ws(' @', coalesce({name}, ''), budget_unit_name, budget_part), '')"


_FACTS = {
    "fct_expenditure": (
        "nullif(concat_ws('*', function_code, economic_code, government_economic_code), '')",
        "function_name", "level", "measure",
    ),
    "fct_revenue": ("function_code", "function_name", "level", "revenue_source"),
    "fct_balance": ("null", "null", "null", "item"),
    "fct_economic_expenditure": (
        "nullif(concat_ws('/', economic_code, government_economic_code), '')", "economic_name", "level", "measure",
    ),
    "fct_three_public": ("null", "null", "null", "item"),
}  # fmt: skip
"""Each fact's code, name, level and measure; a row's budget unit and part stand behind its name."""
_PROJECTS = """select 'fct_project_budget', statement_code, fund_code, basis, function_code,
        concat_ws(' | ', budget_unit_name, budget_part, project_name), concat_ws(' | ', level, economic_code, parent_project_name),
        concat_ws(' | ', project_code, project_category, case when is_leaf then 'leaf' end),
        occurrence, reported_value, reported_unit, amount_yuan, unit_inferred, document_id
    from intermediate.int_project__table_keyed
    union all
    select 'fct_procurement', statement_code, fund_code, basis, concat_ws(' | ', function_code, economic_code, government_economic_code),
        concat_ws(' | ', budget_unit_name, budget_part, project_name, catalogue_code, item_name), level || ' ' || line_no,
        concat_ws(' | ', category, set_aside, cast(quantity as double), quantity_unit, method),
        occurrence, reported_value, reported_unit, amount_yuan, unit_inferred, document_id
    from marts.fct_procurement"""
"""Rows of projects and of purchases in the same columns: values without their own column share one."""
_PERFORMANCE = """select 'fct_project_funding', statement_code, form, fund_line, cast(project_no as varchar), project_name,
        concat_ws(' | ', adjusted_budget_yuan, executed_yuan), concat_ws(' | ', weight, execution_rate_pct, score, total_weight, total_score),
        occurrence, null, reported_unit, initial_budget_yuan, null, document_id
    from marts.fct_project_funding where source = 'table'
    union all
    select 'fct_performance_indicator', statement_code, form, target_basis, concat_ws('.', project_no, indicator_no), indicator_name,
        concat_ws(' | ', level1_name, level2_name), concat_ws(' | ', target_text, target_operator, target_unit, prior_year_text, actual_text,
        actual_value, actual_unit, completion_rate_pct, weight, score, deviation_reason), null, target_value, null, null, null, document_id
    from marts.fct_performance_indicator"""
"""Performance forms in the same columns: values without their own column share one."""
_RATES = """select 'fct_reported_ratio', statement_code, fund_code, comparison_base, subject_code, subject_name, subject_type, ratio,
        occurrence, reported_pct, cast(reported_decimals as varchar), null, null, document_id
    from marts.fct_reported_ratio where source = 'table'"""
"""Percentages of forms in the same columns."""
_ROWS = "\nunion all\n".join(
    f"""select '{table}', statement_code, fund_code, basis, {code}, {_whose(name)}, {level}, {measure}, occurrence,
        reported_value, reported_unit, amount_yuan, unit_inferred, document_id
    from marts.{table} where source = 'table'"""
    for table, (code, name, level, measure) in _FACTS.items()
)
_READ = f"""
select f.* exclude (document_id)
from (
    {_ROWS}
    union all
    {_PROJECTS}
    union all
    {_PERFORMANCE}
    union all
    {_RATES}
    union all
    select 'extraction_coverage', statement_code, null, status, null, null, null, null, null, null, null, null, null, document_id
    from audit.extraction_coverage where status != 'not_declared'
) as f
inner join raw.document as d on f.document_id = d.document_id
where d.file_name = ?
"""


def names() -> list[str]:
    """The cases: each a folder with a document, or with a program that draws it."""
    return sorted(path.parent.name for path in CASES.glob("*/document.*"))


def write_documents(work: Path, cases: list[str]) -> Path:
    """Write the cases' documents to a folder and return it."""
    documents = work / "documents"
    documents.mkdir(parents=True)
    for case in cases:
        _write_document(CASES / case, documents / case)
    return documents


def read_cases(build_file: Path, cases: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """What was read from the cases' documents."""
    with duckdb.connect(str(build_file), read_only=True) as con:
        return {
            case: sorted(tuple("" if value is None else str(value) for value in row) for row in found)
            for case in cases
            for found in [
                con.execute(_READ, [f"{case}.txt"]).fetchall()
                + con.execute(_READ, [f"{case}.pdf"]).fetchall()
            ]
        }


def _write_document(case: Path, target: Path) -> None:
    text, program = case / "document.txt", case / "document.py"
    if text.exists():
        target.with_suffix(".txt").write_bytes(text.read_bytes())
        return
    spec = importlib.util.spec_from_file_location(f"golden_{case.name}", program)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    target.with_suffix(".pdf").write_bytes(module.draw())


def expected(case: str) -> list[tuple[str, ...]]:
    """The rows of a case's expected.csv."""
    with (CASES / case / "expected.csv").open(encoding="utf-8", newline="") as file:
        return sorted(tuple(row[field] for field in FIELDS) for row in csv.DictReader(file))


def main(cases: list[str]) -> None:
    """Rewrite the expected rows of the named cases (of all cases where none is named)."""
    cases = cases or names()
    with tempfile.TemporaryDirectory() as work:
        statements = compiled_statements(Run(publish_policy="flag", var_dir=Path(work) / "var"))
        build_file = build(Path(work), [write_documents(Path(work), cases)], statements)
        for case, rows in read_cases(build_file, cases).items():
            with (CASES / case / "expected.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(FIELDS)
                writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
