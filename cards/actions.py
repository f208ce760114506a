"""Actions: one of them with what can be done, those of a person, the tracker, the digest, and the board's reminders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from board.actions import Action, Priority, Step
from board.entitlement import Sight
from board.escalation import Climb, Rung
from board.records import Agency, Member
from board.tracker import Row, Totals, Tracker, Trend, is_overdue, shown_owner
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.escalation import RUNGS
from cards.verbs import Verb

WHAT_BYTES = 240
WALL_TIME = re.compile(r"[0-2]?[0-9]:[0-5][0-9]")
LISTED = 12
CHOSEN_FROM = 60
OWNER_BYTES = 120
OPENED = 5


def _steps(action: Action, steps: Iterable[Step], key: str, *, in_dialog: bool) -> list[JSON]:
    return [
        e.submits(
            words.STEPS[step], Verb.ACTION_STEP, in_dialog=in_dialog, reference=action.reference, step=step, key=key
        )
        for step in steps
    ]


def action_card(
    action: Action,
    steps: Sequence[Step],
    *,
    amount: Sight,
    today: date,
    key: str,
    names: Mapping[str, Agency],
    in_dialog: bool,
    said: str = "",
    warned: str = "",
    more: bool = False,
    at: Climb | None = None,
    paper: str = "",
) -> JSON:
    """One action. Its words are shown only where `amount` is full; `steps` become buttons over a note and a date.

    `more`: whether there is something beside them that this person can do. `at` says where it climbed to, `paper` is
    the address of its paper for the Senior Partnership Board.
    """
    facts = [
        ("Due", words.weekday(action.due)),
        ("Status", _status(action, today)),
        ("Owner's agency", _agency(action.agency, names)),
    ]
    if action.asked_due is not None:
        facts.append(("New date asked for", words.weekday(action.asked_due)))
    if action.snoozed_until is not None and action.snoozed_until > today:
        facts.append(("Its owner is reminded again", words.weekday(action.snoozed_until)))
    body = [
        *([e.warning(warned)] if warned else []),
        *([e.text(said)] if said else []),
        e.heading(f"Action {action.reference}"),
        *_shown_words(action, amount),
        e.facts(facts),
        e.plain("Owner", shown_owner(action, amount) or "nobody yet"),
    ]
    body += [_climbed(at)] if at is not None else []
    body += _kept_of(action, paper) if amount is Sight.FULL else []
    if steps:
        body.append(e.paragraph_input("note", hint="What was done, or why it cannot be"))
    if Step.MORE_TIME in steps:
        body.append(e.date_input("asked_due"))
    if Step.DONE in steps:
        body.append(e.line_input("evidence", hint="Optional"))
    if more:
        opened = e.submits("More…", Verb.ACTION_MORE, checks=False, in_dialog=in_dialog, reference=action.reference)
        body += e.buttons([opened])
    speak = f"Action {action.reference}. {_status(action, today)}. Due {words.weekday(action.due)}."
    if amount is Sight.FULL:
        body.append(e.quiet(f"What happened so far: type *history {action.reference}*."))
    return e.card(body, speak=speak, actions=_steps(action, steps, key, in_dialog=in_dialog))


def _climbed(at: Climb) -> JSON:
    """With whom an overdue action is, since when, and what they said."""
    answer = f": {e.shortened(at.answered.who, 60)} sees to it" if at.answered else ": no answer yet"
    said = f"It is with {RUNGS[at.rung]} since {words.day(at.since)}"
    return e.plain("Escalated", f"{said}{'' if at.rung is Rung.SENIOR else answer}.")


def _kept_of(action: Action, paper: str) -> list[JSON]:
    """What was said and kept of it so far."""
    shown = [e.plain("Latest note", action.note, limit=e.PARAGRAPH_BYTES)] if action.note else []
    shown += [e.plain("Where one sees that it was done", action.evidence)] if action.evidence else []
    shown += [e.plain("Whose it was before", action.transfers, limit=e.PARAGRAPH_BYTES)] if action.transfers else []
    return shown + ([e.subheading("Senior Partnership Board"), *e.filed_as(paper)] if paper else [])


def _agency(code: str, names: Mapping[str, Agency]) -> str:
    return (e.named(names[code].name) if code in names else "") or "not stated"


def _shown_words(action: Action, amount: Sight) -> list[JSON]:
    if amount is not Sight.FULL:
        return [e.quiet("What it says is shown to its agency and to those who run the board, in a private chat.")]
    shown = [e.plain("What is to be done", action.what or "not stated", limit=e.PARAGRAPH_BYTES)]
    if action.why:
        shown.append(e.plain("Why", action.why, limit=e.PARAGRAPH_BYTES))
    return shown


def _status(action: Action, today: date) -> str:
    late = (today - action.due).days if action.due is not None and is_overdue(action, today) else 0
    known = action.status if action.status in words.ACTION_STATUSES else "Not stated"
    return " · ".join(part for part in (known, words.late(late)) if part)


def channel_action(
    action: Action,
    *,
    amount: Sight,
    today: date,
    names: Mapping[str, Agency],
    mine: Sequence[Step] | None = None,
) -> JSON:
    """One action as a channel may see it, with a button that opens it for the person who presses.

    `mine`: the steps that one person can take. It says no more of the action, so it may stand where others read along.
    """
    said = _for_me(mine)
    made = action_card(action, (), amount=amount, today=today, key="", names=names, in_dialog=False, said=said)
    title = "Open" if not mine else f"Open: {words.either([words.STEPS[step].lower() for step in mine[:2]])}"
    made |= {"actions": [e.opens_dialog(title, Verb.ACTION, reference=action.reference)]}
    return e.refreshed(made, Verb.ACTION_VIEW, reference=action.reference) if action.live else made


def _for_me(mine: Sequence[Step] | None) -> str:
    if not mine:
        return ""
    return "This waits for you: a chair decides." if Step.VERIFY in mine or Step.GRANT in mine else "This is yours."


def add_invitation() -> JSON:
    """The way in to a new action: a dialog, since what is typed in a channel is not kept."""
    body = [e.heading("Add an action"), e.text("The form asks what, whose, and by when.")]
    return e.card(
        body, speak="Add an action. Choose Open the form.", actions=[e.opens_dialog("Open the form", Verb.ACTION_ADD)]
    )


def add_form(
    key: str,
    members: Iterable[Member],
    *,
    in_dialog: bool,
    values: Mapping[str, Any] | None = None,
    said: str = "",
    message: str | None = None,
    found: str = "",
) -> JSON:
    """A new action. After an error it comes back as it was typed.

    `message`: it is raised from a message in Teams, to which this is the way back (empty where there is none to keep);
    `found` is what in its words may say who somebody is.
    """
    members = list(members)
    raised: dict[str, Any] = {} if message is None else {"raised": "message", "link": message}
    add = e.submits("Add the action", Verb.ACTION_ADD_SUBMIT, main=True, in_dialog=in_dialog, key=key, **raised)

    def made(share: float) -> JSON:
        typed = e.typed(values, share)
        body = [
            *([e.warning(f"{e.shortened(said, 2000)} {words.TYPED_BELOW}")] if said else []),
            *_of_message(message, found),
            e.notice(words.NOT_MONITORED),
            e.paragraph_input("what", typed("what"), required=True, hint="What, and how one will know that it is done"),
            member_input("owner", members, typed("owner"), required=True),
            e.date_input("due", typed("due"), required=True),
            e.choice_input("priority", Priority, typed("priority") or Priority.NORMAL),
            e.line_input("source", typed("source"), limit=40, hint="B-7, K-12 or R-14; empty if about a case"),
            e.paragraph_input("why", typed("why")),
            e.line_input("programme", typed("programme"), limit=120),
        ]
        return e.card(body, speak="A new action. What, owner and due date are needed.", actions=[add])

    return e.fitted(made)


def _of_message(message: str | None, found: str) -> list[JSON]:
    """What whoever raises an action from a message is told before they keep its words."""
    if message is None:
        return []
    kept = " The way back to the message is kept with it." if message else ""
    told = [e.text(f"These are the message's words. Change them until they say what is to be done.{kept}")]
    told += [e.warning(f"{words.LOOK_THROUGH} {e.shortened(found, 1500)}")] if found else []
    return [*told, e.quiet(words.SOURCE_LEFT_EMPTY)]


def member_input(name: str, members: Sequence[Member], chosen: str, *, required: bool = False) -> JSON:
    """A list to choose from while it fits a card; the name to type when there are more members than that."""
    listed = sorted(members, key=lambda each: each.name)
    shown = [(f"{e.shortened(e.named(m.name), OWNER_BYTES)} ({e.named(m.agency)[:12]})", m.user_id) for m in listed]
    if 0 < len(shown) <= CHOSEN_FROM:
        return e.titled_choices(name, shown, chosen, required=required)
    return e.line_input(name, chosen, required=required, hint="The member's name in full")


def tracker_card(found: Tracker, trend: Trend | None, asked: str, *, channel: bool, exports: bool = False) -> JSON:
    """One page of the tracker. `asked` is what was typed after the command, for the next page; `exports` offers it as
    a workbook."""
    head = f"Action tracker{': ' if asked else ''}"
    body: list[JSON] = [e.heading("Action tracker")]
    if asked:
        body.append(e.plain("Asked for", asked))
    if not found.totals.open:
        said = "No open action matches." if asked else "No action is open."
        return e.card([*body, e.text(said)], speak=f"{head} {said}")
    body += [_totals(found.totals), *_trend(trend, found.totals)]
    for name, rows in found.groups:
        body.append(e.subheading(_heading(name) or "Agency not stated"))
        body += [line_of(row) for row in rows]
    first, last = found.shown
    body.append(e.quiet(f"{first} to {last} of {found.totals.open}."))
    if channel:
        body.append(e.quiet("Actions that come from a case show no words here. Ask me in a private chat."))
    actions = []
    if found.page > 0:
        actions.append(_turn("Previous page", asked, found.page - 1))
    if found.page + 1 < found.pages:
        actions.append(_turn("Next page", asked, found.page + 1))
    actions += [e.as_typed("All as a workbook", "export tracker")] if exports and not channel else []
    speak = f"Action tracker. {_spoken(found.totals)}"
    return e.card(body, speak=speak, actions=actions)


@lru_cache(128)
def _heading(agency: str) -> str:
    """An agency's name over its actions. Kept: they are few, and every tracker shows them."""
    return e.named(agency)


