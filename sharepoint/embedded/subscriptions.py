"""Webhook subscriptions of lists, and which of them have changes to be told of.

As documented (learn.microsoft.com, "SharePoint list webhooks"): at most 180 days, only their maker sees or changes one,
whoever manages the list sees all. Making one twice makes two: SharePoint answers a second creation with a success
(report: pnp/powershell#996), and whether that is a second subscription is not said anywhere.
"""

from __future__ import annotations

import ipaddress
import sqlite3
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sharepoint.embedded import moments
from sharepoint.embedded.call import Call
from sharepoint.embedded.entities import Entity, Many, Reply
from sharepoint.embedded.errors import (
    AccessDenied,
    BadExpiry,
    BadQuery,
    HandshakeNeeded,
    NotValidated,
    SubscriptionMissing,
    UnknownProperty,
)
from sharepoint.embedded.kinds import wrong_type
from sharepoint.embedded.people import Right
from sharepoint.embedded.schema import ListInfo
from sharepoint.embedded.site import Site

MOST_DAYS = 180
LONGEST = 2048
"""Characters of a URL or a client state. SharePoint's own limit is not documented."""

_TYPE = "Microsoft.SharePoint.Webhooks.Subscription"


def read_all(site: Site, call: Call) -> Reply:
    """GET a list's subscriptions, whoever made them; takes the right to manage the list."""
    info = site.open(call.person, call.keys[0], Right.SHAPE)
    rows = site.database.all(
        "SELECT * FROM subscriptions WHERE list_no = ? AND expires > ? ORDER BY rowid", (info.no, moments.now())
    )
    shown = [_shown(info, row).pick(call.options.select) for row in rows]
    return Reply(Many(shown[: call.options.top], metadata="SP.ApiData.Subscriptions"))


def read(site: Site, call: Call) -> Reply:
    """GET one subscription of one's own."""
    info, row = _own(site, call)
    return Reply(_shown(info, row).pick(call.options.select))


def create(site: Site, call: Call) -> Reply:
    """POST a subscription. Its URL has to answer the handshake first."""
    info = site.open(call.person, call.keys[0], Right.WRITE)
    given = _given(call, "resource", "notificationUrl", "expirationDateTime", "clientState")
    if not given.get("resource") or not given.get("notificationUrl"):
        raise BadQuery("A subscription needs a resource and a notificationUrl.")
    expires = _expiry(given.get("expirationDateTime"))
    url = _validated(call, given["notificationUrl"])
    made = str(uuid.uuid4())
    with site.database.write():
        site.database.run(
            "INSERT INTO subscriptions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (made, info.no, url, given.get("clientState") or None, expires, call.person.id, _latest(site)),
        )
    shown = _shown(info, _row(site, info, made))
    return Reply(shown, status=201, headers={"Location": site.api + shown.path})


def update(site: Site, call: Call) -> Reply:
    """PATCH the expiry, URL or client state of a subscription of one's own; another URL has to answer a handshake."""
    _, row = _own(site, call)
    given = _given(call, "notificationUrl", "expirationDateTime", "clientState", "resource")
    url = given.get("notificationUrl") or row["url"]
    expires = _expiry(given["expirationDateTime"]) if "expirationDateTime" in given else row["expires"]
    if url != row["url"]:
        _validated(call, url)
    with site.database.write():
        site.database.run(
            "UPDATE subscriptions SET url = ?, state = ?, expires = ? WHERE id = ?",
            (url, given.get("clientState", row["state"]) or None, expires, row["id"]),
        )
    return Reply(status=204)


def delete(site: Site, call: Call) -> Reply:
    """DELETE a subscription of one's own."""
    _, row = _own(site, call)
    with site.database.write():
        site.database.run("DELETE FROM subscriptions WHERE id = ?", (row["id"],))
    return Reply(status=204)


