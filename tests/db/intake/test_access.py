"""Keys are looked up rarely, remembered for a while, and forgotten in time."""

import asyncio
import time
from datetime import UTC, datetime

import pytest
from psycopg_pool import AsyncConnectionPool

from ripresa.intake import access
from ripresa.intake.access import AccessKeys
from ripresa.intake.answers import Refused, Unavailable
from tests.db.intake.conftest import PUBLIC, SECRET


def with_keys(database, story):
    """Run `story(keys, lookups)`; `lookups()` says how often the database was asked."""

    async def go():
        async with AsyncConnectionPool(database.dsn, min_size=1, max_size=4, open=False) as pool:
            keys = AccessKeys(pool)
            asked = []
            look_up = keys._look_up

            async def counted(*arguments):
                asked.append(arguments)
                return await look_up(*arguments)

            keys._look_up = counted
            return await story(keys, lambda: len(asked))

    return asyncio.run(go())


def bearer(text):
    return f"Bearer {text}".encode()


async def is_refused(keys, text):
    try:
        await keys.find(bearer(text))
    except Unavailable:
        raise
    except Refused:
        return True
    return False


def test_what_a_key_opens(database):
    database.run("UPDATE shop SET hosts = '{Shop.Test,cdn.shop.test}'")

    async def story(keys, lookups):
        return await keys.find(bearer(SECRET)), await keys.find(bearer(PUBLIC))

    secret, public = with_keys(database, story)
    assert (secret.shop_id, secret.is_public, secret.source) == (1, False, "shop")
    assert (public.shop_id, public.is_public, public.source) == (1, True, "shop/storefront")
    assert public.hosts == {"shop.test", "cdn.shop.test"}
    assert public.collect_enabled


def test_a_key_of_one_kind_is_none_of_the_other(database):
    database.add_key("rk_1_mislabelled", kind="public")

    async def story(keys, lookups):
        return await is_refused(keys, "rk_1_mislabelled")

    assert with_keys(database, story)


def test_the_database_is_asked_once_for_known_and_for_unknown_keys(database):
    async def story(keys, lookups):
        for _ in range(3):
            await asyncio.gather(*[keys.find(bearer(SECRET)) for _ in range(50)])
        assert lookups() == 1
        for _ in range(3):
            assert all(
                await asyncio.gather(*[is_refused(keys, "rk_1_wrong0wrong") for _ in range(50)])
            )
        assert lookups() == 2
        assert await is_refused(keys, "no key at all")
        assert lookups() == 2

    with_keys(database, story)


@pytest.mark.parametrize("remembered", [0.05])
def test_a_revoked_key_and_a_new_one_are_noticed_in_time(database, monkeypatch, remembered):
    monkeypatch.setattr(access, "REMEMBERED_SECONDS", remembered)

    async def story(keys, lookups):
        await keys.find(bearer(SECRET))
        assert await is_refused(keys, "rk_1_new0new0new")
        database.add_key("rk_1_new0new0new")
        database.run("UPDATE access_key SET revoked_at = %s", [datetime(2026, 1, 1, tzinfo=UTC)])
        database.run(
            "UPDATE access_key SET revoked_at = NULL WHERE digest = sha256('rk_1_new0new0new')"
        )
        await asyncio.sleep(remembered * 2)
        assert await is_refused(keys, SECRET)
        assert not await is_refused(keys, "rk_1_new0new0new")

    with_keys(database, story)


def test_guesses_push_out_nothing_but_guesses(database, monkeypatch):
    monkeypatch.setattr(access, "REMEMBERED_KEYS", 5)

    async def story(keys, lookups):
        await keys.find(bearer(SECRET))
        for number in range(20):
            assert await is_refused(keys, f"rk_1_wrong{number:04}")
        assert len(keys._unknown) == 5
        asked = lookups()
        await keys.find(bearer(SECRET))
        assert lookups() == asked

    with_keys(database, story)


def test_a_flood_of_guesses_is_bounded(database, monkeypatch):
    monkeypatch.setattr(access, "LOOKUPS_WAITING", 10)

    async def story(keys, lookups):
        fates = await asyncio.gather(
            *[keys.find(bearer(f"rk_1_wrong{number:04}")) for number in range(100)],
            return_exceptions=True,
        )
        assert sum(isinstance(fate, Unavailable) for fate in fates) == 90
        assert not await is_refused(keys, SECRET)

    with_keys(database, story)


def test_a_database_that_is_away_is_no_wrong_key(database, monkeypatch):
    monkeypatch.setattr(access, "LOOKUP_SECONDS", 0.2)

    async def story(keys, lookups):
        async def hang(*_):
            await asyncio.sleep(600)

        keys._look_up = hang
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await keys.find(bearer(SECRET))
        assert time.monotonic() - began < 60

    with_keys(database, story)


def test_a_page_gets_the_pop_up_of_its_shop_and_no_secret_key_does(database, server):
    def get(key):
        return server.request("GET", f"/v1/popup?key={key}", None, {"origin": "https://shop.test"})

    database.run("""UPDATE shop SET popup = '{"page": {"enabled": true}}'""")
    found = get(PUBLIC)
    assert (found.status, found.json) == (200, {"enabled": True})
    assert found.headers["access-control-allow-origin"] == "https://shop.test"
    assert (get(SECRET).status, get("pk_1_wrong0wrong0").status) == (403, 401)
