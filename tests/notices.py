"""Providers of notices, opened against a server of the test's own."""

import os
from typing import Any
from unittest import mock

from ripresa.channels.signed_webhook import provider as signed_webhook
from ripresa.channels.slack import provider as slack
from ripresa.channels.teams import provider as teams
from ripresa.contracts.channel import Channel
from tests.scripted_http import HOST

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of the specification
NOTICE_PROVIDERS = {one.PROVIDER.name: one.PROVIDER for one in (slack, teams, signed_webhook)}


def settings_for(name: str, url: str) -> dict[str, str]:
    """Complete settings that post to `url`."""
    given = {"url": url + "/services/T1/B1/x"} | (
        {"secret": SECRET} if name == "signed_webhook" else {}
    )
    return NOTICE_PROVIDERS[name].complete(given)


def open_notices(name: str, url: str) -> Channel[Any]:
    """The channel, for a server on loopback."""
    with mock.patch.dict(os.environ, {"RIPRESA_INTERNAL_HOSTS": HOST}):
        return NOTICE_PROVIDERS[name].open(settings_for(name, url))
