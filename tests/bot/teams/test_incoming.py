"""What people do in Teams reaches the handler as a `Turn`, over real HTTP."""

from __future__ import annotations

import pytest

from bot.teams.edge import Edge
from bot.turn import Kind, Scope
from tests.bot.teams.conftest import Recorder
from tests.teams import Person, Teams

AMY = Person("Amy Archer", "5C0F3A52-0000-4000-8000-00000000A111")
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}

pytestmark = pytest.mark.usefixtures("edge")


async def test_message_in_a_channel(teams: Teams, handler: Recorder) -> None:
    """A mention in a channel arrives without the mention, with its team, channel and thread."""
    board = teams.channel("Board")
    status, body = await teams.say(AMY, "tracker overdue", board)
    turn = handler.turns[0]
    assert (status, body) == (200, {})
    assert (turn.kind, turn.text) == (Kind.MESSAGE, "tracker overdue")
    assert turn.sender.user_id == "5c0f3a52-0000-4000-8000-00000000a111"
    assert (turn.sender.teams_id, turn.sender.name) == (AMY.teams_id, "Amy Archer")
    where = turn.reference
    assert where.conversation_id == f"{board.channel_id};messageid={turn.activity_id}"
    assert (where.scope, where.team_id, where.channel_id) == (Scope.CHANNEL, board.team_id, board.channel_id)
    assert (where.tenant_id, where.bot_id, where.service_url) == (teams.tenant_id, teams.bot_id, teams.service_url)
    assert (turn.team_name, turn.channel_name) == ("Mental Health Risk Management Board", "Board")


async def test_message_in_a_chat(teams: Teams, handler: Recorder) -> None:
    """A personal chat is told apart, and belongs to no team."""
    await teams.say(AMY, "my actions", teams.chat(AMY))
    where = handler.turns[0].reference
    assert (where.scope, where.team_id, where.channel_id) == (Scope.PERSONAL, "", "")


async def test_each_turn_has_its_own_correlation(teams: Teams, handler: Recorder) -> None:
    """Two turns never share the mark that finds them in the logs."""
    await teams.say(AMY, "help", teams.chat(AMY))
    await teams.say(AMY, "help", teams.chat(AMY))
    marks = {turn.correlation for turn in handler.turns}
    assert len(marks) == 2
    assert all(len(mark) == 16 for mark in marks)


async def test_execute(teams: Teams, handler: Recorder) -> None:
    """A button arrives with its verb, its data and what was typed beside it, and names the post it sits on."""
    activity = teams.activity(AMY, teams.channel(), "invoke", name="adaptiveCard/action", replyToId="1767")
    action = {"type": "Action.Execute", "verb": "action.done", "data": {"id": 103, "note": "left a card"}}
    await teams.deliver({**activity, "value": {"action": action, "trigger": "manual"}})
    turn = handler.turns[0]
    assert (turn.kind, turn.verb, turn.replied_to) == (Kind.CARD_ACTION, "action.done", "1767")
    assert turn.value == {"id": 103, "note": "left a card"}


async def test_execute_without_data(teams: Teams, handler: Recorder) -> None:
    """A button that carries nothing arrives with an empty value."""
    activity = teams.activity(AMY, teams.channel(), "invoke", name="adaptiveCard/action")
    await teams.deliver({**activity, "value": {"action": {"type": "Action.Execute", "verb": "help"}}})
    assert (handler.turns[0].verb, handler.turns[0].value) == ("help", {})


async def test_dialog_opened(teams: Teams, handler: Recorder) -> None:
    """A button that asks for a dialog arrives without the part meant for the Teams client."""
    await teams.open(AMY, {"verb": "refer.open", "draft": 7}, teams.channel())
    turn = handler.turns[0]
    assert (turn.kind, turn.verb, turn.value) == (Kind.DIALOG_OPENED, "refer.open", {"verb": "refer.open", "draft": 7})


