"""Settings, from the environment or a `.env` file: read once, checked at the door, refused with a sentence."""

from __future__ import annotations

import base64
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values

from bot.logs import FORMATS
from sharepoint import outward
from sharepoint.chain import SHORTEST

SENDER_PER_MINUTE = 120.0
AUTHORITY = "https://login.microsoftonline.com"
ORGANISATION = "MHRMB"
SYSTEM_ASSIGNED = "system"
_CLIENT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_BELOW_SITE = re.compile(r"\.aspx|/(_layouts|_api|Lists|Forms|SitePages|Shared Documents)(/|$)", re.IGNORECASE)


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what would do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator sets. What the board itself would tune is data in lists, not here."""

    host: str = "127.0.0.1"
    port: int = 3978
    data_dir: Path = Path(".mhrmb")
    site_url: str = ""
    sharepoint_port: int = 3980
    sharepoint_token: str = field(default="", repr=False)
    sharepoint_client_id: str = ""
    sharepoint_certificate: str = ""
    sharepoint_certificate_passphrase: str = field(default="", repr=False)
    tenant_id: str = ""
    authority: str = AUTHORITY
    organisation: str = ORGANISATION
    seal_keys: tuple[bytes, ...] = field(default=(), repr=False)
    bot_app_id: str = ""
    bot_certificate: str = ""
    bot_secret: str = field(default="", repr=False)
    managed_identity: str = ""
    allowed_tenants: frozenset[str] = frozenset()
    allowed_service_hosts: frozenset[str] = frozenset()
    openid_metadata_url: str = ""
    sender_per_minute: float | None = None
    public_url: str = ""
    poll_seconds: float = 5.0
    log_format: str = "text"
    demo: bool = False
    clock: Path | None = None

    @property
    def sender_rate(self) -> float:
        """Turns a minute that one sender may keep up; 0 is no bound.

        With authentication off none is set unless asked for: only this machine can call then, and a sender is
        whoever the caller says.
        """
        default = SENDER_PER_MINUTE if self.bot_app_id else 0.0
        return default if self.sender_per_minute is None else self.sender_per_minute

    @property
    def embedded(self) -> bool:
        """Whether the record lives in the embedded server: no site of one's own is configured."""
        return not self.site_url


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; the environment goes before `.env`. Raises SettingsError.

    A proxy or an authority that `.env` names is put into the environment (`outward.adopt`).
    """
    written = dotenv_values(".env") if environment is None else {}
    values = {**written, **os.environ} if environment is None else dict(environment)

    def text(name: str, default: str = "") -> str:
        return (values.get(f"MHRMB_{name}") or "").strip() or default

    settings = Settings(
        host=text("HOST", "127.0.0.1"),
        port=_port("MHRMB_PORT", text("PORT", "3978")),
        data_dir=Path(text("DATA_DIR", ".mhrmb")),
        site_url=text("SHAREPOINT_SITE_URL").rstrip("/"),
        sharepoint_port=_port("MHRMB_SHAREPOINT_PORT", text("SHAREPOINT_PORT", "3980")),
        sharepoint_token=text("SHAREPOINT_TOKEN"),
        sharepoint_client_id=text("SHAREPOINT_CLIENT_ID"),
        sharepoint_certificate=text("SHAREPOINT_CERTIFICATE"),
        sharepoint_certificate_passphrase=text("SHAREPOINT_CERTIFICATE_PASSPHRASE"),
        tenant_id=text("TENANT_ID"),
        authority=_authority(text("AUTHORITY", AUTHORITY)),
        organisation=_organisation(text("ORGANISATION")),
        seal_keys=_seal_keys(text("SEAL_KEY")),
        bot_app_id=text("BOT_APP_ID"),
        bot_certificate=text("BOT_CERTIFICATE"),
        bot_secret=text("BOT_SECRET"),
        managed_identity=_identity(text("MANAGED_IDENTITY")),
        allowed_tenants=_set(text("ALLOWED_TENANTS")),
        allowed_service_hosts=_set(text("ALLOWED_SERVICE_HOSTS")),
        openid_metadata_url=text("OPENID_METADATA_URL"),
        sender_per_minute=_rate("MHRMB_SENDER_PER_MINUTE", text("SENDER_PER_MINUTE")),
        public_url=text("PUBLIC_URL").rstrip("/"),
        log_format=_one_of("MHRMB_LOG_FORMAT", text("LOG_FORMAT", "text").lower(), FORMATS),
        poll_seconds=_seconds("MHRMB_POLL_SECONDS", text("POLL_SECONDS", "5")),
        demo=_yes(text("DEMO")),
        clock=Path(text("CLOCK")) if text("CLOCK") else None,
    )
    _check(settings)
    _check_way_out(settings, values)
    outward.adopt(written)
    return settings


def _check(settings: Settings) -> None:
    if not settings.bot_app_id and not is_loopback(settings.host):
        raise SettingsError(
            f"MHRMB_HOST is {settings.host}, but without MHRMB_BOT_APP_ID nobody's identity is checked: "
            "only a loopback address such as 127.0.0.1 is served then. Set the app id, or leave the host alone."
        )
    if settings.bot_app_id and not settings.tenant_id:
        raise SettingsError("MHRMB_BOT_APP_ID is set but MHRMB_TENANT_ID is not: the bot is registered in one tenant.")
    if settings.bot_app_id and not (settings.bot_certificate or settings.bot_secret or settings.managed_identity):
        raise SettingsError(
            "MHRMB_BOT_APP_ID is set, but nothing to prove it with: "
            "set MHRMB_BOT_CERTIFICATE, MHRMB_MANAGED_IDENTITY or MHRMB_BOT_SECRET."
        )
    if settings.public_url and not _is_public(settings.public_url):
        raise SettingsError(
            "MHRMB_PUBLIC_URL is not an https address such as https://bot.example.org (http will do on this machine "
            "only). Leave it empty to go without webhooks."
        )
    if settings.clock is not None and (settings.bot_app_id or not settings.embedded):
        raise SettingsError(
            "MHRMB_CLOCK moves time for a demonstration, which would use up real notices: it is taken only with the "
            "embedded SharePoint and without MHRMB_BOT_APP_ID."
        )
    if settings.site_url:
        _check_site(settings)


def _check_way_out(settings: Settings, values: Mapping[str, str | None]) -> None:
    for name in outward.AUTHORITIES:
        named = values.get(name)
        if named and not Path(named).exists():
            raise SettingsError(f"{name} names {named}, which is not there: name your certificate authority's file.")
    if settings.embedded and not settings.bot_app_id:
        return  # nothing leaves this machine
    for name in outward.PROXIES:
        said = (values.get(name) or "").strip()
        if said and not outward.with_scheme(said).startswith(("http://", "https://")):
            raise SettingsError(f"{name} is not the address of an http proxy, such as http://proxy.example.org:8080.")


def _check_site(settings: Settings) -> None:
    parts = _parts(settings.site_url)
    if parts is None:
        raise SettingsError(
            "MHRMB_SHAREPOINT_SITE_URL is not an address, such as https://example.sharepoint.com/sites/x."
        )
    if _BELOW_SITE.search(parts.path) or parts.query or parts.fragment or parts.username:
        raise SettingsError(
            "MHRMB_SHAREPOINT_SITE_URL goes on after the site's own name: give it up to there, such as "
            "https://example.sharepoint.com/sites/x."
        )
    local = is_loopback(parts.hostname or "")
    if parts.scheme == "http" and not local:
        raise SettingsError("MHRMB_SHAREPOINT_SITE_URL begins with http: SharePoint Online is asked over https only.")
    if settings.sharepoint_token:
        if local:
            return
        raise SettingsError(
            "MHRMB_SHAREPOINT_TOKEN is for the embedded server only: SharePoint Online takes tokens of an hour. "
            "Leave it empty, and set MHRMB_SHAREPOINT_CERTIFICATE or MHRMB_MANAGED_IDENTITY."
        )
    if settings.sharepoint_certificate:
        if not settings.sharepoint_client_id or not settings.tenant_id:
            raise SettingsError(
                "MHRMB_SHAREPOINT_CERTIFICATE proves an app: set MHRMB_SHAREPOINT_CLIENT_ID and MHRMB_TENANT_ID too."
            )
    elif not settings.managed_identity:
        also = " (or MHRMB_SHAREPOINT_TOKEN, as the site is on this machine)" if local else ""
        raise SettingsError(
            "MHRMB_SHAREPOINT_SITE_URL is set, but nothing to sign in with: set MHRMB_SHAREPOINT_CERTIFICATE, "
            f"MHRMB_SHAREPOINT_CLIENT_ID and MHRMB_TENANT_ID, or MHRMB_MANAGED_IDENTITY{also}."
        )


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _parts(address: str) -> SplitResult | None:
    """A web address taken apart; nothing when it is none."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname and port != 0 else None


