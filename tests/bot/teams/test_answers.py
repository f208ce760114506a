"""What the handler answers reaches the person in the shape Teams expects, for each kind of turn."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.logs import TextFormatter
from bot.teams.edge import Edge
from bot.turn import (
    Answer,
    CloseDialog,
    Dialog,
    Found,
    Message,
    ReplaceCard,
    Reply,
    Result,
    TeamsBusy,
    Toast,
    Turn,
)
from tests.bot.teams.conftest import SORRY, SUMMARY, Recorder
from tests.teams import CARD, Person, Place, Teams, find_action, inputs, texts

AMY = Person("Amy Archer")
HELLO: dict[str, Any] = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Hello"}]}
THUMBNAIL = "application/vnd.microsoft.card.thumbnail"
TOAST = "application/vnd.microsoft.activity.message"
PAGE = {
    "title": "Refer",
    "height": "medium",
    "width": "medium",
    "card": {"contentType": CARD, "content": HELLO},
}

pytestmark = pytest.mark.usefixtures("edge")


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged, with its fields, as an operator reads it."""
    return "\n".join(TextFormatter().format(record) for record in caplog.records)


async def press(teams: Teams, place: Place | None = None) -> tuple[int, Any]:
    activity = teams.activity(AMY, place or teams.channel(), "invoke", name="adaptiveCard/action")
    return await teams.deliver({**activity, "value": {"action": {"type": "Action.Execute", "verb": "v"}}})


async def test_reply(teams: Teams, handler: Recorder) -> None:
    """Messages come in order into the thread of the question, with their card, text and summary."""
    handler.answer = Reply((Message("One", card=HELLO), Message("Two", text="second")))
    board = teams.channel("Board")
    status, _ = await teams.say(AMY, "help", board)
    first, second = teams.posts_in(board)
    assert (status, first.card, first.activity["summary"]) == (200, HELLO, "One")
    assert (second.text, second.activity["summary"]) == ("second", "Two")
    assert first.conversation_id == second.conversation_id == handler.turns[0].reference.conversation_id
    assert first.activity["from"] == {"id": teams.bot_id}


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (ReplaceCard(HELLO), {"statusCode": 200, "type": CARD, "value": HELLO}),
        (Dialog("Refer", HELLO), {"statusCode": 200, "type": CARD, "value": HELLO}),
        (Toast("Saved"), {"statusCode": 200, "type": TOAST, "value": "Saved"}),
        (CloseDialog("Saved"), {"statusCode": 200, "type": TOAST, "value": "Saved"}),
        (CloseDialog(), {"statusCode": 200, "type": TOAST, "value": ""}),
        (None, {"statusCode": 200, "type": TOAST, "value": ""}),
    ],
)
async def test_answers_to_a_button(teams: Teams, handler: Recorder, answer: Answer, body: object) -> None:
    """A button is answered on its card and posts nothing."""
    handler.answer = answer
    assert await press(teams) == (200, body)
    assert teams.posts == {}


async def test_reply_to_a_button(teams: Teams, handler: Recorder) -> None:
    """A button may also be answered with messages; the card then stays as it is."""
    handler.answer = Reply((Message("S", text="done"),))
    status, body = await press(teams, teams.chat(AMY))
    assert (status, body) == (200, {"statusCode": 200, "type": TOAST, "value": ""})
    assert teams.last(teams.chat(AMY)).text == "done"


@pytest.mark.parametrize("submitted", [False, True])
@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (Dialog("Refer", HELLO), {"task": {"type": "continue", "value": PAGE}}),
        (ReplaceCard(HELLO), {"task": {"type": "continue", "value": {**PAGE, "title": SUMMARY}}}),
        (CloseDialog("Saved"), {"task": {"type": "message", "value": "Saved"}}),
        (Toast("Saved"), {"task": {"type": "message", "value": "Saved"}}),
        (CloseDialog(), {}),
        (None, {}),
    ],
)
async def test_answers_to_a_dialog(
    teams: Teams, handler: Recorder, answer: Answer, body: object, submitted: bool
) -> None:
    """A dialog shows a page, says a sentence, or closes with an empty body."""
    handler.answer = answer
    chat = teams.chat(AMY)
    asked = teams.submit(AMY, {}, {}, chat) if submitted else teams.open(AMY, {}, chat)
    assert await asked == (200, body)


async def test_unknown_invoke_of_a_message_extension(teams: Teams, handler: Recorder) -> None:
    """One that comes from the box a message is written in gets its sentence there."""
    activity = teams.activity(AMY, teams.channel(), "invoke", name="composeExtension/queryLink", value={})
    _, body = await teams.deliver(activity)
    assert body == {"composeExtension": {"type": "message", "text": SORRY}}
    assert handler.turns == []