async def test_a_search(teams: Teams, handler: Recorder) -> None:
    """What was typed arrives cleaned and cut; an open box asks with nothing, and says how many finds it has."""
    await teams.search(AMY, "actions", "  ward\u202e &amp; bed  ", teams.channel(), skip=10)
    await teams.search(AMY, "risks", "", teams.chat(AMY))
    await teams.search(AMY, "risks", "x" * 5000, teams.chat(AMY))
    typed, opened, long = handler.turns
    assert (typed.kind, typed.verb, typed.text, typed.value) == (Kind.SEARCHED, "actions", "ward & bed", {"skip": 10})
    assert (opened.verb, opened.text, opened.reference.scope) == ("risks", "", Scope.PERSONAL)
    assert long.text == "x" * 200


@pytest.mark.parametrize(
    ("content", "html", "text"),
    [
        ("<p>Ask the <b>ward</b></p><p>by&nbsp;Friday &lt;soon&gt;</p>", True, "Ask the ward\nby Friday <soon>"),
        ('<div><at id="0">Dee</at> please<br>ring<img src="data:x"></div>', True, "Dee please\nring"),
        ("Less than 3 < 4 &amp; so", False, "Less than 3 < 4 &amp; so"),
        ('<attachment id="1"></attachment>', True, ""),
        ("<script>" * 3 + "<" * 30_000, True, "<" * 4000),
    ],
)
async def test_a_messages_command(teams: Teams, handler: Recorder, content: str, html: bool, text: str) -> None:
    """A command of a message's menu arrives with the message's words as plain text, and the link to it."""
    board = teams.channel()
    payload = teams.message_payload(content, board, html=html)
    await teams.begin(AMY, "raiseAction", board, payload)
    turn = handler.turns[0]
    assert (turn.kind, turn.verb, turn.text) == (Kind.COMMAND_OPENED, "raiseAction", text)
    assert turn.value == {"link": payload["linkToMessage"]}


async def test_a_command_of_no_message(teams: Teams, handler: Recorder) -> None:
    """One that is chosen beside the box brings no words; its dialog is submitted as any other is."""
    await teams.begin(AMY, "refer", teams.chat(AMY))
    await teams.send(AMY, "refer", {"do": "refer.submit"}, {"name": "x"}, teams.chat(AMY))
    begun, sent = handler.turns
    assert (begun.kind, begun.verb, begun.text, begun.value) == (Kind.COMMAND_OPENED, "refer", "", {})
    assert (sent.kind, sent.value) == (Kind.DIALOG_SUBMITTED, {"do": "refer.submit", "name": "x"})


async def test_dialog_submitted(teams: Teams, handler: Recorder) -> None:
    """A dialog sent arrives with its action's data and its inputs together."""
    await teams.submit(AMY, {"verb": "refer.save"}, {"concern": "text"}, teams.chat(AMY))
    turn = handler.turns[0]
    assert (turn.kind, turn.verb) == (Kind.DIALOG_SUBMITTED, "refer.save")
    assert turn.value == {"verb": "refer.save", "concern": "text"}


async def test_submit_without_a_dialog(teams: Teams, handler: Recorder) -> None:
    """An Action.Submit comes as a message that has a value and no text; it is a card action all the same."""
    activity = teams.activity(AMY, teams.chat(AMY), "message", value={"verb": "done", "id": 1}, replyToId="9")
    await teams.deliver(activity)
    turn = handler.turns[0]
    assert (turn.kind, turn.verb, turn.replied_to) == (Kind.CARD_ACTION, "done", "9")
    assert turn.value == {"verb": "done", "id": 1}


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("add", Kind.INSTALLED),
        ("add-upgrade", Kind.INSTALLED),
        ("remove", Kind.UNINSTALLED),
    ],
)
async def test_installation(teams: Teams, handler: Recorder, action: str, kind: Kind) -> None:
    """Adding the bot to a team names the channel that was chosen for it."""
    board = teams.channel("Board")
    await teams.install(board, action=action)
    turn = handler.turns[0]
    assert (turn.kind, turn.channel_name) == (kind, "Board")
    assert (turn.reference.channel_id, turn.reference.conversation_id) == (board.channel_id, board.team_id)


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("membersAdded", Kind.INSTALLED),
        ("membersRemoved", Kind.UNINSTALLED),
    ],
)
async def test_membership_of_the_bot(teams: Teams, handler: Recorder, field: str, kind: Kind) -> None:
    """Clients without installation events report the bot among the members."""
    activity = teams.activity(AMY, teams.channel(), "conversationUpdate")
    await teams.deliver({**activity, field: [{"id": AMY.teams_id}, {"id": teams.bot_id}]})
    assert handler.turns[0].kind is kind


