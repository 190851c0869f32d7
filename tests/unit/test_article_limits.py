"""What is too long to be an article is refused with its file, its line and what to do, and the rest is still read."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from schachzug.articles import read_articles
from schachzug.errors import InputError

GOOD = "Die Lage ist ernst."
TOO_LONG = [
    ("a.txt", "Ein Wort. " * 20_000, "a.txt: the article is longer than 150,000 characters. Give each article a file"),
    ("a.txt", f"{GOOD}\n\nUnd {'A' * 5_000}.", "a.txt:3: the article has a word of 5,001 characters. Check that"),
    ("a.txt", "Es ist, ja, so. " * 5_000, "a.txt: the article has more than 20,000 words and marks. Give each article"),
    ("a.md", f"---\ntitle: {'Wort ' * 1_000}\n---\n{GOOD}", "title is longer than 2,000 characters"),
    ("a.md", f"---\nid: {'a ' * 20_000}\n---\n{GOOD}", "a.md:2: the metadata are longer than 20,000 characters"),
    ("a.md", f"---\ntitle: {'[ ' * 9_000}\n---\n{GOOD}", "a.md:2: the metadata is not YAML"),
    ("a.md", f"---\nid: 0x{'f' * 900}\n---\n{GOOD}", "a.md: id is a number without an end"),
    (
        "a.html",
        f"<html><body><p>{'<b>' * 60_000}{GOOD}",
        "a.html: the page has more than 50,000 tags. Save the article",
    ),
    ("a.html", "<html>\n<p " + 'a=">" ' * 300 + ">Ja.", "a.html:2: the page has more attributes in its tags than any"),
    ("a.html", f"<html><body><p>{GOOD} {'a' * 5_000}", "a word of 5,000 characters"),
]


@pytest.mark.parametrize(("name", "content", "told"), TOO_LONG)
def test_what_is_too_long_is_refused(name: str, content: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    wrong, good = read_articles([tmp_path / name, tmp_path / "good.txt"])
    assert isinstance(wrong, InputError)
    assert told in str(wrong)
    assert not isinstance(good, InputError) and good.text == GOOD


def test_a_line_of_json_that_is_too_long_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    numeral = '{"text": "Ein Satz.", "id": ' + "9" * 5_000 + "}"
    texts = [GOOD, "Wort. " * 30_000, "e" + "\u0301\u0327" * 70_000, "Es ist, ja, so. " * 5_000, f"{GOOD} Ja."]
    lines = [*(json.dumps({"text": text}) for text in texts), numeral]
    path.write_text("\n".join(lines), encoding="utf-8")
    started = time.process_time()
    found = [str(each) if isinstance(each, InputError) else each.text for each in read_articles([path])]
    assert time.process_time() - started < 10
    assert [each.split(".")[0] for each in found if ".jsonl:" not in each] == [
        "Die Lage ist ernst",
        "Die Lage ist ernst",
    ]
    assert [each.partition(".jsonl:")[2].partition(":")[0] for each in found if ".jsonl:" in each] == [
        "2",
        "3",
        "4",
        "6",
    ]
    assert "a number without an end" in found[5]
