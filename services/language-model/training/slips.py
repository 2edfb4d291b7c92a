"""Slips of the pen, as customers make them: letters swapped, dropped or doubled, no capitals, no marks, all capitals."""

import random


def slip(text: str, pick: random.Random) -> str:
    at = pick.random()
    if at < 0.08:
        text = text.lower()
    elif at < 0.11:
        text = text.upper()
    elif at < 0.17:
        text = "".join(letter for letter in text if letter not in ".,;:!?'").lower()
    if len(text) < 12 or pick.random() > 0.16:
        return text
    letters = list(text)
    for _ in range(pick.randint(1, max(1, len(letters) // 45))):
        place = pick.randrange(1, len(letters) - 1)
        if not (letters[place].isalpha() and letters[place + 1].isalpha()):
            continue
        kind = pick.randrange(3)
        if kind == 0:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif kind == 1:
            letters[place] = ""
        else:
            letters[place] *= 2
    return "".join(letters)
