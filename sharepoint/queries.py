"""The questions the product asks of its lists. The leading column of each is indexed and narrow.

SharePoint counts the rows that the leading condition touches against its threshold of 5,000, so every working query
starts with `Open`, a reference, a key or an id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from stdnum.gb import nhs

from board import pnc
from board.agenda import ITEM
from board.calendar import at_uk
from board.focus import REMEMBERED
from board.records import SHOWN, Subject
from sharepoint.libraries import Place
from sharepoint.schema import (
    ACTIONS,
    AGENDA_ITEMS,
    CHAIN,
    DISCLOSURES,
    EVENTS,
    FIGURES,
    HEARINGS,
    LESSONS,
    MEASURES,
    MEETINGS,
    MEMBERS,
    PLANS,
    POSTS,
    REFERRALS,
    RISKS,
    SIGN_OFFS,
    SUBJECTS,
    TRIGGER_REPORTS,
    VERSION,
    ListOf,
)

MOST = 5000
"""The most rows SharePoint gives in one page."""


@dataclass(frozen=True, slots=True)
class Query:
    """A read of one list. `select` names the record attributes that are wanted; none means all.

    `chain` among them brings what a change of such a record needs to go on with its seal. Which forum a row is of is
    read with it always: without it a row would count as the first board's, whosever it is (see `scoped`).
    """

    of: ListOf[Any]
    filter: str = ""
    order: str = ""
    top: int = MOST
    select: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path below `_api/`, encoded."""
        options = {
            "$select": self._select(),
            "$filter": quote(self.filter, safe=""),
            "$orderby": quote(self.order, safe=""),
            "$top": str(self.top),
        }
        asked = "&".join(f"{name}={value}" for name, value in options.items() if value)
        return f"{items_path(self.of)}?{asked}"

    def _select(self) -> str:
        """The columns asked for, encoded; worked out once for each list and choice, which the code below makes."""
        known = _SELECTED.get((self.of.name, self.select))
        if known is None:
            wanted = {*self.select, "forum"} if self.select else frozenset[str]()
            columns = [column.name for column in self.of.mapped if column.attribute in wanted]
            columns += [CHAIN.name, VERSION] if "chain" in self.select else []
            known = quote(",".join(["Id", *columns]) if columns else "", safe="")
            _SELECTED[self.of.name, self.select] = known
        return known


_SELECTED: dict[tuple[str, tuple[str, ...]], str] = {}
"""What `Query.path` asks for, by the name of the list and the attributes wanted."""


FACE = (
    *("reference", "agency", "concern", "urgency", "status", "received_on", "asked", "forum", "open", "referrer_id"),
    *("restricted", "holder_id"),
)
"""What a referral's card in a channel is made of; reading no more keeps what people wrote out of memory."""


TURNS = ("reference", "key", "forum", "held_on", "status", "kind", "why", "focus", "focus_why", "chain")
"""What the rotation of the agencies in focus is made of."""


LISTED = (
    *FACE,
    *("key", "gate", "listed_for", "list_order", "list_minutes", "on_hold", "next_review", "admitted", "step_key"),
    *("repeat_of", "redirected_on", "closed_on", "chain"),
)
"""What a subgroup's list is made of: nothing that anybody wrote about the case."""


def items_path(of: Place) -> str:
    """The path of a list's items below `_api/`."""
    return f"web/lists/getByTitle('{of.name}')/items"


def entity_type(list_name: str) -> str:
    """The OData type of a list's items. Fixed by the name the list was made with: ASCII, no spaces."""
    return f"SP.Data.{list_name}ListItem"


def open_rows(of: ListOf[Any]) -> Query:
    """Every open row of a list."""
    return Query(of, "Open eq 1")


def newest_open_referrals() -> Query:
    """Every open referral, newest first, as far as a channel may see it."""
    return Query(REFERRALS, "Open eq 1", order="Id desc", select=FACE)


TRACKED = (
    *("reference", "what", "owner_id", "owner_name", "agency", "due", "priority", "source", "programme", "forum"),
    *("status", "asked_due", "agreed_on", "open", "snoozed_until", "transferred_on", "senior_on"),
)
"""What the tracker and the digests are made of."""


