"""Servers that start in milliseconds: a process that has loaded the server's modules forks one each time it is asked.

A thousand kills need a thousand starts, and loading Python and the web server anew takes most of a start. What is
forked runs the same `main` with the same arguments as `python -m sharepoint.embedded`, in a process of its own that is
killed like any other; only the loading is saved.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from tests.embedded_server import ROOT, EmbeddedServer


class Nursery:
    """The process that forks. `start` answers the child's pid and its first line; `wait` until it is gone."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sharepoint.embedded.nursery"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, arguments: list[str], wait: float) -> tuple[int, str]:
        """Fork a server with these arguments."""
        pid = int(self._asked({"start": arguments}, wait))
        return pid, self._line(wait)

    def wait(self, pid: int) -> None:
        """Return when a child is gone and reaped."""
        self._asked({"wait": pid}, 20)

    def close(self) -> None:
        """End the nursery; its children have ended before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _asked(self, what: dict[str, object], wait: float) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        return self._line(wait)

    def _line(self, wait: float) -> str:
        """The next line, read a byte at a time: what a buffer had read ahead, `select` would wait for in vain."""
        assert self._process.stdout is not None
        line, until = bytearray(), time.monotonic() + wait
        while True:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, until - time.monotonic()))
            byte = os.read(self._process.stdout.fileno(), 1) if ready else b""
            if byte in (b"", b"\n"):
                return line.decode().strip()
            line += byte


class ForkedServer(EmbeddedServer):
    """An embedded server out of a nursery, with the same doors as any other."""

    def __init__(self, data_dir: Path, nursery: Nursery) -> None:
        super().__init__(data_dir)
        self._nursery = nursery
        self._pid = 0

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._pid

    def start(self, wait: float = 20) -> Self:
        """Start it and wait until it listens; RuntimeError if it does not."""
        arguments = ["--port", str(self.port), "--data", str(self.data_dir), "--token", self.token]
        self._pid, line = self._nursery.start(arguments, wait)
        if not line.startswith("listening on "):
            raise RuntimeError(f"the forked server did not start: {line!r}")
        self.url = line.removeprefix("listening on ").strip()
        self.port = int(self.url.split(":")[2].split("/")[0])
        return self

    def _end(self, how: signal.Signals) -> None:
        self._session.close()
        if not self._pid:
            return
        with contextlib.suppress(ProcessLookupError):  # killed before, and reaped
            os.kill(self._pid, how)
        self._nursery.wait(self._pid)
        self._pid = 0


def main() -> None:
    """Serve a parent over standard input and output, a line each way."""
    from aiohttp import web  # noqa: F401, PLC0415 - what takes the time

    from sharepoint.embedded import __main__ as embedded  # noqa: PLC0415
    from sharepoint.embedded import server  # noqa: F401, PLC0415

    # One byte at a time from the pipe itself: a fork must not copy what a buffer has read ahead.
    while line := _read_line():
        asked = json.loads(line)
        if "wait" in asked:
            _reap(int(asked["wait"]))
            os.write(1, b"gone\n")
            continue
        told, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.read(told, 1)  # the line with the pid comes first
            os._exit(embedded.main(asked["start"]))
        os.write(1, f"{pid}\n".encode())
        os.write(tell, b".")
        os.close(told)
        os.close(tell)


def _read_line() -> bytes:
    line = bytearray()
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return bytes(line)


def _reap(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
