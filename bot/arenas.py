"""Keeping the process as light as what it holds: one heap for all threads, and nothing collected that stays."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_ARENA_MAX: Final = -8  # M_ARENA_MAX in glibc's malloc.h; mallopt(3)


def few_arenas() -> bool:
    """Have glibc use one heap, not up to eight a core; true where the C library knows how.

    Each thread that asks SharePoint would otherwise get a heap of its own, and keep the room its largest answer took:
    resident memory grew by 1.4 MB every thousand turns where one heap stays level. Threads here wait for the network,
    not for one another's memory. Call it before any thread is started.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, 1))
    except (AttributeError, OSError, TypeError):  # another C library: macOS, musl, Windows
        return False


@contextmanager
def lasting() -> Iterator[None]:
    """Collect nothing in the block, and never look again at what it made: modules and classes stay until the end.

    A start makes more than a hundred thousand objects, and collecting among them is a tenth of its time; later each
    full collection would go over all of them once more, with the event loop waiting.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
