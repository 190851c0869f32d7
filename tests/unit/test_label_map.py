"""Parses with TIGER labels, made by hand as de_core_news_* makes them: the engine must read them as it reads UD."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from schachzug.lexicon import load_yaml, plain
from schachzug.model import label_scheme
from schachzug.resources import resource
from schachzug.syntax import Syntax
from schachzug.tiger import TigerToUniversal

NLP = spacy.blank("de")
POS = {"N": "NOUN", "V": "VERB", "A": "ADV", "P": "PRON", "K": "CCONJ", "$": "PUNCT"}


def tree(rows: str) -> Doc:
    """A document from rows of form, lemma, tag, number of the head (from 1), label."""
    table = [row.split() for row in rows.strip().splitlines()]
    pos = ["PROPN" if r[2] == "NE" else "DET" if r[2] == "ART" else POS.get(r[2][0], "X") for r in table]
    pos = [
        "ADP" if r[2].startswith("AP") else "AUX" if r[2][:2] in ("VA", "VM") else p
        for r, p in zip(table, pos, strict=True)
    ]
    doc = Doc(
        NLP.vocab,
        words=[r[0] for r in table],
        lemmas=[r[1] for r in table],
        tags=[r[2] for r in table],
        pos=pos,
        heads=[int(r[3]) - 1 for r in table],
        deps=[r[4] for r in table],
    )
    return TigerToUniversal(NLP)(doc)


def arguments(doc: Doc, verb: str) -> set[tuple[str, str]]:
    token = next(t for t in doc if t.text == verb)
    return {(a.slot, a.token.text) for a in Syntax(doc).arguments(token) if a.rank == 0}


def test_active_with_prepositional_object() -> None:
    doc = tree("""
        Die die ART 2 nk
        EU EU NE 3 sb
        verhängt verhängen VVFIN 3 ROOT
        Sanktionen Sanktion NN 3 oa
        gegen gegen APPR 3 mo
        Iran Iran NE 5 nk
        . . $. 3 punct
    """)
    assert arguments(doc, "verhängt") == {("subj", "EU"), ("obj", "Sanktionen"), ("gegen", "Iran")}


def test_passive_with_agent() -> None:
    doc = tree("""
        Der der ART 2 nk
        Präsident Präsident NN 3 sb
        ist sein VAFIN 3 ROOT
        von von APPR 7 sbp
        der der ART 6 nk
        Armee Armee NN 4 nk
        gestürzt stürzen VVPP 8 oc
        worden werden VAPP 3 oc
        . . $. 3 punct
    """)
    found = arguments(doc, "gestürzt")
    assert {("obj", "Präsident"), ("subj", "Armee")} <= found
    assert Syntax(doc).is_passive(doc[6])
    assert doc[6].dep_ == "ROOT"


def test_modal_leaves_the_full_verb_in_charge() -> None:
    doc = tree("""
        Ankara Ankara NE 2 sb
        könnte können VMFIN 2 ROOT
        das der ART 4 nk
        Abkommen Abkommen NN 5 oa
        kündigen kündigen VVINF 2 oc
        . . $. 2 punct
    """)
    assert arguments(doc, "kündigen") == {("subj", "Ankara"), ("obj", "Abkommen")}
    assert doc[1].dep_ == "aux"


def test_coordination() -> None:
    doc = tree("""
        Moskau Moskau NE 4 sb
        und und KON 1 cd
        Minsk Minsk NE 2 cj
        üben üben VVFIN 4 ROOT
        . . $. 4 punct
    """)
    syntax = Syntax(doc)
    assert [t.text for t in syntax.conjuncts(doc[0])] == ["Moskau", "Minsk"]
    assert doc[1].head.text == "Minsk"


def test_clause_with_conjunction() -> None:
    doc = tree("""
        Er er PPER 2 sb
        sagt sagen VVFIN 2 ROOT
        , , $, 2 punct
        dass dass KOUS 6 cp
        Truppen Truppe NN 6 sb
        abziehen abziehen VVFIN 2 oc
        . . $. 2 punct
    """)
    assert arguments(doc, "sagt") == {("subj", "Er"), ("dass", "abziehen")}


def test_copula() -> None:
    doc = tree("""
        Kasachstan Kasachstan NE 2 sb
        ist sein VAFIN 2 ROOT
        Mitglied Mitglied NN 2 pd
        der der ART 5 nk
        OVKS OVKS NE 3 ag
        . . $. 2 punct
    """)
    assert [(t.text, t.dep_, t.head.text) for t in doc][:3] == [
        ("Kasachstan", "nsubj", "Mitglied"),
        ("ist", "cop", "Mitglied"),
        ("Mitglied", "ROOT", "Mitglied"),
    ]
    assert ("of", "OVKS") in {(a.slot, a.token.text) for a in Syntax(doc).arguments(doc[2])}


def test_separable_particle() -> None:
    doc = tree("""
        Der der ART 2 nk
        Rat Rat NN 3 sb
        lehnt lehnen VVFIN 3 ROOT
        den der ART 5 nk
        Plan Plan NN 3 oa
        ab ab PTKVZ 3 svp
        . . $. 3 punct
    """)
    assert Syntax(doc).particle(doc[2]) == "ab"


def test_both_schemes_have_every_neutral_name() -> None:
    data = plain(load_yaml(resource("ontology", "lexicon", "labels.yaml")))
    assert set(data["ud"]) == set(data["tiger"])
    assert not [name for scheme in data.values() for name, labels in scheme.items() if not labels]


@pytest.mark.parametrize(("label", "scheme"), [("sb", "tiger"), ("nsubj", "ud")])
def test_the_scheme_is_told_from_the_parser(label: str, scheme: str) -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("parser").add_label(label)  # type: ignore[attr-defined]
    assert label_scheme(nlp) == scheme