def _turn(title: str, asked: str, page: int) -> JSON:
    return e.submits(title, Verb.TRACKER, in_dialog=False, checks=False, asked=asked, page=str(page))


def _totals(totals: Totals) -> JSON:
    """The counts side by side, each a number over its word; widths by the words, so that none breaks on a phone."""
    cells = [
        (totals.open, "open", 4, "default"),
        (totals.overdue, "overdue", 6, "attention" if totals.overdue else "default"),
        (totals.soon, "due in 7 days", 6, "default"),
        (totals.blocked, "blocked", 6, "default"),
        (totals.to_verify, "to verify", 5, "default"),
    ]
    return {
        "type": "ColumnSet",
        "columns": [
            {
                "type": "Column",
                "width": width,
                "spacing": "Small",
                "items": [
                    _number(n, colour),
                    {"type": "TextBlock", "text": word, "size": "Small", "spacing": "None", "wrap": True},
                ],
            }
            for n, word, width, colour in cells
        ],
    }


def totals_of(totals: Totals) -> list[JSON]:
    """The counts side by side; nothing where nothing is open."""
    return [_totals(totals)] if totals.open else []


def _number(number: int, colour: str) -> JSON:
    made = {"type": "TextBlock", "text": str(number), "size": "ExtraLarge", "weight": "Bolder", "wrap": True}
    return made | {"color": colour}


