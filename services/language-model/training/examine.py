"""Writes evaluation/synthetic.jsonl: requests of phrases that training never sees. Run again only when phrases are added."""

import json
from pathlib import Path

from returns import Maker

CASES = 600
OUT = Path(__file__).parent.parent / "evaluation" / "synthetic.jsonl"


def main() -> None:
    maker = Maker("examine", 1)
    rows = []
    while len(rows) < CASES:
        row = maker.row()
        if row.decision is not None:
            rows.append(row)
    lines = (
        {
            "id": f"m{at:03}", "text": row.text, **({"reason": row.code} if row.code else {}), "facts": row.facts, "category": "-", "country": "-",
            "expect": {"decision": row.decision, "reason": row.reason, "sentiment": None if row.good is None else "GOOD" if row.good else "BAD", "injection": bool(row.attack)},
        }
        for at, row in enumerate(rows, 1)
    )
    OUT.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines))
    print(f"{len(rows)} cases in {OUT.name}")


if __name__ == "__main__":
    main()
