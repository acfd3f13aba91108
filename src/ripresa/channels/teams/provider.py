"""Microsoft Teams as a provider."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from ripresa.channels.teams.card import payload_of
from ripresa.contracts.calling.sayings import say
from ripresa.contracts.channel import OutgoingNotice
from ripresa.contracts.notices.posting import PostingChannel, Way, checked_address
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting
from ripresa.core.http.client import Call

# Where workflows have their webhooks; more can be named in `hosts`.
_HOSTS = "logic.azure.com,api.powerplatform.com,api.powerautomate.com,flow.microsoft.com"
_RETIRED = "webhook.office.com"
_ADVICE = say(
    "in Teams, make the workflow “Post to a channel when a webhook request is received” and take the "
    "address that it shows"
)


def _open(settings: Mapping[str, str]) -> PostingChannel:
    url = settings["url"]
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        host = ""
    if host == _RETIRED or host.endswith(f".{_RETIRED}"):
        raise BadSettings(
            say(
                "url is a connector of Office 365, and Microsoft ended those; {advice}",
                advice=_ADVICE,
            )
        )
    hosts = [one.strip().lower() for one in settings["hosts"].split(",") if one.strip()]
    url = checked_address(url, hosts=hosts, advice=_ADVICE)

    def call_of(notice: OutgoingNotice) -> Call:
        return Call.json(url, payload_of(notice))

    return PostingChannel(Way("teams", call_of))


PROVIDER = Provider(
    name="teams",
    label="Microsoft Teams (workflow)",
    kind=MessageKind.NOTICE,
    settings=(
        Setting("url", "the workflow's address: who knows it can post", is_secret=True),
        Setting("hosts", "where workflows have their addresses, with commas", default=_HOSTS),
    ),
    open=_open,
)
