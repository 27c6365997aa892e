"""Charts as specifications of Vega-Lite; the pages hold them as data and draw them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import vl_convert

_BAR = "#3b7dbf"
_BAR_HEIGHT = 26
"""Pixels per bar, with the gap."""
_COLOURS = ["#3b7dbf", "#d9822b", "#5a9e6f"]


def chart_script() -> bytes:
    """The JavaScript that draws charts: Vega, Vega-Lite and Vega-Embed in one file, from the installed package."""
    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script.encode()


Label = tuple[str, str]
"""A text of a chart in Chinese and English; the page shows the one that is chosen."""


def bars(rows: Iterable[tuple[Label, Any]]) -> dict[str, Any] | None:
    """Horizontal bars, one per label, in the order given; None where there are none."""
    values = [{"label": label, "value": _plain(value)} for label, value in rows if value]
    if not values:
        return None
    return {
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "height": _BAR_HEIGHT * len(values),
        "data": {"values": values},
        "mark": {"type": "bar", "color": _BAR},
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": None, "title": None},
            "x": {
                "field": "value",
                "type": "quantitative",
                "title": None,
                "axis": {"formatType": "amount", "tickCount": 6},
            },
        },
    }


def columns(rows: Sequence[tuple[int, Label, Any]]) -> dict[str, Any] | None:
    """Grouped columns: (year, series, value), the series in the order in which they first occur; None where there are none."""
    values = [
        {"year": str(year), "series": series, "value": _plain(value)} for year, series, value in rows if value
    ]
    if not values:
        return None
    return {
        "width": "container",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "height": 220,
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
            "xOffset": {"field": "series", "sort": None},
            "y": {"field": "value", "type": "quantitative", "title": None, "axis": {"formatType": "amount", "tickCount": 6}},
            "color": {"field": "series", "type": "nominal", "sort": None, "title": None, "scale": {"range": _COLOURS}, "legend": {"orient": "top"}},
        },
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """A number as JSON has it: a picture needs no cents."""
    return int(value) if isinstance(value, Decimal) else value
