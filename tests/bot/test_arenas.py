"""One heap for all threads, counted by the C library itself; and what stays is not collected."""

from __future__ import annotations

import gc
import subprocess
import sys
from contextlib import suppress

import pytest

from bot.arenas import lasting
from tests.running import ROOT

COUNTED = """
import ctypes, sys, threading
if sys.argv[1] == "few":
    from bot.arenas import few_arenas
    assert few_arenas()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
barrier = threading.Barrier(4)
def work():
    kept = [bytes(60_000) for _ in range(50)]
    barrier.wait()
    return kept
threads = [threading.Thread(target=work) for _ in range(4)]
[each.start() for each in threads]
[each.join() for each in threads]
out = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, ctypes.c_void_p(out))
libc.fflush(ctypes.c_void_p(out))
"""


def heaps(how: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", COUNTED, how], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    return told.stdout.count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's own affair")
def test_threads_share_one_heap() -> None:
    """Four threads that allocate at once leave one heap; without the call they leave several."""
    assert heaps("few") == 1
    assert heaps("as it comes") > 1


def test_what_stays_is_not_collected() -> None:
    """In the block nothing is collected, whatever ends it; afterwards what it made is out of the collector's sight."""
    gc.unfreeze()
    try:
        with suppress(LookupError), lasting():
            assert not gc.isenabled()
            raise LookupError
        assert gc.isenabled()
        assert gc.get_freeze_count() > 1_000
    finally:
        gc.unfreeze()
