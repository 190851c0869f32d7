"""Inputs: every format gives its article, and what cannot be read is told with file, line and remedy."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from schachzug.articles import MAX_BYTES, read_articles
from schachzug.errors import InputError
from schachzug.types import Article

TEXT = "Russland schickte Truppen nach Kasachstan. Die Regierung in Almaty hatte darum gebeten."
ENGLISH = (
    "Russia sent troops to Kazakhstan after the government had asked for them. The parliament in Moscow agreed at "
    "once, while the opposition called the decision a mistake that would cost the country a great deal of money. "
    "Neighbouring states said that they would wait for the outcome of the talks before taking sides."
)


def read(inputs: Sequence[str | Path]) -> tuple[list[Article], list[str]]:
    results = list(read_articles(inputs))
    errors = [str(r) for r in results if isinstance(r, InputError)]
    return [r for r in results if isinstance(r, Article)], errors


def only(*inputs: str | Path) -> Article:
    articles, errors = read(inputs)
    assert errors == []
    assert len(articles) == 1
    return articles[0]


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- formats -------------------------------------------------------------------------------------


def test_plain_text_has_its_first_line_as_title(tmp_path: Path) -> None:
    article = only(write(tmp_path, "lage.txt", f"Krise am See\n\n{TEXT}\n"))
    assert (article.id, article.title, article.text) == ("lage", "Krise am See", TEXT)
    assert article.content == f"Krise am See\n\n{TEXT}"


def test_a_sidecar_gives_what_is_known_of_a_text(tmp_path: Path) -> None:
    path = write(tmp_path, "lage.txt", TEXT)
    write(tmp_path, "lage.meta.yaml", "author: Eva Muster\ndate: 2022-01-15\npublisher: Testblatt\n")
    article = only(path)
    assert (article.creator, article.issued, article.publisher) == ("Eva Muster", "2022-01-15", "Testblatt")


def test_markdown_loses_its_marks_and_keeps_its_front_matter(tmp_path: Path) -> None:
    source = f"---\ntitle: Lage\nauthor: Eva Muster\n---\n\n{TEXT} Er sagte: *Nein*, [hier](https://x.test).\n"
    article = only(write(tmp_path, "lage.md", source))
    assert article.title == "Lage"
    assert article.text == f"{TEXT} Er sagte: Nein, hier."


def test_html_gives_the_article_without_the_page_around_it(tmp_path: Path) -> None:
    page = (
        "<!doctype html><html lang='de'><head><title>Lage am See</title></head><body><nav>Start Sport</nav>"
        f"<article><h1>Lage am See</h1><p>{TEXT}</p><p>{TEXT.replace('Russland', 'China')}</p></article>"
        "<script>fetch('https://x.test')</script></body></html>"
    )
    article = only(write(tmp_path, "lage.html", page))
    assert article.title == "Lage am See"
    assert article.text.startswith(TEXT) and "Sport" not in article.text and "fetch" not in article.text


def test_json_lines_give_an_article_a_line_also_gzipped(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"id": f"a{n}", "title": "Lage", "text": TEXT}) + "\n" for n in range(3))
    plain, packed = write(tmp_path, "b.jsonl", lines), tmp_path / "c.jsonl.gz"
    packed.write_bytes(gzip.compress(lines.replace('"a', '"z').encode()))
    articles, errors = read([plain, packed])
    assert [a.id for a in articles] == ["a0", "a1", "a2", "z0", "z1", "z2"]
    assert errors == []


def test_a_folder_is_read_in_order_and_hidden_files_are_not(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "notes.pdf"):
        write(tmp_path, name, TEXT)
    articles, errors = read([tmp_path])
    assert [a.id for a in articles] == ["a", "b"]
    assert errors == []


@pytest.mark.parametrize(
    "content", [TEXT, json.dumps({"text": TEXT}), f"<html><body><p>{TEXT} {TEXT}</p></body></html>"]
)
def test_a_dash_is_standard_input_in_any_format(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content.encode()))))
    assert only("-").text.startswith(TEXT)


def test_an_article_without_an_id_is_named_by_its_content(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", json.dumps({"text": TEXT}))
    article = only(path)
    assert len(article.id) == 16 and article == only(path)


def test_the_text_is_normalised_and_boilerplate_left_out(tmp_path: Path) -> None:
    hyphenated = TEXT.replace("Almaty", "Alma\u00adty")
    source = f"\ufeff{hyphenated}\r\n\r\nsource site\r\n\r\nLeave a Reply\r\n"
    assert only(write(tmp_path, "a.txt", source)).text == TEXT


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "what", "remedy"),
    [
        ("empty.txt", b"", "empty.txt: the file is empty", "at least one sentence"),
        ("blank.txt", b" \n\n\t", "blank.txt: the file is empty", "at least one sentence"),
        ("empty.jsonl", b"", "empty.jsonl: the file is empty", "JSON object"),
        ("bytes.txt", b"Ein Satz.\x00\x01\x02", "bytes.txt: this is binary data", "Save the article as text"),
        ("paper.txt", b"%PDF-1.7 \xff", "paper.txt: this is a PDF file", "text or HTML"),
        ("word.txt", b"PK\x03\x04 \xff", "word.txt: this is a ZIP or Office file", "text or HTML"),
        ("latin.txt", "Zeile eins.\nDie Börse.".encode("latin-1"), "latin.txt:2: the text is not encoded", "iconv"),
        ("wide.txt", TEXT.encode("utf-16"), "wide.txt: the text is encoded as UTF-16", "iconv -f UTF-16"),
        ("twice.txt", "Für Öl, Straße.".encode().decode("cp1252").encode(), "twice.txt:1: the text was dec", "UTF-8"),
        ("long.txt", b"a" * (MAX_BYTES + 1), "long.txt: the text is longer than 5 MB", "of its own"),
        ("english.txt", ENGLISH.encode(), "english.txt: the language of the article is 'en'", "Only German"),
        ("script.html", b"<html><script>x()</script></html>", "script.html: the page holds", "saved after"),
        ("cut.jsonl.gz", gzip.compress(b'{"text": "Ein Satz."}')[:-9], "cut.jsonl.gz: the file cannot be", "whole"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_message_and_the_others_are_read(
    tmp_path: Path, name: str, content: bytes, what: str, remedy: str
) -> None:
    bad, good = write(tmp_path, name, content), write(tmp_path, "good.txt", TEXT)
    articles, errors = read([bad, good])
    assert [a.id for a in articles if a.id == "good"] == ["good"]
    assert len(errors) == 1
    assert what in errors[0] and remedy in errors[0]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"text": "Ein Satz."', "the line is not JSON"),
        ("[1, 2]", "the line is no article"),
        ('{"title": "ohne Text"}', "the line is no article"),
        ('{"text": ""}', "the text is empty"),
        ('{"text": "Ein Satz.", "issued": "gestern"}', "'gestern' is not a date"),
        ('{"text": "Ein Satz.", "language": "fr"}', "the language of the article is 'fr'"),
        ('{"text": "Ein Satz.", "title": {"a": 1}}', "title is not a text"),
        ("[" * 100_000, "the line is not JSON"),
    ],
)
def test_a_broken_line_is_named_and_the_other_lines_are_read(tmp_path: Path, line: str, what: str) -> None:
    good = json.dumps({"id": "good", "text": TEXT})
    path = write(tmp_path, "a.jsonl", f"{good}\n{line}\n{good.replace('good', 'last')}\n")
    articles, errors = read([path])
    assert [a.id for a in articles] == ["good", "last"]
    assert len(errors) == 1
    assert "a.jsonl:2: " in errors[0] and what in errors[0]


def test_a_line_of_50_mb_is_passed_over_without_being_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"text": "')
        for _ in range(50):
            stream.write(b"a" * 1_000_000)
        stream.write(b'"}\n' + json.dumps({"id": "next", "text": TEXT}).encode() + b"\n")
    articles, errors = read([path])
    assert [a.id for a in articles] == ["next"]
    assert len(errors) == 1 and "a.jsonl:1: the line is longer than 5 MB" in errors[0]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    articles, errors = read([tmp_path / "nowhere.txt", write(tmp_path, "good.txt", TEXT)])
    assert [a.id for a in articles] == ["good"]
    assert len(errors) == 1 and "nowhere.txt: there is no such file" in errors[0]


def test_a_folder_without_articles_is_named(tmp_path: Path) -> None:
    (_, [error]) = read([tmp_path])
    assert "the folder holds no articles" in error


def test_the_second_article_of_an_id_is_refused(tmp_path: Path) -> None:
    line = json.dumps({"id": "same", "text": TEXT})
    articles, errors = read([write(tmp_path, "a.jsonl", f"{line}\n{line}\n")])
    assert len(articles) == 1
    assert len(errors) == 1 and "a.jsonl:2: the id 'same' was already given, by" in errors[0]


def test_a_broken_sidecar_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", TEXT)
    write(tmp_path, "a.meta.yaml", "title: Lage\nwetter: gut\n")
    (_, [error]) = read([path])
    assert "a.meta.yaml" in error and "wetter" in error
