"""`python -m bot check` through the real command: a healthy demonstration, a site with everything amiss, and none."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import check, check_site, demo, ready
from bot.__main__ import main
from bot.demo_data import PEOPLE
from sharepoint.store import Store
from tests.certificates import certificate, private_pem, public_pem
from tests.embedded_server import EmbeddedServer
from tests.provisioned import MEMBER, client
from tests.token_issuer import APP, TENANT, EntraIssuer, entra_error


@dataclass(frozen=True)
class Report:
    """What the command said, and how it ended."""

    code: int
    out: str
    err: str

    def findings(self, level: str = "") -> list[tuple[str, str]]:
        """Group and sentence of the findings of a level, read from the JSON."""
        rows = json.loads(self.out)["findings"]
        return [(row["group"], row["says"]) for row in rows if row["level"] == level or not level]


Check = Callable[..., Report]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Check]:
    """The command, with no other MHRMB setting than those given."""
    level = logging.getLogger().level
    for name in os.environ:
        if name.startswith("MHRMB_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, **settings: str) -> Report:
        given = {"MHRMB_DATA_DIR": str(tmp_path / "data"), "MHRMB_SHAREPOINT_PORT": "0", **settings}
        with monkeypatch.context() as patch:
            for name, value in given.items():
                patch.setenv(name, value)
            capsys.readouterr()
            code = main(["check", *arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Report(code, said.out, said.err)

    yield command
    logging.getLogger().setLevel(level)


async def load_demo(server: EmbeddedServer) -> None:
    """Provision and load the fictional board, as the two commands do."""
    site = client(server)
    try:
        store = Store(site, within=60)
        await ready.provision_site(store, lambda _: None)
        await demo.load(store, lambda _: None)
        await ready.set_up_code(store)
    finally:
        await site.close()


@pytest.fixture(scope="module")
def demo_data(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site with the fictional board, that no server has open."""
    data = tmp_path_factory.mktemp("demo")
    shutil.copytree(template, data, dirs_exist_ok=True)
    with EmbeddedServer(data) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.demo_data.OLDER", 3)  # its people are what is checked; fewer cases are quicker to load
        patch.setattr("bot.demo_data.ACTIONS", 6)
        asyncio.run(load_demo(server))
    return data


