"""A tactical plan as its agencies meet it: made, signed off, and alerting at three in the morning of a bank holiday."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import CHAIR, LAPSED, NURSE, OBSERVER, POLICE, SOCIAL, STRANGER, TRUST_LEAD
from tests.scenarios.actions import TEAM_OFFICER, ActionStory, board_at, provisioned
from tests.scenarios.board import JSON, eventually, page, planted_in, text_of
from tests.scenarios.test_board import passes
from tests.teams import Person, Post, find_action, inputs

__all__ = ["provisioned"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECTIONS = {
    "scenarios": "PLANNEDSCENE goes to his brother's house at night",
    "triggers": "PLANNEDTRIGGER is not at the hostel by ten\nbuys petrol",
    "first_actions": "MHT: PLANNEDACTION ring the night nurse\npol: send two officers",
    "contingencies": "PLANNEDELSE look at the station",
    "victim_safety": "PLANNEDSAFE the brother has an alarm",
    "signatories": "MHT,POL",
}
PLANNED = ("PLANNEDSCENE", "PLANNEDTRIGGER", "PLANNEDACTION", "PLANNEDELSE", "PLANNEDSAFE", "PLANNEDNOTE", "Zebedee")
HOLIDAY_NIGHT = "2026-12-28T03:00"
"""Three in the morning of the substitute day for Boxing Day, a bank holiday in England."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[ActionStory]:
    """A board that this module's tests share: each makes a referral and a plan of its own."""
    async with board_at(tmp_path_factory.mktemp("plans"), provisioned) as made:
        await made.opens_a_chat(CHAIR, POLICE, NURSE, TRUST_LEAD, TEAM_OFFICER)
        yield made


async def opened(story: ActionStory, person: Person, reference: str) -> JSON:
    """Open a plan in a dialog: a reason, and then the card."""
    asked = page(await story.teams.open(person, {"do": "plan", "reference": reference}, story.channel))
    return await pressed(story, person, asked, "Show me", reason="Making or reviewing a plan")


async def pressed(story: ActionStory, person: Person, card: JSON, title: str, **typed: Any) -> JSON:
    """Press a button of the dialog; the next page is returned."""
    button = find_action(card, title=title)
    return page(await story.teams.submit(person, button["data"], typed, story.channel))


async def begun(story: ActionStory, **changed: str) -> tuple[str, JSON]:
    """A plan with its sections filled in by the chair: its reference, and its card."""
    case = await story.refer(POLICE)
    card = await pressed(story, CHAIR, await opened(story, CHAIR, case), "Make a plan")
    form = await pressed(story, CHAIR, card, "Contribute")
    card = await pressed(story, CHAIR, form, "Contribute", **{**SECTIONS, **changed})
    found = re.search(r"Plan (P-\d+\.1) for", text_of(card))
    assert found, text_of(card)
    return found[1], card


async def sent(story: ActionStory, **changed: str) -> str:
    """A plan sent for sign-off."""
    reference, card = await begun(story, **changed)
    form = await pressed(story, CHAIR, card, "Send for sign-off")
    await pressed(story, CHAIR, form, "Send for sign-off")
    return reference


async def agreed(story: ActionStory, **changed: str) -> str:
    """A plan that the police and the trust have signed."""
    reference = await sent(story, **changed)
    asked = f"Plan {reference} waits for"
    await eventually(lambda: all(chat_says(story, each, asked) for each in (NURSE, POLICE)), "both to be asked", 20)
    for person in (NURSE, POLICE):
        await opened(story, person, reference)
        assert "answer is kept" in await typed(story, person, f"sign {reference} no")
    await eventually(lambda: row_of(story, reference)["Status"] == "Agreed", "the plan to be agreed")
    return reference


async def typed(story: ActionStory, person: Person, text: str) -> str:
    """Type something in a private chat; all that is new there is returned, since notices may come beside the answer."""
    chat = story.teams.chat(person)
    before = len(story.teams.posts_in(chat))
    status, _ = await story.teams.say(person, text, chat)
    assert status == 200
    return "\n".join(text_of(post.activity) for post in story.teams.posts_in(chat)[before:])


def row_of(story: ActionStory, reference: str) -> JSON:
    """The plan's row."""
    number = int(reference[2:].split(".", maxsplit=1)[0])
    return next(row for row in story.bot.rows("Plans") if row["Id"] == number)


