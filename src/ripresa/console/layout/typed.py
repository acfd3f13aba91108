"""What people type into addresses, before anything is done with it."""

LONGEST = 200


def cleaned(text: str | None) -> str:
    """One line of at most 200 characters; what can't be printed becomes a space.

    PostgreSQL refuses NUL, and nobody means the rest.
    """
    line = "".join(each if each.isprintable() else " " for each in (text or "")[:LONGEST])
    return " ".join(line.split())
