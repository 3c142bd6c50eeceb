"""What every route says in its head; which origins may call; what is logged. One test over the whole route table."""

from __future__ import annotations

import logging
import re

import pytest

from bot.web.middleware import EVERYWHERE
from tests.web.api.served import play

PAGE_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}


def routes(app):
    """(method, address) of every route, placeholders filled with something."""
    for route in app.router.routes():
        if route.resource is not None:
            yield route.method, re.sub(r"\{[^}]*\}", "1", route.resource.canonical)


def policy(answer):
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def test_every_route_is_dressed(tmp_path):
    async def scenario(house, client):
        await client.begun()
        seen = set(routes(house.app))
        assert len(seen) > 30
        for method, path in sorted(seen, key=lambda each: each[0] == "DELETE"):
            async with client.session.request(
                method, client.base + path, headers={"Authorization": f"Bearer {client.token}"}, allow_redirects=False
            ) as answer:
                assert answer.status != 500, (method, path)
                for name, value in EVERYWHERE.items():
                    wanted = "SAMEORIGIN" if name == "X-Frame-Options" and not path.startswith("/api/") else value
                    assert answer.headers.get(name) == wanted, (method, path, name)
                assert "Server" not in answer.headers
                if path.startswith("/api/"):
                    assert answer.headers["Cache-Control"] == "no-store", path
                    assert policy(answer)["default-src"] == "'none'"
                    assert policy(answer)["frame-ancestors"] == "'none'"
                    assert "Set-Cookie" not in answer.headers
                else:
                    assert policy(answer) == PAGE_POLICY, path

    play(tmp_path, scenario)


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/api/v1/state"])
def test_problems_are_dressed_too(tmp_path, path):
    async def scenario(_house, client):
        async with client.session.get(client.base + path) as answer:
            assert answer.status in (401, 404)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Server" not in answer.headers

    play(tmp_path, scenario)


def test_behind_tls_browsers_are_told_to_stay_there(tmp_path):
    async def scenario(_house, client):
        answer = await client.call("GET", "/health")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"

    play(tmp_path, scenario, public_url="https://antrag.example")


OURS = "https://portal.example"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}


def test_only_configured_origins_may_call(tmp_path):
    async def scenario(_house, client):
        preflight = await client.call("OPTIONS", "/answers", headers={"Origin": OURS, **ASKED})
        assert preflight.status == 204
        assert preflight.headers["Access-Control-Allow-Origin"] == OURS
        assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
        assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
        ours = await client.call("GET", "/health", headers={"Origin": OURS})
        assert ours.headers["Access-Control-Allow-Origin"] == OURS
        assert "Upload-Offset" in ours.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in ours.headers
        refused = await client.call("GET", "/state", headers={"Origin": OURS})
        assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (401, OURS)
        for origin in ("https://evil.example", "null", f"{OURS}.evil.example"):
            foreign = await client.call("GET", "/health", headers={"Origin": origin})
            assert foreign.headers["Vary"] == "Origin"
            assert "Access-Control-Allow-Origin" not in foreign.headers
            assert (await client.call("OPTIONS", "/answers", headers={"Origin": origin, **ASKED})).status == 405

    play(tmp_path, scenario, origins=OURS)


def test_no_origin_is_let_in_by_default(tmp_path):
    async def scenario(_house, client):
        answer = await client.call("GET", "/health", headers={"Origin": OURS})
        assert "Access-Control-Allow-Origin" not in answer.headers

    play(tmp_path, scenario)


def test_the_log_says_nothing_about_anybody(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)

    async def scenario(_house, client):
        await client.begun("sachsen")
        await client.send(text="Planted-Marker")
        await client.call("GET", "/files/f_planted-marker?q=planted-marker")
        await client.call("GET", "/planted-marker")
        await client.call("POST", "/cases/resume", {"code": "PLANTED-MARKER-1"})
        assert client.token not in caplog.text
        assert client.state["reference"] not in caplog.text

    play(tmp_path, scenario)
    lines = [record.getMessage() for record in caplog.records if record.name == "antragslotse.web"]
    assert any(re.fullmatch(r"GET /api/v1/files/\{id\} 404 \d+ ms", line) for line in lines)
    assert any(re.fullmatch(r"GET unknown 404 \d+ ms", line) for line in lines)
    assert "planted-marker" not in caplog.text.lower()
    assert "127.0.0.1" not in "".join(lines)


def test_a_bug_is_said_kindly_and_logged_without_contents(tmp_path, caplog):
    async def scenario(house, client):
        await client.begun()

        async def broken(_case):
            raise RuntimeError("Planted-Marker")

        house.desk.look = broken
        answer = await client.call("GET", "/state")
        assert (answer.status, answer.json["type"]) == (500, "/problems/bug")
        assert answer.json["nothing_lost"] is True
        assert b"Planted-Marker" not in answer.body

    play(tmp_path, scenario)
    assert "bug in GET /api/v1/state: RuntimeError at test_headers.py" in caplog.text
    assert "Planted-Marker" not in caplog.text