def chat_says(story: ActionStory, person: Person, said: str) -> int:
    """How many messages of a private chat say this."""
    return sum(said in text_of(post.activity) for post in story.teams.posts_in(story.teams.chat(person)))


async def test_a_plan_is_made_and_signed_off(story: ActionStory) -> None:
    """Sections are kept as typed, each signatory is asked once, and with all signatures it is agreed for 90 days."""
    reference = await agreed(story)

    row = row_of(story, reference)
    assert (row["Triggers"], row["Signatories"]) == (SECTIONS["triggers"], "MHT; POL")
    assert row["FirstActions"] == "MHT: PLANNEDACTION ring the night nurse\nPOL: send two officers"
    assert (row["ExpiresOn"][:10], row["ReviewOn"][:10]) == ("2027-02-14", "2026-12-14")
    await eventually(lambda: chat_says(story, CHAIR, f"Plan {reference} is agreed"), "the chair to hear")
    assert chat_says(story, NURSE, f"Plan {reference} waits for your agency's sign-off") == 1
    looks = [row for row in story.bot.rows("Disclosures") if row["MemberUserId"] == NURSE.object_id]
    assert looks
    assert looks[-1]["Reason"] == "Making or reviewing a plan"
    assert planted_in(story.in_the_channel(), PLANNED) == []


async def test_a_heard_case_says_that_its_plan_is_agreed(story: ActionStory) -> None:
    """Its state and why follow from the signatures, and the referrer hears."""
    reference = await sent(story)
    number = int(row_of(story, reference)["Case"][2:])
    story.bot.change_row("Referrals", number, Status="Heard")
    for person in (NURSE, POLICE):
        await opened(story, person, reference)
        await typed(story, person, f"sign {reference} no")
    await eventually(lambda: case_of(story, number)["Status"] == "Plan agreed", "the case to say so")
    case = case_of(story, number)
    assert case["Rationale"] == f"Every agency that signs {reference} has signed it off."
    assert (case["ChangedBy"], case["ChangeReason"]) == ("MHRMB bot", "plan agreed")
    await eventually(lambda: chat_says(story, POLICE, "A plan for it is agreed."), "the referrer to hear")


async def test_a_case_heard_after_its_plan_was_agreed(tmp_path: Path, provisioned: Path) -> None:
    """A plan that is agreed before the case is heard leaves its state alone; the next round after the hearing finds
    it; and what a meeting made of a case with a plan since then stands."""
    async with board_at(tmp_path, provisioned) as story:
        await story.opens_a_chat(CHAIR, POLICE, NURSE)
        early, reviewed = [int(row_of(story, await agreed(story))["Case"][2:]) for _ in range(2)]
        assert case_of(story, early)["Status"] == "Received"
        story.bot.change_row("Referrals", early, Status="Heard")
        story.bot.change_row("Referrals", reviewed, Status="Reviewed")
        story.moves_to("2026-11-17T09:30")
        await eventually(lambda: case_of(story, early)["Status"] == "Plan agreed", "the next round to find it", 20)
        assert case_of(story, reviewed)["Status"] == "Reviewed"


def case_of(story: ActionStory, number: int) -> JSON:
    """The case's row."""
    return next(row for row in story.bot.rows("Referrals") if row["Id"] == number)


