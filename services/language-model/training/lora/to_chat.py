"""Training rows into conversations: python3 to_chat.py ROWS.jsonl... --out DIR [--dev 0.05] [--seed 7]

A row is {"text", "reason"?, "facts"?, "decision"?, "reason_category"?, "sentiment"?, "injection"?}. Prompt and answer have
the form of shared/model/llm, whose prompt.json is read here too; its example must come out to the letter, or nothing is
written. What a row does not say is filled in, but marked as not to be learned.

Writes DIR/train.jsonl and DIR/dev.jsonl, a line each {"messages": [system, user], "answer": [[text, learn], ...]}.
A row's split depends on its text alone, so the same text never stands in both.
"""
import argparse
import hashlib
import json
import math
import random
from pathlib import Path

PROMPT = Path(__file__).resolve().parents[4] / "shared/model/llm/prompt.json"
REASONS = "wrong_item damaged defective not_as_described size_fit late changed_mind duplicate unauthorised other".split()
FACTS = "daysSinceDelivery windowDays amountShare capShare quantityShare damagedInTransit daysLate".split()
DECISIONS = "approve reject review".split()
LOOKALIKES = str.maketrans("<>|[]", "‹›¦()")


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def number(value):
    """As JavaScript writes it, rounded to thousandths."""
    rounded = math.floor(value * 1000 + 0.5) / 1000
    return int(rounded) if rounded == int(rounded) else rounded


def fenced(name, text, mark):
    return [f"BEGIN {name} {mark}", compact(text.translate(LOOKALIKES)), f"END {name} {mark}"]


def user_part(row, mark):
    lines = [f"mark: {mark}"]
    if row.get("facts") is not None:
        facts = row["facts"]
        unknown = set(facts) - set(FACTS)
        if unknown:
            raise ValueError(f"facts that the contract does not know: {sorted(unknown)}")
        lines.append("facts: " + compact({name: number(facts[name]) for name in FACTS if facts.get(name) is not None}))
    if row.get("reason"):
        lines += fenced("reason", row["reason"], mark)
    return "\n".join(lines + fenced("text", row["text"], mark))


def of(value, allowed, what):
    if value is not None and value not in allowed:
        raise ValueError(f"{what} is {value!r}, not one of {allowed}")
    return value


def answer(row):
    """The answer in pieces, each with whether it is to be learned."""
    reason = of(row.get("reason_category"), REASONS, "reason_category")
    sentiment = of({0: "BAD", 1: "GOOD"}.get(row.get("sentiment"), row.get("sentiment")), ["GOOD", "BAD"], "sentiment")
    injection = row.get("injection")
    decision = of(row.get("decision"), DECISIONS, "decision")
    good = {"GOOD": 0.96, "BAD": 0.04, None: 0.5}[sentiment]
    pieces = [
        ('{"reason":', True),
        (compact({"label": reason or "other", "score": 0.95}), reason is not None),
        (',"sentiment":', True),
        (compact({"label": sentiment or "GOOD", "score": good}), sentiment is not None),
        (',"injection":', True),
        (compact({"flagged": bool(injection), "score": 0.98 if injection else 0.02}), injection is not None),
    ]
    if row.get("facts") is not None:
        pieces += [(',"decision":', True),
                   (compact({name: 0.96 if name == decision else 0.02 for name in DECISIONS}), decision is not None)]
    return [list(piece) for piece in pieces + [("}", True)]]


def conversation(row, prompt, mark):
    # a decision is asked for only of a return; one without known facts is a return all the same
    if row.get("decision") is not None and row.get("facts") is None:
        row = {**row, "facts": {}}
    system = "\n".join(prompt["system"])
    return {"messages": [{"role": "system", "content": system}, {"role": "user", "content": user_part(row, mark)}], "answer": answer(row)}


def check(prompt):
    example = prompt["example"]
    made = user_part(example["instance"], example["mark"])
    if made != example["user"]:
        raise SystemExit(f"the prompt here is not the product's:\n{made}\n--- but ---\n{example['user']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--dev", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    prompt = json.loads(PROMPT.read_text("utf8"))
    check(prompt)
    marks = random.Random(options.seed)
    splits = {"train": [], "dev": []}
    for file in options.rows:
        with file.open(encoding="utf8") as lines:
            for at, line in enumerate(lines, 1):
                try:
                    row = json.loads(line)
                    made = conversation(row, prompt, f"{marks.getrandbits(64):016x}")
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise SystemExit(f"{file}:{at}: {error}") from error
                share = int.from_bytes(hashlib.sha256(row["text"].encode()).digest()[:4], "big") / 2**32
                splits["dev" if share < options.dev else "train"].append(compact(made))
    marks.shuffle(splits["train"])
    options.out.mkdir(parents=True, exist_ok=True)
    for name, made in splits.items():
        (options.out / f"{name}.jsonl").write_text("".join(f"{one}\n" for one in made), "utf8")
    print(json.dumps({name: len(made) for name, made in splits.items()}))


if __name__ == "__main__":
    main()
