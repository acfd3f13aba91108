"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The contacts slice."""

    name = "ripresa.domain.contacts"
    label = "contacts"
