"""What was understood, written anew for MiniJinja: nothing else ever reaches it."""

from ripresa.domain.templates.language.grammar import (
    Compared,
    Expression,
    Filtered,
    Joined,
    Literal,
    Negated,
    Path,
    Statement,
)


def source_of(expression: Expression) -> str:
    """The expression in MiniJinja's syntax, with brackets where precedence could be doubted."""
    match expression:
        case Path(names=names):
            return ".".join(names)
        case Literal(source=source):
            return source
        case Filtered(base=base, name=name, argument=argument):
            # `true`: an empty text falls back as well, for a context always has every field.
            given = "" if argument is None else f"({source_of(argument)}, true)"
            # The first character of nothing would be an error, and only on the day of sending.
            given = ' | default("")' if name == "first" else given
            return f"{_operand(base)} | {name}{given}"
        case Compared(sign=sign, left=left, right=right):
            return f"{_operand(left)} {sign} {_operand(right)}"
        case Joined(word=word, left=left, right=right):
            # `a or b or c` is read from the left and written so: no brackets to pile up.
            same = isinstance(left, Joined) and left.word == word
            return f"{source_of(left) if same else _operand(left)} {word} {_operand(right)}"
        case Negated(inner=inner):
            return f"not {_operand(inner)}"


def _operand(expression: Expression) -> str:
    source = source_of(expression)
    return source if isinstance(expression, Path | Literal | Filtered) else f"({source})"


def statement_source(statement: Statement) -> str:
    """The inside of `{% … %}`."""
    if statement.condition is not None:
        return f"{statement.word} {source_of(statement.condition)}"
    if statement.rows is not None:
        return f"for {statement.variable} in {source_of(statement.rows)}"
    return statement.word
