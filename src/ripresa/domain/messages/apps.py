"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The messages slice."""

    name = "ripresa.domain.messages"
    label = "outbox"  # "messages" is taken by django.contrib.messages
