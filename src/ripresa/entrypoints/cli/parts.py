"""The commands as a mapping that imports a command's module when that command is asked for.

Every command of Ripresa starts a process, and most need a small part of the program: importing all of it
takes longer than what many commands do.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from ripresa.entrypoints.cli.summaries import SUMMARIES

_FOLDER = "ripresa.entrypoints.cli."

# Every command's name: where the Typer app is that has it, below this folder.
COMMANDS: Mapping[str, str] = {
    **dict.fromkeys(("up", "web", "intake", "worker", "mailbox"), "serve:app"),
    "demo": "demo:app",
    "doctor": "doctor:app",
    "simulate": "simulation:app",
    **dict.fromkeys(("replay", "try"), "replaying:app"),
    **dict.fromkeys(("volume", "stop", "start"), "sending:app"),
    "explain": "explain:app",
    "send": "by_hand:app",
    **dict.fromkeys(("attribute", "holdout"), "analysis:app"),
    "connect": "connections:commands",
    "retention": "retention:app",
    "export": "exporting:app",
    "health": "health:app",
    "probe": "probe:app",
}
# Every group's name: the apps whose commands it has; what is said about it is said by the first.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "shop": ("shops:shop", "tracking:app"),
    "user": ("shops:user", "members:app"),
    "key": ("keys:app",),
    "coupon": ("coupons.pools:app",),
    "connection": ("connections:app", "connection_life:app", "connection_gaps:app"),
    "contact": ("contacts:app",),
    "consent": ("consents:app",),
    "suppression": ("suppressions:app",),
    "agent": ("agents:app",),
    "pipeline": ("pipeline:app",),
    "deal": ("deals:app",),
    "provider": ("providers:app", "provider_trial:app", "strays:app"),
    "dkim": ("dkim:app",),
    "sender": ("senders:app",),
    "events": ("events:app",),
    "import": ("importing:app",),
    "bounce": ("bounces:app", "strays:mails"),
    "scenario": ("scenarios:app", "scenario_life:app"),
    "segment": ("segments:app",),
    "campaign": ("campaigns:app", "campaign_life:app"),
    "sms": ("sms:app",),
    "letter": ("letters:app",),
    "popup": ("popup:app",),
    "hours": ("hours:app",),
    "legal": ("legal:app",),
    "feature": ("features:app",),
    "shadow": ("shadow:app",),
    "webhook": ("webhooks:app",),
    "report": ("reports.figures:app", "reports.credits:app", "reports.verdicts:app"),
    "db": ("database:app",),
}


class Parts(TyperGroup):
    """The program as a group of commands, none of which is imported before it is wanted."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = _Lazy()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (its base wants it)
        """The names of all commands and groups, in the order in which they are shown."""
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help names all commands, and imports none."""
        self.commands = {name: TyperCommand(name, help=SUMMARIES[name]) for name in self.commands}
        super().format_help(ctx, formatter)


class _Lazy(MutableMapping[str, Any]):
    """Command by name. Made once, on the first look."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _group(name) if name in GROUPS else _command(name)
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter([*COMMANDS, *GROUPS])

    def __len__(self) -> int:
        return len(COMMANDS) + len(GROUPS)


def _command(name: str) -> Any:
    return typer.main.get_group(_app(COMMANDS[name])).commands[name]


def _group(name: str) -> Any:
    group, *more = (typer.main.get_group(_app(place)) for place in GROUPS[name])
    for one in more:
        group.commands.update(one.commands)
    group.name = name
    return group


def _app(place: str) -> typer.Typer:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(_FOLDER + module), attribute)
    if not isinstance(found, typer.Typer):
        raise TypeError(f"{place} is no Typer app")
    return found
