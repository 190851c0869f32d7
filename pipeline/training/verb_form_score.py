"""The score of mood and voice on tests/model/verb-forms.yaml, with and without the check by form."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from spacy.language import Language
from spacy.tokens import Doc, Token

from schachzug.verb_forms import is_passive, mood

TEST_SET = Path(__file__).resolve().parents[2] / "tests" / "model" / "verb-forms.yaml"


def items() -> list[tuple[str, dict[str, str]]]:
    """The items with their group, "clear" or "ambiguous"."""
    data: dict[str, Any] = yaml.safe_load(TEST_SET.read_text(encoding="utf-8"))
    return [(group, item) for group, listed in data.items() for item in listed]


def asked(doc: Doc, item: dict[str, str]) -> Token:
    """The token of the form that is asked for."""
    return next(token for token in doc if token.text == item["verb"])


def by_form(token: Token, item: dict[str, str]) -> str:
    """The project's answer."""
    if "voice" in item:
        return "passive" if is_passive(token) else "active"
    return mood(token)


def by_model(token: Token, item: dict[str, str]) -> str:
    """What tagger and parser say by themselves."""
    if "voice" in item:
        return "passive" if any(child.dep_ == "aux:pass" for child in token.children) else "active"
    if token.morph.get("Mood", []) == ["Sub"]:
        return "sub2" if token.morph.get("Tense", []) == ["Past"] else "sub1"
    return "ind" if token.morph.get("Mood", []) else ""


def wrong(nlp: Language) -> list[tuple[dict[str, str], str]]:
    """The items that are answered wrongly, and the answers."""
    docs = nlp.pipe(item["text"] for _, item in items())
    answers = [(item, by_form(asked(doc, item), item)) for doc, (_, item) in zip(docs, items(), strict=True)]
    return [(item, answer) for item, answer in answers if answer != (item.get("mood") or item["voice"])]


def verb_forms(nlp: Language) -> str:
    """A paragraph and a table for the report."""
    right: Counter[tuple[str, str]] = Counter()
    number: Counter[str] = Counter()
    for way, answer in (("form", by_form), ("model", by_model)):
        with nlp.select_pipes(disable=["schachzug_verb_forms"] if "schachzug_verb_forms" in nlp.pipe_names else []):
            docs = list(nlp.pipe(item["text"] for _, item in items()))
        for doc, (group, item) in zip(docs, items(), strict=True):
            right[way, group] += answer(asked(doc, item), item) == (item.get("mood") or item["voice"])
            number[group] += way == "form"
    lines = ["Mood and voice of verbs, 150 sentences of tests/model/verb-forms.yaml, per cent right:", ""]
    lines += ["|  | number | tagger and parser alone | with the check by form |", "|---|---:|---:|---:|"]
    for group, count in number.items():
        lines.append(
            f"| {group} | {count} | {100 * right['model', group] / count:.1f} | "
            f"{100 * right['form', group] / count:.1f} |"
        )
    return "\n".join(lines)
