"""`ripresa dkim`: a key is made, kept sealed, and the DNS is told what to say."""

from tests.installs import Install, read_json

URL = "smtp://127.0.0.1:9?tls=none"


def test_a_key_is_made_and_its_record_is_told(commands: Install) -> None:
    commands.run("shop", "create", "signed", "--owner-email", "owner@shop.test")
    commands.run("provider", "add", "smtp", "--shop", "signed", RIPRESA_PROVIDER_URL=URL)
    made = commands.run("dkim", "make", "--shop", "signed", "--domain", "enoteca.example")
    assert made.process.returncode == 0, made.said
    record = read_json(commands.run("dkim", "show", "--shop", "signed", "--json"))
    assert record["name"] == "ripresa._domainkey.enoteca.example"
    assert record["value"].startswith("v=DKIM1; k=rsa; p=MII")
    assert record["value"] in made.result
    longest = max(map(len, made.result.partition("zone file")[2].split('"')))
    assert longest <= 255
