"""Strings that would like to be markup, in a real browser: whatever is said or named stays text, on every page.

The guests' watch fails each of these tests for a dialog, a script's error, a word in the console (as of the Content
Security Policy), or a request to anybody else.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser import losses
from tests.browser.other import ELTERN, Other, Problem, photo

CORPUS: Final = (Path(__file__).parents[1] / "web" / "page" / "corpus.txt").read_text("utf-8").splitlines()
MARKUP: Final = [text for text in CORPUS if "<" in text or '"' in text or "'" in text]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Written out: whoever changes the policy changes this line, and knows why."""
MOST_REQUESTS: Final = 6
MOST_BYTES: Final = 35_000

PARTS: Final = {
    "kinder[1].kind_name": ("given", "family"),
    "anschrift": ("street", "house_number", "postal_code", "city"),
}
SHORT: Final = ("vorname", "taetigkeit", "einrichtungen[1].einrichtung_name", "konto_inhaber")
PICKY: Final = ("email", "telefon", "iban", "geburtsdatum", "gewinn", "stunden_woche", "zeiten[1].zeitraum")
LONG: Final = ("begruendung", "mitteilung")

STRANGE: Final = """() => {
  const all = [...document.querySelectorAll('*')];
  const ours = /^(HTML|HEAD|META|TITLE|LINK|SCRIPT|BODY|A|HEADER|NAV|UL|OL|LI|P|MAIN|H1|H2|H3|H4|SECTION|DIV|SPAN|STRONG|PROGRESS|DETAILS|SUMMARY|FORM|BUTTON|INPUT|TEXTAREA|FIELDSET|LEGEND|LABEL|DL|DT|DD|FOOTER|IMG)$/;
  const name = (e) => `${e.tagName} ${[...e.attributes].map((each) => each.name + '=' + each.value).join(' ')}`;
  const handler = (e) => [...e.attributes].some(({name, value}) => /^(on|style$|srcdoc$|formaction$|background$)/.test(name) || (/^(href|src|action)$/.test(name) && !/^(\\/|#|tel:|mailto:|blob:|https?:)/.test(value)));
  const classless = (e) => /^(FORM|BUTTON|IMG|TEXTAREA)$/.test(e.tagName) && !/\\bal-/.test(e.className);
  return all.filter((e) => !ours.test(e.tagName) || handler(e) || classless(e)).map(name);
}"""
COUNTS: Final = """() => Object.fromEntries(['script', 'img', 'iframe', 'svg', 'style', 'link', 'meta', 'base', 'object', 'embed', 'math', 'video', 'template',
  'form', 'textarea', 'input', 'table'].map((tag) => [tag, document.querySelectorAll(tag).length]))"""


def counts(page: Page) -> dict[str, int]:
    found: dict[str, int] = page.evaluate(COUNTS)
    return found


def unharmed(page: Page, before: dict[str, int] | None = None) -> None:
    """Every element and attribute is of our own making; ``before``: as many as there were."""
    assert page.locator("#frage").count() == 1
    assert page.evaluate(STRANGE) == []
    if before is not None:
        assert counts(page) == before


def tell(other: Other, question: str, **answer: Any) -> str:
    """Answers a question anew, now or by a correction. Returns the outcome."""
    if other.asked != question:
        other.act("correct", question)
        assert other.asked == question
    try:
        return str(other.say(question=question, **answer)["outcome"])
    except Problem as problem:
        assert problem.status == 422
        return "invalid"


@pytest.fixture(scope="module")
def told(service) -> Other:
    """A case with an ill-meant answer to everything that may be typed; at the end it can be reviewed."""
    other = Other(service.base).open().drive()
    outcomes: dict[str, set[str]] = {}
    for question in SHORT:
        wanted = CORPUS if question == "taetigkeit" else MARKUP[::4]
        outcomes[question] = {tell(other, question, text=text) for text in wanted}
    for question in PICKY:
        outcomes[question] = {tell(other, question, text=text) for text in MARKUP[::6]}
    for question, parts in PARTS.items():
        outcomes[question] = {tell(other, question, value=dict.fromkeys(parts, text)) for text in MARKUP[::6]}
    for question in LONG:
        outcomes[question] = {tell(other, question, text="\n".join(CORPUS))}
    assert outcomes["taetigkeit"] == outcomes["begruendung"] == {"accepted"}, outcomes
    for question in (*PICKY, *PARTS):
        other.act("correct", question)
        other.drive()
    return other


