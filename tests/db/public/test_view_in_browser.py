"""The mail as a page that can do nothing."""

import pytest

from ripresa.domain.messages.models import MessageContent


def test_shows_the_mail_as_it_was_sent(world, link, client):
    answer = client.get(link("view"))
    assert answer.status_code == 200
    assert answer.content.decode() == MessageContent.objects.get(id=world.sent.id).said()[0]


def test_has_a_policy_of_its_own(world, link, client):
    directives = {
        each.split()[0]: each.split()[1:]
        for each in client.get(link("view")).headers["Content-Security-Policy"].split(";")
    }
    assert directives["default-src"] == ["'none'"]
    assert directives["style-src"] == ["'unsafe-inline'"]
    assert set(directives["img-src"]) == {"https:", "http:", "data:"}
    assert directives["form-action"] == ["'none'"]
    for each in ("script-src", "connect-src", "frame-src", "font-src"):
        assert directives[each] == ["'none'"]
    assert "allow-scripts" not in directives["sandbox"]
    assert "allow-same-origin" not in directives["sandbox"]


def test_leaves_no_trace(world, link, client):
    answer = client.get(link("view"))
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("days", [0, -1])
def test_expires(days, world, link, client):
    answer = client.get(link("view", days=days))
    assert answer.status_code == 410
    assert b"Ciao Ben" not in answer.content
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_mail_that_was_erased_is_not_there(world, link, client):
    target = link("view")
    MessageContent.objects.filter(id=world.sent.id).delete()
    assert client.get(target).status_code == 404


def test_is_read_only(world, link, client):
    assert client.post(link("view")).status_code == 405
