"""The spaCy component `schachzug_lemmas`: lemmas of known forms from a table, over what the trained lemmatizer guessed.

The table travels inside the model: the tag and the form, and the lemma.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

_FILE = "lemmas.json.gz"
# The least letters of a compound's first and last part.
_HEAD, _TAIL = 3, 5


class LemmaTable:
    """Sets `token.lemma` where the table has the form with the token's part of speech."""

    def __init__(self, nlp: Language, name: str = "schachzug_lemmas") -> None:
        self.name = name
        self.table: dict[str, dict[str, str]] = {}
        self._compounds: dict[str, str | None] = {}

    def __call__(self, doc: Doc) -> Doc:
        for token in doc:
            known = self.table.get(token.pos_, {})
            lemma = known.get(token.text)
            if lemma is None and token.is_title and token.pos_ not in ("NOUN", "PROPN"):
                # The first word of a sentence.
                lemma = known.get(token.lower_)
            if lemma is None and token.pos_ == "NOUN":
                lemma = self._compound(token.text, known)
            if lemma is not None:
                token.lemma_ = lemma
        return doc

    def _compound(self, form: str, known: dict[str, str]) -> str | None:
        """The lemma of a compound by the longest last part that the table has (Strafmaßnahmen, Maßnahmen)."""
        if form not in self._compounds:
            found = None
            for cut in range(_HEAD, len(form) - _TAIL + 1):
                tail = form[cut:]
                lemma = known.get(tail[0].upper() + tail[1:])
                if lemma is not None:
                    found = form[:cut] + (lemma if tail[0].isupper() else lemma[0].lower() + lemma[1:])
                    break
            self._compounds[form] = found
        return self._compounds[form]

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes the table into a folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        # No time stamp in the archive: the same table makes the same file.
        content = json.dumps(self.table, ensure_ascii=False, sort_keys=True).encode()
        (Path(path) / _FILE).write_bytes(gzip.compress(content, mtime=0))

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> LemmaTable:
        """Reads the table from a folder."""
        self.table = json.loads(gzip.decompress((Path(path) / _FILE).read_bytes()))
        return self


@Language.factory("schachzug_lemmas", assigns=["token.lemma"], requires=["token.pos"])
def make_lemma_table(nlp: Language, name: str) -> LemmaTable:
    return LemmaTable(nlp, name)
