"""The same press on a card, brought to two bots at once or again after one died: one effect, and a sensible answer."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.board_people import CHAIR, NURSE, POL, POLICE, fill
from tests.running import RunningBot
from tests.scenarios.actions import ACTION, add_member
from tests.scenarios.board import JSON, REFERRAL, eventually, text_of
from tests.several import Several
from tests.teams import Person, Teams

pytestmark = pytest.mark.asyncio(loop_scope="module")

_keys = (f"{number:032x}" for number in itertools.count(1))
IN_A_MONTH = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
REASON = "Checking our records to answer"


@dataclass
class Two:
    """Two bots over one board."""

    several: Several
    teams: Teams

    async def bring(self, bot: RunningBot, activity: JSON) -> str:
        """Bring an activity to one bot, and return all that its answer says."""
        self.teams.bot = bot.url
        status, answer = await self.teams.deliver(activity)
        assert status == 200
        return text_of(answer)

    async def both(self, activity: JSON) -> list[str]:
        """Bring it to both at the same moment."""
        return list(await asyncio.gather(*(self.bring(bot, activity) for bot in self.several.bots)))

    def press(self, person: Person, do: str, **data: Any) -> JSON:
        """A dialog's form as it is sent, with a key of its own."""
        value = {"data": {"do": do, "key": next(_keys), **data}, "context": {"theme": "default"}}
        return self.teams.activity(person, self.teams.chat(person), "invoke", name="task/submit", value=value)

    def rows(self, name: str) -> list[JSON]:
        return self.several.any.rows(name)

    async def referral(self) -> str:
        """A referral made by one bot, its reference."""
        before = len(self.rows("Referrals"))
        await self.bring(self.several.bots[0], self.press(POLICE, "refer.submit", **REFERRAL))
        return str(self.rows("Referrals")[before]["Reference"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[Two]:
    """Two bots, a forum with a channel, and the board's people."""
    async with Teams() as teams:
        with Several(tmp_path_factory.mktemp("two"), provisioned, count=2) as several:
            fill(several.any)
            add_member(several.any, CHAIR, POL, "Chair")
            several.start()
            yield Two(several, teams)


async def test_a_referral(two: Two) -> None:
    """One referral about one person; both answers give its reference."""
    before = len(two.rows("Referrals"))
    said = await two.both(two.press(POLICE, "refer.submit", **REFERRAL))
    made = two.rows("Referrals")[before:]
    assert len(made) == 1
    assert all(f"kept as {made[0]['Reference']}" in each for each in said)
    assert len([row for row in two.rows("Subjects") if row["Reference"] == made[0]["Reference"]]) == 1


async def test_a_look_and_an_answer(two: Two) -> None:
    """One row in `Disclosures` and both see the details; one answer, which one thanks for and the other has already."""
    reference = await two.referral()
    said = await two.both(two.press(NURSE, "look.submit", reference=reference, reason=REASON))
    assert all("Zebedee Planted" in each for each in said)
    assert len([row for row in two.rows("Disclosures") if row["Reference"] == reference]) == 1
    said = await two.both(two.press(NURSE, "answer", reference=reference, answer="Known", information=""))
    assert sorted(["is kept. Thank you" in each, "was already kept" in each] for each in said) == [
        [False, True],
        [True, False],
    ]
    assert len([row for row in two.rows("Returns") if row["Reference"] == reference]) == 1


async def test_more_about_a_referral(two: Two) -> None:
    """What both were told is in the row once, and both say that it is kept."""
    reference = await two.referral()
    form = two.press(POLICE, "refer.more.submit", reference=reference, nhs_number="943 476 5919")
    said = await two.both(form)
    assert all(f"kept as {reference}" in each for each in said)
    (person,) = [row for row in two.rows("Subjects") if row["Reference"] == reference]
    assert person["NhsNumber"] == "9434765919"


async def test_an_action_and_its_steps(two: Two) -> None:
    """One action; one step each; and a step brought again after another one stays where it was."""
    said = await two.both(two.press(CHAIR, "action.add.submit", **{**ACTION, "due": IN_A_MONTH}))
    (made,) = two.rows("Actions")
    assert all(f"Kept as {made['Reference']}." in each for each in said)
    first = two.press(NURSE, "action.step", reference=made["Reference"], step="update", note="Rang the ward")
    said = await two.both(first)
    assert all("Rang the ward" in each and "changed" not in each for each in said)
    second = two.press(NURSE, "action.step", reference=made["Reference"], step="update", note="They rang back")
    await two.both(second)
    await two.bring(two.several.bots[1], first)
    assert two.rows("Actions")[0]["Note"] == "They rang back"


async def test_a_press_brought_again_after_the_bot_died(two: Two) -> None:
    """The first bot dies with the person written and the referral on its way: there is one of each in the end."""
    people, before = len(two.rows("Subjects")), len(two.rows("Referrals"))
    first, second = two.several.bots
    two.several.server.fault(match="POST .*Referrals.*items$", latency=2, count=1)
    form = two.press(POLICE, "refer.submit", **REFERRAL)
    lost = asyncio.create_task(two.bring(first, form))
    await eventually(lambda: two.rows("Subjects")[people:], "the person")
    first.kill_alone()
    said = await two.bring(second, form)
    with pytest.raises(aiohttp.ClientError):
        await lost
    await asyncio.sleep(2.5)  # the dead bot's own write arrives late
    made = two.rows("Referrals")[before:]
    assert len(made) == 1
    assert f"kept as {made[0]['Reference']}" in said
    assert len([row for row in two.rows("Subjects") if row["Reference"] == made[0]["Reference"]]) == 1
