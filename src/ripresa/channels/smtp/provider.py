"""SMTP as a provider: a shop's own mail server."""

from collections.abc import Mapping

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import BadSmtpUrl, SmtpSettings
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting


def _open(settings: Mapping[str, str]) -> SmtpChannel:
    try:
        return SmtpChannel(SmtpSettings.from_url(settings["url"]))
    except BadSmtpUrl as wrong:
        raise BadSettings(f"url: {wrong}") from None


PROVIDER = Provider(
    name="smtp",
    label="SMTP",
    kind=MessageKind.EMAIL,
    settings=(
        Setting(
            "url",
            "the mail server, as smtps://user:password@host:465 or smtp://user:password@host:587",
            is_secret=True,
        ),
    ),
    open=_open,
)
