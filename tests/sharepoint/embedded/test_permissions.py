"""Permissions of items, files and folders over real HTTP, and what whoever lacks them sees."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.embedded_server import EmbeddedServer

NewList = Callable[..., str]
MEMBER, ADA = "Bearer member-token", "Bearer ada-token"
FULL, EDIT, CONTRIBUTE, READ = 1073741829, 1073741830, 1073741827, 1073741826
# SP.PermissionKind's bits, summed by hand for two of the roles: (High, Low).
MASKS = {
    FULL: ("2147483647", "4294967295"),
    EDIT: ("432", "1011030767"),
    CONTRIBUTE: ("432", "1011028719"),
    READ: ("176", "138612833"),
}
COLUMNS: dict[str, dict[str, Any]] = {"Score": {"FieldTypeKind": 9, "Indexed": True}}
_numbers = itertools.count(1)


def close(server: EmbeddedServer, path: str, *, copy: bool = False) -> None:
    """Give a list or an item permissions of its own."""
    server.post(f"{path}/breakroleinheritance(copyRoleAssignments={str(copy).lower()},clearSubscopes=true)")


def give(server: EmbeddedServer, path: str, person: str, role: int) -> None:
    """Give a person a role there."""
    number = server.get("web/currentuser", authorization=person)["Id"]
    server.post(f"{path}/roleassignments/addroleassignment(principalid={number},roledefid={role})")


def seen(server: EmbeddedServer, path: str, person: str, options: str = "") -> list[int]:
    """The ids of the items a person's query answers."""
    return [one["Id"] for one in server.get(f"{path}/items?$select=Id{options}", authorization=person)["value"]]


def test_a_closed_item_is_out_of_sight(server: EmbeddedServer, new_list: NewList) -> None:
    """Queries leave it out, filters and pages too; by its id it is "not there"; the app and others see the rest."""
    path = new_list(*({"Score": n} for n in range(4)), columns=COLUMNS)
    close(server, f"{path}/items(2)")
    assert server.get(f"{path}/items(2)/HasUniqueRoleAssignments") == {"value": True}
    assert seen(server, path, MEMBER) == [1, 3, 4]
    assert seen(server, path, MEMBER, "&$filter=Score ge 1&$orderby=Score desc") == [4, 3]
    assert seen(server, path, f"Bearer {server.token}") == [1, 2, 3, 4]
    first = server.get(f"{path}/items?$select=Id&$top=1", authorization=MEMBER)
    following = requests.get(first["odata.nextLink"], headers={"Authorization": MEMBER}, timeout=30).json()
    assert [one["Id"] for one in following["value"]] == [3]
    for method, address, body in (
        ("GET", "", None), ("MERGE", "", {"Score": 9}), ("DELETE", "", None), ("POST", "/recycle()", None),
        ("GET", "/versions", None), ("GET", "/AttachmentFiles", None), ("GET", "/EffectiveBasePermissions", None),
    ):  # fmt: skip
        answer = server.call(method, f"{path}/items(2){address}", body, authorization=MEMBER, if_match="*")
        assert (answer.status_code, answer.json()["odata.error"]["code"][:11]) == (404, "-2130575338"), address
    assert server.get(f"{path}/items(2)")["Score"] == 1


def test_a_role_on_an_item_is_what_it_allows(server: EmbeddedServer, new_list: NewList) -> None:
    """Read reads, Contribute writes, Full Control gives; taken away again, or reset, it is as the list."""
    path = new_list({"Score": 1}, {"Score": 2}, columns=COLUMNS)
    item = f"{path}/items(2)"
    close(server, item)

    def attempts(person: str) -> list[int]:
        read = server.call("GET", item, authorization=person).status_code
        write = server.call("MERGE", item, {"Score": 5}, authorization=person, if_match="*").status_code
        own = server.call(
            "POST", f"{item}/roleassignments/addroleassignment(principalid=1,roledefid={READ})", authorization=person
        )
        return [read, write, own.status_code]

    assert attempts(ADA) == [404, 404, 404]
    give(server, item, ADA, READ)
    assert attempts(ADA) == [200, 403, 403]
    assert seen(server, path, ADA) == [1, 2]
    assert seen(server, path, MEMBER) == [1]
    give(server, item, ADA, CONTRIBUTE)
    assert attempts(ADA) == [200, 204, 403]
    give(server, item, ADA, FULL)
    assert attempts(ADA) == [200, 204, 200]
    ada = server.get("web/currentuser", authorization=ADA)["Id"]
    server.call("DELETE", f"{item}/roleassignments/getByPrincipalId({ada})")
    assert attempts(ADA) == [404, 404, 404]
    server.post(f"{item}/resetroleinheritance")
    assert attempts(MEMBER)[:2] == [200, 204]
    refused = server.call("POST", f"{item}/roleassignments/addroleassignment(principalid=1,roledefid={READ})")
    assert refused.status_code == 400


