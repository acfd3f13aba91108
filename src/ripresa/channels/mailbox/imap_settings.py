"""Where an IMAP mailbox is and how it is read, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from ripresa.contracts.calling.sayings import say
from ripresa.contracts.provider import BadSettings

_PORTS: Mapping[str, int] = {"yes": 993, "starttls": 143, "none": 143}
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """An IMAP mailbox. `tls` is `yes` (from the first byte), `starttls` or `none`."""

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    folder: str
    move_to: str

    @classmethod
    def from_texts(cls, settings: Mapping[str, str]) -> Self:
        """Read complete settings. Raises BadSettings."""
        host, tls = settings["host"].strip(), settings["tls"].strip().lower()
        if not host:
            raise BadSettings(say("host must name the IMAP server"))
        if tls not in _PORTS:
            raise BadSettings(say("tls must be yes, starttls or none, not {tls!r}", tls=tls))
        if tls == "none" and host not in _THIS_MACHINE:
            raise BadSettings(
                say("tls can be none on this machine only: the password would be readable")
            )
        folder, move_to = settings["folder"].strip(), settings["move_to"].strip()
        if not folder or folder == move_to:
            raise BadSettings(say("folder must be given, and be another one than move_to"))
        return cls(
            host=host,
            port=_port(settings["port"].strip(), tls),
            tls=tls,
            user=settings["user"],
            password=settings["password"],
            folder=folder,
            move_to=move_to,
        )


def _port(text: str, tls: str) -> int:
    if not text:
        return _PORTS[tls]
    if not text.isdigit() or not 0 < int(text) <= _HIGHEST_PORT:
        raise BadSettings(
            say(
                "port must be a number from 1 to {most}, not {text!r}",
                most=_HIGHEST_PORT,
                text=text,
            )
        )
    return int(text)
