"""The rows that an import left out, as a file to mend and bring again."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from ripresa.contracts.calling.sayings import say
from ripresa.domain.imports import operations
from ripresa.domain.imports.models import FileImport
from ripresa.usecases.files.bringing import open_spool
from ripresa.usecases.files.fields import KINDS
from ripresa.usecases.files.manner import Manner
from ripresa.usecases.files.reading import OpenFile, open_file
from ripresa.usecases.tables.importing import NotImportable

# The heading over what is wrong; no field is called so, so it is passed over when the file comes again.
PROBLEM = "problem"


def rows_to_mend(one: FileImport) -> str:
    """What was left out, with its headings and what is wrong with it, parted as the file is.

    A cart or an order of several rows comes with all of them. Raises NotImportable where the file is gone.
    """
    lost = operations.lost_rows(one)
    with TemporaryDirectory(prefix="ripresa-mend-") as folder, open_spool(folder, one) as spool:
        if not operations.write_out(one, spool):
            raise NotImportable(say("the file is not kept any more: its rows can't be told"))
        file = open_file(Path(spool.name), one.kind, msgspec.convert(one.manner, Manner))
        out = StringIO()
        # As they came, formulas included: they are to be brought again.
        csv.writer(out, delimiter=file.file.delimiter).writerows(_rows(file, lost))
        return out.getvalue()


def _rows(file: OpenFile, lost: Mapping[int, list[str]]) -> Iterator[list[str]]:
    names = file.columns.names
    width = len(names or ())
    if names is not None:
        yield [*names, PROBLEM]
    group = KINDS[file.kind].group
    held: str | None = None
    is_first = names is not None
    for number, cells in file.file.rows():
        if is_first:  # the headings, behind which all rows are
            is_first = not any(cell.strip() for cell in cells)
            continue
        key = file.columns.cells(cells).get(group) if group else None
        if number in lost:
            held = key or None
        elif held is None or key != held:
            held = None
            continue
        yield [*cells, *[""] * (width - len(cells)), "; ".join(lost.get(number, []))]
