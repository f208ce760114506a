"""Several boards in one installation, kept apart: what of the lists belongs to which board. Pure.

A board is a row of `Forums` of the kind *Board*. The forums that report to it (their row names it) are its own; one
that names none, and a record that names no forum, are the first board's, whose code is `MHRMB`. Whoever belongs to a
board sees the rows of that board and no other's, whatever they ask: rows are left out where they are read, so that no
command, digest, export or search can cross.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from board.records import Agency, Forum, Member

FIRST = "MHRMB"
"""The code of the board to which whatever names none belongs."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One board of several: its row, and the codes of all forums that are its own, itself among them."""

    board: Forum
    forums: frozenset[str] = field(default_factory=frozenset)

    @property
    def code(self) -> str:
        """The board's code."""
        return self.board.code

    def holds(self, forum: str) -> bool:
        """Whether what names this forum is the board's; what names none is the first board's."""
        return (forum.strip() or FIRST).upper() in self.forums

    def keeps(self, record: object) -> bool:
        """Whether a record may be seen from this board. One that names no forum, and is no member, agency or forum, is
        reached only through a record that does."""
        match record:
            case Forum():
                return record.code.upper() in self.forums
            case Agency():
                return self.board.includes(record.code)
            case Member():
                return self.includes(record)
        forum = getattr(record, "forum", None)
        return not isinstance(forum, str) or self.holds(forum)

    def includes(self, member: Member) -> bool:
        """Whether somebody belongs to the board: their row names one of its forums, or none and their agency is in it.

        The first chair, who has no agency yet, belongs to the first board.
        """
        if member.forums:
            return any(code.upper() in self.forums for code in member.forums)
        if not member.agency:
            return self.code.upper() == FIRST
        return self.board.includes(member.agency)


def scopes(forums: Iterable[Forum]) -> list[Scope]:
    """The boards, in order of their rows, when there is more than one; none otherwise: then there is nothing to part.

    A forum whose row names a board that is not there is the first board's.
    """
    every = sorted((each for each in forums if each.open and each.code.strip()), key=lambda each: each.id)
    boards = {each.code.strip().upper(): each for each in every if each.is_board}
    if len(boards) < 2:
        return []
    own: dict[str, set[str]] = {code: {code, made_up(code)} for code in boards}
    first = FIRST if FIRST in boards else next(iter(boards))
    for each in every:
        if not each.is_board:
            named = each.board.strip().upper()
            own[named if named in boards else first].add(each.code.strip().upper())
    if not any(FIRST in codes for codes in own.values()):  # what names none is somebody's all the same
        own[first].add(FIRST)
    return [Scope(board, frozenset(own[code])) for code, board in boards.items()]


MADE_UP = "SUBGROUP"
"""The code of the first board's subgroup where no row names one."""


def made_up(board: str) -> str:
    """The code of a board's subgroup where no row names one: each board has its own."""
    return MADE_UP if board.upper() == FIRST else f"{board.upper()}-{MADE_UP}"


def theirs(every: Iterable[Scope], member: Member | None) -> list[Scope]:
    """The boards that somebody belongs to."""
    return [each for each in every if member is not None and each.includes(member)]


def of_member(every: list[Scope], member: Member | None, chosen: str) -> Scope:
    """The board that a person speaks to in their own chat: the one they chose, else the first that they belong to.

    A stranger is answered as the first board answers strangers.
    """
    mine = theirs(every, member) or every[:1]
    return next((each for each in mine if each.code.upper() == chosen.strip().upper()), mine[0])


def of_forum(every: Iterable[Scope], forum: str) -> Scope | None:
    """The board to which a forum belongs; None where it is nobody's."""
    return next((each for each in every if each.holds(forum)), None)


def of_channels(bound: Mapping[str, str], conversation: str) -> str:
    """The code of the forum whose channel a conversation is (`bound`: conversations by forum); empty for no forum's."""
    return next((code for code, where in bound.items() if where == conversation), "")
