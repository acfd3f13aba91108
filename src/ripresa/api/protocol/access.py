"""Who is asking: a key, the one shop it opens, and what it may do there."""

import math
import time
from datetime import datetime
from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from ripresa.api.protocol.problems import Refused
from ripresa.api.protocol.rates import Rates
from ripresa.api.protocol.switches import refuse_switched_off
from ripresa.domain.audit import acting
from ripresa.domain.shops.models import ApiKey, Shop
from ripresa.usecases.shops.api_keys import find_api_key, note_use

_BEARER = "bearer "
_rates = Rates()


class ApiRequest(HttpRequest):
    """A request with a valid key: of `shop`, and of no other."""

    now: datetime
    shop: Shop
    auth: ApiKey


class Key(HttpBearer):
    """Lets in who has a key with `scope`: Authorization: Bearer <key>."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> ApiKey:
        """The key of a request, whose shop is set. Raises Refused: 401, 429 or 403."""
        text = request.headers.get("Authorization", "")
        if not text.lower().startswith(_BEARER):
            raise _no_key("send a key: Authorization: Bearer <key>")
        return self.authenticate(request, text[len(_BEARER) :].strip())

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        """As above, for the bare key."""
        key = find_api_key(token)
        if key is None:
            raise _no_key("this key is not known, or was revoked")
        wait = _rates.wait(key.id, key.rate_per_second, time.monotonic())
        if wait > 0:
            raise Refused(
                429,
                f"this key may make {key.rate_per_second} requests a second",
                headers={"Retry-After": str(math.ceil(wait))},
            )
        if self.scope not in key.scopes:
            has = ", ".join(key.scopes)
            raise Refused(403, f"this needs the scope {self.scope!r}; the key has: {has}")
        cast("ApiRequest", request).shop = key.shop
        refuse_switched_off(key.shop, request.path_info)
        note_use(key, cast("ApiRequest", request).now)
        # Until the answer leaves by ApiEdge.
        acting.act_as(acting.key(key.id))
        return key


READ = Key("read")
WRITE = Key("write")
SEND = Key("send")
APPROVE = Key("approve")


def _no_key(detail: str) -> Refused:
    return Refused(401, detail, headers={"WWW-Authenticate": 'Bearer realm="ripresa"'})
