"""$batch: order, independence, tolerance, limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]


def send(server: EmbeddedServer, body: str, kind: str = "multipart/mixed; boundary=b") -> requests.Response:
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": kind}
    return server._session.post(f"{server.url}/_api/$batch", data=body.encode(), headers=headers, timeout=30)


def test_each_part_stands_alone(server: EmbeddedServer, new_list: NewList) -> None:
    """Parts are answered in order with their own status; a refused one undoes nothing but itself."""
    path = new_list({"Key": "taken"})
    answers = server.batch(
        [
            ("POST", f"{path}/items", {"Key": "a"}),
            ("POST", f"{path}/items", {"Key": "TAKEN"}),
            ("GET", f"{path}/items(2)?$select=Key", None),
            ("PATCH", f"{path}/items(2)", {"Key": "b"}),
            ("DELETE", f"{path}/items(1)", None),
            ("GET", f"{path}/items(99)", None),
            ("POST", f"{path}/items", {"Key": "taken"}),
        ]
    )
    assert [status for status, _ in answers] == [201, 400, 200, 204, 200, 404, 201]
    assert answers[2][1] == {"Key": "a"}
    assert [row["Key"] for row in server.get(f"{path}/items")["value"]] == ["b", "taken"]
    assert server.get(f"{path}/ItemCount") == {"value": 2}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_preamble_do_not_matter(server: EmbeddedServer, new_list: NewList, end: str) -> None:
    """Bare line feeds, a preamble, changesets, blank lines and server-relative addresses are all read."""
    path = new_list()
    lines = [
        "words before the first boundary",
        "--b",
        'Content-Type: multipart/mixed; boundary="c"',
        "",
        "--c",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        f"POST {server.url}/_api/{path}/items HTTP/1.1",
        "Content-Type: application/json",
        "",
        '{"Title": "one"}',
        "",
        "--c",
        "Content-Type: application/http",
        "",
        f"POST /sites/mhrmb/_api/{path}/items(1) HTTP/1.1",
        "X-HTTP-Method: MERGE",
        "If-Match: *",
        "",
        '{"Title": "two"}',
        "--c--",
        "--b",
        "Content-Type: application/http",
        "",
        f"GET {server.url}/_api/{path}/items(1)?$select=Title HTTP/1.1",
        "Accept: application/json;odata=nometadata",
        "",
        "--b--",
    ]
    response = send(server, end.join(lines))
    assert response.status_code == 200, response.text
    assert [line.split()[1] for line in response.text.splitlines() if line.startswith("HTTP/1.1")] == [
        "201",
        "204",
        "200",
    ]
    assert '{"Title":"two"}' in response.text


def test_too_many_operations_are_refused_whole(server: EmbeddedServer, new_list: NewList) -> None:
    """101 operations are 400 and none is done."""
    path = new_list()
    with pytest.raises(requests.HTTPError, match="400"):
        server.batch([("POST", f"{path}/items", {})] * 101)
    assert server.get(f"{path}/ItemCount") == {"value": 0}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "multipart/mixed; boundary=b"),
        ("--b--", "multipart/mixed; boundary=b"),
        ("--b\n\n\n--b--", "multipart/mixed; boundary=b"),
        ("--b\n\nGET http://elsewhere/x HTTP/1.1\n\n--b--", "multipart/mixed; boundary=b"),
        ("{}", "application/json"),
    ],
)
def test_a_malformed_batch_is_refused(server: EmbeddedServer, body: str, kind: str) -> None:
    """What is not a batch is 400, in the usual envelope."""
    response = send(server, body, kind)
    assert response.status_code == 400
    assert "odata.error" in response.json()


def test_requests_are_counted(server: EmbeddedServer, new_list: NewList) -> None:
    """A batch counts once with its parts apart; control requests are not counted."""
    path = new_list()
    title = server.get(path)["Title"]
    server.forget_requests()
    server.get(f"{path}/items")
    server.batch([("GET", path, None), ("GET", f"{path}/items(1)", None)])
    counted = server.requests_served()
    assert counted == {
        "total": 2,
        "by": {f"GET web/lists/{title}/items": 1, "POST $batch": 1},
        "parts": {f"GET web/lists/{title}": 1, f"GET web/lists/{title}/items/*": 1},
    }
