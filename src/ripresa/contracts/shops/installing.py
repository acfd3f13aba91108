"""An app that is installed by being sent to the shop and back: by a code, or by a call with keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

# Where an installation begins: this and a signed id of the connection. Where the shop sends people back to:
# this, the platform, and INSTALL_BACK.
INSTALL_PATH = "/connect/"
INSTALL_BACK = "/back"
INSTALL_PURPOSE = "connection install"


@dataclass(frozen=True, slots=True)
class Install:
    """How an app is installed.

    address(settings, back, state) -> where to send the user; None: these settings need no installation.
        `back` is where the shop sends people back to; `back` with a slash and `state` is where it calls us.
    accept(settings, query, now) -> what to keep, as of `renew`
        Reads what the shop sent the user back with. `state` was compared before. Raises HookRefused for
        what is not believed; ShopAway, NotLetIn.
    receive(settings, body) -> settings to change
        Reads what the shop itself called with, within a quarter of an hour after the user was sent there;
        `state` was read before. Raises HookRefused; ShopAway, NotLetIn. Absent: shops call with nothing.
    """

    address: Callable[[Mapping[str, str], str, str], str | None]
    accept: Callable[[Mapping[str, str], Mapping[str, str], datetime], Mapping[str, str]]
    receive: Callable[[Mapping[str, str], bytes], Mapping[str, str]] | None = None
