"""Send a cart that goes on to the checkout, as pages do, and see whether it arrives there."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from ripresa.contracts.calling.sayings import said_by, say
from ripresa.core.http.client import Call, HttpClient, NoAnswer, NotAsked, bearer
from ripresa.domain.carts.folding import PROBE
from ripresa.domain.carts.models import Cart
from ripresa.domain.shops.models import Shop

_PATIENCE_SECONDS = 10.0
_LOOK_EVERY = 0.1
_ACCEPTED = 202


class DidNotArrive(Exception):
    """The probe was not taken, or never came out at the other end; the message says which."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """Seconds until the intake answered, and until the cart stood in its table, at the checkout."""

    answered: float
    folded: float


def probe(
    *,
    shop: Shop,
    key: str,
    public_url: str,
    within: float,
    now_text: str,
    sleep: Callable[[float], None] = time.sleep,
) -> Arrived:
    """Post a checkout of nobody to `public_url` with the shop's public key, and wait for it.

    `now_text`: the instant, RFC 3339. Raises DidNotArrive.
    """
    token = f"{PROBE}{uuid4().hex}"
    begun = time.monotonic()
    _post(_call(public_url, key, token, now_text), public_url)
    answered = time.monotonic() - begun
    while (waited := time.monotonic() - begun) < within:
        if Cart.objects.filter(shop=shop, token=token, kind="checkout").exists():
            return Arrived(answered, waited)
        sleep(_LOOK_EVERY)
    raise DidNotArrive(
        say(
            "the intake took it after {answered} s, and no worker has taken it in "
            "within {within} s",
            answered=f"{answered:.2f}",
            within=f"{within:.0f}",
        )
    )


def _call(public_url: str, key: str, token: str, at: str) -> Call:
    said = {"occurred_at": at, "visitor_id": token, "user_agent": "Ripresa probe"}
    cart = {
        "token": token,
        "currency": "EUR",
        "items": [{"product_id": "ripresa-probe", "quantity": 1, "unit_price": "1.00"}],
    }
    events = [
        {"id": token, "type": "cart.updated", **said, "cart": cart},
        {"id": f"{token}-checkout", "type": "checkout.started", **said, "cart": {"token": token}},
    ]
    body = {"sent_at": at, "events": events}
    return Call.json(f"{public_url}/v1/collect", body, bearer(key))


def _post(call: Call, public_url: str) -> None:
    # Our own address may well stand in our own network, and be spoken to without TLS.
    client = HttpClient(connections=1, internal_hosts=[urlsplit(public_url).hostname or ""])
    try:
        answer = client.ask(call, deadline=time.monotonic() + _PATIENCE_SECONDS)
    except (NotAsked, NoAnswer) as wrong:
        raise DidNotArrive(said_by(wrong)) from None
    finally:
        client.close()
    if answer.status != _ACCEPTED or '"accepted":2' not in answer.text.replace(" ", ""):
        raise DidNotArrive(
            say(
                "the intake answered {status}: {text}", status=answer.status, text=answer.text[:300]
            )
        )