def test_one_item_opens_its_list_no_further(server: EmbeddedServer, new_list: NewList) -> None:
    """Who may read one item of a closed list reaches the list and that item alone, and adds nothing."""
    path = new_list({"Score": 1}, {"Score": 2}, columns=COLUMNS)
    close(server, path)
    assert server.call("GET", f"{path}/items", authorization=ADA).status_code == 403
    close(server, f"{path}/items(2)")
    give(server, f"{path}/items(2)", ADA, CONTRIBUTE)
    assert seen(server, path, ADA) == [2]
    assert server.call("GET", f"{path}/items(1)", authorization=ADA).status_code == 404
    assert server.call("POST", f"{path}/items", {}, authorization=ADA).status_code == 403
    assert server.call("MERGE", f"{path}/items(2)", {"Score": 7}, authorization=ADA, if_match="*").status_code == 204
    assert server.call("GET", f"{path}/items", authorization=MEMBER).status_code == 403


def test_copied_assignments_are_those_of_the_list(server: EmbeddedServer, new_list: NewList) -> None:
    """copyRoleAssignments begins with what was inherited; the item then goes its own way; clearSubscopes ends it."""
    path = new_list({"Score": 1}, columns=COLUMNS)
    close(server, path)
    give(server, path, ADA, EDIT)
    close(server, f"{path}/items(1)", copy=True)
    shown = server.get(f"{path}/items(1)/roleassignments?$expand=Member,RoleDefinitionBindings")["value"]
    held = {one["Member"]["Title"]: [role["Name"] for role in one["RoleDefinitionBindings"]] for one in shown}
    assert held == {"SharePoint App": ["Full Control"], "Ada Example": ["Edit"]}
    give(server, path, MEMBER, READ)
    assert (seen(server, path, ADA), seen(server, path, MEMBER)) == ([1], [])
    server.post(f"{path}/resetroleinheritance")
    assert seen(server, path, MEMBER) == []
    close(server, path, copy=True)
    assert seen(server, path, MEMBER) == [1]
    assert server.get(f"{path}/items(1)?$select=HasUniqueRoleAssignments") == {"HasUniqueRoleAssignments": False}


@pytest.mark.parametrize("role", sorted(MASKS))
def test_effective_permissions_are_masks_of_two_halves(server: EmbeddedServer, new_list: NewList, role: int) -> None:
    """Strings High and Low, for whoever asks and for another user by login name, on list and item."""
    path = new_list({"Score": 1}, columns=COLUMNS)
    close(server, path)
    give(server, path, ADA, role)
    mask = dict(zip(("High", "Low"), MASKS[role], strict=True))
    login = server.get("web/currentuser", authorization=ADA)["LoginName"].replace("#", "%23")
    for where in (path, f"{path}/items(1)"):
        assert server.get(f"{where}/EffectiveBasePermissions", authorization=ADA) == mask
        assert server.get(f"{where}/getUserEffectivePermissions(@user)?@user='{login}'") == mask
        assert server.get(f"{where}/EffectiveBasePermissions") == dict(zip(("High", "Low"), MASKS[FULL], strict=True))
    assert server.get("web/EffectiveBasePermissions", authorization=ADA) == dict(
        zip(("High", "Low"), MASKS[EDIT], strict=True)
    )
    nobody = server.call("GET", f"{path}/getUserEffectivePermissions(@user)?@user='nobody@board.example'")
    assert nobody.status_code == 404


