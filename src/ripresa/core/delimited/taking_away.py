"""A table as the answer to a request: written to the disk if it is long, so that its length costs no memory.

It is written before the answer begins: so a fault shows as an error and never as half a file, and while a
slow browser takes the file no statement waits for it.
"""

import io
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from asgiref.sync import sync_to_async
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from ripresa.core.delimited.writing import write_csv

CSV = "text/csv; charset=utf-8"
# Spreadsheets take a file for UTF-8 if it begins so.
BOM = "\ufeff"
IN_MEMORY = 1 << 20
_AT_ONCE = 1 << 16


class TakenAway(FileResponse):
    """A file of ours as an answer, read bit by bit."""

    block_size = _AT_ONCE

    def __init__(self, file: BinaryIO, name: str, media_type: str) -> None:
        """`file` is closed when the answer is."""
        super().__init__(file, as_attachment=True, filename=name, content_type=media_type)
        self._file = file

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Its bytes. Django would gather all of them first."""
        read = sync_to_async(self._file.read, thread_sensitive=True)
        while part := await read(_AT_ONCE):
            yield part


def take_away(write: Callable[[BinaryIO], None], name: str, media_type: str) -> HttpResponseBase:
    """What `write` writes as a file of that name to save."""
    file = cast("BinaryIO", SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  (the answer closes it)
    try:
        write(file)
        is_long = file.seek(0, io.SEEK_END) > IN_MEMORY
        file.seek(0)
        if is_long:
            return TakenAway(file, name, media_type)
        answer = HttpResponse(file.read(), content_type=media_type)
    except BaseException:
        file.close()
        raise
    file.close()
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def take_away_csv(lines: Iterable[Sequence[str]], name: str, *, mark: str = "") -> HttpResponseBase:
    """Lines, the header first, as CSV (RFC 4180). `mark`: what stands before them."""

    def write(to: BinaryIO) -> None:
        text = io.TextIOWrapper(to, encoding="utf-8", newline="")
        text.write(mark)
        write_csv(lines, text)
        text.detach()  # flushes, and leaves the file open

    return take_away(write, f"{name}.csv", CSV)
