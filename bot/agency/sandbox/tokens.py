"""Access tokens: client credentials in the body, a signed token for 1800 s, labelled as the sandbox's."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from functools import cached_property
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from bot.agency.sandbox.house import House
from bot.agency.sandbox.http import Refused, body
from bot.agency.sandbox.keys import Safe

EXPIRY: Final = 1800
SCOPE: Final = "https://schema.fitko.de/fit-connect/oauth/scopes/send-submissions sandbox"
_LIMIT: Final = 8192


class Tokens:
    """``clock``: Unix seconds."""

    def __init__(self, house: House, clock: Callable[[], float]) -> None:
        self._house, self._clock = house, clock

    @property
    def _safe(self) -> Safe:
        return self._house.safe

    @cached_property
    def _key(self) -> OctKey:
        return OctKey.import_key(self._safe.token_secret)

    async def issue(self, request: web.Request) -> web.Response:
        """``POST /token``. 400 and 401 as OAuth says (RFC 6749, 5.2)."""
        raw = await body(request, _LIMIT, "application/x-www-form-urlencoded")
        fields = {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}
        if fields.get("grant_type") != "client_credentials":
            return _oauth(400, "unsupported_grant_type")
        if not self._known(fields.get("client_id", ""), fields.get("client_secret", "")):
            return _oauth(401, "invalid_client")
        answer = {"access_token": self._made(), "token_type": "Bearer", "expires_in": EXPIRY, "scope": SCOPE}
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    def client(self, request: web.Request) -> str:
        """Who asks. Refused: 401."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            claims = jwt.decode(token, self._key, algorithms=["HS256"]).claims
        except (JoseError, ValueError) as error:
            raise Refused(401, "unauthorized", "no valid access token") from error
        if kind.lower() != "bearer" or int(claims["exp"]) <= self._clock():
            raise Refused(401, "unauthorized", "the access token has expired")
        return str(claims["sub"])

    def _known(self, name: str, secret: str) -> bool:
        right = hmac.compare_digest(name.encode(), self._safe.client_id.encode())
        return hmac.compare_digest(secret.encode(), self._safe.client_secret.encode()) and right

    def _made(self) -> str:
        now = int(self._clock())
        claims = {"sub": self._safe.client_id, "iat": now, "exp": now + EXPIRY, "scope": SCOPE, "sandbox": True}
        return jwt.encode({"alg": "HS256"}, claims, self._key, algorithms=["HS256"])


def _oauth(status: int, error: str) -> web.Response:
    text = json.dumps({"error": error, "type": "about:blank", "title": error, "status": status})
    return web.Response(text=text, status=status, content_type="application/problem+json")
