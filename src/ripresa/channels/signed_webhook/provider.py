"""A program of the shop's own as a provider: called with each notice, signed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import OutgoingNotice
from ripresa.contracts.notices.posting import PostingChannel, Way, checked_address
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting
from ripresa.core.clock import WALL
from ripresa.core.http.client import Call
from ripresa.core.http.signing import (
    STANDARD_BYTES,
    STANDARD_PREFIX,
    is_standard_secret,
    standard_webhook_headers,
)

TYPE = "agent.notice"


def _open(settings: Mapping[str, str]) -> PostingChannel:
    url = checked_address(settings["url"], advice="give the address that is to be called")
    secret = _checked(settings["secret"])

    def call_of(notice: OutgoingNotice) -> Call:
        body = json.dumps(_payload(notice), ensure_ascii=False).encode()
        # Signed with the instant of this try, which the other side compares with its own clock.
        headers = standard_webhook_headers(body, [secret], notice.idempotency_key, now=WALL.now())
        return Call("POST", url, {**headers, "content-type": "application/json"}, body)

    return PostingChannel(Way("signed_webhook", call_of, in_flight=4))


def _payload(notice: OutgoingNotice) -> dict[str, object]:
    at = datetime.fromtimestamp(notice.sent_at_epoch, UTC)
    return {
        "type": TYPE,
        "timestamp": at.isoformat(),
        "data": {
            "agent": {"name": notice.recipient.name, "email": notice.recipient.address},
            "subject": notice.subject,
            "text": notice.text,
            "language": notice.language,
        },
    }


def _checked(secret: str) -> str:
    if not is_standard_secret(secret):
        raise BadSettings(
            say(
                "secret is {prefix} and {least} to {most} random bytes in base64, "
                "as `openssl rand -base64 32` makes them",
                prefix=STANDARD_PREFIX,
                least=STANDARD_BYTES[0],
                most=STANDARD_BYTES[-1],
            )
        )
    return secret


PROVIDER = Provider(
    name="signed_webhook",
    label="A program of your own (signed webhook)",
    kind=MessageKind.NOTICE,
    settings=(
        Setting("url", "where to call, https: who knows it can be called", is_secret=True),
        Setting(
            "secret", "what signs: whsec_ and base64, agreed with that program", is_secret=True
        ),
    ),
    open=_open,
)
