"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The connections slice."""

    name = "ripresa.domain.connections"
    label = "connections"
