"""Before a file is taken in: whether whoever sends it may bring files to this shop."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ripresa.console.layout.access import changes_shop, shop_page
from ripresa.console.layout.request import ConsoleRequest


@csrf_exempt  # asked without the form, in which the token is; the page that takes the file looks at it
@require_POST
@shop_page
@changes_shop
def may_bring(request: ConsoleRequest) -> HttpResponse:
    """204: she may. Else what she is to be told, as any page tells it."""
    del request
    return HttpResponse(status=204)
