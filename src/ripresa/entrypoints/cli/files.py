"""Reading what a user names on the command line."""

from pathlib import Path

from ripresa.entrypoints.cli.problem import Problem


def read_text(file: Path) -> str:
    """The text of a file in UTF-8, with or without the mark that editors of Windows put before it.

    Raises Problem.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Problem(f"there is no file {file}") from None
    except IsADirectoryError:
        raise Problem(f"{file} is a folder, not a file") from None
    except UnicodeDecodeError as wrong:
        raise Problem(f"{file} is not UTF-8: byte {wrong.start} can't be read") from None
