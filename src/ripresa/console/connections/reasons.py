"""Why something stands still: kept as English words in its row, told in the reader's language."""

from ripresa.console.connections.sayings import Told, told_now
from ripresa.contracts.calling.sayings import Saying
from ripresa.contracts.calling.standstill import reason_kept


def told_reason(text: str) -> Told:
    """`text` in the language of the page, if one of ours; what a member wrote stays, in whatever language."""
    said = reason_kept(text)
    return told_now(said) if isinstance(said, Saying) else Told(text, is_foreign=False)
