"""What concerns the service rather than a list: batches, signing in, rights, changes, throttling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.conformance.row import OFFICE, PRODUCT, Failed, Known, Refusal, Row, Scene
from tests.conformance.rows.sources import BATCH, CHANGES, HTTP, PEOPLE, REPORT, THROTTLING

QUERY = "-1, Microsoft.SharePoint.Client.InvalidClientQueryException"
DENIED = "-2147024891, System.UnauthorizedAccessException"
TWO = ({"Title": "first"}, {"Title": "second"})
MEMBER = "member-token"

BATCHES = [
    Row("A batch of 100 additions", "batch.add", ["done"] * 100, BATCH,
        told={"most": 100, "rows": [{"Title": f"t{number}"} for number in range(100)]},
        leaves=("/ItemCount", {"value": 100})),
    Row("A batch of 101 operations", "batch.read", Refusal(400, QUERY), BATCH, given=TWO,
        told={"most": 200, "ids": [1] * 101, "select": ["Id"]},
        known={OFFICE: Known([{"Id": 1}] * 101, "cuts batches at 100 by itself"),
               PRODUCT: Known(Failed("a batch holds at most 100 requests"), "says so itself and sends nothing")}),
    Row("A batch is not transactional", "batch.refused", [400], BATCH,
        told={"most": 100, "rows": [{"Title": "a"}, {"Nowhere": "b"}, {"Title": "c"}]},
        leaves=("/items?$select=Title", {"value": [{"Title": "a"}, {"Title": "c"}]})),
    Row("A batch of reads", "batch.read", [{"Title": "second"}, {"Title": "first"}], BATCH, given=TWO,
        told={"most": 100, "ids": [2, 1], "select": ["Title"]}),
]  # fmt: skip

SIGNING_IN = [
    Row("An unknown token", "web.read", Refusal(401, DENIED), HTTP, token="wrong", told={"select": ["Title"]}),
    Row("An unknown token in a batch", "batch.read", Refusal(401, DENIED), HTTP, token="wrong",
        told={"most": 100, "ids": [1], "select": ["Id"]}),
]  # fmt: skip

ROLE = {"Full Control": 1073741829, "Read": 1073741826}


def _closed(scene: Scene) -> Mapping[str, Any]:
    """Take the list from everybody but the app."""
    scene.server.post(f"{scene.path}/breakroleinheritance(copyRoleAssignments=false, clearSubscopes=true)")
    return {}


def _visitors(scene: Scene) -> Mapping[str, Any]:
    _closed(scene)
    group = scene.server.get("web/associatedvisitorgroup")["Id"]
    return {"principal": group, "role": ROLE["Read"]}


def _assigned(scene: Scene) -> Mapping[str, Any]:
    told = _visitors(scene)
    scene.server.post(
        f"{scene.path}/roleassignments/addroleassignment(principalid={told['principal']},roledefid={told['role']})"
    )
    return told


def _group(scene: Scene) -> Mapping[str, Any]:
    scene.server.post("web/sitegroups", {"Title": f"{scene.list} group"})
    return {"title": f"{scene.list} group"}


def _joined(scene: Scene) -> Mapping[str, Any]:
    _group(scene)
    users = f"web/sitegroups/getByName('{scene.list} group')/users"
    made = scene.server.post(users, {"LoginName": "i:0#.f|membership|eve@board.example"})
    return {"title": f"{scene.list} group", "id": made["Id"]}


def _ensured(scene: Scene) -> Mapping[str, Any]:
    made = scene.server.post("web/ensureuser", {"logonName": "i:0#.f|membership|eve@board.example"})
    return {"id": made["Id"], "login": made["LoginName"], "email": made["Email"]}


EVE = {"Title": "eve", "Email": "eve@board.example", "LoginName": "i:0#.f|membership|eve@board.example"}
PEOPLE_ROWS = [
    Row("Who am I", "people.me", {"Title": "Member Person", "IsSiteAdmin": False}, PEOPLE, token=MEMBER,
        told={"select": ["Title", "IsSiteAdmin"]}),
    Row("Make somebody known to the site", "people.ensure", EVE, PEOPLE,
        told={"login": "i:0#.f|membership|eve@board.example", "select": list(EVE)}),
    Row("Find somebody by number", "people.by_id", EVE, PEOPLE, prepare=_ensured, told={"select": list(EVE)}),
    Row("Find somebody by address", "people.by_email", EVE, PEOPLE, prepare=_ensured, told={"select": list(EVE)}),
    Row("Find somebody by login name", "people.by_login", EVE, PEOPLE, prepare=_ensured, told={"select": list(EVE)}),
    Row("Find nobody", "people.by_email", Refusal(404, "-2146232832, Microsoft.SharePoint.SPException"), PEOPLE,
        told={"email": "nobody@board.example", "select": []}),
    Row("Make a group", "groups.add", {"Title": "{list} new", "PrincipalType": 8}, PEOPLE,
        prepare=lambda scene: {"title": f"{scene.list} new"}, told={"select": ["Title", "PrincipalType"]}),
    Row("Make a group whose name is taken", "groups.add", Refusal(500, "-2130575293"), PEOPLE, prepare=_group,
        told={"select": ["Title"]}),
    Row("Find a group by name", "groups.by_name", {"Title": "{list} group"}, PEOPLE, prepare=_group,
        told={"select": ["Title"]}),
    Row("Find a group that is not there by name", "groups.by_name",
        Refusal(500, "-2146232832, Microsoft.SharePoint.SPException", "Group cannot be found."), REPORT,
        told={"title": "No such group", "select": ["Title"]}),
    Row("The site's members", "groups.members", {"Title": "MHRMB Members"}, PEOPLE, told={"select": ["Title"]}),
    Row("Join a group", "groups.join", ["eve@board.example"], PEOPLE, prepare=_group,
        told={"login": "i:0#.f|membership|eve@board.example"}),
    Row("Leave a group", "groups.leave", [], PEOPLE, prepare=_joined),
    Row("Find a role by name", "roles.by_name", {"Id": ROLE["Read"], "Name": "Read"}, PEOPLE,
        told={"name": "Read", "select": ["Id", "Name"]}),
]  # fmt: skip

RIGHTS = [
    Row("Break a list's inheritance, copying", "roles.break", 4, PEOPLE, told={"copy": True}),
    Row("Break a list's inheritance, copying nothing", "roles.break", 1, PEOPLE, told={"copy": False}),
    Row("Inherit again", "roles.reset", False, PEOPLE, prepare=_closed),
    Row("Give a role on a list", "roles.assign", None, PEOPLE, prepare=_visitors,
        leaves=("/roleassignments?$select=PrincipalId", {"value": [{"PrincipalId": 1}, {"PrincipalId": 3}]})),
    Row("Take a role on a list", "roles.unassign", None, PEOPLE, prepare=_assigned,
        leaves=("/roleassignments?$select=PrincipalId", {"value": [{"PrincipalId": 1}]})),
    Row("Give a role on a list that inherits", "roles.assign", Refusal(400), REPORT,
        told={"principal": 3, "role": ROLE["Read"]}),
    Row("Who holds what on a list", "roles.assignments",
        [{"who": "SharePoint App", "roles": ["Full Control"]}, {"who": "MHRMB Visitors", "roles": ["Read"]}], PEOPLE,
        prepare=_assigned),
    Row("Read items of a list one may not read", "items.page", Refusal(403, DENIED), PEOPLE, prepare=_closed,
        token=MEMBER, told={"select": ["Id"]}),
    Row("Make a group without the right to", "groups.add", Refusal(403, DENIED), PEOPLE, token=MEMBER,
        told={"title": "Mine", "select": ["Title"]}),
]  # fmt: skip


def _since(scene: Scene) -> Mapping[str, Any]:
    """A token, and then one change of each kind."""
    token = scene.server.get(f"{scene.path}/CurrentChangeToken")["StringValue"]
    scene.server.post(f"{scene.path}/items", {"Title": "third"})
    scene.server.merge(f"{scene.path}/items(1)", {"Title": "changed"})
    scene.server.delete(f"{scene.path}/items(2)")
    return {"token": token}


def _web_since(scene: Scene) -> Mapping[str, Any]:
    token = scene.server.get("web/CurrentChangeToken")["StringValue"]
    scene.server.post(f"{scene.path}/items", {"Title": "third"})
    return {"token": token}


# The Python client asks for additions and updates unless told otherwise, SharePoint for nothing.
ONLY_DELETED = {"Item": True, "DeleteObject": True, "Add": False, "Update": False, "SystemUpdate": False}
ALL = {"Item": True, "Add": True, "Update": True, "DeleteObject": True}
CHANGES_ROWS = [
    Row("A list's changes since a token", "changes.list",
        [{"ChangeType": 1, "ItemId": 3}, {"ChangeType": 2, "ItemId": 1}, {"ChangeType": 3, "ItemId": 2}], CHANGES,
        given=TWO, prepare=_since, told={"query": ALL, "select": ["ChangeType", "ItemId"]}),
    Row("Only deletions since a token", "changes.list", [{"ChangeType": 3, "ItemId": 2}], CHANGES, given=TWO,
        prepare=_since, told={"query": ONLY_DELETED, "select": ["ChangeType", "ItemId"]}),
    Row("The site's changes since a token", "changes.web", [{"ChangeType": 1, "ItemId": 3}], CHANGES, given=TWO,
        prepare=_web_since, told={"query": ALL, "select": ["ChangeType", "ItemId"]}),
    Row("A change token that is none", "changes.list",
        Refusal(400, "-2146233086, System.ArgumentOutOfRangeException"), REPORT,
        told={"query": ALL, "token": "yesterday", "select": ["ItemId"]}),
]  # fmt: skip

BUSY = [
    Row("A dropped connection", "web.read", Failed("no answer"), THROTTLING, told={"select": ["Title"]},
        fault={"status": "drop", "match": "^GET .*_api/web$"}),
    Row("Throttled once: waits as told, asks again", "web.read", {"Title": "MHRMB"}, THROTTLING,
        told={"select": ["Title"], "patient": True},
        fault={"status": 429, "retry_after": 1, "count": 1, "match": "^GET .*_api/web$"}),
    Row("Throttled: 429 with Retry-After", "web.read", Refusal(429, retry_after="1"), THROTTLING,
        told={"select": ["Title"]}, fault={"status": 429, "retry_after": 1, "match": "^GET .*_api/web$"}),
    Row("Throttled: 503 with Retry-After", "web.read", Refusal(503, retry_after="1"), THROTTLING,
        told={"select": ["Title"]}, fault={"status": 503, "retry_after": 1, "match": "^GET .*_api/web$"}),
]  # fmt: skip

ROWS = [*BATCHES, *SIGNING_IN, *PEOPLE_ROWS, *RIGHTS, *CHANGES_ROWS, *BUSY]
