"""Coupons: a file is shown before it is stored, and each code tells who has it."""

from decimal import Decimal
from io import BytesIO

from django.urls import reverse

from ripresa.domain.coupons import minting
from ripresa.domain.coupons.models import CouponIssue, CouponPool
from ripresa.domain.imports.models import FileImport, FilePiece
from ripresa.domain.scenarios.models import Scenario, ScenarioVersion
from ripresa.usecases.scenarios.minted_pools import NOBODY_MAKES
from tests.db.console.pages import markup, text_of
from tests.db.coupons.pools import add_codes, free
from tests.rows import DAY, T0, make_order
from tests.worlds.coupons import CODES, file_of, pool_of


def address(room: str, *ids: object) -> str:
    return reverse(room, args=["wines", *ids])


def bring(client, pool: CouponPool, content: bytes = CODES, name: str = "wines.csv"):
    file = BytesIO(content)
    file.name = name
    return client.post(address("coupon-bring", pool.id), {"file": file}, follow=True)


class TestAFileOfCodes:
    def test_is_shown_and_stored_only_on_a_yes(self, world, ada):
        pool = pool_of(world)
        shown = bring(ada, pool)
        text = text_of(shown)
        assert "2 new 1 known already 0 twice in the file 0 wrong 0 blank rows" in text
        assert "WINE-A1" in text
        assert "The code is in a pool already." in text
        assert len(free(pool)) == 2
        done = ada.post(
            shown.request["PATH_INFO"],
            {"do": "store", "column": "1", "expiry_column": "2"},
            follow=True,
        )
        assert "2 codes are stored." in text_of(done)
        assert set(free(pool)) == {"BAROLO-2", "BAROLO-3", "WINE-A1", "WINE-A2"}
        assert not FilePiece.objects.exists()
        again = ada.post(shown.request["PATH_INFO"], {"do": "store"})
        assert again.status_code == 404  # it waits no more

    def test_asks_for_the_column_where_it_is_unclear(self, world, ada):
        pool = pool_of(world)
        shown = bring(ada, pool, b"a;b\nX1;Y1\nX2;Y2\n")
        assert "Choose the column that holds the codes." in text_of(shown)
        assert "store" not in markup(shown).split('name="do"')[1]
        path = shown.request["PATH_INFO"]
        assert "Y1" in text_of(ada.get(path, {"column": "2", "expiry_column": "none"}))
        ada.post(path, {"do": "store", "column": "2", "expiry_column": "none", "header": "yes"})
        assert set(free(pool)) >= {"Y1", "Y2"}

    def test_asks_what_dates_begin_with(self, world, ada):
        shown = bring(ada, pool_of(world), b"code,expires\nX1,03/04/2027\n")
        assert "can be read in two ways" in text_of(shown)

    def test_that_is_no_table_or_is_left_stores_nothing(self, world, ada):
        pool = pool_of(world)
        shown = bring(ada, pool, b"PK\x03\x04 a spreadsheet")
        assert "can’t be read as a table" in text_of(shown)
        left = ada.post(shown.request["PATH_INFO"], {"do": "discard"}, follow=True)
        assert "Nothing was stored." in text_of(left)
        # The browser's back button leads to the pool, not to a dead end.
        back = ada.get(shown.request["PATH_INFO"], follow=True)
        assert "That file waits no more" in text_of(back)
        assert len(free(pool)) == 2

    def test_is_no_import_for_the_programs(self, world):
        one = file_of(world)
        from ripresa.domain.imports import operations

        assert operations.find(world.shop.id, one.id) is None
        assert operations.list_imports(world.shop.id) == []
        assert FileImport.objects.get(id=one.id).kind == "coupons"

    def test_of_another_pool_is_not_found(self, world, ada):
        other = CouponPool.objects.create(
            shop=world.shop, id=world.ben.id, name="autumn", kind="dynamic", created_at=T0
        )
        page = address("coupon-file", other.id, file_of(world).id)
        assert ada.get(page).status_code == 404


