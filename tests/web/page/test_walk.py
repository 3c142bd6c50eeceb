"""Whole applications without JavaScript, over a real server: each page on the way is held to the laws of all pages."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests.web.page.browser import Browser, browsing
from tests.web.page.robot import answer, to_review

PERSONAL = ("Anna", "Muster", "erika@example", "0351", "DE89", "2015", "Beispielweg")


def play(folder, scenario, **settings):
    async def go():
        async with browsing(folder, **settings) as (browser, house):
            await scenario(browser, house)

    asyncio.run(go())


async def until(browser: Browser, question: str) -> Browser:
    """Answers until ``question`` is open."""
    for _ in range(80):
        if browser.question == question:
            return browser
        await answer(browser)
    raise AssertionError(f"never asked {question}; at {browser.question}")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("procedure", ["beispiel", "elternentschaedigung"])
def test_an_application_from_the_start_page_to_its_number(tmp_path, procedure, language):
    async def scenario(browser, house):
        await browser.start(procedure, language)
        assert browser.page.one("html")["lang"] == language
        assert browser.path == "/chat"
        asked = await to_review(browser)
        assert asked[0] == "@consent" and asked[-1].startswith("@declaration")
        assert browser.page.all("section", cls="al-review")
        assert browser.page.all("section", cls="al-verdict")
        await browser.act("submit")
        assert browser.status == 200
        number = re.search(r"AL-\w{4}-\w{4}", browser.page.one(id="aufgabe").text)
        assert number
        assert list((house.settings.outbox).rglob("*.zip"))

    play(tmp_path, scenario)


def test_titles_say_where_one_is_and_name_nobody(tmp_path):
    titles = []

    async def scenario(browser, _house):
        await browser.start("elternentschaedigung")
        while browser.question:
            titles.append(browser.title)
            await answer(browser)
        titles.append(browser.title)
        await browser.act("submit")
        titles.append(browser.title)

    play(tmp_path, scenario)
    assert not [title for title in titles if any(word in title for word in PERSONAL)]
    assert any(title.startswith("Abschnitt 2 von ") for title in titles)
    assert titles[-2].startswith("Bitte prüfen Sie Ihre Angaben – ")


def test_a_newcomer_finds_everything_on_the_start_page(tmp_path):
    async def scenario(browser, _house):
        await browser.go("/")
        words = browser.page.one("main").text
        assert "Ein automatisches Programm hilft Ihnen, kein Mensch." in words
        assert "Beispielhilfe" in words and "Behörde: Beispielamt" in words
        assert "Dauer: etwa" in words and "Bescheid" in words and "Anträge sind möglich" in words
        assert "Vorführung" in browser.page.one(cls="al-demo").text
        assert len(browser.page.all("form", cls="al-start")) == 3
        assert browser.page.all("a", lang="en", hreflang="en")
        await browser.go("/chat?language=en")
        assert browser.page.one("html")["lang"] == "en"
        assert "It decides nothing" in browser.page.one("main").text

    play(tmp_path, scenario)


def test_a_closed_procedure_is_said_to_be_closed_and_stays_open_to_everybody(tmp_path):
    async def scenario(browser, _house):
        await browser.go("/chat")
        assert "Frist wohl abgelaufen. Sie dürfen trotzdem einen Antrag stellen." in browser.page.one("main").text
        await browser.start()
        assert browser.question == "@consent"

    play(tmp_path, scenario, demo_date="2026-01-01")


def test_who_does_not_know_what_fits_is_asked(tmp_path):
    async def scenario(browser, _house):
        await browser.start("")
        assert browser.question == "@procedure"

    play(tmp_path, scenario)


def test_a_slip_stands_at_its_field_and_what_was_typed_stays(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "kinder[1].geboren")
        await browser.send(text="31.2.2015")
        assert browser.status == 422
        assert browser.slip.startswith("Fehler: Diesen Tag gibt es nicht.")
        assert browser.title.startswith("Fehler: Abschnitt 2 von ")
        field = browser.page.one(id="f-text")
        assert field["value"] == "31.2.2015"
        assert field["aria-invalid"] == "true" and "fehler" in field["aria-describedby"]
        await browser.go("/chat")
        assert browser.slip.startswith("Fehler: Diesen Tag") and browser.page.one(id="f-text")["value"] == ""
        await browser.send(text="1.3.2015")
        assert browser.status == 200 and not browser.slip

    play(tmp_path, scenario)


def test_nothing_filled_in_is_said_in_the_words_of_the_field(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "@again[zeiten]")
        await browser.send(value="true")
        assert browser.question == "zeiten[1].fuer"
        await browser.send()
        assert browser.slip == "Fehler: Bitte wählen Sie mindestens eine Antwort aus."
        await browser.send(("pick", "1"))
        assert browser.question == "zeiten[1].zeitraum"
        await browser.send(("from", "30.4.2020"), ("to", "20.4.2020"))
        assert browser.slip and browser.page.one(id="f-from")["value"] == "30.4.2020"

    play(tmp_path, scenario)


def test_what_is_unclear_is_offered_as_buttons_and_may_be_typed_anew(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "mail")
        await browser.send(text="erika@gmial.com")
        assert browser.question == "mail" and "erika@gmail.com" in browser.form("angebote").text
        await browser.send(text="erika@example.org")
        assert browser.question == "nachweis"

    play(tmp_path, scenario)


def test_words_are_understood_in_a_field_too(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "telefon")
        await browser.send(text="überspringen")
        assert browser.question == "mail"

    play(tmp_path, scenario)


def test_one_goes_back_keeps_and_corrects_from_the_review(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "kinder[1].vorname")
        await browser.act("back")
        assert browser.question == "rolle"
        assert "Bisher: Ich bin selbstständig" in browser.page.one(id="angebote").text
        await browser.act("keep rolle")
        assert browser.question == "kinder[1].vorname"
        await to_review(browser)
        await browser.act("correct mail")
        await browser.send(text="anders@example.org")
        while browser.question:
            await answer(browser)
        assert "anders@example.org" in browser.page.one(id="angaben").text

    play(tmp_path, scenario)


def test_a_change_is_previewed_before_it_drops_answers(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await to_review(browser)
        await browser.act("correct rolle")
        await browser.send(value='"angestellt"')
        assert browser.question == "@change[rolle]"
        assert "Dann zählen Ihre Antworten auf diese Fragen nicht mehr" in browser.page.one(id="aufgabe").text
        await browser.send(value='"keep"')
        assert not browser.question.startswith("@change")

    play(tmp_path, scenario)


def test_a_notice_says_why_and_goes_on_anyway(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "bundesland")
        await browser.send(value='"anderes"')
        assert browser.question == "@notice[land]"
        task = browser.page.one(id="aufgabe").text
        assert "Zuständig ist ein anderes Land." in task and "§ 66 BeispielG" in task
        await browser.send(value='"apply_anyway"')
        assert browser.question == "rolle"

    play(tmp_path, scenario)


def test_rows_are_added_and_removed(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "@again[kinder]")
        await browser.send(value="true")
        assert browser.question == "kinder[2].vorname"
        await browser.send(text="Ben")
        await browser.send(text="1.1.2016")
        await browser.act("remove_row kinder[1]")
        await browser.go("/chat/summary")
        assert "Kind Ben" in browser.page.one(id="angaben").text
        assert "Kind Anna" not in browser.page.one(id="angaben").text

    play(tmp_path, scenario)


def test_the_summary_is_there_at_any_time(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await browser.go("/chat/summary")
        assert "Sie haben noch nichts angegeben." in browser.page.one("main").text
        await browser.go("/chat")
        await until(browser, "kinder[1].vorname")
        await browser.go("/chat/summary")
        assert browser.page.all("button", value="correct rolle")
        await browser.act("correct rolle")
        assert browser.question == "rolle"

    play(tmp_path, scenario)


def test_help_and_a_human_are_one_press_away_on_every_page(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "rolle")
        await browser.act("help")
        assert any("Warum ich frage" in text for text in browser.messages)
        await browser.act("human")
        assert any("115" in text for text in browser.messages)
        foot = browser.page.one("footer").text
        assert [word in foot for word in ("Hilfe", "Telefon", "E-Mail", "Datenschutz", "Impressum")] == [True] * 5

    play(tmp_path, scenario)


def test_a_pause_gives_a_code_once_and_the_code_opens_the_case_elsewhere(tmp_path):
    async def scenario(browser, house):
        await browser.start()
        await until(browser, "rolle")
        await browser.act("pause")
        code = browser.page.one(cls="al-code").text
        assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
        await browser.go("/chat")
        assert not browser.page.all(cls="al-code") and code not in browser.html
        assert browser.page.all("button", value="resume")
        other = Browser(browser.session, house.base)
        await other.go("/chat?form=1")
        await other.send(id="code", code=code.lower().replace("-", " "))
        assert other.question == "rolle"
        await browser.act("resume")
        assert browser.question == "rolle"

    play(tmp_path, scenario)


def test_a_wrong_code_is_said_at_its_field(tmp_path):
    async def scenario(browser, _house):
        await browser.go("/chat?form=1&language=en")
        await browser.send(id="code", code="AAAA-AAAA-AAAA-AAAA")
        assert browser.status == 422
        assert browser.page.one("html")["lang"] == "en"
        assert browser.slip.startswith("Error: This code fits no application.")
        assert browser.page.one(id="f-code")["aria-invalid"] == "true"
        assert browser.page.one(id="f-code")["value"] == "AAAA-AAAA-AAAA-AAAA"

    play(tmp_path, scenario)


def test_a_link_from_another_device_asks_first_and_works_once(tmp_path):
    async def scenario(browser, house):
        await browser.start()
        await until(browser, "rolle")
        secret, _ends = await house.desk.new_link(await house.desk.authorise(browser.cookie.partition("=")[2]))
        other = Browser(browser.session, house.base)
        await other.go(f"/chat/link/{secret}")
        assert other.asked and not other.cookie
        await other.go(f"/chat/link/{secret}", [])
        assert other.question == "rolle"
        third = Browser(browser.session, house.base)
        await third.go(f"/chat/link/{secret}", [])
        assert third.status == 404 and not third.cookie
        assert "Ihr Antrag ist noch da." in third.asked

    play(tmp_path, scenario)


def test_the_language_changes_and_the_question_stays(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "rolle")
        await browser.go("/chat/language/en")
        assert browser.path == "/chat" and browser.question == "rolle"
        assert browser.page.one("html")["lang"] == "en"
        german = [node for node in browser.page.all("li", cls="al-message") if node.get("lang") == "de"]
        assert german
        await browser.go("/chat/language/en")
        await browser.go("/chat/language/xx")
        assert browser.status == 404

    play(tmp_path, scenario)


def test_erasing_asks_once_and_leaves_nothing(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "rolle")
        token = browser.cookie
        await browser.act("erase")
        assert browser.question == "@erase"
        await browser.send(value="true")
        assert browser.status == 200 and not browser.cookie
        assert browser.answer["Clear-Site-Data"]
        assert "Alles ist gelöscht" in browser.page.one("main").text
        browser.cookie = token
        await browser.go("/chat")
        assert "Dieser Antrag ist gelöscht." in browser.page.one("main").text
        assert browser.page.all("form", cls="al-start") and not browser.cookie
        assert "Clear-Site-Data" not in browser.answer  # a talk in another tab goes on

    play(tmp_path, scenario)


def test_closing_here_forgets_the_cookie_and_revokes_the_token(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await browser.act("pause")
        token = browser.cookie
        forms = [form for form in browser.page.all("form") if form["action"] == "/chat/leave"]
        await browser.go("/chat/leave", [(node["name"], node["value"]) for node in forms[0].all("input")])
        assert not browser.cookie
        assert "Ihre Angaben sind noch da." in browser.page.one("main").text
        browser.cookie = token
        await browser.go("/chat")
        assert browser.page.all("form", cls="al-start")

    play(tmp_path, scenario)


def test_an_addition_after_sending_is_asked_for_beside_the_number(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await to_review(browser)
        await browser.act("submit")
        task = browser.page.one(id="aufgabe").text
        assert "AL-" in task and "Eines fehlt noch." in task
        assert browser.question == "nachweis"
        assert browser.title.startswith("Ihr Antrag ist vorbereitet")

    play(tmp_path, scenario)
