"""The embedded SharePoint as the bot's child: started, started again when it dies, and gone when the bot is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import embedded
from bot.embedded import Embedded, token
from bot.logs import TextFormatter
from bot.settings import Settings, SettingsError
from sharepoint.client import SharePoint
from sharepoint.sign_in import static
from tests.running import ROOT


def settings(data: Path, port: int = 0) -> Settings:
    """Settings of a bot whose embedded server takes any free port."""
    return Settings(data_dir=data, sharepoint_port=port)


@contextlib.asynccontextmanager
async def started(given: Settings) -> AsyncIterator[Embedded]:
    """A running server that is watched, as `python -m bot` runs it."""
    server = Embedded(given)
    server.begin()
    await server.ready()
    keeper = asyncio.create_task(server.stay())
    try:
        yield server
    finally:
        keeper.cancel()
        server.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await keeper


def pid_of(server: Embedded) -> int:
    """The child's process id."""
    assert server._process is not None
    return server._process.pid


async def gone(pid: int, within: float = 5) -> bool:
    """Whether a process ends in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        await asyncio.sleep(0.05)
    return False


async def test_it_starts_and_stops(tmp_path: Path) -> None:
    """Once it is ready it answers with our token; stopped, its process is gone."""
    async with started(settings(tmp_path)) as server:
        site = SharePoint(server.url, static(token(settings(tmp_path))))
        assert (await site.get("web?$select=Title", within=5))["Title"]
        await site.close()
        pid = pid_of(server)
    assert await gone(pid)


async def test_it_is_started_again_at_the_same_address(tmp_path: Path) -> None:
    """Killed, it is back within seconds at the address that the bot knows, with what it held."""
    async with started(settings(tmp_path)) as server:
        url, first = server.url, pid_of(server)
        site = SharePoint(url, static(token(settings(tmp_path))))
        await site.post(
            "web/lists", {"__metadata": {"type": "SP.List"}, "Title": "Kept", "BaseTemplate": 100}, within=5
        )
        os.kill(first, signal.SIGKILL)
        answer = await site.get("web/lists/getByTitle('Kept')?$select=Title", within=10)
        assert answer["Title"] == "Kept"
        assert server.url == url
        assert pid_of(server) != first
        await site.close()
        second = pid_of(server)
    assert await gone(second)


async def test_it_stops_when_its_parent_is_killed(tmp_path: Path) -> None:
    """A bot that dies without a word takes its server with it: the pipe between them ends."""
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from bot.embedded import Embedded\n"
        "from bot.settings import Settings\n"
        "server = Embedded(Settings(data_dir=Path(sys.argv[1]), sharepoint_port=0))\n"
        "server.begin()\n"
        "asyncio.run(server.ready())\n"
        "print(server._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        assert not await gone(pid, within=0.2)
        parent.kill()
        assert await gone(pid)


async def test_what_it_says_never_stops_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """However much the server warns, somebody reads it: it is in the bot's log, and the server goes on."""
    program = "import sys; print('listening on http://127.0.0.1:9/sites/x', flush=True)\n"
    program += "for n in range(20000): print('WARNING something happened', n, file=sys.stderr)\n"
    program += "print('done', flush=True); sys.stdin.read()\n"
    server = Embedded(settings(tmp_path))
    server._process = process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=-1, stdout=-1, stderr=-1, text=True
    )
    await server.ready()
    assert process.stdout is not None
    assert await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), 10) == "done\n"
    server.stop()
    assert "something happened" in "".join(TextFormatter().format(record) for record in caplog.records)


async def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    """Its own sentence becomes the bot's."""
    async with started(settings(tmp_path)) as running:
        second = Embedded(settings(tmp_path))
        second.begin()
        with pytest.raises(SettingsError, match="Another server is already using"):
            await second.ready()
        second.stop()
        assert not await gone(pid_of(running), within=0.2)


async def test_a_server_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that neither listens nor ends is killed when its time is over."""
    monkeypatch.setattr(embedded, "STARTS_WITHIN", 0.3)
    server = Embedded(settings(tmp_path))
    server._process = process = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], stdin=-1, stdout=-1, stderr=-1, text=True
    )
    with pytest.raises(SettingsError, match="did not start"):
        await server.ready()
    assert await gone(process.pid)
    server.stop()


async def test_a_server_that_is_there_already_is_used(tmp_path: Path) -> None:
    """A command beside a running bot uses the bot's server, and leaves it alone when done."""
    async with started(settings(tmp_path)) as running:
        port = int(running.url.split(":")[2].split("/")[0])
        second = Embedded(settings(tmp_path, port))
        second.begin()
        await second.ready()
        await asyncio.wait_for(second.stay(), 2)
        second.stop()
        assert second.url == running.url
        site = SharePoint(running.url, static(token(settings(tmp_path))))
        assert (await site.get("web?$select=Title", within=5))["Title"]
        await site.close()


class TestToken:
    """The embedded server's bearer token, made once."""

    def test_it_is_made_once_and_for_us_only(self, tmp_path: Path) -> None:
        """The same token each time, long, and in a file that only its owner reads."""
        first = token(settings(tmp_path / "data"))
        assert token(settings(tmp_path / "data")) == first
        assert len(first) > 30
        assert (tmp_path / "data" / "token").stat().st_mode & 0o777 == 0o600

    def test_an_empty_file_is_no_token(self, tmp_path: Path) -> None:
        """A machine that died while the token was made does not lock everybody out, or in."""
        (tmp_path / "token").write_text("")
        assert len(token(settings(tmp_path))) > 30

    def test_a_setting_goes_first(self, tmp_path: Path) -> None:
        """A token that the operator set is used, and none is written."""
        assert token(Settings(data_dir=tmp_path / "none", sharepoint_token="mine")) == "mine"
        assert not (tmp_path / "none").exists()

    def test_a_folder_that_cannot_be_used_is_a_sentence(self, tmp_path: Path) -> None:
        """The setting is named."""
        (tmp_path / "file").write_text("")
        with pytest.raises(SettingsError, match="MHRMB_DATA_DIR"):
            token(settings(tmp_path / "file" / "below"))
