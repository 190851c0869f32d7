"""What `import schachzug` offers beyond its types: read, build, ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from schachzug.errors import InputError, QuestionError
from schachzug.report import Report
from schachzug.types import Article, Claim

if TYPE_CHECKING:
    from pyoxigraph import Store

    from schachzug.line import Options
    from schachzug.reading import Reader
    from schachzug.tables import Table


def read(article: Article | str) -> tuple[Claim, ...]:
    """The claims of an article, or of a text alone, in the order of the text.

    The model is loaded at the first call and kept.

    Raises:
        ModelError, LexiconError, EntityError: a part of the installation is missing or broken.
    """
    if isinstance(article, str):
        article = Article(id="text", text=article)
    return _reader().read(article).claims


def build(
    articles: Iterable[Article | InputError],
    *,
    out: str | Path,
    store: str | Path | None = None,
    options: Options | None = None,
) -> Report:
    """Build the graph of articles into a folder.

    Args:
        articles: what to read, for instance what `read_articles` gives.
        out: the folder for the graph in every format, its store, what was rejected, and a report.
        store: a folder that keeps a store from build to build; what it has already is not read again.
        options: formats, processes, reading again.

    Returns:
        What was done; `ask` takes it as the graph that was built.

    Raises:
        StoreError: folder or store cannot be written.
        ResourceError: a part of the installation is missing or broken.
    """
    from schachzug import line
    from schachzug.model import BUNDLED

    options = options or line.Options()
    reader = _reader() if options.workers == 1 and options.model == BUNDLED else None
    return line.build(articles, out=out, store=store, reader=reader, options=options)


def ask(
    question: str | Path,
    graph: Report | Store | str | Path,
    params: Mapping[str, str] | None = None,
    language: str = "de",
    *,
    seconds: float | None = None,
) -> Table:
    """Put a stored question, or one's own query file, to a graph.

    Args:
        question: its name, or the path of a .rq file.
        graph: what `build` gave, an output folder, a graph file, a store, or the address of a SPARQL endpoint.
        params: values of the question's parameters.
        language: of labels and headings.
        seconds: time limit; by default 30.

    Returns:
        Rows with named columns.

    Raises:
        QuestionError: there is no such question, a parameter does not fit, or time is up.
        StoreError: the graph cannot be read.
    """
    from schachzug import questions

    if isinstance(graph, Report):
        if not graph.files:
            raise QuestionError("the build wrote no files", hint="Give build a folder (out)")
        graph = graph.files[0].parent
    limit = questions.TIME_LIMIT if seconds is None else seconds
    return questions.ask(question, graph, params, language, seconds=limit)


@lru_cache(maxsize=1)
def _reader() -> Reader:
    from schachzug.line import load_reader

    return load_reader()
