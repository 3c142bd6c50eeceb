"""The contract of chat-api.md, call by call, against the real service."""

from __future__ import annotations

import asyncio
import io
import json
import uuid
import zipfile

import orjson
import pytest

from bot.web.api import DESCRIPTION
from tests.desk.house import ANSWERS
from tests.web.api.matching import matches
from tests.web.api.served import client_of, play, served

FIRST = ANSWERS[1:4]


def problem(answer, name):
    """A problem as the contract wants it."""
    read = answer.json
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert read["type"] == f"/problems/{name}", read
    assert read["status"] == answer.status
    assert read["nothing_lost"] is True
    assert read["title"]
    assert read["detail"]
    return read


def test_the_description_is_served(tmp_path):
    async def scenario(_house, client):
        answer = await client.call("GET", "/openapi.json")
        assert answer.json == json.loads(DESCRIPTION.read_text("utf-8"))

    play(tmp_path, scenario)


def test_what_can_be_applied_for_in_two_languages(tmp_path):
    async def scenario(_house, client):
        german = (await client.call("GET", "/procedures?language=de")).json["procedures"]
        english = (await client.call("GET", "/procedures", headers={"Accept-Language": "en-GB,de;q=0.5"})).json
        assert {each["id"] for each in german} == {"beispiel", "elternentschaedigung"}
        assert english["procedures"][1]["title"] != german[1]["title"]
        found = (await client.call("GET", "/procedures?q=kita")).json["procedures"]
        assert [each["id"] for each in found][:1] == ["elternentschaedigung"]
        for query in ("language=xx", "q=" + "x" * 201):
            problem(await client.call("GET", f"/procedures?{query}"), "invalid")

    play(tmp_path, scenario)


def test_open_answer_look(tmp_path):
    async def scenario(_house, client):
        opened = await client.open()
        assert opened.status == 201
        matches("Opened", opened.json)
        assert client.state["question"]["id"] == "@consent"
        answered = await client.value(True)
        assert (answered.json["outcome"], answered.json["repeated"]) == ("accepted", False)
        assert {event["turn"] for event in answered.json["events"]} == {2}
        matches("Answered", answered.json)
        state = await client.call("GET", "/state")
        assert (state.json["cursor"], state.headers["ETag"]) == (2, '"2"')
        assert state.json["state"] == client.state
        same = await client.call("GET", "/state", headers={"If-None-Match": 'W/"1", "2"'})
        assert (same.status, same.body) == (304, b"")
        assert (await client.call("GET", "/state", headers={"If-None-Match": '"1"'})).status == 200

    play(tmp_path, scenario)


def test_without_a_procedure_the_applicant_chooses(tmp_path):
    async def scenario(_house, client):
        await client.open(None)
        assert client.state["question"]["id"] == "@procedure"
        assert client.state["procedure"] is None
        chosen = await client.value("beispiel")
        assert chosen.json["outcome"] in ("accepted", "done")
        assert client.state["procedure"]["id"] == "beispiel"
        assert (await client.call("POST", "/cases", {"procedure": "nothing/nowhere"})).status == 404

    play(tmp_path, scenario)


