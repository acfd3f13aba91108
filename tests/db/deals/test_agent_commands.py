"""`ripresa agent` and `ripresa pipeline` as a person and as a program use them."""

import pytest

from ripresa.domain.deals.models import Agent, AgentAssignment
from ripresa.entrypoints.cli.problem import Problem
from tests.db.deals.conftest import told

pytestmark = pytest.mark.django_db
FILE = """\
customer;agent;name
ada@people.test;anna@shop.test;Anna Bianchi
C-77;anna@shop.test;
;bruno@shop.test;Bruno
carl@people.test;dora@shop.test;
+393331234567;anna@shop.test;
not@an@address;anna@shop.test;
ada@people.test;bruno@shop.test;
eve@people.test;nobody;
ADA@people.test;anna@shop.test;
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "agents.csv"
    path.write_text(FILE)
    return path


def assigned():
    rows = AgentAssignment.objects.values_list("key", "agent__email", "origin")
    return {key: (email, origin) for key, email, origin in rows}


def test_agents_are_added_listed_renamed_and_rested(ripresa):
    ripresa("agent", "add", "Anna@Shop.test", "--name", "Anna")
    assert ripresa("agent", "add", "x@shop.test") == "x@shop.test is an agent of wines now.\n"
    ripresa("agent", "change", "x@shop.test", "--inactive", "--name", "Xenia")
    bare = {"away_until": None, "customers": 0, "open_deals": 0, "rules": []}
    ids = Agent.objects.order_by("email").values_list("id", flat=True)
    assert told(ripresa, "agent", "list") == [
        {"id": str(ids[0]), "email": "anna@shop.test", "name": "Anna", "is_active": True, **bare},
        {"id": str(ids[1]), "email": "x@shop.test", "name": "Xenia", "is_active": False, **bare},
    ]
    with pytest.raises(Problem, match="already"):
        ripresa("agent", "add", "anna@shop.test")
    with pytest.raises(Problem, match="no e-mail address"):
        ripresa("agent", "add", "anna")
    with pytest.raises(Problem, match="no agent"):
        ripresa("agent", "change", "y@shop.test", "--active")
    with pytest.raises(Problem, match="say what to change"):
        ripresa("agent", "change", "x@shop.test")


def test_an_agent_goes_away_comes_back_and_is_followed_by_another(ripresa):
    ripresa("agent", "add", "anna@shop.test")
    ripresa("agent", "add", "bruno@shop.test")
    ripresa("agent", "assign", "ada@people.test", "anna@shop.test")
    away = told(ripresa, "agent", "away", "anna@shop.test", "14d")["away_until"]
    assert told(ripresa, "agent", "list")[0]["away_until"] == away
    assert f"(away until {away[:10]}" in ripresa("agent", "list")
    with pytest.raises(Problem):
        ripresa("agent", "away", "anna@shop.test", "soon")
    assert ripresa("agent", "back", "anna@shop.test") == "anna@shop.test is back.\n"
    assert told(ripresa, "agent", "list")[0]["away_until"] is None

    with pytest.raises(Problem, match="no agent"):
        ripresa("agent", "end", "anna@shop.test", "--to", "nobody@shop.test")
    assert Agent.objects.filter(is_active=True).count() == 2
    done = told(ripresa, "agent", "end", "anna@shop.test", "--to", "bruno@shop.test")
    assert done == {"deals": 0, "customers": 1}
    assert assigned() == {"email:ada@people.test": ("bruno@shop.test", "api")}
    assert "anna@shop.test    customers: 0, open deals: 0  (no longer active)" in ripresa(
        "agent", "list"
    )


def test_a_customer_is_assigned_by_address_or_id(ripresa):
    ripresa("agent", "add", "anna@shop.test")
    ripresa("agent", "assign", "Ada@People.test", "anna@shop.test")
    ripresa("agent", "assign", "C-77", "anna@shop.test")
    ripresa("agent", "assign", "customer:a@b", "anna@shop.test")
    anna = ("anna@shop.test", "api")
    assert assigned() == {
        "email:ada@people.test": anna, "customer:C-77": anna, "customer:a@b": anna,
    }  # fmt: skip
    with pytest.raises(Problem, match="neither"):
        ripresa("agent", "assign", "+393331234567", "anna@shop.test")
    with pytest.raises(Problem, match="no active agent"):
        ripresa("agent", "assign", "C-77", "bruno@shop.test")


def test_a_file_brings_agents_and_their_customers_and_tells_its_wrong_rows(ripresa, file):
    done = told(ripresa, "agent", "import", file)
    assert (done["agents"], done["customers"]) == (2, 2)
    assert [(one["row"], one["column"]) for one in done["problems"]] == [
        (5, "agent"), (6, "customer"), (7, "customer"), (8, "agent"), (9, "agent"),
    ]  # fmt: skip
    assert "a name in column 'name' adds her" in done["problems"][0]["message"]
    assert "anna@shop.test" in done["problems"][3]["message"]
    assert assigned() == {
        "email:ada@people.test": ("anna@shop.test", "import"),
        "customer:C-77": ("anna@shop.test", "import"),
    }
    assert Agent.objects.get(email="anna@shop.test").name == "Anna Bianchi"


def test_the_same_file_again_changes_nothing(ripresa, file):
    ripresa("agent", "import", file)
    before = assigned()
    assert ripresa("agent", "import", file).startswith(
        "Agents added: 0, customers assigned: 2, rows left out: 5."
    )
    assert assigned() == before


def test_columns_are_chosen_by_name_or_number(ripresa, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("Venditore,Nome,Cliente\nanna@shop.test,Anna,ada@people.test\n")
    done = told(
        ripresa, "agent", "import", path,
        "--customer-column", "cliente", "--agent-column", 1, "--name-column", "NOME",
    )  # fmt: skip
    assert (done["agents"], done["customers"], done["problems"]) == (1, 1, [])
    with pytest.raises(Problem, match="no column 'agent'; the first row has: 'Venditore'"):
        ripresa("agent", "import", path)
    with pytest.raises(Problem, match="no column '4'"):
        ripresa("agent", "import", path, "--agent-column", 4)
    with pytest.raises(Problem, match="can't be read"):
        ripresa("agent", "import", tmp_path / "nothing.csv")


def test_rules_are_added_listed_and_removed(ripresa):
    for email in ("anna@shop.test", "bruno@shop.test"):
        ripresa("agent", "add", email)
    both = ("--agent", "bruno@shop.test", "--agent", "anna@shop.test")
    ripresa("agent", "rule", "add", *both, "--country", "it", "--at-least", "2000.00")
    ripresa("agent", "rule", "add", "--agent", "anna@shop.test")
    assert ripresa("agent", "rule", "list").splitlines() == [
        "1. IT, from 2000.00 EUR: bruno@shop.test, anna@shop.test (0 given)",
        "2. everybody: anna@shop.test (0 given)",
    ]
    ripresa("agent", "rule", "remove", 1)
    assert [one["agents"] for one in told(ripresa, "agent", "rule", "list")] == [["anna@shop.test"]]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--agent", "dora@shop.test"], "no active agents: dora@shop.test"),
        (["--agent", "anna@shop.test", "--country", "Italy"], "no country"),
        (["--agent", "anna@shop.test", "--segment", "x"], "no segment 'x'; there are: none"),
        (["--agent", "anna@shop.test", "--below", "lots"], "not a decimal number"),
        (["--agent", "anna@shop.test", "--below", "5", "--currency", "EURO"], "needs its currency"),
        (["--agent", "anna@shop.test", "--below", "5", "--at-least", "5"], "no value lies"),
    ],
)
def test_a_rule_that_can_not_be_is_refused_in_words(ripresa, words, complaint):
    ripresa("agent", "add", "anna@shop.test")
    with pytest.raises(Problem, match=complaint):
        ripresa("agent", "rule", "add", *words)
    assert told(ripresa, "agent", "rule", "list") == []


def test_a_rule_that_is_not_there(ripresa):
    with pytest.raises(Problem, match="no rule 1; there are 0"):
        ripresa("agent", "rule", "remove", 1)


def test_the_pipeline_is_shown_in_the_shops_language_or_another(ripresa):
    assert ripresa("pipeline", "show").splitlines() == [
        "Gestione vendite",
        "1. Checkout abbandonato (check_out_abandoned), deals: 0",
        "2. In trattativa (in_talks), deals: 0",
        "3. Confermato (confirmed = won), deals: 0",
        "4. Perso (lost = lost), deals: 0",
    ]
    assert told(ripresa, "pipeline", "show", "--language", "de")["name"] == "Vertriebssteuerung"


def test_stages_are_added_renamed_moved_and_removed(ripresa):
    ripresa("pipeline", "stage", "add", "offer", "--name", "Offerta", "--before", "confirmed")
    ripresa("pipeline", "stage", "rename", "offer", "Offerta fatta")
    ripresa("pipeline", "stage", "move", "offer", "--before", "in_talks")
    ripresa("pipeline", "rename", "Vendite")
    view = told(ripresa, "pipeline", "show")
    assert view["name"] == "Vendite"
    assert [one["key"] for one in view["stages"]][:3] == [
        "check_out_abandoned",
        "offer",
        "in_talks",
    ]
    assert told(ripresa, "pipeline", "stage", "remove", "offer") == {"removed": "offer"}
    with pytest.raises(Problem, match="no stage 'offer'"):
        ripresa("pipeline", "stage", "remove", "offer")
    with pytest.raises(Problem, match="large abandoned carts"):
        ripresa("pipeline", "stage", "remove", "check_out_abandoned")
