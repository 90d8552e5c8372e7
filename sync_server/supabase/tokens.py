"""Sign and check the tokens of the Supabase doors: JSON Web Tokens with the claims that Supabase's have.

Rule: ES256 with the server's own keys and nothing else; what a token says is believed only when signature, issuer and
time are right. Whether its session is still open is the database's to say (sessions).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import jwt
from jwt.algorithms import ECAlgorithm

from sync_server.keys import Keyring

Role = Literal["anon", "authenticated", "service_role"]
ISSUER = "tillkeeper/auth/v1"
ALGORITHM = "ES256"
_MOST_CHARACTERS = 4096


class TokenTrouble(Exception):
    """A token that is not believed; `code` is malformed or expired."""

    def __init__(self, code: Literal["malformed", "expired"]) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Token:
    """What a token of ours says: an authenticated user in a session, or with `anon` and `service_role` a program."""

    role: Role
    user_id: UUID | None
    session_id: UUID | None


def sign(keys: Keyring, claims: dict[str, Any], now: datetime, seconds: int) -> str:
    """Return the token with these claims, valid for so long."""
    key_id, key = keys.token_signer(now)
    issued_at = int(now.timestamp())
    payload = {**claims, "iss": ISSUER, "iat": issued_at, "exp": issued_at + seconds}
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": key_id})


def api_key(keys: Keyring, role: Role, now: datetime, days: int) -> str:
    """Return a key for `createClient`: anon for every browser, service_role for the operator's own programs."""
    return sign(keys, {"role": role}, now, days * 86400)


def read(keys: Keyring, text: str, now: datetime) -> Token:
    """Return what a token says; TokenTrouble."""
    try:
        if len(text) > _MOST_CHARACTERS:
            raise TokenTrouble("malformed")
        key = keys.token_keys().get(str(jwt.get_unverified_header(text).get("kid")))
        if key is None:
            raise TokenTrouble("malformed")
        said = jwt.decode(
            text,
            key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            options={"require": ["exp", "iat", "iss"], "verify_aud": False, "verify_exp": False, "verify_iat": False},
        )
        role, expires_at = said["role"], int(said["exp"])
        if role == "authenticated":
            found = Token(role, UUID(said["sub"]), UUID(said["session_id"]))
        elif role in ("anon", "service_role"):
            found = Token(role, None, None)
        else:
            raise TokenTrouble("malformed")
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise TokenTrouble("malformed") from error
    if expires_at <= now.timestamp():
        raise TokenTrouble("expired")
    return found


def public_keys(keys: Keyring) -> dict[str, list[dict[str, Any]]]:
    """Return the JSON Web Key Set (RFC 7517) that tokens can be checked with."""
    found = []
    for key_id, key in keys.token_keys().items():
        said = ECAlgorithm.to_jwk(key, as_dict=True)
        found.append({**said, "kid": key_id, "alg": ALGORITHM, "use": "sig", "key_ops": ["verify"]})
    return {"keys": found}