@pytest.mark.parametrize("cookie", [False, True], ids=["script", "form"])
def test_what_was_said_is_text_in_chat_and_review(guests, told, cookie):
    page = losses.tab(guests, told, cookie=cookie)
    shown = set(losses.said(page))
    assert [text for text in CORPUS if text not in shown] == []
    assert "\n".join(CORPUS) in {text.replace("\r\n", "\n") for text in shown}
    unharmed(page)

    answers = set(page.locator(".al-answers dd").all_text_contents())
    assert CORPUS[-1] in answers
    assert page.locator("#aufgabe script, #aufgabe iframe, #aufgabe svg, #aufgabe style").count() == 0


def test_what_is_typed_is_text_while_it_is_on_its_way_and_after(guests, told):
    told.act("correct", "taetigkeit")
    page = losses.tab(guests, told)
    before = counts(page)
    for text in MARKUP[:12]:
        losses.fill(page, text)
        losses.quiet(page)
        expect(page.locator("#verlauf .al-message--applicant .al-text").last).to_have_text(text)
        unharmed(page)
        told.act("correct", "taetigkeit")
        expect(page.locator("#f-text")).to_have_value(text, timeout=losses.WAIT)
        assert counts(page) == before


@pytest.mark.parametrize("cookie", [False, True], ids=["script", "form"])
def test_what_is_refused_stays_in_its_field_as_text(guests, case, cookie):
    page = losses.tab(guests, case("email"), cookie=cookie)
    before = counts(page)
    for text in (MARKUP[0], MARKUP[4], MARKUP[6]):
        losses.fill(page, text)
        expect(page.locator("#fehler")).to_be_visible(timeout=losses.WAIT)
        expect(page.locator("#f-text")).to_have_value(text)
        losses.quiet(page)
        unharmed(page, before)


def test_a_code_is_text(guests):
    page = guests.device().new_page()
    page.goto(f"{guests.base}/chat")
    before = counts(page)
    guests.watch.allowed.append("status of (404|422)")
    for text in MARKUP[:3]:
        page.locator("#f-code").fill(text)
        page.locator("#code button").click()
        expect(page.locator("#fehler")).to_be_visible(timeout=losses.WAIT)
        expect(page.locator("#f-code")).to_have_value(text)
        unharmed(page, before)


def test_names_of_files_are_text_before_the_server_has_them(guests, case):
    """Held, then refused: the name is shown in both states."""
    page = losses.tab(guests, case("steuerbescheid"))
    expect(page.locator("#waehlen")).to_be_visible(timeout=losses.WAIT)
    before = counts(page)
    held: list[Any] = []
    page.route("**/api/v1/files", held.append)
    page.locator("#f-file").set_input_files(
        [{"name": text, "mimeType": "text/plain", "buffer": b"x"} for text in CORPUS]
    )
    expect(page.locator(".al-page")).to_have_count(len(CORPUS), timeout=losses.WAIT)
    unharmed(page, before)
    names = page.locator(".al-page-name").all_text_contents()
    assert [text for text in MARKUP if "/" not in text and not any(text in name for name in names)] == []

    guests.watch.allowed.append("status of 413")
    page.unroute("**/api/v1/files")
    refusal = {"detail": MARKUP[2], "title": MARKUP[2]}
    page.route("**/api/v1/files", lambda route: route.fulfill(status=413, json=refusal))
    for route in held:
        route.fulfill(status=413, json=refusal)
    expect(page.locator(".al-page[data-state=failed]")).to_have_count(len(CORPUS), timeout=losses.WAIT)
    expect(page.locator(".al-page .al-problem").first).to_contain_text(MARKUP[2])
    unharmed(page, before)


