"""Somebody who was referred before, through the real door: linked by the bot, told only to those entitled to both."""

from __future__ import annotations

import pytest

from tests.board_people import CHAIR, NURSE, POLICE
from tests.scenarios.actions import TEAM_OFFICER
from tests.scenarios.board import Story, eventually, planted_in, text_of
from tests.scenarios.test_gate import add_officer, row_of, said, told

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = {"name": "Yorick Imagined", "date_of_birth": "1971-02-03"}
SPELLED = {"name": "Zebbedee PLANTED", "date_of_birth": "1984-03-17"}


async def ready(story: Story) -> None:
    """The officer is a member and has opened a chat."""
    add_officer(story)
    await story.teams.say(TEAM_OFFICER, "hello", story.teams.chat(TEAM_OFFICER))


async def linked(story: Story, reference: str, to: str) -> None:
    """Wait until a referral names an earlier one."""
    await eventually(lambda: row_of(story, reference)["RepeatOf"] == to, f"{reference} to name {to}")


async def test_a_repeat_is_linked_and_told_to_the_team(story: Story) -> None:
    """However the name is spelled; the team hears of it by reference, the referrer and the channel hear nothing, and
    the look and the triage name it to who may see both."""
    await ready(story)
    first = await story.refer(POLICE)
    await story.refer(POLICE, **OTHER)
    again = await story.refer(NURSE, **SPELLED)
    await linked(story, again, first)
    row = row_of(story, again)
    assert (row["ChangedBy"], row["ChangeReason"]) == ("MHRMB bot", "who it is about")

    heard = f"{again} is about somebody who was referred before, as {first}."
    await eventually(lambda: told(story, TEAM_OFFICER, heard), "the team to hear")
    (notice,) = [p for p in story.teams.posts_in(story.teams.chat(TEAM_OFFICER)) if heard in text_of(p.activity)]
    assert "a name spelled much the same" in text_of(notice.activity)
    assert planted_in(notice.activity, ("Zeb", "1984")) == []
    for person in (POLICE, NURSE, CHAIR):
        assert not told(story, person, "referred before")
    channel = "\n".join(text_of(post.activity) for post in story.teams.posts_in(story.channel))
    assert "eferred before" not in channel

    assert f"Referred before, as\n{first}" in await said(story, TEAM_OFFICER, f"triage {again}")
    assert "Referred before" not in await said(story, TEAM_OFFICER, f"triage {first}")


async def test_a_restricted_one_is_not_betrayed(story: Story) -> None:
    """Whoever is not let in to the earlier case neither hears of it nor reads it in the later one."""
    await ready(story)
    born = {"name": "Xanthippe Invented", "date_of_birth": "1990-01-09"}
    first = await story.refer(POLICE, **born)
    assert "is restricted" in await said(story, POLICE, f"restrict {first} a victim")
    await eventually(lambda: row_of(story, first)["Restricted"], "it to be restricted")
    again = await story.refer(NURSE, **born)
    await linked(story, again, first)
    shown = await said(story, TEAM_OFFICER, f"triage {again}")
    assert "Xanthippe" in shown
    assert "Referred before" not in shown
    assert not told(story, TEAM_OFFICER, f"referred before, as {first}")


async def test_what_is_added_or_typed_later_counts(story: Story) -> None:
    """A number added in SharePoint links a case; a date of birth typed there has children's social care asked."""
    await ready(story)
    story.bot.add_row(
        "Agencies", Agency="CSC", AgencyName="Example Children", Kind="Children's social care",
        IsaSignedOn="2025-01-06T12:00:00Z", IsaLapsesOn="2030-12-31T12:00:00Z", Open=True,
    )  # fmt: skip
    first = await story.refer(POLICE, name="Unknown man", date_of_birth="")
    again = await story.refer(POLICE, name="Unknown caller", date_of_birth="")
    subjects = {row["Reference"]: row["Id"] for row in story.bot.rows("Subjects")}
    story.bot.change_row("Subjects", subjects[first], NhsNumber="943 476 5919")
    number = subjects[again]
    story.bot.change_row("Subjects", number, NhsNumber="9434765919")
    story.bot.change_row("Subjects", number, DateOfBirth="2014-05-05T12:00:00Z")
    await linked(story, again, first)
    await eventually(lambda: "CSC" in row_of(story, again)["Asked"], "children's social care to be asked")
    assert "CSC" not in row_of(story, first)["Asked"]


async def test_a_link_made_by_hand_stays(story: Story) -> None:
    """What a person wrote is not written over, and a twin is nobody's repeat."""
    await ready(story)
    first = await story.refer(POLICE, name="Adam Rumbelow", date_of_birth="1988-08-08")
    twin = await story.refer(POLICE, name="Alan Rumbelow", date_of_birth="1988-08-08")
    third = await story.refer(POLICE, name="Adam Rumbelow", date_of_birth="1988-08-08")
    await linked(story, third, first)
    assert row_of(story, twin)["RepeatOf"] is None
    story.bot.change_row("Referrals", int(third[2:]), RepeatOf="R-1")
    person = next(row for row in story.bot.rows("Subjects") if row["Reference"] == third)
    story.bot.change_row("Subjects", person["Id"], Aliases="Ad")
    fourth = await story.refer(POLICE, name="Adam Rumbelow", date_of_birth="1988-08-08")
    await linked(story, fourth, third)
    assert row_of(story, third)["RepeatOf"] == "R-1"
    story.bot.change_row("Referrals", int(third[2:]), RepeatOf="see Adam's file")
    shown = await said(story, TEAM_OFFICER, f"triage {third}")
    assert "Adam Rumbelow" in shown
    assert "Referred before" not in shown, "what is no reference is not shown as one"


async def test_nothing_of_it_was_logged(story: Story) -> None:
    """No name is in the bot's output."""
    words = ("Zebedee", "Zebbedee", "Yorick", "Xanthippe", "Rumbelow", "Traceback")
    assert planted_in("\n".join(story.bot.heard()), words) == []
