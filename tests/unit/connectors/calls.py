"""Calls as shops make them, signed with what the connection knows."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

from ripresa.contracts.feedback import HookRequest

T0 = datetime(2026, 11, 2, 14, 30, tzinfo=UTC)
WHSEC = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SETTINGS = {
    "shopify": {
        "shop": "wines.myshopify.com", "client_secret": "s3cret", "old_client_secret": "",
        "currency": "EUR",
    },
    "woocommerce": {
        "url": "https://wines.test", "webhook_secret": "woo", "consumer_key": "ck",
        "consumer_secret": "cs", "permalinks": "pretty", "keys_in": "header", "checkout_links": "yes",
    },
    "medusa": {"webhook_secret": WHSEC},
}  # fmt: skip


def hmac_base64(secret: bytes, body: bytes) -> str:
    return base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()


def call(body: bytes, headers: dict, at: datetime = T0) -> HookRequest:
    return HookRequest("POST", "https://r.test/hooks/x/1", headers, body, at)


def shopify(topic: str, payload, *, secret="s3cret", shop="wines.myshopify.com", sent=T0):
    body = json.dumps(payload).encode()
    return call(
        body,
        {
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": shop,
            "x-shopify-hmac-sha256": hmac_base64(secret.encode(), body),
            "x-shopify-triggered-at": sent.isoformat().replace("+00:00", "Z"),
        },
    )


def woocommerce(topic: str, payload, *, secret="woo"):
    body = json.dumps(payload).encode()
    headers = {"x-wc-webhook-topic": topic}
    return call(body, headers | {"x-wc-webhook-signature": hmac_base64(secret.encode(), body)})


def medusa(kind: str, data, *, secret=WHSEC, late=timedelta(0)):
    body = json.dumps({"type": kind, "data": data}).encode()
    sent = str(int((T0 - late).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac_base64(key, b"msg_1." + sent.encode() + b"." + body)
    headers = {"webhook-id": "msg_1", "webhook-timestamp": sent}
    return call(body, headers | {"webhook-signature": f"v1,AAAA v1,{signed}"})
