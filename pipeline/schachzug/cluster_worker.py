"""What a worker of a cluster does: it says which versions it has, and reads articles with them.

Articles come and extractions go as bytes, so that the scheduler between has nothing to unpack.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from schachzug._version import __version__
from schachzug.errors import ClusterError, InputError
from schachzug.extraction import Extraction, Extractor, lexicon_version
from schachzug.line import Options, make_extractor
from schachzug.resources import resource
from schachzug.types import Article

Versions = dict[str, str]
"""What decides what is read out of an article, by its name."""

_PACKAGE = Path(__file__).parent
# Neither the pipeline nor the shapes are made for several threads, and one thread fills a core.
_one_at_a_time = Lock()


@cache
def versions(model: str) -> Versions:
    """What this machine reads with: versions, and digests of what can change without one.

    Args:
        model: the spaCy pipeline, as `load_model` takes it.
    """
    code = (path for path in _PACKAGE.rglob("*.py") if "data" not in path.relative_to(_PACKAGE).parts)
    ontology = resource("ontology")
    return {
        "package": f"schachzug {__version__} ({_digest(_PACKAGE, code)})",
        "ontology": _digest(ontology, ontology.rglob("*.ttl")),
        "model": _model_version(model),
        "lexicon": lexicon_version(),
        "spaCy": version("spacy"),
    }


def pack(articles: list[Article], options: Options, wanted: Versions) -> bytes:
    """Articles for `extract_packed`, with how to read them and the versions to read them with."""
    return zlib.compress(pickle.dumps((articles, options, wanted)), 1)


def extract_packed(packed: bytes) -> bytes:
    """The extractions of articles that `pack` packed, for `unpack`.

    Raises:
        ClusterError: this machine has other versions than those wanted.
        ResourceError: a part of the installation is missing or broken.
    """
    articles, options, wanted = pickle.loads(zlib.decompress(packed))
    if differing := differences(versions(options.model), wanted):
        raise ClusterError(differing)
    with _one_at_a_time:
        return zlib.compress(pickle.dumps(list(_extractor(options).extract_many(articles))), 1)


def unpack(packed: bytes) -> list[Extraction | InputError]:
    """What `extract_packed` returned."""
    results: list[Extraction | InputError] = pickle.loads(zlib.decompress(packed))
    return results


def differences(found: Versions, wanted: Versions) -> str:
    """What is different, in words; empty if nothing is.

    >>> differences({"model": "de 1"}, {"model": "de 2"})
    'its model is de 1, here it is de 2'
    """
    return "; ".join(
        f"its {name} is {found.get(name, 'missing')}, here it is {value}"
        for name, value in wanted.items()
        if found.get(name) != value
    )


@lru_cache(maxsize=1)
def _extractor(options: Options) -> Extractor:
    return make_extractor(options)


def _model_version(model: str) -> str:
    folder = next((path for path in (_PACKAGE / "models" / model, Path(model)) if path.exists()), None)
    if folder is None:
        from spacy.util import get_package_path, is_package

        if not is_package(model):
            return f"{model} (not installed)"
        folder = get_package_path(model)
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        meta = {}
    return f"{meta.get('lang', '')}_{meta.get('name', model)} {meta.get('version', '')} ({_digest(folder, files)})"


def _digest(folder: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\x00" + path.read_bytes() + b"\x00")
    return digest.hexdigest()[:8]
