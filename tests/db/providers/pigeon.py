"""A provider for tests: it takes whatever it is given, and keeps which settings it was opened with."""

from collections.abc import Mapping

from ripresa.contracts.feedback import Feedback, HookReply, HookRequest
from ripresa.contracts.provider import BadSettings, MessageKind, Provider, Setting
from ripresa.core.secrets import key_file
from ripresa.core.secrets.box import SecretBox
from ripresa.usecases.providers.provider_accounts import Accounts
from tests.db.usecases.engine_world import Kept

SECRET = "hunter2-of-the-pigeons"
OPENED: list["Pigeon"] = []


class Pigeon(Kept):
    """A channel that knows its settings and whether it was closed."""

    settings: Mapping[str, str]
    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class PigeonReader:
    """Pigeons say nothing."""

    reply = HookReply(body=b"coo")

    def read(self, request: HookRequest) -> list[Feedback]:
        return []


def _open(settings: Mapping[str, str]) -> Pigeon:
    if settings["loft"] == "burnt":
        raise BadSettings("loft: it burnt down, name another one")
    channel = Pigeon(name="pigeon")
    channel.settings = dict(settings)
    OPENED.append(channel)
    return channel


PIGEON = Provider(
    name="pigeon",
    label="Pigeon post",
    kind=MessageKind.SMS,
    settings=(
        Setting("feedback_url", "where they fly back to", default=""),
        Setting("loft", "where the pigeons live", default="roof"),
        Setting("whistle", "what they come to", is_secret=True),
    ),
    open=_open,
    reader=lambda settings: PigeonReader(),
)


def pigeons(*keys: str) -> Accounts:
    """Accounts with pigeons only, sealed with `keys` or a key of their own."""
    return Accounts({"pigeon": PIGEON}, SecretBox(keys or (key_file.new_key(),)))
