"""Webhooks through the whole product: SharePoint calls the bot, and the bot looks, though its poll is an hour away."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import requests

from bot import pace, ready
from bot.webhooks import PATH, STATE
from sharepoint.store import Store
from sharepoint.subscriptions import FOLLOWED
from tests.board_people import MHT, POL, fill
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client
from tests.running import RunningBot
from tests.scenarios.board import Story, eventually
from tests.teams import Teams

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.long]

HOUR = "3600"
POLLED = "POST web/getchanges"


def free_port() -> int:
    """A port that SharePoint can be told of before the bot listens at it."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Board(Story):
    """A board whose SharePoint is a server of its own, with somebody of the mental health team signed in to it."""

    server: EmbeddedServer

    def types(self, name: str, **values: Any) -> int:
        """A person of the team types a row into a list, with an account of their own."""
        response = self.server.call("POST", f"web/lists/getByTitle('{name}')/items", values, token=MEMBER)
        response.raise_for_status()
        return int(response.json()["Id"])

    def subscriptions(self) -> dict[str, list[dict[str, Any]]]:
        return {
            of.name: self.server.get(f"web/lists/getByTitle('{of.name}')/subscriptions")["value"] for of in FOLLOWED
        }

    async def subscribed(self) -> None:
        """Wait until each list has its subscription."""
        await eventually(lambda: all(map(len, self.subscriptions().values())), "the subscriptions", 20)

    def polls(self) -> int:
        return int(self.server.requests_served()["by"].get(POLLED, 0))

    async def quiet(self) -> None:
        """Wait until the bot looks at nothing any more."""
        async with asyncio.timeout(20):
            before = -1
            while before != self.polls():
                before = self.polls()
                await asyncio.sleep(pace.GAP + pace.SETTLE / 2)


async def board(tmp_path: Path, provisioned: Path, *, webhooks: bool) -> AsyncIterator[Board]:
    shutil.copytree(provisioned, tmp_path / "site")
    extra = ("--member-token", MEMBER, "--notify-after", "0.05", "--notify-retry", "0.5")
    with EmbeddedServer(tmp_path / "site", extra=extra) as server:
        _open_to_the_team(server)
        site = client(server)
        code = await ready.set_up_code(Store(site, within=20))
        await site.close()
        port = free_port()
        settings = {"MHRMB_SHAREPOINT_SITE_URL": server.url, "MHRMB_POLL_SECONDS": HOUR}
        settings["MHRMB_PUBLIC_URL"] = f"http://127.0.0.1:{port}" if webhooks else ""
        bot = RunningBot(tmp_path / "bot", **settings)
        bot.port, bot.site = port, server.url
        fill(bot)
        with bot:
            bot.code = code
            async with Teams(bot.url) as teams:
                made = Board(bot, teams)
                made.server = server
                await made.set_up()
                yield made


def _open_to_the_team(server: EmbeddedServer) -> None:
    """The member joins the mental health team, who may write in the lists about people."""
    member = server.call("GET", "web/currentuser", token=MEMBER).json()["LoginName"]
    (group,) = [g for g in server.get("web/sitegroups")["value"] if g["Title"] == "MHRMB mental health team"]
    server.post(f"web/sitegroups({group['Id']})/users", {"LoginName": member})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def live(tmp_path_factory: pytest.TempPathFactory, provisioned: Path) -> AsyncIterator[Board]:
    """A board with webhooks in place, whose lists are otherwise looked at once an hour. Shared by the module."""
    async for made in board(tmp_path_factory.mktemp("live"), provisioned, webhooks=True):
        await made.subscribed()
        await made.quiet()
        yield made


async def test_a_row_typed_in_sharepoint_shows_up_through_the_nudge(live: Board) -> None:
    """A person types a referral and then an answer into SharePoint; the channel's card follows, long before a poll."""
    number = live.types("Referrals", Title="Zebedee Planted", Agency=POL)
    await live.card_of(f"R-{number}", within=20)
    live.types("Returns", Reference=f"R-{number}", Agency=MHT, Answer="Not known")
    card = await live.card_of(f"R-{number}", saying="1 of ", within=20)
    assert "Zebedee" not in str(card.versions)


async def test_without_webhooks_it_waits_for_the_poll(tmp_path: Path, provisioned: Path) -> None:
    """The same board without them shows nothing in the time that the nudge takes, and tells nobody of itself."""
    async for made in board(tmp_path, provisioned, webhooks=False):
        await made.quiet()
        number = made.types("Referrals", Title="Zebedee Planted")
        with pytest.raises(AssertionError):
            await made.card_of(f"R-{number}", within=3)
        assert not any(made.subscriptions().values())
        assert requests.post(f"http://127.0.0.1:{made.bot.port}{PATH}?validationtoken=x", timeout=5).status_code == 404


async def test_a_flood_is_one_poll(live: Board) -> None:
    """Two hundred good notifications at once, replayed word for word, have the lists looked at once."""
    (row,) = [each for each in live.bot.rows("Settings") if each["Key"] == STATE]
    one = {"subscriptionId": live.subscriptions()["Actions"][0]["id"], "clientState": row["Value"]}
    before = live.polls()
    begun = time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=20)) as session:

        async def tell() -> int:
            async with session.post(f"http://127.0.0.1:{live.bot.port}{PATH}", json={"value": [one] * 7}) as answer:
                return answer.status

        assert set(await asyncio.gather(*(tell() for _ in range(200)))) == {200}
    took = time.monotonic() - begun
    await live.quiet()
    # However slow the machine: a look a second after the first, and one more for each gap that the flood went on for.
    assert 1 <= live.polls() - before <= 1 + int(took / pace.SETTLE)


async def test_forgeries_are_no_poll(live: Board) -> None:
    """Without the secret, or for a subscription that is not ours, nothing is looked at."""
    (row,) = [each for each in live.bot.rows("Settings") if each["Key"] == STATE]
    real = live.subscriptions()["Actions"][0]["id"]
    before = live.polls()
    for number, state, status in ((real, "guess", 403), (real, None, 403), ("no-such-id", row["Value"], 404)):
        body = {"value": [{"subscriptionId": number, "clientState": state}]}
        response = requests.post(f"http://127.0.0.1:{live.bot.port}{PATH}", json=body, timeout=5)
        assert (response.status_code, response.content) == (status, b"")
    await live.quiet()
    assert live.polls() == before
    said = "\n".join(live.bot.heard())
    assert row["Value"] not in said
    assert "guess" not in said


async def test_after_a_restart_nothing_is_doubled(live: Board) -> None:
    """The bot starts again over its subscriptions: the same ones, and they still lead to it."""
    before = live.subscriptions()
    live.bot.stop()
    number = live.types("Referrals", Title="typed meanwhile")
    live.bot.start()
    await live.card_of(f"R-{number}", within=20)
    await live.quiet()
    assert live.subscriptions() == before
    await live.card_of(f"R-{live.types('Referrals', Title='typed after')}", within=20)
