"""Where a provider's settings come from: secrets never from the command line, which others can read."""

import sys
from collections.abc import Iterable

import typer

from ripresa.contracts.provider import Declared
from ripresa.core import config as configuration
from ripresa.entrypoints.cli.problem import Problem


def settings_from(
    provider: Declared, given: list[str], *, stdin: bool, is_new: bool
) -> dict[str, str]:
    """What was said on the command line, and secrets from wherever they may come. Raises Problem."""
    settings = _pairs(given)
    if open_secrets := settings.keys() & provider.secret_names:
        one = min(open_secrets)
        raise Problem(
            f"{one} is a secret, and others can read a command line: leave it out to be asked for it, "
            f"or use --stdin or RIPRESA_PROVIDER_{one.upper()}"
        )
    if stdin:
        settings |= _pairs(line for line in sys.stdin.read().splitlines() if line.strip())
    for setting in provider.settings:
        if not setting.is_secret or setting.name in settings:
            continue
        if (found := configuration.provider_secret(setting.name)) is not None:
            settings[setting.name] = found
        elif is_new and sys.stdin.isatty():
            asked = f"{setting.name} ({setting.help})"
            settings[setting.name] = typer.prompt(
                asked, default=setting.default, hide_input=True, show_default=False
            )
    return settings


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, is_there, value = text.partition("=")
        if not is_there:
            # Without what was said: it may be a secret.
            raise Problem("a setting is given as name=value")
        pairs[name.strip()] = value
    return pairs
