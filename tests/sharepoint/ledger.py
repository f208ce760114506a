"""An independent account of what each caller was told, held against what the server holds in the end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from board.errors import Conflict
from sharepoint.errors import Duplicate, StoreBusy, StoreError
from tests.embedded_server import EmbeddedServer

DONE, REFUSED, UNCERTAIN, LATE = "done", "refused", "uncertain", "late"

MARGIN = 1.5
"""Seconds beyond its bound that a call may take on a busy machine before it counts as not bounded."""

TROUBLE: tuple[dict[str, Any], ...] = (
    {"status": 429, "retry_after": 0.3},
    {"status": 429, "retry_after": 1, "as_date": True},
    {"status": 503, "ratelimit": {"limit": 1250, "remaining": 0, "reset": 0.2}},
    {"status": 503, "answer": "html"},
    {"status": 504, "after": True},
    {"status": "drop"},
    {"status": "drop", "after": True},
    {"answer": "half"},
    {"answer": "truncated"},
    {"answer": "html", "after": True},
    {"status": 409, "code": "-2130575305, Microsoft.SharePoint.SPException", "match": "MERGE"},
)
"""What may befall a request, each as likely as the others."""

SHARE = 0.3
"""How many of the requests are befallen, of those that every kind of trouble may befall."""


def trouble(server: EmbeddedServer, seed: int, share: float = SHARE) -> None:
    """Have SharePoint fail in every way at once, so often; each request is struck once at most."""
    server.no_faults()
    everywhere = [fault for fault in TROUBLE if "match" not in fault]
    for fault in TROUBLE:
        server.fault(**fault, share=_each(share, len(everywhere)), seed=seed)
    server.fault(status=429, retry_after=0.2, part=True, share=share / 10)
    server.fault(answer="drip", drip=9, share=share / 60)
    server.fault(latency=0.3, share=share / 10)


def _each(share: float, kinds: int) -> float:
    """The chance of each of so many kinds, tried in turn, that makes `share` together."""
    return float(1 - (1 - share) ** (1 / kinds))


@dataclass
class Ledger:
    """Who was told what. A write is known by a value that no other write has."""

    told: dict[str, str] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    reads: int = 0

    async def write(self, name: str, bound: float, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do a write, and keep what its caller was told of it; answers what it returned, None when it failed."""
        result, outcome = await self._timed(bound, work)
        assert name not in self.told, "a write is named twice"
        self.told[name] = outcome
        return result

    async def read(self, bound: float, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do a read; None when it failed with an error of ours."""
        self.reads += 1
        return (await self._timed(bound, work))[0]

    async def _timed(self, bound: float, work: Callable[[], Awaitable[Any]]) -> tuple[Any, str]:
        begun = time.monotonic()
        try:
            return await work(), DONE
        except StoreBusy as busy:
            self.errors["StoreBusy"] += 1
            return None, UNCERTAIN if busy.uncertain else REFUSED
        except (Duplicate, Conflict) as late:
            self.errors[type(late).__name__] += 1
            return None, LATE
        except StoreError as error:
            self.errors[type(error).__name__] += 1
            return None, REFUSED
        finally:
            took = time.monotonic() - begun
            self.slowest = max(self.slowest, took)
            assert took < bound + MARGIN, f"{took:.1f} s of {bound:g}"

    def holds(self, there: Counter[str]) -> None:
        """Fails unless what is there is what was told; `there` counts how often each write is found."""
        assert not {name: many for name, many in there.items() if many > 1}, "written twice"
        assert set(there) <= set(self.told), "written by nobody"
        assert [name for name, told in self.told.items() if told == DONE and there[name] != 1] == []
        wrongly = [name for name, told in self.told.items() if told in (REFUSED, LATE) and there[name]]
        assert wrongly == [], "told as not made, and there"

    def said(self) -> str:
        """One line of what was told."""
        told = ", ".join(f"{many} {what}" for what, many in sorted(Counter(self.told.values()).items()))
        return f"writes: {told}; reads: {self.reads}; errors: {dict(self.errors)}; slowest {self.slowest:.1f} s"
