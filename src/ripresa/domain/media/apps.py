"""Django's name for this slice."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """The media slice."""

    name = "ripresa.domain.media"
    label = "media"
