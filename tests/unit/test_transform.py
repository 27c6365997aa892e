"""Documents that break a rule are held one by one; a failure that no document explains stops the run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from ingest.warehouse.compiled import Model, Rule, Statements
from ingest.warehouse.holds import BrokenRule, broken_rules, record
from ingest.warehouse.load import RawLoader
from ingest.warehouse.transform import Transformed, TransformError, transform

DOCUMENTS = [f"{number:016x}" for number in range(20)]
FACT = '"build"."marts"."fct"'
UNIT_IDENTIFIED = '"build"."intermediate"."int_document__unit_identified"'
HELD = '"build"."raw"."broken_rule"'


def model(place: str, sql: str, *parents: str, columns: tuple[str, ...] = (), required: str = "") -> Model:
    typed = [(name, kind) for name, kind in (column.split() for column in columns)]
    name = place.split('"')[-2]
    return Model(name, place, "table", typed, required.split(), {"": f"about {name}"}, list(parents), sql)


def statements(folder: Path, value: str = "byte_size", *tests: Rule) -> Statements:
    """Each document is a row of a fact, with its size as the value, unless the document is held."""
    seeds = folder / "seeds.duckdb"
    with duckdb.connect(str(seeds)) as con:
        con.execute("create schema seeds")
    line = '"build"."intermediate"."int_line"'
    source = '"build"."raw"."document"'
    return Statements(
        [
            model(UNIT_IDENTIFIED, f"select document_id, unit_name as unit_id from {source}", source),
            model(line, f"select document_id, unit_name as unit_id, {value} as value from {source}", source),
            model(
                FACT,
                f"select * from {line} where document_id not in (select document_id from {HELD})",
                line, HELD,
                columns=("document_id varchar", "unit_id varchar", "value tinyint"), required="document_id value",
            ),
        ],
        list(tests), ["marts.fct"], seeds,
    )  # fmt: skip


def made(folder: Path, sizes: dict[int, int | None], compiled: Statements) -> tuple[Path, Transformed]:
    build_file = folder / "other_name.duckdb"
    if not build_file.exists():
        with RawLoader(build_file, "run"):
            pass
        with duckdb.connect(str(build_file)) as con:
            for number, document_id in enumerate(DOCUMENTS):
                con.execute(
                    "insert into raw.document (document_id, file_name, byte_size, unit_name, title) values (?, ?, ?, ?, 't')",
                    [document_id, f"{number}.pdf", sizes.get(number, 1), f"unit {number}"],
                )
                con.execute("insert into raw.page (document_id, page_no) values (?, 1)", [document_id])
    return build_file, transform(compiled, build_file)


def facts(build_file: Path, table: str = "marts.fct") -> set[str]:
    with duckdb.connect(str(build_file), read_only=True) as con:
        return {name for (name,) in con.execute(f"select document_id from {table}").fetchall()}


def failing(sql: str, kind: str = "unique_combination") -> Rule:
    return Rule("a_rule", kind, "fct", "a rule", sql)


def test_a_null_holds_its_document_and_no_other(tmp_path: Path) -> None:
    build_file, done = made(tmp_path, {3: None, 7: None}, statements(tmp_path))
    assert [(rule.document_id, rule.reason_code, rule.rule, rule.row_count) for rule in done.broken] == [
        (DOCUMENTS[3], "CONTRACT_NULL", "value is not null", 1),
        (DOCUMENTS[7], "CONTRACT_NULL", "value is not null", 1),
    ]
    assert '"unit_id":"unit 3"' in done.broken[0].example
    assert facts(build_file) == set(DOCUMENTS) - {DOCUMENTS[3], DOCUMENTS[7]}
    assert len(facts(build_file, "intermediate.int_line")) == len(DOCUMENTS)  # it is held, not taken apart


def test_chosen_models_are_made_with_the_tests_that_look_at_them(tmp_path: Path) -> None:
    line = '"build"."intermediate"."int_line"'
    on_line = failing(f"select document_id from {line} where document_id = '{DOCUMENTS[1]}'")
    on_fact = failing(f"select document_id from {FACT} where document_id = '{DOCUMENTS[2]}'")
    on_both = failing(f"select document_id from {FACT} join {line} using (document_id)")
    compiled = statements(tmp_path, "byte_size", on_line, on_fact, on_both)
    chosen = compiled.only(lambda name: name == "int_line")
    assert ([each.name for each in chosen.models], chosen.tests) == (["int_line"], [on_line, on_both])
    build_file, _ = made(tmp_path, {}, replace(chosen, tests=[]))
    assert facts(build_file, "intermediate.int_line") == set(DOCUMENTS)
    with duckdb.connect(str(build_file), read_only=True) as con:
        others = con.execute("select table_name from duckdb_tables() where schema_name = 'marts'")
        assert others.fetchall() == []


def test_a_test_that_names_documents_or_units_holds_them(tmp_path: Path) -> None:
    by_document = failing(f"select document_id, value from {FACT} where document_id = '{DOCUMENTS[2]}'")
    by_unit = failing(f"select unit_id from {FACT} where unit_id = 'unit 5'", "closed_lists")
    build_file, done = made(tmp_path, {}, statements(tmp_path, "byte_size", by_document, by_unit))
    assert [(rule.document_id, rule.reason_code) for rule in done.broken] == [
        (DOCUMENTS[2], "CONTRACT_KEY"),
        (DOCUMENTS[5], "CONTRACT_LIST"),
    ]
    assert facts(build_file) == set(DOCUMENTS) - {DOCUMENTS[2], DOCUMENTS[5]}


def test_a_model_that_fails_on_a_value_loses_the_documents_that_have_it(tmp_path: Path) -> None:
    _, done = made(tmp_path, {0: 1000, 11: 128, 12: 127}, statements(tmp_path))
    assert [(rule.document_id, rule.reason_code, rule.is_emptied) for rule in done.broken] == [
        (DOCUMENTS[0], "CONTRACT_VALUE", True),
        (DOCUMENTS[11], "CONTRACT_VALUE", True),
    ]
    assert "tinyint" in done.broken[0].example.lower() or "INT8" in done.broken[0].example


def test_a_document_that_is_in_the_way_though_held_is_emptied(tmp_path: Path) -> None:
    # the rule is about what is made of every document, held or not
    about_all = failing(
        'select document_id from "build"."raw"."page" where document_id = \'' + DOCUMENTS[4] + "'"
    )
    build_file, done = made(tmp_path, {}, statements(tmp_path, "byte_size", about_all))
    assert {rule.document_id for rule in done.broken} == {DOCUMENTS[4]}
    assert done.broken[-1].is_emptied
    assert broken_rules(build_file) == [done.broken[-1]]
    assert facts(build_file, "raw.page") == set(DOCUMENTS) - {DOCUMENTS[4]}
    with duckdb.connect(str(build_file), read_only=True) as con:
        row = con.execute(
            "select file_name, title, unit_name from raw.document where document_id = ?", [DOCUMENTS[4]]
        ).fetchall()
    assert row == [("4.pdf", None, None)]


def test_what_no_document_explains_stops_the_run(tmp_path: Path) -> None:
    nameless = failing(f"select count(*) as n from {FACT} having n > 0")
    with pytest.raises(TransformError, match="a_rule: 1 rows fail"):
        made(tmp_path, {}, statements(tmp_path, "byte_size", nameless))


def test_a_rule_that_an_emptied_document_still_breaks_stops_the_run(tmp_path: Path) -> None:
    always = failing(
        f'select document_id from "build"."raw"."document" where document_id = \'{DOCUMENTS[1]}\''
    )
    with pytest.raises(TransformError, match="although all their rows were removed"):
        made(tmp_path, {}, statements(tmp_path, "byte_size", always))


def test_a_statement_that_is_wrong_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(TransformError, match="no_such_column"):
        made(tmp_path, {}, statements(tmp_path, "no_such_column"))


def test_where_every_document_breaks_a_rule_all_are_held(tmp_path: Path) -> None:
    build_file, done = made(tmp_path, {}, statements(tmp_path, "cast('x' as varchar)"))
    assert {rule.document_id for rule in done.broken} == set(DOCUMENTS)
    assert facts(build_file) == set()


def test_what_an_earlier_attempt_found_is_held_from_the_start(tmp_path: Path) -> None:
    compiled = statements(tmp_path)
    build_file, _ = made(tmp_path, {}, compiled)
    rule = BrokenRule(DOCUMENTS[9], "CONTRACT_LIST", "marts.fct", "unit_id: list", 1, "[]")
    record(build_file, [rule])
    assert made(tmp_path, {}, compiled)[1].broken == [rule]
    assert DOCUMENTS[9] not in facts(build_file)
    record(build_file, [replace(rule, is_emptied=True)])
    assert DOCUMENTS[9] not in facts(build_file, "raw.page")


def test_comments_are_written(tmp_path: Path) -> None:
    build_file, _ = made(tmp_path, {}, statements(tmp_path))
    with duckdb.connect(str(build_file), read_only=True) as con:
        assert ("about fct",) in con.execute("select comment from duckdb_tables()").fetchall()
