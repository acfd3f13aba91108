"""Which providers there are: the one place where a channel's name meets its implementation."""

from ripresa.channels.recording.channel import RecordingChannel
from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.settings import BadSmtpUrl, SmtpSettings
from ripresa.contracts.channel import Channel, Channels, OutgoingEmail
from ripresa.core.config import Config, ConfigError


def smtp_settings(config: Config) -> SmtpSettings:
    """The mail server. Raises ConfigError."""
    try:
        return SmtpSettings.from_url(config.smtp_url)
    except BadSmtpUrl as wrong:
        raise ConfigError(f"RIPRESA_SMTP_URL: {wrong}") from None


def email_channel(config: Config) -> Channel[OutgoingEmail]:
    """The channel for e-mail. Raises ConfigError; connects only when it has something to send."""
    try:
        return SmtpChannel(smtp_settings(config))
    except BadSmtpUrl as wrong:
        raise ConfigError(f"RIPRESA_SMTP_URL: {wrong}") from None


def channels(config: Config) -> Channels:
    """The provider of each kind. Raises ConfigError. Nobody carries SMS and letters yet."""
    return Channels(email_channel(config), RecordingChannel(), RecordingChannel())
