"""What the store can answer besides a record.

StoreError
  StoreBusy       try again later: throttled, unreachable, or slow; nothing is known to have been refused
  StoreRefused    a person must act: no right, a list missing, a query SharePoint will not run
  Duplicate       the key of this write is already there: the write was made before
board.errors.NotFound and board.errors.Conflict (a stale ETag) are raised as they are.
"""

from __future__ import annotations


class StoreError(Exception):
    """The record store did not do what was asked."""


class StoreBusy(StoreError):
    """Trying again later may work. `retry_after` is in seconds; `uncertain` means that a write may have been made."""

    def __init__(self, message: str, *, retry_after: float = 0.0, uncertain: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.uncertain = uncertain


class StoreRefused(StoreError):
    """A person must act. `status` is the HTTP status and `code` SharePoint's own error code."""

    def __init__(self, message: str, *, status: int = 0, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class Duplicate(StoreError):
    """A unique column already holds this value."""
