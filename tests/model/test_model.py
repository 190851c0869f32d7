"""The bundled pipeline: what it must do on every machine. `make model-report` measures its scores on treebanks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from schachzug.errors import ModelError
from schachzug.model import BUNDLED, label_scheme, load_model
from schachzug.verb_forms import is_passive, mood

FOLDER = Path(__file__).resolve().parents[2] / "pipeline" / "schachzug" / "models" / BUNDLED
VERB_FORMS = yaml.safe_load((Path(__file__).parent / "verb-forms.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def nlp() -> Any:
    return load_model()


def relations(doc: Any) -> set[tuple[str, str, str]]:
    return {(token.text, token.dep_, token.head.text) for token in doc}


def test_it_is_small() -> None:
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file())
    assert size <= 25_000_000


def test_its_licence_names_the_sources() -> None:
    text = (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in text
    for source in ("UD_German-GSD", "UD_German-PUD", "UD_German-HDT", "GermEval", "Wikinews", "NTREX"):
        assert source in text


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from schachzug.model import load_model; load_model()('Ein Satz.'); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_its_components(nlp: Any) -> None:
    names = nlp.pipe_names
    assert names[0] == "schachzug_sentences"
    assert {"tagger", "morphologizer", "trainable_lemmatizer", "parser", "ner", "schachzug_verb_forms"} <= set(names)
    assert set(nlp.get_pipe("ner").labels) == {"PER", "LOC", "ORG", "MISC"}
    assert label_scheme(nlp) == "ud"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "Der Präsident verhängt neue Sanktionen.",
            {("Präsident", "nsubj", "verhängt"), ("Sanktionen", "obj", "verhängt")},
        ),
        (
            "Die Sanktionen wurden vom Rat verhängt.",
            {("Sanktionen", "nsubj:pass", "verhängt"), ("wurden", "aux:pass", "verhängt")},
        ),
        (
            "Russland zieht seine Truppen aus Kasachstan ab.",
            {("ab", "compound:prt", "zieht"), ("Truppen", "obj", "zieht")},
        ),
        ("Die Regierung lehnt den Vorschlag ab.", {("Regierung", "nsubj", "lehnt"), ("ab", "compound:prt", "lehnt")}),
        ("Den Vertrag hat der Minister unterzeichnet.", {("Minister", "nsubj", "unterzeichnet")}),
        ("China und Russland unterstützen den Plan.", {("Russland", "conj", "China"), ("Plan", "obj", "unterstützen")}),
        ("Berlin liefert Waffen an die Ukraine.", {("Berlin", "nsubj", "liefert"), ("Waffen", "obj", "liefert")}),
    ],
)
def test_it_sees_subjects_and_objects(nlp: Any, text: str, wanted: set[tuple[str, str, str]]) -> None:
    assert wanted <= relations(nlp(text))


def test_it_finds_names(nlp: Any) -> None:
    doc = nlp("Bundeskanzlerin Angela Merkel traf in Berlin Vertreter der Vereinten Nationen.")
    found = {(entity.text, entity.label_) for entity in doc.ents}
    assert ("Angela Merkel", "PER") in found
    assert ("Berlin", "LOC") in found


def test_it_cuts_sentences_after_abbreviations_never(nlp: Any) -> None:
    doc = nlp("Dr. Ay traf Präs. Tokajew am 5. Januar in Almaty. Danach reiste er u. a. nach Astana.")
    assert [sentence.text.strip().split()[0] for sentence in doc.sents] == ["Dr.", "Danach"]


@pytest.mark.parametrize(
    ("text", "form", "lemma"),
    [
        ("Die Truppen zogen gestern ab.", "zogen", "ziehen"),
        ("Er wurde gestürzt.", "gestürzt", "stürzen"),
        ("Die Länder verhandeln.", "Länder", "Land"),
        ("Moskau warf Kiew Terror vor.", "warf", "werfen"),
    ],
)
def test_lemmas(nlp: Any, text: str, form: str, lemma: str) -> None:
    assert next(token.lemma_ for token in nlp(text) if token.text == form) == lemma


@pytest.mark.parametrize(("group", "least"), [("clear", 0.9), ("ambiguous", 0.85)])
def test_mood_and_voice(nlp: Any, group: str, least: float) -> None:
    listed = VERB_FORMS[group]
    assert len(listed) == 75
    right = 0
    for doc, item in zip(nlp.pipe(item["text"] for item in listed), listed, strict=True):
        verb = next(token for token in doc if token.text == item["verb"])
        found = mood(verb) if "mood" in item else "passive" if is_passive(verb) else "active"
        right += found == (item.get("mood") or item["voice"])
    assert right / len(listed) >= least


def test_a_missing_pipeline_is_named() -> None:
    with pytest.raises(ModelError, match="de_no_such_pipeline"):
        load_model("de_no_such_pipeline")


def test_a_pipeline_without_parser_is_refused(tmp_path: Path) -> None:
    import spacy

    spacy.blank("de").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="has no parser"):
        load_model(str(tmp_path / "blank"))


def test_the_fast_product_is_the_product() -> None:
    import numpy as np
    from thinc.api import NumpyOps

    from schachzug.fast_ops import FastOps

    rng = np.random.default_rng(7)
    x, y = rng.random((5, 7), dtype="float32"), rng.random((3, 7), dtype="float32")
    assert np.allclose(FastOps().gemm(x, y, trans2=True), NumpyOps().gemm(x, y, trans2=True), rtol=1e-5)
    out = np.zeros((7, 3), dtype="float32")
    FastOps().gemm(x, y[:, :5].copy(), out=out, trans1=True, trans2=True)
    assert np.allclose(out, x.T @ y[:, :5].T, rtol=1e-5)


@pytest.mark.parametrize(
    ("text", "verb", "lemma", "wanted"),
    [
        ("Die EU verhängte Sanktionen gegen Belarus.", "verhängte", "verhängen", ("Sanktionen", "obj")),
        ("Die USA verlegten Truppen nach Polen.", "verlegten", "verlegen", ("Truppen", "obj")),
        ("Peking tadelte Tokio für den Besuch.", "tadelte", "tadeln", ("Tokio", "obj")),
    ],
)
def test_a_past_with_a_subject_is_no_participle(
    nlp: Any, text: str, verb: str, lemma: str, wanted: tuple[str, str]
) -> None:
    doc = nlp(text)
    found = next(token for token in doc if token.text == verb)
    assert (found.tag_, found.dep_, found.lemma_) == ("VVFIN", "ROOT", lemma)
    assert mood(found) == "ind"
    assert (wanted[0], wanted[1], verb) in relations(doc)
    assert [sentence.text for sentence in doc.sents] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Die von der EU verhängten Sanktionen gelten weiter.",
        "Verhängte Sanktionen gegen Belarus: eine Übersicht.",
        "Der in Moskau verurteilte Politiker lebt im Exil.",
        "Alle von der Behörde veröffentlichten Beiträge.",
    ],
)
def test_a_participle_before_its_noun_stays_one(nlp: Any, text: str) -> None:
    tags = {token.text.lower(): token.tag_ for token in nlp(text)}
    assert {tags.get(form) for form in ("verhängten", "verhängte", "verurteilte", "veröffentlichten")} <= {"ADJA", None}
