"""A copy of everything that is stored, without a script: where the link stands, what it gives, and to whom."""

from __future__ import annotations

import io
import zipfile

from tests.web.page.browser import Browser
from tests.web.page.robot import to_review
from tests.web.page.test_walk import play, until

LINK = "/chat/export"


def offers_a_copy(browser: Browser) -> bool:
    """Is there exactly one link to it in the task?"""
    links = browser.page.one(id="aufgabe").all("a", href=LINK)
    assert len(links) <= 1
    return [link.text for link in links] == ["Kopie meiner Angaben herunterladen"]


async def fetched(browser: Browser, path: str, **headers: str) -> tuple[dict[str, str], dict[str, bytes]]:
    """(headers, content by name) of a ZIP file."""
    async with browser.session.get(browser.base + path, headers=headers) as answer:
        assert answer.status == 200
        archive = zipfile.ZipFile(io.BytesIO(await answer.read()))
        return dict(answer.headers), {name: archive.read(name) for name in archive.namelist()}


def test_the_copy_is_the_same_as_that_of_the_api(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "kinder[1].vorname")
        headers, copy = await fetched(browser, LINK, Cookie=browser.cookie)
        token = browser.cookie.partition("=")[2]
        _, exported = await fetched(browser, "/api/v1/export", Authorization=f"Bearer {token}")
        assert copy == exported and b"rolle" in copy["case.json"]
        assert headers["Content-Type"] == "application/zip" and headers["Cache-Control"] == "no-store"
        assert headers["Content-Disposition"].startswith('attachment; filename="AL-')
        assert headers["X-Content-Type-Options"] == "nosniff"

    play(tmp_path, scenario)


def test_it_is_one_press_away_from_summary_review_pause_and_number(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "rolle")
        assert not offers_a_copy(browser)  # at a question nothing is in the way of the answer
        await browser.go("/chat/summary")
        assert offers_a_copy(browser)
        await browser.go("/chat")
        await browser.act("pause")
        assert offers_a_copy(browser) and browser.page.all(cls="al-code")
        await browser.act("resume")
        await to_review(browser)
        assert offers_a_copy(browser)
        await browser.act("submit")
        assert "AL-" in browser.page.one(id="aufgabe").text and offers_a_copy(browser)

    play(tmp_path, scenario)


def test_who_stopped_can_still_take_a_copy(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await until(browser, "rolle")
        await browser.act("stop")
        assert offers_a_copy(browser)
        assert (await fetched(browser, LINK, Cookie=browser.cookie))[1]["transcript.json"]

    play(tmp_path, scenario)


def test_without_a_case_there_is_no_copy(tmp_path):
    async def scenario(browser, _house):
        await browser.go(LINK)
        assert browser.answer["Content-Type"].startswith("text/html") and browser.page.all("form", cls="al-start")
        await browser.start()
        browser.cookie = browser.cookie[:-4] + "AAAA"
        await browser.go(LINK)
        assert browser.answer["Content-Type"].startswith("text/html") and browser.page.all("form", cls="al-start")
        assert not browser.cookie

    play(tmp_path, scenario)
