"""Photos without a script: sent in one form, shown, taken away, put in order; and what cannot be taken."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest
from PIL import Image

from bot import limits
from bot.web.page.uploads import moved
from tests.web.page.browser import Browser
from tests.web.page.robot import to_review
from tests.web.page.test_walk import play, until


def photo(color: str = "white") -> bytes:
    data = io.BytesIO()
    Image.effect_noise((1200, 900), 40).convert("RGB").save(data, "JPEG", quality=80, comment=color)
    return data.getvalue()


def form(browser: Browser, *files: tuple[str, bytes], **fields: str) -> aiohttp.FormData:
    """The form of the page with these files in it."""
    data = aiohttp.FormData(default_to_multipart=True)
    for name, value in {**browser.hidden("datei"), **fields}.items():
        data.add_field(name, value)
    for name, content in files:
        data.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    return data


async def asking(browser: Browser) -> None:
    await browser.start()
    await until(browser, "nachweis")


async def checked(browser: Browser) -> None:
    """Until every file was looked into."""
    for _ in range(50):
        if "Ich prüfe sie" not in browser.page.one("main").text:
            return
        await asyncio.sleep(0.2)
        await browser.go("/chat")
    raise AssertionError("never checked")


def pages(browser: Browser) -> list[str]:
    return [node["data-file"] for node in browser.page.all(cls="al-page")]


def test_two_photos_become_an_answer_with_thumbnails_in_the_review(tmp_path):
    async def scenario(browser, _house):
        await asking(browser)
        assert browser.page.one("input", type="file")["accept"].startswith("image/jpeg")
        await browser.go("/chat/file", form(browser, ("a.jpg", photo()), ("b.jpg", photo("b"))))
        await checked(browser)
        first, second = pages(browser)
        [img, _] = browser.page.all("img", cls="al-thumb")
        assert img["src"] == f"/chat/file/{first}"
        await browser.go(img["src"])
        assert browser.status == 200 and browser.answer["Content-Type"] == "image/jpeg"
        assert browser.answer["Cache-Control"] == "no-store"
        await browser.go("/chat")
        [done, *_] = browser.form("antwort").all("button")
        assert done["value"] == f'{{"files":["{first}","{second}"],"later":false}}'
        await browser.send(value=done["value"])
        assert browser.question.startswith("@declaration")
        assert len(browser.form("angaben").all("img")) == 2
        await to_review(browser)
        await browser.act("submit")
        assert browser.page.all(cls="al-number") or "AL-" in browser.page.one(id="aufgabe").text

    play(tmp_path, scenario)


def test_what_is_there_is_kept_where_the_rest_comes_later(tmp_path):
    async def scenario(browser, _house):
        await asking(browser)
        await browser.go("/chat/file", form(browser, ("a.jpg", photo())))
        await checked(browser)
        [only] = pages(browser)
        [later] = [value for value in browser.values() if '"later":true' in value]
        assert later == f'{{"files":["{only}"],"later":true}}'
        await browser.send(value=later)
        assert "1 Datei, wird nachgereicht" in browser.form("angaben").text

    play(tmp_path, scenario)


def test_files_are_put_in_order_and_taken_away(tmp_path):
    async def scenario(browser, _house):
        await asking(browser)
        await browser.go("/chat/file", form(browser, ("a.jpg", photo()), ("b.jpg", photo("b"))))
        first, second = pages(browser)
        await browser.go("/chat/file", form(browser, up=second, order=f"{first} {second}"))
        assert pages(browser) == [second, first]
        await browser.go("/chat/file", form(browser, down=second, order=f"{second} {first}"))
        assert pages(browser) == [first, second]
        await browser.go("/chat/file", form(browser, remove=first, order=f"{first} {second}"))
        assert pages(browser) == [second]
        await browser.go("/chat/file", form(browser, remove=first))
        assert pages(browser) == [second]

    play(tmp_path, scenario)


def test_a_file_that_cannot_be_used_says_why_and_does_not_hold_anybody_up(tmp_path):
    async def scenario(browser, _house):
        await asking(browser)
        await browser.go("/chat/file", form(browser, ("<img src=x onerror=alert(1)>.jpg", b"no picture at all")))
        await checked(browser)
        assert "Diese Art von Datei kann ich nicht annehmen." in browser.page.one(cls="al-page").text
        assert "onerror" not in [name for node in browser.page.walk() for name in node.attributes]
        assert [value for value in browser.values() if "later" in value] == ['{"files":[],"later":true}']
        await browser.send(value='{"files":[],"later":true}')
        assert browser.question.startswith("@declaration")

    play(tmp_path, scenario)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Bitte wählen Sie zuerst eine Datei aus."),
        ([("leer.jpg", b"")], "Die Datei ist leer."),
        ([("gross.jpg", None)], "Höchstens 20 MB sind möglich."),
    ],
)
def test_what_is_not_even_stored_is_said_at_once(tmp_path, files, said):
    sent = [(name, b"x" * (limits.FILE_BYTES + 1) if data is None else data) for name, data in files]

    async def scenario(browser, _house):
        await asking(browser)
        await browser.go("/chat/file", form(browser, *sent, order=""))
        assert browser.status == 422 and said in browser.page.one(id="status").text
        assert browser.title.startswith("Fehler: ")
        assert not pages(browser)

    play(tmp_path, scenario)


def test_a_forged_form_stores_nothing(tmp_path):
    async def scenario(browser, _house):
        await asking(browser)
        for sent, headers in (
            (form(browser, ("a.jpg", photo()), csrf="0"), {}),
            (form(browser, ("a.jpg", photo())), {"Sec-Fetch-Site": "cross-site"}),
        ):
            await browser.go("/chat/file", sent, **headers)
            assert browser.status == 403
        await browser.go("/chat")
        assert not pages(browser)
        await browser.go("/chat/file", [("question", "nachweis")])
        assert browser.status == 415

    play(tmp_path, scenario)


def test_a_file_for_another_question_is_not_taken(tmp_path):
    async def scenario(browser, _house):
        await asking(browser)
        await browser.go("/chat/file", form(browser, ("a.jpg", photo()), question="telefon"))
        assert browser.status == 422
        assert not pages(browser)

    play(tmp_path, scenario)


def test_a_picture_is_shown_to_its_owner_only(tmp_path):
    async def scenario(browser, house):
        await asking(browser)
        await browser.go("/chat/file", form(browser, ("a.jpg", photo())))
        await checked(browser)
        [file] = pages(browser)
        other = Browser(browser.session, house.base)
        await other.start()
        await other.go(f"/chat/file/{file}")
        assert other.status == 404
        other.cookie = ""
        await other.go(f"/chat/file/{file}")
        assert other.page.all("form", cls="al-start")

    play(tmp_path, scenario)


@pytest.mark.parametrize(
    ("order", "id", "step", "after"),
    [
        ("a b c", "b", -1, "b a c"),
        ("a b c", "b", 1, "a c b"),
        ("a b", "a", -1, "a b"),
        ("a b", "b", 1, "a b"),
        ("a", "x", 1, "a"),
    ],
)
def test_one_place_on(order, id, step, after):
    assert moved(order.split(), id, step) == after.split()
