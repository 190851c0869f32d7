"""Join the project's stand-off annotations to the texts they are of, as gold files.

    python pipeline/tools/join_annotations.py pipeline/training/standoff wikinews.jsonl ntrex.jsonl --out FOLDER

The project holds no foreign text: an annotation file names the article, and for each annotated sentence its number, the
first 12 hexadecimal digits of the SHA-256 of its text, and the statements in the form of the gold files. The texts
(JSON Lines with `id`, `title` and `text`, such as the Wikinews corpus, CC BY 2.5) are cut into sentences by the
project's own splitter; a sentence whose hash differs is reported and left out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "pipeline"))

METADATA = ("language", "creator", "publisher", "issued")


def sentence_hash(text: str) -> str:
    """What stands for a sentence in a stand-off file; white space at its ends does not count.

    >>> sentence_hash(" Ein Satz. ") == sentence_hash("Ein Satz.")
    True
    """
    return hashlib.sha256(text.strip().encode()).hexdigest()[:12]


def sentences_of(title: str, text: str) -> list[str]:
    """The sentences of an article, the title first, as the project's splitter finds them."""
    import spacy

    import schachzug.sentences  # noqa: F401  (its factory)

    nlp = spacy.blank("de")
    nlp.add_pipe("schachzug_sentences")
    doc = nlp(f"{title}\n\n{text}")
    return [sentence.text.strip() for sentence in doc.sents if sentence.text.strip()]


def joined(annotation: dict[str, Any], article: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A gold file's content, and complaints about sentences that are not the annotated ones."""
    complaints = []
    annotated = {int(s["n"]): s for s in annotation["sentences"]}
    sentences = []
    for number, text in enumerate(sentences_of(article["title"], article["text"])):
        entry: dict[str, Any] = {"text": text}
        known = annotated.pop(number, None)
        if known is not None:
            if known["sha256"] == sentence_hash(text):
                entry["statements"] = known["statements"]
            else:
                complaints.append(f"{annotation['article']}: sentence {number} is not the one that was annotated")
        sentences.append(entry)
    complaints += [f"{annotation['article']}: there is no sentence {number}" for number in annotated]
    content = {"article": annotation["article"], "title": article["title"]}
    content |= {key: article[key] for key in METADATA if article.get(key)}
    return content | {"sentences": sentences}, complaints


def articles_of(path: Path) -> Iterator[dict[str, Any]]:
    """The articles of a file of JSON Lines."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def main() -> int:
    """Write a gold file for every annotation whose article is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("annotations", type=Path)
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    texts = {str(article["id"]): article for path in options.texts for article in articles_of(path)}
    options.out.mkdir(parents=True, exist_ok=True)
    missing = 0
    for path in sorted(options.annotations.glob("*.yaml")):
        annotation = yaml.safe_load(path.read_text(encoding="utf-8"))
        article = texts.get(annotation["article"])
        if article is None:
            print(f"{path}: the texts have no article {annotation['article']}", file=sys.stderr)
            missing += 1
            continue
        content, complaints = joined(annotation, article)
        for complaint in complaints:
            print(f"{path}: {complaint}", file=sys.stderr)
        missing += bool(complaints)
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)
        (options.out / path.name).write_text(text, encoding="utf-8")
    return 3 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