async def test_a_trigger_alerts_at_any_hour(story: ActionStory) -> None:
    """At three on a bank holiday the named agencies hear at once, each once, with no word of the case; so do chairs."""
    reference = await agreed(story, first_actions="MHT: PLANNEDACTION ring\nASC: PLANNEDACTION open the shelter")
    story.moves_to(HOLIDAY_NIGHT)
    try:
        said = await typed(story, POLICE, f"trigger {reference} PLANNEDNOTE he has bought petrol")
        assert "told now, whatever the hour" in said
        for person in (NURSE, TRUST_LEAD, POLICE, CHAIR, TEAM_OFFICER):
            heard = f"A trigger was reported against {reference}"
            await eventually(lambda p=person, h=heard: chat_says(story, p, h), f"{person.name} to hear")
    finally:
        story.moves_to("2026-11-16T07:00")

    (report,) = [row for row in story.bot.rows("TriggerReports") if row["Reference"] == reference]
    assert (report["Note"], report["Agency"]) == ("PLANNEDNOTE he has bought petrol", "POL")
    heard = f"A trigger was reported against {reference}"
    (alert,) = [p for p in story.teams.posts_in(story.teams.chat(NURSE)) if heard in text_of(p.activity)]
    assert planted_in(alert.activity, PLANNED) == []
    assert "call 999" in text_of(alert.activity)
    plain = reference.split(".")[0]
    warned = await eventually(
        lambda: [p for p in story.teams.posts_in(story.channel) if f"reported against {plain}" in text_of(p.activity)],
        "the channel to hear for the agency whose people have no chat",
    )
    assert len(warned) == 1
    assert "ASC, please look now" in text_of(warned[0].activity)
    assert planted_in(story.in_the_channel(), PLANNED) == []
    for _ in range(2):
        _, answer = await story.teams.press(NURSE, alert, "I have seen this")
        assert "you have seen this" in text_of(answer)
    seen = [row for row in story.bot.rows("Events") if row["Kind"] == "trigger seen"]
    assert [row["Holder"] for row in seen] == [NURSE.object_id]


async def test_a_risk_from_a_case_carries_no_case_detail(story: ActionStory) -> None:
    """A name of the case is refused with its field named and nothing lost; put right, it is kept without the case."""
    case = await story.refer(POLICE)
    data = {"do": "raise", "what": "risk", "case": case}
    form = page(await story.teams.open(CHAIR, data, story.channel))
    assert all("value" not in each for each in inputs(form).values()), "it starts empty"
    words = {"cause": "Two wards ring two numbers", "event": "Zebedee's discharge was not told", "impact": "Harm"}

    again = await pressed(story, CHAIR, form, "Raise a risk", **words)

    assert "Event holds something that may say who somebody is." in text_of(again)
    assert inputs(again)["cause"]["value"] == words["cause"]
    assert story.bot.rows("Risks") == []
    for _ in range(2):
        kept = await pressed(story, CHAIR, again, "Raise a risk", **{**words, "event": "A discharge was not told"})
        assert "Kept as K-1." in text_of(kept)
    (row,) = story.bot.rows("Risks")
    assert (row["Event"], row["Reference"]) == ("A discharge was not told", "K-1")
    assert planted_in(str(row), ("Zebedee", f"{case}")) == []


@pytest.mark.parametrize("person", [OBSERVER, STRANGER, LAPSED, SOCIAL], ids=lambda person: person.name)
async def test_only_the_entitled_see_a_plan(story: ActionStory, person: Person) -> None:
    """A stranger, an observer and an agency without an agreement see no word of it; an agency asked does."""
    reference, _ = await begun(story)

    said = await typed(story, person, f"plan {reference} reviewing a plan")

    if person is SOCIAL:
        said = text_of(await opened(story, person, reference))
    assert bool(planted_in(said, PLANNED)) == (person is SOCIAL)


async def test_a_plan_that_directs_that_care_be_refused_is_stopped(story: ActionStory) -> None:
    """The answer yes needs a reason, stops the version for everybody, and the chair hears of it."""
    reference = await sent(story)
    await opened(story, NURSE, reference)

    assert "Why is needed." in await typed(story, NURSE, f"sign {reference} yes")
    assert "answer is kept" in await typed(story, NURSE, f"sign {reference} yes it turns him away from the unit")

    await eventually(lambda: chat_says(story, CHAIR, f"plan {reference} directs that"), "the chair to hear")
    assert "nobody signs it" in await typed(story, POLICE, f"sign {reference} no")
    assert row_of(story, reference)["Status"] == "For sign-off"


@pytest.mark.long
async def test_an_alert_does_not_wait_behind_many_cards(tmp_path: Path, provisioned: Path) -> None:
    """While the cards of forty referrals wait for what Teams takes of a channel, a trigger is alerted all the same."""
    async with board_at(tmp_path, provisioned) as story:
        await story.opens_a_chat(CHAIR, NURSE)
        reference = await sent(story)
        form = await pressed(story, NURSE, await opened(story, NURSE, reference), "Report a trigger")
        before = len(story.teams.posts_in(story.channel))
        rows = {
            "Agency": "POL",
            "Asked": "MHT",
            "Open": True,
            "Concern": "Other",
            "Urgency": "Routine (the next subgroup)",
        }
        for number in range(40):
            story.bot.add_row("Referrals", Title=f"typed {number}", **rows)
        await eventually(lambda: len(story.teams.posts_in(story.channel)) > before, "the first card")
        await pressed(story, NURSE, form, "Report a trigger", note="seen at the station")
        await eventually(lambda: chat_says(story, CHAIR, f"reported against {reference}"), "the alert", 20)
        assert len(story.teams.posts_in(story.channel)) < before + 40, "cards still wait"


