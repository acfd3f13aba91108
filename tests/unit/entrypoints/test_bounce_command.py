import json

from typer.testing import CliRunner

from ripresa.channels.mailbox.reading.mail import MOST_BYTES
from ripresa.entrypoints.cli.app import app
from tests.unit.channels.mailbox.mails import complaint, mail, refused, report


def read(*files):
    done = CliRunner().invoke(app, ["bounce", "read", *(str(file) for file in files)])
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_of_json_for_each_file(tmp_path):
    files = []
    for name, raw in {
        "bounce": report([refused("550 5.1.1 user unknown", status="5.1.1")]),
        "complaint": complaint(),
        "away": mail("I am away.", headers="Auto-Submitted: auto-replied"),
        "reply": mail("Thank you"),
    }.items():
        files.append(tmp_path / f"{name}.eml")
        files[-1].write_bytes(raw)

    done, lines = read(*files)

    assert done.exit_code == 0
    ben = {"address": "ben@people.example"}
    lost = ben | {"permanent": True, "status": "5.1.1", "reason": "unknown"}
    annoyed = ben | {"permanent": False, "status": "", "reason": "abuse"}
    assert lines == [
        {"file": str(files[0]), "kind": "bounce", "recipients": [lost]},
        {"file": str(files[1]), "kind": "complaint", "recipients": [annoyed]},
        {"file": str(files[2]), "kind": "auto_reply", "recipients": []},
        {"file": str(files[3]), "kind": "other", "recipients": []},
    ]


def test_files_that_are_no_mails_are_named_and_the_others_read(tmp_path):
    sound = tmp_path / "sound.eml"
    sound.write_bytes(mail("Thank you"))
    noise = tmp_path / "noise.bin"
    noise.write_bytes(b"\x00\x01")

    done, lines = read(noise, tmp_path, tmp_path / "missing.eml", sound)

    assert [line["file"] for line in lines] == [str(sound)]
    assert done.exit_code == 1
    assert f"{noise}: this is no mail" in done.stderr
    assert f"{tmp_path}: Is a directory" in done.stderr
    assert f"{tmp_path / 'missing.eml'}: No such file" in done.stderr


def test_a_huge_file_is_read_as_far_as_it_matters(tmp_path):
    huge = tmp_path / "huge.eml"
    with huge.open("wb") as opened:
        opened.write(mail("Thank you"))
        opened.truncate(200 * MOST_BYTES)  # holes: it takes no room

    _, lines = read(huge)

    assert [line["kind"] for line in lines] == ["other"]
