"""A second opinion: python -m tests.oracle --events FILE [--scenario FILE] [--out DIR] …"""

import argparse
import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

from .reading import Line, Outcome, simulate
from .scenario_reading import duration, read_scenario


def main() -> None:
    options = _options()
    outcome = simulate(
        options.events.read_text(encoding="utf-8").split("\n"),
        read_scenario(options.scenario) if options.scenario else None,
        consent_policy=options.consent_policy,
        abandoned_after=options.abandoned_after,
        until=options.until,
    )
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        _write(options.out / "messages.jsonl", outcome.messages)
        _write(options.out / "carts.jsonl", outcome.carts)
    json.dump(summary(outcome), sys.stdout, indent=2)
    print()


def summary(outcome: Outcome) -> Line:
    decisions = Counter(f"{line['outcome']}:{line['reason']}" for line in outcome.messages)
    states = Counter(line["state"] for line in outcome.carts)
    return {
        "decisions": dict(sorted(decisions.items())),
        "carts": dict(sorted(states.items())),
        "accepted": len(outcome.intake.events),
        "duplicates": outcome.intake.duplicates,
        "rejected": len(outcome.intake.rejected),
    }


def _write(path: Path, lines: list[Line]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--events", type=Path, required=True)
    parser.add_argument("--scenario", type=Path)
    parser.add_argument("--consent-policy", choices=["any", "recorded"], default="recorded")
    parser.add_argument("--abandoned-after", type=duration)
    parser.add_argument("--until", type=datetime.fromisoformat)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