def test_unique_values_and_permissions_of_items_do_not_mix(server: EmbeddedServer, new_list: NewList) -> None:
    """A list with a unique column takes no permissions of items, and the other way round."""
    unique = new_list({"Key": "k"})
    refused = server.call("POST", f"{unique}/items(1)/breakroleinheritance(copyRoleAssignments=true)")
    assert refused.status_code == 400
    assert seen(server, unique, MEMBER) == [1]
    path = new_list({"Score": 1}, columns=COLUMNS)
    close(server, f"{path}/items(1)")
    field = f"{path}/fields/getByInternalNameOrTitle('Score')"
    assert server.call("MERGE", field, {"EnforceUniqueValues": True}, if_match="*").status_code == 400
    server.post(f"{path}/items(1)/resetroleinheritance")
    assert server.call("MERGE", field, {"EnforceUniqueValues": True}, if_match="*").status_code == 204


def test_recycling_keeps_permissions(server: EmbeddedServer, new_list: NewList) -> None:
    """An item restored is as closed as it was."""
    path = new_list({"Score": 1}, {"Score": 2}, columns=COLUMNS)
    close(server, f"{path}/items(1)")
    guid = server.post(f"{path}/items(1)/recycle()")["value"]
    server.post(f"web/recyclebin('{guid}')/restore()")
    assert (seen(server, path, MEMBER), seen(server, path, f"Bearer {server.token}")) == ([2], [1, 2])


def file_status(server: EmbeddedServer, path: str, person: str) -> int:
    answer = server.call("GET", f"web/getFileByServerRelativeUrl('{path}')/$value", authorization=person)
    return answer.status_code


def test_files_follow_their_folder_and_their_item(server: EmbeddedServer) -> None:
    """A closed folder closes what is in it, now and later; a file may be opened again inside it; moving changes it."""
    title = f"Closed{next(_numbers)}"
    server.post("web/lists", {"Title": title, "BaseTemplate": 101})
    server.post("web/folders", {"ServerRelativeUrl": f"/sites/mhrmb/{title}/f"})

    def add(folder: str, name: str, person: str = "") -> int:
        call = f"web/getFolderByServerRelativeUrl('{title}{folder}')/files/add(url='{name}',overwrite=true)"
        return server.call("POST", call, {"some": "bytes"}, token=person.removeprefix("Bearer ")).status_code

    for name in ("a.txt", "b.txt"):
        add("/f", name)
    folder = f"web/getFolderByServerRelativeUrl('{title}/f')"
    close(server, f"{folder}/ListItemAllFields")
    add("/f", "c.txt")
    add("", "open.txt")
    assert [file_status(server, f"{title}/{name}", MEMBER) for name in ("f/a.txt", "f/c.txt", "open.txt")] == [
        404,
        404,
        200,
    ]
    assert add("/f", "d.txt", MEMBER) == 404
    root = f"web/getFolderByServerRelativeUrl('{title}')"
    assert server.get(f"{root}/folders", authorization=MEMBER)["value"] == []
    item = f"web/getFileByServerRelativeUrl('{title}/f/b.txt')/ListItemAllFields"
    close(server, item)
    give(server, item, ADA, READ)
    assert [file_status(server, f"{title}/f/{name}", ADA) for name in ("a.txt", "b.txt")] == [404, 200]
    assert [file_status(server, f"{title}/f/{name}", MEMBER) for name in ("a.txt", "b.txt")] == [404, 404]
    server.post(
        f"web/getFileByServerRelativeUrl('{title}/f/a.txt')/moveTo(newurl='/sites/mhrmb/{title}/a.txt',flags=0)"
    )
    assert file_status(server, f"{title}/a.txt", MEMBER) == 200
    server.post(f"{folder}/ListItemAllFields/resetroleinheritance")
    assert [file_status(server, f"{title}/f/{name}", MEMBER) for name in ("c.txt", "b.txt")] == [200, 404]


def test_a_closed_library_is_closed_by_every_address(server: EmbeddedServer) -> None:
    """By address, id and item alike, and the web's folders leave it out."""
    title = f"Closed{next(_numbers)}"
    guid = server.post("web/lists", {"Title": title, "BaseTemplate": 101})["Id"]
    server.call("POST", f"web/getFolderByServerRelativeUrl('{title}')/files/add(url='a.txt')", {"a": 1})
    file = server.get(f"web/getFileByServerRelativeUrl('{title}/a.txt')")["UniqueId"]
    close(server, f"web/lists(guid'{guid}')")
    for address in (
        f"web/getFolderByServerRelativeUrl('{title}')", f"web/lists(guid'{guid}')/RootFolder/Files",
        f"web/lists(guid'{guid}')/items(1)/File", f"web/getList('/sites/mhrmb/{title}')",
    ):  # fmt: skip
        assert server.call("GET", address, authorization=MEMBER).status_code == 403, address
    for address in (f"web/getFileById('{file}')/$value", f"web/getFileByServerRelativeUrl('{title}/a.txt')"):
        assert server.call("GET", address, authorization=MEMBER).status_code == 404, address
    assert title not in str(server.get("web/folders", authorization=MEMBER))
    assert title in str(server.get("web/folders"))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(tmp_path, extra=("--user", "ada-token=Ada Example")) as running:
        yield running


