"""From nothing to a connection that takes mails: connect, encrypt, greet, log in.

RFC 5321 3.1 and 3.2 (greeting), 3207 (STARTTLS), 8314 (TLS from the first byte), 4954 and 4616
(login).
"""

import base64
import ssl
from collections.abc import Mapping

from ripresa.channels.smtp.settings import BadSmtpUrl, SmtpSettings, Tls
from ripresa.channels.smtp.wire import ConnectionBroken, Reply, Wire
from ripresa.contracts.calling.sayings import Saying, said_by, say
from ripresa.contracts.channel import RefusalKind, Refused

_CHALLENGE = 334


class CannotOpen(Exception):
    """No mail can be handed over now; `refused` is the fate of each that waits."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.detail)
        self.refused = refused


def tls_context(settings: SmtpSettings) -> ssl.SSLContext | None:
    """What checks the server's certificate and name. Raises BadSmtpUrl for a bad `ca_file`."""
    if settings.tls is Tls.NONE:
        return None
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ValueError) as error:
        raise BadSmtpUrl(
            say("ca_file: {ca_file} holds no certificate in PEM", ca_file=settings.ca_file)
        ) from error


def open_wire(
    settings: SmtpSettings, context: ssl.SSLContext | None, *, deadline: float
) -> tuple[Wire, Mapping[str, str]]:
    """A connection ready for MAIL FROM, and what the server offers: keyword to parameters.

    Raises CannotOpen.
    """
    try:
        wire = Wire.connect(settings.host, settings.port, deadline=deadline)
    except ConnectionBroken as error:
        raise CannotOpen(passing(said_by(error))) from error
    try:
        return wire, _greet(wire, settings, context, deadline)
    except ConnectionBroken as error:
        wire.close()
        raise CannotOpen(passing(_of_server(settings, said_by(error)))) from error
    except ssl.SSLCertVerificationError as error:
        wire.close()
        words = say(
            "the certificate of the mail server {server} cannot be trusted: {why}",
            server=_server(settings),
            why=error.verify_message,
        )
        raise CannotOpen(_lasting(words)) from error
    except CannotOpen:
        wire.close()
        raise


def passing(detail: str) -> Refused:
    """The fate of a mail that met a trouble which may be gone in a minute."""
    return Refused(permanent=False, kind=RefusalKind.OTHER, detail=detail)


def _lasting(detail: str) -> Refused:
    """The fate of a mail where nothing gets through until someone mends the settings or account."""
    return Refused(permanent=False, kind=RefusalKind.POLICY, detail=detail)


def _server(settings: SmtpSettings) -> str:
    return f"{settings.host}:{settings.port}"


def _of_server(settings: SmtpSettings, said: str) -> Saying:
    return say("the mail server {server}: {said}", server=_server(settings), said=said)


def _greet(
    wire: Wire, settings: SmtpSettings, context: ssl.SSLContext | None, deadline: float
) -> Mapping[str, str]:
    if context is not None and settings.tls is Tls.IMPLICIT:
        wire.start_tls(context, settings.host, deadline=deadline)
    reply = wire.read_reply(deadline=deadline)
    _insist(
        reply,
        say("the mail server {server} lets nobody in: {said}", **_saying(settings, reply)),
    )
    offers = _ehlo(wire, settings, deadline)
    if context is not None and settings.tls is Tls.STARTTLS:
        _start_tls(wire, settings, offers, deadline)
        wire.start_tls(context, settings.host, deadline=deadline)
        # What was offered in clear may have been written by anybody (RFC 3207, section 4.2).
        offers = _ehlo(wire, settings, deadline)
    if settings.user:
        _log_in(wire, settings, offers, deadline)
    return offers


def _ehlo(wire: Wire, settings: SmtpSettings, deadline: float) -> Mapping[str, str]:
    reply = _ask(wire, f"EHLO {wire.own_literal}", deadline)
    _insist(
        reply,
        say("the mail server {server} does not greet back: {said}", **_saying(settings, reply)),
    )
    # `AUTH=LOGIN` is how servers wrote it before there was a standard; some still do.
    offers = (line.replace("=", " ", 1).partition(" ") for line in reply.lines[1:])
    return {keyword.upper(): parameters.upper() for keyword, _, parameters in offers}


def _start_tls(
    wire: Wire, settings: SmtpSettings, offers: Mapping[str, str], deadline: float
) -> None:
    if "STARTTLS" not in offers:
        raise CannotOpen(
            _lasting(
                say(
                    "the mail server {server} offers no STARTTLS; "
                    "if mails may travel in clear, say tls=none in its URL",
                    server=_server(settings),
                )
            )
        )
    reply = _ask(wire, "STARTTLS", deadline)
    _insist(
        reply,
        say("the mail server {server} refuses STARTTLS: {said}", **_saying(settings, reply)),
    )
    if wire.has_unread():
        # Words sent ahead of the handshake would be taken for encrypted ones (CVE-2011-0411).
        raise ConnectionBroken(
            say("words in clear came after STARTTLS, as if someone slipped them in")
        )


def _log_in(wire: Wire, settings: SmtpSettings, offers: Mapping[str, str], deadline: float) -> None:
    ways = offers.get("AUTH", "").split()
    both, password = _base64(f"\0{settings.user}\0{settings.password}"), _base64(settings.password)
    if "PLAIN" in ways:
        lines = [f"AUTH PLAIN {both}"]
    elif "LOGIN" in ways:
        lines = ["AUTH LOGIN", _base64(settings.user), password]
    else:
        raise CannotOpen(_lasting(_no_login(settings)))
    reply = _ask(wire, lines[0], deadline)
    for line in lines[1:]:
        if reply.code != _CHALLENGE:
            break
        reply = _ask(wire, line, deadline)
    # Some servers quote what they refuse, and the fate of a mail is shown and logged.
    said = reply.without(settings.password, both, password)
    _insist(
        said,
        say(
            "the mail server {server} refuses user {user} or its password: {said}",
            user=repr(settings.user),
            **_saying(settings, said),
        ),
    )


def _no_login(settings: SmtpSettings) -> Saying:
    server = _server(settings)
    if settings.tls is Tls.NONE:
        return say(
            "the mail server {server} offers no login by PLAIN or LOGIN without encryption",
            server=server,
        )
    return say("the mail server {server} offers no login by PLAIN or LOGIN", server=server)


def _saying(settings: SmtpSettings, reply: Reply) -> dict[str, str]:
    """What a sentence about an answer of the server is filled with."""
    return {"server": _server(settings), "said": str(reply)}


def _ask(wire: Wire, line: str, deadline: float) -> Reply:
    wire.write(f"{line}\r\n".encode(), deadline=deadline)
    return wire.read_reply(deadline=deadline)


def _insist(reply: Reply, otherwise: Saying) -> None:
    """Go on only after a 2yz. A 4yz passes by itself; a 5yz means that someone has to act."""
    if reply.is_positive:
        return
    kind = _lasting if reply.is_permanent else passing
    raise CannotOpen(kind(otherwise))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
