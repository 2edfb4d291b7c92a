"""
Fine-tunes the encoder and writes services/language-model/weights.

    python train.py --data DIR --base DIR [--out DIR] [--run EPOCHS:ROWS:RATE …] [--reviewed FILE …] [--seed 7]

DIR of --data holds the corpora of manifest.json, DIR of --base the unpacked base model named there. In a SageMaker training
job the same program reads SM_CHANNEL_DATA and SM_CHANNEL_BASE, and writes to SM_MODEL_DIR
(https://docs.aws.amazon.com/sagemaker/latest/dg/docker-container-environmental-variables.html).
"""

import argparse
import hashlib
import json
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

import corpora
from batches import IGNORED, Batch, batches
from export import export
from network import Heads
from returns import Maker, Row

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    epochs: int
    rows: int
    rate: float


RUNS = [Run(3, 20_000, 1e-4), Run(6, 24_000, 1.5e-4)]


def run_of(text: str) -> Run:
    epochs, rows, rate = text.split(":")
    return Run(int(epochs), int(rows), float(rate))


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fine-tunes the language model of returns and comments.")
    parser.add_argument("--data", type=Path, default=os.environ.get("SM_CHANNEL_DATA"), required="SM_CHANNEL_DATA" not in os.environ)
    parser.add_argument("--base", type=Path, default=os.environ.get("SM_CHANNEL_BASE"), required="SM_CHANNEL_BASE" not in os.environ)
    parser.add_argument("--out", type=Path, default=os.environ.get("SM_MODEL_DIR", HERE.parent / "weights"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--run", type=run_of, action="append", help="a fine-tuning: epochs, made-up requests an epoch, highest learning rate of the encoder; the weights of all are averaged")
    parser.add_argument("--version", default="minilm-1")
    parser.add_argument("--reviewed", type=Path, action="append", default=[], help="what people decided (npm run export-training); learned from four times an epoch")
    parser.add_argument("--other-data", action="store_true", help="learn from files that are not those of the manifest")
    return parser.parse_args()


def held_out(text: str) -> bool:
    """A sixth of the customer reviews is only ever measured on; which, the sentence itself says."""
    return hashlib.sha256(corpora.plain(text).encode()).digest()[0] < 43


def once(rows: list[Row]) -> list[Row]:
    """The corpora of film reviews share many sentences."""
    return list({corpora.plain(row.text): row for row in rows}.values())


def sentences(directory: Path, other_data: bool) -> tuple[list[Row], list[Row], dict[str, list[Row]]]:
    """To learn from, to calibrate with, and to measure on by name."""
    learn: list[Row] = []
    measure: dict[str, list[Row]] = {}
    for name, found in corpora.read(directory, other_data).items():
        rows = [Row(one.text, good=one.good, attack=None) for one in found]
        if name in corpora.MANIFEST["neverLearned"]:
            measure["sst2-dev"] = rows
        elif name == "custrev.all":
            measure["reviews-held-out"] = [row for row in rows if held_out(row.text)]
            learn += [row for row in rows if not held_out(row.text)]
        else:
            learn += rows
    learn = once(learn)
    random.Random(1).shuffle(learn)
    calibrate = learn[: len(learn) // 16]
    known = {row.text for row in calibrate}
    return [row for row in learn if row.text not in known], calibrate, measure


def reviewed(files: list[Path]) -> list[Row]:
    """What no person said is not learned. An exported case says what was decided, not why."""
    cases = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Row(
            one["text"], one.get("reason", ""), one["facts"], one["expect"]["decision"], one["expect"]["reason"],
            None if one["expect"]["sentiment"] is None else one["expect"]["sentiment"] == "GOOD", one["expect"]["injection"],
        )
        for one in cases
    ]


def loss_of(answers: tuple[Tensor, Tensor, Tensor, Tensor], batch: Batch) -> Tensor:
    """Sum over the heads; each averages over the rows that say something about it."""
    decision, reason, sentiment, injection = (answer.float() for answer in answers)
    total = torch.zeros(())
    for logits, labels in ((decision, batch.decision), (reason, batch.reason)):
        if (labels != IGNORED).any():
            total = total + nn.functional.cross_entropy(logits, labels, ignore_index=IGNORED, label_smoothing=0.02)
    for logits, labels in ((sentiment, batch.good), (injection, batch.attack)):
        known = labels != IGNORED
        if known.any():
            total = total + nn.functional.binary_cross_entropy_with_logits(logits.squeeze(1)[known], labels[known].float())
    return total


def fit(tokenizer: Tokenizer, learn: list[Row], base: str, seed: int, run: Run, size: int = 32) -> Heads:
    """One fine-tuning from the base model. All begin with the same heads and the same requests, so that their weights can be averaged."""
    torch.manual_seed(seed)
    model = Heads(base)
    maker = Maker("learn", seed)
    steps = run.epochs * -(-(len(learn) + run.rows) // size)
    encoder = [one for one in model.encoder.parameters() if one.requires_grad]
    heads = [one for name, one in model.named_parameters() if not name.startswith("encoder.")]
    optimizer = torch.optim.AdamW([{"params": encoder, "lr": run.rate, "weight_decay": 0.01}, {"params": heads, "lr": 10 * run.rate, "weight_decay": 0.01}])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, [run.rate, 10 * run.rate], total_steps=steps + run.epochs, pct_start=0.08, anneal_strategy="linear")
    started, done = time.time(), 0
    for epoch in range(run.epochs):
        model.train()
        rows = learn + [maker.row() for _ in range(run.rows)]
        running = 0.0
        for batch in batches(tokenizer, rows, size, seed=seed + epoch):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                answers = model(**batch.inputs)
            loss = loss_of(answers, batch)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            done += 1
            running = 0.98 * running + 0.02 * loss.item() if running else loss.item()
            if done % 50 == 0:
                left = (time.time() - started) / done * (steps - done)
                print(f"epoch {epoch + 1}/{run.epochs} · step {done}/{steps} · loss {running:.3f} · {left / 60:.0f} min left of this run", flush=True)
    return model


def average(models: list[Heads]) -> Heads:
    """Weights of several fine-tunings of one base, averaged: better on what is new than any of them, and no slower (Wortsman et al. 2022, Model soups)."""
    states = [model.state_dict() for model in models]
    first = models[0]
    first.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) if value.is_floating_point() else value for name, value in states[0].items()})
    return first


def main() -> None:
    chosen = options()
    for name, digest in corpora.MANIFEST["base"]["files"].items():
        if corpora.sha256(Path(chosen.base) / name) != digest:
            raise SystemExit(f"train: {name} in --base is not that of {corpora.MANIFEST['base']['package']}")
    learn, calibrate, measure = sentences(Path(chosen.data), chosen.other_data)
    learn += 4 * reviewed(chosen.reviewed)
    tokenizer = Tokenizer.from_file(str(Path(chosen.base) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = average([fit(tokenizer, learn, str(chosen.base), chosen.seed, run) for run in chosen.run or RUNS])
    made = Maker("calibrate", chosen.seed)
    export(model.eval(), tokenizer, calibrate + [made.row() for _ in range(2_000)], measure, Path(chosen.out), chosen.version)


if __name__ == "__main__":
    main()
