"""Lessons: what was learned, one of them with what can be done with it, and the month's digest for the channel."""

from __future__ import annotations

from collections.abc import Sequence

from board.learning import Digest, is_told, is_withdrawn, named
from board.months import Month
from board.records import Lesson
from cards import elements as e
from cards import words
from cards.elements import JSON
from cards.verbs import Verb

TITLE = "Lessons"
LISTED = 20
OPENED = 5
IN_A_DIGEST = 10
"""Lessons whose words a digest holds; of more, their numbers."""

LINE = 500
TOLD = "It is disseminated: every member finds it with *lessons*, and the channel is told of it in the month's digest."
WITHDRAWN = "It is withdrawn. If the channel was told of it, the next digest says that it no longer holds, and why."
EDIT = "To change its words before that, edit its row of the list *Lessons* in SharePoint."


def lessons_card(found: Sequence[Lesson], *, said: str, waiting: int, channel: bool) -> JSON:
    """The lessons in which what was typed is found, the newest first. A channel sees those that were disseminated."""
    counted = f"{words.count(len(found), 'lesson')} found." if said else f"{words.count(len(found), 'lesson')}."
    wait = f" {words.count(waiting, 'lesson waits', 'lessons wait')} for a chair." if waiting else ""
    body = [e.heading(TITLE), e.text(counted + wait)]
    if not found:
        body.append(e.quiet("Type *lesson* to me in a private chat to raise one." if not said else "Try another word."))

    def made(share: float) -> JSON:
        shown = found[:LISTED]
        lines = [e.plain(_label(each), _words(each), limit=int(share * LINE)) for each in shown]
        more = [e.quiet(f"And {len(found) - LISTED} more: add words to find one.")] if len(found) > LISTED else []
        buttons = [] if channel else [_open(named(each)) for each in shown[:OPENED]]
        return e.card([*body, *lines, *more], speak=counted + wait, actions=buttons)

    return e.fitted(made)


def _open(reference: str) -> JSON:
    return e.submits(f"Open {reference}", Verb.LESSON, in_dialog=False, checks=False, reference=reference)


def _label(lesson: Lesson) -> str:
    return f"{named(lesson)} · {stands(lesson)}"


def stands(lesson: Lesson) -> str:
    """Where a lesson stands, in words of ours; for a card or on paper."""
    if is_withdrawn(lesson):
        return (
            f"withdrawn on {words.day(lesson.withdrawn_on.astimezone(words.UK).date())}"
            if lesson.withdrawn_on
            else "withdrawn"
        )
    if is_told(lesson) and lesson.disseminated_on is not None:
        return f"disseminated on {words.day(lesson.disseminated_on.astimezone(words.UK).date())}"
    return "waits for a chair"


def _words(lesson: Lesson) -> str:
    changes = f" What changes: {lesson.changes}" if lesson.changes else ""
    return f"{lesson.what or 'Nothing was said.'}{changes}"


def lesson_card(lesson: Lesson, *, may_decide: bool, in_dialog: bool, said: str = "", warned: str = "") -> JSON:
    """One lesson; for a chair or the mental health team, having it told and withdrawing it."""
    waits = not is_withdrawn(lesson) and not is_told(lesson)

    def made(share: float) -> JSON:
        limit = int(share * e.PARAGRAPH_BYTES)
        body = [
            *([e.warning(e.shortened(warned, 2000))] if warned else []),
            *([e.text(said)] if said else []),
            e.heading(f"Lesson {named(lesson)}"),
            e.text(f"{stands(lesson)[:1].upper()}{stands(lesson)[1:]}."),
            e.plain("What happened", lesson.what or "not stated", limit=limit),
            e.plain("What changes", lesson.changes or "not stated", limit=limit),
            e.plain("Who should know", lesson.audience or "not stated", limit=limit),
            *([e.plain("Disseminated by", lesson.disseminated_by)] if lesson.disseminated_by else []),
            *([e.plain("Why it was withdrawn", lesson.withdrawn_why)] if lesson.withdrawn_why else []),
            *(_inputs(lesson, share, waits=waits) if may_decide and not is_withdrawn(lesson) else []),
        ]
        buttons = _decides(lesson, in_dialog, waits=waits) if may_decide and not is_withdrawn(lesson) else []
        return e.card(body, speak=f"Lesson {named(lesson)}, {stands(lesson)}.", actions=buttons)

    return e.fitted(made)


def _inputs(lesson: Lesson, share: float, *, waits: bool) -> list[JSON]:
    audience = e.shortened(lesson.audience, int(share * e.PARAGRAPH_BYTES))
    typed = f"Or type *lesson disseminate {named(lesson)}*, *lesson withdraw {named(lesson)} why*."
    return [
        *([e.paragraph_input("audience", audience)] if waits else []),
        e.line_input("why", hint="Needed where it is withdrawn"),
        e.quiet(f"{typed} {EDIT if waits else ''}".strip()),
    ]


def _decides(lesson: Lesson, in_dialog: bool, *, waits: bool) -> list[JSON]:
    reference = named(lesson)
    tell = e.submits("Disseminate", Verb.LESSON_DISSEMINATE, main=True, in_dialog=in_dialog, reference=reference)
    back = e.submits("Withdraw", Verb.LESSON_WITHDRAW, in_dialog=in_dialog, reference=reference)
    return [tell, back] if waits else [back]


def lessons_digest(of: Digest) -> JSON:
    """What the channel is told of a month: each lesson once, and those that no longer hold."""
    fresh = words.count(len(of.lessons) + len(of.unfit), "lesson")
    said = f"{fresh} from {month_words(of.month)}."
    heading = e.heading(f"What we learned in {month_words(of.month)}")
    more = [named(each) for each in of.lessons[IN_A_DIGEST:]]

    def made(share: float) -> JSON:
        body = [heading, e.text(said)]
        for each in of.lessons[:IN_A_DIGEST]:
            body += _told(each, int(share * e.PARAGRAPH_BYTES))
        body += [e.text(f"And {words.joined(more[:40])}.")] if more else []
        body += [e.text(f"{words.joined(list(of.unfit[:20]))}: a chair looks at the words first.")] if of.unfit else []
        if of.withdrawn:
            body.append(e.subheading("Withdrawn: these no longer hold"))
            body += [
                e.plain(named(each), each.withdrawn_why or "A chair has the reason.", limit=int(share * e.LINE_BYTES))
                for each in of.withdrawn[:IN_A_DIGEST]
            ]
        body.append(e.quiet("Type *lessons* and a word to find earlier ones."))
        return e.card(body, speak=said)

    return e.fitted(made)


def _told(lesson: Lesson, limit: int) -> list[JSON]:
    return [
        e.subheading(named(lesson)),
        e.plain("What happened", lesson.what or "not stated", limit=limit),
        e.plain("What changes", lesson.changes or "not stated", limit=limit),
        e.plain("Who should know", lesson.audience or "not stated", limit=limit),
    ]


def month_words(month: Month) -> str:
    """A month as people write it: `October 2026`."""
    return f"{month.first:%B %Y}"
