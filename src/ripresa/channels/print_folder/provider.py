"""A print folder as a provider."""

from collections.abc import Mapping

from ripresa.channels.print_folder.channel import PrintFolder
from ripresa.channels.print_folder.settings import SETTINGS, FolderSettings
from ripresa.contracts.provider import MessageKind, Provider


def _open(settings: Mapping[str, str]) -> PrintFolder:
    return PrintFolder(FolderSettings.of(settings))


PROVIDER = Provider(
    name="print_folder",
    label="Print folder",
    kind=MessageKind.LETTER,
    settings=SETTINGS,
    open=_open,
)
