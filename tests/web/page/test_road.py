"""The road of a submission without a script: what is said of it, and where its receipts are."""

from __future__ import annotations

from tests.web.page.robot import to_review
from tests.web.page.test_walk import play


def test_what_was_sent_is_told_and_its_receipt_is_one_press_away(tmp_path):
    async def scenario(browser, _house):
        await browser.start()
        await to_review(browser)
        await browser.act("submit")
        task = browser.page.one(id="aufgabe")
        assert "ist vorbereitet" in task.text
        links = [link for link in task.all("a") if link.get("href", "").startswith("/chat/receipt/")]
        assert len(links) in (0, 2)  # where nothing prints, there is no receipt
        for link in links:
            async with browser.session.get(browser.base + link["href"], headers={"Cookie": browser.cookie}) as answer:
                assert answer.status == 200
                signed = link["href"].endswith(".jws")
                assert answer.content_type == ("application/jose" if signed else "application/pdf")
        path = browser.base + "/chat/receipt/9"
        async with browser.session.get(path, headers={"Cookie": browser.cookie}) as answer:
            assert answer.status == 404

    play(tmp_path, scenario)