def open_actions() -> Query:
    """Every open action: up to SharePoint's 5,000 in one page, however many are closed."""
    return Query(ACTIONS, "Open eq 1", select=TRACKED)


def restricted_referrals() -> Query:
    """The referrals that are pointers to most, open and closed: who holds each and who was let in. Few."""
    return Query(
        REFERRALS,
        "Restricted eq 1",
        select=("reference", "restricted", "holder_id", "referrer_id", "admitted"),
    )


def owned_actions(user_id: str) -> Query:
    """The open actions of one person."""
    return Query(ACTIONS, f"{_equals('OwnerUserId', user_id)} and Open eq 1", select=TRACKED)


def actions_closed_since(moment: datetime) -> Query:
    """Actions closed since an instant: few, whatever the history."""
    return Query(
        ACTIONS,
        f"ClosedOn ge datetime'{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'",
        select=("reference", "status", "agreed_on", "closed_on", "owner_id"),
    )


def member(user_id: str) -> Query:
    """The open rows of one person; two at most, since one is meant."""
    return Query(MEMBERS, f"{_equals('UserId', user_id)} and Open eq 1", top=2)


def numbered(of: ListOf[Any], item_id: int, *, select: tuple[str, ...] = ()) -> Query:
    """One row by its number; none when it is not there."""
    return Query(of, f"Id eq {item_id}", top=1, select=select)


def about(of: ListOf[Any], reference: str) -> Query:
    """Every row about one referral."""
    return Query(of, _equals("Reference", reference))


def alike(person: Subject) -> list[Query]:
    """Rows of `Subjects` that may be the same person: by each spelling of a number, and by the day of birth.

    One question each: two joined by *or* would touch every row of the list.
    """
    numbers = [("NhsNumber", each) for each in _as_typed(nhs.compact(person.nhs_number))]
    numbers += [("PncId", each) for each in pnc.spellings(person.pnc_id)]
    asked = [Query(SUBJECTS, _equals(column, each)) for column, each in numbers]
    if born := person.date_of_birth:
        day = f"{_from('DateOfBirth', born)} and DateOfBirth lt {_midnight(born + timedelta(days=1))}"
        asked.append(Query(SUBJECTS, day))
    return asked


def _as_typed(number: str) -> tuple[str, ...]:
    """An NHS number as forms keep it, and as people write it: three digits, three and four."""
    return (number, f"{number[:3]} {number[3:6]} {number[6:]}") if number else ()


def looks(reference: str) -> Query:
    """The looks at one referral that were shown, and whose. Refused ones may be many: anybody can be refused."""
    return Query(
        DISCLOSURES,
        f"{_equals('Reference', reference)} and {_equals('Outcome', SHOWN)}",
        select=("reference", "agency", "outcome", "looked_on"),
    )


LOOKED = ("reference", "member_id", "member_name", "agency", "reason", "outcome", "looked_on")
"""What the question who saw what is answered from."""


def disclosures_about(reference: str) -> Query:
    """Every look at one case, refused ones among them."""
    return Query(DISCLOSURES, _equals("Reference", reference), select=LOOKED)


def disclosures_of(user_id: str, first: date | None) -> Query:
    """Every look by one person, since a day."""
    since = f" and {_from('LookedOn', first)}" if first else ""
    return Query(DISCLOSURES, f"{_equals('MemberUserId', user_id)}{since}", select=LOOKED)


def disclosures_between(first: date | None, last: date | None) -> Query:
    """Every look between two UK days, both counted."""
    parts = [_from("LookedOn", first)] if first else []
    parts += [f"LookedOn lt {_midnight(last + timedelta(days=1))}"] if last else []
    return Query(DISCLOSURES, " and ".join(parts), select=LOOKED)


def newest_disclosures() -> Query:
    """Every look, newest first, a page of 5,000 at a time: for a month further back than a filter reaches."""
    return Query(DISCLOSURES, order="Id desc", select=LOOKED)


