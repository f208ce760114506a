"""Settings are checked at the door: what cannot be used is refused with a sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.settings import Settings, SettingsError, is_loopback, read
from sharepoint import outward

APP = {"MHRMB_BOT_APP_ID": "app", "MHRMB_TENANT_ID": "tenant", "MHRMB_BOT_SECRET": "secret"}
SITE = {"MHRMB_SHAREPOINT_SITE_URL": "http://127.0.0.1:3980/sites/mhrmb", "MHRMB_SHAREPOINT_TOKEN": "t"}


def test_nothing_set_is_the_embedded_demonstration_machine() -> None:
    """From a fresh clone: loopback, the documented ports, the embedded site, nobody checked."""
    settings = read({})
    assert settings == Settings()
    assert (settings.host, settings.port, settings.sharepoint_port) == ("127.0.0.1", 3978, 3980)
    assert settings.data_dir == Path(".mhrmb")
    assert settings.embedded


def test_everything_set_is_read() -> None:
    """Each documented setting arrives, spaces around it forgiven."""
    settings = read(
        APP
        | SITE
        | {
            "MHRMB_HOST": " 0.0.0.0 ",
            "MHRMB_PORT": " 80 ",
            "MHRMB_DATA_DIR": "/srv/board",
            "MHRMB_SHAREPOINT_SITE_URL": " http://127.0.0.1:3980/sites/mhrmb/ ",
            "MHRMB_ALLOWED_TENANTS": "One, two;THREE,,",
            "MHRMB_ALLOWED_SERVICE_HOSTS": "Example.test",
            "MHRMB_POLL_SECONDS": "0.2",
            "MHRMB_DEMO": "Yes",
        }
    )
    assert (settings.host, settings.port, settings.data_dir) == ("0.0.0.0", 80, Path("/srv/board"))
    assert settings.site_url == "http://127.0.0.1:3980/sites/mhrmb"
    assert not settings.embedded
    assert settings.allowed_tenants == frozenset({"one", "two", "three"})
    assert settings.allowed_service_hosts == frozenset({"example.test"})
    assert (settings.poll_seconds, settings.demo, settings.bot_app_id) == (0.2, True, "app")


def test_blank_settings_count_as_not_set() -> None:
    """A line in `.env` with nothing after the sign, or only spaces, leaves the default."""
    names = ("HOST", "PORT", "DATA_DIR", "SHAREPOINT_PORT", "POLL_SECONDS", "DEMO", "SHAREPOINT_SITE_URL")
    for blank in ("", "   "):
        assert read({f"MHRMB_{name}": blank for name in names}) == Settings()


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_authority_that_is_not_there(name: str, tmp_path: Path) -> None:
    """Found at the door, with the setting's name: later it would be a site that cannot be reached. A folder will do."""
    assert read({name: str(tmp_path)}) == read({name: ""}) == Settings()
    with pytest.raises(SettingsError, match=f"{name} names .*gone.pem, which is not there"):
        read({name: str(tmp_path / "gone.pem")})


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_that_cannot_be_used(name: str) -> None:
    """Only http proxies: another is refused where anything leaves this machine. The scheme may be left out."""
    for said in ("http://proxy.example.org:8080", "proxy.example.org:8080", "https://u:p@proxy.example.org", "", " "):
        assert read(SITE | {name: said}).site_url
    with pytest.raises(SettingsError, match=f"{name} is not the address of an http proxy"):
        read(SITE | {name: "socks5h://127.0.0.1:1080"})
    assert read({name: "socks5h://127.0.0.1:1080"}) == Settings()


@pytest.mark.parametrize(("word", "yes"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)])
def test_a_yes_is_a_yes(word: str, yes: bool) -> None:
    """The usual words for yes count in any case; anything else is no."""
    assert read({"MHRMB_DEMO": word}).demo is yes


ONLINE_URL = "https://example.sharepoint.com/sites/x"
ONLINE = {
    "MHRMB_SHAREPOINT_SITE_URL": ONLINE_URL,
    "MHRMB_SHAREPOINT_CERTIFICATE": "app.pem",
    "MHRMB_SHAREPOINT_CLIENT_ID": "app",
    "MHRMB_TENANT_ID": "tenant",
}


