"""Read a delimited text file row by row."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from ripresa.core.delimited.delimiter import detect_delimiter
from ripresa.core.delimited.encoding import detect_encoding
from ripresa.core.words.patterned import Patterned

# Longer than any row of a table; a file without line ends must not fill the memory.
LONGEST_LINE = 1 << 20
_SAMPLE_LINES = 200
_TELL_EVERY = 1 << 17


class Unreadable(Patterned):
    """The file can't be read as rows of text; the message says where and why."""


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """A text file whose shape is known. `size` in bytes."""

    path: Path
    size: int
    encoding: str
    delimiter: str

    def rows(
        self, progress: Callable[[int], None] = lambda _: None
    ) -> Iterator[tuple[int, list[str]]]:
        """Each row with its number, counted as a spreadsheet does: from 1, empty ones as well.

        `progress` hears from time to time how many more bytes were read. Raises Unreadable.
        """
        told = number = 0
        with self.path.open("rb") as file, _decoded(file, self.encoding) as text:
            reader = csv.reader(_lines(text, self.path), delimiter=self.delimiter)
            try:
                for number, row in enumerate(reader, start=1):
                    if number == 1 and _names_delimiter(row, self.delimiter):
                        continue
                    yield number, row
                    if number % 1000 == 0 and (at := file.tell()) - told > _TELL_EVERY:
                        progress(at - told)
                        told = at
            except UnicodeDecodeError as wrong:
                raise Unreadable(
                    "{file}: row {row} or one soon after is not {encoding}: {why}. "
                    "Save the file as UTF-8, or say which encoding it has",
                    file=self.path.name,
                    row=number + 1,
                    encoding=self.encoding,
                    why=wrong.reason,
                ) from None
            except csv.Error as wrong:
                raise Unreadable(
                    "{file}: row {row} can't be read ({why}). "
                    "Is a quotation mark open that is never closed?",
                    file=self.path.name,
                    row=number + 1,
                    why=wrong,
                ) from None
        progress(self.size - told)


def look_into(path: Path, *, encoding: str = "", delimiter: str = "") -> DelimitedFile:
    """Find out the shape of a file, as far as it is not said. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            _refuse_what_is_no_text(start, path.name)
            chosen = encoding or detect_encoding(file)
            size = file.seek(0, 2)
        if not size:
            raise Unreadable("{file} is empty", file=path.name)
        with path.open("rb") as file, _decoded(file, chosen) as text:
            sample = list(islice(_lines(text, path), _SAMPLE_LINES))
    except OSError as wrong:
        raise Unreadable("{file} can't be read: {why}", file=path, why=wrong.strerror) from None
    except LookupError:
        raise Unreadable(
            "there is no encoding {encoding}: say for instance utf-8, utf-16, cp1252, cp1250",
            encoding=repr(encoding),
        ) from None
    except UnicodeDecodeError as wrong:
        raise Unreadable(
            "{file} is not {encoding}: {why}. Save it as UTF-8, or say which encoding it has",
            file=path.name,
            encoding=chosen,
            why=wrong.reason,
        ) from None
    return DelimitedFile(path, size, chosen, delimiter or _said_or_seen(sample))


def _said_or_seen(sample: list[str]) -> str:
    """The delimiter that a first line like `sep=;` says, which spreadsheets write; else what one sees."""
    first = sample[0].strip().lower() if sample else ""
    if first.startswith("sep=") and len(first) == len("sep=;"):
        return first[-1]
    return detect_delimiter(sample)


def _names_delimiter(row: list[str], delimiter: str) -> bool:
    return delimiter.join(row).strip().lower() == f"sep={delimiter}"


def _decoded(file: BinaryIO, encoding: str) -> TextIOWrapper:
    # newline="" leaves line ends in quoted cells to the csv module.
    return TextIOWrapper(file, encoding=encoding, newline="")


def _lines(text: TextIOWrapper, path: Path) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise Unreadable(
                "{file}: line {line} has no end. Is this a text file?", file=path.name, line=number
            )
        yield line


def _refuse_what_is_no_text(start: bytes, file: str) -> None:
    if start.startswith(b"PK\x03\x04"):
        raise Unreadable("{file} is a spreadsheet or an archive. Save it as CSV first", file=file)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("{file} is a spreadsheet. Save it as CSV first", file=file)
    if start.startswith(b"\x1f\x8b"):
        raise Unreadable("{file} is compressed. Unpack it first", file=file)
