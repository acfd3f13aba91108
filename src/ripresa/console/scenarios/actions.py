"""Going live, pausing and resuming: each asks first, on a page that says what will follow."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.pages import show
from ripresa.console.layout.request import ConsoleRequest
from ripresa.console.scenarios.views import get_scenario
from ripresa.usecases import activate_scenario


def activate():
    pass


def pause():
    pass


def resume():
    pass
