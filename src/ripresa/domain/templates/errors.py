"""What is wrong with a template, and where."""

from ripresa.contracts.calling.sayings import Saying, say

_PARTS: dict[str, Saying] = {"body": say("body"), "subject": say("subject"), "text": say("text")}


class TemplateError(ValueError):
    """A template can't be saved.

    `line` and `column` count from 1 in `part`: body, subject or text.
    """

    def __init__(self, line: int, column: int, message: str, part: str = "body") -> None:
        super().__init__(
            say(
                "{part}, line {line}, column {column}: {message}",
                part=_PARTS.get(part, part),
                line=line,
                column=column,
                message=message,
            )
        )
        self.line = line
        self.column = column
        self.message = message
        self.part = part


def error_at(source: str, offset: int, message: str, part: str = "body") -> TemplateError:
    """The error for the character at `offset` (0-based) of `source`."""
    before = source[:offset]
    line = before.count("\n") + 1
    return TemplateError(line, offset - (before.rfind("\n") + 1) + 1, message, part)
