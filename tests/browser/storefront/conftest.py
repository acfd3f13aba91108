"""A collector and a shop for each test of the storefront script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.storefront.shop import KEY, Shop
from tests.browser.storefront.sites import Collector, Site


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector(KEY) as running:
        yield running


@pytest.fixture
def shop(collector: Collector) -> Iterator[Shop]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        f"connect-src {collector.url}; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
    with Site(policy) as site:
        yield Shop(site, collector.url)
