"""Run every suite on a warehouse that is about to be published, write Data Docs, and say whether it may be.

`python -m expectations.run WAREHOUSE --data-docs DIR` prints the verdict as one line of JSON and exits 0 (publish) or 1 (do not).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

from expectations import docs
from expectations.contract import Subject, read_contract, subjects
from expectations.measure import Measurement, Tally, column_types, measure, tally
from expectations.suites import (
    PlannedSuite,
    columns_suite,
    contract_suite,
    identity_suite,
    table_suite,
    tally_suite,
)
from ingest.config import DATABASE_MEMORY

POLICIES = ("hold", "flag")
_SITE = "data_docs"
_MEASURED = "measured"
"""The one thing that suites look at; each gives its own table for it."""


@dataclass
class Verdict:
    """Whether a warehouse may be published, and the lines that say what is wrong with it.

    `failed` lines stop publishing. `warnings` are about what publishers print, which does not depend on our work.
    """

    passed: bool
    evaluated: int
    failed: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def run_expectations(warehouse: Path, docs_dir: Path | None, publish_policy: str = "hold") -> Verdict:
    """Check a warehouse against the contract and the registry; write Data Docs; return the verdict.

    Without ``docs_dir`` no docs are written, the checks are evaluated together, and a table may be empty: use this for a
    part of a warehouse whose other part has already been checked.

    The file is opened read-only and closed before anything is evaluated.
    """
    if publish_policy not in POLICIES:
        raise ValueError(f"publish policy must be one of {', '.join(POLICIES)}: {publish_policy}")
    if docs_dir is None:
        return _judge_part(warehouse, publish_policy)
    planned = _plan(warehouse, publish_policy)
    docs_dir = docs_dir.resolve()
    docs_dir.mkdir(parents=True, exist_ok=True)
    docs.clear(docs_dir)
    context = _context(docs_dir)
    verdict = Verdict(passed=True, evaluated=0)
    outcomes = [_judge(context, suite, verdict) for suite in planned]
    verdict.passed = not verdict.failed and not any(outcome.failed for outcome in outcomes)
    context.build_data_docs(site_names=[_SITE])
    docs.finish(docs_dir, outcomes, verdict.failed, verdict.warnings)
    return verdict


def _judge_part(warehouse: Path, publish_policy: str) -> Verdict:
    measured, identities = _measure(warehouse, publish_policy, left_out="not_empty")
    verdict = Verdict(passed=True, evaluated=0)
    context = _context(None)
    for suite in (contract_suite(measured), tally_suite(identities, publish_policy)):
        if _judge(context, suite, verdict).failed:
            verdict.passed = False
    verdict.passed = verdict.passed and not verdict.failed
    return verdict


def _plan(warehouse: Path, publish_policy: str) -> list[PlannedSuite]:
    measured, identities = _measure(warehouse, publish_policy)
    return [
        columns_suite(measured),
        *(table_suite(subject, measurements) for subject, measurements in measured),
        identity_suite(identities, publish_policy),
    ]


def _measure(
    warehouse: Path, publish_policy: str, left_out: str | None = None
) -> tuple[list[tuple[Subject, list[Measurement]]], list[Tally]]:
    """The results of every check, except those of a rule that is left out, and of every identity."""
    with duckdb.connect(str(warehouse), read_only=True, config={"memory_limit": DATABASE_MEMORY}) as con:
        types = column_types(con)
        measured = [
            (subject, measure(con, [check for check in subject.checks if check.rule != left_out], types))
            for subject in subjects(read_contract(), publish_policy)
        ]
        identities: list[Tally]
        try:
            identities = tally(con)
        except (
            duckdb.Error
        ):  # a table or column of the registry is missing: the suite finds it empty and fails
            identities = []
    return measured, identities


def _context(docs_dir: Path | None) -> Any:
    """A context in memory, without progress bars, that writes its docs, if any, to one local directory."""
    config = DataContextConfig(
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        data_docs_sites={
            _SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(docs_dir),
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        }
        if docs_dir
        else {},
    )
    context: Any = gx.get_context(mode="ephemeral", project_config=config)
    measured = context.data_sources.add_pandas("warehouse").add_dataframe_asset(_MEASURED)
    measured.add_batch_definition_whole_dataframe(_MEASURED)
    return context


def _judge(context: Any, planned: PlannedSuite, verdict: Verdict) -> docs.SuiteOutcome:
    """Run one suite and add what it found to the verdict."""
    measured = context.data_sources.get("warehouse").get_asset(_MEASURED).get_batch_definition(_MEASURED)
    suite = context.suites.add(
        gx.ExpectationSuite(
            name=planned.name, expectations=planned.expectations, notes=[f"{planned.zh} / {planned.en}"]
        )
    )
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=planned.name, data=measured, suite=suite)
    )
    # without a checkpoint: it has nothing to do afterwards, and costs a quarter of the time of the checks
    results = definition.run(
        batch_parameters={"dataframe": planned.frame}, run_id=RunIdentifier(run_name="publish")
    ).results
    broken = [result.expectation_config for result in results if not result.success]
    warned = [config for config in broken if config.severity == "warning"]
    failed = [config for config in broken if config.severity != "warning"]
    verdict.evaluated += len(results)
    verdict.warnings += _lines(planned, warned)
    verdict.failed += _lines(planned, failed)
    if len(results) != len(planned.expectations):
        verdict.failed.append(
            f"{planned.name}: {len(planned.expectations)} 项中只评了 {len(results)} 项 / "
            f"only {len(results)} of {len(planned.expectations)} expectations were evaluated"
        )
    return docs.SuiteOutcome(planned.name, planned.zh, planned.en, len(results), len(failed), len(warned))


def _lines(planned: PlannedSuite, broken: Sequence[Any]) -> list[str]:
    return [line for config in broken for line in planned.lines[config.meta["key"]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line: print the verdict as JSON; exit status 0: publish, 1: do not."""
    parser = argparse.ArgumentParser(prog="python -m expectations.run", description=__doc__)
    parser.add_argument(
        "warehouse", type=Path, help="the DuckDB file to check; - reads its name from standard input"
    )
    parser.add_argument(
        "--data-docs",
        type=Path,
        metavar="DIR",
        help="where Data Docs are written; without it, a part is judged",
    )
    parser.add_argument(
        "--policy", choices=POLICIES, default="hold", help="the publish policy (default: hold)"
    )
    given = parser.parse_args(arguments)
    if str(given.warehouse) == "-":
        given.warehouse = Path(sys.stdin.readline().rstrip("\n"))
    if not given.warehouse.is_file():
        parser.error(f"no such file: {given.warehouse}")
    try:
        verdict = run_expectations(given.warehouse, given.data_docs, given.policy)
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        verdict = Verdict(False, 0, [f"{given.warehouse.name}: 无法打开 / cannot be opened: {reason}"])
    print(json.dumps(asdict(verdict), ensure_ascii=False))
    return 0 if verdict.passed else 1


if __name__ == "__main__":
    sys.exit(main())
