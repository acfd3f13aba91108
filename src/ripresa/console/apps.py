"""Django's view of the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages for merchants and agents."""

    name = "ripresa.console"
    label = "console"
