"""What the store can answer besides a record.

StoreError
  StoreBusy       try again later: throttled, unreachable, or slow; nothing is known to have been refused
  StoreRefused    a person must act: no right, a list missing, a query SharePoint will not run
    TooManyRows   the query touches more rows than SharePoint reads at once
    Unreadable    something else answered, or the answer was cut short
  Duplicate       the key of this write is already there: the write was made before
board.errors.NotFound and board.errors.Conflict (a stale ETag) are raised as they are.
"""

from __future__ import annotations


class StoreError(Exception):
    """The record store did not do what was asked."""


class StoreBusy(StoreError):
    """Trying again later may work. `retry_after` is in seconds; `uncertain` means that a write may have been made.

    `soon` is False when asking again within seconds is of no use: a file somebody has open, say. `signing_in` is True
    when it was the sign-in that did not work, so that the site itself was never asked.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float = 0.0,
        uncertain: bool = False,
        soon: bool = True,
        signing_in: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.uncertain = uncertain
        self.soon = soon
        self.signing_in = signing_in


class StoreRefused(StoreError):
    """A person must act. `status` is the HTTP status and `code` SharePoint's own error code."""

    def __init__(self, message: str, *, status: int = 0, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Unreadable(StoreRefused):
    """A success that is not SharePoint's: a proxy's page, a sign-in page, JSON cut short."""


class TooManyRows(StoreRefused):
    """The list view threshold: the query touches more than 5,000 rows. Asking again is of no use; asking less is."""


class Duplicate(StoreError):
    """A unique column already holds this value."""
