"""How often a key may ask."""

from ripresa.api.protocol import rates
from ripresa.api.protocol.rates import Rates


def test_an_even_pace_is_never_held_up():
    counted = Rates()
    assert [counted.wait("key", 10, at / 10) for at in range(100)] == [0.0] * 100


def test_after_a_rest_come_twice_as_many_at_once_then_it_waits():
    counted = Rates()
    let_in = sum(counted.wait("key", 10, 5.0) == 0.0 for _ in range(50))
    assert let_in == 21
    assert 0 < counted.wait("key", 10, 5.0) <= 0.1
    assert counted.wait("key", 10, 5.1) == 0.0


def test_who_is_refused_is_not_put_off_further():
    counted = Rates()
    while (wait := counted.wait("key", 1, 0.0)) == 0.0:
        pass
    for _ in range(100):
        assert counted.wait("key", 1, 0.0) == wait
    assert counted.wait("key", 1, wait) == 0.0


def test_each_key_has_a_pace_of_its_own():
    counted = Rates()
    while counted.wait("one", 1, 0.0) == 0.0:
        pass
    assert counted.wait("another", 1, 0.0) == 0.0


def test_remembers_no_more_than_it_should(monkeypatch):
    monkeypatch.setattr(rates, "REMEMBERED", 3)
    counted = Rates()
    for key in range(10):
        counted.wait(key, 1, 0.0)
    assert list(counted._next) == [7, 8, 9]
