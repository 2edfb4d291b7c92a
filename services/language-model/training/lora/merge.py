"""The adapter into the model: python3 merge.py --model DIR --adapter DIR --out DIR

Writes a model that a server loads like any other, says how far its logits are from those of model and adapter, and
prints the hash of its files, which a deployment names as llmSha256: sha256 over "<sha256>  <name>" of each, a line each,
sorted by name, as `sha256sum * | sort -k2 | sha256sum` counts it.
"""
import argparse
import hashlib
import json
from pathlib import Path

import peft
import torch
import transformers

# between float32 and the adapter added in another order; a merge gone wrong is off by whole units
MOST_OFF = {torch.float32: 1e-3, torch.bfloat16: 0.5}


def hash_of(folder):
    lines = []
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        digest = hashlib.sha256()
        with file.open("rb") as content:
            while part := content.read(1 << 20):
                digest.update(part)
        lines.append(f"{digest.hexdigest()}  {file.name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("model", "adapter", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    if options.out.exists() and any(options.out.iterdir()):
        raise SystemExit(f"{options.out} is not empty: its hash would count what is there")
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.adapter, local_files_only=True)
    base = transformers.AutoModelForCausalLM.from_pretrained(options.model, local_files_only=True, dtype="auto")
    model = peft.PeftModel.from_pretrained(base, options.adapter).eval()
    sample = tokenizer("mark: 0\nfacts: {}\nBEGIN text 0\n\"It came broken\"\nEND text 0", return_tensors="pt").input_ids
    with torch.no_grad():
        before = model(input_ids=sample).logits.float()
        merged = model.merge_and_unload(safe_merge=True)
        off = (merged(input_ids=sample).logits.float() - before).abs().max().item()
    if not off <= MOST_OFF.get(merged.dtype, 0.5):
        raise SystemExit(f"merged, the logits are off by {off}")
    merged.save_pretrained(options.out)
    tokenizer.save_pretrained(options.out)
    print(json.dumps({"logitsOff": off, "llmSha256": hash_of(options.out)}))


if __name__ == "__main__":
    main()
