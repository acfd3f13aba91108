"""SMTP as a provider: a shop's own mail server."""

from collections.abc import Mapping

from ripresa.channels.smtp.channel import SmtpChannel
from ripresa.channels.smtp.dkim import BadKey, Signer
from ripresa.channels.smtp.settings import BadSmtpUrl, SmtpSettings
from ripresa.contracts.calling.sayings import laid_out, said_by, say
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting


def signer_of(settings: Mapping[str, str]) -> Signer | None:
    """What signs the mails of an account; None: it is not asked to. Raises BadSettings."""
    names = ("dkim_domain", "dkim_selector", "dkim_key")
    given = [settings[name] for name in names]
    if not any(given):
        return None
    if not all(given):
        raise BadSettings(say("to sign mails all of {names} are needed", names=", ".join(names)))
    try:
        return Signer.of(*given)
    except BadKey as wrong:
        raise BadSettings(laid_out("DKIM: {wrong}", wrong=said_by(wrong))) from None


def _open(settings: Mapping[str, str]) -> SmtpChannel:
    try:
        return SmtpChannel(SmtpSettings.from_url(settings["url"]), signer_of(settings))
    except BadSmtpUrl as wrong:
        raise BadSettings(laid_out("url: {wrong}", wrong=said_by(wrong))) from None


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
        Setting("dkim_domain", "the domain to sign mails for, if we are to sign", default=""),
        Setting("dkim_selector", "the name of the key in the DNS: see ripresa dkim", default=""),
        Setting(
            "dkim_key",
            "the private key, RSA or Ed25519: PKCS 8 in base64 on one line",
            is_secret=True,
            default="",
        ),
    ),
    open=_open,
)
