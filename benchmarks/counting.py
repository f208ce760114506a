"""What everything a person can do asks of SharePoint and of Teams, counted by the two servers that stand in for them.

Every command is typed and every button is pressed that the cards on the way show, by people of each role, over the
demonstration's data; a form is sent with its first choices. Counted are the requests of the turn, as its line in the
log tells, and those until all is quiet again: the posts that follow, the cards brought up to date.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.compared import person
from benchmarks.say import say
from bot.dispatch import ROUTES
from cards.help import COMMANDS
from tests.running import RunningBot
from tests.teams import CARD, Person, Place, Post, Teams, inputs

JSON = dict[str, Any]

MOST_SHAREPOINT, MOST_TEAMS = 4, 3
COMMON = {"return": (2, 1), "update": (2, 1), "my actions": (2, 1), "tracker": (2, 1)}
"""What the common things may ask at most."""

CHAIR, TRUST_CHAIR, TEAM, SUBGROUP, POLICE_LEAD, TRUST_LEAD, SOCIAL_LEAD = (person(n) for n in (1, 2, 3, 5, 6, 7, 8))
REFERRER, GOVERNANCE = person(21), person(23)
EVERYBODY = (CHAIR, TEAM, SUBGROUP, TRUST_LEAD, GOVERNANCE, REFERRER, SOCIAL_LEAD, POLICE_LEAD, TRUST_CHAIR)

TRIES = 10
"""How often a command is tried, with one person and reference after another, until it is answered and not refused."""

PRESSES_A_VERB = 8
TURN = re.compile(r' turn kind=(\S+) did=("[^"]*"|\S+) outcome=("[^"]*"|\S+) requests=(\d+)')
ALSO = (
    *("board start", "board move 2027-03-01 2027-03-08 a clash", "agenda add Beds; what is to be known; 10"),
    *("pack draft", "list hold R-20", "export tracker", "report submit", "focus demands; blockers; enablers"),
    *("agenda", "risk K-1", "triage", "setup", "restrict R-20 police operation", "ask R-20 a right to know"),
)
"""Ways of typing that help does not give as an example, but that lead on."""

ON_THE_DAY = (
    *("board start", "board accept", "board", "board attend POL present", "decide tracker: agreed", "board close"),
    *("minutes", "escalations", "my actions"),
)
"""What is typed while the board meets."""

TYPED_IN = {
    "name": "Imaginary Person-Ninety",
    "date_of_birth": "1980-02-03",
    "reason": "Checking our records to answer",
    "contact": "01632 960001",
}
"""What the forms' checks ask for."""


@dataclass
class Cost:
    """The most that one thing asked, in the turn and in all, and how its turn ended."""

    sharepoint: int = 0
    teams: int = 0
    sharepoint_all: int = 0
    teams_all: int = 0
    outcomes: set[str] = field(default_factory=set)

    def add(self, other: Cost) -> None:
        """Keep the larger figures."""
        for name in ("sharepoint", "teams", "sharepoint_all", "teams_all"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))
        self.outcomes |= other.outcomes


@dataclass
class Costs:
    """What everything cost, by what was typed and by the verb that was pressed."""

    typed: dict[str, Cost] = field(default_factory=dict)
    pressed: dict[str, Cost] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """A card somebody has before them: in a message, or in a dialog where `post` is None."""

    who: Person
    place: Place
    card: JSON
    post: Post | None