def test_a_site_in_sharepoint_online() -> None:
    """An https site with a certificate, or with a managed identity, is taken; the passphrase is not shown."""
    settings = read(ONLINE | {"MHRMB_SHAREPOINT_CERTIFICATE_PASSPHRASE": "hush"})
    assert (settings.site_url, settings.sharepoint_certificate) == (ONLINE_URL, "app.pem")
    assert (settings.sharepoint_client_id, settings.tenant_id) == ("app", "tenant")
    assert settings.sharepoint_certificate_passphrase == "hush"
    assert "hush" not in repr(settings)
    assert settings.authority == "https://login.microsoftonline.com"
    national = ONLINE | {"MHRMB_AUTHORITY": "https://login.microsoftonline.us/"}
    assert read(national).authority == "https://login.microsoftonline.us"
    assert read({"MHRMB_SHAREPOINT_SITE_URL": ONLINE_URL, "MHRMB_MANAGED_IDENTITY": "yes"}).managed_identity == "system"


@pytest.mark.parametrize(
    ("said", "whose"),
    [
        ("", ""),
        ("no", ""),
        ("0", ""),
        ("1", "system"),
        ("Yes", "system"),
        ("AAAAAAAA-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000001"),
    ],
)
def test_a_managed_identity(said: str, whose: str) -> None:
    """Yes is the machine's own identity, a client id one that was assigned to it."""
    assert read({"MHRMB_MANAGED_IDENTITY": said}).managed_identity == whose


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", "MHRMB"),
        ("Borsetshire Police", "Borsetshire Police"),
        ("A|B\r\nHost: x", "ABHost x"),
        ("Sécurité", "Scurit"),
        ("|||", "MHRMB"),
        ("x" * 99, "x" * 40),
    ],
)
def test_an_organisation_fits_a_header(said: str, kept: str) -> None:
    """What could end the header, or its part of the user agent, is left out."""
    assert read({"MHRMB_ORGANISATION": said}).organisation == kept


