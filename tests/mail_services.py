"""The APIs of mail services on loopback, as their documentation has them answer."""

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from unittest.mock import patch

from django.test import override_settings

from ripresa.channels.anymail.channel import AnymailChannel
from ripresa.channels.anymail.provider import SERVICES
from tests.scripted_http import Heard, Said, ScriptedApi, Silence
from tests.unit.channels.anymail.calls import settings_of

Answer = Callable[[Heard], Said | Silence | bytes]
_NUMBERS = itertools.count(1)
_JSON = {"content-type": "application/json"}


def _id() -> str:
    return f"id-{next(_NUMBERS)}"


def _recipient(heard: Heard, *path: str | int) -> str:
    value = heard.json
    for name in path:
        value = value[name]
    return str(value)


def _postal(heard: Heard) -> Said:
    to = heard.json["to"][0].rpartition("<")[2].rstrip(">")
    return Said(200, {"status": "success", "data": {"messages": {to: {"id": _id()}}}}, _JSON)


def _mailjet(heard: Heard) -> Said:
    to = [{"Email": _recipient(heard, "Messages", 0, "To", 0, "Email"), "MessageID": _id()}]
    return Said(200, {"Messages": [{"Status": "success", "To": to}]}, _JSON)


def _mandrill(heard: Heard) -> Said:
    to = _recipient(heard, "message", "to", 0, "email")
    return Said(200, [{"email": to, "status": "sent", "_id": _id()}], _JSON)


def _postmark(heard: Heard) -> Said:
    said = {"ErrorCode": 0, "Message": "OK", "MessageID": _id(), "To": heard.json["To"]}
    return Said(200, said, _JSON)


def _scaleway(heard: Heard) -> Said:
    to = _recipient(heard, "to", 0, "email")
    return Said(200, {"emails": [{"id": _id(), "status": "new", "mail_rcpt": to}]}, _JSON)


def _sparkpost(heard: Heard) -> Said:
    del heard
    results = {"total_accepted_recipients": 1, "total_rejected_recipients": 0, "id": _id()}
    return Said(200, {"results": results}, _JSON)


def _unisender(heard: Heard) -> Said:
    to = _recipient(heard, "message", "recipients", 0, "email")
    return Said(200, {"status": "success", "job_id": _id(), "emails": [to]}, _JSON)


ACCEPTS: Mapping[str, Answer] = {
    "amazon_ses": lambda _: Said(200, {"MessageId": _id()}, _JSON),
    "brevo": lambda _: Said(201, {"messageId": f"<{_id()}@relay.example>"}, _JSON),
    "mailersend": lambda _: Said(202, "", {"content-type": "text/html", "x-message-id": _id()}),
    "mailgun": lambda _: Said(200, {"id": f"<{_id()}>", "message": "Queued. Thank you."}, _JSON),
    "mailjet": _mailjet,
    "mailtrap": lambda _: Said(200, {"success": True, "message_ids": [_id()]}, _JSON),
    "mandrill": _mandrill,
    "postal": _postal,
    "postmark": _postmark,
    "resend": lambda _: Said(200, {"id": _id()}, _JSON),
    "scaleway": _scaleway,
    "sendgrid": lambda _: Said(202, "", {"content-type": "text/plain"}),
    "sparkpost": _sparkpost,
    "unisender_go": _unisender,
}


@contextlib.contextmanager
def mail_service(
    name: str, answer: Answer | None = None, *, url: str | None = None, **changes: str
) -> Iterator[tuple[AnymailChannel, ScriptedApi]]:
    """A channel of the service, and its API, which accepts everything unless `answer` says otherwise.

    `url`: where the channel looks for the service instead.
    """
    service = next(one for one in SERVICES if one.name == name)
    with ScriptedApi(answer or ACCEPTS[name]) as api:
        url = url or api.url
        settings = settings_of(name, api_url=url, **changes)
        environ = {"RIPRESA_INTERNAL_HOSTS": "127.0.0.1", "AWS_ENDPOINT_URL_SESV2": url}
        # Most services are at one address, which is no setting of ours.
        addresses = {f"{name.upper()}_API_URL": url}
        with patch.dict(os.environ, environ), override_settings(ANYMAIL=addresses):
            channel = AnymailChannel(service, settings)
            try:
                yield channel, api
            finally:
                channel.close()
