"""Strings that would like to be markup, in a real browser: whatever is said or named stays text, on every page.

The guests' watch fails each of these tests for a dialog, a script's error, a word in the console (as of the Content
Security Policy), or a request to anybody else.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.browser import losses
from tests.browser.conftest import Guests
from tests.browser.other import Other, photo
from tests.browser.service import Service

CORPUS: Final = (Path(__file__).parents[1] / "web" / "page" / "corpus.txt").read_text("utf-8").splitlines()
MARKUP: Final = [text for text in CORPUS if "<" in text or '"' in text or "'" in text]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Written out: whoever changes the policy changes this line, and knows why."""
Opener = Callable[..., Other]

MOST_REQUESTS: Final = 6
MOST_BYTES: Final = 35_000

PARTS: Final = {
    "kinder[1].kind_name": ("given", "family"),
    "anschrift": ("street", "house_number", "postal_code", "city"),
}
SHORT: Final = ("vorname", "taetigkeit", "einrichtungen[1].einrichtung_name", "konto_inhaber")
PICKY: Final = ("email", "telefon", "iban", "geburtsdatum", "gewinn", "stunden_woche", "zeiten[1].zeitraum")
UNTAKEN: Final = {"refused", "ask_back", "not_understood"}
LONG: Final = ("begruendung", "mitteilung")

OURS: Final = """
  html head meta title link script body a header nav ul ol li p main h1 h2 h3 h4 section div span strong br progress
  details summary form button input textarea fieldset legend label dl dt dd footer img"""
STRANGE: Final = r"""(ours) => {
  const name = (e) => `${e.localName} ${[...e.attributes].map((each) => `${each.name}=${each.value}`).join(' ')}`;
  const known = /^(\/|#|tel:|mailto:|blob:|https?:|data:image\/svg)/;
  const odd = ({name, value}) => /^(on.*|style|srcdoc|formaction|background|autofocus)$/.test(name)
    || (/^(href|src|action)$/.test(name) && !known.test(value));
  const bare = (e) => /^(form|button|img|textarea)$/.test(e.localName) && !e.id && !/\bal-/.test(e.className);
  return [...document.querySelectorAll('*')]
    .filter((e) => !ours.includes(e.localName) || [...e.attributes].some(odd) || bare(e)).map(name);
}"""
COUNTED: Final = "script img iframe svg style link meta base object embed math video template form textarea table"
COUNTS: Final = "(tags) => Object.fromEntries(tags.map((tag) => [tag, document.querySelectorAll(tag).length]))"


def counts(page: Page) -> dict[str, int]:
    found: dict[str, int] = page.evaluate(COUNTS, COUNTED.split())
    return found


def unharmed(page: Page, before: dict[str, int] | None = None) -> None:
    """Every element and attribute is of our own making; ``before``: as many as there were."""
    assert page.locator("#frage").count() == 1
    assert page.evaluate(STRANGE, OURS.split()) == []
    if before is not None:
        assert counts(page) == before


def tell(other: Other, question: str, *answers: dict[str, Any]) -> set[str]:
    """Answers a question anew, each time by a correction where it is not open. Returns the outcomes."""
    outcomes = set()
    for answer in answers:
        if other.asked != question:
            other.act("correct", question)
            assert other.asked == question, (other.asked, question)
        outcomes.add(other.say(question=question, **answer)["outcome"])
    if other.asked == question:
        other.act("keep", question)
    return outcomes


@pytest.fixture
def told(service: Service) -> Other:
    """A case with an ill-meant answer to everything that may be typed; it can be reviewed."""
    other = Other(service.base).open().drive("@declaration[wahrheit]")
    for question in PICKY:
        assert tell(other, question, *({"text": text} for text in MARKUP[::9])) <= UNTAKEN, question
    for question, parts in PARTS.items():
        values = ({"value": dict.fromkeys(parts, text)} for text in MARKUP[::9])
        assert tell(other, question, *values) <= UNTAKEN, question
    for question in SHORT:
        wanted = CORPUS if question == "taetigkeit" else MARKUP[::8]
        assert tell(other, question, *({"text": text} for text in wanted)) == {"accepted"}, question
    for question in LONG:
        assert tell(other, question, {"text": "\n".join(CORPUS)}) == {"accepted"}, question
    return other


