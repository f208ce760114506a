"""What Entra's refusals mean, in a sentence that says what to do next.

Microsoft says that its numbers may change and that a program should not depend on them (doc: "Microsoft Entra
authentication and authorization error codes"), so nothing does: whatever the number, the sign-in is refused, and one
that is not in this table is answered with where to look it up. Meanings after that page; 700027's and 1000502's also
after msal's own table of errors that ask for another certificate (report).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sharepoint.certificate import Settings
from sharepoint.errors import StoreBusy, StoreError, StoreRefused

_NUMBER = re.compile(r"AADSTS(\d{4,8})")

CONSENT: Final = (
    "An administrator has not consented to the app's permission: in Entra, under API permissions, add SharePoint, "
    "application permission Sites.Selected, and press Grant admin consent."
)
_MEANINGS: Final[Mapping[int, str]] = {
    90002: "There is no such tenant. Set {tenant} to the directory (tenant) id shown in Entra's overview; "
    "for a national cloud set MHRMB_AUTHORITY too.",
    900023: "{tenant} is neither a tenant's id nor one of its domains. Take the directory (tenant) id from Entra.",
    700016: "There is no such app in this tenant. Set {app} to the application (client) id of the registration, and "
    "{tenant} to the tenant it is in.",
    7000112: "The app is disabled in this tenant. Enable it in Entra, under Enterprise applications.",
    700027: "The certificate is not registered for the app, or the registered one has expired. Upload the certificate "
    "(without its key) to the app in Entra, under Certificates & secrets{thumbprint}.",
    700024: "The sign-in was dated outside the time Entra takes. Set this machine's clock.",
    7000214: "The certificate has been revoked. Make a new one, upload it to the app in Entra, and set {certificate}.",
    1000502: "The certificate is not valid at this time. Make a new one, upload it to the app in Entra, and set "
    "{certificate}.",
    7000215: "The secret is wrong. Set the secret's value, not its id; better, use a certificate.",
    7000222: "The secret has expired. Make a new one in Entra (Certificates & secrets); better, use a certificate.",
    50034: "This identity is not known in the tenant. Check that {app} and {tenant} belong together.",
    500011: "The tenant has no such resource. Check that {tenant} is the tenant of the site in "
    "MHRMB_SHAREPOINT_SITE_URL.",
    65001: CONSENT,
    650056: CONSENT,
    650057: CONSENT,
    501051: CONSENT,
    53003: "A Conditional Access policy stops the app from signing in from here. Ask whoever manages those policies.",
}
_TRANSIENT: Final = frozenset({90033, 90024, 50196, 90055})
"""Numbers that ask to try again: an error of Entra's own, overload, a loop it broke."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: who it was for (Teams or SharePoint) and what a sentence may name."""

    what: str
    names: Settings
    thumbprint: str = ""


def refusal(answer: Mapping[str, Any], asked: Asked) -> StoreError:
    """The error of an answer without a token. What the issuer wrote is not repeated, but for its codes."""
    error = str(answer.get("error") or "")
    error = error if re.fullmatch(r"[a-z_]{1,40}", error) else ""
    number = _number(answer)
    if number in _TRANSIENT or error == "temporarily_unavailable":
        return StoreBusy(f"No token for {asked.what}: Entra asks to try again later (AADSTS{number}).", retry_after=2.0)
    meaning = _MEANINGS.get(number)
    code = f"AADSTS{number}" if number else error or "no reason given"
    if meaning is None:
        told = f"look up {number} at https://login.microsoftonline.com/error" if number else "ask whoever runs Entra"
        return StoreRefused(f"No token for {asked.what}: Entra refused the sign-in ({code}); {told}.", code=code)
    names = asked.names
    shown = f" (thumbprint {asked.thumbprint})" if asked.thumbprint else ""
    said = meaning.format(tenant=names.tenant, app=names.app, certificate=names.certificate, thumbprint=shown)
    return StoreRefused(f"No token for {asked.what}: {said} ({code})", code=code)


def _number(answer: Mapping[str, Any]) -> int:
    """Entra's own number, from `error_codes` or from the words; 0 when there is none."""
    codes = answer.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    found = _NUMBER.search(str(answer.get("error_description") or ""))
    return int(found[1]) if found else 0