def _authority(said: str) -> str:
    """Where Entra answers, without a slash at the end: national clouds have their own hosts."""
    said = said.rstrip("/")
    parts = _parts(said)
    if parts is None or parts.scheme != "https" or parts.path or parts.query or parts.fragment or parts.username:
        raise SettingsError(f"MHRMB_AUTHORITY is not an https address without a path, such as {AUTHORITY}.")
    return said


def _identity(said: str) -> str:
    """Empty for none, SYSTEM_ASSIGNED for yes, otherwise a user-assigned identity's client id."""
    if not said or said.lower() in ("0", "no", "false", "off"):
        return ""
    if _yes(said):
        return SYSTEM_ASSIGNED
    if _CLIENT_ID.fullmatch(said):
        return said.lower()
    raise SettingsError(
        "MHRMB_MANAGED_IDENTITY is neither yes (the machine's system-assigned identity) nor the client id of a "
        "user-assigned one, such as 00000000-0000-0000-0000-000000000000."
    )


def _organisation(said: str) -> str:
    """A name that can stand in a user agent: the plain letters, digits and marks of what was set."""
    return re.sub(r"[^A-Za-z0-9 ._-]", "", said)[:40].strip() or ORGANISATION


def _is_public(address: str) -> bool:
    """Whether SharePoint could call this address and one below it; http is for the embedded server alone."""
    parts = _parts(address)
    if parts is None or parts.query or parts.fragment or parts.username is not None:
        return False
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def read_key(said: str) -> bytes:
    """A key written in hexadecimal or base64. Raises ValueError for anything else, and for one that is too short."""
    said = said.strip()
    # What can be read as hexadecimal is: 64 of those digits are 32 bytes, as `openssl rand -hex 32` makes them.
    key = bytes.fromhex(said) if _HEX.fullmatch(said) else base64.b64decode(said, altchars=b"-_", validate=True)
    if len(key) < SHORTEST:
        raise ValueError("too short")
    return key


