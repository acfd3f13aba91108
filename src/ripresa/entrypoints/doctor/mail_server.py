"""Whether the mail server would take a mail: everything up to MAIL FROM is tried, nothing is sent."""

import time

from ripresa.channels.smtp.opening import CannotOpen, tls_context
from ripresa.channels.smtp.session import Session
from ripresa.channels.smtp.settings import BadSmtpUrl, Tls
from ripresa.core.config import Config, ConfigError
from ripresa.entrypoints.doctor.finding import Finding
from ripresa.entrypoints.doctor.machine import is_this_machine
from ripresa.entrypoints.registry import smtp_settings

PATIENCE_SECONDS = 10.0


def check_mail_server(config: Config) -> Finding:
    """Connect, encrypt, greet, log in, take leave."""
    try:
        settings = smtp_settings(config)
        context = tls_context(settings)
        session = Session.open(settings, context, deadline=time.monotonic() + PATIENCE_SECONDS)
    except (ConfigError, BadSmtpUrl) as wrong:
        return Finding("mail server", "fail", str(wrong), "correct RIPRESA_SMTP_URL")
    except CannotOpen as refusal:
        return Finding(
            "mail server",
            "fail",
            str(refusal),
            "mails wait and are tried again; correct RIPRESA_SMTP_URL or start the server",
        )
    session.quit()
    where = f"{settings.host}:{settings.port}"
    how = {Tls.NONE: "not encrypted", Tls.STARTTLS: "STARTTLS", Tls.IMPLICIT: "TLS"}[settings.tls]
    found = f"{where} answers, {how}" + (", login accepted" if settings.user else "")
    if settings.tls is Tls.NONE and not is_this_machine(settings.host):
        return Finding("mail server", "warn", found, "use smtps://, or smtp:// without tls=none")
    return Finding("mail server", "ok", found)
