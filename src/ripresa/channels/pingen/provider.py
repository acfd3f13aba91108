"""Pingen as a provider."""

from collections.abc import Mapping

from ripresa.channels.pingen.channel import IN_FLIGHT, Pingen
from ripresa.channels.pingen.reader import PingenReader
from ripresa.channels.pingen.settings import SETTINGS, printing_of, window_of
from ripresa.contracts.provider import MessageKind, Provider
from ripresa.core.config import internal_hosts
from ripresa.core.http.client import HttpClient


def _open(settings: Mapping[str, str]) -> Pingen:
    window_of(settings)
    printing_of(settings)
    client = HttpClient(connections=IN_FLIGHT, internal_hosts=internal_hosts())
    return Pingen(settings, client)


def _reader(settings: Mapping[str, str]) -> PingenReader:
    return PingenReader(settings["webhook_secret"])


PROVIDER = Provider(
    name="pingen",
    label="Pingen",
    kind=MessageKind.LETTER,
    settings=SETTINGS,
    open=_open,
    reader=_reader,
)
