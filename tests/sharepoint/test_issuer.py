"""Tokens from an issuer that checks: by certificate over https, and by the managed identity of a machine."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sharepoint import issuer
from sharepoint.client import SharePoint
from sharepoint.errors import StoreBusy, StoreError, StoreRefused
from sharepoint.issuer import App, by_certificate, by_managed_identity, by_secret
from sharepoint.sign_in import Kept
from tests.certificates import certificate, private_pem, public_pem
from tests.embedded_server import EmbeddedServer
from tests.token_issuer import APP, TENANT, Answer, EntraIssuer, MachineIdentity, answer, entra_error

SECRET = "Zebedee Planted"
RESOURCE = "https://example.sharepoint.com"


@pytest.fixture
def entra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EntraIssuer]:
    """An issuer that this process trusts and that knows the app's certificate."""
    with EntraIssuer(tmp_path) as running:
        running.apps[APP] = [certificate("app")]
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(running.authority.bundle))
        yield running


@pytest.fixture
def pem(tmp_path: Path, entra: EntraIssuer) -> Path:
    """The app's key and registered certificate."""
    path = tmp_path / "app.pem"
    path.write_bytes(private_pem("app") + public_pem(entra.apps[APP][0]))
    return path


def app(entra: EntraIssuer, client_id: str = APP, tenant: str = TENANT) -> App:
    """The registration, at this issuer."""
    return App(client_id=client_id, tenant=tenant, resource=RESOURCE, authority=entra.url)


