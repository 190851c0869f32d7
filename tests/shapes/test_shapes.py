"""Valid examples conform; each invalid one violates exactly the constraints that its first lines name."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from schachzug.validation import Validator

_HERE = Path(__file__).parent
_EXAMPLE = _HERE / "valid" / "example.ttl"
_VALID = sorted((_HERE / "valid").glob("*.ttl"))
_INVALID = sorted((_HERE / "invalid").glob("*.ttl"))
_SHAPES = "https://w3id.org/schachzug/shapes#"


def _read(*paths: Path) -> list[ox.Quad]:
    return [quad for path in paths for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(strict=True)


@pytest.mark.parametrize("path", _VALID, ids=lambda p: p.stem)
def test_valid_examples_conform(path: Path, validator: Validator) -> None:
    report = validator.check(_read(path))
    assert report.conforms, [str(f) for f in report.findings]
    assert report.engine == "pyshacl, shacl"


@pytest.mark.parametrize("path", _INVALID, ids=lambda p: p.stem)
def test_invalid_examples_fail_for_the_reason_they_name(path: Path, validator: Validator) -> None:
    named = set(re.findall(r"^# violates: (\S+) (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert named, "the file names no reason"
    report = validator.check(_read(_EXAMPLE, path))
    assert {(f.shape.removeprefix(_SHAPES), f.component) for f in report.findings} == named
    assert report.engine == "pyshacl, shacl", "the engines disagree"
    for finding in report.findings:
        assert finding.message("de") != finding.message("en"), f"{finding.shape} has no message in two languages"


def test_there_are_examples() -> None:
    assert _VALID
    assert len(_INVALID) >= 10