async def test_answers_to_a_search(teams: Teams, handler: Recorder) -> None:
    """Each find is a card with a line of its own for the list; nothing found is a sentence."""
    handler.answer = Found((Result("A-103: a title", "one line", HELLO),))
    _, body = await teams.search(AMY, "actions", "ward", teams.channel())
    preview = {"contentType": THUMBNAIL, "content": {"title": "A-103: a title", "text": "one line"}}
    found = {"contentType": CARD, "content": HELLO, "preview": preview}
    assert body == {"composeExtension": {"type": "result", "attachmentLayout": "list", "attachments": [found]}}
    handler.answer = Found(said="Nothing.")
    _, body = await teams.search(AMY, "actions", "ward", teams.channel())
    assert body == {"composeExtension": {"type": "message", "text": "Nothing."}}


async def test_a_failed_search_says_so(teams: Teams, handler: Recorder) -> None:
    """A fault of ours is told where the finds would be."""
    handler.answer = RuntimeError("broken")
    _, body = await teams.search(AMY, "actions", "ward", teams.channel())
    assert body == {"composeExtension": {"type": "message", "text": SORRY}}


async def test_answers_to_a_command(teams: Teams, handler: Recorder) -> None:
    """A command of a menu opens a dialog, or says why not."""
    handler.answer = Dialog("Refer", HELLO)
    assert await teams.begin(AMY, "refer", teams.channel()) == (200, {"task": {"type": "continue", "value": PAGE}})
    handler.answer = CloseDialog("Not you")
    assert await teams.begin(AMY, "refer", teams.channel()) == (200, {"task": {"type": "message", "value": "Not you"}})
    handler.answer = RuntimeError("broken")
    assert await teams.begin(AMY, "refer", teams.channel()) == (200, {"task": {"type": "message", "value": SORRY}})


@pytest.mark.parametrize("answer", [Toast("Noted"), CloseDialog("Noted")])
async def test_sentence_to_a_message(teams: Teams, handler: Recorder, answer: Answer) -> None:
    """A message has nothing to put a sentence on, so it is sent."""
    handler.answer = answer
    await teams.say(AMY, "help", teams.channel())
    assert (teams.last(teams.channel()).text, teams.last(teams.channel()).activity["summary"]) == ("Noted", SUMMARY)


@pytest.mark.parametrize("answer", [ReplaceCard(HELLO), Dialog("Refer", HELLO)])
async def test_private_card_to_a_message(teams: Teams, handler: Recorder, answer: Answer) -> None:
    """A card made for one person is sent in their own chat and never where others read along."""
    handler.answer = answer
    await teams.say(AMY, "help", teams.chat(AMY))
    await teams.say(AMY, "help", teams.channel())
    assert teams.last(teams.chat(AMY)).card == HELLO
    assert (teams.last(teams.channel()).text, "attachments" in teams.last(teams.channel()).activity) == (SORRY, False)


async def test_unknown_invoke(teams: Teams, handler: Recorder) -> None:
    """An invoke that is not the bot's gets a sentence in a 200, where the SDK would leave the person with a 501."""
    activity = teams.activity(AMY, teams.channel(), "invoke", name="signin/verifyState", value={})
    status, body = await teams.deliver(activity)
    assert (status, body["statusCode"], body["type"]) == (200, 400, "application/vnd.microsoft.error")
    assert (body["value"], handler.turns) == ({"code": "400", "message": SORRY}, [])


async def test_pressing_a_posted_card(teams: Teams, handler: Recorder) -> None:
    """A card's button leads back to the thread and the post it was pressed on."""
    action = {"type": "Action.Execute", "title": "Done", "verb": "done", "data": {"id": 1}}
    note = {"type": "Input.Text", "id": "note", "label": "Note"}
    handler.answer = Reply((Message("S", card={**HELLO, "body": [note], "actions": [action]}),))
    await teams.say(AMY, "help", teams.channel())
    post = teams.last(teams.channel())
    handler.answer = Toast("Saved")
    await teams.press(AMY, post, "Done", {"note": "left a card"})
    turn = handler.turns[1]
    assert (turn.verb, turn.value, turn.replied_to) == ("done", {"id": 1, "note": "left a card"}, post.id)
    assert turn.reference == handler.turns[0].reference
    assert (find_action(post.card, verb="done"), list(inputs(post.card))) == (action, ["note"])
    assert texts(post.card) == ["Note", "Done"]