class TestCertificate:
    """An app that proves itself with its certificate."""

    @pytest.mark.parametrize("passphrase", ["", "opens sesame"], ids=["open", "passphrase"])
    async def test_the_round_trip(
        self, entra: EntraIssuer, tmp_path: Path, server: EmbeddedServer, passphrase: str
    ) -> None:
        """The issuer checks the assertion and grants the token by which the site lets the client in."""
        path = tmp_path / "app.pem"
        path.write_bytes(private_pem("app", passphrase) + public_pem(entra.apps[APP][0]))
        entra.grant = lambda: server.token
        site = SharePoint(server.url, Kept(by_certificate(app(entra), path, passphrase)))
        assert "Title" in await site.get("web?$select=Title", within=10)
        number, _ = await site.add("Events", {"Key": f"signed in {passphrase}", "Kind": "test"}, within=10)
        assert number
        assert entra.granted == 1
        assert entra.scopes == [f"{RESOURCE}/.default"]
        await site.close()

    def test_a_password_file_is_not_for_it(
        self, entra: EntraIssuer, pem: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What `.netrc` holds for every host is sent to no issuer."""
        (tmp_path / "netrc").write_text("default login somebody password else\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        assert by_certificate(app(entra), pem)().value == "test-token"
        assert entra.signed == []

    def test_a_certificate_put_in_its_place_counts(self, entra: EntraIssuer, pem: Path) -> None:
        """The file is read for each fetch, so a renewed certificate needs no restart."""
        fetch = by_certificate(app(entra), pem)
        assert fetch().value == "test-token"
        entra.apps[APP] = [certificate("other")]
        with pytest.raises(StoreRefused, match="AADSTS700027"):
            fetch()
        pem.write_bytes(private_pem("other") + public_pem(entra.apps[APP][0]))
        assert fetch().value == "test-token"

    def test_each_fetch_asks_the_issuer(self, entra: EntraIssuer, pem: Path) -> None:
        """Nothing in between keeps a token that the site refused."""
        names = iter(["one", "two"])
        entra.grant = lambda: next(names)
        fetch = by_certificate(app(entra), pem)
        assert [fetch().value, fetch().value] == ["one", "two"]

    def test_a_certificate_that_is_not_registered(self, entra: EntraIssuer, tmp_path: Path) -> None:
        """The sentence names the thumbprint, by which Entra lists certificates."""
        path = tmp_path / "stranger.pem"
        path.write_bytes(private_pem("other") + public_pem(certificate("other")))
        with pytest.raises(StoreRefused, match="not registered") as refused:
            by_certificate(app(entra), path)()
        assert "thumbprint" in str(refused.value)

    def test_a_stranger_and_a_strange_tenant(self, entra: EntraIssuer, pem: Path) -> None:
        """The setting to correct is named: the app's id, or the tenant's."""
        with pytest.raises(StoreRefused, match="MHRMB_SHAREPOINT_CLIENT_ID"):
            by_certificate(app(entra, client_id="ffffffff-bbbb-cccc-dddd-eeeeeeeeeeee"), pem)()
        with pytest.raises(StoreRefused, match="no such tenant") as refused:
            by_certificate(app(entra, tenant="nowhere.example"), pem)()
        assert "MHRMB_TENANT_ID" in str(refused.value)

    def test_an_unfit_file_is_told_before_anything_is_asked(self, entra: EntraIssuer, tmp_path: Path) -> None:
        """The bot that starts with it ends at once."""
        with pytest.raises(StoreRefused, match="no file"):
            by_certificate(app(entra), tmp_path / "none.pem")
        assert entra.asked == []

    def test_a_secret_for_teams(self, entra: EntraIssuer) -> None:
        """The bot's own token may be had with a secret; a wrong one is told without it."""
        entra.secrets["teams"] = SECRET
        assert by_secret(app(entra, "teams"), SECRET)().value == "test-token"
        with pytest.raises(StoreRefused, match="secret is wrong") as refused:
            by_secret(app(entra, "teams"), "Wrongly Planted")()
        assert "Planted" not in str(refused.value)


ANSWERS: list[tuple[str, Answer, type[StoreError], str]] = [
    ("tenant", entra_error(90002, SECRET, "invalid_tenant"), StoreRefused, "MHRMB_TENANT_ID"),
    ("tenant form", entra_error(900023, SECRET, "invalid_request"), StoreRefused, "MHRMB_TENANT_ID"),
    ("app", entra_error(700016, SECRET, "unauthorized_client"), StoreRefused, "MHRMB_SHAREPOINT_CLIENT_ID"),
    ("app disabled", entra_error(7000112, SECRET), StoreRefused, "Enterprise applications"),
    ("not registered", entra_error(700027, SECRET), StoreRefused, "Certificates & secrets"),
    ("clock", entra_error(700024, SECRET), StoreRefused, "clock"),
    ("wrong secret", entra_error(7000215, SECRET), StoreRefused, "use a certificate"),
    ("old secret", entra_error(7000222, SECRET), StoreRefused, "expired"),
    ("nobody", entra_error(50034, SECRET, "invalid_grant"), StoreRefused, "belong together"),
    ("consent", entra_error(65001, SECRET, "invalid_grant"), StoreRefused, "Grant admin consent"),
    ("no resource", entra_error(500011, SECRET, "invalid_resource"), StoreRefused, "MHRMB_SHAREPOINT_SITE_URL"),
    ("policy", entra_error(53003, SECRET, "access_denied"), StoreRefused, "Conditional Access"),
    ("new", entra_error(1234567, SECRET), StoreRefused, "look up 1234567"),
    (
        "no number",
        answer(400, {"error": "invalid_client", "error_description": SECRET}),
        StoreRefused,
        "invalid_client",
    ),
    ("odd error", answer(400, {"error": SECRET}), StoreRefused, "no reason given"),
    ("transient", entra_error(90033, SECRET, "temporarily_unavailable"), StoreBusy, "try again later"),
    ("down", answer(503, b"", Retry_After="7"), StoreBusy, "HTTP 503"),
    ("broken", answer(500, {"error": SECRET}), StoreBusy, "HTTP 500"),
    ("too much", answer(429, {"error": SECRET}, Retry_After="7"), StoreBusy, "HTTP 429"),
    ("page", answer(200, f"<html>{SECRET}</html>".encode()), StoreRefused, "MHRMB_AUTHORITY"),
    ("list", answer(200, [SECRET]), StoreRefused, ""),
    ("text", answer(200, SECRET), StoreRefused, ""),
    ("nothing", answer(200, {}), StoreRefused, ""),
    ("no life", answer(200, {"access_token": SECRET, "expires_in": "soon"}), StoreRefused, "MHRMB_AUTHORITY"),
    ("no token", answer(200, {"access_token": 7, "expires_in": 60}), StoreRefused, ""),
]


@pytest.mark.parametrize("door", ["token", "discovery"])
@pytest.mark.parametrize(("kind", "told", "error", "says"), ANSWERS, ids=[each[0] for each in ANSWERS])
def test_each_answer_without_a_token_is_one_sentence(
    entra: EntraIssuer, pem: Path, caplog: pytest.LogCaptureFixture, door: str, kind: str, told: Answer,
    error: type[StoreError], says: str,
) -> None:  # fmt: skip
    """The kind says whether a person must act, the sentence what to do; what the issuer wrote is not repeated."""
    if door == "token":
        entra.instead = told
    else:
        entra.instead_of_discovery = told
    with caplog.at_level(logging.DEBUG, "mhrmb"), pytest.raises(StoreError) as caught:
        by_certificate(app(entra), pem)()
    said = str(caught.value)
    assert type(caught.value) is error
    assert said.startswith("No token for SharePoint: ")
    assert SECRET not in said
    assert SECRET not in caplog.text
    assert "\n" not in said
    if door == "token":
        assert says in said
    if isinstance(caught.value, StoreBusy):
        assert caught.value.retry_after == float(told[1].get("Retry-After", caught.value.retry_after))
        assert caught.value.retry_after > 0


class TestOutOfReach:
    """The issuer does not answer, or is not who it says."""

    def test_nobody_listens(self, entra: EntraIssuer, pem: Path) -> None:
        """A refused connection may be better later."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"https://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StoreBusy, match="could not be reached"):
            by_certificate(App(client_id=APP, tenant=TENANT, resource=RESOURCE, authority=url), pem)()

    def test_it_is_slow(self, entra: EntraIssuer, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A request to the issuer ends in time."""
        monkeypatch.setattr(issuer, "TIMEOUT", (1.0, 0.1))
        entra.slow = 1.0
        with pytest.raises(StoreBusy, match="ReadTimeout"):
            by_certificate(app(entra), pem)()

    def test_it_is_not_trusted(self, entra: EntraIssuer, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An issuer behind a private authority is not spoken to until that authority's file is named."""
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        with pytest.raises(StoreRefused, match="REQUESTS_CA_BUNDLE"):
            by_certificate(app(entra), pem)()
        assert entra.asked == []


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[MachineIdentity]:
    """A machine's identity endpoint; the environment names none yet."""
    for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "MSI_ENDPOINT", "IDENTITY_SERVER_THUMBPRINT"):
        monkeypatch.delenv(name, raising=False)
    with MachineIdentity() as running:
        yield running


@pytest.fixture(params=["App Service", "virtual machine"])
def where(machine: MachineIdentity, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> MachineIdentity:
    """The same endpoint as App Service and as a virtual machine show it."""
    if request.param == "App Service":
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{machine.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", machine.header)
    else:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", machine.url)
    return machine


class TestManagedIdentity:
    """A machine that Azure vouches for."""

    @pytest.mark.parametrize("whose", [issuer.SYSTEM_ASSIGNED, APP])
    async def test_the_round_trip(self, where: MachineIdentity, server: EmbeddedServer, whose: str) -> None:
        """The machine's endpoint hands out the site's token, for its own identity or the one named."""
        where.identities["" if whose == issuer.SYSTEM_ASSIGNED else whose] = server.token
        site = SharePoint(server.url, Kept(by_managed_identity(whose, RESOURCE)))
        assert "Title" in await site.get("web?$select=Title", within=10)
        assert where.resources == [RESOURCE]
        await site.close()

    @pytest.mark.parametrize(
        ("whose", "says"), [(issuer.SYSTEM_ASSIGNED, "Turn its system-assigned identity on"), (APP, f"identity {APP}")]
    )
    def test_the_machine_has_none_such(self, where: MachineIdentity, whose: str, says: str) -> None:
        """What to turn on, or which id to correct, is said."""
        with pytest.raises(StoreRefused, match=says):
            by_managed_identity(whose, RESOURCE)()

    @pytest.mark.parametrize("status", [410, 429, 500, 503])
    def test_the_endpoint_is_busy(self, where: MachineIdentity, status: int) -> None:
        """Azure says to ask again for these."""
        where.instead = answer(status, {"error": SECRET})
        with pytest.raises(StoreBusy, match=f"HTTP {status}"):
            by_managed_identity(APP, RESOURCE)()

    @pytest.mark.parametrize(
        "told",
        [
            answer(404, b"<html>no</html>"),
            answer(200, [1]),
            answer(200, {}),
            answer(200, {"access_token": "t", "expires_in": "x", "expires_on": "x"}),
            answer(200, {"access_token": 7, "expires_in": 9, "expires_on": 9}),
        ],
        ids=["page", "list", "nothing", "no life", "no token"],
    )
    def test_what_answers_is_no_such_endpoint(self, where: MachineIdentity, told: Answer) -> None:
        """Another cloud's machines answer at the same address; that is a sentence too."""
        where.instead = told
        with pytest.raises(StoreRefused, match="No token for SharePoint"):
            by_managed_identity(APP, RESOURCE)()

    def test_there_is_no_endpoint(self, where: MachineIdentity, monkeypatch: pytest.MonkeyPatch) -> None:
        """Off Azure nothing answers: the sentence offers a certificate."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
        for name in ("IDENTITY_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"):
            monkeypatch.setenv(name, gone)
        with pytest.raises(StoreRefused, match="use a certificate"):
            by_managed_identity(APP, RESOURCE)()
