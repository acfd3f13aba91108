"""Who may work on deals: whoever may change the shop, and its agents."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from ripresa.console.layout.request import MAY_WORK, ConsoleRequest, OnlyFor


def may_work(request: ConsoleRequest) -> bool:
    """Whether this member may do anything with a deal."""
    return request.role in MAY_WORK


def works_on_deals(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Under `shop_page`: only for those who may; everybody else gets 403."""

    @wraps(view)
    def opened(request: ConsoleRequest, **kwargs: Any) -> HttpResponse:
        if not may_work(request):
            raise OnlyFor(MAY_WORK)
        return view(request, **kwargs)

    return opened
