"""Make articles of NTREX-128, which holds the segments of its documents line by line.

    python pipeline/tools/ntrex_articles.py ntrex.de.txt ntrex.docs.tsv > ntrex.jsonl

The first segment of a document is its title. NTREX-128 is under CC BY-SA 4.0 (Federmann, Kocmi and Xin 2022).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path


def main() -> int:
    """Write an article a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("segments", type=Path)
    parser.add_argument("documents", type=Path, help="the document of each segment, line by line")
    options = parser.parse_args()
    segments = options.segments.read_text(encoding="utf-8").splitlines()
    documents = options.documents.read_text(encoding="utf-8").splitlines()
    if len(segments) != len(documents):
        print(f"{options.segments} has {len(segments)} lines, {options.documents} {len(documents)}", file=sys.stderr)
        return 3
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for document, segment in zip(documents, segments, strict=True):
        texts[document.strip()].append(segment.strip())
    for document, (title, *others) in texts.items():
        identifier = "ntrex-" + document.replace(".", "-").replace("_", "-")
        article = {"id": identifier, "title": title, "language": "de", "publisher": "NTREX-128 (newstest2019)"}
        print(json.dumps(article | {"text": "\n".join(others)}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
