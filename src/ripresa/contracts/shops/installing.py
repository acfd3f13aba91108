"""An app that is installed by being sent to the shop and back: the authorization code grant of OAuth 2.0."""

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
    accept(settings, query, now) -> what to keep, as of `renew`
        Reads what the shop sent the user back with. `state` was compared before. Raises HookRefused for
        what is not believed; ShopAway, NotLetIn.
    """

    address: Callable[[Mapping[str, str], str, str], str | None]
    accept: Callable[[Mapping[str, str], Mapping[str, str], datetime], Mapping[str, str]]