async def test_a_working_days_round_chases_a_signature(story: ActionStory) -> None:
    """Who has not signed hears of it once on the next working day; whoever has signed does not."""
    reference = await sent(story)
    await opened(story, POLICE, reference)
    await typed(story, POLICE, f"sign {reference} no")
    still = f"Plan {reference} still waits"
    story.moves_to("2026-11-17T09:30")
    try:
        await eventually(lambda: chat_says(story, NURSE, still), "the trust to be chased", 20)
    finally:
        story.moves_to("2026-11-16T07:00")
    assert (chat_says(story, NURSE, still), chat_says(story, POLICE, still)) == (1, 0)


async def test_several_unsigned_plans_are_one_reminder(story: ActionStory) -> None:
    """Somebody with three plans to sign hears of them once on a working day, with a button that opens each."""
    plans = [await sent(story) for _ in range(3)]

    def reminders() -> list[Post]:
        posts = story.teams.posts_in(story.teams.chat(NURSE))
        return [post for post in posts if "still wait for your agency" in text_of(post.activity)]

    before = len(reminders())
    story.moves_to("2026-11-18T09:30")
    try:
        await eventually(lambda: len(reminders()) > before, "the trust to be reminded", 20)
        await eventually(lambda: story.bot.round_done() == "2026-11-18", "the round to be done", 20)
    finally:
        story.moves_to("2026-11-16T07:00")
    (reminder,) = reminders()[before:]
    said = text_of(reminder.activity)
    assert [plan in said for plan in plans] == [True] * 3
    kept = [row["Key"] for row in story.bot.rows("Posts") if row["Key"].startswith("plan/unsigned-MHRMB/2026-11-18/")]
    assert len(kept) == len(set(kept))
    assert f"plan/unsigned-MHRMB/2026-11-18/{NURSE.object_id}" in kept


async def test_nobody_signs_what_their_agency_has_not_looked_at(story: ActionStory) -> None:
    """A signature counts only after somebody of the agency has looked at the case, on record."""
    reference = await sent(story)
    assert "has looked" in await typed(story, NURSE, f"sign {reference} no")
    assert row_of(story, reference)["Status"] == "For sign-off"


FORGED = [
    {"do": "plan", "reference": "P-9999.1"},
    {"do": "plan", "reference": {"P": 14}},
    {"do": "plan.move", "reference": "P-1.1", "case": "R-9999", "move": "end plan", "key": "f" * 32, "why": "x"},
    {"do": "plan.move", "reference": "P-1.1", "case": "R-1", "move": "rewrite", "key": "f" * 32},
    {"do": "plan.move", "reference": "P-1.1", "case": "R-1", "move": "end plan", "key": "no", "why": "x"},
    {"do": "plan.begin", "reference": "R-1", "case": "R-1", "look": "f" * 32},
    {"do": "plan.seen", "report": "1 or 1 eq 1"},
    {"do": "raise.submit", "what": "rumour", "key": "f" * 32},
]


@pytest.mark.parametrize("data", FORGED, ids=lambda data: str(data)[:60])
async def test_a_forged_press_changes_nothing(story: ActionStory, data: JSON) -> None:
    """What no card offered is answered by a sentence or a question, shows no word of a plan, and writes none."""
    before = story.bot.rows("Plans")

    status, answer = await story.teams.submit(NURSE, data, {}, story.channel)

    assert status == 200
    assert planted_in(answer, PLANNED) == []
    assert story.bot.rows("Plans") == before


