"""The world at T0, and browsers of its people."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from tests.rows import T0
from tests.world import World, build_world


@pytest.fixture
def world(db) -> Iterator[World]:
    with time_machine.travel(T0, tick=False):
        yield build_world()


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def ada(world: World, as_user) -> Client:
    return as_user(world.ada)


@pytest.fixture
def vera(world: World, as_user) -> Client:
    return as_user(world.vera)


@pytest.fixture
def dan(world: World, as_user) -> Client:
    return as_user(world.dan)
