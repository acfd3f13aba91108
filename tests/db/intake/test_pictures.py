"""The picture that tells of opens is shown to whoever asks; only what names a message is kept."""

from uuid import UUID

from psycopg import connect

from ripresa.contracts.feedback import OPEN_PATH, OPEN_PURPOSE
from ripresa.core.signed_ids import SignedIds
from ripresa.intake.tracking import PICTURE

OPENS = SignedIds("a secret for tests only", OPEN_PURPOSE)


def test_everybody_sees_the_picture(database, server):
    with server.connect() as wire:
        for path in ("nonsense", OPENS.sign(1, UUID(int=9))):
            wire.sendall(f"GET {OPEN_PATH}{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            said = b""
            while PICTURE not in said:
                said += wire.recv(4096)
            assert b"200" in said.splitlines()[0]
            assert b"image/gif" in said
    with connect(database.dsn) as connection:
        assert connection.execute("SELECT count(*) FROM message_feedback").fetchone() == (0,)
