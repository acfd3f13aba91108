"""Addresses of the management API; whatever else begins with /api/ is nowhere."""

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from ripresa.api.app import make_api
from ripresa.api.protocol.problems import Refused, answer


@csrf_exempt
def nowhere(_request: HttpRequest) -> HttpResponse:
    """404, for any method."""
    detail = "there is nothing at this address; /api/v1/openapi.json lists what there is"
    return answer(Refused(404, detail))


urlpatterns = [
    path("v1/", make_api().urls),
    re_path("", nowhere),
]
