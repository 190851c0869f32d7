"""The last step of the recipe: joins the trained parts to the pipeline that is bundled with the package."""

from __future__ import annotations

import argparse
from pathlib import Path

import spacy

VERSION = "0.1.0"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("syntax", type=Path, help="what `spacy train configs/syntax.cfg` wrote")
    parser.add_argument("entities", type=Path, help="what `spacy train configs/entities.cfg` wrote")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    nlp = spacy.load(arguments.syntax)
    nlp.add_pipe("ner", source=spacy.load(arguments.entities))
    nlp.meta.update(
        name="schachzug_news",
        version=VERSION,
        description="German news: tagger (STTS), morphologizer, lemmatizer, UD parser, entities",
        author="The Schachzug authors",
        license="CC BY-SA 4.0",
        sources=[
            {"name": "UD_German-GSD", "license": "CC BY-SA 4.0"},
            {"name": "UD_German-PUD", "license": "CC BY-SA 3.0"},
            {"name": "UD_German-HDT (sentences with marked bugs)", "license": "CC BY-SA 4.0"},
            {"name": "GermEval 2014 (dev)", "license": "CC BY 4.0"},
            {"name": "Universal NER PUD", "license": "CC BY-SA 4.0"},
        ],
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(arguments.out)
    size = sum(path.stat().st_size for path in arguments.out.rglob("*") if path.is_file())
    print(f"{arguments.out}: {size / 1e6:.1f} MB, {', '.join(nlp.pipe_names)}")


if __name__ == "__main__":
    main()