def _seal_keys(said: str) -> tuple[bytes, ...]:
    """Keys in hexadecimal or base64 with commas between them: the first seals, all of them verify."""
    try:
        return tuple(read_key(part) for part in said.split(",")) if said else ()
    except ValueError:
        raise SettingsError(
            f"MHRMB_SEAL_KEY holds something that is no key of {SHORTEST} bytes or more. Make one with "
            "`openssl rand -hex 32`; several have commas between them, the one that seals first."
        ) from None


def _port(name: str, value: str) -> int:
    if value.isascii() and value.isdigit() and len(value) <= 5 and int(value) <= 65535:
        return int(value)
    raise SettingsError(f"{name} is not a port between 0 and 65535.")


def _seconds(name: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if 0.05 <= seconds <= 3600:
        return seconds
    raise SettingsError(f"{name} is not a number of seconds between 0.05 and 3600.")


def _rate(name: str, value: str) -> float | None:
    if not value:
        return None
    if value.isascii() and value.isdigit() and (value == "0" or 10 <= int(value) <= 100_000):
        return float(value)
    raise SettingsError(f"{name} is not a number of turns from 10 to 100000, nor 0 for no bound.")


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value in known:
        return value
    raise SettingsError(f"{name} is neither of {' and '.join(known)}.")


def _yes(value: str) -> bool:
    return value.lower() in ("1", "yes", "true", "on")


def _set(value: str) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in value.replace(";", ",").split(",") if part.strip())
