"""Bad input is the normal case: each is answered with a sentence, changes nothing, and is never a 500."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from tests.board_people import NURSE, POLICE, SOCIAL, STRANGER
from tests.running import RunningBot
from tests.scenarios.board import (
    PLANTED,
    REFERRAL,
    Story,
    eventually,
    page,
    planted_in,
    reference_in,
    sentence,
    text_of,
)
from tests.teams import Person, Place, Post, find_action, inputs

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

KEPT = ("Referrals", "Subjects", "Returns", "Members", "Agencies", "Forums", "Settings")
LONG = "Zebedee " * 20_000
NOBODY = Person("Nobody Known", user_id="")

JUNK: tuple[Any, ...] = (7, 1.5, True, None, [], ["x"], {}, {"a": {"b": []}}, "", "\x00\u202e", "💥" * 3000)


def state(bot: RunningBot) -> dict[str, list[tuple[Any, ...]]]:
    """Every kept row with its version: equal states mean that nothing was written."""
    return {name: [(row["Id"], row["OData__UIVersionString"]) for row in bot.rows(name)] for name in KEPT}


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def seen_to(story: Story) -> AsyncIterator[None]:
    """Every test leaves the referrals as the loop will: of one person each, so all but the first marked as repeats."""
    yield
    await eventually(
        lambda: all(row["RepeatOf"] for row in story.bot.rows("Referrals", orderby="Id")[1:]), "the repeats' marks"
    )


def replies(story: Story, place: Place) -> list[Post]:
    """What was posted in a place but for the referrals' own cards, which the loop may post at any time."""
    return [post for post in story.teams.posts_in(place) if "See who this is" not in text_of(post.activity)]


@pytest.mark.parametrize("missing", ["name", "concern", "urgency", "why_now"])
async def test_a_form_that_lacks_something_comes_back_as_typed(story: Story, missing: str) -> None:
    """The dialog says which field is needed, keeps what was typed, and stores nothing."""
    form, before = await story.referral_form(POLICE), state(story.bot)

    again = await story.submit_referral(POLICE, form, {**REFERRAL, missing: ""})

    said = text_of(again)
    assert "Not sent yet." in said
    assert inputs(again)[missing]["label"] in said
    for name, value in REFERRAL.items():
        assert inputs(again)[name].get("value", "") == ("" if name == missing else value)
    assert state(story.bot) == before


async def test_an_empty_form_names_every_field_that_is_needed(story: Story) -> None:
    """All problems are told at once, not one at a time."""
    form, before = await story.referral_form(POLICE), state(story.bot)

    said = text_of(await story.submit_referral(POLICE, form, {}))

    for label in ("Name of the person is needed", "Kind of concern is needed", "How soon is needed"):
        assert label in said
    assert state(story.bot) == before


@pytest.mark.parametrize("field", ["name", "why_now", "asked_for", "contact"])
async def test_text_that_is_too_long_is_refused(story: Story, field: str) -> None:
    """What does not fit is told with its limit; the answer stays within what Teams takes."""
    form, before = await story.referral_form(POLICE), state(story.bot)

    again = await story.submit_referral(POLICE, form, {**REFERRAL, field: LONG})

    assert "too long: at most" in text_of(again)
    assert state(story.bot) == before


@pytest.mark.parametrize("value", JUNK, ids=repr)
@pytest.mark.parametrize("field", ["name", "concern", "urgency", "date_of_birth", "key"])
async def test_wrong_types_in_a_form_are_answered_with_a_sentence(story: Story, field: str, value: Any) -> None:
    """Whatever a card sends back in a field, nothing is stored unless it is a good value."""
    if field == "date_of_birth" and value in ("", None, "\x00\u202e"):
        pytest.skip("a date of birth may be left out")
    if field == "name" and value == "💥" * 3000:
        value = "💥" * 300
    form, before = await story.referral_form(POLICE), state(story.bot)
    send = find_action(form, title="Send the referral")["data"]
    inputs_sent = {**REFERRAL, field: value} if field != "key" else REFERRAL
    data = {**send, "key": value} if field == "key" else send

    status, answer = await story.teams.submit(POLICE, data, inputs_sent, story.teams.chat(POLICE))

    assert status == 200
    assert len(sentence(answer)) > 10
    assert state(story.bot) == before