class Counting:
    """One bot, one Teams, and what each thing cost."""

    def __init__(self, bot: RunningBot, teams: Teams, costs: Costs) -> None:
        self._bot, self._teams = bot, teams
        self._until = 0.0
        self._chats = {teams.chat(who).conversation_id: who for who in EVERYBODY}
        self.typed, self.pressed = costs.typed, costs.pressed
        self._shown: list[Shown] = []
        self._before: list[tuple[Shown, JSON]] = []
        self._seen: set[Any] = set()

    async def on_any_day(self, seconds: float) -> None:
        """Type everything, then press for so long what was shown."""
        await self._begin()
        for command in COMMANDS:
            if command.word != "setup":
                await self._type(command.word, command.typed)
        for text in ALSO:
            await self._type(text.partition(" R-")[0], text)
        await self._press_all(seconds)

    async def on_the_day(self, clock: Path, seconds: float) -> None:
        """The same with what is typed while the board meets, on the day of the next one."""
        await self._begin()
        (board,) = [row for row in self._bot.rows("Forums") if row["Forum"] == "MHRMB"]
        clock.write_text(f"{board['Anchor'][:10]}T10:05")
        for text in ON_THE_DAY:
            await self._type(text, text)
        await self._press_all(seconds)

    async def _begin(self) -> None:
        """A chat of everybody's, and the board's channel."""
        for who in EVERYBODY:
            await self._teams.say(who, "whoami", self._teams.chat(who))
        cost = await self._measured(self._teams.say(CHAIR, "setup 000000", self._teams.channel()))
        self.typed.setdefault("setup", cost)

    async def _press_all(self, seconds: float) -> None:
        """What was never pressed comes first, so that the time is not spent on what every card offers."""
        self._until = time.monotonic() + seconds
        while time.monotonic() < self._until:
            self._before += [(shown, action) for shown in self._shown for action in _buttons(shown.card)]
            self._shown.clear()
            if not self._before:
                return
            fresh = (at for at, (_, action) in enumerate(self._before) if _verb(action) not in self.pressed)
            await self._press(*self._before.pop(next(fresh, 0)))

    async def _type(self, word: str, example: str) -> None:
        for tried, (who, text) in enumerate(self._ways(example)):
            place, cost = self._teams.chat(who), self.typed.setdefault(word, Cost())
            known = set(self._teams.posts)
            cost.add(await self._measured(self._teams.say(who, text, place)))
            self._keep(known)
            if "answered" in cost.outcomes or tried >= TRIES:
                return

    def _ways(self, example: str) -> Iterator[tuple[Person, str]]:
        """The example with references that are there, by one person after another."""
        words = example.replace("reason", "review").replace("Ambulance", "x").replace("2026-12-01", _day(7))
        for number in (1, 2, 12, 20, 4, 30) if "-14" in words or "-103" in words else (0,):
            for who in EVERYBODY:
                said = words.replace("R-14", f"R-{number}").replace("A-103", f"A-{number + 40}")
                yield who, said.replace("P-14.2", f"P-{number}.1").replace("name", TRUST_LEAD.name)

    def _keep(self, known: set[str]) -> None:
        """Put the cards of new messages before their reader; a channel's before a lead."""
        for post in [post for key, post in self._teams.posts.items() if key not in known]:
            if any(each["contentType"] == CARD for each in post.activity.get("attachments", [])):
                who = self._chats.get(post.conversation_id)
                place = self._teams.chat(who) if who else self._teams.channel().thread(post.id)
                self._shown.append(Shown(who or TRUST_LEAD, place, post.card, post))

    async def _press(self, shown: Shown, action: JSON) -> None:
        data = action.get("data") or {}
        if action["type"] == "Action.OpenUrl" or not isinstance(data, dict):
            return
        verb = _verb(action)
        marks = {k: v for k, v in data.items() if isinstance(v, str) and len(v) < 24 and k not in ("do", "reference")}
        key = (verb, shown.who if marks else "", tuple(sorted(marks.items())))
        times = sum(each[0] == verb for each in self._seen)
        if not verb or key in self._seen or times >= PRESSES_A_VERB or time.monotonic() > self._until:
            return
        self._seen.add(key)
        known = set(self._teams.posts)
        sent, answers = self._sending(shown, action, data), list[Any]()
        cost = await self._measured(sent, answers)
        self.pressed.setdefault(verb, Cost()).add(cost)
        self._keep(known)
        card = _card_in(answers[0][1])
        if card is not None:
            dialog = "task" in answers[0][1]
            self._shown.append(Shown(shown.who, shown.place, card, None if dialog else shown.post))

    def _sending(self, shown: Shown, action: JSON, data: JSON) -> Any:
        filled = {name: TYPED_IN.get(name) or _filled(each) for name, each in inputs(shown.card).items()}
        for name, each in inputs(shown.card).items():
            if each["type"] == "Input.ChoiceSet":
                filled[name] = _filled(each)
        if action["type"] == "Action.Execute" and shown.post is not None:
            executed = {**action, "data": data}
            return self._teams.press(shown.who, shown.post, executed, filled, shown.place)
        if (data.get("msteams") or {}).get("type") == "task/fetch":
            return self._teams.open(shown.who, data, shown.place)
        if shown.post is None:
            return self._teams.submit(shown.who, data, filled, shown.place)
        activity = self._teams.activity(shown.who, shown.place, "message", value={**data, **filled})
        return self._teams.deliver(activity)

    async def _measured(self, turn: Any, answers: list[Any] | None = None) -> Cost:
        """One turn, from quiet to answered and to quiet again."""
        before, said = len(self._teams.calls), len(self._bot.said)
        self._bot.control("DELETE", "/__requests")
        answer = await turn
        cost = Cost(self._asked(), len(self._teams.calls) - before)
        if answers is not None:
            answers.append(answer)
        await self._quiet()
        cost.sharepoint_all, cost.teams_all = self._asked(), len(self._teams.calls) - before
        ended = next(filter(None, map(TURN.search, self._bot.said[said:])), None)
        if ended:  # what the background asks in the same instant is not the turn's
            cost.sharepoint = int(ended[4])
        cost.outcomes.add(ended[3].strip('"') if ended else f"HTTP {answer[0]}")
        return cost

    def _asked(self) -> int:
        return int(self._bot.control("GET", "/__requests")["total"])

    async def _quiet(self) -> None:
        """Until nothing more is asked of either for a moment."""
        import asyncio  # noqa: PLC0415

        still, last = 0, (-1, -1)
        while still < 3:
            await asyncio.sleep(0.05)
            now = (self._asked(), len(self._teams.calls))
            still, last = (still + 1 if now == last else 0), now


