"""What may be logged about an error."""

from __future__ import annotations

import logging
import traceback
from pathlib import PurePath

from bot.logs import tell


def place(error: BaseException) -> str:
    """Name an error by its type and the line it came from, never by its message, which may hold personal data."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + where


def failed(log: logging.Logger, what: str, error: BaseException, **marks: object) -> None:
    """Log a failure with its marks (a kind, say), without a traceback and without its message."""
    tell(log, logging.ERROR, what, error=place(error), **marks)
