"""SMSAPI as a provider."""

from collections.abc import Mapping

from ripresa.channels.smsapi.channel import IN_FLIGHT, SmsapiChannel
from ripresa.channels.smsapi.reader import SmsapiReader
from ripresa.contracts.provider import MessageKind, Provider, Setting
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


def _open(settings: Mapping[str, str]) -> SmsapiChannel:
    checked(settings)
    part_costs(settings)
    client = HttpClient(connections=IN_FLIGHT, internal_hosts=internal_hosts())
    return SmsapiChannel(settings, client)


def _reader(settings: Mapping[str, str]) -> SmsapiReader:  # noqa: ARG001  (it signs nothing)
    return SmsapiReader()


PROVIDER = Provider(
    name="smsapi",
    label="SMSAPI",
    kind=MessageKind.SMS,
    settings=(
        Setting("token", "an OAuth token with the right to send", is_secret=True),
        SENDER,
        API_URL("https://api.smsapi.com", "https://api.smsapi.pl for accounts of smsapi.pl"),
        FEEDBACK_URL,
        TRANSLITERATE,
        PART_COST,
        CURRENCY,
        LOW_BALANCE,
    ),
    open=_open,
    reader=_reader,
)
