"""Writes tiny/: a network of a few operations with the interface of the real one, so that tests of the mechanics need no
trained weights. It adds up a row of scores a token. Needs Python with `onnx` and `numpy`:

    python services/language-model/src/model/testing/write_tiny.py
"""

import hashlib
import json
import pathlib
import string

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent / "tiny"
FACTS = [("daysSinceDelivery", 30, 365), ("windowDays", 30, 365), ("amountShare", 1, 1), ("capShare", 1, 5),
         ("quantityShare", 1, 1), ("damagedInTransit", 1, 1), ("daysLate", 14, 365)]
# columns: approve reject review, ten reasons, sentiment, injection
COLUMNS = 15
REASONS = 3
SENTIMENT, INJECTION = 13, 14
WORDS = {
    "cracked": {0: 4.0, REASONS + 1: 6.0, SENTIMENT: -2.0},
    "wrong": {0: 2.0, REASONS + 0: 6.0},
    "dropped": {1: 5.0},
    "good": {SENTIMENT: 4.0},
    "bad": {SENTIMENT: -4.0},
    "ignore": {INJECTION: 8.0},
    # a logit that is no number
    "infinite": {SENTIMENT: float("inf")},
}


def vocabulary():
    letters = list(string.ascii_lowercase + string.digits)
    return ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"[].,!?'", *letters, *("##" + one for one in letters), *WORDS,
            "it", "was", "the", "item", "and"]


def network(tokens):
    scores = np.zeros((len(tokens), COLUMNS), np.float32)
    for word, columns in WORDS.items():
        for column, value in columns.items():
            scores[tokens.index(word), column] = value
    facts = np.zeros((2 * len(FACTS), COLUMNS), np.float32)
    facts[0, 0] = -1.0  # the longer ago, the less is approved
    bias = np.zeros(COLUMNS, np.float32)
    bias[REASONS + 9], bias[INJECTION] = 1.0, -4.0
    constants = {"scores": scores, "weights": facts, "bias": bias, "types": np.zeros((2, COLUMNS), np.float32),
                 "last": np.array([2], np.int64), "tokens": np.array([1], np.int64), "sizes": np.array([3, 10, 1, 1], np.int64)}
    nodes = [
        helper.make_node("Gather", ["scores", "input_ids"], ["words"]),
        helper.make_node("Gather", ["types", "token_type_ids"], ["parts"]),
        helper.make_node("Add", ["words", "parts"], ["each"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.BOOL),
        helper.make_node("Unsqueeze", ["mask", "last"], ["columns"]),
        helper.make_node("Sub", ["bias", "bias"], ["nothing"]),
        # chosen, not multiplied: what is masked may be anything
        helper.make_node("Where", ["columns", "each", "nothing"], ["seen"]),
        helper.make_node("ReduceSum", ["seen", "tokens"], ["text"], keepdims=0),
        helper.make_node("MatMul", ["facts", "weights"], ["numbers"]),
        helper.make_node("Add", ["text", "numbers"], ["both"]),
        helper.make_node("Add", ["both", "bias"], ["logits"]),
        helper.make_node("Split", ["logits", "sizes"], ["decision", "reason", "sentiment", "injection"], axis=1),
    ]
    ids = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in ("input_ids", "attention_mask", "token_type_ids")]
    graph = helper.make_graph(
        nodes, "tiny", [*ids, helper.make_tensor_value_info("facts", TensorProto.FLOAT, ["batch", 2 * len(FACTS)])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", size]) for name, size in (("decision", 3), ("reason", 10), ("sentiment", 1), ("injection", 1))],
        [numpy_helper.from_array(value, name) for name, value in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def tokenizer(tokens):
    special = [{"id": at, "content": token, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
               for at, token in enumerate(tokens[:5])]
    return json.dumps({
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": None, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                  "vocab": {token: at for at, token in enumerate(tokens)}},
    }, indent=1).encode()


def main():
    tokens = vocabulary()
    files = {"encoder.onnx": network(tokens), "tokenizer.json": tokenizer(tokens)}
    about = {
        "version": "tiny-1", "maxTokens": 48, "facts": [{"name": name, "scale": scale, "most": most} for name, scale, most in FACTS],
        "calibration": {"decision": {"temperature": 1.0}, "reason": {"temperature": 1.0}, "sentiment": {"a": 1.0, "b": 0.0}, "injection": {"a": 1.0, "b": 0.0}},
        "injectionAt": 0.5, "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    HERE.mkdir(exist_ok=True)
    for name, content in {**files, "encoder.json": json.dumps(about, indent=2).encode() + b"\n"}.items():
        (HERE / name).write_bytes(content)


main()
