"""Forged, stale, repeated and foreign requests; and strings that would like to be markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.web.page.session import COOKIE
from tests.web.page.browser import Browser
from tests.web.page.robot import answer, to_review
from tests.web.page.test_walk import play, until

CORPUS = (Path(__file__).parent / "corpus.txt").read_text("utf-8").splitlines()


def tags(browser: Browser) -> set[str]:
    return {node.tag for node in browser.page.walk()}


def test_markup_is_shown_as_text_on_every_page(tmp_path):
    """Parsing checks what is on the page; here the words are looked for, unharmed, in question, echo and summary."""
    assert len(CORPUS) >= 50

    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "kinder[1].vorname")
        known = tags(browser)
        for text in CORPUS:
            await browser.send(text=f"„{text}“")
            if browser.slip:  # a kind may refuse it; then it stands in its field
                assert browser.page.one(id="f-text")["value"] == f"„{text}“"
                continue
            assert text.strip() in browser.asked or browser.question == "kinder[1].vorname", (text, browser.asked)
            assert tags(browser) - known <= {"div", "p", "details", "summary"}, text
            await browser.go("/chat/summary")
            assert not browser.page.all("script") and not browser.page.all("img")
            await browser.act("correct kinder[1].vorname")
        assert browser.question == "kinder[1].vorname"

    play(tmp_path, scenario)


def test_markup_in_a_code_and_in_feedback_is_text(tmp_path):
    async def scenario(browser, _house):
        for text in CORPUS[:12]:
            await browser.go("/chat?form=1")
            await browser.send(id="code", code=text)
            assert browser.page.one(id="f-code")["value"] == text.strip()
            await browser.go("/accessibility/feedback", [("text", ""), ("contact", text), ("language", "de")])
            assert browser.page.one(id="f-contact")["value"] == text.strip()

    play(tmp_path, scenario)


def test_the_cookie_belongs_to_this_site_and_to_no_script(tmp_path):
    async def scenario(browser, _house):
        await browser.go("/chat")
        assert not browser.cookies  # nothing before somebody begins
        await browser.go("/chat/start", [("procedure", "beispiel"), ("language", "de")], follow=False)
        assert browser.status == 303 and browser.answer["Location"] == "/chat"
        [cookie] = browser.cookies
        flags = {part.strip() for part in cookie.split(";")[1:]}
        assert cookie.startswith(f"{COOKIE}=at_") and COOKIE.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= flags
        assert not any(flag.lower().startswith(("domain", "max-age", "expires")) for flag in flags)

    play(tmp_path, scenario)


def test_headers_keep_strangers_out(tmp_path):
    async def scenario(browser, _house):
        for path in ("/", "/chat", "/imprint", "/nowhere"):
            await browser.go(path)
            policy = browser.answer["Content-Security-Policy"]
            assert "unsafe" not in policy and "default-src 'none'" in policy and "trusted-types 'none'" in policy
            assert browser.answer["X-Content-Type-Options"] == "nosniff"
            assert browser.answer["Referrer-Policy"] == "no-referrer"
        await browser.start()
        assert browser.answer["Cache-Control"] == "no-store"

    play(tmp_path, scenario)


@pytest.mark.parametrize("csrf", ["", "0" * 64, "ü"])
def test_a_form_without_its_proof_changes_nothing(tmp_path, csrf):
    async def scenario(browser, _house):
        await browser.start()
        sent = {**browser.hidden("antwort"), "csrf": csrf, "value": "true"}
        await browser.go("/chat/answer", list(sent.items()))
        assert browser.status == 403
        assert browser.question == "@consent"
        assert "Nichts ist verloren." in browser.page.one(id="status").text

    play(tmp_path, scenario)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_a_form_of_another_site_is_refused(tmp_path, headers, status):
    async def scenario(browser, _house):
        await browser.start()
        sent = [*browser.hidden("antwort").items(), ("value", "true")]
        await browser.go("/chat/answer", sent, **headers)
        assert browser.status == status
        await browser.go("/chat")
        assert (browser.question == "@consent") == (status == 403)
        for path in ("/chat/start", "/chat/resume", "/accessibility/feedback"):
            await browser.go(path, [("procedure", "beispiel"), ("code", "x"), ("text", "x")], follow=False, **headers)
            assert (browser.status == 403) == (status == 403), path

    play(tmp_path, scenario)


def test_without_fetch_metadata_the_origin_decides(tmp_path):
    async def scenario(browser, house):
        del browser.headers["Sec-Fetch-Site"]
        await browser.go("/chat/start", [("procedure", "beispiel")], follow=False, Origin="https://evil.example")
        assert browser.status == 403
        await browser.go("/chat/start", [("procedure", "beispiel")], follow=False, Origin="null")
        assert browser.status == 403
        await browser.go("/chat/start", [("procedure", "beispiel")], follow=False, Origin=house.base)
        assert browser.status == 303

    play(tmp_path, scenario)


def test_a_double_click_is_one_answer(tmp_path):
    async def scenario(browser, house):
        await browser.start()
        await until(browser, "kinder[1].vorname")
        case = await house.desk.authorise(browser.cookie.partition("=")[2])
        before = (await house.desk.look(case)).case.number
        sent = [*browser.hidden("antwort").items(), ("text", "Anna")]
        for _ in range(3):
            await browser.go("/chat/answer", sent)
            assert browser.question == "kinder[1].geboren" and not browser.slip
        assert (await house.desk.look(case)).case.number == before + 1

    play(tmp_path, scenario)


def test_a_slip_that_is_sent_twice_is_told_once(tmp_path):
    async def scenario(browser, house):
        await browser.start()
        await until(browser, "kinder[1].geboren")
        case = await house.desk.authorise(browser.cookie.partition("=")[2])
        sent = [*browser.hidden("antwort").items(), ("text", "31.2.2015")]
        for _ in range(2):
            await browser.go("/chat/answer", sent)
            assert browser.status == 422 and browser.page.one(id="f-text")["value"] == "31.2.2015"
        assert (await house.desk.look(case)).case.slips == 1

    play(tmp_path, scenario)


def test_submit_pressed_five_times_is_one_submission(tmp_path):
    async def scenario(browser, house):
        await browser.start()
        await to_review(browser)
        sent = [*browser.hidden("antwort").items(), ("action", "submit")]
        for _ in range(5):
            await browser.go("/chat/answer", sent)
        case = await house.desk.authorise(browser.cookie.partition("=")[2])
        assert len((await house.desk.look(case)).case.submissions) == 1

    play(tmp_path, scenario)


def test_what_was_not_reviewed_is_not_sent(tmp_path):
    async def scenario(browser, house):
        await browser.start()
        await to_review(browser)
        stale = [*browser.hidden("antwort").items(), ("action", "submit")]
        await browser.act("correct mail")
        await browser.send(text="neu@example.org")
        while browser.question:
            await answer(browser)
        await browser.go("/chat/answer", stale)
        case = await house.desk.authorise(browser.cookie.partition("=")[2])
        assert not (await house.desk.look(case)).case.submissions
        assert "Seit Ihrer Prüfung hat sich etwas geändert." in browser.page.one("main").text

    play(tmp_path, scenario)


def test_an_old_page_does_not_overwrite(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "bundesland")
        old = [(k, v) for k, v in browser.hidden("antwort").items() if k != "id"]
        await browser.send(value='"sachsen"')
        new_id = browser.hidden("antwort")["id"]
        await browser.go("/chat/answer", [*old, ("id", new_id), ("value", '"anderes"')])
        assert browser.question == "@change[bundesland]"

    play(tmp_path, scenario)


@pytest.mark.parametrize("token", ["at_" + "A" * 64, "x", "", "a" * 5_000, "at_../../x"])
def test_a_foreign_cookie_leads_to_a_friendly_start_page(tmp_path, token):
    async def scenario(browser, _house):
        browser.cookie = f"{COOKIE}={token}"
        await browser.go("/chat")
        assert browser.status == 200
        assert browser.page.all("form", cls="al-start")
        browser.cookie = f"{COOKIE}={token}"
        await browser.go("/chat/answer", [("csrf", "x"), ("id", "x"), ("value", "true")])
        assert browser.status == 200
        assert "Auf diesem Gerät ist kein Antrag mehr offen" in browser.page.one("main").text

    play(tmp_path, scenario)


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"text=%ff", b"&" * 600 + b"a=1", b"question=iban&value={", b"a=1" * 40_000, b""]
)
def test_bodies_of_no_form_of_ours_end_in_a_page(tmp_path, body):
    async def scenario(browser, _house):
        await browser.start()
        await browser.go("/chat/answer", body, Content_Type="application/x-www-form-urlencoded")
        assert 400 <= browser.status < 500
        assert browser.page.one("h1").text
        await browser.go("/chat/answer", b"{}", Content_Type="application/json")
        assert browser.status == 415
        await browser.go("/chat")
        assert browser.question == "@consent"

    play(tmp_path, scenario)


def test_addresses_of_forms_lead_back_when_they_are_opened(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        for path in ("/chat/answer", "/chat/file", "/chat/start", "/chat/resume", "/chat/leave"):
            await browser.go(path)
            assert (browser.status, browser.path, browser.question) == (200, "/chat", "@consent")

    play(tmp_path, scenario)


def test_too_many_codes_are_slowed_down(tmp_path):
    async def scenario(browser, _house):
        for _ in range(7):
            await browser.go("/chat?form=1")
            await browser.send(id="code", code="AAAA-AAAA-AAAA-AAAA")
        assert browser.status == 429
        assert "zu viele Versuche" in browser.slip

    play(tmp_path, scenario, free_networks="")


def test_a_bug_is_a_page_that_quotes_nothing(tmp_path):
    async def scenario(browser, house):
        await browser.start()
        broken = house.desk.look

        async def fails(_case):
            raise ValueError("Anna Muster")

        house.desk.look = fails
        await browser.go("/chat")
        house.desk.look = broken
        assert browser.status == 500
        assert "Das ist unser Fehler." in browser.page.one("main").text and "Anna" not in browser.html

    play(tmp_path, scenario)


def test_ids_of_rendered_forms_are_their_own(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        first = browser.hidden("antwort")["id"]
        await browser.go("/chat")
        assert browser.hidden("antwort")["id"] != first
        assert re.fullmatch(r"[0-9a-f-]{36}", first)

    play(tmp_path, scenario)