def due(site: Site) -> list[sqlite3.Row]:
    """The subscriptions with changes their receivers were not told of; `upto` is the last of these."""
    return site.database.all(
        "SELECT * FROM (SELECT s.*, l.guid AS list_guid, (SELECT max(c.seq) FROM changes c WHERE c.list_no = s.list_no"
        " AND c.seq > s.told AND c.item IS NOT NULL) AS upto FROM subscriptions s JOIN lists l ON l.no = s.list_no"
        " WHERE s.expires > ?) WHERE upto IS NOT NULL ORDER BY url, id",
        (moments.now(),),
    )


def told(site: Site, rows: list[sqlite3.Row]) -> None:
    """Note that the receivers of these were told, or given up on; what has lapsed is forgotten."""
    with site.database.write():
        for row in rows:
            site.database.run("UPDATE subscriptions SET told = ? WHERE id = ?", (row["upto"], row["id"]))
        site.database.run("DELETE FROM subscriptions WHERE expires <= ?", (moments.now(),))


def notification(site: Site, row: sqlite3.Row) -> dict[str, Any]:
    """What a receiver is told of one subscription: that something changed, and nothing of what."""
    return {
        "subscriptionId": row["id"],
        "clientState": row["state"],
        "expirationDateTime": row["expires"].replace("Z", ".0000000Z"),
        "resource": row["list_guid"],
        "tenantId": site.tenant_guid,
        "siteUrl": urlsplit(site.url).path,
        "webId": site.guid,
    }


def may_be_called(url: str) -> bool:
    """Whether this server will call a URL: on this machine only, by http too. SharePoint itself asks for public https.

    So that nobody with a token can have this process fetch addresses of the network it stands in.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or parts.username or parts.fragment or parts.port == 0:
            return False
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _validated(call: Call, url: str) -> str:
    if not may_be_called(url):
        raise NotValidated(url)
    if call.validated != url:
        raise HandshakeNeeded(url)
    return url


def _given(call: Call, *names: str) -> dict[str, str]:
    given = call.entity(_TYPE)
    for name, value in given.items():
        if name not in names:
            raise UnknownProperty(name, _TYPE)
        if not isinstance(value, str) and not (name == "clientState" and value is None):
            raise wrong_type("Edm.DateTime" if name == "expirationDateTime" else "Edm.String")
        if value and (len(value) > LONGEST or not value.isprintable()):
            raise BadQuery(f"The value of {name} is too long, or holds characters that cannot be sent.")
    return given


def _expiry(text: str | None) -> str:
    """When it lapses, as stored; 180 days from now when nothing is said (documented)."""
    latest = (datetime.now(UTC) + timedelta(days=MOST_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    if text is None:
        return latest
    try:
        expires = moments.parse(text)
    except ValueError as error:
        raise wrong_type("Edm.DateTime") from error
    if not moments.now() < expires <= latest:
        raise BadExpiry
    return expires


def _latest(site: Site) -> int:
    row = site.database.one("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")
    return int(row["seq"]) if row else 0


def _row(site: Site, info: ListInfo, number: str) -> sqlite3.Row:
    row = site.database.one(
        "SELECT * FROM subscriptions WHERE list_no = ? AND id = ? AND expires > ?", (info.no, number, moments.now())
    )
    if row is None:
        raise SubscriptionMissing
    return row


def _own(site: Site, call: Call) -> tuple[ListInfo, sqlite3.Row]:
    info = site.open(call.person, call.keys[0], Right.WRITE)
    row = _row(site, info, call.keys[1].value.strip("{}").lower())
    if row["creator"] != call.person.id:
        raise AccessDenied
    return info, row


def _shown(info: ListInfo, row: sqlite3.Row) -> Entity:
    values = {
        "clientState": row["state"], "expirationDateTime": row["expires"], "id": row["id"],
        "notificationUrl": row["url"], "resource": info.guid,
    }  # fmt: skip
    return Entity(_TYPE, f"{info.path}/Subscriptions('{row['id']}')", values)
