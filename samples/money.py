"""How an amount of yuan is printed, and what a reader can know from the printed figure."""

from dataclasses import dataclass, replace
from typing import Any

from samples.model import Align, Cell, Fact


@dataclass(frozen=True)
class MoneyStyle:
    """Printing conventions of one form: unit, separators, trimmed zeros, and what stands for nothing."""

    unit: str = "万元"
    thousands: bool = True
    trims_zeros: bool = False
    nothing: str = ""

    def digits(self, yuan: int) -> str:
        """Digits of an amount with two decimals of the unit, rounded half up, no separators."""
        hundredths = (abs(yuan) * 100) if self.unit == "元" else (abs(yuan) + 50) // 100
        text = f"{hundredths // 100}.{hundredths % 100:02d}"
        if self.trims_zeros:
            text = text.rstrip("0").rstrip(".")
        return f"-{text}" if yuan < 0 else text

    def printed(self, yuan: int) -> str:
        """The amount as printed in the document, with separators where the style has them."""
        digits = self.digits(yuan)
        if not self.thousands:
            return digits
        whole, _, decimals = digits.partition(".")
        return f"{int(whole):,}" + (f".{decimals}" if decimals else "")

    def stated_yuan(self, yuan: int) -> int:
        """The printed amount in yuan: rounded to the last printed place."""
        if self.unit == "元":
            return yuan
        sign = -1 if yuan < 0 else 1
        return sign * ((abs(yuan) + 50) // 100) * 100

    def facts(self, yuan: int, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        """Complete facts with the money columns of the contract (metrics keep theirs in `value`)."""
        return tuple(replace(fact, expect=fact.expect | self._expected(fact.table, yuan)) for fact in facts)

    def cell(self, yuan: int, *facts: Fact, align: Align = "right") -> Cell:
        """An amount cell; nothing is printed as the style says, and a blank or a dash carries no fact."""
        if yuan == 0 and self.nothing != "0.00":
            return Cell(self.nothing, align=align)
        return Cell(self.printed(yuan), align=align, facts=self.facts(yuan, facts))

    def _expected(self, table: str, yuan: int) -> dict[str, Any]:
        stated = f"{self.stated_yuan(yuan)}.00"
        if table == "fct_disclosure_metric":
            return {
                "value": stated,
                "unit": "yuan",
                "reported_value": self.digits(yuan),
                "reported_unit": self.unit,
            }
        if table == "fct_project_funding":
            return {}
        return {"amount_yuan": stated, "reported_value": self.digits(yuan), "reported_unit": self.unit}
