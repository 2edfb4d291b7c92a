"""Conversations of to_chat.py as tokens, with what is to be learned."""
import json

IGNORED = -100


def tokens_of(conversation, tokenizer, most):
    """Ids and labels of one conversation, None where it is longer than `most`. Prompt and filled-in parts have no label."""
    prompt = tokenizer.apply_chat_template(conversation["messages"], tokenize=False, add_generation_prompt=True)
    said = "".join(text for text, _ in conversation["answer"])
    whole = tokenizer.apply_chat_template([*conversation["messages"], {"role": "assistant", "content": said}], tokenize=False)
    if not whole.startswith(prompt + said):
        raise SystemExit("this model's chat template changes the answer or knows no system part: another model is needed")
    # what the template says after an answer is how the model learns to stop
    spans = []
    for text, learn in [*conversation["answer"], [whole[len(prompt) + len(said):], True]]:
        spans += [learn] * len(text)
    read = tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True)
    if len(read["input_ids"]) > most:
        return None
    labels = []
    for token, (begin, end) in zip(read["input_ids"], read["offset_mapping"]):
        # a token that is partly prompt or partly filled in is not learned
        wanted = begin >= len(prompt) and end > begin and all(spans[begin - len(prompt):end - len(prompt)])
        labels.append(token if wanted else IGNORED)
    return read["input_ids"], labels


def read(file, tokenizer, most):
    """All conversations of a file that fit, and how many did not."""
    with file.open(encoding="utf8") as lines:
        made = [tokens_of(json.loads(line), tokenizer, most) for line in lines]
    fitting = [one for one in made if one is not None]
    return fitting, len(made) - len(fitting)
