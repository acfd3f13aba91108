"""What people type, before anything is done with it."""

from django.utils.translation import gettext as _

LONGEST = 200


class TooLong(ValueError):
    """What is to be kept has more than the `most` characters that fit; `text` is all of it."""

    def __init__(self, text: str, most: int) -> None:
        super().__init__(f"{len(text)} characters, at most {most}")
        self.text = text
        self.most = most

    @property
    def words(self) -> str:
        """What is wrong, for whoever typed it."""
        return too_long() % {"most": self.most, "count": len(self.text)}


def too_long() -> str:
    """What is said of a text that is too long; `most` and `count` go in here, and in lengths.js."""
    return _("At most %(most)d characters; these are %(count)d.")


def cleaned(text: str | None) -> str:
    """What is asked for in an address: one line, of which 200 characters are looked at."""
    return one_line((text or "")[:LONGEST])


def line(text: str | None) -> str:
    """What is to be kept: one line of at most 200 characters. Raises TooLong: nothing is cut off."""
    return fitting(one_line(text or ""), LONGEST)


def fitting(text: str, most: int) -> str:
    """The text itself. Raises TooLong where it has more than `most` characters."""
    if len(text) > most:
        raise TooLong(text, most)
    return text


def one_line(text: str) -> str:
    """What can't be printed becomes a space: PostgreSQL refuses NUL, and nobody means the rest."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
