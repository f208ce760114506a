"""Lessons: raised by a member, disseminated by a chair, told in the month's digest, withdrawn if they are wrong. Pure.

A lesson holds nothing about a case: it is checked for what would say who somebody is when it is raised, again before it
is disseminated, since a row of the list can be edited by hand, and again when the digest is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from board import references
from board.calendar import uk_date
from board.errors import FieldProblem, NotAllowed, Problem, Refusal
from board.forms import LINE, PARAGRAPH, Form
from board.identifying import Found, in_fields, of_nobody
from board.months import Month
from board.notices import Audience, Notice, NoticeKind
from board.records import Lesson, Member
from board.vocabulary import LessonStatus

DIGEST = "lessons"


def named(lesson: Lesson) -> str:
    """The reference of a lesson's row, such as `L-3`; a row typed by hand has one too."""
    return references.reference(references.LESSON, lesson.id)


def is_withdrawn(lesson: Lesson) -> bool:
    """Whether it was found to be wrong."""
    return lesson.status == LessonStatus.WITHDRAWN or not lesson.open


def is_told(lesson: Lesson) -> bool:
    """Whether a chair has disseminated it, and nobody has withdrawn it since."""
    return lesson.status == LessonStatus.DISSEMINATED and lesson.disseminated_on is not None and lesson.open


def is_waiting(lesson: Lesson) -> bool:
    """Whether it waits for a chair."""
    return not is_withdrawn(lesson) and not is_told(lesson)


def found_in(lesson: Lesson) -> dict[str, list[Found]]:
    """What in a lesson would say who somebody is, by the fields of its form; nothing where nothing is found."""
    said = {"learned": lesson.what, "change": lesson.changes, "audience": lesson.audience}
    return in_fields(said, said, of_nobody)


def disseminate(lesson: Lesson, form: Form, member: Member, now: datetime) -> Lesson:
    """The lesson once a chair or the mental health team has disseminated it; done twice, it stays as it was first.

    `audience` in the form says who should know, where the lesson does not or another is meant. Raises NotUnderstood
    without one, or where something would say who somebody is; NotAllowed for one that was withdrawn.
    """
    if is_withdrawn(lesson):
        raise NotAllowed(Refusal.LESSON_WITHDRAWN)
    if is_told(lesson):
        return lesson
    after = replace(lesson, audience=form.text("audience", PARAGRAPH) or lesson.audience)
    if not after.audience.strip() and not form.problems:
        form.problems.append(FieldProblem("audience", Problem.MISSING))
    form.problems += [FieldProblem(name, Problem.IDENTIFYING) for name in found_in(after)]
    form.done()
    return replace(after, status=LessonStatus.DISSEMINATED, disseminated_on=now, disseminated_by=member.name)


def withdraw(lesson: Lesson, form: Form, now: datetime) -> Lesson:
    """The lesson once it is withdrawn, with the reason; done twice, the first reason stays.

    Raises NotUnderstood without a reason, or for one that would say who somebody is: those who were told of the lesson
    are told why it no longer holds.
    """
    if is_withdrawn(lesson):
        return lesson
    why = form.text("why", LINE, required=True)
    form.problems += [FieldProblem("why", Problem.IDENTIFYING)] if why and of_nobody(why) else []
    form.done()
    return replace(lesson, status=LessonStatus.WITHDRAWN, open=False, withdrawn_on=now, withdrawn_why=why)


def matching(lessons: Iterable[Lesson], said: str) -> list[Lesson]:
    """The lessons in which every word that was typed is found, the newest first."""
    words = said.casefold().split()
    found = [each for each in lessons if all(word in _told(each) for word in words)]
    return sorted(found, key=lambda each: -each.id)


def _told(lesson: Lesson) -> str:
    state = "waiting" if is_waiting(lesson) else lesson.status
    parts = (named(lesson), state, lesson.what, lesson.changes, lesson.audience, lesson.forum)
    return " ".join(parts).casefold()


@dataclass(frozen=True, slots=True)
class Digest:
    """What a forum's channel is told of a month: lessons that were disseminated in it, and told ones withdrawn in it.

    `unfit` are the references of lessons that hold something now that may say who somebody is: their words are left
    out until a chair has seen to it.
    """

    month: Month
    lessons: Sequence[Lesson] = ()
    withdrawn: Sequence[Lesson] = ()
    unfit: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.lessons or self.withdrawn or self.unfit)


def digests(rows: Iterable[Lesson], month: Month, default: str) -> dict[str, Digest]:
    """The month's digests by the code of the forum whose channel hears; lessons of no forum are the default's.

    Each lesson is of one month, that in which it was disseminated, so it is told once. One that was withdrawn before
    its digest is in none; one that was told already is told once more: that it was withdrawn, and why.
    """
    found: dict[str, list[Lesson]] = {}
    for row in sorted({each.id: each for each in rows}.values(), key=lambda each: each.id):
        found.setdefault((row.forum or default).upper(), []).append(row)
    made = {code: _digest(those, month) for code, those in found.items()}
    return {code: digest for code, digest in made.items() if not digest.is_empty}


def _digest(rows: Sequence[Lesson], month: Month) -> Digest:
    fresh = [each for each in rows if is_told(each) and _in(each.disseminated_on, month)]
    unfit = [each for each in fresh if found_in(each)]
    back = [each for each in rows if is_withdrawn(each) and _in(each.withdrawn_on, month) and _was_told(each, month)]
    return Digest(
        month,
        [each for each in fresh if each not in unfit],
        [replace(each, withdrawn_why="") if of_nobody(each.withdrawn_why) else each for each in back],
        [named(each) for each in unfit],
    )


def _in(moment: datetime | None, month: Month) -> bool:
    return moment is not None and Month.of(uk_date(moment)) == month


def _was_told(lesson: Lesson, month: Month) -> bool:
    return lesson.disseminated_on is not None and Month.of(uk_date(lesson.disseminated_on)) < month


def digest_notice(forum: str, month: Month) -> Notice:
    """The notice of a month's digest to a forum's channel, once for ever."""
    return Notice(f"{DIGEST}/{month}/{Audience(forum=forum)}", NoticeKind.LESSONS, Audience(forum=forum), "")


def read_key(key: str) -> tuple[Month, str] | None:
    """Read a digest's key back: its month and the forum; None for any other text."""
    parts = key.split("/")
    month = Month.parse(parts[1]) if len(parts) == 3 and parts[0] == DIGEST else None
    audience = Audience.parse(parts[2]) if month else None
    return (month, audience.forum) if month and audience and audience.forum else None


def of_the_board(
    raised: Iterable[Lesson], told: Iterable[Lesson], withdrawn: Iterable[Lesson], since: date
) -> list[Lesson]:
    """What a board is told of: what was raised, disseminated or withdrawn since a day, each once, in order.

    One that was withdrawn before anybody was told of it is left out.
    """
    every = {each.id: each for each in (*raised, *told, *withdrawn)}.values()
    kept = [each for each in every if not is_withdrawn(each) or each.disseminated_on is not None]
    return sorted((each for each in kept if _moved(each) >= since), key=lambda each: each.id)


def _moved(lesson: Lesson) -> date:
    """The day on which something last happened to it."""
    moments = (lesson.raised_on, lesson.disseminated_on, lesson.withdrawn_on)
    return max((uk_date(each) for each in moments if each is not None), default=date.min)
