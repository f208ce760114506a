"""The app's two icons, drawn from one figure: a table seen from above, with eight places.

Teams' rules: the colour icon is 192 pixels square on one colour, its figure within the middle 96, since Teams rounds
the corners or cuts a hexagon; the outline is 32 pixels, white on nothing, and reaches the edges.
"""

from __future__ import annotations

from math import hypot
from typing import Final

from manifest.png import Pixel, png

COLOUR_SIDE, FIGURE_SIDE, OUTLINE_SIDE = 192, 96, 32

# The figure is one unit wide with its middle at nothing; every length is a part of that.
TABLE: Final = (0.265, 0.17)
"""Half the table's width and height, to the middle of its rim."""

CORNER, RIM = 0.11, 0.075
PLACES: Final = ((-0.42, 0.0), (0.42, 0.0), *((x, y) for x in (-0.2, 0.0, 0.2) for y in (-0.33, 0.33)))
PLACE: Final = 0.08
"""The radius of a place."""


def colour(background: tuple[int, int, int]) -> bytes:
    """The figure in white on a square of one colour."""
    shift = (COLOUR_SIDE - FIGURE_SIDE) / 2

    def pixel(x: float, y: float) -> Pixel:
        white = _covered(x - shift, y - shift, FIGURE_SIDE)
        red, green, blue = (round(part + (255 - part) * white) for part in background)
        return red, green, blue, 255

    return png([[pixel(x, y) for x in range(COLOUR_SIDE)] for y in range(COLOUR_SIDE)])


def outline() -> bytes:
    """The figure in white on nothing."""
    side = range(OUTLINE_SIDE)
    return png([[(255, 255, 255, round(255 * _covered(x, y, OUTLINE_SIDE))) for x in side] for y in side])


def _covered(x: float, y: float, side: int) -> float:
    """How much of the pixel at (x, y) the figure covers, 0 to 1, when it is `side` pixels wide."""
    right, down = (x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5
    inside = max(RIM / 2 - abs(_out_of_table(right, down)), *(PLACE - hypot(right - a, down - b) for a, b in PLACES))
    return min(max(inside * side + 0.5, 0.0), 1.0)


def _out_of_table(right: float, down: float) -> float:
    """How far a point lies outside the table's edge; below nothing when inside."""
    a, b = abs(right) - TABLE[0] + CORNER, abs(down) - TABLE[1] + CORNER
    return hypot(max(a, 0.0), max(b, 0.0)) + min(max(a, b), 0.0) - CORNER
