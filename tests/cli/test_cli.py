"""Every command: what it prints where, and what it exits with."""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer.main

from schachzug.cli import app

from .conftest import ARTICLES, Run

CHECKOUT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
SENTENCE = "Russland schickte 2022 Truppen nach Kasachstan."


# --- help ----------------------------------------------------------------------------------------


def test_help_comes_at_once() -> None:
    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = "import sys; sys.argv = ['schachzug', '--help']; from schachzug.cli import main; main()"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert "Usage: schachzug" in done.stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    # Processor time, and the best of three: the machine may have other things to do.
    assert min(seconds() for _ in range(3)) < 0.4


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert f"Usage: schachzug {command}" in result.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    pages = [CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    assert re.search(rf"schachzug {command}\b", text), f"write about `schachzug {command}` in the documentation"


def test_version(run: Run) -> None:
    result = run("--version")
    assert result.code == 0 and re.fullmatch(r"schachzug \d+\.\d+\.\d+\n", result.out)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "nonsense"),
        (["build", "x.txt"], "--out"),
        (["ask"], "QUESTION"),
        (["ask", "losing-influence", "--all"], "QUESTION"),
        (["ask", "losing-influence", "--param", "actor"], "name=value"),
        (["ask", "losing-influence", "--format", "xml"], "xml"),
        (["build", "x.txt", "--out", "y", "--workers", "0"], "workers"),
    ],
)
def test_wrong_usage_is_exit_code_2(run: Run, arguments: list[str], told: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert result.out == "" and told in result.err


# --- build ---------------------------------------------------------------------------------------


def test_build_writes_every_format_and_tells_what_it_did(run: Run, tmp_path: Path) -> None:
    result = run("build", ARTICLES, "--out", tmp_path / "out")
    assert result.code == 0
    assert result.out == "" and "sentences" in result.err and "claims" in result.err
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"graph.ttl", "graph.trig", "graph.nq", "graph.jsonld", "graph.owl", "rejected.trig", "report.json"} <= names


def test_the_same_article_gives_the_same_graph(run: Run, built: Path, tmp_path: Path) -> None:
    assert run("build", ARTICLES, "--out", tmp_path).code == 0
    assert (tmp_path / "graph.nq").read_bytes() == (built / "graph.nq").read_bytes()


def test_build_reads_standard_input(run: Run, tmp_path: Path) -> None:
    assert run("build", "-", "--out", tmp_path, stdin=SENTENCE.encode()).code == 0
    assert "Truppen" in (tmp_path / "graph.nq").read_text(encoding="utf-8")


