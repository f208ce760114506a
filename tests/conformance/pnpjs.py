"""PnPjs, kept up in one Node process that is told what to do line by line (see driver.mjs)."""

from __future__ import annotations

import json
import select
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.conformance.outcome import Failed, Refusal

HERE = Path(__file__).parent
SECONDS = 60


class PnPjsMissing(RuntimeError):
    """PnPjs cannot be run; the message says what to install."""


class PnPjs:
    """PnPjs on a site. Close it; `do` never raises for what the server or PnPjs says."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._asked = 0
        node = shutil.which("node")
        if node is None:
            raise PnPjsMissing("node was not found; install Node 20 or newer.")
        if not (HERE / "node_modules" / "@pnp" / "sp").is_dir():
            raise PnPjsMissing(f"{HERE / 'node_modules'} is missing or incomplete; run `npm ci` in {HERE}.")
        self._process = subprocess.Popen(
            [node, str(HERE / "driver.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def do(self, operation: str, told: dict[str, Any], token: str) -> object:
        """The value that an operation gives, or Refusal, or Failed."""
        self._asked += 1
        asked = {"id": self._asked, "do": operation, "site": self._site, "token": token, "with": told}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._line())
        assert answer["id"] == self._asked
        if "failed" in answer:
            return Failed(answer["failed"])
        return Refusal(**answer["refused"]) if "refused" in answer else answer["value"]

    def close(self) -> None:
        """Let the process end, and wait for it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        # One answer to one question: nothing can be left over in the buffer, so waiting on the pipe itself is right.
        ready, _, _ = select.select([self._process.stdout], [], [], SECONDS)
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self._process.kill()
            raise RuntimeError(f"PnPjs ended or said nothing for {SECONDS} seconds.")
        return line
