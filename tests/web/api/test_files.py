"""Uploads by tus 1.0: whole, in pieces, broken off, foreign, refused; and what comes out again."""

from __future__ import annotations

import asyncio
import base64
import io
import zipfile

import orjson
import pytest
from PIL import Image

from bot import limits
from bot.worker import serve as work
from tests.desk.house import ANSWERS
from tests.web.api.matching import matches
from tests.web.api.served import client_of, play
from tests.web.api.test_contract import problem

HEADERS = {"Tus-Resumable": "1.0.0"}
BODY = {**HEADERS, "Content-Type": "application/offset+octet-stream"}
EVIDENCE = next(n for n, value in enumerate(ANSWERS) if isinstance(value, dict) and "files" in value)


def metadata(question="einkommen_nachweis", name="Seite 1.jpg"):
    def coded(text):
        return base64.b64encode(text.encode()).decode()

    return {"Upload-Metadata": f"question {coded(question)},filename {coded(name)}"}


def photo(width=640, height=480):
    picture = Image.effect_noise((width, height), 40).convert("RGB")
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()


async def asking_for_evidence(client):
    await client.begun(*ANSWERS[1:EVIDENCE])
    question = client.state["question"]
    assert question["kind"] == "evidence"
    return question["id"]


async def created(client, question, data, **more):
    headers = {**HEADERS, **metadata(question), "Upload-Length": str(len(data))}
    answer = await client.call("POST", "/files", headers=headers, **more)
    assert answer.status == 201, answer.body
    return answer.headers["Location"]


async def patched(client, location, offset, data):
    return await client.call("PATCH", location, data=data, headers={**BODY, "Upload-Offset": str(offset)})


def test_what_the_server_can_do(tmp_path):
    async def scenario(_house, client):
        answer = await client.call("OPTIONS", "/files")
        assert answer.status == 204
        assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,creation-with-upload,termination"
        assert answer.headers["Tus-Max-Size"] == str(limits.FILE_BYTES)

    play(tmp_path, scenario)


def test_a_photo_in_pieces_is_looked_into_shown_and_exported(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        data = photo()
        location = await created(client, question, data)
        half = len(data) // 2
        first = await patched(client, location, 0, data[:half])
        assert (first.status, first.headers["Upload-Offset"]) == (204, str(half))
        head = await client.call("HEAD", location, headers=HEADERS)
        assert (head.status, head.headers["Upload-Offset"], head.headers["Upload-Length"]) == (
            200,
            str(half),
            str(len(data)),
        )
        assert head.headers["Cache-Control"] == "no-store"
        wrong = await patched(client, location, 1, data[1:])
        problem(wrong, "offset-mismatch")
        assert wrong.status == 409
        last = await patched(client, location, half, data[half:])
        assert last.headers["Upload-Offset"] == str(len(data))
        file = (await client.call("GET", location)).json
        matches("File", file)
        assert file["state"] in ("checking", "ready")
        answered = await client.value({"files": [file["id"]], "later": False})
        assert answered.json["outcome"] == "accepted"
        while await house.desk.work() is not None:
            pass
        file = (await client.call("GET", location)).json
        assert (file["state"], file["type"], file["pages"]) == ("ready", "image/jpeg", 1)
        matches("File", file)
        preview = await client.call("GET", file["preview"])
        assert preview.headers["Content-Type"] == "image/jpeg"
        assert preview.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in preview.headers["Content-Security-Policy"]
        assert preview.headers["X-Content-Type-Options"] == "nosniff"
        assert Image.open(io.BytesIO(preview.body)).format == "JPEG"
        archive = zipfile.ZipFile(io.BytesIO((await client.call("GET", "/export")).body))
        assert archive.testzip() is None
        [exported] = orjson.loads(archive.read("case.json"))["files"]
        assert (exported["name"], exported["question"], exported["state"]) == ("Seite 1.jpg", question, "ready")
        assert Image.open(archive.open(f"files/{file['id']}.jpg")).size == (640, 480)
        assert (await client.call("DELETE", location, headers=HEADERS)).status in (204, 409)

    play(tmp_path, scenario)


def test_creation_with_upload(tmp_path):
    async def scenario(_house, client):
        question = await asking_for_evidence(client)
        data = photo(64, 64)
        headers = {**BODY, **metadata(question), "Upload-Length": str(len(data))}
        answer = await client.call("POST", "/files", data=data, headers=headers)
        assert (answer.status, answer.headers["Upload-Offset"]) == (201, str(len(data)))
        assert answer.headers["Upload-Expires"].endswith("GMT")
        assert (await client.call("DELETE", answer.headers["Location"], headers=HEADERS)).status == 204
        gone = await client.call("GET", answer.headers["Location"])
        problem(gone, "not-found")
        head = await client.call("HEAD", answer.headers["Location"], headers=HEADERS)
        assert head.status == 404

    play(tmp_path, scenario)


def test_what_came_before_the_line_broke_is_kept(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        data = photo()
        location = await created(client, question, data)
        _, writer = await asyncio.open_connection("127.0.0.1", house.port)
        head = [
            f"PATCH {location} HTTP/1.1",
            "Host: x",
            f"Authorization: Bearer {client.token}",
            *(f"{name}: {value}" for name, value in BODY.items()),
            "Upload-Offset: 0",
            f"Content-Length: {len(data)}",
        ]
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + data[:5000])
        await writer.drain()
        await asyncio.sleep(0.3)
        writer.close()
        await asyncio.sleep(0.3)
        at = int((await client.call("HEAD", location, headers=HEADERS)).headers["Upload-Offset"])
        assert at == 5000
        assert (await patched(client, location, at, data[at:])).status == 204

    play(tmp_path, scenario)


def test_foreign_and_unknown_files_answer_alike(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        location = await created(client, question, b"x" * 10)
        async with client_of(house) as stranger:
            await stranger.begun()
            unknown = f"/files/f_{'A' * 22}"
            for method, headers in (("GET", {}), ("DELETE", HEADERS), ("HEAD", HEADERS)):
                foreign = await stranger.call(method, location, headers=headers)
                never = await stranger.call(method, unknown, headers=headers)
                assert (foreign.status, foreign.body) == (never.status, never.body)
                assert foreign.status == 404
            assert (await patched(stranger, location, 0, b"y" * 10)).status == 404
            assert (await stranger.call("GET", f"{location}/preview")).status == 404
        assert (await client.call("HEAD", location, headers=HEADERS)).headers["Upload-Offset"] == "0"

    play(tmp_path, scenario)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Tus-Resumable": ""}, 412),
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": "x"}, 400),
        ({"Upload-Length": "-5"}, 400),
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": str(limits.FILE_BYTES + 1)}, 413),
        ({"Upload-Length": "9" * 40}, 413),
        ({"Upload-Length": "000000000" + str(limits.FILE_BYTES + 1)}, 413),
        ({"Upload-Length": "0" * 40}, 400),
        ({"Upload-Metadata": ""}, 400),
        ({"Upload-Metadata": "question %%%"}, 400),
        ({"Upload-Metadata": "filename eA=="}, 400),
        ({"Upload-Metadata": "question " + "QUFB" * 600}, 400),
        ({"Upload-Metadata": "question " + base64.b64encode(b"nowhere").decode()}, 409),
        ({"Upload-Metadata": "question /w=="}, 400),
    ],
)
def test_wrong_creations(tmp_path, headers, status):
    async def scenario(_house, client):
        question = await asking_for_evidence(client)
        cursor = client.cursor
        right = {**HEADERS, **metadata(question), "Upload-Length": "10"}
        answer = await client.call("POST", "/files", headers=right | headers)
        assert answer.status == status, answer.body
        names = {400: "malformed", 409: "not-now", 412: "wrong-version", 413: "too-large"}
        problem(answer, names[status])
        assert (await client.call("GET", "/state")).json["cursor"] == cursor

    play(tmp_path, scenario)