def _spoken(totals: Totals) -> str:
    return f"{totals.open} open, {totals.overdue} overdue, {totals.soon} due in 7 days, {totals.blocked} blocked."


def _trend(trend: Trend | None, totals: Totals) -> list[JSON]:
    age = f"Half have been open {words.count(totals.median_age, 'day')} or longer, the oldest {totals.oldest_age}."
    if trend is None:
        return [e.quiet(age)]
    since = f"Since the board of {words.day(trend.since)}: {trend.agreed} agreed, {trend.closed} closed."
    return [e.quiet(f"{since} {age}")]


def line_of(row: Row, *, mine: bool = False) -> JSON:
    """One line: the reference and how late it is in bold, then what, whose (unless the reader's own) and by when."""
    late = words.late(row.late)
    mark = " · immediate risk" if row.immediate else ""
    inlines = [e.run(f"{row.reference} ", weight="Bolder")]
    if late:
        inlines.append(e.run(f"{late} ", weight="Bolder", color="Attention"))
    if row.what:
        inlines.append(e.run(e.shortened(" ".join(row.what.split()), WHAT_BYTES)))
    due = f"due {words.day(row.due)}" if row.due else "no due date"
    whose = "" if mine else f"{e.shortened(row.owner, 120) or 'no owner'} · "
    detail = f"{whose}{due} · {row.status or 'status not stated'}{mark}"
    return {
        "type": "Container",
        "spacing": "Small",
        "items": [
            {"type": "RichTextBlock", "inlines": inlines},
            {
                "type": "RichTextBlock",
                "spacing": "None",
                "inlines": [e.run(detail, size="Small", isSubtle=True)],
            },
        ],
    }


def mine_card(rows: Sequence[Row], totals: Totals, *, private: bool, title: str = "My actions", said: str = "") -> JSON:
    """A person's open actions, the most pressing first, in private each a button away."""
    body: list[JSON] = [e.heading(title), *([e.text(said)] if said else [])]
    if not rows:
        return e.card([*body, e.text("You have no open actions.")], speak="You have no open actions.")
    body += [e.text(_spoken(totals)), *[line_of(row, mine=True) for row in rows[:LISTED]]]
    if len(rows) > LISTED:
        body.append(e.quiet(f"And {words.count(len(rows) - LISTED, 'more action')}: type *tracker mine*."))
    body.append(e.quiet("To open one, type *action* and its number; *done A-103* says that it is done."))
    actions = [opens_action(row.reference) for row in rows[:OPENED]] if private else []
    return e.card(body, speak=f"{title}. {_spoken(totals)}", actions=actions)


