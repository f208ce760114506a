"""Who the bot is, from the settings: towards the site, and towards Teams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.embedded import token
from bot.settings import Settings, SettingsError
from bot.teams.credential import RESOURCE, AppCredential
from sharepoint import issuer
from sharepoint.certificate import Settings as Names
from sharepoint.errors import StoreRefused
from sharepoint.sign_in import Kept, static

if TYPE_CHECKING:
    from sharepoint.sign_in import SignIn

BOT_NAMES = Names(certificate="MHRMB_BOT_CERTIFICATE", passphrase="", app="MHRMB_BOT_APP_ID")


def for_site(settings: Settings) -> SignIn:
    """How the site is signed in to. Raises SettingsError when the certificate cannot be used."""
    if settings.embedded or settings.sharepoint_token:
        return static(token(settings))
    return Kept(_site_fetch(settings))


def _site_fetch(settings: Settings) -> issuer.Fetch:
    host = urlsplit(settings.site_url).hostname
    resource = f"https://{host}"
    if not settings.sharepoint_certificate:
        return issuer.by_managed_identity(settings.managed_identity, resource)
    app = issuer.App(
        client_id=settings.sharepoint_client_id,
        tenant=settings.tenant_id,
        resource=resource,
        authority=settings.authority,
    )
    passphrase = settings.sharepoint_certificate_passphrase
    return _certified(app, settings.sharepoint_certificate, passphrase)


def for_teams(settings: Settings) -> AppCredential | None:
    """The bot's own credential; none without an app id. Raises SettingsError when the certificate cannot be used."""
    if not settings.bot_app_id:
        return None
    if settings.managed_identity:
        # Azure Bot knows user-assigned identities only: the app id is that identity's client id (doc).
        return AppCredential(
            Kept(issuer.by_managed_identity(settings.bot_app_id, RESOURCE, what="Teams"), what="Teams")
        )
    app = issuer.App(
        client_id=settings.bot_app_id,
        tenant=settings.tenant_id,
        resource=RESOURCE,
        authority=settings.authority,
        what="Teams",
        names=BOT_NAMES,
    )
    if settings.bot_certificate:
        return AppCredential(Kept(_certified(app, settings.bot_certificate, ""), what="Teams"))
    return AppCredential(Kept(issuer.by_secret(app, settings.bot_secret), what="Teams"))


def _certified(app: issuer.App, path: str, passphrase: str) -> issuer.Fetch:
    try:
        return issuer.by_certificate(app, Path(path), passphrase)
    except StoreRefused as refused:
        raise SettingsError(str(refused)) from refused