def reports_of(case: str) -> Query:
    """What was reported against a case's plans, whichever version it was."""
    return Query(TRIGGER_REPORTS, _equals("Case", case))


def actions_of(case: str) -> Query:
    """The actions that say in our own spelling that they come from a case."""
    return Query(ACTIONS, _equals("Source", case))


def of_programme(name: str) -> Query:
    """The actions of one programme, open and closed: some hundreds at most."""
    return Query(ACTIONS, _equals("Programme", name), select=TRACKED)


def plans_of(case: str) -> Query:
    """Every plan that a case ever had."""
    return Query(PLANS, _equals("Case", case))


def signed_of(case: str) -> Query:
    """What agencies said of any version of a case's plan: the plan of R-14 is P-14, its versions P-14.1 and so on."""
    return Query(SIGN_OFFS, f"startswith(Reference,'P-{case[2:].replace(chr(39), '')}.')")


def for_the_list() -> Query:
    """Every open referral, as far as a subgroup's list needs it."""
    return Query(REFERRALS, "Open eq 1", select=LISTED)


def meetings_since(day: date) -> Query:
    """The meetings of all forums from a day on, those to come included: few, whatever the history."""
    return Query(MEETINGS, f"HeldOn ge {_instant(at_noon(day))}", order="HeldOn")


def boards_since(today: date) -> Query:
    """The meetings of three years and those to come, as far as whose turn it is to be looked at needs them."""
    since = today - REMEMBERED
    return Query(MEETINGS, f"HeldOn ge {_instant(at_noon(since))}", order="HeldOn", select=TURNS)


def agenda_items() -> Query:
    """What members offered for agendas and nobody is done with; reports, decisions and papers are not among it."""
    return Query(AGENDA_ITEMS, f"Open eq 1 and {_equals('Kind', ITEM)}")


def items_of(meeting: str) -> Query:
    """Everything of one board: its items, decisions, and corrections of its minutes."""
    return Query(AGENDA_ITEMS, _equals("Meeting", meeting))


def hearings_of(meeting: str) -> Query:
    """What a meeting has made of its cases so far."""
    return Query(HEARINGS, _equals("Meeting", meeting))


def hearings_since(moment: datetime) -> Query:
    """The cases heard since an instant: some seventy between two boards."""
    return Query(HEARINGS, f"HeardOn ge {_instant(moment)}")


def referrals_closed_since(moment: datetime) -> Query:
    """The referrals closed since an instant, declined ones among them."""
    return Query(REFERRALS, f"ClosedOn ge {_instant(moment)}", select=LISTED)


def plans_agreed_since(moment: datetime) -> Query:
    """The plans agreed since an instant, whatever became of them."""
    return Query(PLANS, f"AgreedOn ge {_instant(moment)}")


def plans_expired_between(first: date, last: date) -> Query:
    """The plans that ran out from one day to another (both counted)."""
    return Query(PLANS, f"ExpiresOn ge {_instant(at_noon(first))} and ExpiresOn le {_instant(at_noon(last))}")


def items_since(of: ListOf[Any], moment: datetime) -> Query:
    """The agenda items submitted since an instant."""
    return Query(of, f"SubmittedOn ge {_instant(moment)}")


def risks_due(until: date) -> Query:
    """The open risks whose review is on a day or before it."""
    return Query(RISKS, f"Open eq 1 and ReviewOn le {_midnight(until + timedelta(days=1))}")


def raised_since(of: ListOf[Any], moment: datetime) -> Query:
    """The risks or lessons raised since an instant."""
    return Query(of, f"RaisedOn ge {_instant(moment)}")


def disseminated_since(moment: datetime) -> Query:
    """The lessons disseminated since an instant, whatever became of them."""
    return Query(LESSONS, f"DisseminatedOn ge {_instant(moment)}")


def withdrawn_since(moment: datetime) -> Query:
    """The lessons withdrawn since an instant."""
    return Query(LESSONS, f"WithdrawnOn ge {_instant(moment)}")


