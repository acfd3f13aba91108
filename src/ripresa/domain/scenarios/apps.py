"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The scenarios slice."""

    name = "ripresa.domain.scenarios"
    label = "scenarios"
