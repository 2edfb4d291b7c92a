"""
Made-up requests for returns: phrases written by hand, put together with facts, codes and slips of the pen. What is right
follows evaluation/README.md. Each phrase belongs to learning, to calibration or to the synthetic examination, never to two.
"""

import hashlib
import random
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from slots import CODES, SLOTS
from slips import slip

PHRASES = Path(__file__).parent / "phrases"
PARTS = ("learn", "calibrate", "examine")
"""Why a person must look, and how often each is drawn; the first one is the customer's own fault."""
DOUBTS = {"own-fault": 7, "hazard": 2, "threat": 1, "unauthorised": 3, "question": 3, "praise": 1, "nothing": 2, "asks-else": 3, "promise": 2, "missing-parts": 2, "foreign": 4, "never-arrived": 2}


@dataclass(frozen=True)
class Row:
    """What is None is not learned from this row."""

    text: str
    code: str = ""
    facts: dict[str, float] = field(default_factory=dict)
    decision: str | None = None
    reason: str | None = None
    good: bool | None = None
    attack: bool | None = False
    """The delivery has to be known for the label to be right."""
    delivered: bool = False


@dataclass(frozen=True)
class Phrase:
    text: str
    decision: str
    reason: str
    good: bool


def part_of(text: str) -> str:
    """By the phrase itself, so that a new phrase moves no other: 80, 10 and 10 percent."""
    at = hashlib.sha256(text.encode()).digest()[0]
    return "learn" if at < 205 else "calibrate" if at < 230 else "examine"


def lines(name: str, part: str) -> list[str]:
    path = PHRASES / name
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and part_of(line) == part]


def phrases(name: str, part: str) -> list[Phrase]:
    split = (line.split("\t") for line in lines(name, part))
    return [Phrase(text, decision, reason, sentiment == "GOOD") for decision, reason, sentiment, text in split]


