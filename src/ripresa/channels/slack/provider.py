"""Slack as a provider."""

from collections.abc import Mapping

from ripresa.channels.slack.blocks import payload_of
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import OutgoingNotice
from ripresa.contracts.notices.posting import PostingChannel, Way, checked_address
from ripresa.contracts.provider import MessageKind, Provider, Setting
from ripresa.core.http.client import Call

_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_ADVICE = say("an incoming webhook begins with https://hooks.slack.com/services/")


def _open(settings: Mapping[str, str]) -> PostingChannel:
    url = checked_address(settings["url"], hosts=_HOSTS, advice=_ADVICE)

    def call_of(notice: OutgoingNotice) -> Call:
        return Call.json(url, payload_of(notice))

    return PostingChannel(Way("slack", call_of))


PROVIDER = Provider(
    name="slack",
    label="Slack (incoming webhook)",
    kind=MessageKind.NOTICE,
    settings=(
        Setting(
            "url",
            "the incoming webhook, https://hooks.slack.com/services/…: who knows it can post",
            is_secret=True,
        ),
    ),
    open=_open,
)