async def test_a_second_press_alerts_nobody_again(story: ActionStory) -> None:
    """The same form of a trigger sent twice makes one report, and one alert for each person."""
    reference = await sent(story)
    form = await pressed(story, NURSE, await opened(story, NURSE, reference), "Report a trigger")

    for _ in range(2):
        await pressed(story, NURSE, form, "Report a trigger", note="PLANNEDNOTE seen at the station")

    await eventually(lambda: chat_says(story, CHAIR, f"reported against {reference}"), "the chair to hear")
    assert len([row for row in story.bot.rows("TriggerReports") if row["Reference"] == reference]) == 1
    assert chat_says(story, CHAIR, f"reported against {reference}") == 1


async def test_a_trigger_is_chosen_and_read_by_who_is_alerted(story: ActionStory) -> None:
    """The form offers the plan's own triggers, one tap is enough, and whoever opens the plan reads of it."""
    reference = await sent(story)
    form = await pressed(story, NURSE, await opened(story, NURSE, reference), "Report a trigger")
    hostel, petrol = SECTIONS["triggers"].splitlines()
    assert text_of(form).index(hostel) < text_of(form).index(petrol)
    second = inputs(form)["which_trigger"]["choices"][1]
    assert second["title"] == "Trigger 2"

    refused = await pressed(story, NURSE, form, "Report a trigger")
    assert "Note is needed" in text_of(refused)

    await pressed(story, NURSE, form, "Report a trigger", which_trigger=second["value"])
    seen = text_of(await opened(story, CHAIR, reference))
    assert "by MHT" in seen
    assert seen.index(petrol) < seen.index(SECTIONS["scenarios"])


async def test_two_agencies_contribute_without_losing_a_word(story: ActionStory) -> None:
    """A form opened before another agency wrote its own action keeps that action, whoever saves later."""
    reference, card = await begun(story)
    form = await pressed(story, CHAIR, card, "Contribute")
    said = await typed(story, NURSE, f"contribute {reference} scenario: goes missing; action: ring the crisis line")
    assert "Kept in the plan" in said

    await pressed(story, CHAIR, form, "Contribute", **{**SECTIONS, "contingencies": "Ring the duty inspector"})

    row = row_of(story, reference)
    assert row["FirstActions"] == "MHT: ring the crisis line\nPOL: send two officers"
    assert row["Scenarios"].splitlines() == [SECTIONS["scenarios"], "goes missing"]
    assert row["Contingencies"] == "Ring the duty inspector"


async def test_a_new_version_carries_no_signature_over(story: ActionStory) -> None:
    """What changes is compulsory; the next version is a draft nobody has signed, and the old one cannot be signed."""
    reference = await agreed(story)
    card = await opened(story, CHAIR, reference)
    form = await pressed(story, CHAIR, card, "New version")

    again = await pressed(story, CHAIR, form, "New version", changes="")
    assert "What this version changes, and why is needed." in text_of(again)
    card = await pressed(story, CHAIR, again, "New version", changes="He has moved")

    second = reference.replace(".1", ".2")
    assert (row_of(story, reference)["Reference"], row_of(story, reference)["Status"]) == (second, "Draft")
    assert "nobody yet" in text_of(card)
    assert "There is a newer version" in await typed(story, NURSE, f"sign {reference} no")


@pytest.mark.long
async def test_a_round_asks_for_all_plans_together(tmp_path: Path, provisioned: Path) -> None:
    """However many are in force, it asks for what is beside them at once, and claims nothing that was told before."""
    async with board_at(tmp_path, provisioned, "2026-11-30T07:00") as story:
        await story.opens_a_chat(CHAIR)
        spent = []
        for first, second, more in (("2026-12-01", "2026-12-02", 2), ("2026-12-03", "2026-12-04", 20)):
            for _ in range(more):
                story.bot.add_row("Plans", Status="Agreed", PlanVersion=1, Case="B-7", ExpiresOn="2026-12-08T12:00:00Z")
            await passes(story, first)
            told = [post for post in story.bot.rows("Posts") if "/expiring/" in post["Key"]]
            story.bot.control("DELETE", "/__requests")
            await passes(story, second)
            asked = story.bot.control("GET", "/__requests")["by"]
            spent.append(sum(number for what, number in asked.items() if "getchanges" not in what))
            after = [post for post in story.bot.rows("Posts") if "/expiring/" in post["Key"]]
            assert {post["Key"] for post in after} == {post["Key"] for post in told}
        assert len(told) >= 22
        # One request for each of twenty more would be twenty; what else goes on meanwhile is up to nine, either way.
        assert spent[1] <= spent[0] + 12
