"""Restricted referrals: a pointer to all but those who hold it or were let in. Who may is `board.entitlement`'s.

Pure: a referral or a request and what somebody wants in, the changed record or an error out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from board.errors import FieldProblem, NotUnderstood, Problem
from board.forms import Form
from board.notices import Audience, Notice, NoticeKind
from board.records import Member, Referral, Request
from board.vocabulary import REQUEST_REASONS, RESTRICT_REASONS, RequestStatus

HISTORY = 5
"""Steps whose keys a referral keeps, to know one that is sent again."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """All that somebody not let in may know: that it is there, which agencies are involved, and whom to ask."""

    reference: str
    agencies: tuple[str, ...]
    whom: str
    asked: bool = False


def has_taken(referral: Referral, key: str) -> bool:
    """Whether the step that this key names was taken already."""
    return bool(key) and key in referral.step_key.split()


def taken(referral: Referral, key: str) -> Referral:
    """The referral with the key of its latest step."""
    return replace(referral, step_key=" ".join([*referral.step_key.split(), key][-HISTORY:]))


def restrict(referral: Referral, member: Member, form: Form) -> Referral:
    """Restrict it, for one of the board's reasons. It is held by its referrer, or by whoever restricts one without."""
    why = form.choice("restricted_why", RESTRICT_REASONS, required=True)
    form.done()
    holder, name = referral.holder_id or referral.referrer_id, referral.holder_name or referral.referrer_name
    if not holder:
        holder, name = member.user_id, member.name
    return replace(referral, restricted=True, restricted_why=why, holder_id=holder, holder_name=name)


def lift(referral: Referral) -> Referral:
    """Open it to those who would see it anyway. Who was let in is forgotten: restricting it again begins anew."""
    return replace(referral, restricted=False, restricted_why="", admitted=frozenset())


def appoint(referral: Referral, by: Member, holder: Member | None) -> Referral:
    """Give it another holder. Nobody but its holder takes it themselves: they would let themselves in."""
    if holder is None or not referral.restricted:
        raise NotUnderstood(FieldProblem("holder", Problem.NOT_A_CHOICE))
    if holder.user_id == by.user_id and by.user_id != (referral.holder_id or referral.referrer_id):
        raise NotUnderstood(FieldProblem("holder", Problem.NOT_A_CHOICE))
    return replace(referral, holder_id=holder.user_id, holder_name=holder.name)


def ask(form: Form, member: Member, referral: Referral, now: datetime) -> Request:
    """A request to be admitted, with its reason. One at a time of each person: the key says whose and how many-eth."""
    reason = form.choice("request_reason", REQUEST_REASONS, required=True)
    key = form.key()
    form.done()
    return Request(
        key=key,
        reference=referral.reference,
        member_id=member.user_id,
        member_name=member.name,
        agency=member.agency,
        forum=referral.forum,
        reason=reason,
        asked_on=now,
    )


def admit(referral: Referral, request: Request) -> Referral:
    """Let the asker in."""
    return replace(referral, admitted=referral.admitted | {request.member_id})


def shut_out(referral: Referral, request: Request) -> Referral:
    """Do not let the asker in, or no longer."""
    return replace(referral, admitted=referral.admitted - {request.member_id})


def answered(request: Request, by: Member, status: RequestStatus, now: datetime) -> Request:
    """A request with its holder's answer."""
    if request.status == status:
        return request
    return replace(request, status=status, open=False, answered_by=by.name, answered_on=now)


def notices(referral: Referral, requests: Iterable[Request], posted: Iterable[str]) -> list[tuple[Notice, Request]]:
    """Whom to tell of requests: the holder of one that waits, the asker of its answer. `posted` are the keys said."""
    said, found = frozenset(posted), []
    for request in requests:
        holder = referral.holder_id or referral.referrer_id
        waits = request.status == RequestStatus.ASKED
        to, kind = (holder, NoticeKind.REQUEST) if waits else (request.member_id, NoticeKind.REQUEST_ANSWER)
        when = f"{request.answered_on:%Y%m%d%H%M%S}" if request.answered_on and not waits else holder[:8]
        key = f"{kind}/{request.reference}/{request.id}/{when}"
        if to and key not in said and (referral.restricted or not waits):
            found.append((Notice(key, kind, Audience(member=to), request.reference), request))
    return found
