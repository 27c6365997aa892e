"""Suites built from the contract and from the registry of identities. Holds no formula.

Every suite looks at one small table: what was counted. Each expectation looks at columns of its own, since to choose its
rows of a shared column would take most of its time. The expectations say what the counts must be, in both languages, and
`lines` gives the messages for those that are not met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd  # type: ignore[import-untyped]
from great_expectations.expectations.core.expect_column_max_to_be_between import ExpectColumnMaxToBeBetween
from great_expectations.expectations.core.expect_column_pair_values_to_be_equal import (
    ExpectColumnPairValuesToBeEqual,
)
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_table_row_count_to_be_between import (
    ExpectTableRowCountToBeBetween,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.contract import ABSENT, NOT_DUE, Check, Subject
from expectations.measure import Measurement, Tally

_NOT_COUNTED = -1
_TALLIED = ("unresolved", "leaked")


@dataclass
class PlannedSuite:
    """A suite, the table it looks at, and for each expectation the lines that say what is wrong."""

    name: str
    zh: str
    en: str
    frame: pd.DataFrame
    expectations: list[Expectation] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)


def columns_suite(measured: Sequence[tuple[Subject, Sequence[Measurement]]]) -> PlannedSuite:
    """Two expectations per table: its columns have the contract's types, and those that must be stated are."""
    planned = PlannedSuite(
        "columns", "各表的列、类型与合同一致，该有值的都有值",
        "the columns of every table have the contract's types, and those that must be stated are", pd.DataFrame(),
    )  # fmt: skip
    counted: dict[str, list[object]] = {}
    for subject, measurements in measured:
        typed = [one for one in measurements if one.check.is_about_type]
        if not typed:
            continue
        stated = [one for one in measurements if _is_stated_check(one.check)]
        present = [one for one in stated if one.problem != ABSENT]
        is_missing = all(one.found_type == ABSENT for one in typed)  # reported once, by the table's own suite
        differing = [one for one in typed if one.found_type != _contract_type(one)]
        broken = [one for one in present if one.violations != 0]
        of_types, of_contract, of_nulls = (
            f"{subject.name} {what}" for what in ("types", "contract", "nulls")
        )
        counted[of_types] = [f"{one.check.column} {one.found_type}" for one in typed]
        counted[of_contract] = [f"{one.check.column} {_contract_type(one)}" for one in typed]
        counted[of_nulls] = [_wrong_rows(one) for one in present]
        planned.lines[of_types] = [] if is_missing else [_type_line(one) for one in differing]
        planned.lines[of_nulls] = [_count_line(one) for one in broken]
        types = ", ".join(f"{one.check.column} {one.check.expected_type or ''}".strip() for one in typed)
        names = ", ".join(str(one.check.column) for one in stated)
        about = f"{subject.name}：{subject.zh} / {subject.en}"
        planned.expectations += [
            ExpectColumnPairValuesToBeEqual(
                column_A=of_types,
                column_B=of_contract,
                severity=FailureSeverity.CRITICAL,
                description=f"{subject.name}：{len(typed)} 列的类型 / the types of {len(typed)} columns",
                notes=[about, types],
                meta={"key": of_types, "table": subject.name},
            ),
            ExpectColumnValuesToBeInSet(
                column=of_nulls,
                value_set=[0],
                severity=FailureSeverity.CRITICAL,
                description=f"{subject.name}：{len(stated)} 列不为空 / {len(stated)} columns are never null",
                notes=[about, names],
                meta={"key": of_nulls, "table": subject.name},
            ),
        ]
    planned.frame = _side_by_side(counted)
    return planned


def table_suite(subject: Subject, measurements: Sequence[Measurement]) -> PlannedSuite:
    """One expectation per table and severity: no row is wrong in any of its other checks, which the notes list."""
    counted = [one for one in measurements if not (one.check.is_about_type or _is_stated_check(one.check))]
    planned = PlannedSuite(subject.name, subject.zh, subject.en, pd.DataFrame())
    is_missing = any(one.check.rule == "exists" and one.violations for one in counted)
    rows: list[dict[str, object]] = []
    for severity in dict.fromkeys(one.check.severity for one in counted):
        of_severity = [one for one in counted if one.check.severity == severity]
        rows += [{"check": one.check.label, severity: _wrong_rows(one)} for one in of_severity]
        # a missing table or column is reported once, not for everything that could not be counted because of it
        planned.lines[severity] = [
            _count_line(one)
            for one in of_severity
            if _wrong_rows(one) and one.problem != ABSENT and (one.check.rule == "exists" or not is_missing)
        ]
        title = f"{len(of_severity)} 项检查都没有不符的行 / no row is wrong in {len(of_severity)} checks"
        wrong = "".join(f"｜{one.check.label}{_observed(one)}" for one in of_severity if _wrong_rows(one))
        about = [f"{one.check.zh} / {one.check.en} `{one.check.rows}`" for one in of_severity]
        planned.expectations.append(_no_row_is_wrong(severity, title + wrong, about))
    planned.frame = pd.DataFrame(rows)
    return planned


