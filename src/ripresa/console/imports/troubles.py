"""Why a file can't be taken in: its readers' English words, told in the reader's language."""

from ripresa.console.connections.sayings import told_now
from ripresa.contracts.calling.sayings import Saying, recognised

# Each is said somewhere; a test holds the two together.
TROUBLES = (
    "{file} is a spreadsheet or an archive. Save it as CSV first",
    "{file} is a spreadsheet. Save it as CSV first",
    "{file} is compressed. Unpack it first",
    (
        "{file}: row {row} or one soon after is not {encoding}: {why}. "
        "Save the file as UTF-8, or say which encoding it has"
    ),
    "{file}: row {row} can't be read ({why}). Is a quotation mark open that is never closed?",
    "{file} is empty",
    "{file} can't be read: {why}",
    "there is no encoding {encoding}: say for instance utf-8, utf-16, cp1252, cp1250",
    "{file} is not {encoding}: {why}. Save it as UTF-8, or say which encoding it has",
    "{file}: line {line} has no end. Is this a text file?",
    "{file} has no row with anything in it",
    "which column holds {fields}? Say its name or number: the first row is {row}",
    "there is no column {column}: the first row is {row}",
    "no column is called {column}: the first row is {row}",
    "more than one column is called {column}: the first row is {row}",
    "there is no field {field}; there are: {there}",
    "a file may have {most} MiB: cut it into several",
    "the file is not kept any more: bring it again to look at it",
    "parts of the file were let go, because somebody in it was erased: bring the file again",
)


def told_trouble(text: str) -> str:
    """`text` in the language of the page, if it is one of ours."""
    return told_now(text if isinstance(text, Saying) else recognised(text, TROUBLES)).text
