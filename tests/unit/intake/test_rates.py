"""Limits hold, recover with time, and remember a bounded number of keys."""

from ripresa.intake import rates
from ripresa.intake.rates import BURST_SECONDS, HOUR_SECONDS, HourlyCounts, TokenBuckets


class TestTokenBuckets:
    def test_lets_a_burst_through_and_then_the_rate(self):
        buckets = TokenBuckets()
        burst = [buckets.wait("k", 8, 0.0) for _ in range(int(8 * BURST_SECONDS) + 1)]
        assert burst[:-1] == [0.0] * 16
        assert 0 < burst[-1] <= 1 / 8
        passed = sum(buckets.wait("k", 8, step / 64) == 0.0 for step in range(1, 64 * 5 + 1))
        assert passed == 40  # five seconds at eight a second

    def test_the_wait_it_names_is_enough(self):
        buckets = TokenBuckets()
        while not (wait := buckets.wait("k", 7, 3.0)):
            pass
        assert buckets.wait("k", 7, 3.0 + wait + 1e-9) == 0.0

    def test_one_key_never_spends_for_another(self):
        buckets = TokenBuckets()
        while not buckets.wait("loud", 1, 0.0):
            pass
        assert buckets.wait("quiet", 1, 0.0) == 0.0

    def test_a_rate_of_nothing_lets_nothing_through_for_long(self):
        buckets = TokenBuckets()
        buckets.wait("k", 0, 0.0)
        assert buckets.wait("k", 0, 1e6) > 0

    def test_memory_is_bounded(self, monkeypatch):
        monkeypatch.setattr(rates, "REMEMBERED", 10)
        buckets = TokenBuckets()
        for key in range(100):
            buckets.wait(key, 1, 0.0)
        assert len(buckets._buckets) == 10


class TestHourlyCounts:
    def test_admits_so_many_different_values_and_those_again(self):
        counts = HourlyCounts(3)
        assert [counts.admit("k", value, 0.0) for value in "abcdabc"] == [
            *[True] * 3,
            False,
            *[True] * 3,
        ]

    def test_begins_anew_after_an_hour(self):
        counts = HourlyCounts(1)
        assert counts.admit("k", "a", 100.0)
        assert not counts.admit("k", "b", 100.0 + HOUR_SECONDS - 1)
        assert counts.admit("k", "b", 100.0 + HOUR_SECONDS)

    def test_keys_are_apart(self):
        counts = HourlyCounts(1)
        assert counts.admit("one", "a", 0.0)
        assert counts.admit("other", "b", 0.0)

    def test_forgets_the_key_used_longest_ago(self, monkeypatch):
        monkeypatch.setattr(rates, "REMEMBERED", 2)
        counts = HourlyCounts(1)
        for key in ("old", "kept", "old", "new"):
            counts.admit(key, "a", 0.0)
        assert counts.admit("kept", "b", 0.0)  # forgotten, so it begins anew
        assert not counts.admit("new", "b", 0.0)
        assert len(counts._hours) == 2
