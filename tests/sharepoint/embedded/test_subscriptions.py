"""Webhook subscriptions: who may have one, the handshake, and what receivers are told, by a stand-in receiver."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.embedded_server import EmbeddedServer
from tests.receiver import Receiver

QUICK = ("--notify-after", "0.05", "--notify-retry", "0.1")
MEMBER = "member-token"
REFUSED = "-1, System.InvalidOperationException"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server that notifies at once and tries again after a tenth of a second."""
    extra = ("--member-token", MEMBER, "--user", "ada-token=Ada Example", *QUICK)
    with EmbeddedServer(tmp_path_factory.mktemp("site"), extra=extra) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def path(server: EmbeddedServer, new_list: Callable[..., str]) -> str:
    """A list of the test's own."""
    return new_list(columns={})


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def asked(url: str, **changed: Any) -> dict[str, Any]:
    """The body of a new subscription."""
    body = {"resource": "the list", "notificationUrl": url, "expirationDateTime": in_days(30), "clientState": "state"}
    return {name: value for name, value in {**body, **changed}.items() if value is not ...}


def refusal(response: requests.Response) -> tuple[int, str]:
    return response.status_code, response.json()["odata.error"]["code"]


def test_a_subscription_is_made_after_the_handshake(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """The receiver echoes a token; what comes back, by itself and among all, is what was asked for."""
    response = server.call("POST", f"{path}/subscriptions", asked(f"{receiver.url}?code=a%20b"))
    made = response.json()
    assert response.status_code == 201
    assert [each.startswith("/hook?code=a%20b&validationtoken=") for each in receiver.handshakes] == [True]
    assert made == {
        "id": made["id"],
        "clientState": "state",
        "notificationUrl": f"{receiver.url}?code=a%20b",
        "resource": server.get(path)["Id"],
        "expirationDateTime": made["expirationDateTime"],
    }
    assert made["expirationDateTime"].startswith(in_days(30)[:10])
    assert server.get(f"{path}/subscriptions") == {"value": [made]}
    for address in (f"subscriptions('{made['id']}')", f"subscriptions/getById('{made['id']}')"):
        assert server.get(f"{path}/{address}") == made


@pytest.mark.parametrize("manner", ["wrong token", "html", "status 201", "status 500", "redirect"])
def test_a_failed_handshake_makes_nothing(server: EmbeddedServer, path: str, manner: str) -> None:
    """Anything but 200 with the token as plain text is refused with SharePoint's sentence; nothing is kept."""
    with Receiver(manner) as bad:
        response = server.call("POST", f"{path}/subscriptions", asked(bad.url))
    assert refusal(response) == (400, REFUSED)
    assert response.json()["odata.error"]["message"]["value"] == f"Failed to validate the notification URL '{bad.url}'."
    assert server.get(f"{path}/subscriptions")["value"] == []
    assert len(bad.handshakes) == 1


@pytest.mark.long
def test_a_receiver_that_hangs_holds_up_only_its_own_request(server: EmbeddedServer, path: str) -> None:
    """The handshake gives up after five seconds, and other requests are answered meanwhile."""
    with Receiver("hang") as bad:
        begun = time.monotonic()
        with requests.Session() as session, pytest.raises(requests.Timeout):
            session.post(
                f"{server.url}/_api/{path}/subscriptions",
                json=asked(bad.url),
                headers={"Authorization": f"Bearer {server.token}"},
                timeout=0.3,
            )
        assert server.get("web")["Title"] == "MHRMB"
        assert refusal(server.call("POST", f"{path}/subscriptions", asked(bad.url))) == (400, REFUSED)
    assert time.monotonic() - begun < 20, "bounded, however long the receiver hangs"
    assert server.get(f"{path}/subscriptions")["value"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://192.0.2.1/hook",
        "https://board.example/hook",
        "http://127.0.0.1.board.example/hook",
        "http://127.0.0.1@192.0.2.1/hook",
        "http://u:p@127.0.0.1/hook",
        "file:///etc/hostname",
        "ftp://127.0.0.1/hook",
        "http://[::1/hook",
        "http://127.0.0.1:99999/hook",
        "http:///hook",
        "/hook",
    ],
)
def test_only_this_machine_is_called(server: EmbeddedServer, path: str, url: str) -> None:
    """Another machine's address, or none, is refused as one that did not answer."""
    assert refusal(server.call("POST", f"{path}/subscriptions", asked(url))) == (400, REFUSED)


