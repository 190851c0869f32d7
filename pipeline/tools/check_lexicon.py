"""Try the examples and counterexamples of lexicon files on the bundled model.

    python pipeline/tools/check_lexicon.py ontology/lexicon/de/predicates/assault.yaml …

An example must evoke its entry's class (by this entry or another of the same class), a counterexample must not.
What fails is listed with its parse, so that one sees whether the entry or the parse is at fault.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "pipeline"))

from schachzug.gazetteer import Gazetteer  # noqa: E402
from schachzug.lexicon import Lexicon, load_entries, load_word_classes  # noqa: E402
from schachzug.model import load_model  # noqa: E402
from schachzug.reading import Reader  # noqa: E402
from schachzug.types import Article  # noqa: E402


def main(paths: list[str]) -> None:
    """Check the files named."""
    reader = Reader(load_model(), Lexicon.load(), Gazetteer.load())
    folder = ROOT / "ontology" / "lexicon" / "de"
    tried = failed = 0
    for entry in load_entries(map(Path, paths), word_classes=load_word_classes(folder)):
        for wanted, sentences in ((True, entry.examples), (False, entry.counterexamples)):
            for sentence in sentences:
                tried += 1
                doc = reader.nlp(sentence)
                claims = reader.read_doc(Article("example", sentence), doc).claims
                if any(c.situation.type == entry.type for c in claims) is wanted:
                    continue
                failed += 1
                print(f"{entry.where} {entry.id}: {'finds nothing in' if wanted else 'fires on'}: {sentence}")
                print("    " + "  ".join(f"{t.text}/{t.tag_}/{t.dep_}>{t.head.text}" for t in doc))
                for claim in claims:
                    roles = {r: [e.labels[0][0] for e in getattr(claim.situation, r)] for r in ("actor", "target")}
                    print(f"    {claim.situation.type} by {claim.rule} {roles}")
    print(f"{tried} sentences tried, {failed} failed")


if __name__ == "__main__":
    main(sys.argv[1:])
