"""Models are made after those that they depend on, several at a time; which failure is told does not depend on chance."""

from __future__ import annotations

import time
from threading import Event

import duckdb
import pytest

from ingest.warehouse.at_once import AtOnce
from ingest.warehouse.compiled import Model


def model(name: str, sql: str, *parents: str) -> Model:
    return Model(
        name,
        f'"memory"."main"."{name}"',
        "table",
        [],
        [],
        {},
        [f'"memory"."main"."{p}"' for p in parents],
        sql,
    )


def make(con: duckdb.DuckDBPyConnection, one: Model) -> None:
    con.execute(f"create table {one.place} as {one.sql}")


def made(*models: Model) -> list[tuple[str, bool]]:
    with duckdb.connect() as con, AtOnce(con, "memory") as at_once:
        return [(one.name, error is not None) for one, error in at_once.make(models, make)]


def test_each_model_finds_what_it_depends_on() -> None:
    chain = [model("m0", "select 1 as n")]
    for number in range(1, 40):
        chain.append(model(f"m{number}", f"select n + 1 as n from m{number - 1}", f"m{number - 1}"))
        chain.append(model(f"side{number}", f"select * from m{number // 2}", f"m{number // 2}"))
    assert sorted(made(*chain)) == sorted((one.name, False) for one in chain)


def test_a_parent_that_is_no_model_of_them_is_not_waited_for() -> None:
    assert made(model("one", "select 1 as n", "a_seed")) == [("one", False)]


@pytest.mark.parametrize("slow", [0, 1])
def test_the_first_failure_in_their_order_is_told_last(slow: int) -> None:
    """Whichever of two failing models fails sooner, the last failure told is that of the first."""
    waits = ["select sum(range) from range(3_000_000)" if number == slow else "select 1" for number in (0, 1)]
    failing = [model(f"f{number}", f"select cast('x' as int) + ({waits[number]}) as n") for number in (0, 1)]
    after = model("after", "select * from f0", "f0")
    for _ in range(5):
        told = made(*failing, after)
        assert [name for name, has_failed in told if has_failed][-1] == "f0"
        assert "after" not in dict(told)


def test_what_is_asked_of_each_comes_in_their_order() -> None:
    def slower_for_the_first(con: duckdb.DuckDBPyConnection, number: int) -> int:
        time.sleep(0.02 if number == 0 else 0)
        row = con.execute("select ?::int", [number]).fetchone()
        return row[0] if row else -1

    with duckdb.connect() as con, AtOnce(con, "memory") as at_once:
        assert list(at_once.each(slower_for_the_first, range(8))) == list(range(8))


def test_a_failure_is_told_while_other_statements_still_run() -> None:
    started = Event()

    def work(con: duckdb.DuckDBPyConnection, is_first: bool) -> None:
        if is_first:
            started.wait()
            raise duckdb.ConstraintException("the first one's")
        started.set()
        con.execute("select count(*) from range(100000) as a, range(2000) as b").fetchall()

    with (
        duckdb.connect() as con,
        pytest.raises(duckdb.ConstraintException, match="the first one's"),
        AtOnce(con, "memory", 2) as at_once,
    ):
        list(at_once.each(work, [True, False, False, False]))
