"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The audit slice."""

    name = "ripresa.domain.audit"
    label = "audit"
