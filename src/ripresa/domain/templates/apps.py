"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The templates slice."""

    name = "ripresa.domain.templates"
    label = "templates"
