"""Charts on paper, drawn by a process of its own: `python -m cards.papers.charts`, JSON in, PNG out.

The drawing library takes more memory than the bot itself, so the bot never imports it. What is asked for are
`Chart`s; what comes back is a PNG for each, in base64. All of it can be told apart in black and white: this year is
bars, each with its number, what is provisional is hatched, and the year before is a dashed line with open circles.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

INK, GREY, PALE = "#1F2933", "#52606D", "#C9D3DB"
WIDTH, HEIGHT = 3.30, 2.25
"""Inches: two stand side by side between the margins of an A4 page."""

DOTS = 200


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: months from left to right with this year's values, and those of a year before; None where nothing is
    shown. `hatched` says which are provisional, `places` how many decimals the numbers have."""

    title: str
    unit: str
    labels: Sequence[str]
    values: Sequence[float | None]
    before: Sequence[float | None]
    hatched: Sequence[bool]
    places: int = 0


def asked(charts: Sequence[Chart]) -> bytes:
    """What the process is handed."""
    return json.dumps([asdict(each) for each in charts]).encode()


def answered(out: bytes, number: int) -> list[bytes]:
    """The pictures that the process gave. Raises ValueError for anything else."""
    try:
        found = [base64.b64decode(each, validate=True) for each in json.loads(out)]
    except (ValueError, TypeError) as error:
        raise ValueError("no pictures came back") from error
    if len(found) != number or not all(each.startswith(b"\x89PNG") for each in found):
        raise ValueError("other pictures came back than were asked for")
    return found


def draw(chart: Chart) -> bytes:
    """One chart as a PNG."""
    import matplotlib  # noqa: PLC0415 - what this process is for; the bot reads the classes above

    matplotlib.use("Agg")
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS, layout="constrained")
    axes = figure.add_subplot()
    _bars(axes, chart)
    _before(axes, chart)
    _frame(axes, chart)
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": ""})
    return out.getvalue()


def _bars(axes: Any, chart: Chart) -> None:
    for at, (value, hatched) in enumerate(zip(chart.values, chart.hatched, strict=True)):
        if value is None:
            axes.annotate("–", (at, 0), ha="center", va="bottom", fontsize=7, color=GREY)
            continue
        looks = {"facecolor": "white", "hatch": "////"} if hatched else {"facecolor": PALE}
        axes.bar(at, value, width=0.72, edgecolor=INK, linewidth=0.6, **looks)
        said = f"{value:,.{chart.places}f}"
        axes.annotate(said, (at, value), ha="center", va="bottom", fontsize=5.2, color=INK, xytext=(0, 1),
                      textcoords="offset points")  # fmt: skip


def _before(axes: Any, chart: Chart) -> None:
    points = [(at, value) for at, value in enumerate(chart.before) if value is not None]
    if points:
        x, y = zip(*points, strict=True)
        axes.plot(x, y, linestyle="--", linewidth=0.8, color=GREY, marker="o", markersize=2.6,
                  markerfacecolor="white")  # fmt: skip
        axes.annotate("a year before", (x[0], y[0]), ha="left", va="bottom", fontsize=5.2, color=GREY, xytext=(-4, 3),
                      textcoords="offset points")  # fmt: skip


def _frame(axes: Any, chart: Chart) -> None:
    most = max((each for each in (*chart.values, *chart.before) if each is not None), default=0)
    axes.set_ylim(0, most * 1.16 or 1)
    axes.set_xticks(range(len(chart.labels)), chart.labels, fontsize=5.6)
    axes.tick_params(axis="y", labelsize=5.6, length=2, colors=INK)
    axes.tick_params(axis="x", length=0, colors=INK)
    axes.set_title(chart.title, fontsize=7.5, fontweight="bold", loc="left", color=INK, wrap=True)
    axes.set_ylabel(chart.unit, fontsize=6, color=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def main() -> int:
    """Read what is asked from the standard input, and write the pictures to the standard output."""
    charts = [Chart(**each) for each in json.load(sys.stdin.buffer)]
    sys.stdout.buffer.write(json.dumps([base64.b64encode(draw(each)).decode() for each in charts]).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
