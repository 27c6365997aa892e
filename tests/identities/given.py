"""Rows that a case gives to the models upstream, where its identity reads more than lines.

A file ``cases/<topic>.yml`` holds identities and their cases. A case states only what differs from the first part of
its identity; each row has a name, and null removes the row::

    RATE-001:
      doc_type: final_accounts
      scope: general_public_expenditure/function/201/share
      given:
        int_ratio__keyed:
          printed: {statement_code: general_public_expenditure, subject_type: function, reported_pct: 60.00}
      lines: ~exp:general_public_expenditure/201=60.00 ~exp:general_public_expenditure/total=100.00
      cases:
        holds: {status: pass}
        broken: {status: fail, given: {int_ratio__keyed: {printed: {reported_pct: 61.00}}}}
        missing: {status: not_applicable, reason: not_printed, scope: "-", given: {int_ratio__keyed: {printed: null}}}

``document_id`` is the case's own, unless a row states ``other`` or ``other.<name>``: the document ``<case>.other`` … The row named ``document`` of
``stg_disclosure__document`` is the case's own, with the case's ``doc_type``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("cases")
Rows = dict[str, dict[str, dict[str, Any]]]
"""Table -> name of a row -> its columns."""

TABLES: dict[str, str] = {
    "staging.stg_disclosure__document": "document_id varchar, doc_type varchar, fiscal_year integer, media_type varchar,"
    " stage varchar, unit_key varchar, is_departmental boolean default true",
    "staging.stg_disclosure__broken_rule": "document_id varchar, reason_code varchar, table_name varchar, rule varchar, row_count bigint,"
    " example varchar, is_emptied boolean",
    "staging.stg_disclosure__remark": "document_id varchar, remark_no integer, kind varchar, code varchar, paragraph_no integer,"
    " source_ref varchar, page_no integer, section_path varchar, text varchar, named varchar, claim_no integer, sentence varchar",
    "staging.stg_disclosure__form": "document_id varchar, form_no integer, statement_code varchar, title varchar, unit_text varchar,"
    " page_from integer, page_to integer, row_count integer, note varchar, is_empty_declared boolean",
    "staging.stg_disclosure__declaration": "document_id varchar, statement_code varchar, kind varchar, text varchar, source_ref varchar",
    "staging.stg_disclosure__claim": "document_id varchar, claim_no integer, source_ref varchar, page_no integer, figure_text varchar,"
    " unit_text varchar, status varchar, reason_code varchar, sentence varchar, printed_value decimal(20, 6), reported_decimals integer,"
    " function_path varchar, class_name varchar, section_name varchar, item_name varchar, fact varchar, subject_code varchar",
    "staging.stg_disclosure__stated_part": "document_id varchar, source_ref varchar, sentence varchar",
    "intermediate.int_claim__function_resolved": "document_id varchar, function_path varchar, function_code varchar",
    "staging.stg_disclosure__paragraph": "document_id varchar, paragraph_no integer, source_ref varchar, page_no integer,"
    " is_heading boolean, text varchar",
    "staging.stg_disclosure__performance_form": "document_id varchar, performance_no integer, statement_code varchar,"
    " project_name varchar, title varchar, total_weight decimal(14, 4), total_score decimal(14, 4), problem varchar, page_no integer",
    "staging.stg_disclosure__performance_funding": "document_id varchar, performance_no integer, line_no integer, fund_line varchar,"
    " label varchar, initial_value decimal(20, 6), adjusted_value decimal(20, 6), executed_value decimal(20, 6),"
    " reported_decimals integer, source_ref varchar, page_no integer",
    "intermediate.int_performance__funding_keyed": "document_id varchar, performance_no integer, line_no integer,"
    " statement_code varchar, form varchar, scope varchar, fund_line varchar, project_name varchar, initial_budget_yuan decimal(20, 2), adjusted_budget_yuan decimal(20, 2),"
    " executed_yuan decimal(20, 2), weight decimal(14, 4), execution_rate_pct decimal(14, 4), score decimal(14, 4),"
    " reported_unit varchar, reported_decimals integer, page_no integer, source_ref varchar",
    "intermediate.int_performance__indicator_parsed": "document_id varchar, performance_no integer, indicator_no integer,"
    " source varchar default 'table', deviation_reason varchar, statement_code varchar, form varchar, level1_name varchar, level2_name varchar, indicator_name varchar,"
    " target_text varchar, target_operator varchar,"
    " target_value decimal(20, 6), target_unit varchar, actual_text varchar, actual_value decimal(20, 6), actual_unit varchar,"
    " completion_rate_pct decimal(14, 4), weight decimal(14, 4), score decimal(14, 4), page_no integer, source_ref varchar",
    "intermediate.int_metric__keyed": "document_id varchar, statement_code varchar, fund_code varchar, source varchar, metric_code varchar, detail varchar,"
    " basis varchar, value decimal(20, 4), reported_value decimal(20, 6), reported_unit varchar, reported_decimals integer,"
    " half_width_yuan decimal(28, 8), occurrence integer, page_no integer, source_ref varchar",
    "intermediate.int_stated_part__unified": "document_id varchar, part_no integer, statement_code varchar, fund_code varchar,"
    " basis varchar, whole_code varchar, project_name varchar, part_name varchar, economic_code varchar, value decimal(20, 4), reported_value decimal(20, 6),"
    " reported_unit varchar, reported_decimals integer, half_width_yuan decimal(28, 8), page_no integer, source_ref varchar",
    "intermediate.int_form_cell__code_resolved": "document_id varchar, form_no integer, row_no integer, statement_code varchar, code varchar,"
    " fact varchar, row_role varchar, line_code varchar, part_word varchar, code_text varchar, printed_code varchar,"
    " label varchar, label_key varchar, amount_state varchar,"
    " source_ref varchar, page_no integer, fiscal_year integer, fund_code varchar, basis varchar, column_key varchar, economic_code varchar,"
    " project_name varchar, header_path varchar, amount_yuan decimal(20, 2), half_width_yuan decimal(28, 8),"
    " reported_value decimal(20, 6), reported_unit varchar, reported_decimals integer",
    "intermediate.int_function__dated_name": "document_id varchar, function_code varchar, level varchar, name_key varchar,"
    " valid_from_year integer, valid_to_year integer, confidence varchar",
    "intermediate.int_project__keyed": "document_id varchar, allocation_name varchar, statement_code varchar, source varchar,"
    " fund_code varchar, basis varchar, level varchar,"
    " project_name varchar, amount_yuan decimal(20, 2), half_width_yuan decimal(28, 8), reported_value decimal(20, 6),"
    " reported_unit varchar, reported_decimals integer, occurrence integer, page_no integer, source_ref varchar",
    "staging.stg_disclosure__supersession": "document_id varchar, superseded_by varchar",
    "staging.stg_disclosure__member_unit": "document_id varchar, unit_no integer, unit_name varchar, unit_id varchar,"
    " is_own boolean, is_separate boolean, source_ref varchar",
    "intermediate.int_document__unit_identified": "document_id varchar, unit_id varchar, unit_kind varchar, fiscal_year integer,"
    " doc_type varchar, file_name varchar",
    "intermediate.int_form__status": "document_id varchar, statement_code varchar, status varchar, is_form_cut boolean, form_no integer",
    "staging.stg_disclosure__cell": "document_id varchar, source_ref varchar, text varchar",
    "intermediate.int_figure__accounted": "document_id varchar, source_ref varchar, page_no integer, status varchar, reason_code varchar",
    "intermediate.int_figure__printed_in_table": "document_id varchar, source_ref varchar, printed_value decimal(20, 6)",
    "intermediate.int_document__figures_counted": "document_id varchar, figures_printed integer, figures_loaded integer,"
    " figures_set_aside integer, figures_unread integer, is_declared_empty boolean, unreadable_pages integer,"
    " unreadable_page_numbers varchar, page_no integer, unread_places_zh varchar,"
    " unread_places_en varchar",
    "intermediate.int_document__scan_counted": "document_id varchar, page_no integer, figure_count bigint, uncertain_count bigint",
    "intermediate.int_claim__code_resolved": "document_id varchar, claim_no integer, paragraph_no integer, section_no integer,"
    " source_ref varchar, page_no integer, sentence varchar, figure_text varchar, unit_text varchar, statement_code varchar,"
    " fund_code varchar, fact varchar, subject_type varchar, subject_code varchar, row_key varchar, column_key varchar,"
    " basis varchar, ratio varchar, direction integer, label varchar, reported_value decimal(20, 6), reported_unit varchar,"
    " reported_decimals integer, amount_yuan decimal(20, 2), half_width_yuan decimal(28, 8), scope varchar, amount_column varchar",
    "intermediate.int_line__unified": "document_id varchar, statement_code varchar, source varchar, fact varchar,"
    " fund_code varchar, basis varchar, row_key varchar, parent_row_key varchar, level varchar, column_key varchar,"
    " parent_column_key varchar, occurrence integer, label varchar, amount_yuan decimal(20, 2), reported_value decimal(20, 6),"
    " reported_unit varchar, reported_decimals integer, half_width_yuan decimal(28, 8), source_ref varchar, page_no integer,"
    " form_no integer, form_status varchar, is_form_cut boolean, share_suffix varchar default ''",
}
"""The models that identities read, with the columns that they read: columns that are not given are null."""


def read_topics() -> list[tuple[str, dict[str, Any]]]:
    """Every identity of the folder with its cases. Raises ValueError where two files give one identity a case of one name."""
    found: list[tuple[str, dict[str, Any]]] = []
    names: set[tuple[str, str]] = set()
    for path in sorted(FOLDER.glob("*.yml")):
        for identity_id, topic in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            own = {(identity_id, name) for name in topic["cases"]}
            if own & names:
                raise ValueError(f"{path.name}: {identity_id} has a case of the same name in another file")
            names |= own
            found.append((identity_id, topic))
    return found


def rows_given(base: Rows, case: Rows) -> Rows:
    """The rows of a case: those of its identity, with what the case states of them instead."""
    merged: Rows = {table: {name: dict(row) for name, row in rows.items()} for table, rows in base.items()}
    for table, rows in case.items():
        for name, row in rows.items():
            if row is None:
                merged.get(table, {}).pop(name)
            else:
                merged.setdefault(table, {})[name] = merged.get(table, {}).get(name, {}) | row
    return merged


def qualified(table: str) -> str:
    """A table's name with its schema. Raises KeyError where no identity reads such a table."""
    return next(name for name in TABLES if name.split(".")[1] == table) if "." not in table else table
