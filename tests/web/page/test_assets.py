"""Static files: named by content, small, of the right type; and everything that the script asks for is there."""

from __future__ import annotations

import gzip
import re

from bot.web import texts
from bot.web.page.assets import FOLDER, Assets
from tests.web.page.test_walk import play

BUDGET = 35 * 1024
LIMITS = {"kern-tokens.css": 6_000, "chat.css": 4_096}


def test_every_file_says_what_it_is_and_may_be_kept_for_ever(tmp_path):
    async def scenario(browser, _house):
        assets = Assets.load()
        for name, asset in assets.files.items():
            address = assets.address(name)
            await browser.go(address, Accept_Encoding="gzip")
            assert browser.status == 200
            assert browser.answer["Content-Type"] == asset.media_type
            assert "immutable" in browser.answer["Cache-Control"] and browser.answer["Content-Encoding"] == "gzip"
            tag = browser.answer["ETag"]
            await browser.go(address, If_None_Match=tag)
            assert browser.status == 304
            await browser.go(address, Accept_Encoding="identity")
            assert "Content-Encoding" not in browser.answer
        await browser.go(f"/static/{assets.version}/types.d.ts")
        assert browser.status == 404
        for path in ("/static/0/chat.css", f"/static/{assets.version}/../texts.py", f"/static/{assets.version}/x.css"):
            await browser.go(path)
            assert browser.status == 404

    play(tmp_path, scenario)


def test_the_start_page_is_small(tmp_path):
    sizes = {}

    async def scenario(browser, _house):
        await browser.go("/chat")
        sizes["html"] = len(gzip.compress(browser.html.encode()))
        addresses = [
            node.get("href") or node.get("src") for node in browser.page.all("link") + browser.page.all("script")
        ]
        wanted = {address for address in addresses if address.startswith("/")}
        assert not [address for address in addresses if address.startswith(("http", "//"))]
        assert len(wanted) + 1 <= 6
        for address in wanted:
            await browser.go(address, Accept_Encoding="identity")
        assets = Assets.load()
        sizes.update({address: len(assets.files[address.rpartition("/")[2]].packed) for address in wanted})

    play(tmp_path, scenario)
    assert sum(sizes.values()) <= BUDGET, sizes


def test_style_sheets_keep_to_their_budgets_and_fetch_nothing():
    files = Assets.load().files
    for name, most in LIMITS.items():
        assert len(files[name].packed) <= most
        text = files[name].plain.decode()
        assert "@import" not in text and "url(" not in text
        assert "http" not in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def test_every_token_that_is_used_is_there():
    files = Assets.load().files
    tokens = set(re.findall(r"(--kern-[a-z0-9-]+)\s*:", files["kern-tokens.css"].plain.decode()))
    for name in LIMITS:
        used = set(re.findall(r"var\((--kern-[a-z0-9-]+)\)", files[name].plain.decode()))
        assert used <= tokens, used - tokens


def test_the_script_asks_for_no_word_that_is_not_there():
    known = {template.place for template in texts.WORDS}
    asked = {
        place
        for path in FOLDER.glob("*.js")
        for place in re.findall(r"""\bw\(["'`]((?:web|core)\.[a-z_.]*[a-z_])["'`]""", path.read_text("utf-8"))
    }
    assert asked <= known, asked - known


def test_the_block_of_words_cannot_end_its_element(tmp_path):
    async def scenario(browser, _house):
        await browser.go("/chat")
        block = browser.page.one("script", id="worte")
        assert "web.send" in block.text and "<" not in block.text
        await browser.go("/chat?form=1")
        assert not browser.page.all("script")

    play(tmp_path, scenario)
