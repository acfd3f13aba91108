"""What is taken for a picture, and what becomes of it."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from ripresa.domain.media.imaging import BadImage, prepare
from tests.worlds.texts import painted


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0" * 99))


def test_a_photograph_gets_three_sizes_without_what_the_camera_noted():
    image = Image.effect_noise((1600, 1000), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "Camera of Ada"
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"Via Roma 1")
    prepared = prepare(out.getvalue())
    assert prepared.media_type == "image/jpeg"
    assert [(one.width, one.height) for one in prepared.sizes[:2]] == [(160, 256), (600, 960)]
    assert prepared.sizes[-1].width == 1000
    for one in prepared.sizes:
        assert b"Ada" not in one.content
        assert b"Via Roma" not in one.content
        assert not opened(one.content).getexif()


def test_a_drawing_stays_sharp_and_what_shines_through_stays_so():
    (only,) = prepare(painted()).sizes
    assert opened(only.content).format == "PNG"
    out = BytesIO()
    Image.new("RGBA", (300, 20), (255, 0, 0, 90)).save(out, "WEBP")
    prepared = prepare(out.getvalue())
    assert prepared.media_type == "image/png"
    assert [one.width for one in prepared.sizes] == [160, 300]
    assert opened(prepared.sizes[0].content).mode == "RGBA"


def test_a_moving_picture_moves_at_its_largest_only():
    frames = [Image.new("RGB", (700, 10), colour) for colour in ("red", "green", "blue")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=50)
    prepared = prepare(out.getvalue())
    assert [(one.width, opened(one.content).n_frames) for one in prepared.sizes] == [
        (160, 1),
        (600, 3),
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "svg"),
        (b"<html><script>alert(1)</script>", "format"),
        (b"", "format"),
        (painted(kind="TIFF"), "format"),
        (bomb(30_000, 30_000), "pixels"),
        (bomb(20_000, 1), "pixels"),
        (bomb(100, 100), "damaged"),
        (painted(200, 200, "JPEG")[:300], "damaged"),
        (b"\x89PNG" + b"0" * (9 << 20), "bytes"),
    ],
)
def test_what_is_no_picture_is_refused_and_named(content, kind):
    with pytest.raises(BadImage) as wrong:
        prepare(content)
    assert wrong.value.kind == kind