def test_words_values_and_actions(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        assert (await client.send(text="sachsen")).json["outcome"] == "accepted"
        assert (await client.send(text="blubb blubb")).json["outcome"] in ("not_understood", "refused")
        assert (await client.send(action="back")).json["outcome"] == "done"
        assert client.state["question"]["id"] == "bundesland"
        assert (await client.send(action="keep")).json["outcome"] in ("accepted", "done")
        english = await client.send(action="language", target="en")
        assert english.json["state"]["language"] == "en"
        stale = await client.send(question="bundesland", value="anderes")
        assert stale.json["outcome"] == "stale"
        assert client.state["question"]["id"].startswith("@change[")

    play(tmp_path, scenario)


def test_a_repeated_id_gets_its_first_outcome(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        id = str(uuid.uuid4())
        first = await client.send(id, question="bundesland", value="sachsen")
        await client.value("selbststaendig")
        again = await client.send(id, question="bundesland", value="sachsen")
        assert (again.json["outcome"], again.json["repeated"]) == ("accepted", True)
        assert again.json["events"] == first.json["events"]
        assert again.json["state"]["question"]["id"] == "kinder[1].vorname"
        assert again.json["cursor"] == 4
        unread = await client.call("POST", "/answers", {"id": id.upper(), "after": 2, "nonsense": [1], "value": 3})
        assert (unread.status, unread.json["outcome"], unread.json["repeated"]) == (200, "accepted", True)
        assert {event["turn"] for event in unread.json["events"]} == {3, 4}

    play(tmp_path, scenario)


def test_the_same_id_fifty_times_at_once_is_one_turn(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        body = {"id": str(uuid.uuid4()), "question": "bundesland", "value": "sachsen"}
        answers = await asyncio.gather(*(client.call("POST", "/answers", body) for _ in range(50)))
        assert [answer.status for answer in answers] == [200] * 50
        assert sum(not answer.json["repeated"] for answer in answers) == 1
        assert {answer.json["outcome"] for answer in answers} == {"accepted"}
        assert {answer.json["cursor"] for answer in answers} == {3}

    play(tmp_path, scenario)


def test_a_restart_forgets_nothing(tmp_path):
    async def scenario():
        id = str(uuid.uuid4())
        async with served(tmp_path) as house, client_of(house) as client:
            await client.begun()
            await client.send(id, question="bundesland", value="sachsen")
            token = client.token
        async with served(tmp_path) as house, client_of(house) as client:
            client.token = token
            again = await client.send(id, question="bundesland", value="sachsen")
            assert (again.json["outcome"], again.json["repeated"], again.json["cursor"]) == ("accepted", True, 3)
            events = (await client.call("GET", "/events?after=0")).json
            assert [event["turn"] for event in events["events"]] == sorted(e["turn"] for e in events["events"])
            assert events["cursor"] == 3

    asyncio.run(scenario())


def test_the_cursor_means_all_events_of_later_turns(tmp_path):
    async def scenario(_house, client):
        await client.begun(*FIRST)
        whole = (await client.call("GET", "/events?after=0")).json
        matches("EventsReply", whole)
        assert whole["more"] is False
        last = whole["cursor"]
        for after in range(last + 1):
            tail = (await client.call("GET", f"/events?after={after}")).json
            assert tail["events"] == [event for event in whole["events"] if event["turn"] > after]
            assert tail["cursor"] == last
        ahead = await client.call("GET", f"/events?after={last + 1}")
        problem(ahead, "cursor-ahead")
        assert ahead.status == 409
        before = await client.send(text="hallo", after=last + 7)
        problem(before, "cursor-ahead")
        assert (await client.call("GET", "/state")).json["cursor"] == last
        reply = await client.send(text="blubb blubb", after=2)
        assert {event["turn"] for event in reply.json["events"]} == set(range(3, last + 2))

    play(tmp_path, scenario)


def test_long_transcripts_come_in_pages_that_split_no_turn(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        for _ in range(130):
            assert (await client.send(action="help")).status == 200
        got, after, pages = [], 0, 0
        while True:
            page = (await client.call("GET", f"/events?after={after}")).json
            assert len(page["events"]) <= 500
            got += page["events"]
            assert page["cursor"] == page["events"][-1]["turn"]
            after, pages = page["cursor"], pages + 1
            if not page["more"]:
                break
        assert pages > 1
        assert [(e["turn"], e["part"]) for e in got] == sorted((e["turn"], e["part"]) for e in got)
        assert after == client.cursor
        reply = await client.send(action="help", after=0)
        assert len(reply.json["events"]) <= 500
        assert reply.json["cursor"] == reply.json["events"][-1]["turn"] < client.cursor + 133

    play(tmp_path, scenario)


def test_reviewed_and_sent(tmp_path):
    async def scenario(house, client):
        await client.begun(*ANSWERS[1:])
        assert client.state["question"] is None
        summary = await client.call("GET", "/summary")
        matches("Summary", summary.json)
        changed = await client.send(action="submit", after=3)
        assert problem(changed, "changed-since-review")["state"]["phase"] == "reviewing"
        id = str(uuid.uuid4())
        sent = await client.send(id, action="submit", after=(await client.call("GET", "/summary")).json["cursor"])
        assert (sent.status, sent.json["outcome"]) == (200, "done")
        assert (await client.send(id, action="submit", after=1)).json["repeated"] is True
        assert problem(await client.send(action="submit", after=client.cursor), "not-now")["state"]
        while await house.desk.work() is not None:
            pass
        assert (await client.call("GET", "/state")).json["state"]["phase"] == "submitted"
        assert (await client.call("GET", "/submissions/1/receipt")).status == 404

    play(tmp_path, scenario)


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        (b"{", 400, None),
        (b'{"id": NaN}', 400, None),
        (b'{"a":' * 9 + b"1" + b"}" * 9, 400, None),
        (b"[]", 422, [""]),
        (b"{}", 422, ["", "/id"]),
        (b'{"id": "x", "text": "a"}', 422, ["/id"]),
        (b'{"text": "a", "action": "back", "id": 3}', 422, ["", "/id"]),
        (b'{"text": "a", "a/b~c": 1}', 422, ["/a~1b~0c", "/id"]),
        (b'{"value": 1}', 422, ["/id", "/question"]),
        (b'{"action": "dance"}', 422, ["/action", "/id"]),
        (b'{"action": "submit"}', 422, ["/after", "/id"]),
        (b'{"text": "a", "target": "b", "after": -1}', 422, ["/action", "/after", "/id"]),
        (b'{"text": "' + b"x" * 4_001 + b'"}', 422, ["/id", "/text"]),
        (b'{"text": true}', 422, ["/id", "/text"]),
        (b" " * 65_537, 413, None),
    ],
)
def test_wrong_bodies(tmp_path, body, status, pointers):
    async def scenario(_house, client):
        await client.begun()
        answer = await client.call("POST", "/answers", data=body, headers={"Content-Type": "application/json"})
        assert answer.status == status
        names = {400: "malformed", 413: "too-large", 422: "invalid"}
        errors = problem(answer, names[status]).get("errors")
        assert (errors and sorted(each["pointer"] for each in errors)) == pointers
        assert (await client.call("GET", "/state")).json["cursor"] == 2

    play(tmp_path, scenario)


def test_only_json_is_read(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        for path, header in (("/answers", "text/plain"), ("/cases", "application/x-www-form-urlencoded")):
            answer = await client.call("POST", path, data=b"{}", headers={"Content-Type": header})
            assert answer.status == 415
            problem(answer, "unsupported-type")
        problem(await client.call("POST", "/cases", {"procedur": "x"}), "invalid")
        problem(await client.call("POST", "/cases/resume", {"code": "short"}), "invalid")
        problem(await client.call("POST", "/links", {"to": "mars"}), "invalid")
        for query in ("after=x", "after=-1", "wait=21", "wait=1.5", "after=" + "9" * 20):
            problem(await client.call("GET", f"/events?{query}"), "invalid")

    play(tmp_path, scenario)


@pytest.mark.parametrize("value", [3, True, ["sachsen"], {"a": 1}, None])
def test_a_value_of_the_wrong_shape_is_the_clients_mistake(tmp_path, value):
    async def scenario(_house, client):
        await client.begun()
        answer = await client.value(value)
        read = problem(answer, "invalid")
        assert [each["pointer"] for each in read["errors"]] == ["/value"]
        assert (await client.call("GET", "/state")).json["cursor"] == 2

    play(tmp_path, scenario)


def test_an_impossible_meaning_is_the_applicants_matter(tmp_path):
    async def scenario(_house, client):
        await client.begun(*FIRST)
        answer = await client.value("2031-01-01")
        assert (answer.status, answer.json["outcome"]) == (200, "refused")
        assert [event for event in answer.json["events"] if event["kind"] == "problem"]

    play(tmp_path, scenario)


def test_tokens(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        good, bodies = client.token, set()
        wrong = [good[:-4] + "AAAA", "at_" + "A" * 64, "nonsense", "", good + "x"]
        for client.token in wrong:
            answer = await client.call("GET", "/state", headers={"Authorization": f"Bearer {client.token}"})
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            bodies.add(answer.body)
        client.token = ""
        bodies.add((await client.call("GET", "/state")).body)
        basic = await client.call("GET", "/state", headers={"Authorization": f"Basic {good}"})
        assert basic.status == 401
        assert len(bodies) == 1

    play(tmp_path, scenario)


def test_an_erased_case_is_gone_for_every_call(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        assert (await client.call("DELETE", "/case")).status == 204
        for method, path in (("GET", "/state"), ("GET", "/events"), ("GET", "/summary"), ("DELETE", "/case")):
            answer = await client.call(method, path)
            assert answer.status == 410
            problem(answer, "erased")
        problem(await client.send(text="hallo"), "erased")

    play(tmp_path, scenario)


def test_erasing_in_words_ends_in_410_too(tmp_path):
    async def scenario(_house, client):
        await client.begun()
        id = str(uuid.uuid4())
        assert (await client.send(action="erase")).json["outcome"] in ("ask_back", "done")
        for _ in range(2):
            problem(await client.send(id, question=client.state["question"]["id"], value=True), "erased")

    play(tmp_path, scenario)


def test_pause_and_come_back(tmp_path):
    async def scenario(house, client):
        await client.begun()
        paused = await client.send(action="pause")
        texts = " ".join(event.get("text", "") for event in paused.json["events"])
        code = next(word.strip(".,:") for word in texts.split() if word.count("-") == 3)
        async with client_of(house) as other:
            back = other.took(await other.call("POST", "/cases/resume", {"code": code.lower().replace("-", " ")}))
            matches("Opened", back.json)
            assert (back.status, back.json["reference"]) == (200, client.state["reference"])
            assert other.token != client.token
            assert (await other.send(text="sachsen")).json["outcome"] == "accepted"
            again = (await client.call("GET", "/events?after=0")).json
            assert code not in orjson.dumps(again).decode()
            problem(await other.call("POST", "/cases/resume", {"code": "0000-0000-0000-0000"}), "not-found")

    play(tmp_path, scenario)


def test_a_link_opens_once(tmp_path):
    async def scenario(house, client):
        await client.begun()
        made = await client.call("POST", "/links", {"to": "web"})
        assert made.status == 201
        matches("Link", made.json)
        secret = made.json["url"].rsplit("/", 1)[-1]
        problem(await client.call("POST", "/links", {"to": "telegram"}), "not-now")
        async with client_of(house) as other:
            assert (await other.call("POST", "/cases/resume", {"code": secret})).status == 200
            wrong = await other.call("POST", "/cases/resume", {"code": secret})
            never = await other.call("POST", "/cases/resume", {"code": "x" * 43})
            assert (wrong.status, wrong.body) == (never.status, never.body)

    play(tmp_path, scenario)


def test_the_export_holds_everything(tmp_path):
    async def scenario(_house, client):
        await client.begun(*FIRST)
        answer = await client.call("GET", "/export")
        assert answer.headers["Content-Type"] == "application/zip"
        archive = zipfile.ZipFile(io.BytesIO(answer.body))
        assert archive.testzip() is None
        assert archive.namelist() == ["README.txt", "case.json", "transcript.json"]
        case = json.loads(archive.read("case.json"))
        assert case["state"] == client.state
        whole = (await client.call("GET", "/events")).json["events"]
        assert json.loads(archive.read("transcript.json")) == whole
        assert client.state["reference"] in archive.read("README.txt").decode()

    play(tmp_path, scenario)


def test_unknown_addresses_and_methods_are_problems_too(tmp_path):
    async def scenario(_house, client):
        problem(await client.call("GET", "/nothing"), "not-found")
        wrong = await client.call("PUT", "/cases")
        problem(wrong, "not-allowed")
        assert (wrong.status, wrong.headers["Allow"]) == (405, "POST")
        english = await client.call("GET", "/nothing", headers={"Accept-Language": "en"})
        german = await client.call("GET", "/nothing", headers={"Accept-Language": "fr,de"})
        assert english.json["detail"] != german.json["detail"]

    play(tmp_path, scenario)


def test_problems_speak_the_language_of_the_case(tmp_path):
    async def scenario(_house, client):
        await client.open(language="en")
        answer = await client.send(question="nothing", value=1)
        assert problem(answer, "not-now")["state"]["language"] == "en"
        assert "question" in answer.json["detail"]
        wrong = await client.call("POST", "/answers", {"id": 1})
        assert wrong.json["errors"][0]["detail"].isascii()

    play(tmp_path, scenario)


def test_health(tmp_path):
    async def scenario(_house, client):
        assert (await client.call("GET", "/health")).json == {"status": "ok"}
        async with client.session.get(client.base + "/healthz") as response:
            assert await response.json() == {"status": "ok"}
        async with client.session.get(client.base + "/readyz") as response:
            ready = await response.json()
            assert ready == {"status": "ok", "store": "ok", "evidence": "ok", "scanner": "none configured"}

    play(tmp_path, scenario)
