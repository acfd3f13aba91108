"""What `--json` prints."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from ripresa.entrypoints.cli.results import json_text
from tests.architecture.tree import SRC


def test_what_json_has_no_word_for_is_told_as_its_standard_has_it():
    told = {
        "at": datetime(2026, 3, 1, 15, tzinfo=UTC),
        "day": date(2026, 3, 1),
        "id": UUID(int=7),
        "sum": Decimal("59.80"),
        "name": "Łódź",
        "nothing": None,
    }
    assert json.loads(json_text(told)) == {
        "at": "2026-03-01T15:00:00+00:00",
        "day": "2026-03-01",
        "id": "00000000-0000-0000-0000-000000000007",
        "sum": "59.80",
        "name": "Łódź",
        "nothing": None,
    }
    assert "Łódź" in json_text(told)


def test_no_command_writes_json_otherwise():
    commands = SRC / "entrypoints" / "cli"
    own = [
        str(file.relative_to(commands))
        for file in commands.rglob("*.py")
        if "json.dumps" in file.read_text("utf-8") and file.name != "results.py"
    ]
    assert own == []
