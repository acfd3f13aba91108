"""Twilio as a provider."""

import re
from collections.abc import Mapping

from ripresa.channels.twilio.channel import IN_FLIGHT, TwilioChannel
from ripresa.channels.twilio.reader import TwilioReader
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting
from ripresa.contracts.sms.prices import CURRENCY, PART_COST, part_costs
from ripresa.contracts.sms.settings import (
    API_URL,
    FEEDBACK_URL,
    LOW_BALANCE,
    TRANSLITERATE,
    checked,
)
from ripresa.core.config import internal_hosts
from ripresa.core.http.client import HttpClient

_SID = re.compile(r"[A-Za-z0-9]{2,64}")


def _open(settings: Mapping[str, str]) -> TwilioChannel:
    # A messaging service stands where a sender does, and is no name that a reader sees.
    is_service = settings["sender"].startswith("MG")
    checked({**settings, "sender": "" if is_service else settings["sender"]})
    part_costs(settings)
    if not _SID.fullmatch(settings["account_sid"]):
        raise BadSettings(
            say("account_sid is what the console of Twilio shows: AC and 32 characters")
        )
    if bool(settings["api_key_sid"]) != bool(settings["api_key_secret"]):
        raise BadSettings(
            say("api_key_sid and api_key_secret belong together: give both or neither")
        )
    client = HttpClient(connections=IN_FLIGHT, internal_hosts=internal_hosts())
    return TwilioChannel(settings, client)


def _reader(settings: Mapping[str, str]) -> TwilioReader:
    return TwilioReader(settings["auth_token"])


PROVIDER = Provider(
    name="twilio",
    label="Twilio",
    kind=MessageKind.SMS,
    settings=(
        Setting("account_sid", "the account's SID (AC…)"),
        Setting("auth_token", "the account's token; its calls are checked by it", is_secret=True),
        Setting(
            "sender",
            "a number (+1…), an alphanumeric name, or the SID of a messaging service (MG…); "
            "empty: what each scenario says",
            default="",
        ),
        Setting("api_key_sid", "an API key (SK…) to send with instead of the token", default=""),
        Setting("api_key_secret", "that key's secret", is_secret=True, default=""),
        API_URL("https://api.twilio.com", "another region has its own"),
        FEEDBACK_URL,
        TRANSLITERATE,
        PART_COST,
        CURRENCY,
        LOW_BALANCE,
    ),
    open=_open,
    reader=_reader,
)
