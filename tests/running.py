"""The whole product as a child process: `python -m bot` with its embedded SharePoint, driven through the real doors."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Self

import requests

from bot.logs import GATHERED_FOR
from tests import warm
from tests.warm import Forked

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "test-token"
POLL = 0.1
START = 90.0


class RunningBot:
    """One bot over one data folder. After `start`: `url` (of /api/messages), `site` and `said` (all it has printed).

    `kill` is SIGKILL for the bot and its SharePoint alike; `start` after it takes the same ports again. `module` is
    what is run: `bot`, or one that changes its times first. It is forked from a process that imported it already
    (`tests.warm`); `cold` starts it from nothing, for what is measured.
    """

    def __init__(self, data_dir: Path, *, module: str = "bot", cold: bool = False, **settings: str) -> None:
        self.data_dir = data_dir
        self.module = module
        self.cold = cold
        self.settings = settings
        self.url = self.site = self.code = ""
        self.port = self.sharepoint_port = 0
        self.started_in = 0.0
        self.said: list[str] = []
        self._process: subprocess.Popen[str] | Forked | None = None
        self._http = requests.Session()  # a connection for each look would take longer than the look
        self._http.trust_env = False

    def start(self) -> Self:
        """Start and wait for the line that says it is ready; RuntimeError with what it said if it does not come."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MHRMB_")}
        environment |= {
            "MHRMB_PORT": str(self.port),
            "MHRMB_SHAREPOINT_PORT": str(self.sharepoint_port),
            "MHRMB_DATA_DIR": str(self.data_dir),
            "MHRMB_SHAREPOINT_TOKEN": TOKEN,
            "MHRMB_POLL_SECONDS": str(POLL),
            **self.settings,
        }
        begun = time.monotonic()
        self._process = self._cold(environment) if self.cold else warm.run(self.module, environment)
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, args=(self._process, lines), daemon=True).start()
        self._await_ready(lines, begun + START)
        self.started_in = time.monotonic() - begun
        return self

    def _cold(self, environment: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", self.module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _listen(self, process: subprocess.Popen[str] | Forked, lines: queue.Queue[str | None]) -> None:
        assert process.stdout is not None
        with process.stdout as output:
            for line in output:
                self.said.append(line.rstrip())
                lines.put(line.strip())
        lines.put(None)

    def _await_ready(self, lines: queue.Queue[str | None], deadline: float) -> None:
        while True:
            try:
                line = lines.get(timeout=max(deadline - time.monotonic(), 0.01))
            except queue.Empty:
                line = None
            if line is None:
                if self._process is not None:
                    self._process.kill()
                    self._process.wait(10)
                raise RuntimeError("the bot did not start: " + " / ".join(self.said[-10:]))
            if line.startswith("Set-up code: "):
                self.code = line.split()[2]
            if line.startswith("Records: "):
                self.site = line.split()[1]
                self.sharepoint_port = int(self.site.split(":")[2].split("/")[0])
            if line.startswith("Ready: "):
                self.url = line.split()[1]
                self.port = int(self.url.split(":")[2].split("/")[0])
                return

    def heard(self) -> list[str]:
        """What it has printed and logged, the lines of this moment too: those wait a little to be written together."""
        time.sleep(3 * GATHERED_FOR)
        return list(self.said)

    @property
    def pid(self) -> int:
        """The bot's process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def sharepoint_pid(self) -> int:
        """The process id of its embedded server."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.pid), "-f", "sharepoint.embedded"], capture_output=True, text=True, check=True
        )
        return int(found.stdout.split()[0])

    def kill_sharepoint(self) -> None:
        """SIGKILL the embedded server alone; the bot starts it again."""
        os.kill(self.sharepoint_pid, signal.SIGKILL)

    def kill(self) -> None:
        """SIGKILL both processes at once, as when the machine dies."""
        server = self.sharepoint_pid
        assert self._process is not None
        for pid in (self.pid, server):
            os.kill(pid, signal.SIGKILL)
        self._process.wait(10)
        for _ in range(100):
            if not Path(f"/proc/{server}").exists():
                return
            time.sleep(0.05)

    def kill_alone(self) -> None:
        """SIGKILL the bot, whose SharePoint is none of its own."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def pause(self) -> None:
        """SIGSTOP: the process does nothing until `resume`, and does not know it."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> int:
        """Stop it as an operator would, and return its exit code."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            return self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop()
        self._http.close()

    def memory_mb(self) -> float:
        """The bot's resident memory, in MB; its SharePoint is another process."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def rows(self, name: str, **options: str) -> list[dict[str, Any]]:
        """The items of a list, read over its REST interface as anybody with curl would."""
        answer = self._http.get(
            f"{self.site}/_api/web/lists/getByTitle('{name}')/items",
            params={"$top": "5000", **{f"${k}": v for k, v in options.items()}},
            headers=self._headers(),
            timeout=10,
        )
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["value"]
        return found

    def round_done(self) -> str:
        """The day up to which the clock has spoken; empty before it did. Asked often, so for its one row alone."""
        found = self.rows("Events", filter="Key eq 'clock:round'")
        return str(found[0]["Value"] or "") if found else ""

    def versions(self, name: str, item_id: int) -> list[dict[str, Any]]:
        """The versions of a row, the newest first."""
        path = f"{self.site}/_api/web/lists/getByTitle('{name}')/items({item_id})/versions?$top=500"
        answer = self._http.get(path, headers=self._headers(), timeout=10)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["value"]
        return found

    def add_row(self, name: str, **values: Any) -> int:
        """Type a row into a list, as a person would in SharePoint."""
        answer = self._http.post(
            f"{self.site}/_api/web/lists/getByTitle('{name}')/items",
            json=values,
            headers=self._headers() | {"Content-Type": "application/json;odata=nometadata"},
            timeout=10,
        )
        answer.raise_for_status()
        return int(answer.json()["Id"])

    def change_row(self, name: str, item_id: int, **values: Any) -> None:
        """Edit a row in place, as a person would in SharePoint."""
        headers = self._headers() | {"If-Match": "*", "X-HTTP-Method": "MERGE"}
        answer = self._http.post(
            f"{self.site}/_api/web/lists/getByTitle('{name}')/items({item_id})",
            json=values,
            headers=headers | {"Content-Type": "application/json;odata=nometadata"},
            timeout=10,
        )
        answer.raise_for_status()

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the embedded server's own doors: `/__faults` and `/__requests`."""
        root = self.site.split("/sites/")[0]
        answer = self._http.request(method, f"{root}{path}", json=body, headers=self._headers(), timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {TOKEN}", "Accept": "application/json;odata=nometadata"}
