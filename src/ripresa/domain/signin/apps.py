"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The signin slice."""

    name = "ripresa.domain.signin"
    label = "signin"