@pytest.mark.parametrize("reference", [*JUNK, "R-999999", "A-1", "R-0", "R-1' or 1 eq 1", "../R-1"], ids=repr)
@pytest.mark.parametrize("do", ["look", "look.submit", "answer", "refer.more", "refer.more.submit"])
async def test_wrong_references_are_answered_with_a_sentence(story: Story, do: str, reference: Any) -> None:
    """A reference that is none, or of nothing, is told so; nothing is read out and nothing stored."""
    before = state(story.bot)

    data = {
        "do": do,
        "reference": reference,
        "key": "0" * 32,
        "answer": "Known",
        "reason": "Preparing for the subgroup",
    }
    status, answer = await story.teams.submit(NURSE, data, {}, story.channel)

    assert status == 200
    assert "not a reference" in sentence(answer) or "There is no R-" in sentence(answer)
    assert planted_in(answer) == []
    assert state(story.bot) == before


@pytest.mark.parametrize("verb", ["", "drop table", "tracker.next", "refer.submit ", 5, None, ["look"]], ids=repr)
async def test_a_button_of_an_older_card_is_told_so(story: Story, verb: Any) -> None:
    """A verb that no longer exists, or never did, changes nothing."""
    before = state(story.bot)
    chat = story.teams.chat(NURSE)

    status, answer = await story.teams.submit(NURSE, {"do": verb}, {}, chat)

    assert status == 200
    assert "older card" in sentence(answer)
    assert state(story.bot) == before


async def test_an_answer_without_a_look_is_refused(story: Story) -> None:
    """A forged answer from somebody whose agency has not looked does not count."""
    reference = await story.refer(POLICE)
    before = state(story.bot)
    data = {"do": "answer", "reference": reference, "key": "a" * 32, "answer": "Not known"}

    _, answer = await story.teams.submit(SOCIAL, data, {}, story.channel)

    assert "only after somebody in your agency has looked" in sentence(answer)
    assert state(story.bot) == before


async def test_an_agency_that_is_not_asked_cannot_answer(story: Story) -> None:
    """The referring agency sees its own referral but is not asked about it."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    detail = await story.look(POLICE, post)
    assert "Zebedee" in text_of(detail)
    assert [each["title"] for each in detail.get("actions", [])] == ["History", "More"], "nothing to answer with"
    before = state(story.bot)

    data = {"do": "answer", "reference": reference, "key": "b" * 32, "answer": "Known"}
    _, answer = await story.teams.submit(POLICE, data, {}, story.channel)

    assert "not asked" in sentence(answer)
    assert state(story.bot) == before


async def test_somebody_elses_key_opens_nothing(story: Story) -> None:
    """Sending the key of another member's look or answer neither shows nor stores anything under it."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    ask = page((200, await story.open_look(NURSE, post)))
    show = find_action(ask, title="Show me")
    await story.teams.submit(NURSE, show["data"], {"reason": "Preparing for the subgroup"}, story.channel)
    before = state(story.bot)

    _, answer = await story.teams.submit(SOCIAL, show["data"], {"reason": "Preparing for the subgroup"}, story.channel)

    assert "out of date" in sentence(answer)
    assert planted_in(answer) == []
    assert state(story.bot) == before


