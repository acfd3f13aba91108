"""`python -m bench [STAGE]`: measure; write bench/results/ and the tables of docs/performance.md.

Without a stage: all of them. `growth`, `reports-full` and `reports-part` take long and are asked for by name.
"""

import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

STAGES = {1: "bench.intake", 2: "bench.intake", 3: "bench.intake", 4: "bench.fold", 5: "bench.plan",
          6: "bench.mail", 7: "bench.mail", 8: "bench.mail", 9: "bench.letters",
          10: "bench.tracking", 11: "bench.reports", 12: "bench.reports",
          13: "bench.live", 14: "bench.live", 15: "bench.live"}  # fmt: skip
GROWTH = "growth"
FULL, PART = "reports-full", "reports-part"
LONG = {GROWTH: "bench.growth", FULL: "bench.reports_full", PART: "bench.reports_full"}
NAMES = {
    "intake": 1,
    "batches": 2,
    "latency": 3,
    "fold": 4,
    "plan": 5,
    "email": 6,
    "dkim": 7,
    "peer": 8,
    "letters": 9,
    "tracking": 10,
    "report": 11,
    "attribution": 12,
    "steady": 13,
    "outage": 14,
    "kills": 15,
}
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
TABLE = ROOT / "docs" / "performance.md"
FIGURES = ("<!-- figures: begin -->", "<!-- figures: end -->")
GROWN = ("<!-- growth: begin -->", "<!-- growth: end -->")
NOISY = 0.15


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    stages: list[int | str] = sorted(STAGES)
    if wanted:
        stages = [wanted if wanted in LONG else NAMES.get(wanted) or int(wanted)]
    failed = False
    for stage in stages:
        result = _alone(stage)
        result["measured_on"] = datetime.now(UTC).date().isoformat()
        result["machine"] = f"{platform.machine()}, {platform.python_version()}"
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"stage-{stage}.json").write_text(json.dumps(result, indent=2) + "\n")
        print(json.dumps(result, indent=2))
        failed |= result.get("truth") != "ok"
    _write_figures()
    _write_growth()
    sys.exit(1 if failed else 0)


def _alone(stage: int | str) -> dict:
    """A stage in a process of its own: settings are read once a process."""
    module = LONG[stage] if isinstance(stage, str) else STAGES[stage]
    code = f"import json, {module} as s; r = s.run({stage!r}); print('RESULT' + json.dumps(r))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    return json.loads(line.removeprefix("RESULT"))


def _write_figures() -> None:
    rows = [
        "| # | workload | ours | limit in the same run | ratio | goal | spread | truth check |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for path in sorted(RESULTS.glob("stage-[0-9]*.json"), key=lambda one: int(one.stem[6:])):
        one = json.loads(path.read_text())
        spread = one.get("spread")
        noisy = " (noisy)" if spread is not None and spread > NOISY else ""
        rows.append(
            f"| {one['stage']} | {one['workload']} | {_told(one['ours_per_second'])} | "
            f"{_told(one['limit_per_second'])} ({one['limit']}) | {_told(one['ratio'])} | {one['goal']} | "
            f"{_told(spread)}{noisy} | {one['truth']} |"
        )
    _put(FIGURES, rows)


def _told(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value is None else str(value)


def _write_growth() -> None:
    path = RESULTS / f"stage-{GROWTH}.json"
    if not path.exists():
        return
    rows = [
        "| idle carts | | buffers of an empty poll | its milliseconds | buffers of a planned step |",
        "|---|---|---|---|---|",
    ]
    rows += [
        f"| {one['idle_carts']:,} | {one['state']} | {one['buffers_of_a_poll']} | "
        f"{one['poll_ms']} | {one['buffers_of_a_step']} |"
        for one in json.loads(path.read_text())["table"]
    ]
    _put(GROWN, rows)


def _put(marks: tuple[str, str], rows: list[str]) -> None:
    """Put a table between two marks of docs/performance.md."""
    begin, end = marks
    text = TABLE.read_text(encoding="utf-8")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    TABLE.write_text(f"{before}{begin}\n" + "\n".join(rows) + f"\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
