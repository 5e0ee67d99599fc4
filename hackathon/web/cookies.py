"""The signed cookie that a browser holds, and the token against forged requests.

Both are written and read as Flask and Flask-WTF do. But those make a signer, derive its key and put attributes together
anew with every request, which takes longer than all the rest of a phone's post; here that is done once.
"""

import functools
import hmac
import json
from typing import Any

from flask import Flask, Response, g, request
from flask import session as cookie
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, TimedSerializer, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.signer import SigningAlgorithm
from werkzeug.http import dump_cookie

COOKIES_SALT, TOKENS_SALT = "cookie-session", "wtf-csrf-token"
LONG = 1000
"""Letters. What is shorter is not worth being compressed."""
TOKEN = "csrf_token"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Sha1(SigningAlgorithm):
    """What itsdangerous calculates, in one call."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class Signer(TimestampSigner):
    """Derives its one key once."""

    @functools.cached_property
    def key(self) -> bytes:
        return super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        return self.key


class Seal(URLSafeTimedSerializer):
    """Signs what browsers are given to keep, and reads it again."""

    def __init__(self, secret: str, salt: str, **how: Any) -> None:
        derivation = how.pop("derivation", Signer.default_key_derivation)
        super().__init__(secret, salt, **how)
        self._signer = Signer(secret, salt, key_derivation=derivation, algorithm=Sha1())

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        return self._signer

    def dump_payload(self, obj: Any) -> bytes:
        plain = TimedSerializer.dump_payload(self, obj)
        return super().dump_payload(obj) if len(plain) > LONG else base64_encode(plain)


class CookieJson:
    """Plain JSON. A cookie of Flask's may hold its tags, and is read all the same."""

    _tagged = TaggedJSONSerializer()

    @staticmethod
    def dumps(value: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    @classmethod
    def loads(cls, text: str | bytes) -> Any:
        words = text.decode() if isinstance(text, bytes) else text
        return cls._tagged.loads(words) if '{" ' in words else json.loads(words)


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own cookies, at a quarter of the price."""

    def __init__(self, app: Flask) -> None:
        self._seal = Seal(str(app.secret_key), COOKIES_SALT, derivation="hmac", serializer=CookieJson)
        self._name = self.get_cookie_name(app)
        _, self._attributes = dump_cookie(
            self._name,
            max_age=app.permanent_session_lifetime,
            path=self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
            sync_expires=False,
        ).split(";", 1)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        return self._seal

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what is kept for long. When there is nothing new, or nothing at all, Flask knows what to do."""
        if not (session.modified and session and session.permanent):
            super().save_session(app, session, response)
            return
        varies = response.headers.get("Vary")
        response.headers["Vary"] = f"{varies}, Cookie" if varies else "Cookie"
        response.headers.add("Set-Cookie", f"{self._name}={self._seal.dumps(dict(session))};{self._attributes}")


class TokenCheck(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types - mypy takes its classes for Any
    """Refuses what changes something and does not carry the token of this browser's cookie."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        self._seal = Seal(str(app.secret_key), TOKENS_SALT)

    def protect(self, apply_exemptions: bool = False) -> None:
        asked = request
        if asked.method not in UNSAFE or not asked.endpoint:
            return
        if not self._is_of_this_browser(self._get_csrf_token()):
            self._error_response("The token is missing, or not of this browser.")
        if asked.is_secure and not same_origin(asked.referrer or "", f"https://{asked.host}/"):
            self._error_response("The page that asks is not of this site.")
        g.csrf_valid = True

    def _is_of_this_browser(self, token: str | None) -> bool:
        held = cookie.get(TOKEN)
        if not token or not isinstance(held, str):
            return False
        try:
            return hmac.compare_digest(held, self._seal.loads(token))
        except (BadData, TypeError):
            return False
