"""A generic HTTP gateway as a provider."""

import re
from collections.abc import Mapping

from ripresa.channels.http_gateway.channel import IN_FLIGHT, HttpGatewayChannel
from ripresa.channels.http_gateway.form import KANNEL, Form
from ripresa.channels.http_gateway.reader import HttpGatewayReader
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting
from ripresa.contracts.sms.prices import CURRENCY, PART_COST, part_costs
from ripresa.contracts.sms.settings import FEEDBACK_URL, SENDER, TRANSLITERATE, checked
from ripresa.core.config import internal_hosts
from ripresa.core.http.client import HttpClient


def _open(settings: Mapping[str, str]) -> HttpGatewayChannel:
    checked(settings)
    part_costs(settings)
    if settings["method"] not in {"GET", "POST"}:
        raise BadSettings(
            say("method must be GET or POST, not {method!r}", method=settings["method"])
        )
    Form.from_text(settings["form"])
    try:
        groups = re.compile(settings["accepted"]).groupindex
    except re.error as wrong:
        raise BadSettings(say("accepted is no regular expression: {wrong}", wrong=wrong)) from None
    if set(groups) - {"receipt"}:
        raise BadSettings(say("accepted may name one group, (?P<receipt>…)"))
    client = HttpClient(connections=IN_FLIGHT, internal_hosts=internal_hosts())
    return HttpGatewayChannel(settings, client)


def _reader(settings: Mapping[str, str]) -> HttpGatewayReader:  # noqa: ARG001  (nothing is signed)
    return HttpGatewayReader()


PROVIDER = Provider(
    name="http_gateway",
    label="HTTP gateway (Kannel and others)",
    kind=MessageKind.SMS,
    settings=(
        Setting(
            "url", "where messages are handed over, such as https://host:13013/cgi-bin/sendsms"
        ),
        Setting("user", "the user name that the gateway knows", default=""),
        Setting("password", "that user's password", is_secret=True, default=""),
        SENDER,
        Setting("method", "GET or POST; Kannel's sendsms reads GET", default="GET"),
        Setting("form", "its fields, with {places} to fill in", default=KANNEL),
        Setting(
            "accepted",
            "a regular expression that the answer to a message it takes matches; "
            "(?P<receipt>…) is its own id for it",
            default=r"^(?:0: Accepted|3: Queued)",
        ),
        FEEDBACK_URL,
        TRANSLITERATE,
        PART_COST,
        CURRENCY,
        Setting(
            "report_query",
            "what a report's address ends in; Kannel fills in its escapes",
            default="state=%d&reply=%A&at=%T&to=%p",
        ),
    ),
    open=_open,
    reader=_reader,
)
