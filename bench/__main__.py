"""`python -m bench [STAGE]`: measure; write bench/results/ and the table of docs/performance.md."""

import json
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

STAGES = {1: "bench.intake", 2: "bench.intake", 3: "bench.intake", 4: "bench.fold", 5: "bench.plan"}
NAMES = {"intake": 1, "batches": 2, "latency": 3, "fold": 4, "plan": 5}
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
TABLE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
NOISY = 0.15


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    stages = [NAMES.get(wanted) or int(wanted)] if wanted else sorted(STAGES)
    failed = False
    for stage in stages:
        result = _alone(stage)
        result["measured_on"] = datetime.now(UTC).date().isoformat()
        result["machine"] = f"{platform.machine()}, {platform.python_version()}"
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"stage-{stage}.json").write_text(json.dumps(result, indent=2) + "\n")
        print(json.dumps(result, indent=2))
        failed |= result.get("truth") != "ok"
    _write_table()
    sys.exit(1 if failed else 0)


def _alone(stage: int) -> dict:
    """A stage in a process of its own: settings are read once a process."""
    code = f"import json, {STAGES[stage]} as s; r = s.run({stage}); print('RESULT' + json.dumps(r))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT"))
    return json.loads(line.removeprefix("RESULT"))


def _write_table() -> None:
    rows = [
        "| # | workload | ours | limit in the same run | ratio | goal | spread | truth check |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for path in sorted(RESULTS.glob("stage-*.json")):
        one = json.loads(path.read_text())
        spread = one.get("spread")
        noisy = " (noisy)" if spread is not None and spread > NOISY else ""
        rows.append(
            f"| {one['stage']} | {one['workload']} | {one['ours_per_second']} | "
            f"{one['limit_per_second']} ({one['limit']}) | {one['ratio']} | {one['goal']} | "
            f"{spread}{noisy} | {one['truth']} |"
        )
    text = TABLE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    TABLE.write_text(f"{before}{BEGIN}\n" + "\n".join(rows) + f"\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