BAD = {
    "empty.txt": (b"", "empty.txt: the file is empty"),
    "binary.txt": (b"GIF89a\x00\x01\x02\x00", "binary.txt: this is binary data"),
    "latin.txt": ("Erste Zeile.\nDie Börse.".encode("latin-1"), "latin.txt:2: the text is not encoded as UTF-8"),
    "french.jsonl": (b'{"text": "Il part.", "language": "fr"}', "french.jsonl:1: the language of the article is 'fr'"),
    "broken.jsonl": (b'{"text": "Ein Satz."\n', "broken.jsonl:1: the line is not JSON"),
    "script.html": (b"<html><script>x()</script></html>", "script.html: the page holds no article text"),
    "endless.txt": (b"x" * 50_000_000, "endless.txt: the text is longer than 5 MB"),
    "missing.txt": (None, "missing.txt: there is no such file"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_leaves_nothing_behind(run: Run, tmp_path: Path, name: str) -> None:
    content, message = BAD[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = run("build", tmp_path / name, "--out", tmp_path / "out")
    assert result.code == 3
    assert result.err.count("error: ") == 1 and message in result.err
    assert not (tmp_path / "out").exists()


def test_good_input_is_read_beside_bad(run: Run, tmp_path: Path) -> None:
    for name, (content, _) in BAD.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(SENTENCE, encoding="utf-8")
    result = run("build", *(tmp_path / name for name in (*BAD, "good.txt")), "--out", tmp_path / "out")
    assert result.code == 3
    assert result.err.count("error: ") == len(BAD)
    assert all(message in result.err for _, message in BAD.values())
    assert "Truppen" in (tmp_path / "out" / "graph.nq").read_text(encoding="utf-8")
    assert not [path for path in (tmp_path / "out").iterdir() if path.name.startswith(".")]


def test_bad_input_does_not_cost_the_graph_that_was_there(run: Run, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    shutil.copytree(built, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert run("build", tmp_path / "missing.txt", "--out", folder).code == 3
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_store_keeps_articles_and_forgets_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(SENTENCE.replace("Kasachstan", "Syrien"), encoding="utf-8")
    store = tmp_path / "store"
    assert run("build", tmp_path / "a.txt", "--store", store).code == 0
    again = run("build", tmp_path / "a.txt", tmp_path / "b.txt", "--store", store)
    assert again.code == 0 and "1 unchanged" in again.err
    assert len(_rows(run, store)) == 2
    assert run("forget", "a", "--store", store).code == 0
    assert len(_rows(run, store)) == 1
    unknown = run("forget", "zzz", "--store", store)
    assert unknown.code == 2 and "'zzz'" in unknown.err
    assert run("recover", store).code == 0


def _rows(run: Run, graph: Path) -> list[dict[str, str]]:
    result = run("ask", CHECKOUT / "tests" / "cli" / "sentences.rq", "--on", graph, "--format", "json")
    assert result.code == 0, result.err
    rows: list[dict[str, str]] = json.loads(result.out)["rows"]
    return rows


# --- validate ------------------------------------------------------------------------------------


def test_a_built_graph_conforms(run: Run, built: Path) -> None:
    result = run("validate", built)
    assert result.code == 0, result.out
    assert result.out == "" and "conforms" in result.err and "not checked" in result.err


def test_a_graph_that_does_not_conform_is_exit_code_1(run: Run, built: Path, tmp_path: Path) -> None:
    text = (built / "graph.nq").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if "ontology#modality>" not in line]
    (tmp_path / "graph.nq").write_text("".join(lines), encoding="utf-8")
    result = run("validate", tmp_path / "graph.nq")
    assert result.code == 1
    assert "claim-" in result.out and "does not conform" in result.err


@pytest.mark.parametrize("command", [["validate"], ["ask", "losing-influence", "--on"], ["show", "claim-1", "--on"]])
def test_no_graph_is_exit_code_3(run: Run, tmp_path: Path, command: list[str]) -> None:
    result = run(*command, tmp_path / "nothing")
    assert result.code == 3
    assert result.out == "" and "nothing" in result.err


# --- ask -----------------------------------------------------------------------------------------


def test_an_answer_shows_its_sentence(run: Run, built: Path) -> None:
    result = run("ask", "losing-influence", "--on", built)
    assert result.code == 0 and result.err == ""
    assert result.out.startswith("Who loses influence?\n")
    assert "Central Asia" in result.out and "Zentralasien" in result.out and "szr:claim-" in result.out


def test_an_answer_as_json_and_csv_holds_the_same(run: Run, built: Path) -> None:
    as_json = json.loads(run("ask", "losing-influence", "--on", built, "--format", "json").out)
    as_csv = list(csv.DictReader(io.StringIO(run("ask", "losing-influence", "--on", built, "--format", "csv").out)))
    assert as_csv and [row["claim"] for row in as_csv] == [row["claim"] for row in as_json["rows"]]


def test_a_parameter_narrows_the_answer(run: Run, built: Path) -> None:
    def claims(*arguments: str) -> set[str]:
        told = run("ask", "losing-influence", "--on", built, "--format", "json", *arguments)
        return {row["over"] for row in json.loads(told.out)["rows"]}

    assert claims("--param", "over=Zentralasien") == {"https://w3id.org/schachzug/resource/Central_Asia"}
    assert claims("--param", "over=Central Asia") == claims("--param", "over=szr:Central_Asia")


def test_all_questions_are_answered(run: Run, built: Path) -> None:
    result = run("ask", "--all", "--on", built)
    listed = json.loads(run("questions", "--format", "json").out)
    assert result.code == 0
    assert all(question["title"] in result.out for question in listed)


@pytest.mark.parametrize("question", ["loosing-influence", "who"])
def test_an_unknown_question_is_exit_code_2_with_a_proposal(run: Run, built: Path, question: str) -> None:
    result = run("ask", question, "--on", built)
    assert result.code == 2 and question in result.err


def test_questions_are_listed_with_their_parameters(run: Run) -> None:
    result = run("questions")
    assert result.code == 0
    assert "losing-influence" in result.out and "--param over=" in result.out
    assert len(result.out.splitlines()) > 15


# --- explain, show -------------------------------------------------------------------------------


def test_explain_shows_each_step(run: Run) -> None:
    result = run("explain", SENTENCE)
    assert result.code == 0 and result.err == ""
    for heading in ("1 Sentences", "2 Parse", "3 Mentions", "4 Reported speech", "5 Frames", "6 Claims"):
        assert heading in result.out
    assert re.search(r"┌─ Russland +nsubj", result.out)
    assert "szr:Kazakhstan" in result.out and "Deployment" in result.out and ".yaml:" in result.out
    assert run("explain", "-", stdin=SENTENCE.encode()).out == result.out


def test_explain_needs_a_sentence(run: Run) -> None:
    result = run("explain", "  ")
    assert result.code == 3 and "no sentence" in result.err


def test_show_marks_the_words_of_a_claim_in_its_sentence(run: Run, built: Path) -> None:
    claim = json.loads(run("ask", "losing-influence", "--on", built, "--format", "json").out)["rows"][0]["claim"]
    short = claim.rsplit("/", 1)[-1]
    result = run("show", short, "--on", built)
    assert result.code == 0
    assert run("show", claim, "--on", built).out == result.out
    assert re.search(r"sentence .*\[\w+\]", result.out, re.DOTALL)
    assert "InfluenceLoss" in result.out and "POLITICO" in result.out and "context" in result.out


def test_show_of_an_entity_lists_its_claims(run: Run, built: Path) -> None:
    result = run("show", "szr:Central_Asia", "--on", built)
    assert result.code == 0 and result.out.startswith("Central Asia (szr:Central_Asia) is part of")


@pytest.mark.parametrize("iri", ["claim-0", "szr:Atlantis", "http://x.test/ y"])
def test_show_of_what_the_graph_does_not_have_is_exit_code_2(run: Run, built: Path, iri: str) -> None:
    result = run("show", iri, "--on", built)
    assert result.code == 2 and result.out == ""


# --- export --------------------------------------------------------------------------------------

FORMATS = ("ttl", "trig", "nq", "jsonld", "owl")
OTHERS = ("nanopublications", "reifiers", "graphml", "gexf", "csv", "events", "catalogue")


@pytest.mark.parametrize("name", FORMATS + OTHERS)
def test_every_export_goes_to_a_file_or_to_standard_output(run: Run, built: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    result = run("export", "--format", name, "--on", built, "--out", path)
    assert result.code == 0 and result.out == "" and str(path) in result.err
    streamed = run("export", "--format", name, "--on", built)
    assert streamed.code == 0 and streamed.out == path.read_bytes().decode() != ""
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_an_unknown_export_is_exit_code_2(run: Run, built: Path) -> None:
    result = run("export", "--format", "graphlm", "--on", built)
    assert result.code == 2 and "graphml" in result.err


def test_bulk_files_are_a_folder(run: Run, built: Path, tmp_path: Path) -> None:
    assert run("export", "--format", "bulk", "--on", built, "--out", tmp_path / "bulk").code == 0
    assert any((tmp_path / "bulk").iterdir())
    assert run("export", "--format", "bulk", "--on", built).code == 2


# --- evaluate ------------------------------------------------------------------------------------


def test_evaluate_prints_development_and_held_back(run: Run) -> None:
    gold = CHECKOUT / "tests" / "gold"
    result = run("evaluate", gold / "sahel.yaml", gold / "ostasien.yaml", "--misses")
    assert result.code == 0 and "development" in result.out and "held back" in result.out
    assert "sahel" in result.out and "ostasien" not in result.out


def test_evaluate_writes_its_section(run: Run, tmp_path: Path) -> None:
    probe = CHECKOUT / "tests" / "evaluation"
    page = tmp_path / "figures.md"
    result = run("evaluate", probe / "gold.yaml", "--on", probe / "graph.ttl", "--figures", page, "--format", "json")
    assert result.code == 0
    assert json.loads(result.out)["written"]["development"]["required"] == 9
    assert page.read_text(encoding="utf-8").startswith("<!-- evaluate -->\n| kind |")


def test_evaluate_of_a_missing_file_is_exit_code_3(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", tmp_path / "nothing.yaml")
    assert result.code == 3 and "nothing.yaml" in result.err


# --- streams -------------------------------------------------------------------------------------


def test_a_reader_that_goes_away_is_no_error(built: Path) -> None:
    code = "from schachzug.cli import main; main()"
    command = f"{sys.executable} -c {code!r} ask --all --on {built} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