def test_users_are_changed_and_removed(own: EmbeddedServer) -> None:
    """Found by id, e-mail and login name; removed, they lose every right and their name stays on what they wrote."""
    path = own.list("Notes")
    ada = own.get("web/currentuser", authorization=ADA)
    own.post(f"{path}/items", {"Title": "a"}, authorization=ADA)
    for key in (
        f"getById({ada['Id']})",
        f"getByEmail('{ada['Email']}')",
        f"getByLoginName(@v)?@v='{ada['LoginName']}'",
    ):
        assert own.get(f"web/siteusers/{key}".replace("#", "%23"))["Id"] == ada["Id"]
    assert [one["Title"] for one in own.get(f"web/siteusers/getById({ada['Id']})/groups")["value"]] == ["MHRMB Members"]
    own.merge(f"web/siteusers/getById({ada['Id']})", {"Title": "Ada Renamed", "Email": "new@board.example"})
    shown = own.get("web/siteusers/getByEmail('new@board.example')")
    assert (shown["Title"], shown["IsSiteAdmin"]) == ("Ada Renamed", False)
    refused = own.call("POST", f"web/siteusers/removeById({ada['Id']})", authorization=ADA)
    assert refused.status_code == 403
    own.post(f"web/siteusers/removeById({ada['Id']})")
    assert own.call("GET", f"web/siteusers/getById({ada['Id']})").status_code == 404
    assert own.call("GET", f"{path}/items", authorization=ADA).status_code == 403
    author = own.get(f"{path}/items?$select=Author/Title&$expand=Author")["value"]
    assert author == [{"Author": {"Title": "Ada Renamed"}}]
    assert own.post("web/ensureuser", {"logonName": ada["LoginName"]})["Id"] == ada["Id"]


def test_an_administrator_passes_every_check(own: EmbeddedServer) -> None:
    """IsSiteAdmin opens what is closed, until it is taken away."""
    path = own.list("Notes")
    close(own, path)
    ada = own.get("web/currentuser", authorization=ADA)["Id"]
    assert own.call("GET", f"{path}/items", authorization=ADA).status_code == 403
    own.merge(f"web/siteusers/getById({ada})", {"IsSiteAdmin": True})
    assert own.call("GET", f"{path}/items", authorization=ADA).status_code == 200
    own.merge(f"web/siteusers/getById({ada})", {"IsSiteAdmin": False})
    assert own.call("GET", f"{path}/items", authorization=ADA).status_code == 403


def test_groups_are_renamed_emptied_and_removed(own: EmbeddedServer) -> None:
    """A group's rights go with it; the groups the site began with stay."""
    path = own.list("Notes")
    close(own, path)
    login = own.get("web/currentuser", authorization=ADA)["LoginName"]
    made = own.post("web/sitegroups", {"Title": "Team"})["Id"]
    own.merge("web/sitegroups/getByName('Team')", {"Title": "Readers", "Description": "who read"})
    assert own.get("web/sitegroups/getByName('Readers')")["Description"] == "who read"
    own.post("web/sitegroups/getByName('Readers')/users", {"LoginName": login})
    own.post(f"{path}/roleassignments/addroleassignment(principalid={made},roledefid={READ})")
    assert own.call("GET", f"{path}/items", authorization=ADA).status_code == 200
    own.post(f"web/sitegroups({made})/users/removeByLoginName(@v)?@v='{login}'".replace("#", "%23"))
    assert own.call("GET", f"{path}/items", authorization=ADA).status_code == 403
    own.post("web/sitegroups/getByName('Readers')/users", {"LoginName": login})
    own.post(f"web/sitegroups/removeById({made})")
    assert own.call("GET", f"{path}/items", authorization=ADA).status_code == 403
    assert own.call("POST", "web/sitegroups/removeByLoginName('MHRMB Members')").status_code == 400
