"""Who saw what, for the information governance lead in private: members and cases, never who a case is about."""

from __future__ import annotations

from collections.abc import Mapping

from board.disclosing import Looked, Search
from board.records import SHOWN, Disclosure, Member
from board.vocabulary import LOOK_REASONS
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Who saw what"

HOW = (
    "I did not understand all of that, so nothing was searched. Name a case (*R-14*), an agency's code, a member in "
    "full, a period (*last 30 days*, *october 2026*, *2026-10-01 to 2026-10-31*), or several of these."
)
TOO_MANY = (
    "That is more than SharePoint lists at one time, so nothing is shown. Please name a case, a person, an agency or a "
    "shorter period."
)
OUTSIDE = (
    "This is what was shown through the bot. What somebody opened in SharePoint itself is in the tenant's audit log."
)


def looked_card(found: Looked, asked: Search, said: str, members: Mapping[str, Member]) -> JSON:
    """One page. `said` is what was asked for, in the words it came in, for the next page."""
    total = found.shown + found.refused
    by, cases = words.count(found.people, "person", "people"), words.count(found.cases, "case")
    speak = f"{words.count(found.shown, 'look')} shown, {found.refused} refused: {by}, {cases}."
    body = [e.heading(TITLE), *_asked(asked, members)]
    if not total:
        return e.card([*body, e.text("Nobody looked."), e.quiet(OUTSIDE)], speak="Nobody looked.")
    body += [e.text(speak), *(_row(row) for row in found.rows), e.quiet(OUTSIDE)]
    turns = []
    if found.page:
        turns.append(_turn("Newer", said, found.page - 1))
    if found.page + 1 < found.pages:
        turns.append(_turn("Older", said, found.page + 1))
    if found.pages > 1:
        body.append(e.quiet(f"Page {found.page + 1} of {found.pages}. Or type *disclosures* with *page 2*."))
    return e.card(body, speak=speak, actions=turns)


def _turn(title: str, said: str, page: int) -> JSON:
    return e.submits(title, Verb.DISCLOSURES, checks=False, in_dialog=False, asked=said, page=str(page))


def _asked(asked: Search, members: Mapping[str, Member]) -> list[JSON]:
    """What was asked for: names stand as they are, since an administrator typed them."""
    member = members.get(asked.member.lower())
    told = [
        ("Case", asked.case),
        ("Agency", asked.agency),
        ("Person", member.name if member else ""),
        ("Period", _period(asked)),
    ]
    return [e.plain(label, value, limit=e.NAME_BYTES) for label, value in told if value]


def _period(asked: Search) -> str:
    if asked.first is None:
        return "from the beginning"
    if asked.first == asked.last:
        return words.day(asked.first)
    return f"{words.day(asked.first)} to {words.day(asked.last)}"


def _row(row: Disclosure) -> JSON:
    """One look: when, who, and how it ended. A reason or an outcome that is not ours was typed into the list."""
    ours = row.outcome == SHOWN
    how = "Shown" if ours else "Refused" if row.outcome.startswith("refused") else "Not stated"
    reason = row.reason if row.reason in LOOK_REASONS else ""
    who = [
        e.run(row.reference[:20], weight="Bolder"),
        e.run(f"  {e.shortened(row.member_name, e.NAME_BYTES) or 'nobody named'} ({e.shortened(row.agency, 60)})"),
    ]
    said = " · ".join(part for part in (words.when(row.looked_on), how, reason) if part)
    return {
        "type": "Container",
        "separator": True,
        "spacing": "Small",
        "items": [{"type": "RichTextBlock", "inlines": who}, e.quiet(said) | {"spacing": "None"}],
    }