def opens_action(reference: str) -> JSON:
    """A button that opens one's own action, in a private chat."""
    return e.submits(f"Open {reference}", Verb.ACTION, in_dialog=False, checks=False, reference=reference)


def digest_card(rows: Sequence[Row], totals: Totals, *, day: date, missed: Sequence[date]) -> JSON:
    """The day's digest for a channel: what is due and overdue, by agency. Says so when it makes up for missed days."""
    body: list[JSON] = [e.heading(f"Actions, {words.weekday(day)}"), _totals(totals)]
    if missed:
        body.append(e.text(_missed(missed)))
    body += [line_of(row) for row in rows[:LISTED]]
    if len(rows) > LISTED:
        body.append(e.quiet(f"And {words.count(len(rows) - LISTED, 'more action')}: type *tracker*."))
    body.append(e.quiet("Owners: type *my actions* to me in a private chat."))
    return e.card(body, speak=f"Actions for {words.weekday(day)}. {_spoken(totals)}")


def immediate_card(reference: str) -> JSON:
    """To an owner, whatever the hour: an action against an immediate risk is theirs."""
    said = f"Action {reference} is yours. It is against an immediate risk, so it does not wait for the morning."
    body = [e.heading(f"Immediate risk: {reference}"), e.text(said), e.notice(words.NOT_MONITORED)]
    return e.card(body, speak=said, actions=[opens_action(reference)])


def report_card(reference: str, by: str, faults: Sequence[str]) -> JSON:
    """To the mental health team: a row of the list that somebody has to put right."""
    body = [e.heading(f"Action {reference}")]
    if not faults:
        said = (
            f"Action {reference} was deleted from the list. An action is never deleted: please restore it from the bin."
        )
        return e.card([*body, e.text(said)], speak=said)
    said = f"Action {reference} was edited in the list and has {words.joined(list(faults))}."
    body += [
        e.text(said),
        *([e.plain("Edited by", by)] if by else []),
        e.text("Please put it right in the list Actions."),
    ]
    return e.card(body, speak=said)


FROM_A_CASE = "An action from a case: ask its owner, or type its reference to the bot in a private chat."


def export_card(name: str, address: str, count: int, outlined: int) -> JSON:
    """Where the tracker's workbook is, and what is not in it."""
    said = f"The tracker is a workbook now: {words.count(count, 'open action')}."
    body = [
        e.heading("The tracker as a workbook"),
        e.text(said),
        e.entry("Filed as", f"BoardPapers/{name}"),
        e.text("Everybody on the site may open it. Typed again today, it is made anew."),
    ]
    if outlined:
        few = words.count(outlined, "action comes", "actions come")
        body.append(e.quiet(f"{few} from a case and shows whose it is and when it is due, no more."))
    return e.card(body, speak=said, actions=e.opens_link("Open the workbook", address))


def my_digest_card(rows: Sequence[Row], totals: Totals, *, day: date, missed: Sequence[date]) -> JSON:
    """The day's digest for one person: what of theirs is due and overdue, each a button away."""
    said = _missed(missed)
    return mine_card(rows, totals, private=True, title=f"Your actions, {words.weekday(day)}", said=said)


def _missed(missed: Sequence[date]) -> str:
    """That a digest makes up for days on which none could be posted; empty when it does not."""
    if not missed:
        return ""
    return (
        f"I could not post on {words.joined([words.day(day) for day in missed[-5:]])}: this includes what was due then."
    )


def board_card(
    milestone: str,
    board: date,
    totals: Totals,
    *,
    meets_at: str,
    link: str,
    agenda: Sequence[str] = (),
    pack: str = "",
) -> JSON:
    """A reminder before the board: which it is, when it meets, its agenda's items, and what is outstanding."""
    when = f"{words.weekday(board)}{f' at {meets_at}' if WALL_TIME.fullmatch(meets_at) else ''}"
    said = {
        "disseminate": f"The board meets on {when}. These actions are outstanding: please bring them up to date.",
        "eve": f"The board meets on {when}.",
        "day": f"The board meets today, {when}.",
    }[milestone]
    items = [e.entry("Agenda", "; ".join(agenda))] if agenda else []
    body = [e.heading("The board"), e.text(said), *items, _totals(totals)]
    if totals.overdue and milestone != "disseminate":
        body.append(
            e.text(f"{words.count(totals.overdue, 'action is', 'actions are')} overdue: type *tracker overdue*.")
        )
    links = [*e.opens_link("Join", link), *e.opens_link("Open the pack", pack)]
    return e.card(body, speak=f"{said} {_spoken(totals)}", actions=links)
