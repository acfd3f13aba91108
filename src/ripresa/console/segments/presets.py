"""What a new segment may begin as: the conditions that marketers ask for first."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ripresa.console.conditions.tree import Group, Row, numbered


class Preset(NamedTuple):
    """A proposal: what it is called, and for whom it is."""

    title: Promise | str
    about: Promise | str


PRESETS: Mapping[str, Preset] = {
    "left": Preset(
        _("Left a cart over 50, not recovered"),
        _("A cart of 50 or more was left in the last 30 days and did not become an order."),
    ),
    "recovered": Preset(
        _("Recovered, to be thanked"),
        _("A cart that was left became an order in the last 30 days."),
    ),
    "again": Preset(
        _("Left three carts or more"),
        _("Three or more in 30 days: trouble at the checkout, or a price that is too high."),
    ),
    "silent": Preset(
        _("Bought before, silent since"),
        _("At least one order, and none in the last 90 days."),
    ),
}


def tree_for(preset: str) -> Group:
    """The rows of a proposal; of none, one row to begin with."""
    return numbered(Group("all", _rows(preset)))


def _rows(preset: str) -> "list[Row | Group]":
    month = {"within": "30", "within-unit": "d"}
    match preset:
        case "left":
            value = {"op1": "gte", "amount1": "50.00"}
            return [Row("abandonment", {"state": "not_recovered", **value, **month})]
        case "recovered":
            return [Row("abandonment", {"state": "recovered", **month})]
        case "again":
            return [Row("abandonment", {"count_op": "gte", "count": "3", **month})]
        case "silent":
            return [
                Row("orders", {"op": "gte", "value": "1"}),
                Row("last_order", {"before": "90", "before-unit": "d"}),
            ]
    return [Row("abandonment", {"state": "any"})]
