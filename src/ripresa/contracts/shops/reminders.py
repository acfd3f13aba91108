"""That somebody else reminds the shop's people of carts: nobody should get both."""

from typing import Self

from ripresa.contracts.calling.sayings import Saying


class AlsoReminds(Saying):
    """A sentence about it. `by`: who reminds, by name, which stays the same while the rest may change."""

    __slots__ = ("by",)
    by: str

    @classmethod
    def told(cls, saying: Saying, *, by: str) -> Self:
        """The same sentence, known for what it is about."""
        made = cls.made_of(saying.pattern, saying.facts)
        made.by = by
        return made
