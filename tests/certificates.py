"""Keys and certificates made for a test: an authority, a TLS server's certificate, an app's key and certificate."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    """The key of that name, made once a run: making one takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(name: str, passphrase: str = "", form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    """The key of that name as PEM, encrypted when a passphrase is given."""
    lock: KeySerializationEncryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key(name).private_bytes(Encoding.PEM, form, lock)


def certificate(name: str, begins: datetime | None = None, ends: datetime | None = None) -> x509.Certificate:
    """A self-signed certificate over the key of that name, valid around today unless said otherwise."""
    now = datetime.now(UTC)
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(called, called, key(name).public_key(), 7)
    return (
        builder.not_valid_before(begins or now - DAY).not_valid_after(ends or now + 365 * DAY).sign(key(name), SHA256())
    )


def public_pem(made: x509.Certificate) -> bytes:
    """A certificate as PEM."""
    return made.public_bytes(Encoding.PEM)


@dataclass(frozen=True)
class Authority:
    """A private authority: `bundle` is its CA file."""

    folder: Path

    @property
    def bundle(self) -> Path:
        """The CA file that whoever trusts this authority is given."""
        return self.folder / "ca.pem"

    def server_context(self) -> ssl.SSLContext:
        """TLS for a server on 127.0.0.1, its certificate signed by this authority."""
        now = datetime.now(UTC)
        ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        ca = (
            x509.CertificateBuilder(ca_name, ca_name, key("ca").public_key(), 1, now - DAY, now + DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key("ca").public_key()), critical=False)
            .add_extension(_signs_certificates(), critical=True)
            .sign(key("ca"), SHA256())
        )
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        alternatives = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(key("ca").public_key())
        served = (
            x509.CertificateBuilder(ca_name, name, key("server").public_key(), 2, now - DAY, now + DAY)
            .add_extension(alternatives, critical=False)
            .add_extension(issuer, critical=False)
            .sign(key("ca"), SHA256())
        )
        self.bundle.write_bytes(public_pem(ca))
        chain = self.folder / "server.pem"
        chain.write_bytes(private_pem("server") + public_pem(served))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        return context


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