BAD_EXPIRY = "-1, System.ArgumentException"
BAD_BODY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"expirationDateTime": in_days(-1)}, BAD_EXPIRY),
        ({"expirationDateTime": in_days(180.1)}, BAD_EXPIRY),
        ({"expirationDateTime": "soon"}, BAD_BODY),
        ({"expirationDateTime": 5}, BAD_BODY),
        ({"expirationDateTime": None}, BAD_BODY),
        ({"notificationUrl": ...}, BAD_BODY),
        ({"notificationUrl": ["http://127.0.0.1/"]}, BAD_BODY),
        ({"resource": ...}, BAD_BODY),
        ({"clientState": "x" * 3000}, BAD_BODY),
        ({"clientState": "a\nb"}, BAD_BODY),
        ({"client-clientState": "x"}, BAD_BODY),
    ],
    ids=["past", "over 180 days", "words", "number", "null", "no url", "list", "no resource", "long", "lines", "name"],
)
def test_a_bad_subscription_is_refused(
    server: EmbeddedServer, path: str, receiver: Receiver, changed: dict[str, Any], code: str
) -> None:
    """What SharePoint would not take is refused before anybody is called."""
    assert refusal(server.call("POST", f"{path}/subscriptions", asked(receiver.url, **changed))) == (400, code)
    assert receiver.handshakes == []


