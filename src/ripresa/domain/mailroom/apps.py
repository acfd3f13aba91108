"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The mailroom slice."""

    name = "ripresa.domain.mailroom"
    label = "mailroom"
