"""Schachzug reads German news articles into a knowledge graph of who claims what about power and influence.

>>> import schachzug
>>> report = schachzug.build(articles, out="out")            # doctest: +SKIP
>>> table = schachzug.ask("losing-influence", report)        # doctest: +SKIP

Everything here is loaded when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schachzug._version import __version__

if TYPE_CHECKING:
    from schachzug.articles import read_articles
    from schachzug.errors import (
        ConformanceError,
        EntityError,
        InputError,
        LexiconError,
        ModelError,
        QuestionError,
        ResourceError,
        SchachzugError,
        StoreError,
    )
    from schachzug.library import ask, build, read
    from schachzug.line import Options
    from schachzug.model import load_model
    from schachzug.report import Report
    from schachzug.types import Article, Claim

__all__ = [
    "Article",
    "Claim",
    "ConformanceError",
    "EntityError",
    "InputError",
    "LexiconError",
    "ModelError",
    "Options",
    "QuestionError",
    "Report",
    "ResourceError",
    "SchachzugError",
    "StoreError",
    "__version__",
    "ask",
    "build",
    "load_model",
    "read",
    "read_articles",
]

_HOMES = {
    "Article": "types",
    "Claim": "types",
    "Options": "line",
    "Report": "report",
    "ask": "library",
    "build": "library",
    "load_model": "model",
    "read": "library",
    "read_articles": "articles",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"schachzug.{_HOMES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
