"""What the documentation says is so: its commands run and print what it shows, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schachzug.evaluation_gold import load_gold
from schachzug.lexicon import load_entries
from schachzug.question_files import read_question

from .pages import CHECKOUT, PAGES, REST, Block, blocks, printed, run, workplace

_PAGES = (*PAGES, CHECKOUT / "CONTRIBUTING.md", CHECKOUT / "CHANGELOG.md")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = workplace(tmp_path_factory.mktemp("pages"))
    done = run("schachzug build seeds/articles --out out", place)
    assert done.returncode == 0, done.stderr
    return place


def _id(block: Block) -> str:
    return f"{block.page.name}: {block.text.splitlines()[0][:60]}"


@pytest.mark.parametrize("block", blocks("console"), ids=_id)
def test_a_command_prints_what_the_page_shows(block: Block, folder: Path) -> None:
    done = run(block.command, folder)
    assert done.returncode == 0, done.stderr
    lines, shown = list(printed(done.stdout)), block.output
    if shown and shown[-1] == REST:
        lines, shown = lines[: len(shown) - 1], shown[:-1]
    assert lines == shown, "write it anew: make pages"


@pytest.mark.parametrize("block", blocks("python"), ids=_id)
def test_python_of_a_page_runs(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(compile(block.text, block.page.name, "exec"), names)
    assert names.get("claims", True) and names.get("table", True)


def test_the_readme_shows_the_question_that_it_asks() -> None:
    [block] = [block for block in blocks("sparql") if block.page.name == "README.md"]
    path = CHECKOUT / "docs" / "who-acts-in.rq"
    assert block.text == path.read_text(encoding="utf-8")
    assert read_question(path).parameters[0].name == "place"


@pytest.mark.parametrize("block", blocks("yaml"), ids=_id)
def test_yaml_of_a_page_is_a_lexicon_entry_or_a_gold_file(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "page.yaml"
    if block.text.startswith("article:"):
        path.write_text(block.text, encoding="utf-8")
        assert load_gold([path])[0].sentences[0].statements
    else:
        path.write_text("topic: page\nentries:\n" + block.text, encoding="utf-8")
        assert [entry.type for entry in load_entries([path])] == ["Sanction"]


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_make_targets_and_questions_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)(?=\s*[`\n#]| [A-Z_]+=)", text)) <= targets
    stored = {path.stem for path in (CHECKOUT / "queries" / "answers").glob("*.rq")}
    assert set(re.findall(r"schachzug ask ([a-z]+(?:-[a-z]+)*)(?=[\s`])(?! *\.)", text)) <= stored


def test_no_page_names_a_place_of_some_machine() -> None:
    for page in _PAGES:
        assert not re.search(r"/(?:home|root|work|tmp|Users)/", page.read_text(encoding="utf-8")), page
