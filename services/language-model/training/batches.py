"""Rows to batches of numbers, texts of like length together so that little is padding."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from tokenizers import Tokenizer

from network import DECISIONS, MAX_TOKENS, REASON_TOKENS, REASONS, facts_vector
from returns import Row

IGNORED = -100


@dataclass(frozen=True)
class Batch:
    inputs: dict[str, Tensor]
    decision: Tensor
    reason: Tensor
    """1, 0, or IGNORED."""
    good: Tensor
    attack: Tensor


def pieces(tokenizer: Tokenizer, row: Row) -> tuple[list[int], list[int]]:
    """[CLS] code [SEP] text [SEP] and the segment of each: 0 for the code, 1 for the text."""
    code = tokenizer.encode(row.code.replace("_", " "), add_special_tokens=False).ids[:REASON_TOKENS]
    first = [tokenizer.token_to_id("[CLS]"), *code, tokenizer.token_to_id("[SEP]")]
    text = tokenizer.encode(row.text, add_special_tokens=False).ids[: MAX_TOKENS - len(first) - 1]
    return [*first, *text, tokenizer.token_to_id("[SEP]")], [0] * len(first) + [1] * (len(text) + 1)


def index(values: Sequence[str], value: str | None) -> int:
    return IGNORED if value is None else values.index(value)


def truth(value: bool | None) -> int:
    return IGNORED if value is None else int(value)


def batch_of(rows: Sequence[Row], encoded: Sequence[tuple[list[int], list[int]]]) -> Batch:
    longest = max(len(ids) for ids, _ in encoded)
    pad = lambda values: [list(one) + [0] * (longest - len(one)) for one in values]  # noqa: E731
    inputs = {
        "input_ids": torch.tensor(pad([ids for ids, _ in encoded])),
        "attention_mask": torch.tensor(pad([[1] * len(ids) for ids, _ in encoded])),
        "token_type_ids": torch.tensor(pad([kinds for _, kinds in encoded])),
        "facts": torch.tensor([facts_vector(row.facts) for row in rows]),
    }
    return Batch(
        inputs,
        torch.tensor([index(DECISIONS, row.decision) for row in rows]), torch.tensor([index(REASONS, row.reason) for row in rows]),
        torch.tensor([truth(row.good) for row in rows]), torch.tensor([truth(row.attack) for row in rows]),
    )


def batches(tokenizer: Tokenizer, rows: Sequence[Row], size: int, seed: int | None = None) -> Iterator[Batch]:
    """All rows once; shuffled where a seed is given."""
    encoded = [(row, pieces(tokenizer, row)) for row in rows]
    pick = random.Random(seed)
    if seed is not None:
        pick.shuffle(encoded)
    span = size * 64
    groups = []
    for start in range(0, len(encoded), span):
        near = sorted(encoded[start : start + span], key=lambda one: len(one[1][0]))
        groups += [near[at : at + size] for at in range(0, len(near), size)]
    if seed is not None:
        pick.shuffle(groups)
    for group in groups:
        yield batch_of([row for row, _ in group], [one for _, one in group])
