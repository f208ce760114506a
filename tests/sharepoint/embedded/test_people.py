"""Who may do what: members, groups, unique permissions of lists."""

from __future__ import annotations

from collections.abc import Callable

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
MEMBER = "Bearer member-token"
FULL, EDIT, CONTRIBUTE, READ = 1073741829, 1073741830, 1073741827, 1073741826


def test_a_member_edits_as_themselves(server: EmbeddedServer, new_list: NewList) -> None:
    """What a member types is kept under the member's name."""
    path = new_list()
    made = server.post(f"{path}/items", {"Title": "by hand"}, authorization=MEMBER)
    me = server.get("web/currentuser", authorization=MEMBER)
    assert (me["Title"], made["EditorId"], made["AuthorId"]) == ("Member Person", me["Id"], me["Id"])
    shown = server.get(f"{path}/items(1)?$select=Editor/Title,Editor/Id&$expand=Editor")
    assert shown == {"Editor": {"Title": "Member Person", "Id": me["Id"]}}


def test_a_list_of_its_own_permissions_is_closed(server: EmbeddedServer, new_list: NewList) -> None:
    """After breaking inheritance a member gets 403 on everything; Read opens reading, Contribute writing."""
    path = new_list({"Title": "a"})
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    assert server.get(f"{path}?$select=HasUniqueRoleAssignments") == {"HasUniqueRoleAssignments": True}
    group = server.get("web/associatedmembergroup")["Id"]
    rights = f"{path}/roleassignments"

    def as_member(method: str, address: str, body: object = None) -> int:
        return server.call(method, address, body, authorization=MEMBER, if_match="*").status_code

    def attempts() -> list[int]:
        write, change = as_member("POST", f"{path}/items", {}), as_member("MERGE", f"{path}/items(1)", {"Title": "b"})
        shape = as_member("POST", f"{path}/fields", {"Title": "X", "FieldTypeKind": 2})
        changes = as_member("POST", f"{path}/getChanges", {"query": {"Item": True, "Add": True}})
        return [as_member("GET", f"{path}/items(1)"), changes, write, change, shape]

    assert attempts() == [403] * 5
    refused = server.call("GET", f"{path}/items", authorization=MEMBER).json()["odata.error"]
    assert refused["code"] == "-2147024891, System.UnauthorizedAccessException"
    server.post(f"{rights}/addroleassignment(principalid={group},roledefid={READ})")
    assert attempts() == [200, 200, 403, 403, 403]
    server.post(f"{rights}/addroleassignment(principalid={group},roledefid={CONTRIBUTE})")
    assert attempts() == [200, 200, 201, 204, 403]
    shown = server.get(f"{rights}?$expand=Member,RoleDefinitionBindings")["value"]
    held = {one["Member"]["Title"]: [role["Name"] for role in one["RoleDefinitionBindings"]] for one in shown}
    assert held == {"SharePoint App": ["Full Control"], "MHRMB Members": ["Read", "Contribute"]}
    server.post(f"{rights}/removeroleassignment(principalid={group},roledefid={READ})")
    server.post(f"{rights}/removeroleassignment(principalid={group},roledefid={CONTRIBUTE})")
    assert attempts() == [403] * 5
    server.post(f"{path}/resetroleinheritance")
    assert attempts()[:4] == [200, 200, 201, 204]


def test_a_functions_parameters_may_stand_in_the_body(server: EmbeddedServer, new_list: NewList) -> None:
    """As office365-rest-python-client sends them: a copy that was asked for in the body must not be forgotten."""
    path = new_list()
    server.post(f"{path}/breakRoleInheritance", {"copyRoleAssignments": True, "clearSubscopes": False})
    groups = [one["Member"]["Title"] for one in server.get(f"{path}/roleassignments?$expand=Member")["value"]]
    assert sorted(groups) == ["MHRMB Members", "MHRMB Owners", "MHRMB Visitors", "SharePoint App"]


def test_closed_lists_stay_out_of_a_members_sight(server: EmbeddedServer, new_list: NewList) -> None:
    """A member's list of lists and the web's changes leave out what the member may not read."""
    path = new_list()
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    server.post(f"{path}/items", {"Title": "secret"})
    guid = server.get(path)["Id"]
    lists = server.get("web/lists?$select=Id", authorization=MEMBER)["value"]
    assert guid not in [one["Id"] for one in lists]
    query = {"query": {"Item": True, "Add": True, "FetchLimit": 2000, "LatestFirst": True}}
    assert guid in [one["ListId"] for one in server.post("web/getChanges", query)["value"]]
    assert guid not in [one["ListId"] for one in server.post("web/getChanges", query, authorization=MEMBER)["value"]]


def test_a_group_opens_a_list_to_its_users(server: EmbeddedServer, new_list: NewList) -> None:
    """A new group with a role lets in exactly the people added to it by login name."""
    path = new_list()
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments=false,clearSubscopes=true)")
    made = server.post("web/sitegroups", {"Title": "Mental health team"})
    role = server.get("web/roledefinitions/getByName('Contribute')")["Id"]
    server.post(f"{path}/roleassignments/addroleassignment(principalid={made['Id']},roledefid={role})")
    ada = server.get("web/currentuser", authorization="Bearer ada-token")
    users = "web/sitegroups/getByName('Mental health team')/users"
    server.post(users, {"LoginName": ada["LoginName"]})
    assert [one["Title"] for one in server.get(users)["value"]] == ["Ada Example"]
    assert server.post(f"{path}/items", {}, authorization="Bearer ada-token")["EditorId"] == ada["Id"]
    assert server.call("GET", f"{path}/items", authorization=MEMBER).status_code == 403


def test_a_member_cannot_give_rights(server: EmbeddedServer, new_list: NewList) -> None:
    """Permissions and groups need full control."""
    path = new_list()
    for address, body in (
        (f"{path}/breakroleinheritance(copyRoleAssignments=true)", None),
        ("web/sitegroups", {"Title": "Mine"}),
    ):
        assert server.call("POST", address, body, authorization=MEMBER).status_code == 403
    assert (
        server.call("POST", f"{path}/roleassignments/addroleassignment(principalid=1,roledefid={READ})").status_code
        == 400
    )


def test_people_columns_take_known_people(server: EmbeddedServer, new_list: NewList) -> None:
    """A person column is written by id, read with $expand, and filtered by the person's properties."""
    ada = server.get("web/currentuser", authorization="Bearer ada-token")
    path = new_list({"OwnerId": ada["Id"]}, {})
    rows = server.get(f"{path}/items?$select=OwnerId,Owner/Title,Owner/EMail&$expand=Owner")["value"]
    assert rows == [{"OwnerId": ada["Id"], "Owner": {"Title": "Ada Example", "EMail": ada["Email"]}}, {"OwnerId": None}]
    found = server.get(f"{path}/items?$select=Id&$expand=Owner&$select=Id,Owner/Id".replace("$select=Id&", ""))
    assert len(found["value"]) == 2
    assert len(server.get(f"{path}/items?$filter=Owner/Title eq 'ada example'")["value"]) == 1
    assert server.post("web/ensureuser", {"logonName": "i:0#.f|membership|new@board.example"})["Title"] == "new"
