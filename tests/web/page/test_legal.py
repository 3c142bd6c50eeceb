"""The operator's file, its pages, and the feedback on barriers."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.web.page.legal import DEMO, LegalUnusable, legal_for, load_legal
from tests.web.page.test_walk import play

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs/legal.example.toml"


@pytest.mark.parametrize("path", [DEMO, EXAMPLE])
def test_our_own_files_are_sound(path):
    legal = load_legal(path)
    assert legal.operator.name and legal.imprint.paragraphs("de")
    assert all("\n" not in paragraph for paragraph in legal.privacy.paragraphs("de"))


def test_a_language_that_is_missing_is_german():
    article = load_legal(EXAMPLE).privacy
    assert article.spoken("en") == "de"
    assert article.paragraphs("en") == article.paragraphs("de")
    assert load_legal(DEMO).privacy.spoken("en") == "en"


def test_every_mistake_is_named_with_its_place(tmp_path):
    path = tmp_path / "legal.toml"
    path.write_text(
        '[operator]\nname = ""\nmail = "keine"\nfax = "1"\naddress = "x"\nphone = "1"\n[imprint]\nen = "x"\n'
    )
    with pytest.raises(LegalUnusable) as error:
        load_legal(path)
    told = str(error.value)
    for place in ("operator.name", "operator.mail", "operator.fax", "imprint.de", "privacy", "accessibility"):
        assert f"{path}: {place}: " in told


@pytest.mark.parametrize("content", [b"\xff", b"[operator", b""])
def test_what_is_no_file_of_ours_is_named(tmp_path, content):
    path = tmp_path / "legal.toml"
    path.write_bytes(content)
    with pytest.raises(LegalUnusable, match=str(path)):
        load_legal(path)
    with pytest.raises(LegalUnusable, match=r"missing\.toml"):
        load_legal(tmp_path / "missing.toml")


def test_outside_the_demo_there_is_no_house_without_an_operator(tmp_path):
    with pytest.raises(LegalUnusable, match="ANTRAGSLOTSE_LEGAL"):
        legal_for(Settings(data=tmp_path))
    assert legal_for(Settings(data=tmp_path, demo_date="2021-03-01")).operator.name.startswith("Antragslotse")
    assert legal_for(Settings(data=tmp_path, legal=EXAMPLE)).operator.phone == "+49 351 123456"


def test_the_pages_of_the_law_in_both_languages(tmp_path):
    async def scenario(browser, _house):
        for topic in ("imprint", "privacy", "accessibility", "help"):
            for language in ("de", "en"):
                await browser.go(f"/{topic}?language={language}")
                assert browser.status == 200
                assert browser.page.one("html")["lang"] == language
                if topic != "help":
                    assert ("Vorführung" if language == "de" else "demonstration") in browser.page.one("main").text
        await browser.go("/accessibility")
        assert "Noch nicht geprüft ist die Bedienung mit echten Vorlese-Programmen" in browser.page.one("main").text

    play(tmp_path, scenario)


def test_the_operators_own_texts_are_shown_and_marked_as_german(tmp_path):
    async def scenario(browser, _house):
        await browser.go("/privacy?language=en")
        assert "Art. 13 DSGVO" in browser.page.one("div", lang="de").text
        assert "This text exists in German only." in browser.page.one("main").text
        assert "+49 351 123456" in browser.page.one("footer").text

    play(tmp_path, scenario, legal=EXAMPLE)


def test_feedback_is_kept_for_the_operator_alone(tmp_path):
    async def scenario(browser, house):
        await browser.go(
            "/accessibility/feedback", [("text", "Das Datum ist klein."), ("contact", ""), ("language", "en")]
        )
        assert "Thank you." in browser.page.one("main").text
        await browser.go("/accessibility/feedback", [("text", " "), ("contact", "a@example.org"), ("language", "de")])
        assert browser.status == 422 and browser.slip == "Fehler: Bitte schreiben Sie, was nicht funktioniert."
        assert browser.page.one(id="f-contact")["value"] == "a@example.org"
        await browser.go("/accessibility/feedback", [("text", "x" * 4_001), ("language", "de")])
        assert "4000" in browser.slip
        file = house.settings.data / "feedback" / "accessibility.jsonl"
        [line] = file.read_text("utf-8").splitlines()
        assert json.loads(line)["text"] == "Das Datum ist klein."
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    play(tmp_path, scenario)
