"""Making a site fit: what is planned, what is made, what a break leaves behind, and who may read what afterwards."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import sharepoint.views
from sharepoint import provision
from sharepoint.client import SharePoint
from sharepoint.columns import Column, Type, choice, day, moment, note, number, person, text, yes_no
from sharepoint.descriptions import OWN
from sharepoint.errors import StoreBusy, StoreRefused
from sharepoint.formatting import FORMATS
from sharepoint.libraries import Library
from sharepoint.schema import LISTS, REFERRALS, Zone
from sharepoint.sign_in import static
from sharepoint.steps import field_xml, list_steps
from sharepoint.views import VIEWS
from sharepoint.zones import PLACES
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client, make_lists, path_of

pytestmark = pytest.mark.long

TEAM_TOKEN = "health-token"
SETTINGS = (
    "EnableVersioning,MajorVersionLimit,HasUniqueRoleAssignments,Description,EnableAttachments,EnableFolderCreation,"
    "EnableModeration,NoCrawl,OnQuickLaunch"
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """An empty site, which the tests that use it leave empty."""
    with EmbeddedServer(tmp_path_factory.mktemp("blank")) as running:
        yield running


@pytest.fixture
async def blank_site(blank: EmbeddedServer) -> AsyncIterator[SharePoint]:
    opened = client(blank)
    yield opened
    await opened.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """An empty site of the test's own."""
    with EmbeddedServer(tmp_path / "fresh", extra=("--member-token", MEMBER)) as running:
        yield running


