"""One look at what a word's senses require leaves out none that trying them one by one would find."""

from __future__ import annotations

from schachzug.lexicon import is_compound
from schachzug.line import load_reader
from schachzug.reading import Analysis
from schachzug.slots import Slots
from schachzug.types import Article

EVERY = 12  # of some 12,700 examples and counterexamples


def test_what_is_left_out_cannot_fire() -> None:
    reader = load_reader()
    texts = [text for entry in reader.lexicon.entries for text in (*entry.examples, *entry.counterexamples)][::EVERY]
    left_out = fired = 0
    for number, doc in enumerate(reader.nlp.pipe(texts)):
        analysis = Analysis(reader, Article(str(number), doc.text), doc)
        finder = analysis.finder
        for token in doc:
            for senses in finder._entries(token):
                slots = Slots(finder.syntax, finder.referents, token, finder._arguments(senses[0], token))
                possible = senses.possible(slots.words_at, is_compound)
                assert [entry for entry in senses if entry in possible] == list(possible)
                fired += any(finder._try(entry, token, slots) is not None for entry in possible)
                for entry in senses:
                    if entry not in possible:
                        left_out += 1
                        assert finder._try(entry, token, slots) is None, (entry.id, doc.text)
    assert left_out > 1000
    assert fired > 300
