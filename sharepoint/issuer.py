"""Asking for one token, with msal: by certificate, by secret (Teams only) or by managed identity.

Each attempt makes a client of its own: msal would give back from its cache a token that the site refused, and holds on
to a certificate that has been replaced meanwhile. It costs two requests an hour. The http session gives every request
a time limit and turns what is no answer into an error of ours; a private authority is trusted through the environment
variable REQUESTS_CA_BUNDLE, which requests reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import requests

from sharepoint import certificate, refusals
from sharepoint.certificate import SITE, Settings
from sharepoint.errors import StoreBusy, StoreRefused
from sharepoint.refusals import Asked
from sharepoint.sign_in import Token

AUTHORITY: Final = "https://login.microsoftonline.com"
SYSTEM_ASSIGNED: Final = "system"
TIMEOUT: Final = (3.05, 10.0)
"""Seconds to connect, and between two pieces of an answer."""

Fetch = Callable[[], Token]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app registration, and for whom its token is: `resource` is an address, `what` its name in sentences."""

    client_id: str
    tenant: str
    resource: str
    authority: str = AUTHORITY
    what: str = "SharePoint"
    names: Settings = SITE


def by_certificate(app: App, path: Path, passphrase: str = "", *, now: Callable[[], datetime] | None = None) -> Fetch:
    """Prove the app with the certificate in a PEM file, read afresh each time. Raises StoreRefused at once if unfit."""
    clock = now or (lambda: datetime.now(UTC))

    def credential() -> tuple[dict[str, str], str]:
        held = certificate.read(path, passphrase, app.names)
        certificate.check_dates(held, clock(), app.names)
        return {"private_key": held.key, "public_certificate": held.public}, held.thumbprint

    credential()
    return lambda: _confidential(app, *credential())


def by_secret(app: App, secret: str) -> Fetch:
    """Prove the app with a secret. SharePoint takes no token that was made so."""
    return lambda: _confidential(app, secret, "")


def by_managed_identity(client_id: str, resource: str, *, what: str = "SharePoint") -> Fetch:
    """Let Azure prove this machine: `client_id` of a user-assigned identity, or SYSTEM_ASSIGNED."""

    def fetch() -> Token:
        import msal  # noqa: PLC0415 - 0.1 s that a bot with the embedded server need not spend

        whose = (
            msal.SystemAssignedManagedIdentity()
            if client_id == SYSTEM_ASSIGNED
            else msal.UserAssignedManagedIdentity(client_id=client_id)
        )
        with _Session(what) as session:
            client = msal.ManagedIdentityClient(whose, http_client=session)
            try:
                answer = client.acquire_token_for_client(resource=resource)
            except (requests.ConnectionError, requests.Timeout):
                raise StoreRefused(
                    f"No token for {what}: there is no managed identity endpoint here. Managed identities exist only "
                    "on Azure (or Azure Arc) machines that have been given one: leave MHRMB_MANAGED_IDENTITY empty and "
                    "use a certificate."
                ) from None
            except _ODD:
                raise session.unreadable() from None
        if not isinstance(answer, Mapping) or "access_token" not in answer:
            raise _no_identity(client_id, what)
        return _token(answer, what)

    return fetch


def _no_identity(client_id: str, what: str) -> StoreRefused:
    which = (
        "Turn its system-assigned identity on, or set MHRMB_MANAGED_IDENTITY to the client id of a user-assigned one."
        if client_id == SYSTEM_ASSIGNED
        else f"Assign the user-assigned identity {client_id} to it, or correct that client id."
    )
    return StoreRefused(f"No token for {what}: Azure has no such managed identity for this machine. {which}")


def _confidential(app: App, credential: Any, thumbprint: str) -> Token:
    import msal  # noqa: PLC0415 - as above

    asked = Asked(app.what, app.names, thumbprint)
    with _Session(app.what) as session:
        try:
            client = msal.ConfidentialClientApplication(
                app.client_id,
                authority=f"{app.authority}/{app.tenant}",
                client_credential=credential,
                # Else msal asks login.microsoftonline.com whether it knows a private or national authority.
                instance_discovery=False,
                http_client=session,
            )
            answer = client.acquire_token_for_client([f"{app.resource}/.default"])
        except requests.exceptions.SSLError:
            raise _untrusted(app) from None
        except requests.RequestException as error:
            raise StoreBusy(
                f"No token for {app.what}: {app.authority} could not be reached ({type(error).__name__}). "
                "Check that this machine may connect to it.",
                retry_after=1.0,
                signing_in=True,
            ) from None
        except _ODD:
            # msal makes a ValueError of its own of a tenant that the issuer does not know. Its text quotes the answer.
            if session.told:
                raise refusals.refusal(session.told, asked) from None
            raise session.unreadable() from None
    if not isinstance(answer, Mapping) or "access_token" not in answer:
        raise refusals.refusal(answer if isinstance(answer, Mapping) else {}, asked)
    return _token(answer, app.what)


_ODD = (ValueError, KeyError, TypeError, AttributeError, RuntimeError)
"""What msal lets through when it meets an answer of another shape: it reads them without checking."""


def _untrusted(app: App) -> StoreRefused:
    return StoreRefused(
        f"No token for {app.what}: the TLS certificate of {app.authority} is not trusted here. If a proxy or a private "
        "authority stands between, name its CA file in REQUESTS_CA_BUNDLE; otherwise check this machine's clock."
    )


def _token(answer: Mapping[str, Any], what: str) -> Token:
    value, seconds = answer["access_token"], answer.get("expires_in")
    if not isinstance(value, str) or not value or isinstance(seconds, bool) or not isinstance(seconds, int):
        raise StoreRefused(f"No token for {what}: the issuer's answer held no token that can be used.")
    return Token(value, seconds)


class _Session(requests.Session):
    """A session whose requests end in time and whose answers are JSON below 500; `told` is the last one with an error.

    msal takes any object with `get` and `post`; it does not limit the time, and repeats nothing that it should not.
    """

    def __init__(self, what: str) -> None:
        super().__init__()
        self.auth = lambda request: request  # else requests looks for a password in `.netrc` and sends that
        self._what = what
        self.told: dict[str, Any] = {}

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """One request; raises StoreBusy for 429 and 5xx, and for an answer that is not JSON."""
        kwargs.setdefault("timeout", TIMEOUT)
        answer = super().request(*args, **kwargs)
        if answer.status_code in (410, 429) or answer.status_code >= 500:  # 410: the metadata service restarts (doc)
            raise StoreBusy(
                f"No token for {self._what}: the issuer answered HTTP {answer.status_code}; trying again later.",
                retry_after=_retry_after(answer),
            )
        try:
            told = answer.json()
        except ValueError:
            raise self.unreadable() from None
        if isinstance(told, dict) and "error" in told:
            self.told = told
        return answer

    def unreadable(self) -> StoreRefused:
        """The error of an answer that is no issuer's."""
        return StoreRefused(
            f"No token for {self._what}: what answered is no issuer of tokens (its answer was not the JSON of one). "
            "Check MHRMB_AUTHORITY, and whether a proxy or a sign-in page answers instead."
        )


def _retry_after(answer: requests.Response) -> float:
    said = answer.headers.get("Retry-After", "")
    return float(min(int(said), 600)) if said.isascii() and said.isdigit() else 1.0