def test_wrong_pieces(tmp_path):
    async def scenario(_house, client):
        question = await asking_for_evidence(client)
        location = await created(client, question, b"x" * 10)
        plain = {**HEADERS, "Upload-Offset": "0", "Content-Type": "text/plain"}
        problem(await client.call("PATCH", location, data=b"x", headers=plain), "unsupported-type")
        no_offset = await client.call("PATCH", location, data=b"x", headers=BODY)
        problem(no_offset, "malformed")
        problem(await patched(client, location, 0, b"x" * 11), "too-large")
        no_version = {"Upload-Offset": "0", "Content-Type": BODY["Content-Type"]}
        assert (await client.call("PATCH", location, data=b"x", headers=no_version)).status == 412
        assert (await client.call("HEAD", location, headers=HEADERS)).headers["Upload-Offset"] == "0"

    play(tmp_path, scenario)


def test_two_clients_cannot_write_the_same_piece_twice(tmp_path):
    async def scenario(_house, client):
        question = await asking_for_evidence(client)
        data = photo()
        location = await created(client, question, data)
        answers = await asyncio.gather(*(patched(client, location, 0, data) for _ in range(4)))
        assert sorted({answer.status for answer in answers}) in ([204], [204, 404, 409], [204, 404], [204, 409])
        assert [answer.status for answer in answers].count(204) == 1

    play(tmp_path, scenario)


def test_a_refused_file_becomes_a_task_and_an_event(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        location = await created(client, question, b"not a picture at all")
        await patched(client, location, 0, b"not a picture at all")
        id = location.rsplit("/", 1)[-1]
        assert (await client.value({"files": [id], "later": False})).json["outcome"] == "accepted"
        stop = asyncio.Event()
        worker = asyncio.create_task(work(house.desk, stop))
        news = (await client.call("GET", f"/events?after={client.cursor}&wait=10")).json
        stop.set()
        await worker
        file = next(event["file"] for event in news["events"] if event["kind"] == "file")
        assert (file["state"], file["findings"][0]["code"]) == ("refused", "unknown_type")
        assert news["state"]["question"]["id"] == question or news["state"]["tasks"]
        assert (await client.call("GET", f"{location}/preview")).status == 404

    play(tmp_path, scenario)


def test_file_names_are_labels_only(tmp_path):
    async def scenario(house, client):
        question = await asking_for_evidence(client)
        for name in ("../../etc/passwd", "<script>alert(1)</script>.jpg", "CON", "x" * 300, "\u202egpj.exe", "a\x00b"):
            headers = {**HEADERS, **metadata(question, name), "Upload-Length": "10"}
            answer = await client.call("POST", "/files", headers=headers)
            assert answer.status == 201, (name, answer.body)
        names = {path.name for path in house.settings.data.rglob("*")}
        assert not {"passwd", "CON"} & names

    play(tmp_path, scenario)
