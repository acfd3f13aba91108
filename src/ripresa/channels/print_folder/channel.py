"""The channel: a batch is handed over once its PDF lies in the folder."""

import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from uuid import uuid4

import pikepdf

from ripresa.channels.print_folder.batch import put_batch
from ripresa.channels.print_folder.receipts import put_away, read_receipts
from ripresa.channels.print_folder.settings import FolderSettings
from ripresa.contracts.calling.asking import Tried
from ripresa.contracts.calling.fates import impossible, passing
from ripresa.contracts.calling.sayings import Saying, say
from ripresa.contracts.channel import Accepted, Fate, OutgoingLetter
from ripresa.contracts.feedback import Feedback
from ripresa.contracts.letters.abilities import trouble_of_letter
from ripresa.contracts.letters.windows import Window
from ripresa.core.money import Money

MOST_IN_A_BATCH = 500


class PrintFolder:
    """Letters for the merchant's own printer; a `Channel`, with a window, prices and receipts."""

    name = "print_folder"
    is_real = True
    in_flight = MOST_IN_A_BATCH
    has_price_list = True

    def __init__(self, settings: FolderSettings) -> None:
        """The folder is asked for anew at every batch: it may lie on another machine."""
        self._settings = settings
        self._told: list[Path] = []
        self.window: Window = settings.window

    def send(self, batch: Sequence[OutgoingLetter], *, timeout: timedelta) -> list[Fate]:
        """Put `batch` into the folder as one PDF; see Channel."""
        if timeout <= timedelta(0):
            return [passing("no time left") for _ in batch]
        troubles = [trouble_of_letter(letter) for letter in batch]
        sound = [letter for letter, wrong in zip(batch, troubles, strict=True) if not wrong]
        fate: Fate = self._put(sound) if sound else passing("nothing to print")
        return [impossible(wrong) if wrong else fate for wrong in troubles]

    def prices(
        self,
        letters: Sequence[OutgoingLetter],
        *,
        timeout: timedelta,  # noqa: ARG002  (no call)
    ) -> list[Money | None]:
        """What each letter costs, by the settings."""
        return [self._settings.price(letter) for letter in letters]

    def try_out(self, *, timeout: timedelta) -> Tried:  # noqa: ARG002  (no call)
        """Put an empty file into the folder and take it away again; see CanBeTried."""
        folder = self._settings.folder
        try:
            with TemporaryFile(dir=folder):
                pass
        except OSError as wrong:
            return Tried(False, _closed(folder, wrong))
        return Tried(True, say("{folder} takes files", folder=folder))

    def hear(self) -> list[Feedback]:
        """What was posted; to be put away by `heard` once it is taken down."""
        read = list(read_receipts(self._settings.folder))
        self._told = [path for path, _ in read]
        return [one for _, told in read for one in told]

    def heard(self) -> None:
        """Put away the lists that `hear` told of."""
        for path in self._told:
            put_away(path)
        self._told = []

    def close(self) -> None:
        """Nothing is kept open."""

    def _put(self, letters: Sequence[OutgoingLetter]) -> Fate:
        # Sorted by name they are sorted by time, and two machines never take the same name.
        name = f"letters-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{uuid4().hex[:8]}"
        try:
            put_batch(name, letters, self._settings)
        except OSError as trouble:
            return passing(f"the batch can't be written: {trouble}")
        except pikepdf.PdfError as broken:
            return impossible(f"the letters can't be joined: {broken}")
        return Accepted(name)


def _closed(folder: Path, wrong: OSError) -> Saying:
    why = wrong.strerror or wrong
    return say("nothing can be put into {folder}: {why}", folder=folder, why=why)
