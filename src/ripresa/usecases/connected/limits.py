"""What the connected shops can't do: declared by their connectors, told wherever it may be missed."""

from collections.abc import Mapping
from dataclasses import dataclass

from ripresa.contracts.shops.connector import Ability, Connector
from ripresa.domain.connections import queries
from ripresa.domain.connections.models import Connection


@dataclass(frozen=True, slots=True)
class Limits:
    """A connection, and what its platform can't do; `cannot` in the order of `Ability`."""

    connection: str
    platform: str
    cannot: tuple[Ability, ...]


def cannot(connection: Connection, connectors: Mapping[str, Connector]) -> tuple[Ability, ...]:
    """What the platform of a connection can't do; of one that nobody knows, everything."""
    connector = connectors.get(connection.platform)
    can = connector.can if connector else frozenset[Ability]()
    return tuple(one for one in Ability if one not in can)


def limits_of_shop(shop_id: int, connectors: Mapping[str, Connector]) -> list[Limits]:
    """The open connections of a shop with what each can't do, the oldest first."""
    return [
        Limits(one.name, one.platform, cannot(one, connectors))
        for one in queries.list_open(shop_id)
    ]
