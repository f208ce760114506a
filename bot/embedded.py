"""The embedded SharePoint as a child process: started, watched, started again when it dies, stopped with the bot."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from pathlib import Path
from urllib.parse import urlsplit

from bot.logs import tell
from bot.settings import Settings, SettingsError

log = logging.getLogger("mhrmb.embedded")

STARTS_WITHIN = 15.0
"""Seconds after which a server that has said nothing is killed and counts as not started."""


def token(settings: Settings) -> str:
    """The bearer token of the embedded server: the setting, else one made once and kept beside the data."""
    if settings.sharepoint_token:
        return settings.sharepoint_token
    path = settings.data_dir / "token"
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists() or not path.stat().st_size:  # empty when the machine died while it was made
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"MHRMB_DATA_DIR ({settings.data_dir}) cannot be used: {error.strerror}.") from error


class Embedded:
    """One server over the data folder. Its standard input is a pipe of ours, so it stops when we are killed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = token(settings)
        self._process: subprocess.Popen[str] | None = None
        self._port = settings.sharepoint_port
        self.url = f"http://127.0.0.1:{self._port}/sites/mhrmb"

    def begin(self) -> None:
        """Start the server without waiting for it, unless one of ours answers at the port already."""
        if not self._answers():
            self._process = self._spawn()

    async def ready(self) -> None:
        """Wait until it listens; raises SettingsError with its own sentence when it cannot start."""
        if self._process is not None:
            too_late = asyncio.get_running_loop().call_later(STARTS_WITHIN, self._process.kill)
            try:
                await asyncio.to_thread(self._listening, self._process)
            finally:
                too_late.cancel()

    async def stay(self) -> None:
        """Start it again whenever it dies, until cancelled."""
        while self._process is not None:
            status = await asyncio.to_thread(self._process.wait)
            _close(self._process)
            tell(log, logging.WARNING, "the embedded server stopped; it is started again", status=status)
            await asyncio.sleep(0.5)
            self._process = self._spawn()
            try:
                await self.ready()
            except SettingsError as error:
                tell(log, logging.WARNING, "the embedded server did not start", says=error)

    def stop(self) -> None:
        """Stop it gently, if it is ours."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
        if process is not None:
            _close(process)

    def _spawn(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "sharepoint.embedded", "--stop-with-stdin"]
        command += ["--port", str(self._port), "--data", str(self._settings.data_dir.absolute())]
        return subprocess.Popen(  # noqa: S603 - our own module, our own arguments
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
            start_new_session=True,  # Ctrl-C is ours to hear: the server outlives the last write
            env={**os.environ, "MHRMB_SHAREPOINT_TOKEN": self._token},
        )

    def _listening(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        up, said = threading.Event(), deque[str](maxlen=5)
        relay = threading.Thread(target=_relay, args=(process, up, said), daemon=True)
        relay.start()
        line = process.stdout.readline().strip()
        prefix = "listening on "
        if line.startswith(prefix):
            up.set()
            self.url = line.removeprefix(prefix)
            self._port = urlsplit(self.url).port or self._port  # the same again after a restart, if any was free
            return
        relay.join(5)
        raise SettingsError(said[-1] if said else "The embedded SharePoint server did not start.")

    def _answers(self) -> bool:
        if not self._settings.sharepoint_port:
            return False
        request = urllib.request.Request(f"{self.url}/_api/web?$select=Title")  # noqa: S310 - http on loopback
        request.add_header("Authorization", f"Bearer {self._token}")
        request.add_header("Accept", "application/json;odata=nometadata")
        try:
            with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False


def _relay(process: subprocess.Popen[str], up: threading.Event, said: deque[str]) -> None:
    """Pass what the server says on to the log: unread, its pipe would fill up one day and stop it."""
    assert process.stderr is not None
    with process.stderr as stderr:
        for line in stderr:
            said.append(line.strip())
            if up.is_set():
                tell(log, logging.WARNING, "the embedded server says", line=line.strip())


def _close(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
