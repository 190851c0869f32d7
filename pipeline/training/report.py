"""`make model-report`: measures a pipeline and writes the figures into the marked section of docs/figures.md.

The test data stay outside the project: `data` is the folder that holds ud-de/, ner-de/ and text-de/.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

from scores import Scores, Share, gold_trees, score_entities, score_gold_tokens, score_raw_text, tokens_per_second

from schachzug.model import BUNDLED, load_model

BEGIN, END = "<!-- model-report -->", "<!-- /model-report -->"
TARGETS = {"UAS": 85.0, "LAS": 79.0, "UPOS": 95.0, "XPOS": None, "lemma": 95.0, "morph": 85.0}


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def layers(gold: Scores, raw: Scores) -> str:
    """The table of layers."""
    rows = []
    for name, share in gold.layers.items():
        target = TARGETS[name]
        rows.append([name, f"{share.f1:.1f}", f"{raw.layers[name].f1:.1f}", "" if target is None else f"{target:.0f}"])
    rows.append(["tokens", "", f"{raw.tokens.f1:.1f}", ""])
    rows.append(["sentence starts", "", f"{raw.sentences.f1:.1f}", ""])
    return table(["", "gold tokens", "raw text (F1)", "wanted"], rows)


def shares(found: dict[str, Share]) -> list[list[str]]:
    """Rows of precision, recall, F1 and how often it occurs."""
    return [[name, f"{s.precision:.1f}", f"{s.recall:.1f}", f"{s.f1:.1f}", str(s.wanted)] for name, s in found.items()]


def section(name: str, data: Path) -> str:
    """The text of the section."""
    nlp = load_model(name)
    trees = gold_trees(data / "ud-de" / "de_gsd-ud-test.conllu")
    gold, raw = score_gold_tokens(nlp, trees), score_raw_text(nlp, trees)
    entities = score_entities(nlp, data / "ner-de" / "NER-de-test.tsv")
    lines = (data / "text-de" / "wikinews.jsonl").read_text(encoding="utf-8").splitlines()[:60]
    speed = tokens_per_second(nlp, [json.loads(line)["text"] for line in lines])
    columns = ["", "precision", "recall", "F1", "number"]
    parts = [
        f"Measured by `make model-report` on {nlp.meta['lang']}_{nlp.meta['name']} {nlp.meta['version']} "
        f"with spaCy {version('spacy')}. What it was trained on: pipeline/training/RUNS.md.",
        f"GSD test, {len(trees)} sentences, contractions merged, punctuation and subtypes counted. With raw text the "
        "tokens and sentences are the pipeline's own, and a token that is cut otherwise is an error.",
        layers(gold, raw),
        "Relations, gold tokens; `compound:prt` are the particles of separable verbs:",
        table(columns, shares(gold.relations)),
        "The same with raw text:",
        table(columns, shares(raw.relations)),
        "Entities: GermEval 2014 test, outer level, exact spans (wanted: F1 80):",
        table(columns, shares(entities)),
        f"Speed of the whole pipeline on one core, 60 Wikinews articles: {speed:,.0f} tokens a second (wanted: 8,000).",
    ]
    try:
        from verb_form_score import verb_forms

        parts.append(verb_forms(nlp))
    except ImportError:
        sys.stderr.write("The verb forms are not scored: verb_form_score.py is missing\n")
    return "\n\n".join(parts)


def replace(text: str, new: str) -> str:
    """The text with the marked section replaced, or added at its end."""
    block = f"{BEGIN}\n{new}\n{END}"
    if BEGIN not in text or END not in text:
        return (
            (text.rstrip() + "\n\n" if text.strip() else "# Figures\n\n") + "## The language model\n\n" + block + "\n"
        )
    return text[: text.index(BEGIN)] + block + text[text.index(END) + len(END) :]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default=BUNDLED)
    parser.add_argument("--into", type=Path, help="the Markdown file; without it, the section is printed")
    arguments = parser.parse_args()
    new = section(arguments.model, arguments.data)
    if arguments.into is None:
        print(new)
        return
    old = arguments.into.read_text(encoding="utf-8") if arguments.into.exists() else ""
    arguments.into.parent.mkdir(parents=True, exist_ok=True)
    arguments.into.write_text(replace(old, new), encoding="utf-8")


if __name__ == "__main__":
    main()
