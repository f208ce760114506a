"""Processes that are measured: started, timed to their first answer, their processor time and memory read, ended."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import orjson

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
START = 40.0


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def processor_seconds(pid: int) -> float:
    """The time a process and its threads have computed; its children are not in it.

    In nanoseconds where the kernel tells them, of the threads there are now; else in its ticks of ten milliseconds.
    """
    with contextlib.suppress(OSError, ValueError):
        threads = Path(f"/proc/{pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def settle(pid: int, within: float = 30.0) -> None:
    """Wait until a process computes next to nothing: what it does after a start is not what a turn costs."""
    deadline, last = time.monotonic() + within, processor_seconds(pid)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = processor_seconds(pid)
        if now - last < 0.01:
            return
        last = now


def memory_mb(pid: int, *, peak: bool = False) -> float:
    """Resident memory in MB, now or at its highest."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:" if peak else "VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def forget_peak(pid: int) -> None:
    """Count the highest memory anew, where the kernel lets us."""
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that ended: how long it took, its highest memory in MB, what it printed."""

    seconds: float
    peak: float
    said: str


def ended(command: list[str], environment: Mapping[str, str], within: float = 300.0) -> Ran:
    """Run a command to its end. Raises RuntimeError when it fails, or takes longer."""
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        stop = threading.Timer(within, process.kill)
        stop.start()
        _, status, used = os.wait4(process.pid, 0)  # subprocess tells no process's own use
        seconds = time.perf_counter() - begun
        stop.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode()
    if process.returncode:
        raise RuntimeError(f"{command}: {said[-2000:]}")
    return Ran(seconds, used.ru_maxrss / 1024, said)


def apart(measured: Iterable[int], others: Iterable[int]) -> bool:
    """Give the measured processes one core and the others the rest, where there are two; says whether it was done."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return False
    with contextlib.suppress(OSError):
        for pids, where in ((measured, cores[:1]), (others, cores[1:])):
            for pid in pids:
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    os.sched_setaffinity(int(thread.name), where)
        return True
    return False


class Server:
    """A server that is told its port and answers on it; `first` is a request whose answer ends its start."""

    def __init__(self, command: list[str], port: int, environment: Mapping[str, str], first: bytes) -> None:
        self.port, self._command, self._environment, self._first = port, command, environment, first
        self.started_in = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._said = Path()

    def start(self, log: Path) -> Self:
        """Start it and wait until it has answered once."""
        begun = time.monotonic()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={**os.environ, **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        while not answered(self.port, self._first):
            if self._process.poll() is not None or time.monotonic() > begun + START:
                self.stop()
                raise RuntimeError(f"{self._command} did not answer: {log.read_text()[-2000:]}")
            time.sleep(0.005)
        self.started_in = time.monotonic() - begun
        return self

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def answered(port: int, request: bytes) -> bool:
    """Whether a request is answered with a success; nobody listening is no answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=START) as line:
            line.sendall(request)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            answer.read()
            return 200 <= answer.status < 300
    except (OSError, http.client.HTTPException):
        return False


class Load:
    """The load's process. After `start`: `service` (the connector's URL), `metadata` (the issuer's), `token`."""

    def __init__(self) -> None:
        self.service = self.metadata = self.token = ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "benchmarks.load"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        told = self._heard()
        self.service, self.metadata, self.token = told["service"], told["metadata"], told["token"]
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        self._process.kill()
        self._process.wait(5)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def run(self, port: int, bodies: list[str], *, concurrency: int, seconds: float, **more: Any) -> dict[str, Any]:
        """Keep so many turns under way for so long, and return the figures."""
        order = {"port": port, "token": self.token, "bodies": bodies, "concurrency": concurrency, "seconds": seconds}
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(orjson.dumps({**order, **more}) + b"\n")
        self._process.stdin.flush()
        return self._heard()

    def _heard(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load's process has ended")
        found: dict[str, Any] = orjson.loads(line)
        return found
