"""`ripresa`: every command, and what a user sees when something is wrong."""

import sys
from typing import NoReturn

import typer

from ripresa.core.config import ConfigError
from ripresa.core.database_problem import DatabaseProblem
from ripresa.entrypoints.cli import (
    agents,
    analysis,
    bounces,
    by_hand,
    campaign_life,
    campaigns,
    connections,
    consents,
    contacts,
    crash,
    database,
    deals,
    demo,
    dkim,
    doctor,
    events,
    explain,
    importing,
    keys,
    letters,
    pipeline,
    providers,
    replaying,
    retention,
    scenario_life,
    scenarios,
    segments,
    senders,
    sending,
    serve,
    shops,
    simulation,
    sms,
    suppressions,
    tracking,
)
from ripresa.entrypoints.cli.coupons import pools as coupons
from ripresa.entrypoints.cli.problem import Problem

app = typer.Typer(
    name="ripresa",
    help="Abandoned-cart recovery: hears what happens in a shop, reminds, and falls silent on purchase.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for part in (
    serve.app,
    demo.app,
    doctor.app,
    simulation.app,
    replaying.app,
    sending.app,
    explain.app,
    by_hand.app,
    analysis.app,
    connections.commands,
    retention.app,
):
    app.registered_commands += part.registered_commands
shops.shop.registered_commands += tracking.app.registered_commands
app.add_typer(shops.shop, name="shop")
app.add_typer(shops.user, name="user")
app.add_typer(keys.app, name="key")
app.add_typer(coupons.app, name="coupon")
app.add_typer(connections.app, name="connection")
app.add_typer(contacts.app, name="contact")
app.add_typer(consents.app, name="consent")
app.add_typer(suppressions.app, name="suppression")
app.add_typer(agents.app, name="agent")
app.add_typer(pipeline.app, name="pipeline")
app.add_typer(deals.app, name="deal")
app.add_typer(providers.app, name="provider")
app.add_typer(dkim.app, name="dkim")
app.add_typer(senders.app, name="sender")
app.add_typer(events.app, name="events")
app.add_typer(importing.app, name="import")
app.add_typer(bounces.app, name="bounce")
scenarios.app.registered_commands += scenario_life.app.registered_commands
app.add_typer(scenarios.app, name="scenario")
app.add_typer(segments.app, name="segment")
campaigns.app.registered_commands += campaign_life.app.registered_commands
app.add_typer(campaigns.app, name="campaign")
app.add_typer(sms.app, name="sms")
app.add_typer(letters.app, name="letter")
app.add_typer(database.app, name="db")


def main() -> None:
    """Run the command line; a problem that a user can mend is one sentence and exit code 1.

    Typer ends quietly with 130 on Ctrl-C.
    """
    try:
        app()
    except (Problem, ConfigError, DatabaseProblem) as wrong:
        _end(str(wrong), 1)
    except Exception as unforeseen:  # noqa: BLE001  (the last who could say anything)
        _end(crash.tell(unforeseen), crash.EXIT_CODE)


def _end(sentence: str, code: int) -> NoReturn:
    sys.stderr.write(f"ripresa: {sentence}\n")
    sys.exit(code)
