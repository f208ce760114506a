"""What agencies return about a referral, and how far the asking has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from board.errors import NotAllowed, Refusal
from board.forms import PARAGRAPH, Form
from board.records import SHOWN, Disclosure, Member, Referral, Return
from board.vocabulary import Answer

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


def answer(form: Form, member: Member, referral: Referral, looks: Iterable[Disclosure], now: datetime) -> Return:
    """Read one answer. It counts only after somebody of the agency has looked, so without a look it is refused."""
    if not any(look.agency == member.agency and look.outcome == SHOWN for look in looks):
        raise NotAllowed(Refusal.NOT_LOOKED)
    chosen = form.choice("answer", Answer, required=True)
    information = form.text("information", PARAGRAPH, required=chosen == Answer.INFORMATION)
    key = form.key()
    form.done()
    return Return(
        key=key,
        reference=referral.reference,
        agency=member.agency,
        answer=chosen,
        information=information,
        member_id=member.user_id,
        member_name=member.name,
        answered_on=now,
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the asking has come: codes of the agencies that answered and of those awaited, each in order."""

    answered: tuple[str, ...]
    awaited: tuple[str, ...]

    @property
    def asked(self) -> int:
        """How many agencies are asked."""
        return len(self.answered) + len(self.awaited)


def progress(referral: Referral, returns: Iterable[Return]) -> Progress:
    """Count the asked agencies that have answered at least once. What they answered is not part of it."""
    heard = {each.agency for each in returns}
    return Progress(answered=tuple(sorted(referral.asked & heard)), awaited=tuple(sorted(referral.asked - heard)))


def standing_answers(returns: Iterable[Return]) -> dict[str, Return]:
    """The answer that counts for each agency: its latest, by time and then by number."""
    latest: dict[str, Return] = {}
    for each in sorted(returns, key=lambda r: (r.answered_on or _BEGINNING, r.id)):
        latest[each.agency] = each
    return latest
