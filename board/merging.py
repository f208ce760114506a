"""Which notices may be told together when they had to wait, and which never: pure, keys in, keys out."""

from __future__ import annotations

from collections.abc import Iterable

from board.notices import Audience, NoticeKind
from board.rounds import CANCELLED, MOVED, read_board_key, read_digest_key


def together(waiting: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What is to be posted of notices that wait, given by key, oldest first: each with those that are told within it.

    A notice of a kind that does not merge, or whose key cannot be read, is posted by itself. What waited longest comes
    first: merged notices are told by the latest of them, at the place of the earliest.
    """
    groups: dict[object, list[str]] = {}
    for key in waiting:
        groups.setdefault(_subject(key) or key, []).append(key)
    return {keys[-1]: tuple(keys[:-1]) for keys in groups.values()}


def _subject(key: str) -> tuple[NoticeKind, Audience | tuple[str, object]] | None:
    """What a notice that may merge is about; None for any other.

    Those merge whose later notice says all that the earlier ones would have: a digest of what is open now, a reminder
    of the same board (that it was moved or cancelled is told by itself). No other kind does: a referral's card is
    answered on, a receipt and a report each name one record, and an immediate risk (or a plan's trigger) is told by
    itself, always.
    """
    if (digest := read_digest_key(key)) is not None:
        return NoticeKind.DIGEST, digest[0]
    if (board := read_board_key(key)) is not None and board[2] not in (MOVED, CANCELLED):
        return NoticeKind.BOARD, board[:2]
    return None
