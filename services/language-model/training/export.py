"""The trained network as int8 ONNX, with the calibration measured on what is served, not on what was trained."""

import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from batches import IGNORED, batches
from measures import platt, sigmoid, softmax, temperature
from network import FACTS, MAX_TOKENS, Heads
from returns import Row

INPUTS = ["input_ids", "attention_mask", "token_type_ids", "facts"]
OUTPUTS = ["decision", "reason", "sentiment", "injection"]


def write_onnx(model: Heads, path: Path) -> None:
    """fp32, then weights and word vectors as signed bytes of seven bits, a scale a row: eight overflow in processors without VNNI. Activations stay dynamic."""
    ids = torch.ones((2, 16), dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            model, (ids, torch.ones_like(ids), torch.zeros_like(ids), torch.zeros((2, 2 * len(FACTS)))), str(full), dynamo=False, opset_version=17, input_names=INPUTS, output_names=OUTPUTS,
            dynamic_axes={**{name: {0: "texts", 1: "tokens"} for name in INPUTS[:3]}, "facts": {0: "texts"}, **{name: {0: "texts"} for name in OUTPUTS}},
        )
        onnx.checker.check_model(str(full))
        quantize_dynamic(str(full), str(path), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul", "Gemm", "Gather"])


class Served:
    """What production runs: onnxruntime over the int8 file."""

    def __init__(self, path: Path, tokenizer: Tokenizer) -> None:
        self.session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        self.tokenizer = tokenizer

    def answers(self, rows: list[Row]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Logits and labels a head, in one order."""
        logits: dict[str, list[np.ndarray]] = {name: [] for name in OUTPUTS}
        labels: dict[str, list[np.ndarray]] = {name: [] for name in OUTPUTS}
        for batch in batches(self.tokenizer, rows, 32):
            made = self.session.run(OUTPUTS, {name: value.numpy() for name, value in batch.inputs.items()})
            for name, value, truth in zip(OUTPUTS, made, (batch.decision, batch.reason, batch.good, batch.attack), strict=True):
                logits[name].append(value)
                labels[name].append(truth.numpy())
        return {name: np.concatenate(parts) for name, parts in logits.items()}, {name: np.concatenate(parts) for name, parts in labels.items()}


def calibration(served: Served, rows: list[Row]) -> dict[str, dict[str, float]]:
    logits, labels = served.answers(rows)
    known = {name: labels[name] != IGNORED for name in OUTPUTS}
    return {
        **{name: {"temperature": temperature(logits[name][known[name]], labels[name][known[name]])} for name in ("decision", "reason")},
        **{name: platt(logits[name][known[name], 0], labels[name][known[name]]) for name in ("sentiment", "injection")},
    }


def told(served: Served, name: str, rows: list[Row], scales: dict[str, dict[str, float]]) -> None:
    logits, labels = served.answers(rows)
    parts = []
    for head in OUTPUTS:
        known = labels[head] != IGNORED
        if not known.any():
            continue
        truth = labels[head][known]
        made = softmax(logits[head][known], scales[head]["temperature"]).argmax(1) if "temperature" in scales[head] else sigmoid(scales[head]["a"] * logits[head][known, 0] + scales[head]["b"]) >= 0.5
        parts.append(f"{head} {100 * (made == truth).mean():.1f} % of {known.sum()}")
    print(f"{name}: {', '.join(parts)}", flush=True)


def export(model: Heads, tokenizer: Tokenizer, calibrate: list[Row], measure: dict[str, list[Row]], out: Path, version: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    write_onnx(model, out / "encoder.onnx")
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    served = Served(out / "encoder.onnx", tokenizer)
    scales = calibration(served, calibrate)
    told(served, "calibration", calibrate, scales)
    for name, rows in measure.items():
        told(served, name, rows, scales)
    files = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in ("encoder.onnx", "tokenizer.json")}
    about = {"version": version, "maxTokens": MAX_TOKENS, "facts": FACTS, "calibration": scales, "injectionAt": 0.5, "files": files}
    (out / "encoder.json").write_text(json.dumps(about, indent=2) + "\n")
