"""The certificate an app signs in with: a PEM file with an RSA key and its certificate, read and checked before use.

Each thing that can be wrong with the file is one sentence, raised as StoreRefused. None holds the passphrase or any of
the file's text; the thumbprint they may name is public (Entra shows it beside each certificate of an app).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sharepoint.errors import StoreRefused

LARGEST = 256 * 1024
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_MAKE_PEM = "openssl pkcs12 -in board.pfx -out board.pem makes one of a .pfx file"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings that sign an app in are called, so that a sentence names the one to change."""

    certificate: str = "MHRMB_SHAREPOINT_CERTIFICATE"
    passphrase: str = "MHRMB_SHAREPOINT_CERTIFICATE_PASSPHRASE"  # noqa: S105 - a setting's name
    app: str = "MHRMB_SHAREPOINT_CLIENT_ID"
    tenant: str = "MHRMB_TENANT_ID"


SITE = Settings()
"""The names of the settings that sign in to the site."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A key and its certificate, as PEM; `key` is not encrypted any more. `thumbprint` is SHA-1, as Entra shows it."""

    key: str = field(repr=False)
    public: str = field(repr=False)
    thumbprint: str
    begins: datetime
    ends: datetime


def read(path: Path, passphrase: str, names: Settings) -> Certificate:
    """Read the file. Whether it is valid today is `check_dates`' question. Raises StoreRefused."""
    blocks = _blocks(path, names)
    key = _key(blocks, passphrase, path, names)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for each in _certificates(blocks, path, names):
        if _public(each) == public:
            return _paired(key, each)
    raise StoreRefused(
        f"{names.certificate}: the key and the certificate in {path} are not a pair. "
        "Put the key and the certificate that were made together into the file."
    )


def check_dates(certificate: Certificate, now: datetime, names: Settings) -> None:
    """Raise StoreRefused unless the certificate is valid now."""
    if now >= certificate.ends:
        raise StoreRefused(
            f"{names.certificate}: the certificate expired on {certificate.ends:%d %B %Y}. "
            "Make a new one, upload it to the app in Entra (Certificates & secrets), and put it in the file's place."
        )
    if now < certificate.begins:
        raise StoreRefused(
            f"{names.certificate}: the certificate is valid only from {certificate.begins:%d %B %Y, %H:%M} UTC. "
            "Wait until then, use the former one, or set this machine's clock if it is wrong."
        )


def _blocks(path: Path, names: Settings) -> list[tuple[str, bytes]]:
    try:
        with path.open("rb") as file:
            held = file.read(LARGEST)
    except FileNotFoundError:
        raise StoreRefused(
            f"{names.certificate}: there is no file {path}. Give the path of the PEM file that holds the app's key "
            "and certificate."
        ) from None
    except OSError as error:
        raise StoreRefused(
            f"{names.certificate}: {path} cannot be read ({error.strerror}). It has to be a file that the bot's own "
            "user may read."
        ) from None
    found = [(match[1].decode("ascii"), match[0]) for match in _BLOCK.finditer(held)]
    if not found:
        raise StoreRefused(
            f"{names.certificate}: {path} is not a PEM file (text with BEGIN and END lines). {_MAKE_PEM}."
        )
    return found


def _key(blocks: list[tuple[str, bytes]], passphrase: str, path: Path, names: Settings) -> rsa.RSAPrivateKey:
    held = next((block for kind, block in blocks if kind.endswith("PRIVATE KEY")), None)
    if held is None:
        raise StoreRefused(
            f"{names.certificate}: {path} holds no private key. Put the key and the certificate into one file; "
            f"{_MAKE_PEM}."
        )
    locked = b"ENCRYPTED" in held
    if locked and not passphrase:
        how = f"Set {names.passphrase}, or write" if names.passphrase else "Write"
        raise StoreRefused(
            f"{names.certificate}: the key in {path} is protected by a passphrase. {how} the key without one."
        )
    try:
        key = load_pem_private_key(held, passphrase.encode() if locked else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if locked:
            raise StoreRefused(
                f"{names.passphrase} does not open the key in {path}, or the key is damaged. Set the passphrase that "
                "the file was made with."
            ) from None
        raise StoreRefused(f"{names.certificate}: the private key in {path} is damaged. Write the file anew.") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise StoreRefused(
            f"{names.certificate}: the key in {path} is not an RSA key, the only kind Entra takes. "
            "Make a certificate with an RSA key of 2048 bits or more."
        )
    return key


def _certificates(blocks: list[tuple[str, bytes]], path: Path, names: Settings) -> list[x509.Certificate]:
    held = [block for kind, block in blocks if kind == "CERTIFICATE"]
    if not held:
        raise StoreRefused(
            f"{names.certificate}: {path} holds a key but no certificate. Put the certificate into the same file."
        )
    try:
        return [x509.load_pem_x509_certificate(block) for block in held]
    except ValueError:
        raise StoreRefused(f"{names.certificate}: a certificate in {path} is damaged. Write the file anew.") from None


def _public(certificate: x509.Certificate) -> bytes:
    """The public key; empty for a kind that is not known here, which may stand in a chain."""
    try:
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (ValueError, UnsupportedAlgorithm):
        return b""


def _paired(key: rsa.RSAPrivateKey, found: x509.Certificate) -> Certificate:
    return Certificate(
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        public=found.public_bytes(Encoding.PEM).decode(),
        thumbprint=found.fingerprint(SHA1()).hex().upper(),  # noqa: S303 - Entra's name for it, no protection
        begins=found.not_valid_before_utc,
        ends=found.not_valid_after_utc,
    )