@pytest.mark.parametrize(
    "change",
    [
        {"type": "conversationUpdate", "membersAdded": [{"id": "29:other"}]},
        {"type": "conversationUpdate", "channelData": {"eventType": "teamRenamed"}},
        {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
        {"type": "typing"},
        {"type": "installationUpdate", "action": "paused"},
        {"type": "messageUpdate", "text": "edited"},
        {"type": "no such type"},
    ],
)
async def test_what_is_not_for_the_bot(teams: Teams, handler: Recorder, change: dict[str, object]) -> None:
    """Everything else is taken note of, and nothing happens."""
    status, body = await teams.deliver({**teams.activity(AMY, teams.channel(), "message"), **change})
    assert (status, body, handler.turns) == (200, {}, [])


@pytest.mark.parametrize("object_id", [None, "", "not an id!", "x" * 65])
async def test_unknown_sender(teams: Teams, handler: Recorder, object_id: str | None) -> None:
    """Someone without a proper Entra id has no user id, whatever the card says about them."""
    activity = teams.activity(
        Person("Guest", ""), teams.chat(AMY), "message", value={"verb": "x", "aadObjectId": "a-b"}
    )
    activity["from"]["aadObjectId"] = object_id
    status, _ = await teams.deliver(activity)
    assert (status, handler.turns[0].sender.user_id) == (200, "")


@pytest.mark.parametrize(
    ("conversation", "channel_data", "scope"),
    [
        ({"id": "19:x@thread.tacv2", "conversationType": "personal"}, {"team": {"id": "t"}}, Scope.CHANNEL),
        ({"id": "19:x@thread.v2", "conversationType": "personal"}, {}, Scope.GROUP_CHAT),
        ({"id": "19:x@thread.v2"}, {}, Scope.GROUP_CHAT),
        ({"id": "19:x@thread.v2", "conversationType": "groupChat"}, {}, Scope.GROUP_CHAT),
        ({"id": "a:1x"}, {}, Scope.PERSONAL),
        ({"id": "19:x@thread.tacv2;messageid=1"}, {"team": {"id": "19:t"}}, Scope.CHANNEL),
    ],
)
async def test_scope(
    teams: Teams, handler: Recorder, conversation: dict[str, str], channel_data: dict[str, object], scope: Scope
) -> None:
    """Where Teams does not say what a conversation is, the more public reading is taken."""
    activity = teams.activity(AMY, teams.chat(AMY), "message", text="help")
    await teams.deliver({**activity, "conversation": conversation, "channelData": channel_data})
    assert handler.turns[0].reference.scope is scope


async def test_channel_without_its_own_id(teams: Teams, handler: Recorder) -> None:
    """The channel is then the conversation without its thread."""
    activity = teams.activity(AMY, teams.channel(), "message", text="help")
    conversation = {"id": "19:x@thread.tacv2;messageid=1", "conversationType": "channel"}
    await teams.deliver({**activity, "conversation": conversation, "channelData": {}})
    assert handler.turns[0].reference.channel_id == "19:x@thread.tacv2"


async def test_emulator(teams: Teams, handler: Recorder, edge: Edge) -> None:
    """Without authentication an emulator may call, and its tenant is where emulators put it."""
    activity = teams.activity(AMY, teams.chat(AMY), "message", text="help", channelId="emulator")
    del activity["channelData"]
    status, _ = await teams.deliver(activity)
    assert (status, handler.turns[0].reference.tenant_id) == (200, teams.tenant_id)