async def test_the_same_click_twice_is_one_answer(story: Story) -> None:
    """A double click, or Teams running an action again, stores nothing the second time, and says so."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    detail = await story.look(NURSE, post)

    first = await story.answer(NURSE, detail, "Known")
    second = await story.answer(NURSE, detail, "Known")

    assert "is kept. Thank you." in text_of(first)
    assert "already kept" in text_of(second)
    assert len([row for row in story.bot.rows("Returns") if row["Reference"] == reference]) == 1


async def test_the_same_form_twice_is_one_referral(story: Story) -> None:
    """Sending the two-minute form twice makes one referral and one person, and gives the same receipt."""
    form = await story.referral_form(POLICE)
    before = len(story.bot.rows("Referrals")), len(story.bot.rows("Subjects"))

    first = await story.submit_referral(POLICE, form, REFERRAL)
    second = await story.submit_referral(POLICE, form, REFERRAL)

    assert text_of(first) == text_of(second)
    assert (len(story.bot.rows("Referrals")), len(story.bot.rows("Subjects"))) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(
    "said", ["", "   ", "tarcker", "refe", "🙂", "x" * 5000, "setup", "referral", "look", "<b>hi</b>", "'; drop"]
)
@pytest.mark.parametrize("where", ["channel", "chat"])
async def test_every_miss_gets_a_sentence(story: Story, said: str, where: str) -> None:
    """Unknown, mistyped and half-typed words are answered, and never said back."""
    place = story.channel if where == "channel" else story.teams.chat(NURSE)
    before, count = state(story.bot), len(replies(story, place))

    status, _ = await story.teams.say(NURSE, said, place)

    assert status == 200
    assert len(replies(story, place)) == count + 1
    spoken = text_of(replies(story, place)[-1].activity)
    assert len(spoken) > 20
    assert "tarcker" not in spoken
    assert "drop" not in spoken
    assert state(story.bot) == before


@pytest.mark.parametrize(
    "said", ["look R-1 for Zebedee Planted", "return R-1 Zebedee Planted was seen", "refer name: Zebedee Planted"]
)
async def test_what_concerns_a_person_is_not_taken_in_a_channel(story: Story, said: str) -> None:
    """The bot says how to go on privately, stores nothing, and repeats nothing."""
    before, count = state(story.bot), len(story.teams.posts)

    await story.teams.say(NURSE, said, story.channel)

    spoken = " ".join(text_of(post.activity) for post in list(story.teams.posts.values())[count:])
    assert "private chat" in spoken
    assert planted_in(spoken) == []
    assert state(story.bot) == before


@pytest.mark.parametrize("person", [STRANGER, NOBODY], ids=["a stranger", "no object id"])
async def test_an_unknown_sender_changes_nothing(story: Story, person: Person) -> None:
    """Somebody the lists do not hold is told whom to ask, by every door."""
    form, before = await story.referral_form(POLICE), state(story.bot)
    send = find_action(form, title="Send the referral")["data"]
    chat = story.teams.chat(person)

    _, answer = await story.teams.submit(person, send, REFERRAL, chat)
    assert "I do not know you" in sentence(answer)
    for said in ("refer", "referrals", "setup 12345678", "setup agency POL"):
        await story.teams.say(person, said, story.channel)
    assert [n for n in KEPT if n != "Settings" and state(story.bot)[n] != before[n]] == []


async def test_a_wrong_set_up_code_is_refused_and_guesses_run_out(tmp_path: Any) -> None:
    """After five wrong codes even the right one is refused, until provisioning prints a new one."""
    from tests.teams import Teams  # noqa: PLC0415

    with RunningBot(tmp_path) as bot:
        async with Teams(bot.url) as teams:
            place = teams.channel()
            for _ in range(5):
                await teams.say(STRANGER, "setup AAAA-AAAA", place)
                assert "not the set-up code" in teams.last(place).text
            await teams.say(STRANGER, f"setup {bot.code}", place)
            assert "not the set-up code" in teams.last(place).text
            assert bot.rows("Members") == []
            assert bot.rows("Conversations") == []


async def test_a_sharepoint_that_is_down_loses_nothing_typed(story: Story) -> None:
    """With the store unreachable a form comes back whole; when it is back the same form is kept once."""
    form = await story.referral_form(POLICE)
    before = len(story.bot.rows("Referrals"))
    story.bot.control("POST", "/__faults", {"status": 503, "share": 1.0, "retry_after": 1, "match": ".*/_api/.*"})
    try:
        again = await story.submit_referral(POLICE, form, REFERRAL)
        assert "SharePoint" in text_of(again)
        assert inputs(again)["why_now"]["value"] == REFERRAL["why_now"]
        await story.teams.say(NURSE, "referrals", story.teams.chat(NURSE))
        assert "SharePoint" in story.teams.last(story.teams.chat(NURSE)).text
        await story.teams.say(NURSE, "help", story.teams.chat(NURSE))
        assert "What you can say" in text_of(story.teams.last(story.teams.chat(NURSE)).card)
    finally:
        story.bot.control("DELETE", "/__faults")

    receipt = await story.submit_referral(POLICE, again, REFERRAL)

    assert "kept as R-" in text_of(receipt)
    assert len(story.bot.rows("Referrals")) == before + 1


async def test_a_look_that_cannot_be_recorded_shows_nothing(story: Story) -> None:
    """When the row in Disclosures cannot be written, the details stay hidden."""
    reference = await story.refer(POLICE)
    post = await story.card_of(reference)
    ask = page((200, await story.open_look(NURSE, post)))
    show = find_action(ask, title="Show me")
    story.bot.control("POST", "/__faults", {"status": 503, "share": 1.0, "match": "POST .*Disclosures.*"})
    try:
        _, answer = await story.teams.submit(
            NURSE, show["data"], {"reason": "Preparing for the subgroup"}, story.channel
        )
    finally:
        story.bot.control("DELETE", "/__faults")

    assert "SharePoint" in sentence(answer)
    assert planted_in(answer) == []


async def test_teams_being_down_delays_the_card_and_loses_nothing(story: Story) -> None:
    """A referral made while Teams' connector refuses connections is posted once it is back, once."""
    form = await story.referral_form(POLICE)
    await story.teams.stop()
    try:
        # The invoke's answer travels on its own request, so the dialog still works.
        receipt = await story.submit_referral(POLICE, form, REFERRAL)
        reference = reference_in(receipt)
        status, _ = await story.teams.say(NURSE, "help", story.teams.chat(NURSE))
        assert status == 200
    finally:
        await story.teams.start()

    await story.card_of(reference, within=20)
    posts = [row for row in story.bot.rows("Posts") if row["Key"] == f"referral/{reference}"]
    assert len(posts) == 1
    await eventually(_is_sent(story, reference), "the post to be marked as sent")


