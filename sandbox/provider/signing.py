"""The provider's RSA key and its signature, made the way WeChat Pay API v3 makes its own."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from sqlalchemy.orm import Session

from sandbox.tables import Meta

META_KEY = "provider_private_key"
KEY_BITS = 2048


@dataclass(frozen=True)
class SignedHeaders:
    """The three headers of a signed notice."""

    timestamp: str
    nonce: str
    signature: str

    def as_dict(self) -> dict[str, str]:
        """The headers by name."""
        return {
            "Payment-Timestamp": self.timestamp,
            "Payment-Nonce": self.nonce,
            "Payment-Signature": self.signature,
        }


def ensure_key(session: Session) -> None:
    """Make the provider's key when there is none yet; merchants may keep the public half for long."""
    if session.get(Meta, META_KEY) is None:
        session.add(Meta(key=META_KEY, value=_new_private_pem()))


def private_pem(session: Session) -> str:
    """The private key as PEM."""
    return str(session.get(Meta, META_KEY).value)


def public_pem(session: Session) -> str:
    """The public key as PEM (SubjectPublicKeyInfo)."""
    key = serialization.load_pem_private_key(private_pem(session).encode(), password=None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def sign(pem: str, timestamp: str, nonce: str, body: str) -> SignedHeaders:
    """Sign a notice: RSA-SHA256, PKCS#1 v1.5, over timestamp, nonce and body, each with a line feed after it.

    Args:
        pem: the private key.
        timestamp: unix seconds.
        nonce: a text never used before.
        body: the notice exactly as it is sent.
    """
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("the provider signs with RSA")
    message = f"{timestamp}\n{nonce}\n{body}\n".encode()
    signature = key.sign(message, padding.PKCS1v15(), hashes.SHA256())
    return SignedHeaders(timestamp, nonce, base64.b64encode(signature).decode())


def _new_private_pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
