"""What a campaign file allows to be used up."""

from ripresa.contracts.calling.sayings import say
from ripresa.domain.campaigns.plan import Budget
from ripresa.domain.scenarios.file.document import Value, given
from ripresa.domain.scenarios.file.words_of_file import read_amount
from ripresa.domain.scenarios.plan import Step

_CHANNELS = ("email", "sms", "letter")
_MOST_MESSAGES = 100_000_000


def read_budget(value: Value, step: Step, currency: str) -> Budget:
    """`max_messages`, and `max_cost` with what one message costs in each channel that costs anything."""
    found = value.entries(("max_messages", "max_cost", "cost"))
    if value.is_mapping and "max_messages" not in found and "max_cost" not in found:
        value.fail(say("needs max_messages or max_cost"))
    costs = _read_costs(found["cost"], currency) if "cost" in found else {}
    if "max_cost" in found and not any(costs.get(channel) for channel in step.channels):
        example = next((one for one in step.channels if one != "email"), "letter")
        found["max_cost"].fail(
            say('needs to know what one costs: write cost: {{{example}: "0.95"}}', example=example)
        )
    return Budget(
        max_messages=given(found, "max_messages", lambda one: one.integer(1, _MOST_MESSAGES), None),
        max_cost_minor=_minor(found["max_cost"], currency) if "max_cost" in found else None,
        costs=costs,
    )


def _read_costs(value: Value, currency: str) -> dict[str, int]:
    read = {channel: _minor(one, currency) for channel, one in value.entries(_CHANNELS).items()}
    return {channel: minor for channel, minor in read.items() if minor is not None}


def _minor(value: Value, currency: str) -> int | None:
    amount = read_amount(value, currency)
    return None if amount is None else amount.minor
