"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The inbox slice."""

    name = "ripresa.domain.inbox"
    label = "inbox"
