"""What an evaluation prints: the scores side by side, by type, the errors by cause, and single errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schachzug.evaluation import CAUSES, KINDS, Evaluation, Outcome, figures

_PARTS = ((False, "development"), (True, "held back"))
_HEAD = (
    "kind", "part", "articles", "sentences", "statements",
    "strict P", "R", "F1", "loose P", "R", "F1", "entity F1", "modality", "negation", "claimant",
)  # fmt: skip


def score_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """The table of scores, its head first: each kind of text, development and held back."""
    rows: list[tuple[str, ...]] = [_HEAD]
    for kind in KINDS:
        for held, part in _PARTS:
            if articles := evaluation.count(kind, held):
                outcome = evaluation.outcome(kind, held)
                rows.append((kind, part, str(articles), *_cells(outcome)))
    return rows


def _cells(outcome: Outcome) -> tuple[str, ...]:
    f = figures(outcome.counts)
    return (
        str(outcome.counts["sentences"]), str(f.required),
        f"{f.strict.p:.3f}", f"{f.strict.r:.3f}", f"{f.strict.f1:.3f}",
        f"{f.loose.p:.3f}", f"{f.loose.r:.3f}", f"{f.loose.f1:.3f}",
        f"{f.entity.f1:.3f}", f"{f.modality:.3f}", f"{f.negated:.3f}", f"{f.claimant:.3f}",
    )  # fmt: skip


def cause_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """The table of errors by cause, its head first: written and real, development and held back."""
    columns = [
        (f"{kind}, {part}", evaluation.outcome(kind, held))
        for kind in ("written", "real")
        for held, part in _PARTS
        if evaluation.count(kind, held)
    ]
    rows: list[tuple[str, ...]] = [("cause", *(name for name, _ in columns))]
    rows += [(cause, *(str(outcome.causes[cause]) for _, outcome in columns)) for cause in CAUSES]
    return rows


def type_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """The table by situation class, its head first: strict recall and precision, development and held back."""
    outcomes = [(part, evaluation.outcome("all", held)) for held, part in _PARTS if evaluation.count("all", held)]
    head = ["type"]
    for part, _ in outcomes:
        head += [f"{part}: required", "right", "wrong", "F1"]
    names = sorted({name for _, outcome in outcomes for name, _ in outcome.types})
    rows: list[tuple[str, ...]] = [tuple(head)]
    for name in names:
        cells = [name]
        for _, outcome in outcomes:
            required, right, wrong = (outcome.types[name, what] for what in ("required", "right", "wrong"))
            total = required + right + wrong
            cells += [str(required), str(right), str(wrong), f"{2 * right / total:.3f}" if total else "–"]
        rows.append(tuple(cells))
    return rows


def article_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """The table of single articles, its head first. Held-back articles are not in it."""
    rows: list[tuple[str, ...]] = [("article", *_HEAD[3:])]
    rows += [(name, *_cells(outcome)) for name, outcome in evaluation.listing]
    return rows


def miss_lines(evaluation: Evaluation) -> Iterator[str]:
    """Every error in the development articles, with its sentence."""
    for name, outcome in evaluation.listing:
        for note in outcome.notes:
            yield f"{name}  {note.cause.upper()}"
            yield f"    in      {note.sentence}"
            if note.wanted:
                yield f"    wanted  {note.wanted}"
            if note.found:
                yield f"    found   {note.found}"


def reliability_rows(evaluation: Evaluation) -> list[tuple[str, ...]]:
    """The table of how often claims are strictly right, by their confidence, its head first."""
    outcomes = [(part, evaluation.outcome("all", held)) for held, part in _PARTS if evaluation.count("all", held)]
    head = ["confidence"]
    for part, _ in outcomes:
        head += [f"{part}: claims", "mean confidence", "right"]
    rows: list[tuple[str, ...]] = [tuple(head)]
    for tenth in sorted({tenth for _, outcome in outcomes for tenth, _ in outcome.sureness}):
        cells = [f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}"]
        for _, outcome in outcomes:
            claims, thousandths, right = (outcome.sureness[tenth, what] for what in ("claims", "thousandths", "right"))
            shares = (thousandths / 1000, right)
            cells += [str(claims), *(f"{share / claims:.2f}" if claims else "–" for share in shares)]
        rows.append(tuple(cells))
    return rows


def figures_section(evaluation: Evaluation) -> str:
    """The tables of scores, causes and reliability as Markdown."""
    return "\n\n".join(
        (
            as_markdown(score_rows(evaluation)),
            "Errors by cause:",
            as_markdown(cause_rows(evaluation)),
            "How often a claim is strictly right, by its confidence:",
            as_markdown(reliability_rows(evaluation)),
        )
    )


def as_text(rows: list[tuple[str, ...]]) -> str:
    """A table as aligned text; the first column to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    numeric = [all(_is_number(row[i]) for row in rows[1:]) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in rows
    )


def as_markdown(rows: list[tuple[str, ...]]) -> str:
    """A table as Markdown; columns of numbers are set to the right."""
    numeric = [all(_is_number(row[i]) for row in rows[1:]) for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("---:" if right else "---" for right in numeric) + "|")
    return "\n".join(lines)


def _is_number(cell: str) -> bool:
    return cell.replace(".", "").replace(",", "").isdigit() or cell == "–"


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """The scores, causes and types as plain data, for JSON."""
    data: dict[str, Any] = {}
    for kind in KINDS:
        for held, part in _PARTS:
            if not (articles := evaluation.count(kind, held)):
                continue
            outcome = evaluation.outcome(kind, held)
            f = figures(outcome.counts)
            data.setdefault(kind, {})[part] = {
                "articles": articles,
                "sentences": outcome.counts["sentences"],
                "required": f.required,
                **{
                    name: {"p": s.p, "r": s.r, "f1": s.f1}
                    for name, s in (("strict", f.strict), ("loose", f.loose), ("entity", f.entity))
                },
                "slots": {"modality": f.modality, "negated": f.negated, "claimant": f.claimant},
                "causes": {cause: outcome.causes[cause] for cause in CAUSES},
            }
    return data


def report(evaluation: Evaluation, *, articles: bool = False, misses: bool = False) -> str:
    """The whole report as text.

    Args:
        evaluation: what to report.
        articles: whether to list development articles one by one.
        misses: whether to list every error in them.
    """
    tables = (score_rows, cause_rows, type_rows, reliability_rows)
    parts = [as_text(table(evaluation)) for table in tables]
    if articles and evaluation.listing:
        parts.insert(0, as_text(article_rows(evaluation)))
    if misses:
        parts.insert(0, "\n".join(miss_lines(evaluation)) or "nothing missed, nothing wrong")
    return "\n\n".join(parts)
