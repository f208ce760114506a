"""The embedded SharePoint server as a child process, for any test that needs a site; every wait is bounded."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from json import dumps, loads
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

ROOT = Path(__file__).resolve().parent.parent
_JSON = "application/json;odata=nometadata"


class EmbeddedServer:
    """One server over one directory. After `start` it has `url` (the site's address) and `port`.

    `kill` is SIGKILL, as in a crash; `start` after it opens the same directory on the same port, as a restart would.
    """

    def __init__(
        self, data_dir: Path | str, token: str = "test-token", port: int = 0, extra: Sequence[str] = ()
    ) -> None:
        self.data_dir = Path(data_dir)
        self.token = token
        self.port = port
        self.extra = tuple(extra)
        self.url = ""
        self._process: subprocess.Popen[str] | None = None
        self._session = requests.Session()

    def start(self, wait: float = 20) -> Self:
        """Start it and wait until it listens; RuntimeError with its words on stderr if it does not."""
        arguments = ["--port", str(self.port), "--data", str(self.data_dir), "--token", self.token, *self.extra]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sharepoint.embedded", *arguments, "--stop-with-stdin"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._first_line(wait)
        if not line.startswith("listening on "):
            self.kill()
            raise RuntimeError(f"the embedded server did not start: {line!r}")
        self.url = line.removeprefix("listening on ").strip()
        self.port = int(self.url.split(":")[2].split("/")[0])
        return self

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, and wait until it is gone."""
        self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def call(self, method: str, path: str, json: Any = None, *, token: str = "", **headers: str) -> requests.Response:
        """One request below `_api/`; header names are given with underscores, as `if_match='*'`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._session.request(
            method,
            f"{self.url}/_api/{path}",
            json=json,
            headers={"Accept": _JSON, "Content-Type": _JSON, "Authorization": f"Bearer {token or self.token}"} | named,
            timeout=30,
        )

    def get(self, path: str, **headers: str) -> Any:
        """The JSON of a GET; raises if refused."""
        return _json(self.call("GET", path, **headers))

    def post(self, path: str, json: Any = None, **headers: str) -> Any:
        """The JSON of a POST; raises if refused."""
        return _json(self.call("POST", path, json, **headers))

    def merge(self, path: str, json: Any, etag: str = "*", **headers: str) -> str:
        """Update something; answers its new ETag, raises if refused."""
        response = self.call("POST", path, json, x_http_method="MERGE", if_match=etag, **headers)
        _json(response)
        return str(response.headers.get("ETag", ""))

    def delete(self, path: str, etag: str = "*", **headers: str) -> None:
        """Delete something; raises if refused."""
        _json(self.call("POST", path, x_http_method="DELETE", if_match=etag, **headers))

    def list(self, title: str, fields: Mapping[str, Mapping[str, Any]] | None = None) -> str:
        """Make a list with columns, given as name to properties (`{"Status": {"FieldTypeKind": 2, "Indexed": True}}`);
        answers its path below `_api/`."""
        self.post("web/lists", {"Title": title, "BaseTemplate": 100})
        path = f"web/lists/getByTitle('{title}')"
        added = [("POST", f"{path}/fields", {"Title": name, **each}) for name, each in (fields or {}).items()]
        answers = self.batch(added) if added else []
        if any(status != 201 for status, _ in answers):
            raise ValueError(f"the columns of {title} were refused: {answers}")
        return path

    def batch(self, operations: Sequence[tuple[str, str, Any]]) -> list[tuple[int, Any]]:
        """Up to 100 operations (verb, path, body) in one `$batch`; answers each one's status and JSON."""
        pieces = [_batch_part(verb, f"{self.url}/_api/{path}", json) for verb, path, json in operations]
        response = self._session.post(
            f"{self.url}/_api/$batch",
            data="".join([*pieces, "--batch_1--\r\n"]).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "multipart/mixed; boundary=batch_1"},
            timeout=60,
        )
        response.raise_for_status()
        boundary = response.headers["Content-Type"].partition("boundary=")[2]
        return [_batch_answer(part) for part in response.text.split(f"--{boundary}")[1:-1]]

    def fault(self, **fault: Any) -> None:
        """Ask for a fault (see sharepoint.embedded.faults)."""
        self._control("POST", "__faults", fault)

    def faults(self) -> Any:
        """The faults in force and how often each has struck."""
        return self._control("GET", "__faults").json()

    def no_faults(self) -> None:
        """No faults any more."""
        self._control("DELETE", "__faults")

    def requests_served(self) -> Any:
        """How many requests were served since the start or since `forget_requests`."""
        return self._control("GET", "__requests").json()

    def forget_requests(self) -> None:
        """Count requests from nothing."""
        self._control("DELETE", "__requests")

    def _control(self, method: str, path: str, json: Any = None) -> requests.Response:
        origin = self.url.removesuffix("/sites/mhrmb")
        headers = {"Authorization": f"Bearer {self.token}"}
        response = self._session.request(method, f"{origin}/{path}", json=json, headers=headers, timeout=30)
        response.raise_for_status()
        return response

    def _first_line(self, wait: float) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        until = time.monotonic() + wait
        ready, _, _ = select.select([self._process.stdout], [], [], max(0, until - time.monotonic()))
        return self._process.stdout.readline() if ready else ""

    def _end(self, how: signal.Signals) -> None:
        self._session.close()
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None


def _batch_part(verb: str, url: str, json: Any) -> str:
    head = "--batch_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    body = "" if json is None else dumps(json)
    named = f"Accept: {_JSON}\r\nContent-Type: {_JSON}\r\nIf-Match: *"
    return f"{head}{verb} {url} HTTP/1.1\r\n{named}\r\n\r\n{body}\r\n"


def _batch_answer(part: str) -> tuple[int, Any]:
    _, http, *body = part.strip("\r\n").split("\r\n\r\n", 2)
    return int(http.split()[1]), loads(body[0]) if body and body[0].strip() else None


def _json(response: requests.Response) -> Any:
    if not response.ok:
        raise requests.HTTPError(f"{response.status_code} {response.text}", response=response)
    return response.json() if response.content else None
