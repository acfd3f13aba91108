"""What a command says when it can't do what it was asked."""


class Problem(Exception):
    """A sentence that says what is wrong, where, and what to do."""