def _verb(action: JSON) -> str:
    """What a button does, by its name in the routes; empty for one that leads elsewhere."""
    data = action.get("data")
    return str(action.get("verb") or (data.get("do") if isinstance(data, dict) else "") or "")


def _buttons(card: JSON) -> list[JSON]:
    found = []
    refresh = (card.get("refresh") or {}).get("action")
    with_actions = [card.get("actions") or [], [refresh] if refresh else []]
    stack: list[Any] = [card.get("body")]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            with_actions.append(each.get("actions") or [])
            if isinstance(each.get("selectAction"), dict):
                with_actions.append([each["selectAction"]])
            if isinstance(each.get("inlineAction"), dict):
                with_actions.append([each["inlineAction"]])
            stack += list(each.values())
        elif isinstance(each, list):
            stack += each
    for actions in with_actions:
        for action in actions:
            if action.get("type") == "Action.ShowCard":
                found += _buttons(action.get("card") or {})
            elif str(action.get("type", "")).startswith("Action."):
                found.append(action)
    return found


def _card_in(answer: Any) -> JSON | None:
    """The card an invoke was answered with."""
    if not isinstance(answer, dict):
        return None
    value = (answer.get("task") or {}).get("value") if "task" in answer else answer.get("value")
    if isinstance(value, dict) and "card" in value:
        value = value["card"]["content"]
    return value if isinstance(value, dict) and value.get("type") == "AdaptiveCard" else None


def _filled(each: JSON) -> str:
    """What somebody would put into an input: what is there, the first choice, a day soon, a sentence."""
    if each.get("value"):
        return str(each["value"])
    match each["type"]:
        case "Input.ChoiceSet":
            choices = [str(choice.get("value", "")) for choice in each.get("choices") or []]
            return next(filter(None, choices), "")
        case "Input.Date":
            return _day(14)
        case "Input.Number":
            return str(each.get("min", 1))
        case "Input.Toggle":
            return str(each.get("valueOn", "true"))
        case _:
            return "Said for a measurement"


def _day(ahead: int) -> str:
    return str(date.today() + timedelta(days=ahead))  # noqa: DTZ011 - the machine's own day will do


async def run(folder: Path, seconds: float) -> None:
    """Count over a fresh demonstration, and over another on the day of its board, for so many seconds of pressing."""
    folder.mkdir(parents=True)
    clock, costs = folder / "clock", Costs()
    settings = {"MHRMB_DEMO": "1", "MHRMB_POLL_SECONDS": "3600", "BENCH_KEEP": "86400", "MHRMB_CLOCK": str(clock)}
    for day in ("any", "board"):
        clock.write_text(datetime.now(UTC).isoformat(timespec="seconds"))
        with RunningBot(folder / day, module="benchmarks.ours", cold=True, **settings) as bot:
            async with Teams(bot.url) as teams:
                counting = Counting(bot, teams, costs)
                if day == "any":
                    await counting.on_any_day(seconds * 0.6)
                else:
                    await counting.on_the_day(clock, seconds * 0.4)
    tell(costs)


def tell(costs: Costs) -> None:
    """Print them, and what no card on the way led to."""
    say("")
    say("Requests of everything a person can do, the most that was counted: SharePoint + Teams until the answer,")
    say(f"and all that followed from it. ! marks more than {MOST_SHAREPOINT} + {MOST_TEAMS} until the answer.")
    over = 0
    for title, some in (("typed", costs.typed), ("pressed", costs.pressed)):
        for name, cost in sorted(some.items()):
            most = COMMON.get(name, (MOST_SHAREPOINT, MOST_TEAMS))
            beyond = cost.sharepoint > most[0] or cost.teams > most[1]
            over += beyond
            how = "" if "answered" in cost.outcomes else f"   ({', '.join(sorted(cost.outcomes))})"
            mark = "!" if beyond else " "
            say(
                f"{mark} {title} {name:30} {cost.sharepoint:3} + {cost.teams}"
                f"   in all {cost.sharepoint_all:3} + {cost.teams_all}{how}"
            )
    missing = sorted(set(map(str, ROUTES.pressed)) - set(costs.pressed))
    say(f"{over} over the bound; {len(costs.pressed)} of {len(ROUTES.pressed)} buttons were reached")
    say("not reached: " + (", ".join(missing) or "none"))
