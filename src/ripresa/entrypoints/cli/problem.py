"""What a command says when it can't do what it was asked."""


class Problem(Exception):  # noqa: N818  (it is said to a user, as a sentence)
    """A sentence that says what is wrong, where, and what to do."""
