"""Reading as a component of a spaCy pipeline.

    nlp = schachzug.load_model()
    nlp.add_pipe("schachzug_claims")
    doc = nlp("…")
    doc._.schachzug_claims

A document's metadata (author, date) can be given beforehand: `doc._.schachzug_article = Article(…)`.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from schachzug.errors import InputError, ModelError
from schachzug.gazetteer import Gazetteer
from schachzug.lexicon import Lexicon
from schachzug.reading import Reader
from schachzug.types import Article

_EXTENSIONS = ("schachzug_reading", "schachzug_claims", "schachzug_mentions", "schachzug_quotations")


class ClaimsComponent:
    """Reads each document: sets `schachzug_claims`, `_mentions`, `_quotations` and `schachzug_reading`."""

    def __init__(self, nlp: Language) -> None:
        self._reader = Reader(nlp, Lexicon.load(), Gazetteer.load())
        for name in ("schachzug_article", "schachzug_reading"):
            if not Doc.has_extension(name):
                Doc.set_extension(name, default=None)
        for name in _EXTENSIONS[1:]:
            if not Doc.has_extension(name):
                Doc.set_extension(name, default=())

    def __call__(self, doc: Doc) -> Doc:
        """Read one document.

        Raises:
            ModelError: the document is not parsed.
            InputError: `schachzug_article` is set, and is not the article whose content this is.
        """
        if not doc.has_annotation("DEP"):
            raise ModelError("the documents are not parsed", hint="Add schachzug_claims after a parser")
        article: Article | None = doc._.schachzug_article
        if article is None:
            article = Article(id="doc", text=doc.text)
        elif article.content != doc.text:
            raise InputError(
                f"the text is not the content of the article '{article.id}'", hint="Give the pipeline article.content"
            )
        reading = self._reader.read_doc(article, doc)
        doc._.schachzug_reading = reading
        doc._.schachzug_claims = reading.claims
        doc._.schachzug_mentions = reading.mentions
        doc._.schachzug_quotations = reading.quotations
        return doc


@Language.factory(
    "schachzug_claims",
    requires=["token.dep", "token.tag", "token.lemma", "doc.ents"],
    assigns=[f"doc._.{name}" for name in _EXTENSIONS],
)
def make_claims(nlp: Language, name: str) -> ClaimsComponent:
    """The component, for `nlp.add_pipe("schachzug_claims")`."""
    return ClaimsComponent(nlp)
