"""The server as a process: starting, refusing to start, stopping, and faults."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from tests.embedded_server import ROOT, EmbeddedServer


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sharepoint.embedded", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)


def test_only_loopback_is_served(tmp_path: Path) -> None:
    """Any other host is wrong usage, exit code 2, with a sentence."""
    done = run("--port", "0", "--data", str(tmp_path), "--token", "t", "--host", "0.0.0.0")
    assert (done.returncode, done.stdout) == (2, "")
    assert "loopback" in done.stderr


def test_what_cannot_start_says_why_in_one_sentence(tmp_path: Path, server: EmbeddedServer) -> None:
    """A busy directory, a busy port or an unusable directory is exit code 1 and one line, no traceback."""
    (tmp_path / "file").write_text("")
    for port, data, words in (
        (0, server.data_dir, "already using"),
        (server.port, tmp_path / "free", "Cannot listen"),
        (0, tmp_path / "file", "cannot be used"),
    ):
        done = run("--port", str(port), "--data", str(data), "--token", "t")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert words in done.stderr


def test_it_stops_when_its_parent_is_gone(tmp_path: Path) -> None:
    """With --stop-with-stdin the end of standard input stops it, exit code 0."""
    arguments = ["--port", "0", "--data", str(tmp_path), "--token", "t", "--stop-with-stdin"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sharepoint.embedded", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("listening on http://127.0.0.1:")
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_terminated_server_ends_well(tmp_path: Path) -> None:
    """SIGTERM ends it with exit code 0 and a restart finds everything."""
    server = EmbeddedServer(tmp_path).start()
    path = server.list("Kept")
    process = server._process
    assert process is not None
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    server.stop()
    with server:
        assert server.get(path)["Title"] == "Kept"


def test_faults_strike_as_asked(server: EmbeddedServer) -> None:
    """A fault has a status, a Retry-After, a number of times and a request it matches; others are left alone."""
    server.fault(status=503, retry_after=2, count=2, match=r"GET .*/web$")
    try:
        answers = [server.call("GET", "web") for _ in range(3)]
        assert [one.status_code for one in answers] == [503, 503, 200]
        assert answers[0].headers["Retry-After"] == "2"
        server.fault(status="drop", count=1, match="roledefinitions")
        assert server.call("GET", "web").status_code == 200
        with pytest.raises(requests.ConnectionError):
            server.call("GET", "web/roledefinitions")
        server.fault(latency=0.2, count=1)
        began = time.monotonic()
        assert server.call("GET", "web").status_code == 200
        assert time.monotonic() - began >= 0.2
        server.fault(status=429, share=0.5, seed=7)
        shares = [server.call("GET", "web").status_code for _ in range(60)]
        assert 10 < shares.count(429) < 50
    finally:
        server.no_faults()
    assert server.call("GET", "web").status_code == 200


def test_a_drop_after_the_write_keeps_the_write(server: EmbeddedServer) -> None:
    """With `after` the operation is done and only its answer is lost."""
    path = server.list("Dropped")
    server.fault(status="drop", count=1, match="POST .*/items", after=True)
    with pytest.raises(requests.ConnectionError):
        server.post(f"{path}/items", {"Title": "a"})
    assert server.get(f"{path}/ItemCount") == {"value": 1}


def test_controls_need_the_token(server: EmbeddedServer) -> None:
    """Without the app's token the control addresses are not there; a bad fault is refused."""
    origin = server.url.removesuffix("/sites/mhrmb")
    for name in ("__faults", "__requests"):
        for headers in ({}, {"Authorization": "Bearer member-token"}):
            assert requests.get(f"{origin}/{name}", headers=headers, timeout=10).status_code == 404
    with pytest.raises(requests.HTTPError, match="400"):
        server.fault(status=200)
    assert requests.get(f"{origin}/elsewhere", timeout=10).status_code == 401
