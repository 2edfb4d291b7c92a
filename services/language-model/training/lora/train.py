"""LoRA on a small instruction model: python3 train.py --model DIR --data DIR --out DIR [--epochs 2 ...]

DIR of the data holds train.jsonl and dev.jsonl of to_chat.py. The same program is a SageMaker training job's: model, data
and out are then SM_CHANNEL_MODEL, SM_CHANNEL_TRAINING and SM_MODEL_DIR. Saves the adapter of the epoch with the least loss on
dev, and training.json: settings, versions, hashes of the data, losses. The same data and seed give the same adapter on
the same machine.
"""
import argparse
import hashlib
import json
import math
import os
import random
from pathlib import Path

import peft
import torch
import transformers

from conversations import IGNORED, read


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, variable in (("model", "SM_CHANNEL_MODEL"), ("data", "SM_CHANNEL_TRAINING"), ("out", "SM_MODEL_DIR")):
        parser.add_argument(f"--{name}", type=Path, default=os.environ.get(variable), required=variable not in os.environ)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--batch", type=int, default=16, help="conversations before a step")
    parser.add_argument("--micro", type=int, default=4, help="conversations at once")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--alpha", type=int, default=32)
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument("--targets", default="all-linear", help="modules to adapt, comma-separated")
    parser.add_argument("--most-tokens", type=int, default=2048, help="longer conversations are left out, and counted")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def padded(conversations, padding, device):
    longest = max(len(ids) for ids, _ in conversations)
    rows = {"input_ids": [], "attention_mask": [], "labels": []}
    for ids, labels in conversations:
        rest = longest - len(ids)
        rows["input_ids"].append(ids + [padding] * rest)
        rows["attention_mask"].append([1] * len(ids) + [0] * rest)
        rows["labels"].append(labels + [IGNORED] * rest)
    return {name: torch.tensor(values, device=device) for name, values in rows.items()}


def learned(conversations):
    """Labels that count: the first token of a text is predicted from nothing."""
    return sum(label != IGNORED for _, labels in conversations for label in labels[1:])


def loss_sum(model, batch):
    """Of all labels together, so that batches of any size weigh by what they teach."""
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1].float()
    return torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), batch["labels"][:, 1:].reshape(-1), ignore_index=IGNORED, reduction="sum")


@torch.no_grad()
def loss_on(model, conversations, micro, padding, device):
    model.eval()
    total = sum(loss_sum(model, padded(conversations[at:at + micro], padding, device)).item() for at in range(0, len(conversations), micro))
    model.train()
    return total / max(1, learned(conversations))


def main():
    options = arguments()
    torch.manual_seed(options.seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    order = random.Random(options.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.model, local_files_only=True)
    padding = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    (train, train_left), (dev, dev_left) = (read(Path(options.data) / f"{name}.jsonl", tokenizer, options.most_tokens) for name in ("train", "dev"))
    if not train or not dev:
        raise SystemExit("train.jsonl or dev.jsonl has no conversation that fits")
    base = transformers.AutoModelForCausalLM.from_pretrained(options.model, local_files_only=True, dtype=torch.bfloat16 if device == "cuda" else torch.float32).to(device)
    targets = options.targets if options.targets == "all-linear" else options.targets.split(",")
    model = peft.get_peft_model(base, peft.LoraConfig(
        r=options.rank, lora_alpha=options.alpha, lora_dropout=options.dropout, target_modules=targets, task_type="CAUSAL_LM"))
    adapted = [parameter for parameter in model.parameters() if parameter.requires_grad]
    steps = options.epochs * math.ceil(len(train) / options.batch)
    optimizer = torch.optim.AdamW(adapted, lr=options.rate, weight_decay=0.0)
    schedule = transformers.get_cosine_schedule_with_warmup(optimizer, max(1, steps // 30), steps)
    losses = [{"epoch": 0, "dev": loss_on(model, dev, options.micro, padding, device)}]
    out = Path(options.out)
    model.train()
    for epoch in range(1, options.epochs + 1):
        order.shuffle(train)
        total = 0.0
        for start in range(0, len(train), options.batch):
            batch = train[start:start + options.batch]
            weight = max(1, learned(batch))
            for at in range(0, len(batch), options.micro):
                loss = loss_sum(model, padded(batch[at:at + options.micro], padding, device))
                (loss / weight).backward()
                total += loss.item()
            torch.nn.utils.clip_grad_norm_(adapted, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
        losses.append({"epoch": epoch, "train": total / max(1, learned(train)), "dev": loss_on(model, dev, options.micro, padding, device)})
        print(json.dumps(losses[-1]), flush=True)
        if not math.isfinite(losses[-1]["dev"]):
            raise SystemExit("the loss is no number: a smaller --rate is needed")
        if losses[-1]["dev"] <= min(each["dev"] for each in losses):
            model.save_pretrained(out)
    if not (out / "adapter_config.json").exists():
        raise SystemExit("no epoch was better than the model as it came: nothing is saved")
    tokenizer.save_pretrained(out)
    (out / "training.json").write_text(json.dumps({
        "settings": {name: str(value) for name, value in vars(options).items()},
        "versions": {each.__name__: each.__version__ for each in (torch, transformers, peft)},
        "data": {name: hashlib.sha256((Path(options.data) / f"{name}.jsonl").read_bytes()).hexdigest() for name in ("train", "dev")},
        "conversations": {"train": len(train), "dev": len(dev), "tooLong": train_left + dev_left},
        "losses": losses,
    }, indent=2) + "\n", "utf8")


if __name__ == "__main__":
    main()
