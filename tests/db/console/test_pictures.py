"""The picture store: what is uploaded is served for ever under its address, and goes only when unused."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ripresa.domain.media.addresses import key_of
from ripresa.domain.media.models import MediaFile, MediaSize, PictureCopy
from ripresa.domain.templates.models import OwnTemplate
from ripresa.usecases.templates.product_pictures import copy_at, path_of
from tests.db.console.pages import text_of
from tests.forging import forged
from tests.rows import DAY, T0
from tests.world import template_of
from tests.worlds.texts import painted, picture_of


def uploaded(client, *files):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/wines/texts/pictures/upload/", {"file": sent}, follow=True)


def test_pictures_are_brought_shown_described_and_served(world, ada):
    page = uploaded(
        ada, ("../../a.png", painted(900, 30)), ("b.svg", b"<svg/>"), ("c.png", painted(900, 30))
    )
    assert "1 picture" not in text_of(page)  # the same bytes twice: one picture, named once
    assert "2 pictures are kept" in text_of(page)
    assert "b.svg: Mail programs don't show SVG" in text_of(page)
    file = MediaFile.objects.get(shop=world.shop)
    assert (file.name, file.width, file.added_by) == ("a.png", 900, "ada@wines.test")
    ada.post(f"/wines/texts/pictures/{file.id}/describe/", {"alt": " A bottle \n of wine "})
    assert 'value="A bottle of wine"' in ada.get("/wines/texts/pictures/").content.decode()

    path = f"/m/{key_of(file).at_most(600).text}"
    answer = Client().get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert not answer.cookies
    for wrong in (
        path.replace(".png", ".jpg"),
        path.replace("-600", "-601"),
        path.replace(f"/m/{world.shop.id}/", f"/m/{world.other_shop.id}/"),
        "/m/../etc/passwd",
    ):
        assert Client().get(wrong).status_code == 404


def test_what_stands_in_a_text_can_not_go(world, ada):
    file = picture_of(world)
    template = template_of(world)
    document = {**template.document, "note": key_of(file).text}
    OwnTemplate.objects.filter(shop=world.shop).update(document=document)
    page = ada.post(f"/wines/texts/pictures/{file.id}/remove/", follow=True)
    assert "It stands in ours" in text_of(page)
    OwnTemplate.objects.filter(shop=world.shop).update(document=template.document)
    ada.post(f"/wines/texts/pictures/{file.id}/remove/")
    assert not MediaFile.objects.exists()
    assert not MediaSize.objects.exists()


class _Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200 if self.path.endswith(".png") else 404)
        self.end_headers()
        self.wfile.write(painted(800, 600))

    def log_message(self, *_args):
        """Quiet."""


@pytest.fixture
def shop_host(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    server.asked = []
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("RIPRESA_INTERNAL_HOSTS", "127.0.0.1")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_pictures_of_products_are_copied_once_and_only_where_we_signed(world, shop_host):
    base = f"http://127.0.0.1:{shop_host.server_port}"
    path = path_of(world.shop.id, f"{base}/wine.png")
    for _ in range(2):
        answer = Client().get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
        assert len(answer.content) < len(painted(800, 600))
    assert shop_host.asked == ["/wine.png"]
    missing = path_of(world.shop.id, f"{base}/none")
    for _ in range(2):  # a parcel, in place of the sign for a picture that is torn
        answer = Client().get(missing)
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert shop_host.asked == ["/wine.png", "/none"]
    assert PictureCopy.objects.get(content=None).problem == "the shop answered 404"
    assert Client().get(forged(path)).status_code == 404
    assert path_of(world.shop.id, "javascript:alert(1)") == ""
    assert copy_at(path.removeprefix("/p/"), T0 + 31 * DAY) is not None
    assert len(shop_host.asked) == 3
