"""The network goes away, the service goes away, a tab is reloaded or doubled: nothing is lost, and nothing is doubled.

Each test ends in the server's own view of the case. ``ANTRAGSLOTSE_SLOW_TESTS=1``: the network is away for 30 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import losses
from tests.browser.conftest import Guests
from tests.browser.losses import ANSWERS, Ledger
from tests.browser.other import Other
from tests.browser.service import Service
from tests.browser.watch import NETWORK_AWAY

Opener = Callable[..., Other]

NAME: Final = "Ihr Vorname"
NEXT: Final = "Ihr Nachname"
REVIEW: Final = "Bitte prüfen Sie"
KEEP: Final = "#antwort button[value='\"keep\"']"
CHANGE: Final = "#antwort button[value='\"change\"']"


@pytest.fixture(autouse=True)
def expected(guests: Guests) -> None:
    """A browser says in its console that a request failed; nothing else may stand there."""
    guests.watch.allowed.append(NETWORK_AWAY)


# -- eight points at which it goes away ---------------------------------------------------------------------------------


def test_before_an_answer_is_sent(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    losses.away(page)
    losses.fill(page, "Alex")
    losses.notice(page)
    expect(page.locator(".al-message--pending .al-text")).to_have_text("Alex")
    losses.linger(page)
    assert ledger.gained() == 0
    since = losses.back(page)
    losses.task(page, NEXT, losses.within(since))
    ledger.only("vorname", "Alex")
    assert losses.said(page).count("Alex") == 1


@pytest.mark.parametrize("lose", [losses.lost_before, losses.lost_after], ids=["before", "after"])
def test_an_answer_or_its_reply_is_lost_on_the_way(
    guests: Guests, case: Opener, lose: Callable[..., Callable[[Route], None]]
) -> None:
    """Lost before the server saw it, or after the server took it: the page cannot tell, and need not."""
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    page.route(ANSWERS, lose(times=100))
    losses.fill(page, "Alex")
    losses.notice(page)
    losses.away(page)
    losses.linger(page)
    page.unroute(ANSWERS)
    since = losses.back(page)
    losses.task(page, NEXT, losses.within(since))
    ledger.only("vorname", "Alex")
    assert losses.said(page).count("Alex") == 1
    ids = {losses.body(request)["id"] for request in guests.watch.sent("POST", "/api/v1/answers")}
    assert len(ids) == 1


def test_while_a_photo_goes_up(guests: Guests, case: Opener) -> None:
    other = case("steuerbescheid")
    page, ledger = losses.tab(guests, other), Ledger(other)
    expect(page.locator("#waehlen")).to_be_visible(timeout=losses.WAIT)
    pieces: list[Route] = []

    def first_only(route: Route) -> None:
        pieces.append(route)
        if len(pieces) == 1:
            route.continue_()
        else:
            route.abort("connectionfailed")

    page.route("**/api/v1/files/*", first_only)
    big = {"name": "Bescheid.pdf", "mimeType": "application/pdf", "buffer": losses.pdf(600_000)}
    page.locator("#f-file").set_input_files([big])  # type: ignore[list-item]
    losses.until(page, lambda: len(pieces) >= 2)
    losses.away(page)
    losses.notice(page)
    losses.linger(page)
    page.unroute("**/api/v1/files/*")
    since = losses.back(page)
    expect(page.locator(".al-page[data-file]")).to_have_count(1, timeout=losses.within(since, 2 * losses.DELIVERY))
    expect(page.locator("#fertig button")).to_be_visible(timeout=losses.WAIT)
    page.locator("#fertig button").click()
    losses.task(page, "sozialen Sicherung")
    files = {event["file"]["id"] for event in ledger.other.events() if event["kind"] == "file"}
    assert len(files) == len(guests.watch.sent("POST", "/api/v1/files")) == 1
    assert len(ledger.other.answers("steuerbescheid")) == 1


def test_in_the_review(guests: Guests, case: Opener) -> None:
    """A change is asked for while nobody is there."""
    page, ledger = reviewed(guests, case)
    losses.away(page)
    page.locator("button[value='correct taetigkeit']").click()
    losses.notice(page)
    losses.linger(page)
    assert ledger.gained() == 0
    since = losses.back(page)
    losses.task(page, "Was arbeiten Sie", losses.within(since))
    assert ledger.gained() == 1
    losses.fill(page, "Töpferin")
    losses.task(page, "Erklärung 1")
    assert ledger.summary()["taetigkeit"] == "Töpferin"


@pytest.mark.parametrize("lose", [losses.lost_before, losses.lost_after], ids=["before", "after"])
def test_at_the_sending(guests: Guests, case: Opener, lose: Callable[..., Callable[[Route], None]]) -> None:
    page, ledger = reviewed(guests, case)
    page.route(ANSWERS, lose(times=100))
    page.locator("#antwort button[value^=submit]").click()
    losses.notice(page)
    losses.away(page)
    losses.linger(page)
    page.unroute(ANSWERS)
    since = losses.back(page)
    # what was to be handed in later may be asked for already: the number is there all the same
    expect(page.locator("#aufgabe")).to_contain_text(ledger.other.state["reference"], timeout=losses.within(since))
    assert len(ledger.sent()) == 1


def test_while_somebody_only_reads(guests: Guests, case: Opener) -> None:
    """What another client answers meanwhile is shown when the network is back."""
    other = case("vorname")
    context = guests.device()
    context.route(losses.NEWS, losses.lost_before(times=100))
    page, ledger = losses.tab(guests, other, context=context), Ledger(other)
    losses.notice(page)
    losses.away(page)
    other.text("Alex")
    losses.linger(page)
    expect(page.locator("#frage")).to_contain_text(NAME)
    context.unroute(losses.NEWS)
    since = losses.back(page)
    losses.task(page, NEXT, losses.within(since))
    expect(page.locator("#status")).not_to_contain_text(losses.OFFLINE, timeout=losses.within(since))
    ledger.only("vorname", "Alex")
    assert losses.said(page).count("Alex") == 1


def test_right_after_a_change_of_language(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    page.locator("a[hreflang=en]").click()
    losses.task(page, "your first name")
    losses.away(page)
    losses.fill(page, "Alex")
    expect(page.locator("#status")).to_contain_text("No connection", timeout=losses.NOTICE)
    losses.linger(page)
    since = losses.back(page)
    losses.task(page, "your family name", losses.within(since))
    assert ledger.other.answers("vorname") == ["Alex"] and ledger.gained() == 2
    assert ledger.other.look()["language"] == "en"


def test_while_the_language_is_changed(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    losses.away(page)
    page.locator("a[hreflang=en]").click()
    losses.notice(page)
    losses.linger(page)
    since = losses.back(page)
    losses.task(page, "your first name", losses.within(since, 2 * losses.DELIVERY))
    assert ledger.gained() == 1


# -- reload, second tab, restart ----------------------------------------------------------------------------------------


def test_a_reload_loses_nothing(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    losses.fill(page, "Alex")
    losses.task(page, NEXT)
    before = losses.said(page)
    page.reload()
    losses.task(page, NEXT)
    assert losses.said(page) == before
    assert ledger.gained() == 1


@pytest.mark.parametrize("lose", [losses.lost_before, losses.lost_after], ids=["before", "after"])
def test_a_reload_sends_what_waited_once(
    guests: Guests, case: Opener, lose: Callable[..., Callable[[Route], None]]
) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    page.route(ANSWERS, lose(times=100))
    losses.fill(page, "Alex")
    losses.notice(page)
    assert losses.outbox(page) == 1
    page.reload()
    expect(page.locator("#status")).to_contain_text(losses.OFFLINE, timeout=losses.WAIT)
    assert losses.outbox(page) == 1
    page.unroute(ANSWERS)
    losses.task(page, NEXT)
    assert losses.outbox(page) == 0
    ledger.only("vorname", "Alex")
    assert losses.said(page).count("Alex") == 1


def test_a_reload_without_a_network_is_made_good_by_the_next(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    losses.away(page)
    losses.fill(page, "Alex")
    losses.notice(page)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    losses.back(page)
    page.goto(f"{other.base}/chat")
    losses.task(page, NEXT)
    ledger.only("vorname", "Alex")


def opened_beside(page: Page) -> Page:
    """A second tab by the first one: it has a copy of its storage."""
    with page.context.expect_page(timeout=losses.WAIT) as opened:
        page.evaluate("() => { window.open('/chat') }")
    second = opened.value
    losses.quiet(second)
    return second


def test_a_second_tab_shows_the_same_and_follows(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    second = opened_beside(page)
    expect(second.locator("#frage")).to_contain_text(NAME)
    assert losses.said(second) == losses.said(page)
    losses.fill(second, "Alex")
    losses.task(second, NEXT)
    losses.task(page, NEXT)
    ledger.only("vorname", "Alex")
    losses.until(page, lambda: losses.said(page).count("Alex") == losses.said(second).count("Alex") == 1)


def test_a_second_tab_with_the_same_waiting_answer_does_not_double_it(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    page.context.route(ANSWERS, losses.lost_after(times=100))
    losses.fill(page, "Alex")
    losses.notice(page)
    with page.context.expect_page(timeout=losses.WAIT) as opened:
        page.evaluate("() => { window.open('/chat') }")
    second = opened.value
    expect(second.locator("#status")).to_contain_text(losses.OFFLINE, timeout=losses.WAIT)
    assert losses.outbox(second) == losses.outbox(page) == 1
    page.context.unroute(ANSWERS)
    for each in (page, second):
        losses.task(each, NEXT)
        losses.until(each, lambda each=each: losses.said(each).count("Alex") == 1)
    ledger.only("vorname", "Alex")


def test_two_tabs_that_answer_differently_overwrite_nothing(guests: Guests, case: Opener) -> None:
    """The second, which has heard nothing, is asked which of the two holds."""
    other = case("vorname")
    context = guests.device()
    context.route(losses.NEWS, losses.lost_before(times=100))
    page, ledger = losses.tab(guests, other, context=context), Ledger(other)
    second = opened_beside(page)
    losses.fill(page, "Alex")
    losses.task(page, NEXT)
    losses.fill(second, "Robin")
    expect(second.locator(KEEP)).to_be_visible(timeout=losses.WAIT)
    assert ledger.summary()["vorname"] == "Alex"
    second.locator(KEEP).click()
    losses.task(second, NEXT)
    ledger.other.look()
    assert ledger.other.answers("vorname") == ["Alex"]
    assert losses.said(second).count("Alex") >= 1


def test_a_restart_of_the_service_in_the_middle(guests: Guests, own_service: Service) -> None:
    other = Other(own_service.base).open().drive("vorname")
    guests.watch.base = own_service.base
    page, ledger = losses.tab(guests, other), Ledger(other)
    own_service.kill()
    losses.fill(page, "Alex")
    losses.notice(page)
    own_service.start()
    losses.task(page, NEXT)
    ledger.only("vorname", "Alex")
    assert losses.said(page).count("Alex") == 1
    own_service.stop()
    losses.notice(page)
    own_service.start()
    losses.fill(page, "Muster")
    losses.task(page, "Wann sind Sie geboren")
    assert ledger.other.answers("nachname") == ["Muster"] and ledger.gained() == 2


# -- haste, and company -------------------------------------------------------------------------------------------------


def reviewed(guests: Guests, case: Opener) -> tuple[Page, Ledger]:
    """A tab on the review of a case that can be sent now."""
    other = case()
    page, ledger = losses.tab(guests, other), Ledger(other)
    losses.task(page, REVIEW)
    expect(page.locator("#antwort button[value^=submit]")).to_be_visible()
    return page, ledger


def test_five_presses_are_one_submission(guests: Guests, case: Opener) -> None:
    page, ledger = reviewed(guests, case)
    page.evaluate("() => { for (let n = 0; n < 5; n += 1) document.querySelector('#antwort button').click() }")
    expect(page.locator("#aufgabe")).to_contain_text(ledger.other.state["reference"], timeout=losses.WAIT)
    assert len(ledger.sent()) == 1
    assert len(guests.watch.sent("POST", "/api/v1/answers")) == 1


def test_five_presses_are_one_answer(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    page.locator("#f-text").fill("Alex")
    page.locator("#antwort button.al-button--primary").click(click_count=5)
    losses.task(page, NEXT)
    ledger.only("vorname", "Alex")


def test_an_answer_of_somebody_else_leaves_what_is_typed_alone(guests: Guests, case: Opener) -> None:
    other = case("vorname")
    page, ledger = losses.tab(guests, other), Ledger(other)
    field = page.locator("#f-text")
    field.press_sequentially("Robin")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    node = field.element_handle()
    other.text("Alex")
    expect(page.locator("#status")).not_to_be_empty(timeout=losses.WAIT)
    expect(field).to_be_focused()
    assert field.evaluate("(now, then) => now === then", node)
    assert field.evaluate("(field) => [field.value, field.selectionStart, field.selectionEnd]") == ["Robin", 3, 3]
    page.keyboard.press("Enter")
    expect(page.locator(KEEP)).to_be_visible(timeout=losses.WAIT)
    assert ledger.summary()["vorname"] == "Alex"
    page.locator(CHANGE).click()
    losses.task(page, NEXT)
    assert ledger.summary()["vorname"] == "Robin"