def newest_lessons() -> Query:
    """The lessons that hold and those that wait, the newest first: as many as anybody looks through."""
    return Query(LESSONS, "Open eq 1", order="Id desc", top=500)


def measures() -> Query:
    """Every measure in use: some dozens."""
    return open_rows(MEASURES)


def figures_of(month: str) -> Query:
    """What was reported for one month: a row for each measure and agency. A year is asked for month by month, in one
    request, so that the rows that each touches do not grow with history."""
    return Query(FIGURES, _equals("Month", month))


def at_noon(day: date) -> datetime:
    """A calendar date as its column holds it."""
    return datetime.combine(day, time(12), UTC)


def _instant(moment: datetime) -> str:
    return f"datetime'{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'"


DUE = ("reference", "agency", "due", "status", "open", "claimed_on", "closed_on", "forum")
"""What being in time is told from."""


def actions_due_between(first: date, last: date) -> Query:
    """The actions that were due from one day to another (both counted), whatever became of them."""
    days = f"DueDate ge {_instant(at_noon(first))} and DueDate le {_instant(at_noon(last))}"
    return Query(ACTIONS, days, select=DUE)


def sources() -> Query:
    """Where every action came from, open and closed: for background work, a page of 5,000 at a time."""
    return Query(ACTIONS, order="Id", select=("source",))


RECORD = (
    *("reference", "agency", "concern", "open", "status", "closed_on", "review_on", "retention", "retention_by"),
    *("retention_by_id", "retention_on", "disposal_by_id", "disposal_on"),
)
"""What the question which records to keep is answered from."""


def records_due(until: date) -> Query:
    """The closed cases whose keeping is to be decided by a day. One that was disposed of has no such day any more."""
    return Query(REFERRALS, f"ReviewOn lt {_midnight(until + timedelta(days=1))}", select=RECORD)


def records_at(retention: str) -> Query:
    """The cases of which this was decided."""
    return Query(REFERRALS, _equals("Retention", retention), select=RECORD)


def sealings(most: int = MOST) -> Query:
    """The daily seals, the newest first."""
    return Query(EVENTS, _equals("Kind", "seal"), order="Id desc", top=most)


def undelivered_since(moment: datetime) -> Query:
    """What was tried since an instant and did not get through, the newest first: whom it was for, and why."""
    return Query(
        POSTS,
        f"NextAttempt ge {_instant(moment)} and Status eq 'Not delivered'",
        order="NextAttempt desc",
        select=("key", "kind", "audience", "failure", "next_attempt"),
    )


def joining() -> Query:
    """Those who asked to be added as members and were not yet."""
    return Query(EVENTS, f"{_equals('Kind', 'join')} and Open eq 1", order="Id")


def papers_filed(kind: str) -> Query:
    """The newest rows that say where a board's papers of one kind are: a pack, its supplement, minutes."""
    return Query(EVENTS, _equals("Kind", kind), order="Id desc", top=50)


def unnumbered(of: ListOf[Any]) -> Query:
    """The rows without a reference: broken off half way, or typed by hand. Few, and the column is indexed."""
    return Query(of, "Reference eq null", select=("key", "reference"))


def keyed(of: ListOf[Any], key: str) -> Query:
    """The row that a key made."""
    return Query(of, _equals("Key", key), top=1)


def keyed_below(of: ListOf[Any], beginning: str) -> Query:
    """The rows whose keys begin so, the newest first; few, where a key tells what it is about."""
    doubled = beginning.replace(chr(39), chr(39) * 2)
    return Query(of, f"startswith(Key,'{doubled}')", order="Id desc")


def _from(column: str, day: date) -> str:
    return f"{column} ge {_midnight(day)}"


def _midnight(day: date) -> str:
    """The beginning of a day in the United Kingdom, as OData writes an instant."""
    return f"datetime'{at_uk(day, time(0)):%Y-%m-%dT%H:%M:%SZ}'"


def _equals(column: str, value: str) -> str:
    """An OData comparison with a text, its quotes doubled."""
    return f"{column} eq '{value.replace(chr(39), chr(39) * 2)}'"
