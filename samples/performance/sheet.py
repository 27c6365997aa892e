"""A performance form under construction: rows of labelled cells on one grid, and the rows its figures state."""

from dataclasses import dataclass, field
from typing import Any

from samples import meaning
from samples.model import Cell, Fact, Form, Row
from samples.money import MoneyStyle
from samples.performance.draw import FUNDING_WEIGHT, Evaluation, Indicator


@dataclass
class Sheet:
    """`form` is self_evaluation or target; `nothing` is what a cell without a figure shows.

    `sign` is how the form prints at least (`>=` or `≥`); `merges` prints a level once for all its rows.
    """

    evaluation: Evaluation
    form: str
    money: MoneyStyle
    nothing: str = "-"
    sign: str = ">="
    merges: bool = True
    rows: list[Row] = field(default_factory=list)

    @property
    def statement(self) -> str:
        """The statement that the form belongs to."""
        return "overall_performance" if self.evaluation.project_name is None else "project_performance"

    def add(self, *cells: Cell | tuple[str, int]) -> None:
        """A row; a pair is a text and the columns it spans."""
        self.rows.append(tuple(cell if isinstance(cell, Cell) else Cell(cell[0], cell[1]) for cell in cells))

    def funding(self, fund_line: str, spans: tuple[int, ...], has_total_row: bool) -> tuple[Cell, ...]:
        """The figures of a funding line: initial, adjusted, executed, weight, execution rate, score."""
        amounts = self.evaluation.funding[fund_line]
        names = ("initial_budget_yuan", "adjusted_budget_yuan", "executed_yuan")
        expect: dict[str, Any] = {
            name: f"{self.money.stated_yuan(yuan)}.00" for name, yuan in zip(names, amounts, strict=True)
        }
        texts = [self.money.printed(yuan) for yuan in amounts]
        if fund_line == "total":
            rate, score = str(self.evaluation.rate), str(self.evaluation.funding_score)
            expect |= {"weight": str(FUNDING_WEIGHT), "execution_rate_pct": rate, "score": score}
            expect |= {
                "total_weight": "100" if has_total_row else None,
                "total_score": str(self.evaluation.score) if has_total_row else None,
            }
            texts += [str(FUNDING_WEIGHT), f"{rate}%", score]
        else:
            expect |= {"weight": None, "execution_rate_pct": None, "score": None}
            texts += [self.nothing] * 3
        return self._stated(texts, spans, self._funding_fact(fund_line, expect))

    def planned(self, fund_line: str, span: int = 1) -> Cell:
        """The amount of a funding line in a target form."""
        yuan = self.evaluation.funding[fund_line][0]
        expect = {"initial_budget_yuan": f"{self.money.stated_yuan(yuan)}.00"}
        return Cell(self.money.printed(yuan), span, facts=(self._funding_fact(fund_line, expect),))

    def indicators(self, columns: tuple[str, ...], label: str = "") -> None:
        """The indicator rows; level cells span the rows of their level, the label all of them and the header."""
        listed = self.evaluation.indicators
        header = self.rows[-1]
        if label:
            self.rows[-1] = (Cell(label, depth=len(listed) + 1), *header)
        for at, indicator in enumerate(listed):
            cells: list[Cell] = []
            for level, key in (("level1", _level1), ("level2", _level2)):
                if not self.merges:
                    cells.append(Cell(getattr(indicator, level)))
                elif at == 0 or key(listed[at - 1]) != key(indicator):
                    run = next(
                        (n for n, other in enumerate(listed[at:]) if key(other) != key(indicator)),
                        len(listed) - at,
                    )
                    cells.append(Cell(getattr(indicator, level), depth=run))
            cells += self._indicator_cells(indicator, at + 1, columns)
            self.rows.append(tuple(cells))

    def finish(self, title: str, year_line: str, widths: tuple[float, ...]) -> Form:
        """The form as printed."""
        return Form(
            self.statement, title, (), tuple(self.rows), widths, year_line, "extracted", repeats_header=False
        )

    def _indicator_cells(self, indicator: Indicator, number: int, columns: tuple[str, ...]) -> list[Cell]:
        operator = indicator.operator
        sign = {">=": "≥", "<=": "≤"}.get(operator, operator) if self.sign == "≥" else operator
        target = f"{sign}{indicator.target}{indicator.unit}"
        actual = indicator.actual
        if indicator.is_number:
            actual = f"{'=' if 'equal_actual' in columns else ''}{actual}{indicator.unit}"
        score = indicator.score.normalize()
        texts = {
            "target": target,
            "basis": indicator.basis,
            "prior": indicator.prior,
            "weight": str(indicator.weight),
            "rule": "按照完成比例赋分" if indicator.is_number else "按评判等级赋分",
            "evidence": "工作资料",
            "actual": actual,
            "equal_actual": actual,
            "completion": f"{indicator.completion}%",
            "score": f"{score:f}",
            "deviation": indicator.deviation,
        }
        evaluated = self.form == "self_evaluation"
        has = set(columns)
        prior = indicator.prior if "prior" in has and indicator.prior != "-" else None
        expect: dict[str, Any] = {
            "level1_name": indicator.level1,
            "level2_name": indicator.level2,
            "indicator_name": indicator.name,
            "target_text": target,
            "target_operator": operator or None,
            "target_value": indicator.target if indicator.is_number else None,
            "target_unit": indicator.unit if indicator.is_number else None,
            "target_basis": indicator.basis if "basis" in has else None,
            "prior_year_text": prior,
            "actual_text": actual if evaluated else None,
            "actual_value": indicator.actual if evaluated and indicator.is_number else None,
            "actual_unit": indicator.unit if evaluated and indicator.is_number else None,
            "completion_rate_pct": indicator.completion if "completion" in has else None,
            "weight": str(indicator.weight) if "weight" in has else None,
            "score": f"{score:f}" if "score" in has else None,
            "deviation_reason": (indicator.deviation or None) if "deviation" in has else None,
        }
        fact = meaning.indicator(
            self.statement, self.form, self.evaluation.project_name, number, "table", **expect
        )
        return [Cell(indicator.name, facts=(fact,)), *(Cell(texts[column]) for column in columns)]

    def _funding_fact(self, fund_line: str, expect: dict[str, Any]) -> Fact:
        return meaning.funding(
            self.statement, self.form, self.evaluation.project_name, fund_line, "table", **expect
        )

    @staticmethod
    def _stated(texts: list[str], spans: tuple[int, ...], fact: Fact) -> tuple[Cell, ...]:
        cells = [Cell(text, span) for text, span in zip(texts, spans, strict=True)]
        return (Cell(texts[0], spans[0], facts=(fact,)), *cells[1:])


def _level1(indicator: Indicator) -> str:
    return indicator.level1


def _level2(indicator: Indicator) -> tuple[str, str]:
    return indicator.level1, indicator.level2
