"""Who an article's own claims belong to: its author, or, where none is named, its publisher or source."""

from __future__ import annotations

from schachzug.iris import local_iri
from schachzug.types import Article, Entity

# What an author is called whose name nobody gives; a word of the vocabulary contract.
UNNAMED = "author"


def author_of(article: Article) -> Entity:
    """The claimant of what an article says in its own voice.

    A named author is the same resource in all his articles; an unnamed one belongs to the article.
    """
    if article.creator:
        return Entity(local_iri("author", article.creator), "Actor", ((article.creator, article.language),), local=True)
    more = ((article.publisher, article.language),) if article.publisher else ()
    return Entity(local_iri(article.digest, UNNAMED), "Actor", ((UNNAMED, "en"),), more, local=True)