@pytest.fixture
async def fresh_site(fresh: EmbeddedServer) -> AsyncIterator[SharePoint]:
    opened = client(fresh)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def made(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A provisioned site for the module; nothing that a test leaves in it disturbs another."""
    data = tmp_path_factory.mktemp("made")
    copytree(template, data, dirs_exist_ok=True)
    with EmbeddedServer(data, extra=("--member-token", MEMBER, "--user", f"{TEAM_TOKEN}=Team Nurse")) as running:
        yield running


@pytest.fixture
async def made_site(made: EmbeddedServer) -> AsyncIterator[SharePoint]:
    opened = client(made)
    yield opened
    await opened.close()


@pytest.fixture(scope="module", autouse=True)
def straight(made: EmbeddedServer) -> dict[str, Any]:
    """What a site looks like that was provisioned in one go, before any test has touched it."""
    return shape(made)


def shape(server: EmbeddedServer) -> dict[str, Any]:
    """All that provisioning answers for: each list's settings, columns and grants."""
    found: dict[str, Any] = {}
    for of in PLACES:
        path = f"web/lists/getByTitle('{of.name}')"
        told = server.get(f"{path}?$select={SETTINGS}")
        columns = {
            field["InternalName"]: (
                field["Title"],
                field["TypeAsString"],
                field["Indexed"],
                field["EnforceUniqueValues"],
                field["Required"],
                tuple(field.get("Choices") or ()),
                field["Description"],
                field["CustomFormatter"],
                tuple(sorted(item for item in ET.fromstring(field["SchemaXml"]).items() if "ShowIn" in item[0])),
            )
            for field in server.get(f"{path}/fields")["value"]
        }
        found[of.name] = (told, columns, grants(server, of.name), views(server, of.name))
    return found


def views(server: EmbeddedServer, name: str) -> list[tuple[Any, ...]]:
    """Each view of a list in the order they were made: what it shows, its query, its page, whether it comes first."""
    path = f"web/lists/getByTitle('{name}')/views?$expand=ViewFields"
    return [
        (one["Title"], tuple(one["ViewFields"]["Items"]), one["ViewQuery"], one["RowLimit"], one["DefaultView"])
        for one in server.get(path)["value"]
    ]


def grants(server: EmbeddedServer, name: str) -> set[tuple[str, str]]:
    """Who holds which role on a list."""
    path = f"web/lists/getByTitle('{name}')/roleassignments?$expand=Member,RoleDefinitionBindings"
    return {
        (one["Member"]["Title"], role["Name"])
        for one in server.get(path)["value"]
        for role in one["RoleDefinitionBindings"]
    }


async def test_an_empty_site_lacks_everything(blank_site: SharePoint) -> None:
    """The plan of an empty site names every list before its columns, and every column once."""
    said = [step.says for step in await provision.plan(blank_site)]
    assert len(said) == len(set(said))
    for of in PLACES:
        made = said.index(f"create the {'library' if isinstance(of, Library) else 'list'} {of.name}")
        for column in of.columns:
            added = f"add the column {of.name}.{column.internal}"
            (at,) = [n for n, says in enumerate(said) if says.split(" (")[0] == added]
            assert at > made
    assert "add the column Referrals.Key (indexed, unique)" in said
    assert "add the column Referrals.ReceivedOn (indexed)" in said


async def test_planning_changes_nothing(blank: EmbeddedServer, blank_site: SharePoint) -> None:
    """A dry run only reads: no list is made, and every request is a GET or a batch of them."""
    blank.forget_requests()
    await provision.plan(blank_site)
    zones = await provision.still_open(blank_site)
    assert zones == [f"close {of.name} to all but {of.zone.value}" for of in PLACES]
    served = blank.requests_served()
    assert {kind for kind in served["by"] if not kind.startswith("GET ")} <= {"POST $batch", "POST contextinfo"}
    assert {kind.split()[0] for kind in served["parts"]} == {"GET"}
    titles = {each["Title"] for each in blank.get("web/lists?$select=Title")["value"]}
    assert titles.isdisjoint(of.name for of in PLACES)


async def test_a_made_site_lacks_nothing(made_site: SharePoint) -> None:
    """After provisioning the plan is empty, and the zones have nothing left to close."""
    assert await provision.plan(made_site) == []
    assert await provision.still_open(made_site) == []
    assert [says async for says in provision.close_zones(made_site)] == []


async def test_provisioning_again_changes_nothing(made: EmbeddedServer) -> None:
    """A second run leaves lists, columns and grants exactly as they were."""
    before = shape(made)
    await make_lists(made)
    assert shape(made) == before


async def test_columns_are_as_the_schema_says(made: EmbeddedServer) -> None:
    """Every column is there under its internal name, with its type, index, uniqueness and choices."""
    found = shape(made)
    for of in LISTS:
        settings, columns, _, _ = found[of.name]
        assert settings["EnableVersioning"] is True
        assert settings["MajorVersionLimit"] == provision.VERSIONS_KEPT
        assert columns["Title"][4] is False, "a title is not required"
        for column in of.columns:
            _, kind, indexed, unique, required, choices, *_ = columns[column.internal]
            assert (kind, indexed, unique) == (column.type.value, column.indexed, column.unique), column.internal
            assert choices == column.choices
            assert required is False


async def test_people_see_the_labels(made: EmbeddedServer) -> None:
    """A column is shown under its label in SharePoint, while its internal name stays what the bot reads."""
    _, columns, *_ = shape(made)["Subjects"]
    assert columns["PersonName"][0] == "Name"
    assert columns["Key"][0] == "Key (set by the bot)"
    assert columns["Status"][0] == "Status"
    row = made.post(path_of(REFERRALS), {"Agency": "POL", "ReferrerName": "Ada"})
    assert (row["Agency"], row["ReferrerName"]) == ("POL", "Ada")


@pytest.mark.parametrize("done", [0.02, 0.3, 0.6, 0.97])
async def test_breaks_are_made_good(
    straight: dict[str, Any], fresh: EmbeddedServer, fresh_site: SharePoint, done: float
) -> None:
    """Broken off anywhere and among the zones, a site ends up as one made in one go: nothing lacks or is double."""
    steps = await provision.plan(fresh_site)
    await _all(provision.apply(fresh_site, steps[: int(len(steps) * done)]))
    again = await provision.plan(fresh_site)
    assert {step.says for step in again} <= {step.says for step in steps[int(len(steps) * done) :]}
    await _all(provision.apply(fresh_site, again))
    for match in ("sitegroups", "breakroleinheritance", "addroleassignment", "addroleassignment"):
        fresh.fault(status=403, match=f"POST .*{match}", count=1, after=match == "breakroleinheritance")
        with pytest.raises(StoreRefused):
            await _all(provision.close_zones(fresh_site))
    assert await _all(provision.close_zones(fresh_site))
    assert shape(fresh) == straight
    assert await _all(provision.close_zones(fresh_site)) == []


@pytest.mark.parametrize(("steps", "after"), [(15, True), (200, False)])
async def test_a_connection_that_breaks(
    straight: dict[str, Any], fresh: EmbeddedServer, fresh_site: SharePoint, steps: int, after: bool
) -> None:
    """When it is not known what was made, since the connection dropped, the next run goes on from what is there."""
    with pytest.raises(StoreBusy):
        await _all(_broken(fresh, fresh_site, steps, after=after))
    fresh.no_faults()
    await make_lists(fresh)
    assert shape(fresh) == straight


async def _broken(server: EmbeddedServer, site: SharePoint, steps: int, *, after: bool) -> AsyncIterator[str]:
    done = 0
    async for says in provision.apply(site, await provision.plan(site)):
        done += 1
        if done == steps:
            server.fault(status="drop", match=".*batch", after=after)
        yield says


async def test_under_faults_it_comes_through_by_itself(
    straight: dict[str, Any], fresh: EmbeddedServer, fresh_site: SharePoint
) -> None:
    """With three requests in ten refused or dropped, before or after they were done, one run is enough."""
    fresh.fault(status="drop", share=0.15, match=".*batch", after=True, seed="a")
    fresh.fault(status=503, share=0.15, match=".*batch", retry_after=0.01)
    said = await _all(provision.make(fresh_site))
    fresh.no_faults()
    assert "add the view Actions: Overdue" in said
    await _all(provision.close_zones(fresh_site))
    assert shape(fresh) == straight


async def test_a_silent_site_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who takes the connection and never answers is given up after the first wait, not after the long one."""
    monkeypatch.setattr(provision, "FIRST_WAIT", 0.4)
    monkeypatch.setattr(provision, "WAIT", 3600)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/sites/mhrmb"
        site = SharePoint(url, static("token"), timeout=(0.2, 0.2))
        with pytest.raises(StoreBusy):
            await provision.reach(site)
        await site.close()


async def test_a_site_that_asks_for_patience_is_there(fresh: EmbeddedServer, fresh_site: SharePoint) -> None:
    """A throttled site is waited for like any other request, not taken for one that is not there."""
    fresh.fault(status=429, match="GET .*web", retry_after=30)
    await provision.reach(fresh_site)


async def test_a_site_that_fails_all_the_time_is_given_up(
    fresh: EmbeddedServer, fresh_site: SharePoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every change failing, it ends with an error after a few tries instead of going on for ever."""
    monkeypatch.setattr(provision, "TRIES", 3)
    fresh.fault(status="drop", match=".*batch")
    with pytest.raises(StoreBusy):
        await _all(provision.make(fresh_site))


async def _all(said: AsyncIterator[str]) -> list[str]:
    return [line async for line in said]


async def test_a_title_that_is_asked_for_is_made_optional(made: EmbeddedServer, made_site: SharePoint) -> None:
    """A title that somebody required again would ask people for a name, so it is optional again."""
    made.merge("web/lists/getByTitle('Agencies')/fields/getByInternalNameOrTitle('Title')", {"Required": True})
    steps = await provision.plan(made_site)
    assert [step.says for step in steps] == ["make Title optional in Agencies"]
    await _all(provision.apply(made_site, steps))
    assert await provision.plan(made_site) == []


async def test_a_lost_index_is_made_again(made: EmbeddedServer, made_site: SharePoint) -> None:
    """A column whose index somebody removed, or who made it without one, is indexed again: queries need it."""
    path = "web/lists/getByTitle('Referrals')/fields/getByInternalNameOrTitle('Urgency')"
    made.merge(path, {"Indexed": False})
    steps = await provision.plan(made_site)
    assert [step.says for step in steps] == ["index the column Referrals.Urgency"]
    async for _ in provision.apply(made_site, steps):
        pass
    assert await provision.plan(made_site) == []
    assert made.get(path)["Indexed"] is True


async def test_what_people_made_survives(made: EmbeddedServer) -> None:
    """A list, a column and the rows that people made themselves are left as they are."""
    own = made.list("Birthdays", {"Cake": {"FieldTypeKind": 2}})
    made.post(f"{own}/items", {"Title": "Ada", "Cake": "plum"})
    made.post("web/lists/getByTitle('Referrals')/fields", {"Title": "Colour", "FieldTypeKind": 2})
    row = made.post(path_of(REFERRALS), {"Colour": "blue"})["Id"]
    await make_lists(made)
    assert made.get(f"{own}/items")["value"][0]["Cake"] == "plum"
    assert made.get(path_of(REFERRALS, row))["Colour"] == "blue"
    assert made.get(f"{own}?$select=HasUniqueRoleAssignments")["HasUniqueRoleAssignments"] is False


async def test_a_view_is_renewed_only_while_it_is_ours(
    fresh: EmbeddedServer, fresh_site: SharePoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A view of an earlier version is drawn anew; one that somebody changed, and a formatting of theirs, are left."""
    actions = "web/lists/getByTitle('Actions')"
    await make_lists(fresh)
    before = {title: fields for title, fields, *_ in views(fresh, "Actions")}
    fresh.post(f"{actions}/views/getByTitle('Blocked')/viewfields/moveviewfieldto", {"field": "Agency", "index": 0})
    theirs = names_in(fresh, "Blocked")
    due = f"{actions}/fields/getByInternalNameOrTitle('DueDate')"
    fresh.merge(due, {"CustomFormatter": '{"elmType": "div"}'})
    newer = {
        **VIEWS,
        "Actions": tuple(replace(view, fields=(*view.fields, "Programme")) for view in VIEWS["Actions"]),
    }
    monkeypatch.setattr(sharepoint.views, "VIEWS", newer)
    chip = FORMATS["Actions", "Status"]
    monkeypatch.setitem(FORMATS, ("Actions", "Status"), chip.replace("Handshake", "Accept"))
    monkeypatch.setitem(FORMATS, ("Actions", "DueDate"), chip)
    said = await _all(provision.make(fresh_site))
    assert "draw the view Actions: Overdue" in said
    assert "set out the column Actions.Status" in said
    assert {line for line in said if "Blocked" in line or "DueDate" in line} == set()
    assert names_in(fresh, "Blocked") == theirs
    assert names_in(fresh, "Overdue") == [*before["Overdue"], "Programme"]
    assert fresh.get(due)["CustomFormatter"] == '{"elmType": "div"}'
    assert fresh.get(f"{actions}/defaultview/Title")["value"] == "Open"


def names_in(server: EmbeddedServer, title: str) -> list[str]:
    """The columns of a view of Actions."""
    shown: list[str] = server.get(f"web/lists/getByTitle('Actions')/views/getByTitle('{title}')/viewfields")["Items"]
    return shown


async def test_a_deleted_view_is_made_again(made: EmbeddedServer, made_site: SharePoint) -> None:
    """One of ours that is missing comes back, and does not take the first place from what people chose."""
    views_path = "web/lists/getByTitle('Returns')/views"
    chosen = made.post(views_path, {"Title": "Chosen", "DefaultView": True})["Id"]
    made.delete(f"{views_path}/getByTitle('Newest')")
    steps = await provision.plan(made_site)
    assert [step.says for step in steps] == ["add the view Returns: Newest"]
    await _all(provision.apply(made_site, steps))
    assert made.get("web/lists/getByTitle('Returns')/defaultview")["Title"] == "Chosen"
    assert await provision.plan(made_site) == []
    made.merge(f"{views_path}/getByTitle('Newest')", {"DefaultView": True})
    made.delete(f"{views_path}('{chosen}')")


SETTINGS_PUT_BACK = [("EnableAttachments", True), ("NoCrawl", False), ("MajorVersionLimit", 50)]


@pytest.mark.parametrize(("name", "value"), SETTINGS_PUT_BACK, ids=[name for name, _ in SETTINGS_PUT_BACK])
async def test_what_protects_people_is_put_back(
    made: EmbeddedServer, made_site: SharePoint, name: str, value: Any
) -> None:
    """Attachments, search and few versions are set right again; the navigation is people's choice."""
    path = "web/lists/getByTitle('Actions')"
    made.merge(path, {name: value, "OnQuickLaunch": False})
    (step,) = await provision.plan(made_site)
    await _all(provision.apply(made_site, [step]))
    told = made.get(path)
    assert (told[name], told["OnQuickLaunch"]) == (not value if isinstance(value, bool) else 500, False)
    assert await provision.plan(made_site) == []
    made.merge(path, {"OnQuickLaunch": True})


async def test_a_new_choice_joins_those_that_are_there(made: EmbeddedServer, made_site: SharePoint) -> None:
    """A column that lacks one of the board's words gets it, and keeps the words that people added."""
    path = "web/lists/getByTitle('Actions')/fields/getByInternalNameOrTitle('Priority')"
    made.merge(path, {"odata.type": "SP.FieldChoice", "Choices": ["Normal", "One of ours"]})
    (step,) = await provision.plan(made_site)
    assert step.says == "add choices to Actions.Priority"
    await _all(provision.apply(made_site, [step]))
    assert made.get(path)["Choices"] == ["Normal", "One of ours", "Immediate risk", "High"]
    assert await provision.plan(made_site) == []


async def test_a_column_put_back_on_a_form_stays_there(made: EmbeddedServer, made_site: SharePoint) -> None:
    """Whoever shows a column on a form again, or writes another description, is left to it."""
    path = "web/lists/getByTitle('Actions')/fields/getByInternalNameOrTitle('ChangedBy')"
    made.post(f"{path}/setShowInEditForm(true)")
    made.merge(path, {"Description": "In our own words"})
    assert await provision.plan(made_site) == []


async def test_an_ordinary_member_reads_the_team_zone_only(made: EmbeddedServer) -> None:
    """Members of a Team can open its site, so every list outside the team's zone answers them 403, reads and writes."""
    assert made.call("GET", "web?$select=Title", token=MEMBER).status_code == 200
    for of in LISTS:
        row = made.post(path_of(of), {"Title": "here"})["Id"]
        expected = 200 if of.zone is Zone.TEAM else 403
        for path in (path_of(of), path_of(of, row), f"{path_of(of, row)}/versions", f"{path_of(of)}?$select=Id"):
            assert made.call("GET", path, token=MEMBER).status_code == expected, path
        assert made.call("POST", path_of(of), {"Title": "mine"}, token=MEMBER).status_code == 403
        merge = {"x_http_method": "MERGE", "if_match": "*"}
        assert made.call("POST", path_of(of, row), {"Title": "mine"}, token=MEMBER, **merge).status_code == 403


async def test_the_mental_health_team_works_in_the_case_lists(made: EmbeddedServer) -> None:
    """Somebody in the mental health team's group reads and edits cases, and never who is a chair."""
    (group,) = [g["Id"] for g in made.get("web/sitegroups")["value"] if g["Title"] == provision.CASES_GROUP]
    made.post(f"web/sitegroups({group})/users", {"LoginName": "team.nurse@board.example"})
    for of in LISTS:
        expected = 403 if of.zone is Zone.ADMINISTRATORS else 200
        assert made.call("GET", path_of(of), token=TEAM_TOKEN).status_code == expected, of.name
        added = made.call("POST", path_of(of), {"Title": "mine"}, token=TEAM_TOKEN).status_code
        assert added == (403 if of.zone is Zone.ADMINISTRATORS else 201), of.name


async def test_a_member_cannot_close_a_zone(fresh: EmbeddedServer) -> None:
    """A member of the Team may make lists, but who may read them takes full control of the site: 403, for a person."""
    site = client(fresh, MEMBER)
    try:
        async for _ in provision.apply(site, (await provision.plan(site))[:3]):
            pass
        with pytest.raises(StoreRefused) as refused:
            async for _ in provision.close_zones(site):
                pass
        assert refused.value.status == 403
    finally:
        await site.close()


COLUMNS = (
    text("Plain", "a"),
    text("Code", "a", indexed=True),
    text("Only", "a", indexed=True, unique=True, label='A "label" & <more>'),
    note("Long", "a"),
    choice("Pick", "a", ("One & two", "<Three>", "Four's", '"Five"', "—"), indexed=True),
    day("Born", "a"),
    moment("When", "a", indexed=True),
    yes_no("Yes", "a"),
    number("Count", "a"),
    person("OwnerId", "a", label="Who"),
)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_columns_xml_says_what_the_schema_says(column: Column) -> None:
    """The XML is well-formed whatever a label or a choice holds, and reads back as the column."""
    field = ET.fromstring(field_xml(column, {"Description": 'a "b" & <c>'}))
    assert field.tag == "Field"
    assert field.get("Description") == 'a "b" & <c>'
    assert field.get("Name") == field.get("StaticName") == column.internal
    assert field.get("DisplayName") == (column.label or column.internal)
    assert field.get("Type") == column.type.value
    assert field.get("Indexed") == str(column.indexed).upper()
    assert field.get("EnforceUniqueValues") == str(column.unique).upper()
    assert tuple(each.text for each in field.findall("CHOICES/CHOICE")) == column.choices
    assert field.get("Format") == {"Born": "DateOnly", "When": "DateTime"}.get(column.name)
    if column.type is Type.NOTE:
        assert field.get("RichText") == "FALSE"


def test_every_unique_column_is_indexed() -> None:
    """SharePoint makes a column unique only when it has an index, and holds about twenty indexes a list."""
    for of in LISTS:
        assert all(column.indexed for column in of.columns if column.unique), of.name
        assert sum(column.indexed for column in of.columns) <= 20, of.name
        assert not any(column.indexed for column in of.columns if column.type is Type.NOTE), of.name
        assert all(len(column.name) <= 32 and column.name.isascii() and column.name.isalnum() for column in of.columns)


def test_a_changed_schema_has_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new list, view, formatting or description makes it differ, so an older version's site is provisioned again."""
    before = provision.fingerprint()
    assert provision.fingerprint() == before
    with monkeypatch.context() as changed:
        changed.setattr(provision, "LISTS", LISTS[:-1])
        assert provision.fingerprint() != before
    for where, key, value in (
        (sharepoint.views.VIEWS, "Actions", VIEWS["Actions"][:-1]),
        (FORMATS, ("Actions", "Status"), FORMATS["Actions", "Priority"]),
        (OWN["Actions"], "What", "Something else."),
    ):
        with monkeypatch.context() as changed:
            changed.setitem(where, key, value)
            provision._whole.cache_clear()
            assert provision.fingerprint() != before, key
    provision._whole.cache_clear()
    assert provision.fingerprint() == before


def test_no_plan_needs_more_than_json() -> None:
    """Every step of a plan can be sent as it stands."""
    steps = [step for of in PLACES for step in list_steps(of, None)]
    assert all(json.dumps(step.body) for step in steps)
