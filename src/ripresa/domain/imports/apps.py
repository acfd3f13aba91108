"""Django's view of this slice."""

from django.apps import AppConfig


class SliceConfig(AppConfig):
    """The imports slice."""

    name = "ripresa.domain.imports"
    label = "imports"
