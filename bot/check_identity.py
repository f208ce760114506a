"""The doctor's questions about who the bot is: its tokens for the site and for Teams, and their certificates."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path

from board.findings import Finding, Level, advice, ending, good, must
from bot import credentials
from bot.house import utc_now
from bot.settings import Settings
from bot.turn import TeamsError
from sharepoint import certificate, doctor
from sharepoint.errors import StoreError, StoreRefused

DO_SO = "Do that, and check again."
RENEW = "Make a new one, upload it to the app in Entra (Certificates & secrets), and put it in the file's place."


async def sign_in(settings: Settings) -> list[Finding]:
    """Whether a token for the site can be had, how long the certificate still serves, and what the token allows."""
    if settings.embedded or settings.sharepoint_token:
        return [good("The embedded server's own token is used.")]
    found: list[Finding] = []
    if settings.sharepoint_certificate:
        path, passphrase = Path(settings.sharepoint_certificate), settings.sharepoint_certificate_passphrase
        found += _certificate(path, passphrase, certificate.SITE)
        if any(each.level is Level.FIX for each in found):
            return found
    try:
        token = await asyncio.to_thread(credentials.for_site(settings).token)
    except StoreError as error:
        return [*found, must(str(error), DO_SO)]
    who = (
        f"app {settings.sharepoint_client_id} with its certificate"
        if settings.sharepoint_certificate
        else "this machine's managed identity"
    )
    return [good(f"A token was had as {who}."), *found, *doctor.granted(_roles(token.value))]


def _certificate(path: Path, passphrase: str, names: certificate.Settings) -> list[Finding]:
    now = utc_now()
    try:
        held = certificate.read(path, passphrase, names)
        certificate.check_dates(held, now, names)
    except StoreRefused as refused:
        return [must(str(refused), DO_SO)]
    return ending(f"The certificate {held.thumbprint[:8]}… ({names.certificate})", held.ends, now, RENEW)


def _roles(token: str) -> list[str]:
    """The application permissions an Entra token names. It is the site that checks it; this only helps to advise."""
    try:
        body = token.split(".")[1]
        roles = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))).get("roles", [])
        return [role for role in roles if isinstance(role, str)]
    except (IndexError, ValueError, AttributeError, TypeError):
        return []


async def teams(settings: Settings) -> list[Finding]:
    """Whether the bot's own token can be had, and how long its certificate still serves."""
    if not settings.bot_app_id:
        return [
            advice(
                "MHRMB_BOT_APP_ID is not set: nobody's identity is checked, and only this machine is served.",
                "Right for trying the bot out; for a real board register it and set the app id.",
            )
        ]
    found: list[Finding] = []
    if settings.bot_certificate and not settings.managed_identity:
        found = _certificate(Path(settings.bot_certificate), "", credentials.BOT_NAMES)
        if any(each.level is Level.FIX for each in found):
            return found
    credential = credentials.for_teams(settings)
    assert credential is not None
    try:
        await credential.token()
    except TeamsError as error:
        return [*found, must(str(error), DO_SO)]
    return [good("A token for Teams was had."), *found]
