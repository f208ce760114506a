"""The doctor's question about the record: is it as the bot sealed it?"""

from __future__ import annotations

import sys
import time

from board.findings import Finding, advice, must
from bot.check_site import Case
from sharepoint import seals
from sharepoint.audit import Audit
from sharepoint.bookkeeping import Event
from sharepoint.keeping import Keeping
from sharepoint.queries import MOST, sealings

LATELY = 31
"""Seals that the plain check reads: a month of days."""

TOLD_EVERY = 5.0
"""Seconds between two lines of progress."""


async def record(case: Case) -> list[Finding]:
    """Verify what changed since the last daily seal and all that is open; with `--all` every record and version."""
    keys = case.site.keys
    if keys is None:
        said = "The record is not sealed: there is no key. What is changed behind SharePoint's back would not show."
        return [advice(said, "Start the bot once, which makes one, or set MHRMB_SEAL_KEY.")]
    found = _key(case)
    rows: list[Event] = await case.store.patient(60).find(sealings(MOST if case.everything else LATELY))
    run = [(row.key, row.value) for row in reversed(rows)]
    known = seals.known(keys, run, from_the_first=case.everything or len(rows) < LATELY)
    found += [
        must(each, "Somebody changed what the bot keeps of itself: compare with a backup.") for each in known.broken
    ]
    keeping = Keeping(case.site, keys)
    changed = None
    if known.last is None:
        found.append(advice("There is no daily seal yet.", "The running bot makes one each day, `run-due` does too."))
    elif known.last.token and not case.everything:
        changed = await keeping.since(known.last.token)
    audit = Audit(keeping, keys, known, everything=case.everything, progress=_Progress() if case.everything else _quiet)
    return found + await audit.run(changed, await keeping.counts())


def _key(case: Case) -> list[Finding]:
    if case.settings.embedded or case.settings.seal_keys:
        return []
    said = "The key that seals the record is a file of this machine: another copy of the bot would not know it."
    return [advice(said, "Set MHRMB_SEAL_KEY to what seal.key in MHRMB_DATA_DIR holds, and keep it in a vault.")]


def _quiet(_said: str) -> None:
    """Say nothing: it takes seconds."""


class _Progress:
    """Says on stderr how far it has come, every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, said: str) -> None:
        if time.monotonic() - self._last >= TOLD_EVERY:
            self._last = time.monotonic()
            print(said, file=sys.stderr, flush=True)  # noqa: T201 - the command line speaks by printing
