"""Printing, a line at a time and at once."""

from __future__ import annotations

import sys


def say(line: str) -> None:
    """Print one line now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
