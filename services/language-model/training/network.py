"""One encoder, four answers: decision, reason, Good/Bad, attack. The order of labels and facts is the contract's (shared/model/contract.ts)."""

import torch
from torch import Tensor, nn
from transformers import AutoModel

DECISIONS = ["approve", "reject", "review"]
REASONS = ["wrong_item", "damaged", "defective", "not_as_described", "size_fit", "late", "changed_mind", "duplicate", "unauthorised", "other"]
FACTS = [
    {"name": "daysSinceDelivery", "scale": 30, "most": 365},
    {"name": "windowDays", "scale": 30, "most": 365},
    {"name": "amountShare", "scale": 1, "most": 1},
    {"name": "capShare", "scale": 1, "most": 2},
    {"name": "quantityShare", "scale": 1, "most": 1},
    {"name": "damagedInTransit", "scale": 1, "most": 1},
    {"name": "daysLate", "scale": 10, "most": 60},
]
MAX_TOKENS = 128
REASON_TOKENS = 24


def facts_vector(facts: dict[str, float]) -> list[float]:
    """Each fact as [clipped value / scale, known]; an unknown one as [0, 0]."""
    pairs = ([min(max(facts[one["name"]], 0), one["most"]) / one["scale"], 1.0] if one["name"] in facts else [0.0, 0.0] for one in FACTS)
    return [value for pair in pairs for value in pair]


class Heads(nn.Module):
    """Mean of the tokens' vectors, then a head each; only the decision reads the facts."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, attn_implementation="eager")
        # words keep the meaning they came with: a few thousand phrases would only blur it
        self.encoder.embeddings.word_embeddings.requires_grad_(False)
        width = self.encoder.config.hidden_size
        self.facts = nn.Sequential(nn.Linear(2 * len(FACTS), 48), nn.GELU())
        self.decision = nn.Sequential(nn.Dropout(0.1), nn.Linear(width + 48, 128), nn.GELU(), nn.Linear(128, len(DECISIONS)))
        self.reason = nn.Sequential(nn.Dropout(0.1), nn.Linear(width, len(REASONS)))
        self.sentiment = nn.Sequential(nn.Dropout(0.1), nn.Linear(width, 1))
        self.injection = nn.Sequential(nn.Dropout(0.1), nn.Linear(width, 1))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, facts: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        text = (hidden * mask).sum(1) / mask.sum(1)
        return self.decision(torch.cat([text, self.facts(facts)], 1)), self.reason(text), self.sentiment(text), self.injection(text)
