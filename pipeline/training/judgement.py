"""Train the judgement of frames (`pipeline/schachzug/models/judgement.json`) on annotated development articles.

    python pipeline/training/judgement.py GOLD_FOLDER… [--held-back tests/gold/held-back.txt]

Needs scikit-learn, which the package itself does not. Held-back articles are left out. Two logistic regressions are
fitted: one over (trigger, noun phrase) pairs for the roles, one over frames for whether they are right; the second
sees the beliefs of the first as it holds them of articles it was not trained on (cross-fitting by article). What is
printed was measured on articles left out in turn.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from schachzug.evaluation import superclasses
from schachzug.evaluation_gold import GoldArticle, GoldStatement, load_gold
from schachzug.evaluation_matching import Findings, Found, assign, loose, norm, strict, type_fits
from schachzug.frame_features import frame_features
from schachzug.frames import ALL_ACTORS, Frame
from schachzug.gazetteer import Gazetteer
from schachzug.judgement import NONE, Judgement, LinearModel
from schachzug.lexicon import Lexicon
from schachzug.modality import Stance
from schachzug.model import load_model
from schachzug.reading import Analysis, Reader, ReadSentence
from schachzug.role_features import Candidate, path
from schachzug.roles import ROLES, Judged, iris
from schachzug.types import Entity

MODEL = Path(__file__).resolve().parents[1] / "schachzug" / "models" / "judgement.json"
FOLDS = 8


@dataclass
class Piece:
    """One sentence of a gold article, parsed and read by the rules, with what the gold finds in it."""

    article: int
    number: int
    analysis: Analysis
    sentence: ReadSentence
    gold: tuple[GoldStatement, ...]
    candidates: list[Candidate]


def pieces_of(articles: Sequence[GoldArticle], reader: Reader) -> tuple[list[Piece], Findings]:
    """All sentences with frames, and the names of the entities in them."""
    names = Findings()
    found: list[Piece] = []
    for index, gold in enumerate(articles):
        article = gold.to_article()
        analysis = Analysis(reader, article, reader.nlp(article.content))
        statements = {norm(s.text): s.statements for s in gold.sentences}
        for number, sentence in enumerate(analysis.sentences()):
            if not sentence.frames:
                continue
            key = norm(sentence.span.text)
            wanted = statements.get(key)
            if wanted is None:
                wanted = next((s for k, s in statements.items() if len(key) > 20 and (key in k or k in key)), ())
            candidates = analysis.reviser.candidates(sentence.span)
            for candidate in candidates:
                _register(names, candidate.referent.entity)
            for weighed in sentence.frames:
                for role in ROLES:
                    for referent in weighed.frame.role(role):
                        _register(names, referent.entity)
            found.append(Piece(index, number, analysis, sentence, wanted, candidates))
    return found, names


def _register(names: Findings, entity: Entity) -> None:
    names.labels[entity.iri].update(text.strip().lower() for text, _ in (*entity.labels, *entity.alt_labels))


@cache
def _above() -> dict[str, frozenset[str]]:
    return superclasses()


def _found(frame: Frame, stance: Stance) -> Found:
    """A frame as it is scored; the parties of symmetric classes are all actors."""
    fillers = iris(frame)
    actor, target = fillers.get("actor", set()), fillers.get("target", set())
    if frame.entry.type in ALL_ACTORS:
        actor, target = actor | target, set()
    elif len(actor) == 1:
        target = target - actor
    kind = frame.entry.type
    return Found(
        kind,
        frozenset({kind}) | _above().get(kind, frozenset()),
        frozenset(actor),
        frozenset(target),
        frozenset(fillers.get("location", set()) - target),
        str(stance.modality),
        stance.negated,
        frozenset(),
    )


# --- roles -------------------------------------------------------------------------------------------


def _statement_for(frame: Frame, piece: Piece, names: Findings) -> GoldStatement | None:
    """The statement of the gold that a frame most likely means."""
    best: tuple[float, GoldStatement] | None = None
    found = _found(frame, Stance("asserted", False))  # type: ignore[arg-type]
    everybody = {c.referent.entity.iri for c in piece.candidates}
    for statement in piece.gold:
        if not type_fits(found, statement):
            continue
        hits = sum(any(names.is_named(n, f) for n in found.nodes) for f in statement.fillers)
        near = sum(any(names.is_named(n, f) for n in everybody) for f in statement.fillers)
        value = 2 * hits + 0.2 * near - 0.5 * statement.optional - 0.1 * len(statement.fillers)
        if hits + near and (best is None or value > best[0]):
            best = (value, statement)
    return best[1] if best else None


def role_examples(piece: Piece, names: Findings) -> Iterable[tuple[list[str], str]]:
    """Features and role of every candidate of every frame that the gold speaks of."""
    for weighed in piece.sentence.frames:
        frame = weighed.frame
        statement = _statement_for(frame, piece, names)
        if statement is None:
            continue
        wanted = {"actor": statement.actor, "target": statement.target, "location": statement.location or None}
        chosen = iris(frame)
        nearest: dict[str, int] = {}
        for candidate in piece.candidates:
            iri = candidate.referent.entity.iri
            length = len(path(frame.trigger, candidate.token).split()) + abs(candidate.token.i - frame.trigger.i) // 4
            nearest[iri] = min(nearest.get(iri, 99), length)
        labels: dict[str, str] = {}
        for role, fillers in wanted.items():
            for filler in fillers or ():
                named = [iri for iri in nearest if names.is_named(iri, filler)]
                if not named:
                    continue
                # "Kämpfer der M23": both fit the filler, one is enough; what the rules chose, else the nearest
                best = min(named, key=lambda iri: (iri not in chosen.get(role, ()), nearest[iri]))
                for iri in named:
                    labels.setdefault(iri, role if iri == best else "either")
        for candidate in piece.candidates:
            iri = candidate.referent.entity.iri
            label = labels.get(iri, NONE)
            if label == "either":
                continue
            if label == NONE:
                unchecked = [role for role in ROLES if wanted[role] is None and iri in chosen.get(role, ())]
                if unchecked:
                    continue
            else:
                length = len(path(frame.trigger, candidate.token).split())
                if length + abs(candidate.token.i - frame.trigger.i) // 4 > nearest[iri]:
                    continue
            features = piece.analysis.reviser.features.of(
                frame.entry, frame.trigger, frame.arguments, chosen, candidate
            )
            yield list(features), label


# --- fitting -----------------------------------------------------------------------------------------


def fit(
    examples: Sequence[tuple[Sequence[str], str]], strength: float, least: int, classes: Sequence[str]
) -> LinearModel:
    """A logistic regression as a table of weights; features rarer than `least` are left out."""
    counts = Counter(feature for features, _ in examples for feature in set(features))
    index = {feature: n for n, feature in enumerate(sorted(f for f, c in counts.items() if c >= least))}
    rows, columns = [], []
    for row, (features, _) in enumerate(examples):
        for feature in set(features):
            if feature in index:
                rows.append(row)
                columns.append(index[feature])
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), (len(examples), len(index)))
    labels = [label for _, label in examples]
    model = LogisticRegression(C=strength, max_iter=600)
    model.fit(matrix, labels)
    present = list(model.classes_)
    weights, bias = model.coef_, model.intercept_
    if len(present) == 2:
        weights, bias = np.vstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    order = [present.index(name) for name in classes]
    table = {
        feature: tuple(round(float(weights[c, n]), 3) for c in order)
        for feature, n in index.items()
        if np.abs(weights[:, n]).max() > 0.02
    }
    return LinearModel(tuple(classes), table, tuple(round(float(bias[c]), 3) for c in order))


ROLE_CLASSES = (*ROLES, NONE)
FRAME_CLASSES = ("right", "wrong")
EMPTY = LinearModel(FRAME_CLASSES, {}, (0.0, 0.0))


@dataclass
class Outcome:
    """A revised frame with its features and what the gold says of it."""

    piece: Piece
    features: tuple[str, ...]
    label: str  # right, wrong or free (an optional statement)
    found: Found
    belief: float = 0.0


def outcomes(
    pieces: Sequence[Piece], names: Findings, roles: LinearModel, keep: float, add: float, more: float
) -> list[Outcome]:
    """What the frames of some pieces become with a role model, judged by the gold."""
    judgement = Judgement(roles, EMPTY, {"empty": add, "filled": more}, dict.fromkeys(ROLES, keep), {"*": 0.0})
    result: list[Outcome] = []
    for piece in pieces:
        reviser = piece.analysis.reviser
        reviser.judgement = judgement
        frames = [w.frame for w in piece.sentence.frames]
        judged: list[list[Judged]] = [reviser.judge(frame, piece.candidates) for frame in frames]
        revised = [reviser.revise(f, j) for f, j in zip(frames, judged, strict=True)]
        made: list[Outcome] = []
        for frame, beliefs, weighed in zip(revised, judged, piece.sentence.frames, strict=True):
            found = _found(frame, weighed.stance)
            if not found.nodes or weighed.stance.counterfactual or any(found.key == m.found.key for m in made):
                continue
            quoted = any(speech.holds(frame.trigger) for speech in piece.sentence.speeches)
            features = frame_features(
                frame,
                weighed.stance,
                piece.sentence.span,
                piece.number,
                beliefs,
                revised,
                quoted,
                piece.analysis.density,
            )
            made.append(Outcome(piece, tuple(features), "wrong", found))
        required = [s for s in piece.gold if not s.optional]
        optional = [s for s in piece.gold if s.optional]
        hits = assign(names, [m.found for m in made], required, strict)
        for i in hits.values():
            made[i].label = "right"
        rest = [m for m in made if m.label == "wrong"]
        for i in assign(names, [m.found for m in rest], optional, loose).values():
            rest[i].label = "free"
        result += made
    return result


def folds_of(pieces: Sequence[Piece], count: int, seed: int = 5) -> dict[int, int]:
    """The fold of each article."""
    articles = sorted({p.article for p in pieces})
    random.Random(seed).shuffle(articles)
    return {article: n % count for n, article in enumerate(articles)}


def figures(found: Sequence[Outcome], limit: float, required: int) -> tuple[float, float, float]:
    """Strict precision, recall and F1 if frames below a limit are dropped."""
    kept = [o for o in found if o.belief >= limit]
    right = sum(o.label == "right" for o in kept)
    wrong = sum(o.label == "wrong" for o in kept)
    p, r = right / max(1, right + wrong), right / max(1, required)
    return p, r, 2 * p * r / max(1e-9, p + r)


def train(
    pieces: list[Piece], names: Findings, kinds: dict[int, str], required: dict[str, int], options: Any
) -> Judgement:
    """Fit both models, print what cross-validation says, and return them."""
    fold = folds_of(pieces, FOLDS)
    examples = [(p.article, list(role_examples(p, names))) for p in pieces]
    outer: list[Outcome] = []
    for n in range(FOLDS):
        learned = fit([e for a, es in examples if fold[a] != n for e in es], options.role_strength, 2, ROLE_CLASSES)
        outer += outcomes(
            [p for p in pieces if fold[p.article] == n], names, learned, options.keep, options.add, options.more
        )
    for n in range(FOLDS):
        training = [(o.features, o.label) for o in outer if fold[o.piece.article] != n and o.label != "free"]
        learned = fit(training, options.frame_strength, 2, FRAME_CLASSES)
        for outcome in outer:
            if fold[outcome.piece.article] == n:
                outcome.belief = learned.probabilities(outcome.features)["right"]
    for name in (*sorted(set(kinds.values())), "all"):
        mine = [o for o in outer if name == "all" or kinds[o.piece.article] == name]
        total = sum(required.values()) if name == "all" else required[name]
        line = "  ".join(
            "{:.1f}: P {:.2f} R {:.2f} F {:.3f}".format(t, *figures(mine, t, total))
            for t in (0, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
        )
        print(f"{name:9} {line}", flush=True)
    final_roles = fit([e for _, es in examples for e in es], options.role_strength, 2, ROLE_CLASSES)
    final_frames = fit(
        [(o.features, o.label) for o in outer if o.label != "free"], options.frame_strength, 2, FRAME_CLASSES
    )
    print(reliability(outer))
    return Judgement(
        final_roles,
        final_frames,
        {"empty": options.add, "filled": options.more},
        dict.fromkeys(ROLES, options.keep),
        {"*": options.limit},
    )


def reliability(found: Sequence[Outcome]) -> str:
    """How often frames of a belief are right, by tenths of belief."""
    bins: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in found:
        if outcome.label != "free":
            bins[min(int(outcome.belief * 10), 9)].append(outcome)
    return "  ".join(
        f"{n / 10:.1f}: {sum(o.label == 'right' for o in mine) / len(mine):.2f} ({len(mine)})"
        for n, mine in sorted(bins.items())
    )


def save(judgement: Judgement, to: Path) -> None:
    """Write the models as JSON, one weight a line, so that a change shows in a diff."""

    def model(linear: LinearModel) -> str:
        rows = ",\n".join(
            f"  {json.dumps(k, ensure_ascii=False)}: {list(v)}" for k, v in sorted(linear.weights.items())
        )
        return f'{{"classes": {json.dumps(linear.classes)}, "bias": {list(linear.bias)}, "weights": {{\n{rows}\n }}}}'

    text = (
        f'{{"add_at": {json.dumps(judgement.add_at)},\n"keep_at": {json.dumps(judgement.keep_at)},\n'
        f'"claim_at": {json.dumps(judgement.claim_at)},\n"roles": {model(judgement.roles)},\n'
        f'"frames": {model(judgement.frames)}}}\n'
    )
    json.loads(text)
    to.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument(
        "--held-back", type=Path, default=Path(__file__).resolve().parents[2] / "tests/gold/held-back.txt"
    )
    parser.add_argument("--role-strength", type=float, default=0.3)
    parser.add_argument("--frame-strength", type=float, default=0.1)
    parser.add_argument("--keep", type=float, default=0.3)
    parser.add_argument("--add", type=float, default=0.4)
    parser.add_argument("--more", type=float, default=0.6)
    parser.add_argument("--limit", type=float, default=0.38)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    held = {line.strip() for line in options.held_back.read_text(encoding="utf-8").splitlines()}
    articles = [
        a for a in load_gold(options.gold) if a.id not in held and (options.gold[0] / f"{a.id}.yaml").stem not in held
    ]
    reader = Reader(load_model(), Lexicon.load(), Gazetteer.load(), judgement=None)
    pieces, names = pieces_of(articles, reader)
    kinds = {n: a.kind for n, a in enumerate(articles)}
    required: dict[str, int] = Counter()
    for n, article in enumerate(articles):
        required[kinds[n]] += sum(not s.optional for sentence in article.sentences for s in sentence.statements)
    print(
        f"{len(articles)} articles, {sum(required.values())} statements, {len(pieces)} sentences with frames",
        flush=True,
    )
    judgement = train(pieces, names, kinds, required, options)
    if not options.dry:
        save(judgement, MODEL)


if __name__ == "__main__":
    main()
