"""Labelled sentences to learn Good and Bad from. They stay outside of the project; manifest.json names their hashes."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
MANIFEST = json.loads((HERE / "manifest.json").read_text())


@dataclass(frozen=True)
class Sentence:
    text: str
    good: bool


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def plain(text: str) -> str:
    """Letters and digits only: the same sentence in another corpus' tokenisation is the same."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def untokenised(text: str) -> str:
    """SST and the customer reviews come tokenised ("does n't", "dvd 's ."); customers write otherwise."""
    text = text.replace("-lrb-", "(").replace("-rrb-", ")").replace("`` ", '"').replace(" ''", '"')
    text = re.sub(r" (n't|'s|'m|'re|'ve|'ll|'d)\b", r"\1", text)
    text = re.sub(r"\b(do|does|did|is|are|was|were|has|have|had|could|would|should|ca|wo) n 't\b", r"\1n't", text)
    text = re.sub(r" '(s|m|re|ve|ll|d|t)\b", r"'\1", text)
    return re.sub(r"\s+([.,!?;:)])", r"\1", text).strip(" .") or text


def labelled(path: Path) -> list[Sentence]:
    """One sentence a line: 0 or 1, blank or tab, the text."""
    found = (re.match(r"([01])[\t ](.+)", line) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return [Sentence(untokenised(match[2]), match[1] == "1") for match in found if match]


def rated(path: Path, least: float) -> list[Sentence]:
    """id, mean of twenty people's ratings from -4 to 4, text; those near 0 say neither."""
    rows = (line.split("\t", 2) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    parsed = [(float(row[1]), row[2]) for row in rows if len(row) == 3]
    return [Sentence(untokenised(text), rating > 0) for rating, text in parsed if abs(rating) >= least]


def read(directory: Path, other_data: bool) -> dict[str, list[Sentence]]:
    """
    The corpora of the manifest that are there, by name; without all of them the figures will be others.
    Raises SystemExit where there is none, or one is not the file that the published figures were made with.
    """
    corpora: dict[str, list[Sentence]] = {}
    for entry in MANIFEST["corpora"]:
        path = directory / entry["file"]
        if not path.exists():
            print(f"{entry['file']} is not in the --data directory: going on without (from: {entry['from']})", flush=True)
            continue
        if sha256(path) != entry["sha256"] and not other_data:
            raise SystemExit(f"train: {entry['file']} is not the file of the manifest; --other-data learns from it all the same")
        corpora[entry["file"]] = rated(path, 0.5) if entry["form"] == "rated" else labelled(path)
    if not any(name not in MANIFEST["neverLearned"] for name in corpora):
        raise SystemExit("train: none of the corpora of training/manifest.json is in the --data directory")
    never = {plain(one.text) for name, rows in corpora.items() for one in rows if name in MANIFEST["neverLearned"]}
    return {
        name: rows if name in MANIFEST["neverLearned"] else [one for one in rows if plain(one.text) not in never]
        for name, rows in corpora.items()
    }
