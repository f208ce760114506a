"""The bot's own words for a conversation: an incoming `Turn`, the `Answer` to it, and the `Channel` that posts.

Nothing here knows the Bot Framework; `bot.teams` translates both ways, so the use cases survive a change of SDK.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

JSON = dict[str, Any]

MaySend = Callable[[], bool]
"""Whether this process may still send. Asked at the last moment before each request; no means certainly not sent."""


class Kind(StrEnum):
    """What happened, in the few kinds the bot acts on."""

    MESSAGE = "message"
    CARD_ACTION = "adaptiveCard/action"
    DIALOG_OPENED = "task/fetch"
    DIALOG_SUBMITTED = "task/submit"
    COMMAND_OPENED = "composeExtension/fetchTask"
    SEARCHED = "composeExtension/query"
    INSTALLED = "installed"
    UNINSTALLED = "uninstalled"


class Scope(StrEnum):
    """Where a conversation is, in Teams' own words for `conversationType`."""

    PERSONAL = "personal"
    CHANNEL = "channel"
    GROUP_CHAT = "groupChat"


@dataclass(frozen=True, slots=True)
class Reference:
    """All that is needed to speak in a conversation again after a restart; stored as our own JSON."""

    service_url: str
    conversation_id: str
    scope: Scope
    tenant_id: str = ""
    team_id: str = ""
    channel_id: str = ""
    bot_id: str = ""

    def to_json(self) -> JSON:
        """Return the stored shape: the field names above, text only."""
        return {name: str(getattr(self, name)) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, stored: JSON) -> Reference:
        """Read what `to_json` wrote; raises ValueError for anything else."""
        try:
            fields = {name: str(stored[name]) for name in cls.__dataclass_fields__ if name != "scope"}
            return cls(scope=Scope(stored["scope"]), **fields)
        except (KeyError, TypeError) as error:
            raise ValueError("not a stored conversation reference") from error

    def to_text(self) -> str:
        """`to_json` as the text a list column holds."""
        return json.dumps(self.to_json())

    @classmethod
    def from_text(cls, stored: str) -> Reference:
        """Read what `to_text` wrote; raises ValueError for anything else."""
        read = json.loads(stored)
        return cls.from_json(read if isinstance(read, dict) else {})

    def root(self) -> Reference:
        """The same channel without `;messageid=`, so that a post starts a conversation of its own."""
        conversation_id = self.conversation_id.split(";", 1)[0]
        return Reference(**{**self.to_json(), "scope": self.scope, "conversation_id": conversation_id})


@dataclass(frozen=True, slots=True)
class Sender:
    """Who acted. `user_id` is the Entra object id of the token-checked activity, empty when Teams gave none."""

    user_id: str
    teams_id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person (or Teams) did, already parsed, bounded and checked.

    `text` has the bot's mention removed. `value` is what a card or dialog sent back: user input, not to be trusted.
    A search, or a command of a message's menu, has its id in `verb` and what was looked for, or the message's words, in
    `text`. `replied_to` is the id of the message that carried the card. `correlation` marks this turn in the logs.
    """

    kind: Kind
    sender: Sender
    reference: Reference
    activity_id: str = ""
    text: str = ""
    verb: str = ""
    value: JSON = field(default_factory=dict)
    replied_to: str = ""
    team_name: str = ""
    channel_name: str = ""
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to post: a card or a plain text. `summary` is what a notification shows; it names nobody."""

    summary: str
    card: JSON | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer with messages in the conversation the turn came from, in order."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ReplaceCard:
    """Answer a card action by putting this card in the place of the one acted on."""

    card: JSON


@dataclass(frozen=True, slots=True)
class Toast:
    """Answer a card action with a sentence and leave the card as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Dialog:
    """Answer by opening a dialog, or by showing its next page."""

    title: str
    card: JSON


@dataclass(frozen=True, slots=True)
class CloseDialog:
    """Answer a dialog by closing it, with a sentence where there is something to say."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One find: how it is listed (one line of title, one of text), and the card that a message gets when it is chosen.

    Both go where the message goes, so neither says more than a channel may see.
    """

    title: str
    text: str
    card: JSON


@dataclass(frozen=True, slots=True)
class Found:
    """Answer a search with what was found, or with a sentence where nothing was."""

    results: tuple[Result, ...] = ()
    said: str = ""


Answer = Reply | ReplaceCard | Toast | Dialog | CloseDialog | Found | None


class Handler(Protocol):
    """The bot behind the edge. It answers every turn and raises only `board.errors` and store errors."""

    async def __call__(self, turn: Turn) -> Answer:
        """Do what the turn asks and return what its sender should see."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """Proof that Teams took a post: the ids it answered with."""

    activity_id: str
    conversation_id: str


class TeamsError(Exception):
    """Teams did not take a post."""


class TeamsBusy(TeamsError):
    """Certainly not posted; trying again later may work. `retry_after` is in seconds when Teams said."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TeamsDown(TeamsBusy):
    """Teams as a whole is not there, or is being left alone because it was not: no use trying other posts."""


class TeamsRefused(TeamsError):
    """Certainly not posted, and a person must act. `status` is Teams' HTTP status, `code` its own error code."""

    def __init__(self, message: str, status: int = 0, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class OutcomeUnknown(TeamsError):
    """The post may have been made: the connection broke or timed out after sending, or a gateway answered 502/504."""


class Channel(Protocol):
    """How the bot speaks in Teams. Every method raises one of `TeamsError`'s kinds when it fails."""

    @property
    def down(self) -> bool:
        """Whether Teams did not answer when it was last asked several times in a row."""
        ...

    @property
    def down_for(self) -> float:
        """Seconds that it is left alone for that; 0 when it may be asked."""
        ...

    async def room(self, where: Reference) -> None:
        """Wait until one more post there is within Teams' limits and count it; TeamsBusy when that is long off."""
        ...

    async def start(self, where: Reference, message: Message, *, may_send: MaySend | None = None) -> Sent:
        """Start a new conversation in the channel of `where` (in a chat: send a message)."""
        ...

    async def send(self, where: Reference, message: Message) -> Sent:
        """Send into the very conversation of `where`: in a channel, a reply in its thread."""
        ...

    async def update(
        self, where: Reference, activity_id: str, message: Message, *, may_send: MaySend | None = None
    ) -> None:
        """Replace a message posted before, in the conversation it was posted in."""
        ...
