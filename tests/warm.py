"""Processes of the product that need not import it first: forked from one that has.

Most of a scenario's start is Python reading some nine hundred modules, the same ones each time. `Warm` keeps one
process that has read them and does nothing else; `run` forks it, and the child runs a module as `python -m` would, with
an environment, a standard output and a process id of its own. A start from the command line is tried where starting is
what is tested (`RunningBot(cold=True)`, and whatever runs `python -m bot` itself).
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import json
import logging
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import threading
import traceback
from datetime import date
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1
"""In Linux's sys/prctl.h: the signal that a process gets when its parent ends."""

IMPORTED = (
    *("bot.__main__", "bot.app", "bot.demo", "bot.ready", "bot.credentials", "bot.seal_key", "sharepoint.writing"),
    *("holidays", "holidays.countries.united_kingdom"),
)
"""What a bot imports until it is ready, and at its first write and date."""


class Forked:
    """A process that `Warm` made, with as much of `subprocess.Popen` as the tests use."""

    def __init__(self, pid: int, stdout: IO[str]) -> None:
        self.pid, self.stdout = pid, stdout
        self.returncode: int | None = None
        self._over = threading.Event()

    def ended(self, code: int) -> None:
        """Hear from the process it was forked from that it is over."""
        self.returncode = code
        self._over.set()

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        if not self._over.wait(timeout):
            raise subprocess.TimeoutExpired("a forked bot", timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it is over."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


class Warm:
    """The process that has imported everything. Made at the first `run`, ended with this one."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-c", f"from tests import warm; warm.serve({theirs.fileno()})"]
        self._process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self._socket, self._lock = ours, threading.Lock()
        self._made, self._ended = threading.Event(), dict[int, int]()
        self._children, self._told = dict[int, Forked](), threading.Condition()
        self._pid = 0
        threading.Thread(target=self._hear, daemon=True).start()
        atexit.register(self.close)

    def run(self, module: str, environment: dict[str, str]) -> Forked:
        """Run a module as `python -m` does; what it prints comes on its `stdout`, errors among it."""
        read, write = os.pipe()
        with self._lock:
            self._made.clear()
            asked = json.dumps({"module": module, "environment": environment}).encode()
            socket.send_fds(self._socket, [asked], [write])
            os.close(write)
            if not self._made.wait(60):
                raise RuntimeError("the warm process did not fork")
            with self._told:
                child = self._children[self._pid] = Forked(self._pid, os.fdopen(read, encoding="utf-8"))
                if self._pid in self._ended:
                    child.ended(self._ended.pop(self._pid))
        return child

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.kill()
        self._process.wait(10)

    def _hear(self) -> None:
        with contextlib.suppress(OSError):
            while told := self._socket.recv(4096):
                said = json.loads(told)
                with self._told:
                    if "made" in said:
                        self._pid = said["made"]
                        self._ended.pop(self._pid, None)
                        self._made.set()
                    elif child := self._children.pop(said["ended"], None):
                        child.ended(said["code"])
                    else:
                        self._ended[said["ended"]] = said["code"]


def serve(number: int) -> None:
    """Import, then fork for each message until the other side is gone."""
    asked = socket.socket(fileno=number)
    for name in IMPORTED:
        __import__(name)
    sys.modules["board.calendar"].is_working_day(date(2026, 11, 27))  # reads the bank holidays
    wakes, waker = socket.socketpair()
    waker.setblocking(False)
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    both = selectors.DefaultSelector()
    both.register(asked, selectors.EVENT_READ)
    both.register(wakes, selectors.EVENT_READ)
    while True:
        for key, _ in both.select():
            if key.fileobj is wakes:
                wakes.recv(4096)
                _bury(asked)
                continue
            message, descriptors, _, _ = socket.recv_fds(asked, 1 << 20, 1)
            if not message:
                return
            child = os.fork()
            if child == 0:
                for each in (asked, wakes, waker):
                    each.close()
                both.close()
                _become(json.loads(message), descriptors[0])
            os.close(descriptors[0])
            asked.send(json.dumps({"made": child}).encode())
            _bury(asked)


def _bury(asked: socket.socket) -> None:
    """Tell of every child that is over."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            asked.send(json.dumps({"ended": pid, "code": os.waitstatus_to_exitcode(status)}).encode())


def _become(wanted: dict[str, object], output: int) -> None:
    """Be what was asked for, and end with its exit code."""
    code = 1
    try:
        with contextlib.suppress(AttributeError, OSError):  # Linux's: nothing outlives a run that was killed
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.environ.clear()
        os.environ.update(wanted["environment"])  # type: ignore[arg-type]
        sys.argv = [str(wanted["module"])]
        runpy.run_module(str(wanted["module"]), run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        logging.shutdown()
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


_warm: Warm | None = None


def run(module: str, environment: dict[str, str]) -> Forked:
    """Run a module from the one warm process of this one."""
    global _warm  # noqa: PLW0603
    if _warm is None:
        _warm = Warm()
    return _warm.run(module, environment)
