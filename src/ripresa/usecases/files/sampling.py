"""The first rows of a kept file as they stand, for whoever chooses which column holds what."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from ripresa.contracts.calling.sayings import say
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.domain.shops.models import Shop
from ripresa.usecases.files.bringing import Brought, open_spool
from ripresa.usecases.files.fields import KINDS
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.files.reading import see
from ripresa.usecases.tables.importing import NotImportable

# Enough of a file for its shape, its columns and the way in which it writes dates to show.
_PIECES = 2
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its `name` ("" where the file names none), the first cells, the `field` it holds."""

    number: int
    name: str
    cells: Sequence[str]
    field: str


@dataclass(frozen=True, slots=True)
class Sample:
    """`manner`: what was said and found out, dates and decimals included."""

    kind: str
    columns: Sequence[Column]
    has_names: bool
    encoding: str
    delimiter: str
    manner: Manner

    @property
    def needs(self) -> Sequence[tuple[str, ...]]:
        """Groups of fields of which one must have a column."""
        return KINDS[self.kind].needs


def sample_of(one: FileImport) -> Sample:
    """Look at the beginning of a kept file. Raises NotImportable."""
    with (
        TemporaryDirectory(prefix="ripresa-sample-") as folder,
        open_spool(folder, one) as spool,
    ):
        if not operations.write_beginning(one, spool, _PIECES):
            raise NotImportable(say("the file is not kept any more: bring it again to look at it"))
        seen = see(Path(spool.name), one.kind, msgspec.convert(one.manner, Manner))
    names = seen.columns.names
    rows = seen.sample[1 if names else 0 :][:SHOWN]
    width = max(len(row) for row in seen.sample[: SHOWN + 1])
    held = {place: field for field, place in seen.columns.places.items()}
    columns = [
        Column(
            at + 1,
            names[at].strip() if names and at < len(names) else "",
            [row[at].strip() if at < len(row) else "" for row in rows],
            held.get(at, ""),
        )
        for at in range(width)
    ]
    shape = (seen.file.encoding, seen.file.delimiter)
    return Sample(one.kind, columns, names is not None, *shape, seen.manner)


def say_anew(one: FileImport, shop: Shop, said: Manner) -> bool:
    """How the file is to be read, told anew before it starts; False: it has started.

    Of a named mapping all holds but its columns. Raises NotImportable for what makes no sense.
    """
    manner = Brought(one.kind, one.name, one.mapping, said).manner(shop)
    exact = msgspec.structs.replace(manner, columns=said.columns, is_named=False)
    return operations.say_anew(one, one.mapping, msgspec.to_builtins(exact))