def contract_suite(measured: Sequence[tuple[Subject, Sequence[Measurement]]]) -> PlannedSuite:
    """Every check of the contract in one table and two expectations, critical and warning: the same verdict in a
    tenth of the time, without a page per table.
    """
    planned = PlannedSuite("contract", "合同的全部检查", "every check of the contract", pd.DataFrame())
    rows: list[dict[str, object]] = []
    planned.lines = {"critical": [], "warning": []}
    for _, measurements in measured:
        for one in measurements:
            severity = "warning" if one.check.severity == "warning" else "critical"
            wrong = (
                int(one.found_type != _contract_type(one)) if one.check.is_about_type else _wrong_rows(one)
            )
            rows.append({"check": f"{one.check.table} {one.check.label}", severity: wrong})
            if wrong:
                planned.lines[severity].append(
                    _type_line(one) if one.check.is_about_type else _count_line(one)
                )
    planned.frame = pd.DataFrame(rows, columns=["check", *planned.lines])
    planned.expectations += [
        _no_row_is_wrong(severity, f"{severity}：没有不符的行 / no row is wrong")
        for severity in planned.lines
    ]
    return planned


def tally_suite(tallies: Sequence[Tally], publish_policy: str) -> PlannedSuite:
    """Like ``identity_suite``, in two expectations over all identities."""
    frame = pd.DataFrame(
        [
            {
                "identity_id": tally.identity_id,
                "unresolved": tally.unresolved,
                "leaked": tally.leaked if tally.on_fail == "hold" and publish_policy == "hold" else 0,
            }
            for tally in tallies
        ],
        columns=["identity_id", "unresolved", "leaked"],
    )
    planned = PlannedSuite("identities", "勾稽关系", "identities", frame)
    planned.lines["registry"] = ["audit.identity: 没有启用的勾稽关系可查 / no active identity could be read"]
    planned.expectations.append(
        ExpectTableRowCountToBeBetween(
            min_value=1, severity=FailureSeverity.CRITICAL, meta={"key": "registry"}
        )
    )
    for column in _TALLIED:
        planned.lines[column] = [
            f"{identity_id}: {count} {column}"
            for identity_id, count in zip(frame["identity_id"], frame[column], strict=True)
            if count
        ]
        planned.expectations.append(
            ExpectColumnValuesToBeInSet(
                column=column, value_set=[0], severity=FailureSeverity.CRITICAL, meta={"key": column}
            )
        )
    return planned


def identity_suite(tallies: Sequence[Tally], publish_policy: str) -> PlannedSuite:
    """One expectation per active identity: every check that is due has a known status.

    The number of broken checks is information: publishers' figures may disagree, and that is published. Only a broken
    identity with on_fail = hold must keep its documents out of the facts, unless the policy publishes them.
    """
    planned = PlannedSuite(
        "identities",
        "勾稽关系：应评的检查都有结论",
        "identities: every check that is due is accounted for",
        _side_by_side(
            {f"{tally.identity_id} {name}": [getattr(tally, name)] for tally in tallies for name in _TALLIED}
        ),
    )
    planned.lines["registry"] = ["audit.identity: 没有启用的勾稽关系可查 / no active identity could be read"]
    planned.expectations.append(
        ExpectTableRowCountToBeBetween(
            min_value=1,
            severity=FailureSeverity.CRITICAL,
            description="登记表中有启用的勾稽关系 / the registry has active identities",
            meta={"key": "registry"},
        )
    )
    for tally in tallies:
        planned.expectations.append(_identity_expectation(planned, tally, "unresolved"))
        if tally.on_fail == "hold" and publish_policy == "hold":
            planned.expectations.append(_identity_expectation(planned, tally, "leaked"))
    return planned


