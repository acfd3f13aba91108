"""Vonage as a provider."""

from collections.abc import Mapping

from ripresa.channels.vonage.channel import IN_FLIGHT, VonageChannel
from ripresa.channels.vonage.reader import VonageReader
from ripresa.channels.vonage.signature import METHODS
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting
from ripresa.contracts.sms.prices import CURRENCY, PART_COST, part_costs
from ripresa.contracts.sms.settings import (
    API_URL,
    FEEDBACK_URL,
    LOW_BALANCE,
    SENDER,
    TRANSLITERATE,
    checked,
)
from ripresa.core.config import internal_hosts
from ripresa.core.http.client import HttpClient


def _open(settings: Mapping[str, str]) -> VonageChannel:
    checked(settings)
    part_costs(settings)
    client = HttpClient(connections=IN_FLIGHT, internal_hosts=internal_hosts())
    return VonageChannel(settings, client)


def _reader(settings: Mapping[str, str]) -> VonageReader:
    method = settings["signature_method"]
    if method not in METHODS:
        raise BadSettings(
            say(
                "signature_method must be one of {known}, not {method!r}",
                known=", ".join(METHODS),
                method=method,
            )
        )
    return VonageReader(settings["signature_secret"], method)


PROVIDER = Provider(
    name="vonage",
    label="Vonage",
    kind=MessageKind.SMS,
    settings=(
        Setting("api_key", "the account's key"),
        Setting("api_secret", "the account's secret", is_secret=True),
        Setting(
            "signature_secret",
            "what its calls are signed with; empty: they are not signed, and believed for their address",
            is_secret=True,
            default="",
        ),
        Setting(
            "signature_method",
            f"how they are signed, as set in the account: {', '.join(METHODS)}",
            default="sha256",
        ),
        SENDER,
        API_URL("https://rest.nexmo.com", "rarely another"),
        FEEDBACK_URL,
        TRANSLITERATE,
        PART_COST,
        CURRENCY,
        LOW_BALANCE,
    ),
    open=_open,
    reader=_reader,
)
