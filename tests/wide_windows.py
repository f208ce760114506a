"""`python -m tests.wide_windows` is `python -m bot` without Teams' limits, for tests that live weeks in seconds.

The limits are no settings: whoever operates the bot cannot change what Teams takes. They have tests of their own.
"""

from __future__ import annotations

import sys
from functools import partial

from bot.__main__ import main
from bot.teams import connector, limits

WINDOWS = ((10_000, 1.0),)


def widen() -> None:
    """Put the windows in where they are made."""
    connector.Limits = partial(limits.Limits, WINDOWS, WINDOWS)  # type: ignore[misc, assignment]


if __name__ == "__main__":
    widen()
    sys.exit(main())
