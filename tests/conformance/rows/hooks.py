"""Webhook subscriptions, and changes of the whole site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conformance.row import OFFICE, Known, Refusal, Row, Scene
from tests.conformance.rows.service import ALL
from tests.conformance.rows.sources import CHANGES, REPORT, WEBHOOKS

ADDRESS = {OFFICE: Known(Refusal(404), "asks subscriptions/Add, which is documented nowhere")}


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _asked(scene: Scene) -> Mapping[str, Any]:
    return {"url": f"{scene.receiver}/changes", "until": _in_days(90), "state": "secret"}


def _deaf(scene: Scene) -> Mapping[str, Any]:
    return {**_asked(scene), "url": f"{scene.receiver}/elsewhere"}


def _too_long(scene: Scene) -> Mapping[str, Any]:
    return {**_asked(scene), "until": _in_days(200)}


def _made(scene: Scene) -> Mapping[str, Any]:
    body = {"resource": scene.path, "notificationUrl": f"{scene.receiver}/changes", "clientState": "secret",
            "expirationDateTime": _in_days(90)}  # fmt: skip
    return {"id": scene.server.post(f"{scene.path}/subscriptions", body)["id"], "state": "another"}


def _site_since(scene: Scene) -> Mapping[str, Any]:
    token = scene.server.get("site/CurrentChangeToken")["StringValue"]
    scene.server.post(f"{scene.path}/items", {"Title": "a"})
    return {"token": token}


SHOWN = {"notificationUrl": "{receiver}/changes", "clientState": "secret"}
HOOKS = [
    Row("Subscribe to a list", "hooks.add", SHOWN, WEBHOOKS, prepare=_asked, told={"select": list(SHOWN)},
        known=ADDRESS),
    Row("Subscribe with an address that fails the handshake", "hooks.add",
        Refusal(400, "-1, System.InvalidOperationException", "Failed to validate the notification URL"), REPORT,
        prepare=_deaf, told={"select": []}, known=ADDRESS),
    Row("Subscribe for more than 180 days", "hooks.add",
        Refusal(400, "", "The specified expiration date is invalid."), REPORT, prepare=_too_long, told={"select": []},
        known=ADDRESS),
    Row("A list's subscriptions", "hooks.all", [SHOWN], WEBHOOKS, prepare=_made, told={"select": list(SHOWN)}),
    Row("Read a subscription", "hooks.read", SHOWN, WEBHOOKS, prepare=_made, told={"select": list(SHOWN)}),
    Row("Change a subscription", "hooks.update", {"clientState": "another"}, WEBHOOKS, prepare=_made,
        told={"select": ["clientState"]}),
    Row("Delete a subscription", "hooks.delete", 0, WEBHOOKS, prepare=_made),
    Row("Read a subscription that is not there", "hooks.read", Refusal(404), REPORT,
        told={"id": "11111111-1111-4111-8111-111111111111", "select": []}),
    Row("The site collection's changes since a token", "changes.site", [{"ChangeType": 1, "ItemId": 1}], CHANGES,
        prepare=_site_since, told={"query": ALL, "select": ["ChangeType", "ItemId"]}),
]  # fmt: skip

ROWS = HOOKS
