"""One case as it stands now: who asks and what about, read afresh in one request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from board import references
from board.case_steps import CaseStep, steps_for
from board.entitlement import Act, Standing, refusal, require
from board.errors import NotFound, NotUnderstood
from board.notices import ReferralFace, face
from board.records import Disclosure, Forum, Member, Referral, Return, Subject
from bot.directory import People, people
from bot.house import House
from sharepoint import queries as ask
from sharepoint.schema import AGENCIES, FORUMS, REFERRALS, RETURNS, SUBJECTS


@dataclass(frozen=True, slots=True)
class Case:
    """A referral with what was asked for beside it, and the standing of the person who asks, all of one moment."""

    referral: Referral
    who: Standing
    people: People
    returns: tuple[Return, ...] = ()
    subjects: tuple[Subject, ...] = ()
    looks: tuple[Disclosure, ...] = ()
    more: tuple[list[Any], ...] = ()

    @property
    def forum(self) -> Forum | None:
        """The forum that hears the referral."""
        return self.people.forum(self.referral.forum or self.people.home)

    def face(self, extra: Iterable[Return] = (), *, entitled: bool = False) -> ReferralFace:
        """What a channel may see, counting an answer just given; of a restricted one more for the `entitled`."""
        return face(self.referral, [*self.returns, *extra], self.people.agencies, entitled=entitled)

    def require(self, act: Act, house: House) -> Member:
        """Return the member if the rules allow this act on this case; raises NotAllowed."""
        return require(act, self.who, house.today(), referral=self.referral, forum=self.forum)

    def steps(self, house: House) -> list[CaseStep]:
        """What else who asks may do with this case as it stands."""
        return steps_for(self.referral, self.who, house.today(), self.forum)


async def as_shown(house: House, case: Case) -> Referral:
    """The referral as its detail is shown: it names an earlier one only to who may look at that too.

    One request where there is an earlier one, else none. For cards alone: what is written starts from `case.referral`.
    """
    before = case.referral.repeat_of
    try:
        numbers = [references.item_id(before, references.REFERRAL)] if before else []
    except NotUnderstood:  # typed into the list
        numbers = []
    rows = await house.store.rows(REFERRALS, numbers)
    return replace(case.referral, repeat_of=before if any(_may_look(house, case, row) for row in rows) else "")


def _may_look(house: House, case: Case, earlier: Referral) -> bool:
    forum = case.people.forum(earlier.forum or case.people.home)
    return refusal(Act.LOOK, case.who, house.today(), referral=earlier, forum=forum) is None


async def open_case(
    house: House,
    user_id: str,
    spoken: str,
    *,
    subjects: bool = False,
    looks: bool = False,
    also: Callable[[str], Sequence[ask.Query]] | None = None,
) -> Case:
    """Read a case and its asker's standing, and who it is about only when `subjects` says so; `also` says for the
    reference what else is to be read.

    One request. Raises NotUnderstood for what is no reference, NotFound when there is no such referral; a stranger
    is not told even that.
    """
    item_id = references.item_id(spoken, references.REFERRAL)
    reference = references.reference(references.REFERRAL, item_id)
    asked = [
        ask.member(user_id),
        ask.open_rows(AGENCIES),
        ask.open_rows(FORUMS),
        ask.numbered(REFERRALS, item_id),
        ask.about(RETURNS, reference),
        *([ask.about(SUBJECTS, reference)] if subjects else []),
        *([ask.looks(reference)] if looks else []),
        *(also(reference) if also else ()),
    ]
    members, agency_rows, forum_rows, referrals, returns, *rest = await house.store.gather(*asked)
    who = people(members, agency_rows, forum_rows, house.board)
    found = [referral for referral in referrals if referral.reference]
    standing = who.standing(user_id)
    if not found:
        require(Act.LIST, standing, house.today())
        raise NotFound(reference)
    return Case(
        referral=found[0],
        who=standing,
        people=who,
        returns=tuple(returns),
        subjects=tuple(rest.pop(0)) if subjects else (),
        looks=tuple(rest.pop(0)) if looks else (),
        more=tuple(rest),
    )