class Maker:
    """Rows of one part, endless, the same for the same seed."""

    def __init__(self, part: str, seed: int) -> None:
        self.random = random.Random(f"{part} {seed}")
        self.openers, self.closers = lines("openers.txt", part), lines("closers.txt", part)
        self.attacks = lines("attacks.txt", part)
        self.lookalikes = [Phrase(text, "approve", reason, sentiment == "GOOD") for reason, sentiment, text in (line.split("\t") for line in lines("lookalikes.txt", part))]
        self.comments = {good: lines(f"comments-{'good' if good else 'bad'}.txt", part) for good in (True, False)}
        self.grounds: dict[str, list[Phrase]] = {}
        for phrase in phrases("grounds.tsv", part) + phrases("innocent-use.tsv", part):
            self.grounds.setdefault(phrase.reason, []).append(phrase)
        self.doubts = {name: phrases(f"{name}.tsv", part) for name in DOUBTS}
        self.claims = {name: phrases(f"{name}.tsv", part) for name in ("late-claim", "long-use", "all-units", "some-units")}
        # name, weight
        self.kinds = [
            (self.ground, 34), (self.lookalike, 6), (self.two_grounds, 3), (self.claim, 15), (self.doubt, 27), (self.ground_and_doubt, 7), (self.attack, 14), (self.comment, 8), (self.silent, 2),
        ]

    def row(self) -> Row:
        made = self.random.choices([kind for kind, _ in self.kinds], [weight for _, weight in self.kinds])[0]()
        return replace(made, text=slip(made.text, self.random), facts=self.forget(made))

    def facts(self, **known: float) -> dict[str, float]:
        pick = self.random
        window = pick.choice([14, 14, 30, 30, 30, 60, 100])
        facts = {
            "windowDays": window, "daysSinceDelivery": pick.randint(0, window), "amountShare": round(pick.uniform(0.03, 1), 3), "capShare": round(pick.uniform(0.01, 1), 3),
            "quantityShare": pick.choice([1, 1, 1, 0.5, 0.5, 0.333, 0.25, 0.667, 0.2, 0.1]), "damagedInTransit": int(pick.random() < 0.06), "daysLate": pick.randint(1, 20) if pick.random() < 0.12 else 0,
        }
        return {**facts, **known}

    def forget(self, row: Row) -> dict[str, float]:
        """A tenth of all deliveries is not known."""
        known = row.delivered or self.random.random() > 0.1
        return {name: value for name, value in row.facts.items() if known or name != "daysSinceDelivery"}

    def fill(self, text: str, **known: object) -> str:
        filled = re.sub(r"\{(\w+)\}", lambda slot: str(known.get(slot[1]) or self.random.choice(SLOTS[slot[1]])), text)
        filled = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", filled)
        # a slot may stand where a sentence begins
        return re.sub(r"(^|[.!?] )([a-z])", lambda start: start[1] + start[2].upper(), filled) if text.startswith("{") or re.search(r"[.!?] \{", text) else filled

    def around(self, text: str) -> str:
        pick = self.random
        before = f"{self.fill(pick.choice(self.openers))} " if pick.random() < 0.3 else ""
        after = f" {self.fill(pick.choice(self.closers))}" if pick.random() < 0.3 else ""
        return before + text + after

    def code(self, reason: str) -> str:
        at = self.random.random()
        if at < 0.5:
            return ""
        return self.random.choice(CODES[reason if at < 0.86 else self.random.choice(list(CODES))])

    def of(self, phrase: Phrase, facts: dict[str, float], decision: str, **slots: object) -> Row:
        return Row(self.around(self.fill(phrase.text, **slots)), self.code(phrase.reason), facts, decision, phrase.reason, phrase.good)

    def ground(self) -> Row:
        reason = self.random.choice(list(self.grounds))
        phrase = self.random.choice(self.grounds[reason])
        if reason != "late":
            return self.of(phrase, self.facts(), "approve")
        late = self.random.choice([0, self.random.randint(1, 25)])
        return self.of(phrase, self.facts(daysLate=late), "approve" if late else "review")

    def two_grounds(self) -> Row:
        one, other = (self.random.choice(self.grounds[reason]) for reason in self.random.sample([name for name in self.grounds if name != "late"], 2))
        return Row(f"{self.around(self.fill(one.text))} {self.fill(other.text)}", "", self.facts(), "approve", None, None if one.good != other.good else one.good)

    def lookalike(self) -> Row:
        return self.of(self.random.choice(self.lookalikes), self.facts(), "approve")

    def claim(self) -> Row:
        """What only the facts can settle: half of the claims are true."""
        name, true = self.random.choice(list(self.claims)), self.random.random() < 0.5
        phrase = self.random.choice(self.claims[name])
        decision = "approve" if true else "review"
        if name == "late-claim":
            number = self.random.randint(2, 6)
            days = number * 7 if re.search(r"\{n\}[- ]+weeks?", phrase.text) else number
            return self.of(phrase, self.facts(daysLate=days if true else 0), decision, n=number)
        if name == "all-units":
            return self.of(phrase, self.facts(quantityShare=1 if true else self.random.choice([0.1, 0.2, 0.25, 0.333, 0.5, 0.6])), decision)
        if name == "some-units":
            return self.of(phrase, self.facts(quantityShare=self.random.choice([0.1, 0.2, 0.25, 0.333, 0.5, 0.6]) if true else 1), decision)
        return self.use(phrase, true, decision)

    def use(self, phrase: Phrase, true: bool, decision: str) -> Row:
        unit = next((name for name in ("days", "weeks", "months") if f"{{{name}}}" in phrase.text), "days")
        number = self.random.randint(2, {"days": 20, "weeks": 8, "months": 6}[unit])
        claimed = number * {"days": 1, "weeks": 7, "months": 30}[unit]
        window = self.random.choice([one for one in (30, 60, 100, 200) if one >= claimed])
        since = self.random.randint(claimed, window) if true else self.random.randint(0, max(0, min(claimed // 2, claimed - 3)))
        if not true and claimed < 4:
            return self.use(phrase, true, decision)
        return replace(self.of(phrase, self.facts(windowDays=window, daysSinceDelivery=since), decision, **{unit: number}), delivered=True)

    def doubt(self) -> Row:
        phrase = self.random.choice(self.doubts[self.random.choices(list(DOUBTS), list(DOUBTS.values()))[0]])
        return self.of(phrase, self.facts(), phrase.decision)

    def ground_and_doubt(self) -> Row:
        """What alone would be approved stands beside what a person must see."""
        doubt = self.random.choice(self.doubts[self.random.choice(["hazard", "threat", "asks-else", "promise", "own-fault"])])
        ground = self.random.choice(self.grounds[self.random.choice([name for name in self.grounds if name != "late"])])
        texts = [self.fill(ground.text), self.fill(doubt.text)]
        self.random.shuffle(texts)
        return Row(self.around(" ".join(texts)), self.code(ground.reason), self.facts(), doubt.decision, None, ground.good and doubt.good)

    def attack(self) -> Row:
        attack, at = self.fill(self.random.choice(self.attacks)), self.random.random()
        if at < 0.25:
            return Row(self.around(attack), self.code("other"), self.facts(), "review", None, None, True)
        base = self.random.choice([self.ground, self.ground, self.claim, self.doubt])()
        words = base.text.split(" ")
        cut = self.random.randint(1, max(1, len(words) - 1))
        text = f"{attack} {base.text}" if at < 0.5 else f"{base.text} {attack}" if at < 0.8 else f"{' '.join(words[:cut])} {attack} {' '.join(words[cut:])}"
        return replace(base, text=text, decision="review", reason=base.reason if at >= 0.5 else None, good=None, attack=True)

    def comment(self) -> Row:
        """Feedback, not a request: Good or Bad only."""
        good = self.random.random() < 0.5
        return Row(self.fill(self.random.choice(self.comments[good])), good=good)

    def silent(self) -> Row:
        """No word, but a code: the code says the reason, and a person reads on."""
        reason = self.random.choice(list(CODES))
        return Row("", self.random.choice(CODES[reason]), self.facts(), "review", reason, None)
