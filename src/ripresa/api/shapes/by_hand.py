"""A message sent by hand, as it travels: what is asked for, and what stands against it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from ripresa.api.protocol.values import Asked, Maybe, Words
from ripresa.usecases.send_by_hand import Look, Obstacle


class SendByHand(Asked):
    """What to send. `coupon`: the pool its coupon comes from. `overrides` confirms what it names.

    `who` stands in the cart's trail: whatever names a person; by itself it is the key's label.
    """

    template: Annotated[Words, Field(min_length=1)]
    channel: Literal["email", "sms", "letter"] = "email"
    coupon: Maybe[Words] = None
    overrides: Annotated[
        list[Literal["caps", "quiet_hours"]], Field(default_factory=list, max_length=2)
    ]
    who: Words = ""


class ObstacleShape(BaseModel):
    """What stands against it. `until`: it waits no longer than that; null: it must not be sent.

    `override`: what to name in `overrides`, where that is possible.
    """

    reason: str
    until: datetime | None
    override: str | None

    @classmethod
    def of(cls, obstacle: Obstacle) -> "ObstacleShape":
        """The same, as it travels."""
        return cls(reason=obstacle.reason.value, until=obstacle.until, override=obstacle.override)


class LookShape(BaseModel):
    """What would become of it: whom it reaches, in which language, and what stands against it."""

    is_possible: bool
    to: str | None
    language: str | None
    obstacles: list[ObstacleShape]

    @classmethod
    def of(cls, seen: Look) -> "LookShape":
        """The same, as it travels."""
        obstacles = [ObstacleShape.of(one) for one in seen.obstacles]
        return cls(
            is_possible=seen.is_possible,
            to=seen.to,
            language=seen.language,
            obstacles=obstacles,
        )
