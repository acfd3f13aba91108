"""What is wrong with a text that is no YAML: what to look at in our words, the parser's behind them."""

from ripresa.contracts.calling.sayings import Saying, laid_out, say

# By what the parser's words hold, the first that fits.
_HINTS = (
    (
        "mapping values are not allowed",
        say("put quotes around a text that holds a colon, and look at the indentation"),
    ),
    (
        "that cannot start any token",
        say(
            "this character can't begin a value: indent with blanks, not with tabs, "
            "and put quotes around it"
        ),
    ),
    (
        "expected ':'",
        say("a colon is missing, or the indentation is not that of the lines around it"),
    ),
    ("expected <block end>", say("the indentation is not that of the lines around it")),
    ("end of stream", say("a quotation mark or bracket is opened and never closed")),
    ("<stream end>", say("a quotation mark or bracket is opened and never closed")),
    ("expected ','", say("a comma is missing, or a bracket is opened and never closed")),
    ("document separator", say("a quotation mark or bracket is opened and never closed")),
    ("another document", say("a file holds one document: leave out the --- inside it")),
    ("duplicate key", say("a key stands here twice")),
    ("alias", say("write * and & in quotes")),
    ("escape character", say("write the backslash twice, or use single quotes")),
    ("special characters are not allowed", say("a character is no text: delete it")),
)
_OTHERWISE = say("look at quotes, brackets and the indentation")


def what_to_look_at(words: str) -> Saying:
    """`words` of the parser, with what they mean for whoever wrote the text."""
    hint = next((hint for part, hint in _HINTS if part in words), _OTHERWISE)
    return laid_out("{hint} ({words})", hint=hint, words=words)