class TestAPool:
    def test_is_made_and_refused_with_words(self, world, ada):
        made = ada.post(
            address("coupons"), {"name": "all", "kind": "static", "code": "WINE10"}, follow=True
        )
        assert "WINE10" in text_of(made)
        twice = ada.post(address("coupons"), {"name": "all", "kind": "dynamic", "low_water": "5"})
        assert twice.status_code == 422
        assert "There is a pool of this name already." in text_of(twice)
        nameless = ada.post(address("coupons"), {"name": "", "kind": "dynamic", "low_water": "x"})
        assert nameless.status_code == 422

    def test_tells_who_has_which_code_and_what_became_of_it(self, world, ada):
        pool = pool_of(world)
        assert "BAROLO-1 Sent by hand" in text_of(ada.get(address("coupon-pool", pool.id)))
        make_order(
            world.shop, world.ben, placed_at=T0, total_minor=100, discount_codes=["barolo-1"]
        )
        assert "Used" in text_of(ada.get(address("coupon-pool", pool.id)))

    def test_goes_on_page_by_page_and_as_a_file_without_formulas(self, world, ada):
        pool = pool_of(world)
        first = CouponIssue.objects.get(shop=world.shop)
        world.ben.first_name = "=1+1"
        world.ben.save(update_fields=["first_name"])
        codes = add_codes(pool, [f"MANY-{number}" for number in range(60)])
        CouponIssue.objects.bulk_create(
            CouponIssue(
                shop=world.shop, id=one.id, pool_id=pool.id, code_id=one.id, code=one.code,
                contact_id=world.ben.id, origin_kind="manual", origin_id=one.id, step="manual",
                reserved_at=T0 - DAY / 2,
            )
            for one in codes
        )  # fmt: skip
        page = ada.get(address("coupon-pool", pool.id))
        assert first.code not in text_of(page)
        older = markup(page).split("?older=")[1].split('"')[0]
        rest = ada.get(
            address("coupon-pool", pool.id), {"older": older}, headers={"HX-Request": "true"}
        )
        assert first.code in rest.content.decode()
        table = ada.get(address("coupon-given-csv", pool.id)).getvalue().decode()
        assert len(table.splitlines()) == 62
        assert ",'=1+1" in table

    def test_names_what_draws_on_it_and_offers_to_resume(self, world, ada):
        pool = pool_of(world)
        version = ScenarioVersion.objects.get(id=world.scenario.version_id)
        version.plan["branches"][0]["steps"][0]["coupon"] = {"pool": "spring"}
        version.save(update_fields=["plan"])
        from ripresa.domain.scenarios.plans_in_force import plan_of

        plan_of.cache_clear()
        Scenario.objects.filter(id=world.scenario.id).update(
            state="paused", paused_reason="the coupons of spring are used up"
        )
        page = text_of(ada.get(address("coupon-pool", pool.id)))
        assert "The scenario Left in the cart is paused." in page
        assert "Resume it" in page
        plan_of.cache_clear()

    def test_warns_at_a_mark_and_is_emptied_after_a_question(self, world, ada):
        pool = pool_of(world)
        ada.post(address("coupon-mark", pool.id), {"low_water": "2"})
        pool.refresh_from_db()
        assert pool.low_water == 2
        assert "2 codes that nobody has got" in text_of(ada.get(address("coupon-empty", pool.id)))
        assert len(free(pool)) == 2
        ada.post(address("coupon-empty", pool.id))
        assert free(pool) == []


def test_a_person_waits_for_her_next_coupon(world, ada):
    ada.post(address("coupon-cap"), {"days": "30"})
    world.shop.refresh_from_db()
    assert world.shop.coupon_gap == 30 * DAY
    ada.post(address("coupon-cap"), {"days": ""})
    world.shop.refresh_from_db()
    assert world.shop.coupon_gap is None


def test_why_a_shop_makes_no_codes_is_told_in_the_readers_language(world, ada):
    pool = pool_of(world)
    recipe = minting.Recipe(Decimal(10), is_percent=True, currency="EUR")
    made = minting.add_mint(pool, None, recipe, T0)
    minting.settle(made, due_at=T0, trouble=NOBODY_MAKES, is_refused=True)
    page = address("coupon-pool", pool.id)
    assert "no connected shop makes coupons" in text_of(ada.get(page))
    ada.cookies["django_language"] = "ro"
    assert "niciun magazin conectat nu creează cupoane" in text_of(ada.get(page))
