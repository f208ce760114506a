"""`python -m tests.short_lease` is `python -m bot` with a lease and claims of seconds, for tests of taking over.

The times are no settings: nobody who operates the bot has a reason to change them, and each depends on the others.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from bot import lease, outbox, poster, watch
from bot.__main__ import main

LASTS, MARGIN, RENEWED_AFTER = 6.0, 3.0, 1.0
CLAIM_STANDS, CLAIM_MARGIN = timedelta(seconds=6), timedelta(seconds=2)
LOOK_EVERY = timedelta(seconds=2)


def shorten() -> None:
    """Put the times in wherever they are read."""
    lease.LASTS, lease.MARGIN = LASTS, MARGIN
    lease.RENEWED_AFTER = watch.RENEWED_AFTER = RENEWED_AFTER
    outbox.CLAIM_STANDS = poster.CLAIM_STANDS = CLAIM_STANDS
    outbox.CLAIM_MARGIN, outbox.LOOK_EVERY = CLAIM_MARGIN, LOOK_EVERY


if __name__ == "__main__":
    shorten()
    sys.exit(main())