async def test_lost_reply(teams: Teams, handler: Recorder, edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    """When Teams takes no reply the turn is still done; what was lost is counted and logged without its text."""
    handler.answer = Reply((Message("S", text="secret words"), Message("S", text="more secret words")))
    teams.fail_next(403, body={"error": {"code": "BotNotInConversationRoster", "message": "names Amy"}})
    status, _ = await teams.say(AMY, "private question", teams.channel())
    assert (status, edge.delivery.lost_replies, edge.delivery.failed_turns) == (200, 2, 0)
    assert "reply lost" in caplog.text
    assert handler.turns[0].correlation in logged(caplog)
    assert not any(word in logged(caplog) for word in ("secret", "private", "Amy"))


@pytest.mark.parametrize(("own", "replies", "told"), [(0, 3, ""), (1, 2, ""), (2, 2, "calls=4"), (0, 5, "calls=5")])
async def test_a_turn_that_asks_teams_often(
    teams: Teams,
    handler: Recorder,
    edge: Edge,
    caplog: pytest.LogCaptureFixture,
    own: int,
    replies: int,
    told: str,
) -> None:
    """What the handler sends and what it answers count together, a call once however often it is tried."""
    caplog.set_level(logging.INFO)

    async def speaks(turn: Turn) -> Answer:
        for _ in range(own):
            await edge.delivery._channel.send(turn.reference, Message("S", text="by itself"))
        return Reply((Message("S", text="answer"),) * replies)

    handler.answer = speaks
    teams.fail_next(503, count=2)
    assert (await teams.say(AMY, "help", teams.channel()))[0] == 200
    assert len(teams.posts_in(teams.channel())) == own + replies
    often = [line for line in logged(caplog).splitlines() if "a turn asked Teams often" in line]
    assert len(often) == bool(told)
    assert all(told in line and "kind=message" in line for line in often)


async def test_callback_for_lost_replies(teams: Teams, handler: Recorder, edge: Edge) -> None:
    """Whoever keeps the count of what was not delivered is told of it."""
    told: list[str] = []
    edge.delivery._on_lost = lambda turn, error: told.append(type(error).__name__)
    handler.answer = Toast("x")
    teams.fail_next(503, count=3)
    await teams.say(AMY, "help", teams.channel())
    assert told == ["TeamsDown"]


class TestHandlerFails:
    """Whoever asked hears that something went wrong; the logs say where, and nothing of what was written."""

    @pytest.fixture(params=[ValueError("secret words of Amy Archer"), TeamsBusy("secret words of Amy Archer")])
    def failing(self, request: pytest.FixtureRequest, handler: Recorder) -> Recorder:
        handler.answer = request.param
        return handler

    async def test_message(self, teams: Teams, failing: Recorder, edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
        """The sentence is sent, Teams hears 200, the log has the kind of error and the correlation."""
        caplog.set_level(logging.DEBUG)
        status, _ = await teams.say(AMY, "private question", teams.channel())
        assert (status, teams.last(teams.channel()).text, edge.delivery.failed_turns) == (200, SORRY, 1)
        assert f'error="{type(failing.answer).__name__} at conftest.py:' in logged(caplog)
        assert failing.turns[0].correlation in logged(caplog)
        assert not any(word in logged(caplog) for word in ("secret", "private", "Amy"))

    @pytest.mark.usefixtures("failing")
    async def test_button(self, teams: Teams) -> None:
        """The card shows the sentence as an error."""
        value = {"code": "500", "message": SORRY}
        assert await press(teams) == (
            200,
            {"statusCode": 500, "type": "application/vnd.microsoft.error", "value": value},
        )

    @pytest.mark.usefixtures("failing")
    async def test_dialog(self, teams: Teams) -> None:
        """The dialog shows the sentence."""
        expected = (200, {"task": {"type": "message", "value": SORRY}})
        assert await teams.open(AMY, {}, teams.channel()) == expected
        assert await teams.submit(AMY, {}, {}, teams.channel()) == expected

    @pytest.mark.usefixtures("failing")
    async def test_installation(self, teams: Teams) -> None:
        """Nobody asked anything, so nothing is said."""
        assert (await teams.install(teams.channel()), teams.posts) == ((200, {}), {})

    async def test_sentence_is_lost_too(self, teams: Teams, failing: Recorder, edge: Edge) -> None:
        """Even then Teams hears that the turn was dealt with."""
        teams.fail_next(400)
        assert (await teams.say(AMY, "help", teams.channel()))[0] == 200
        assert (edge.delivery.lost_replies, len(failing.turns)) == (1, 1)


async def test_card_that_cannot_be_encoded(teams: Teams, handler: Recorder) -> None:
    """A card that is not JSON is a failure of the bot like any other, not a broken answer."""
    handler.answer = ReplaceCard({"type": object()})
    assert (await press(teams))[1]["value"]["message"] == SORRY
    await teams.say(AMY, "help", teams.chat(AMY))
    assert teams.last(teams.chat(AMY)).text == SORRY
