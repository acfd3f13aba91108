"""Where a browser says it comes from: a page of ours, or none."""

import pytest
from django.test import RequestFactory

from ripresa.console.layout.request import page_of


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("http://testserver/wines/texts/?page=2", "/wines/texts/?page=2"),
        ("/wines/", "/wines/"),
        ("", ""),
        ("https://evil.test/wines/", ""),
        # Its path alone would be an address of somebody else's.
        ("http://testserver//evil.test/wines/", ""),
        ("http://testserver/\\evil.test/wines/", ""),
    ],
)
def test_the_path_of_a_page_of_ours(address, page):
    assert page_of(RequestFactory().get("/"), address) == page