@pytest.fixture
def fictional(demo_data: Path, tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server over a copy of it."""
    shutil.copytree(demo_data, tmp_path / "site")
    with EmbeddedServer(tmp_path / "site", extra=("--member-token", MEMBER)) as server:
        yield server


def over(server: EmbeddedServer) -> dict[str, str]:
    """The settings that use this server's site."""
    return {"MHRMB_SHAREPOINT_SITE_URL": server.url, "MHRMB_SHAREPOINT_TOKEN": server.token}


GROUPS = [
    *("Settings", "Sign-in to SharePoint", "Sign-in to Teams", "Site", "Rights", "Lists", "Sizes", "Zones"),
    *("Members", "Agencies", "Forums", "Agreements", "Measures", "Channel", "Records", "Posts", "Running", "Record"),
]


def test_the_demonstration_is_healthy(fictional: EmbeddedServer, tmp_path: Path, run: Check) -> None:
    """Provisioned and loaded there is nothing to fix; the lapsed agreement, and that no bot runs yet, are advice."""
    (tmp_path / "member").write_text(MEMBER)
    report = run("--as-member", str(tmp_path / "member"), **over(fictional))
    assert (report.code, report.err) == (0, "")
    lines = report.out.splitlines()
    assert [line for line in lines[:-1] if not line.startswith(" ")] == GROUPS
    assert lines[-1].startswith("0 to fix, ")
    assert all(line.split()[1] in ("good", "advice") for line in lines[:-1] if line.startswith(" "))
    assert sum("HOU: a sharing agreement that has lapsed" in line for line in lines) == 1
    assert any("An ordinary member reads what the team may read" in line for line in lines)


def test_the_embedded_server_is_started(tmp_path: Path, run: Check) -> None:
    """With no site of one's own and nothing provisioned the lists are what is missing, and nothing is made."""
    report = run("--json")
    assert report.code == 1
    assert [group for group, _ in report.findings("fix")] == ["Lists"]
    assert "create the list Agencies" in report.findings("fix")[0][1]
    assert report.findings("fix") == run("--json").findings("fix")


def break_everything(server: EmbeddedServer) -> None:
    """Put out of order, by hand and over REST, all that the check should find."""

    def add(name: str, **values: Any) -> None:
        server.post(f"web/lists/getByTitle('{name}')/items", values)

    def rows(name: str) -> list[dict[str, Any]]:
        return list(server.get(f"web/lists/getByTitle('{name}')/items?$top=500")["value"])

    def change(name: str, number: int, **values: Any) -> None:
        server.merge(f"web/lists/getByTitle('{name}')/items({number})", values)

    today = datetime.now(UTC)
    for member in rows("Members"):
        if "Chair" in str(member["Roles"]) or "Administrator" in str(member["Roles"]):
            change("Members", member["Id"], Roles="Representative")
    add(
        "Members",
        MemberName="Planted One",
        UserId="00000000-0000-4000-8000-000000000001",
        Agency="POL",
        Roles="Observer",
    )
    add("Members", MemberName="Planted Two", UserId="planted@example.org", Agency="POL", Roles="Observer")
    add(
        "Members",
        MemberName="Planted Three",
        UserId="00000000-0000-4000-8000-0000000000f3",
        Agency="",
        Roles="Observer",
    )
    add(
        "Members",
        MemberName="Planted Four",
        UserId="00000000-0000-4000-8000-0000000000f4",
        Agency="XXX",
        Roles="Observer",
    )
    add("Members", MemberName="Planted Five", UserId="00000000-0000-4000-8000-0000000000f5", Agency="POL", Roles="Boss")
    agencies = {each["Agency"]: each["Id"] for each in rows("Agencies")}
    change("Agencies", agencies["POL"], Spoc="Planted Stranger")
    change("Agencies", agencies["MHT"], Spoc="")
    change("Agencies", agencies["ASC"], IsaLapsesOn=f"{today + timedelta(days=10):%Y-%m-%dT12:00:00Z}")
    change("Agencies", agencies["CSC"], IsaSignedOn=None)
    add("Agencies", Agency="pol", AgencyName="Planted Again")
    add("Agencies", AgencyName="Planted Nameless")
    change("Forums", rows("Forums")[0]["Id"], Agencies="POL; QQQ")
    long_ago = "2020-01-01T00:00:00Z"
    add("Posts", Key="stuck", Kind="digest", Audience="forum:MHRMB", Status="Claimed", NextAttempt=long_ago, Open=True)
    add("Posts", Key="given-up", Kind="digest", Audience="forum:MHRMB", Status="Not delivered", Open=False)
    add("Conversations", Key="forum:MHRMB", Audience="forum:MHRMB", Stored="{", Scope="channel", Open=True)
    add("Events", Key="lease:poster", Kind="lease", Holder="gone", Until=long_ago)
    ticks = (datetime(2020, 1, 1) - datetime(1, 1, 1)) // timedelta(microseconds=1) * 10  # noqa: DTZ001
    add("Events", Key="feed:token", Kind="change token", Value=f"1;1;11111111-2222-3333-4444-555555555555;{ticks};9")
    add("Events", Key="clock:round", Kind="clock", Value="2020-01-02")
    add("Referrals", Status="Closed", Open=False, Retention="Disposed in part", DisposalLeft="Planted Left", Key="gone")
    add("Referrals", Status="Closed", Open=False, ReviewOn=long_ago, WhyNow="Planted Due", Key="due")
    code = next(each for each in rows("Settings") if each["Key"] == "setup-code")
    change("Settings", code["Id"], Tries=5)
    server.delete("web/lists/getByTitle('Actions')/fields/getByInternalNameOrTitle('Why')")
    server.merge("web/lists/getByTitle('Referrals')", {"MajorVersionLimit": 5})
    server.post("web/lists/getByTitle('Subjects')/resetroleinheritance")


@pytest.fixture
def broken(fictional: EmbeddedServer) -> EmbeddedServer:
    """The fictional board, all of it out of order."""
    break_everything(fictional)
    return fictional


AMISS = [
    ("fix", "Sign-in to Teams", "MHRMB_BOT_CERTIFICATE: there is no file"),
    ("fix", "Lists", "add the column Actions.Why"),
    ("fix", "Lists", "keep versions in Referrals"),
    ("fix", "Zones", "Subjects has the site's permissions"),
    ("fix", "Zones", "An ordinary member can read Subjects"),
    ("fix", "Members", "The board has no chair"),
    ("fix", "Members", "has the same Entra object id"),
    ("fix", "Members", "has no Entra object id"),
    ("fix", "Members", "has no agency"),
    ("fix", "Members", "an agency code that is not in Agencies"),
    ("advice", "Members", "no role that the bot knows"),
    ("fix", "Members", "given wrongly 5 times"),
    ("fix", "Agencies", "has the same code"),
    ("fix", "Agencies", "has no code"),
    ("advice", "Agencies", "CSC"),
    ("advice", "Agencies", "HOU: a sharing agreement that has lapsed"),
    ("advice", "Agencies", "ASC: a sharing agreement that lapses"),
    ("advice", "Agencies", "no single point of contact"),
    ("advice", "Agencies", "POL: a single point of contact who is not"),
    ("fix", "Forums", "not in Agencies: QQQ"),
    ("fix", "Channel", "cannot be read"),
    ("fix", "Records", "Disposed of in part: R-"),
    ("advice", "Records", "Records to keep or dispose of: 1"),
    ("fix", "Posts", "1 posts have waited"),
    ("advice", "Posts", "1 posts were not delivered"),
    ("fix", "Running", "No bot is running"),
    ("advice", "Running", "longer than SharePoint remembers"),
    ("fix", "Running", "last done for 02 January 2020"),
]


def test_everything_amiss_is_found(broken: EmbeddedServer, tmp_path: Path, run: Check) -> None:
    """Each fault is a line in its group and at its level; the command ends with 1 and names nobody."""
    (tmp_path / "member").write_text(f"{MEMBER}\n")
    bot = {"MHRMB_BOT_APP_ID": APP, "MHRMB_TENANT_ID": TENANT, "MHRMB_BOT_CERTIFICATE": str(tmp_path / "none.pem")}
    report = run("--json", "--as-member", str(tmp_path / "member"), **over(broken), **bot)
    assert report.code == 1
    lost = [(level, group, says) for level, group, says in AMISS if not told(report, level, group, says)]
    assert lost == []
    assert json.loads(report.out)["to_fix"] == len(report.findings("fix")) == sum(each[0] == "fix" for each in AMISS)
    assert all(row["fix"] for row in json.loads(report.out)["findings"] if row["level"] != "good")
    named = [name for name, _, _ in PEOPLE if name in report.out]
    assert (named, "Planted" in report.out, "planted@" in report.out) == ([], False, False)


def told(report: Report, level: str, group: str, says: str) -> bool:
    """Whether the report has this finding."""
    return any(says in sentence and group == where for where, sentence in report.findings(level))


def test_settings_that_cannot_be_used(run: Check) -> None:
    """One finding, in the form that was asked for."""
    assert run("--json", MHRMB_PORT="many").findings("fix")[0][0] == "Settings"
    plain = run(MHRMB_PORT="many")
    assert (plain.code, plain.err) == (1, "")
    assert "MHRMB_PORT" in plain.out


@pytest.mark.parametrize("content", [None, b"", b"two words", b"\xff\xfe"])
def test_a_members_token_that_is_none(tmp_path: Path, run: Check, content: bytes | None) -> None:
    """A file without a token is told before the site is opened."""
    if content is not None:
        (tmp_path / "member").write_bytes(content)
    report = run("--json", "--as-member", str(tmp_path / "member"))
    assert "--as-member" in report.findings("fix")[0][1]


def test_a_site_that_is_not_there(run: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that needs no site is still checked; the site is the one thing to fix."""
    monkeypatch.setattr(check, "WITHIN", 0.2)
    report = run("--json", MHRMB_SHAREPOINT_SITE_URL="http://127.0.0.1:9/sites/none", MHRMB_SHAREPOINT_TOKEN="t")
    assert [group for group, _ in report.findings("fix")] == ["Site"]
    assert [group for group, _ in report.findings()][:3] == GROUPS[:3]


def test_a_token_the_site_does_not_take(fictional: EmbeddedServer, run: Check) -> None:
    """401 is the site's finding, with what to look at."""
    report = run("--json", **over(fictional) | {"MHRMB_SHAREPOINT_TOKEN": "wrong"})
    assert [group for group, _ in report.findings("fix")] == ["Site"]
    assert "did not accept the sign-in" in report.findings("fix")[0][1]


def test_a_site_that_breaks_off(fictional: EmbeddedServer, run: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """When items are not to be had, each check that needs them says so and the others are made."""
    monkeypatch.setattr(check_site, "WITHIN", 0.2)
    monkeypatch.setattr("sharepoint.examination.WAIT", 0.3)
    monkeypatch.setattr("sharepoint.provision.WAIT", 0.3)
    fictional.fault(status=503, match="GET .*items")
    fictional.fault(status=503, match=r"POST .*\$batch")
    report = run("--json", **over(fictional))
    assert report.code == 1
    assert list(dict.fromkeys(group for group, _ in report.findings())) == GROUPS
    assert told(report, "good", "Sizes", "well below")
    assert all(told(report, "fix", group, "could not be checked") for group in ("Members", "Posts", "Running"))


def test_a_check_that_is_at_fault(fictional: EmbeddedServer, run: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in one check, or one that never ends, does not hide what the others find."""

    async def at_fault(_: object) -> list[Any]:
        raise ZeroDivisionError("Planted")

    async def endless(_: object) -> list[Any]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(check, "LONGEST", 5.0)
    monkeypatch.setattr(check, "CHECKS", (("Faulty", at_fault), *check.CHECKS[6:7]))
    report = run("--json", **over(fictional))
    assert told(report, "fix", "Faulty", "ZeroDivisionError")
    assert told(report, "good", "Forums", "Every forum")
    assert "Planted" not in report.out
    monkeypatch.setattr(check, "LONGEST", 0.5)
    monkeypatch.setattr(check, "CHECKS", (("Endless", endless),))
    assert told(run("--json", **over(fictional)), "fix", "Endless", "could not be checked within")


@pytest.fixture
def entra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EntraIssuer]:
    """An issuer of the app's tokens that this process trusts."""
    folder = tmp_path / "keys"
    folder.mkdir()
    with EntraIssuer(folder) as running:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.authority.bundle))
        yield running


@pytest.mark.parametrize(
    ("days", "level", "says"), [(10, "advice", "in 9 days"), (200, "good", "199 days more"), (-1, "fix", "expired")]
)
def test_the_certificates(
    fictional: EmbeddedServer, entra: EntraIssuer, tmp_path: Path, run: Check, days: int, level: str, says: str
) -> None:  # fmt: skip
    """How long each certificate still serves is told, from thirty days before its end as advice."""
    now = datetime.now(UTC)
    made = certificate("app", now - timedelta(days=30), now + timedelta(days=days))
    entra.apps[APP] = [made]
    entra.grant = lambda: fictional.token
    (tmp_path / "app.pem").write_bytes(private_pem("app") + public_pem(made))
    proof = {"MHRMB_SHAREPOINT_CERTIFICATE": str(tmp_path / "app.pem"), "MHRMB_SHAREPOINT_CLIENT_ID": APP}
    bot = {"MHRMB_BOT_APP_ID": APP, "MHRMB_BOT_CERTIFICATE": str(tmp_path / "app.pem")}
    at = {"MHRMB_TENANT_ID": TENANT, "MHRMB_AUTHORITY": entra.url, "MHRMB_SHAREPOINT_SITE_URL": fictional.url}
    report = run("--json", **proof, **bot, **at)
    for group in ("Sign-in to SharePoint", "Sign-in to Teams"):
        assert told(report, level, group, says), report.findings()
        assert told(report, "good", group, "A token") is (days > 0)
    assert told(report, "good", "Site", "The site answers") is (days > 0)


def test_a_sign_in_that_is_refused(entra: EntraIssuer, tmp_path: Path, run: Check) -> None:
    """Entra's refusal is the finding, with how long the certificate serves beside it."""
    made = certificate("app")
    entra.apps[APP], entra.instead = [made], entra_error(65001, "Planted")
    (tmp_path / "app.pem").write_bytes(private_pem("app") + public_pem(made))
    report = run(
        "--json",
        MHRMB_SHAREPOINT_SITE_URL="https://example.sharepoint.com/sites/x",
        MHRMB_SHAREPOINT_CERTIFICATE=str(tmp_path / "app.pem"),
        MHRMB_SHAREPOINT_CLIENT_ID=APP,
        MHRMB_TENANT_ID=TENANT,
        MHRMB_AUTHORITY=entra.url,
    )
    assert told(report, "fix", "Sign-in to SharePoint", "Grant admin consent")
    assert told(report, "good", "Sign-in to SharePoint", "is valid until")
    assert told(report, "fix", "Site", "Grant admin consent")
    assert "Planted" not in report.out


def test_a_round_that_was_done(fictional: EmbeddedServer, run: Check) -> None:
    """A running bot, a fresh token and a round of today are all good."""
    soon = datetime.now(UTC) + timedelta(minutes=5)
    lease = {"Key": "lease:poster", "Kind": "lease", "Until": f"{soon:%Y-%m-%dT%H:%M:%SZ}"}
    now = fictional.get("web?$select=CurrentChangeToken")["CurrentChangeToken"]["StringValue"]
    for row in (lease, {"Key": "feed:token", "Value": now}, {"Key": "clock:round", "Value": f"{date.today()}"}):  # noqa: DTZ011
        fictional.post("web/lists/getByTitle('Events')/items", row)
    report = run("--json", **over(fictional))
    assert report.code == 0
    assert [group for group, _ in report.findings("good")].count("Running") == 3
