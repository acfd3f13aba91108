"""What every failure around the database looks like from outside: one class, one plain sentence."""


class DatabaseProblem(Exception):
    """The message says what is wrong, where, and what to do; it is fit to be shown to a person."""