def test_what_was_said_is_text_in_chat_and_review_with_a_script_and_in_the_form(guests: Guests, told: Other) -> None:
    whole = "\n".join(CORPUS)
    for cookie in (False, True):
        page = losses.tab(guests, told, cookie=cookie)
        losses.until(page, lambda page=page: whole in losses.said(page))  # a long history comes in pages
        unharmed(page)
        answers = set(page.locator(".al-answers dd").all_text_contents())
        assert {CORPUS[-1], whole} <= answers
        if not cookie:  # the form shows the newest messages only
            shown = set(losses.said(page))
            assert [text for text in CORPUS if not {text.strip(), text.strip(' "')} & shown] == []


def test_what_is_typed_is_text_while_it_is_on_its_way_and_after(guests: Guests, case: Opener) -> None:
    other = case("taetigkeit")
    page = losses.tab(guests, other)
    before = counts(page)
    held: list[Route] = []
    page.route(losses.ANSWERS, lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks it
    for text in [text for text in MARKUP if text[0] != '"'][:8]:  # quotes around all of it are taken off
        losses.fill(page, text)
        expect(page.locator(".al-message--pending .al-text")).to_have_text(text, timeout=losses.WAIT)
        unharmed(page, before)
        losses.until(page, lambda: held)
        held.pop().continue_()
        losses.task(page, "Seit wann")
        unharmed(page)
        other.act("correct", "taetigkeit")
        expect(page.locator("#f-text")).to_have_value(text, timeout=losses.WAIT)
        unharmed(page, {**before, "form": counts(page)["form"]})  # the old answer is offered, in a form of ours
        before = counts(page)


@pytest.mark.parametrize("cookie", [False, True], ids=["script", "form"])
def test_what_is_refused_stays_in_its_field_as_text(guests: Guests, case: Opener, cookie: bool) -> None:
    page = losses.tab(guests, case("email"), cookie=cookie)
    before = counts(page)
    guests.watch.allowed.append("status of 422")
    for text in (MARKUP[0], MARKUP[4], MARKUP[6]):
        losses.fill(page, text)
        expect(page.locator("#fehler")).to_be_visible(timeout=losses.WAIT)
        expect(page.locator("#f-text")).to_have_value(text)
        losses.quiet(page)
        unharmed(page, before)


def test_a_code_is_text(guests: Guests) -> None:
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


def test_names_of_files_are_text_before_the_server_has_them(guests: Guests, case: Opener) -> None:
    """Held, then refused: the name is shown in both states."""
    page = losses.tab(guests, case("steuerbescheid"))
    expect(page.locator("#waehlen")).to_be_visible(timeout=losses.WAIT)
    before = counts(page)
    held: list[Route] = []
    page.route("**/api/v1/files", lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks it
    page.locator("#f-file").set_input_files(
        [{"name": text, "mimeType": "text/plain", "buffer": b"x"} for text in CORPUS]
    )
    expect(page.locator(".al-page")).to_have_count(len(CORPUS), timeout=losses.WAIT)
    unharmed(page, before)
    names = page.locator(".al-page-name").all_text_contents()
    assert [text for text in MARKUP if "/" not in text and not any(text in name for name in names)] == []

    guests.watch.allowed.append("status of 413")
    refusal = {"detail": MARKUP[2], "title": MARKUP[2]}
    losses.until(page, lambda: held)
    held.pop().fulfill(status=413, json=refusal)
    page.route("**/api/v1/files", lambda route: route.fulfill(status=413, json=refusal))
    expect(page.locator(".al-page[data-state=failed]")).to_have_count(len(CORPUS), timeout=losses.WAIT)
    expect(page.locator(".al-page .al-problem").first).to_contain_text(MARKUP[2])
    unharmed(page, before)


def test_names_of_files_are_text_once_the_server_has_them(guests: Guests, case: Opener) -> None:
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


def test_a_form_sends_a_file_with_such_a_name(guests: Guests, case: Opener) -> None:
    page = losses.tab(guests, case("steuerbescheid"), cookie=True)
    file = {"name": '"><img src=x onerror=alert(1)>.jpg', "mimeType": "image/jpeg", "buffer": photo(60, 80)}
    page.locator("#f-file").set_input_files([file])  # type: ignore[list-item]
    page.locator("#datei button[type=submit]").click()
    expect(page.locator(".al-page")).to_have_count(1, timeout=losses.WAIT)
    assert page.locator("img:not(.al-thumb)").count() == 0
    unharmed(page)


def test_with_a_script_there_is_no_cookie(guests: Guests, case: Opener) -> None:
    page = losses.tab(guests, case("vorname"))
    losses.fill(page, "Alex")
    losses.quiet(page)
    page.reload()
    losses.quiet(page)
    assert page.context.cookies() == []
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("localStorage.length") == 0
    assert all("cookie" not in request.all_headers() for request in guests.watch.requests)


def test_without_a_script_the_cookie_is_ours_alone(guests: Guests) -> None:
    alex = guests.person(script=False).open()
    assert alex.page.context.cookies() == []
    alex.page.locator(".al-start button").first.click()
    expect(alex.page.locator("#antwort")).to_be_visible(timeout=losses.WAIT)
    [cookie] = alex.page.context.cookies()
    assert cookie["name"] == "__Host-antragslotse" and cookie["value"].startswith("at_")
    assert cookie["secure"] and cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert (cookie["path"], cookie["expires"], cookie["domain"]) == ("/", -1, "127.0.0.1")


def test_the_policy_is_the_one_that_was_agreed_on(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page = guests.device().new_page()
    for path in ("/chat", "/chat?form=1", "/chat?language=en", "/privacy"):
        found = page.goto(guests.base + path)
        assert found is not None and found.headers["content-security-policy"] == POLICY, path
    tab = losses.tab(guests, other, cookie=True)
    found = tab.reload()
    assert found is not None and found.headers["content-security-policy"] == POLICY
    assert found.headers["cache-control"] == "no-store"


def test_the_browser_enforces_the_policy(guests: Guests) -> None:
    """The tests above would see nothing where the policy was not in force."""
    page = guests.device().new_page()
    page.goto(f"{guests.base}/chat")
    guests.watch.allowed.append("Trusted|Content Security Policy|CSP")
    for script in ("innerHTML = '<b>1</b>'", "setAttribute('onclick', 'alert(1)')"):
        tried = f"(() => {{ try {{ document.body.{script} }} catch (error) {{ return error.name }} }})()"
        assert page.evaluate(tried) == "TypeError"
    assert any("Trusted" in each for each in guests.watch.complaints)
    page.evaluate("document.body.append(document.createElement('iframe'))")
    with pytest.raises(AssertionError):
        unharmed(page)


def test_the_page_is_light_and_asks_nobody_else(guests: Guests) -> None:
    page = guests.device().new_page()
    replies: list[Response] = []
    page.on("response", lambda reply: replies.append(reply))  # noqa: PLW0108  # Playwright marks it
    page.goto(f"{guests.base}/chat", wait_until="networkidle")
    up_front = [reply.url for reply in replies]
    assert 1 < len(up_front) <= MOST_REQUESTS, up_front

    page.locator(".al-start button").first.click()
    losses.quiet(page)
    page.wait_for_load_state("networkidle")
    ours = [reply for reply in replies if "/api/" not in reply.url]
    sizes = {reply.url: reply.request.sizes()["responseBodySize"] for reply in ours}
    assert sum(sizes[url] for url in up_front) <= MOST_BYTES, sizes
    page_itself = up_front[0]  # a proxy may compress it, we do not
    sizes[page_itself] = len(gzip.compress(ours[0].body()))
    assert len(ours) > len(up_front)
    assert 10_000 < sum(sizes.values()) <= MOST_BYTES, sizes
    assert {reply.headers.get("content-encoding") for reply in ours[1:]} == {"gzip"}
    assert guests.watch.foreign() == []