def _side_by_side(columns: Mapping[str, Sequence[object]]) -> pd.DataFrame:
    """A table of columns of different lengths; where one has ended there is nothing."""
    return pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})


def _no_row_is_wrong(severity: str, title: str, notes: Sequence[str] = ()) -> Expectation:
    """The expectation that every check of a severity, one per row of the suite's table, counted no wrong row."""
    return ExpectColumnValuesToBeInSet(
        column=severity,
        value_set=[0],
        severity=FailureSeverity(severity),
        description=title,
        notes=list(notes) or None,
        meta={"key": severity},
    )


def _identity_expectation(planned: PlannedSuite, tally: Tally, column: str) -> Expectation:
    title = f"{tally.identity_id} {tally.title_zh} / {tally.title_en}"
    counts = (
        f"应评 due {tally.due}；成立 pass {tally.passed}，不成立 fail {tally.failed}，获接受 waived {tally.waived}，"
        f"无法评价 not evaluable {tally.not_evaluable}，不适用 not applicable {tally.not_applicable}"
    )
    if column == "unresolved":
        meaning = "应评的检查都有结论。 / Every check that is due has a known status."
        line = (
            f"audit.fct_identity_check {tally.identity_id}: 应评 {tally.due} 项中 {tally.unresolved} 项无结论 / "
            f"{tally.unresolved} of {tally.due} due checks have no known status"
        )
    else:
        meaning = "不成立的文档不在事实表中。 / Documents in which it is broken are not in the facts."
        line = (
            f"marts.fct_* {tally.identity_id}: {tally.leaked} 个应扣留的文档在事实表中 / "
            f"{tally.leaked} documents that must be held are in the facts"
        )
    key = f"{tally.identity_id} {column}"
    planned.lines[key] = [line]
    return ExpectColumnMaxToBeBetween(
        column=key,
        min_value=0,
        max_value=0,
        severity=FailureSeverity.CRITICAL,
        description=f"{title}｜{meaning if column == 'leaked' else counts}",
        notes=[
            meaning,
            f"依据 / Basis: {tally.basis_zh}",
            f"严重程度 {tally.severity}，不成立时 {tally.on_fail} / "
            f"Severity {tally.severity}, on fail {tally.on_fail}",
        ],
        meta={
            "key": key,
            "identity_id": tally.identity_id,
            "family": tally.family,
            "severity": tally.severity,
            "on_fail": tally.on_fail,
        },
    )


def _wrong_rows(measurement: Measurement) -> int:
    return _NOT_COUNTED if measurement.violations is None else measurement.violations


def _is_stated_check(check: Check) -> bool:
    """Whether the check is one of those that the columns suite makes together: never null, without exception."""
    return check.rule == "required" and check.severity == "critical"


def _contract_type(measurement: Measurement) -> str:
    """The type that the contract requires, in words where it leaves the precision or the type open."""
    wanted, found = measurement.check.expected_type, measurement.found_type or ABSENT
    if found == NOT_DUE:
        return NOT_DUE
    is_open = wanted is None and found != ABSENT
    has_open_precision = wanted is not None and "(" not in wanted and found.startswith(f"{wanted}(")
    return found if is_open or has_open_precision else wanted or "any"


def _type_line(measurement: Measurement) -> str:
    where = _where(measurement.check)
    if measurement.found_type == ABSENT:
        return f"{where}: 缺列 / the column is missing"
    wanted = measurement.check.expected_type
    return (
        f"{where}: 类型为 {measurement.found_type}，应为 {wanted} / is {measurement.found_type}, not {wanted}"
    )


def _count_line(measurement: Measurement) -> str:
    check = measurement.check
    if measurement.problem:
        return f"{_where(check)}: 无法检查 / could not be checked: {check.zh} / {check.en} ({measurement.problem})"
    examples = f" (e.g. {'; '.join(measurement.examples)})" if measurement.examples else ""
    return f"{_where(check)}: {measurement.violations} 处不符 / wrong: {check.zh} / {check.en}{examples}"


def _where(check: Check) -> str:
    return f"{check.table}.{check.column}" if check.column else check.table


def _observed(measurement: Measurement) -> str:
    """The text beside a broken expectation in Data Docs."""
    if measurement.problem:
        return f"｜{measurement.problem}"
    return f"｜{'; '.join(measurement.examples)}" if measurement.examples else ""
