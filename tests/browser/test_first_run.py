"""The walk of docs/first-run.md, exactly: an empty folder, the page, a whole application, the receipt, the agency's inbox.

With ``ANTRAGSLOTSE_PICTURES`` set to a folder the pictures of the document are written there (``make pictures``).
"""

from __future__ import annotations

import json
import os
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.applicant import WAIT, Applicant
from tests.browser.other import photo

PICTURES = os.environ.get("ANTRAGSLOTSE_PICTURES", "")
DESK = {"viewport": {"width": 900, "height": 760}}
CLOSURES = (("16.3.2020", "27.3.2020"), ("30.3.2020", "9.4.2020"), ("20.4.2020", "15.5.2020"))
AGENCY_SECONDS = 60_000


def picture(name: str) -> dict[str, Any]:
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": photo(text=name)}


def asked(pattern: str):
    return lambda applicant: re.search(pattern, applicant.question)


def shot(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest.mark.slow
def test_first_run(guests, own_service):
    guests.base = guests.watch.base = own_service.base
    alex = guests.person(language="de", script=True, keyboard=False, **DESK)
    alex.page.goto(f"{own_service.base}/")
    shot(alex.page, "1-start")
    alex.open()
    alex.begin()
    two_children(alex)
    for closure in CLOSURES:
        closed(alex, *closure)
    alex.choose(1)
    in_english(alex)
    alex.photos = [[picture("page 1"), picture("page 2")], [picture("profit")], [picture("insurance")]]
    alex.go_on(lambda each: each.state() == "evidence")
    shot(alex.page, "3-evidence")
    alex.go_on(asked("^(Declaration|Statement) 1"))
    correct(alex)
    alex.go_on(lambda each: each.state() == "review")
    shot(alex.page, "4-review")
    alex.go_on(lambda each: each.state() == "done")
    number = alex.page.locator(".al-number").inner_text()
    expect(alex.page.locator("#aufgabe")).to_contain_text("has accepted", timeout=AGENCY_SECONDS)
    shot(alex.page, "5-accepted")
    receipt_is_genuine(alex, own_service.base, number)
    the_agency_has_it(alex.page, own_service.base, number)


def two_children(alex: Applicant) -> None:
    alex.go_on(asked("noch ein Kind"))
    alex.choose(0)
    alex.fill("Ben", "Muster")
    alex.go_on(asked("Von wann bis wann"))


def closed(alex: Applicant, first: str, last: str) -> None:
    """One more closure period."""
    if re.search("Gab es noch eine Schließzeit", alex.question):
        alex.choose(0)
        alex.go_on(asked("Von wann bis wann"))
    alex.fill(first, last)
    if first == CLOSURES[0][0]:
        shot(alex.page, "2-chat")
    alex.go_on(asked("ohnehin zu gewesen"))
    if alex.page.locator("#angebote button[name=value]").count():
        alex.step()
    else:
        alex.fill("keine")
    alex.go_on(asked("Gab es noch eine Schließzeit"))


def in_english(alex: Applicant) -> None:
    with alex.page.expect_event("load", timeout=WAIT):
        alex.press(alex.page.locator(".al-languages a[hreflang=en]"))
    alex.page.locator("#antwort").wait_for()
    alex.settle()
    alex.language = "en"


def correct(alex: Applicant) -> None:
    change = alex.page.locator(".al-answer", has_text="hours a week").locator("button")
    alex.unfold(change)
    with alex.answered():
        alex.press(change)
    while alex.state() != "line":
        alex.step()
    alex.fill("30")


def receipt_is_genuine(alex: Applicant, base: str, number: str) -> None:
    """Both receipts are offered, and the service itself finds them genuine and says that this is a sandbox."""
    links = alex.page.locator("a[href*='/receipt/'], a[href*='receipt']")
    expect(links.first).to_be_visible(timeout=WAIT)
    pdf, jws = (fetched(base, alex.token(), kind) for kind in ("application/pdf", "application/jose"))
    assert pdf.startswith(b"%PDF-")
    for name, data in (("receipt.pdf", pdf), ("receipt.jws", jws)):
        page = alex.page.context.new_page()
        page.goto(f"{base}/receipt?language=en")
        page.locator("input[type=file]").first.set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        )
        with page.expect_event("load", timeout=WAIT):
            page.locator("main button[type=submit]").first.click()
        expect(page.locator("main")).to_contain_text(number)
        expect(page.locator("main")).to_contain_text(re.compile("genuine", re.IGNORECASE))
        if name == "receipt.pdf":
            shot(page, "6-receipt")
        page.close()


def fetched(base: str, token: str, kind: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Accept": kind}
    request = urllib.request.Request(f"{base}/api/v1/submissions/1/receipt", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as reply:
        return reply.read()


def the_agency_has_it(page: Page, base: str, number: str) -> None:
    with urllib.request.urlopen(f"{base}/sandbox/inbox.json", timeout=20) as reply:
        listed = json.loads(reply.read())
    assert number in json.dumps(listed)
    page.goto(f"{base}/sandbox/inbox")
    shot(page, "7-inbox")
    page.get_by_role("link", name=re.compile(number)).first.click()
    expect(page.locator("main")).to_contain_text("Ben")
    expect(page.locator("main img")).to_have_count(4)
    for place in range(4):
        assert (
            page.locator("main img").nth(place).evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        )
    expect(page.locator("main")).to_contain_text("antrag.pdf")
    shot(page, "8-submission")
