"""CNS-3: addresses never to be used, by hand, in and out of files, as digests; what was grave asks."""

import csv
import hashlib
import io
import json

import pytest

from ripresa.domain.contacts.models import Contact, SuppressedDigest, Suppression, SuppressionChange
from ripresa.domain.contacts.suppression import suppress
from ripresa.entrypoints.cli.problem import Problem
from tests.rows import T0, make_contact

ADA = "ada@example.test"


def listed(shop):
    found = Suppression.objects.filter(shop=shop).order_by("address")
    return [(row.channel, row.address, row.cause) for row in found]


def digest(address):
    return hashlib.sha256(address.encode()).hexdigest()


def test_an_address_is_put_on_and_taken_off_with_who_and_why(shop, ripresa):
    ripresa("suppression", "add", " Ada@Example.test ", "--reason", "called us", "--by", "Max")
    assert listed(shop) == [("email", ADA, "manual")]
    ripresa("suppression", "remove", ADA, "--reason", "wants it back", "--by", "Max")
    assert listed(shop) == []
    log = SuppressionChange.objects.filter(shop=shop).order_by("id")
    assert sorted((row.action, row.by, row.why) for row in log) == [
        ("added", "Max", "called us"), ("removed", "Max", "wants it back"),
    ]  # fmt: skip


def test_a_number_is_one_for_sms(shop, ripresa):
    ripresa("suppression", "add", "+39 333 1234567")
    assert listed(shop) == [("sms", "+393331234567", "manual")]


def test_what_is_there_keeps_its_first_cause(shop, ripresa):
    suppress(shop_id=shop.id, channel="email", cause="complaint", details={ADA: "abuse"}, now=T0)
    ripresa("suppression", "add", ADA)
    assert listed(shop) == [("email", ADA, "complaint")]


class TestGrave:
    @pytest.fixture(params=["complaint", "hard_bounce"])
    def grave(self, request, shop):
        suppress(shop_id=shop.id, channel="email", cause=request.param, details={ADA: "x"}, now=T0)

    def test_it_asks_before_it_is_lifted(self, grave, shop, ripresa):
        assert ripresa("suppression", "remove", ADA, answer="n\n").exit_code == 1
        assert len(listed(shop)) == 1
        assert ripresa("suppression", "remove", ADA, answer="y\n").exit_code == 0
        assert listed(shop) == []
        assert SuppressionChange.objects.get(shop=shop).action == "removed"

    def test_a_program_must_say_that_it_means_it(self, grave, shop, ripresa):
        with pytest.raises(Problem, match="Say --yes"):
            ripresa("suppression", "remove", ADA, "--json")
        ripresa("suppression", "remove", ADA, "--json", "--yes")
        assert listed(shop) == []

    def test_no_consent_lifts_it(self, grave, shop, ripresa, hear):
        ripresa("consent", "grant", ADA, "--source", "form")
        assert Contact.objects.get(email=ADA).consent_email == "granted"
        assert len(listed(shop)) == 1


def test_what_is_not_listed_is_said(shop, ripresa):
    with pytest.raises(Problem, match="is not on the list"):
        ripresa("suppression", "remove", ADA)


@pytest.mark.parametrize("text", ["nobody", "", "d41d8cd98f00b204e9800998ecf8427e", "+1"])
def test_what_is_no_address_is_refused(text, ripresa):
    with pytest.raises(Problem, match=r"no e-mail address|SHA-256"):
        ripresa("suppression", "add", text)


class TestDigests:
    def test_who_has_the_address_is_suppressed_at_once(self, shop, ripresa):
        make_contact(shop, ADA, phone="+393331234567")
        ripresa("suppression", "add", digest(ADA))
        assert listed(shop) == [("email", ADA, "manual")]

    def test_who_comes_later_is_suppressed_when_she_comes(self, shop, ripresa, hear):
        ripresa("suppression", "add", f"SHA256:{digest(ADA).upper()}")
        assert listed(shop) == []
        hear(
            {"id": "c", "type": "consent.changed", "occurred_at": T0.isoformat(),
             "contact": {"email": ADA, "consent": {"email": "granted"}}}
        )  # fmt: skip
        assert listed(shop) == [("email", ADA, "manual")]

    def test_an_address_taken_off_is_not_found_by_its_digest_again(self, shop, ripresa, hear):
        ripresa("suppression", "add", digest(ADA))
        ripresa("suppression", "remove", ADA)
        assert not SuppressedDigest.objects.filter(shop=shop).exists()

    def test_another_shops_list_is_not_ours(self, shop, ripresa):
        from tests.rows import make_shop

        other = make_shop("bikes", "Dan's Bikes")
        make_contact(other, ADA)
        ripresa("suppression", "add", digest(ADA))
        assert listed(other) == []


class TestFiles:
    def file(self, tmp_path, text):
        path = tmp_path / "list.csv"
        path.write_text(text)
        return path

    def test_a_file_is_shown_and_stored(self, tmp_path, shop, ripresa):
        make_contact(shop, "eve@example.test")
        path = self.file(
            tmp_path,
            "Email,Cause,Reason\nAda@example.test,complaint,abuse desk\nnobody,,\n"
            f"ben@example.test,boredom,\n{digest('eve@example.test')},,\n+393331234567,,\n",
        )
        text = ripresa("suppression", "import", path, "--preview").output
        assert "3 good, 2 wrong" in text
        assert "list.csv:3: 'nobody' is no e-mail address" in text
        told = json.loads(ripresa("suppression", "import", path, "--yes", "--json").output)
        assert (told["stored"], [each["code"] for each in told["problems"]]) == (
            3, ["not_an_address", "not_a_cause"],
        )  # fmt: skip
        assert listed(shop) == [
            ("sms", "+393331234567", "manual"), ("email", ADA, "complaint"),
            ("email", "eve@example.test", "manual"),
        ]  # fmt: skip
        again = json.loads(ripresa("suppression", "import", path, "--yes", "--json").output)
        assert again["stored"] == 0

    def test_what_is_written_out_can_be_read_in(self, tmp_path, shop, ripresa):
        suppress(
            shop_id=shop.id, channel="email", cause="complaint", details={ADA: "=HYPERLINK(1)"},
            now=T0,
        )  # fmt: skip
        ripresa("suppression", "add", "+393331234567")
        before = listed(shop)
        path = tmp_path / "out.csv"
        ripresa("suppression", "export", path)
        rows = list(csv.DictReader(io.StringIO(path.read_text())))
        assert {row["detail"] for row in rows} == {"'=HYPERLINK(1)", ""}
        Suppression.objects.filter(shop=shop).delete()
        ripresa("suppression", "import", path, "--yes")
        assert listed(shop) == before

    def test_it_can_be_piped(self, shop, ripresa):
        ripresa("suppression", "add", ADA)
        assert f"email,{ADA},manual" in ripresa("suppression", "export", "-").output


def test_the_list_is_shown(shop, ripresa):
    assert "empty" in ripresa("suppression", "list").output
    ripresa("suppression", "add", ADA, "--reason", "called us")
    assert "called us" in ripresa("suppression", "list").output
    [row] = json.loads(ripresa("suppression", "list", "--json").output)
    assert (row["address"], row["cause"]) == (ADA, "manual")
    assert row["created_at"] == T0.isoformat()