def test_names_of_files_are_text_once_the_server_has_them(guests, case):
    other = case("steuerbescheid")
    files = [other.upload(photo(60, 80), text) for text in MARKUP[:6:2]]
    for cookie in (False, True):
        page = losses.tab(guests, other, cookie=cookie)
        expect(page.locator(".al-page")).to_have_count(len(files), timeout=losses.WAIT)
        assert page.locator("img:not(.al-thumb)").count() == 0
        unharmed(page)
    other.value({"files": files, "later": False})
    other.drive("@declaration[wahrheit]")
    for cookie in (False, True):
        page = losses.tab(guests, other, cookie=cookie)
        assert page.locator("img:not(.al-thumb)").count() == 0
        unharmed(page)


def test_a_form_sends_a_file_with_such_a_name(guests, case):
    page = losses.tab(guests, case("steuerbescheid"), cookie=True)
    file = {"name": '"><img src=x onerror=alert(1)>.jpg', "mimeType": "image/jpeg", "buffer": photo(60, 80)}
    page.locator("#f-file").set_input_files([file])  # type: ignore[list-item]
    page.locator("#datei button[type=submit]").click()
    expect(page.locator(".al-page")).to_have_count(1, timeout=losses.WAIT)
    assert page.locator("img:not(.al-thumb)").count() == 0
    unharmed(page)


def test_with_a_script_there_is_no_cookie(guests, case):
    page = losses.tab(guests, case("vorname"))
    losses.fill(page, "Alex")
    losses.quiet(page)
    page.reload()
    losses.quiet(page)
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("localStorage.length") == 0
    assert all("cookie" not in request.all_headers() for request in guests.watch.requests)


def test_without_a_script_the_cookie_is_ours_alone(guests):
    alex = guests.person(script=False).open()
    assert alex.page.context.cookies() == []
    alex.page.locator(".al-start button").first.click()
    expect(alex.page.locator("#antwort")).to_be_visible(timeout=losses.WAIT)
    [cookie] = alex.page.context.cookies()
    assert cookie["name"] == "__Host-antragslotse" and cookie["value"].startswith("at_")
    assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert (cookie["path"], cookie["expires"], cookie["domain"]) == ("/", -1, "127.0.0.1")


def test_the_policy_is_the_one_that_was_agreed_on(guests, case):
    other = case("vorname")
    page = guests.device().new_page()
    for path in ("/chat", "/chat?form=1", "/chat?language=en", "/privacy"):
        found = page.goto(guests.base + path)
        assert found is not None and found.headers["content-security-policy"] == POLICY, path
    tab = losses.tab(guests, other, cookie=True)
    found = tab.reload()
    assert found is not None and found.headers["content-security-policy"] == POLICY
    assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "script", ["return eval('1')", "return new Function('return 1')()", "document.body.innerHTML = '<b>1</b>'"]
)
def test_the_browser_enforces_the_policy(guests, script):
    """The tests above would see nothing where the policy was not in force."""
    page = guests.device().new_page()
    page.goto(f"{guests.base}/chat")
    guests.watch.allowed.append("trusted|Trusted|unsafe-eval|Content Security Policy")
    refused = page.evaluate("(text) => { try { " + script + " } catch (error) { return error.name } }", "")
    assert refused in ("EvalError", "TypeError")


def test_the_page_is_light_and_asks_nobody_else(guests):
    page = guests.device().new_page()
    replies: list[Response] = []
    page.on("response", replies.append)
    page.goto(f"{guests.base}/chat", wait_until="networkidle")
    up_front = [reply.url for reply in replies]
    assert 1 < len(up_front) <= MOST_REQUESTS, up_front

    page.locator(".al-start button").first.click()
    losses.quiet(page)
    page.wait_for_timeout(500)  # what comes late has come
    ours = [reply for reply in replies if "/api/" not in reply.url]
    sizes = {reply.url: reply.request.sizes()["responseBodySize"] for reply in ours}
    assert len(ours) > len(up_front)
    assert 10_000 < sum(sizes.values()) <= MOST_BYTES, json.dumps(sizes, indent=1)
    assert {reply.headers.get("content-encoding") for reply in ours} == {"gzip"}
    assert guests.watch.foreign() == []
    assert not re.search(rf"procedure.*{ELTERN}", page.url)
