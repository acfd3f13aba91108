"""The programs of docs/how-to/send-events.md do what the page says: they are run as they stand there."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.db.intake.conftest import SECRET

PAGE = Path(__file__).parents[3] / "docs/how-to/send-events.md"
PROGRAMS = dict(re.findall(r"```(python|php|js|sh)\n(.*?)```", PAGE.read_text(), re.DOTALL))
# Python and curl are on every machine that runs these tests; the other two where they are installed.
RUN = {
    "python": [sys.executable, "-"],
    "php": ["php"],
    "js": ["node", "--input-type=module", "-"],
    "sh": ["bash", "-euo", "pipefail"],
}
BUYERS = {"python": "ada", "php": "bea", "js": "cleo", "sh": "dora"}


def run(language: str, url: str) -> dict:
    done = subprocess.run(
        RUN[language],
        input=PROGRAMS[language],
        env={**os.environ, "RIPRESA_URL": url, "RIPRESA_KEY": SECRET},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_examples_are_taken_once_and_known_the_second_time(server, database):
    url = f"http://127.0.0.1:{server.port}"
    there = [language for language, command in RUN.items() if shutil.which(command[0])]
    assert {"python", "sh"} <= set(there)
    for language in there:
        assert run(language, url) == {"accepted": 2, "duplicates": 0, "rejected": []}
        rows = database.run("SELECT payload FROM inbox ORDER BY id DESC LIMIT 2")
        stored = [json.loads(payload) for (payload,) in rows]
        assert {event["type"] for event in stored} == {"cart.updated", "contact.identified"}
        emails = [event["contact"]["email"] for event in stored if "contact" in event]
        assert emails == [f"{BUYERS[language]}@example.test"]
        assert run(language, url) == {"accepted": 0, "duplicates": 2, "rejected": []}


def test_each_is_twenty_lines_or_so():
    assert PROGRAMS.keys() == RUN.keys()
    for language, program in PROGRAMS.items():
        assert len(program.splitlines()) <= 24, language