def test_without_an_expiry_it_lasts_as_long_as_it_may(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """180 days, the documented default, which is the most."""
    made = server.post(f"{path}/subscriptions", asked(receiver.url, expirationDateTime=...))
    assert made["expirationDateTime"][:10] == in_days(180)[:10]
    server.post(f"{path}/subscriptions", asked(receiver.url, expirationDateTime=in_days(180)))


def test_it_is_renewed_and_moved(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """A PATCH changes what it names; another URL has to answer the handshake, and stays out when it does not."""
    one = f"{path}/subscriptions('{server.post(f'{path}/subscriptions', asked(receiver.url))['id']}')"
    assert server.call("PATCH", one, {"expirationDateTime": in_days(90)}).status_code == 204
    assert server.call("PATCH", one, {"clientState": "fresh"}).status_code == 204
    now = server.get(one)
    assert (now["clientState"], now["expirationDateTime"][:10]) == ("fresh", in_days(90)[:10])
    assert len(receiver.handshakes) == 1, "a renewal asks for no handshake"
    with Receiver() as other:
        assert server.call("PATCH", one, {"notificationUrl": other.url}).status_code == 204
        assert (len(other.handshakes), server.get(one)["notificationUrl"]) == (1, other.url)
    receiver.manner = "status 500"
    assert refusal(server.call("PATCH", one, {"notificationUrl": receiver.url})) == (400, REFUSED)
    assert refusal(server.call("PATCH", one, {"expirationDateTime": in_days(181)})) == (400, BAD_EXPIRY)
    assert server.get(one)["notificationUrl"] == other.url


def test_what_is_deleted_or_was_never_there_is_missing(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """404 for each verb, and nobody is told any more."""
    made = server.post(f"{path}/subscriptions", asked(receiver.url))["id"]
    server.delete(f"{path}/subscriptions('{made}')")
    for name in (made, "00000000-0000-4000-8000-000000000000", "x"):
        for verb in ("GET", "PATCH", "DELETE"):
            assert server.call(verb, f"{path}/subscriptions('{name}')", {}).status_code == 404
    server.post(f"{path}/items", {"Title": "a"})
    time.sleep(0.3)
    assert receiver.calls == []


def test_rights(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """Whoever may write makes one, only its maker sees or changes it, and a reader gets nothing."""
    theirs = server.call("POST", f"{path}/subscriptions", asked(receiver.url), token=MEMBER)
    assert theirs.status_code == 201
    one = f"{path}/subscriptions('{theirs.json()['id']}')"
    for verb in ("GET", "PATCH", "DELETE"):
        assert server.call(verb, one, {}).status_code == 403, "made by somebody else"
    assert server.call("GET", one, token=MEMBER).status_code == 200
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    for verb, address in (("POST", f"{path}/subscriptions"), ("GET", f"{path}/subscriptions"), ("GET", one)):
        response = server.call(verb, address, asked(receiver.url) if verb == "POST" else None, token=MEMBER)
        assert response.status_code == 403
    assert len(receiver.handshakes) == 1


def test_a_batch_cannot_make_one(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """501 with a sentence, since a batch cannot wait for a receiver; reading them in one is fine."""
    made, read = server.batch(
        [("POST", f"{path}/subscriptions", asked(receiver.url)), ("GET", f"{path}/subscriptions", None)]
    )
    assert (made[0], read) == (501, (200, {"value": []}))


def test_receivers_are_told_that_something_changed(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """The notification is SharePoint's, and says nothing of the item."""
    made = server.post(f"{path}/subscriptions", asked(receiver.url))
    server.post(f"{path}/items", {"Title": "PLANTED"})
    (told,) = receiver.told()
    assert told == {
        "subscriptionId": made["id"],
        "clientState": "state",
        "expirationDateTime": made["expirationDateTime"].replace("Z", ".0000000Z"),
        "resource": made["resource"],
        "tenantId": told["tenantId"],
        "siteUrl": "/sites/mhrmb",
        "webId": server.get("web")["Id"],
    }
    server.merge(f"{path}/items(1)", {"Title": "b"})
    receiver.told(2)
    server.post(f"{path}/items(1)/recycle")
    receiver.told(3)


def test_other_lists_and_columns_are_not_told_of(
    server: EmbeddedServer, path: str, new_list: Callable[..., str], receiver: Receiver
) -> None:
    """Only items of the subscribed list make a notification."""
    server.post(f"{path}/subscriptions", asked(receiver.url))
    new_list({"Title": "elsewhere"})
    server.post(f"{path}/fields", {"Title": "Fresh", "FieldTypeKind": 2})
    time.sleep(0.3)
    assert receiver.calls == []


def test_changes_of_about_the_same_time_are_one_notification(tmp_path: Path, receiver: Receiver) -> None:
    """Fifty writes to two subscribed lists come as one call with an entry for each list."""
    with EmbeddedServer(tmp_path, extra=("--notify-after", "0.5")) as server:
        paths = [server.list("One"), server.list("Two")]
        ids = {server.post(f"{each}/subscriptions", asked(receiver.url))["id"] for each in paths}
        answers = server.batch([("POST", f"{paths[n % 2]}/items", {"Title": "x"}) for n in range(50)])
        assert {status for status, _ in answers} == {201}
        assert {each["subscriptionId"] for each in receiver.told(2)} == ids
        time.sleep(0.7)
        assert len(receiver.calls) == 1


def test_a_failed_call_is_tried_again(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """An answer outside of 200 to 299 is tried again; once it is well, that is the end of it."""
    server.post(f"{path}/subscriptions", asked(receiver.url))
    receiver.manner = "status 500"
    server.post(f"{path}/items", {"Title": "a"})
    receiver.calls_made(2)
    receiver.manner = "status 202"
    before = len(receiver.calls)
    receiver.calls_made(before + 1)
    time.sleep(0.5)
    assert len(receiver.calls) <= before + 2


def test_after_five_attempts_it_is_dropped(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """Five calls in all, then none until something changes again."""
    server.post(f"{path}/subscriptions", asked(receiver.url))
    receiver.manner = "status 503"
    server.post(f"{path}/items", {"Title": "a"})
    receiver.calls_made(5)
    time.sleep(0.5)
    assert len(receiver.calls) == 5
    receiver.manner = "well"
    server.post(f"{path}/items", {"Title": "b"})
    receiver.calls_made(6)


def test_a_receiver_that_hangs_keeps_only_itself_waiting(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """Another receiver of the same list is told at once, and requests are answered."""
    with Receiver() as bad:
        server.post(f"{path}/subscriptions", asked(bad.url))
        server.post(f"{path}/subscriptions", asked(receiver.url))
        bad.manner = "hang"
        for number in range(3):
            server.post(f"{path}/items", {"Title": "a"})
            receiver.told(number + 1, within=3)


def test_what_was_not_told_is_told_after_a_crash(tmp_path: Path, receiver: Receiver) -> None:
    """Subscriptions, and what is still to be told, are kept through kill -9."""
    server = EmbeddedServer(tmp_path, extra=("--notify-after", "60")).start()
    try:
        path = server.list("One")
        made = server.post(f"{path}/subscriptions", asked(receiver.url))
        server.post(f"{path}/items", {"Title": "a"})
        server.kill()
        assert receiver.calls == []
        server.extra = QUICK
        server.start()
        assert [each["subscriptionId"] for each in receiver.told()] == [made["id"]]
        assert server.get(f"{path}/subscriptions")["value"] == [made]
    finally:
        server.stop()


def test_it_stops_in_the_middle_of_a_call(tmp_path: Path) -> None:
    """A receiver that hangs does not keep the server from stopping."""
    with Receiver() as bad:
        server = EmbeddedServer(tmp_path, extra=QUICK).start()
        path = server.list("One")
        server.post(f"{path}/subscriptions", asked(bad.url))
        bad.manner = "hang"
        server.post(f"{path}/items", {"Title": "a"})
        bad.calls_made(1)
        begun = time.monotonic()
        server.stop()
        assert time.monotonic() - begun < 5


def test_what_has_lapsed_is_gone(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """After its expiry a subscription is not shown, not found, and told of nothing."""
    soon = (datetime.now(UTC) + timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = server.post(f"{path}/subscriptions", asked(receiver.url, expirationDateTime=soon))["id"]
    assert server.call("GET", f"{path}/subscriptions('{made}')").status_code == 200
    time.sleep(2.1)
    assert server.get(f"{path}/subscriptions")["value"] == []
    assert server.call("GET", f"{path}/subscriptions('{made}')").status_code == 404
    server.post(f"{path}/items", {"Title": "a"})
    time.sleep(0.3)
    assert receiver.calls == []


def test_a_deleted_list_takes_its_subscriptions_along(server: EmbeddedServer, path: str, receiver: Receiver) -> None:
    """Nothing is told of a list that is gone."""
    server.post(f"{path}/subscriptions", asked(receiver.url))
    server.delete(path)
    time.sleep(0.3)
    assert receiver.calls == []