def _is_sent(story: Story, reference: str) -> Callable[[], bool]:
    return lambda: any(
        row["Key"] == f"referral/{reference}" and row["Status"] == "Sent" for row in story.bot.rows("Posts")
    )


async def test_a_send_whose_outcome_is_unknown_is_retried_once_and_marked(story: Story) -> None:
    """A gateway error may hide a post that was made: it is tried once more, and the row says so."""
    form = await story.referral_form(POLICE)
    await eventually(lambda: not _on_the_way(story), "what earlier tests had posted to be sent", 20)
    marked = _unknown(story)
    story.teams.fail_next(502, 1, method="POST")
    reference = reference_in(await story.submit_referral(POLICE, form, REFERRAL))
    await story.card_of(reference, within=20)

    await eventually(_is_sent(story, reference), "the post to be marked as sent", 20)
    # The card, the referrer's receipt and what else goes out are sent side by side: any may have met the gateway.
    await eventually(lambda: _unknown(story) == marked + 1, "one of the posts to be marked", 20)


def _unknown(story: Story) -> int:
    return sum(row["UnknownOutcomes"] or 0 for row in story.bot.rows("Posts"))


def _on_the_way(story: Story) -> list[str]:
    return [row["Key"] for row in story.bot.rows("Posts") if row["Open"] and row["Kind"] == "referral"]


async def test_nothing_planted_was_logged(story: Story) -> None:
    """After all of the above no name, date or free text of a person is in the bot's output."""
    assert planted_in("\n".join(story.bot.heard()), (*PLANTED, "Traceback")) == []
