"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The deals slice."""

    name = "ripresa.domain.deals"
    label = "deals"