BAD: list[tuple[dict[str, str], str]] = [
    ({"MHRMB_PORT": "65536"}, "MHRMB_PORT"),
    ({"MHRMB_PORT": "-1"}, "MHRMB_PORT"),
    ({"MHRMB_PORT": "80.5"}, "MHRMB_PORT"),
    ({"MHRMB_PORT": "http"}, "MHRMB_PORT"),
    ({"MHRMB_PORT": "٣٩٧٨"}, "MHRMB_PORT"),
    ({"MHRMB_PORT": "9" * 5000}, "MHRMB_PORT"),
    ({"MHRMB_SHAREPOINT_PORT": "99999"}, "MHRMB_SHAREPOINT_PORT"),
    ({"MHRMB_SHAREPOINT_PORT": "x"}, "MHRMB_SHAREPOINT_PORT"),
    ({"MHRMB_POLL_SECONDS": "0"}, "MHRMB_POLL_SECONDS"),
    ({"MHRMB_POLL_SECONDS": "-5"}, "MHRMB_POLL_SECONDS"),
    ({"MHRMB_POLL_SECONDS": "86400"}, "MHRMB_POLL_SECONDS"),
    ({"MHRMB_POLL_SECONDS": "nan"}, "MHRMB_POLL_SECONDS"),
    ({"MHRMB_POLL_SECONDS": "inf"}, "MHRMB_POLL_SECONDS"),
    ({"MHRMB_POLL_SECONDS": "often"}, "MHRMB_POLL_SECONDS"),
    ({"MHRMB_HOST": "0.0.0.0"}, "MHRMB_HOST"),
    ({"MHRMB_HOST": "::"}, "MHRMB_HOST"),
    ({"MHRMB_HOST": "192.168.1.5"}, "MHRMB_HOST"),
    ({"MHRMB_HOST": "board.example.org"}, "MHRMB_HOST"),
    ({"MHRMB_HOST": "127.0.0.1.example.org"}, "MHRMB_HOST"),
    ({"MHRMB_BOT_APP_ID": "app", "MHRMB_BOT_SECRET": "s"}, "MHRMB_TENANT_ID"),
    ({"MHRMB_BOT_APP_ID": "app", "MHRMB_TENANT_ID": "t"}, "MHRMB_BOT_CERTIFICATE"),
    ({"MHRMB_PUBLIC_URL": "bot.example.org"}, "MHRMB_PUBLIC_URL"),
    ({"MHRMB_PUBLIC_URL": "http://bot.example.org"}, "MHRMB_PUBLIC_URL"),
    ({"MHRMB_PUBLIC_URL": "ftp://127.0.0.1"}, "MHRMB_PUBLIC_URL"),
    ({"MHRMB_PUBLIC_URL": "https://bot.example.org/?a=b"}, "MHRMB_PUBLIC_URL"),
    ({"MHRMB_PUBLIC_URL": "https://u:p@bot.example.org"}, "MHRMB_PUBLIC_URL"),
    ({"MHRMB_PUBLIC_URL": "https://"}, "MHRMB_PUBLIC_URL"),
    (SITE | {"MHRMB_SHAREPOINT_TOKEN": ""}, "MHRMB_SHAREPOINT_TOKEN"),
    (SITE | {"MHRMB_SHAREPOINT_SITE_URL": "example"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (SITE | {"MHRMB_SHAREPOINT_SITE_URL": "http://"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (SITE | {"MHRMB_SHAREPOINT_SITE_URL": "http://[::1/sites/x"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (SITE | {"MHRMB_SHAREPOINT_SITE_URL": "ftp://127.0.0.1/sites/x"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (SITE | {"MHRMB_SHAREPOINT_SITE_URL": "127.0.0.1:3980/sites/x"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (SITE | {"MHRMB_SHAREPOINT_SITE_URL": "http://127.0.0.1:99999/sites/x"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (SITE | {"MHRMB_SHAREPOINT_SITE_URL": "http://me@127.0.0.1/sites/x"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (ONLINE | {"MHRMB_SHAREPOINT_SITE_URL": "http://example.sharepoint.com/sites/x"}, "https only"),
    (ONLINE | {"MHRMB_SHAREPOINT_SITE_URL": f"{ONLINE_URL}/Lists/Actions/AllItems.aspx"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (ONLINE | {"MHRMB_SHAREPOINT_SITE_URL": f"{ONLINE_URL}/_layouts/15/viewlsts.aspx"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (ONLINE | {"MHRMB_SHAREPOINT_SITE_URL": f"{ONLINE_URL}?web=1"}, "MHRMB_SHAREPOINT_SITE_URL"),
    (ONLINE | {"MHRMB_SHAREPOINT_TOKEN": "t"}, "MHRMB_SHAREPOINT_TOKEN"),
    (ONLINE | {"MHRMB_SHAREPOINT_CERTIFICATE": ""}, "MHRMB_SHAREPOINT_CERTIFICATE"),
    (ONLINE | {"MHRMB_SHAREPOINT_CLIENT_ID": ""}, "MHRMB_SHAREPOINT_CLIENT_ID"),
    (ONLINE | {"MHRMB_TENANT_ID": ""}, "MHRMB_TENANT_ID"),
    (ONLINE | {"MHRMB_AUTHORITY": "http://login.example.org"}, "MHRMB_AUTHORITY"),
    (ONLINE | {"MHRMB_AUTHORITY": "https://login.example.org/common"}, "MHRMB_AUTHORITY"),
    (ONLINE | {"MHRMB_AUTHORITY": "login.example.org"}, "MHRMB_AUTHORITY"),
    ({"MHRMB_MANAGED_IDENTITY": "perhaps"}, "MHRMB_MANAGED_IDENTITY"),
]


@pytest.mark.parametrize(("environment", "names"), BAD, ids=[f"{i} {n}" for i, (_, n) in enumerate(BAD)])
def test_a_bad_value_is_refused_by_name(environment: dict[str, str], names: str) -> None:
    """The sentence names the setting, is one line, and holds no secret."""
    with pytest.raises(SettingsError) as refused:
        read(environment)
    said = str(refused.value)
    assert names in said
    assert "\n" not in said
    assert said.endswith(".")
    assert len(said) < 300


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://bot.example.org/", "https://bot.example.org"),
        ("https://example.org:8443/board", "https://example.org:8443/board"),
        ("http://127.0.0.1:3978", "http://127.0.0.1:3978"),
    ],
)
def test_the_public_address(given: str, kept: str) -> None:
    """https from outside, http on this machine only, with a path of a proxy's if need be."""
    assert read({"MHRMB_PUBLIC_URL": given}).public_url == kept


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.10", "::1", "[::1]", "localhost"])
def test_loopback_needs_no_authentication(host: str) -> None:
    """Whoever is on this machine may try the bot without signing in."""
    assert is_loopback(host)
    assert read({"MHRMB_HOST": host}).host == host


def test_a_public_address_needs_authentication() -> None:
    """With authentication off only loopback is served; with it on any address is."""
    with pytest.raises(SettingsError, match="MHRMB_BOT_APP_ID"):
        read({"MHRMB_HOST": "0.0.0.0"})
    assert read(APP | {"MHRMB_HOST": "0.0.0.0"}).host == "0.0.0.0"


@pytest.mark.parametrize("proof", ["MHRMB_BOT_CERTIFICATE", "MHRMB_BOT_SECRET", "MHRMB_MANAGED_IDENTITY"])
def test_any_one_proof_will_do(proof: str) -> None:
    """A certificate, a secret or a managed identity proves who the bot is."""
    assert read({"MHRMB_BOT_APP_ID": "a", "MHRMB_TENANT_ID": "t", proof: "1"}).bot_app_id == "a"


NAMES = ("HOST", "PORT", "SHAREPOINT_SITE_URL", "SHAREPOINT_PORT", "POLL_SECONDS", "BOT_APP_ID", "ALLOWED_TENANTS")


@given(some.dictionaries(some.sampled_from([f"MHRMB_{name}" for name in NAMES]), some.text(max_size=40)))
def test_no_value_at_all_breaks_the_reading(environment: dict[str, str]) -> None:
    """Whatever is set, the settings are read or refused with a sentence; nothing else is raised."""
    try:
        settings = read(environment)
    except SettingsError:
        return
    assert settings.port <= 65535
    assert settings.bot_app_id or is_loopback(settings.host)


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.env` in the folder is read, and the environment wins over it."""
    (tmp_path / ".env").write_text("MHRMB_PORT=4001\nMHRMB_SHAREPOINT_PORT=4002\n")
    monkeypatch.chdir(tmp_path)
    for name in ("PORT", "SHAREPOINT_PORT", "SHAREPOINT_SITE_URL", "HOST", "BOT_APP_ID"):
        monkeypatch.delenv(f"MHRMB_{name}", raising=False)
    monkeypatch.setenv("MHRMB_PORT", "4003")
    settings = read()
    assert (settings.port, settings.sharepoint_port) == (4003, 4002)


@pytest.fixture
def no_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in and an environment that names no way out, which is as it was afterwards."""
    for name in outward.NAMES:
        monkeypatch.setenv(name, "")  # so that it is restored whatever is set meanwhile
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_way_out_may_stand_in_the_file(no_way_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that `.env` names is the one taken, unless the environment names another."""
    (no_way_out / ".env").write_text(
        "HTTPS_PROXY=http://proxy.example.test:8080\nNO_PROXY=near.example.test\nhttp_proxy=\n"
    )
    read()
    assert outward.proxy("https://far.example.test/") == "http://proxy.example.test:8080"
    assert outward.proxy("https://near.example.test/") is None
    assert outward.proxy("http://far.example.test/") is None
    monkeypatch.setenv("HTTPS_PROXY", "http://other.example.test:3128")
    read()
    assert outward.proxy("https://far.example.test/") == "http://other.example.test:3128"


def test_what_is_refused_is_not_taken(no_way_out: Path) -> None:
    """A file that names an authority which is not there leaves the environment as it was."""
    (no_way_out / ".env").write_text("HTTPS_PROXY=http://proxy.example.test:8080\nREQUESTS_CA_BUNDLE=gone.pem\n")
    with pytest.raises(SettingsError, match=r"gone\.pem"):
        read()
    assert outward.proxy("https://far.example.test/") is None
