"""Another client of the same service, over the public API: opens a case, drives it to where a test begins, and looks.

What it answers stands in ``sample.answers`` of the conversation tests, by the ids of questions.
"""

from __future__ import annotations

import base64
import io
import json
import time
import urllib.error
import urllib.request
import uuid
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

from tests.browser.service import ROOT

ELTERN = "elternentschaedigung"
SAMPLE = ROOT / "tests" / "conversations" / ELTERN / "sample.answers"
LATER = {"files": [], "later": True}
MOST_TURNS = 120


@cache
def sample() -> dict[str, list[str]]:
    """Question or address to what is said, one after the other for rows."""
    lines = (line for line in SAMPLE.read_text().splitlines() if line and not line.startswith("#"))
    pairs = (line.split(" = ", 1) for line in lines)
    return {name.strip(): [each.strip() for each in said.split("|")] for name, said in pairs}


def photo(width: int = 900, height: int = 1200, text: str = "1") -> bytes:
    """A JPEG as a phone makes it: a page on a table, with an orientation tag."""
    image = Image.new("RGB", (width, height), "#8a6f4d")
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 10, height // 10, width - width // 10, height - height // 10), fill="white")
    draw.text((width // 4, height // 4), f"Bescheid {text}", fill="black")
    exif = Image.Exif()
    exif[0x0112] = 6
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85, exif=exif)
    return data.getvalue()


class Problem(AssertionError):
    """A reply that is no success. ``status``, ``body``."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body[:600]}")
        self.status, self.body = status, body


class Other:
    """One client. Take over a page's case with its token, or open one."""

    def __init__(self, base: str, token: str = "") -> None:
        self.base = base
        self.token = token
        self.state: dict[str, Any] = {}
        self.cursor = 0

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of the reply. Raises :class:`Problem`."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        request = urllib.request.Request(f"{self.base}/api/v1{path}", data, sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                self.headers = reply.headers
                text = reply.read()
        except urllib.error.HTTPError as error:
            raise Problem(error.code, error.read().decode()) from None
        return self._keep(json.loads(text)) if text else {}

    def _keep(self, reply: dict[str, Any]) -> dict[str, Any]:
        self.token = reply.get("token", self.token)
        if "cursor" in reply:
            self.state, self.cursor = reply.get("state", self.state), reply["cursor"]
        return reply

    # -- acts --------------------------------------------------------------------------------------------------------

    def open(self, procedure: str | None = ELTERN, language: str = "de") -> Other:
        self.call("POST", "/cases", {"language": language} | ({"procedure": procedure} if procedure else {}))
        return self

    def say(self, **members: Any) -> dict[str, Any]:
        return self.call("POST", "/answers", {"id": str(uuid.uuid4()), **members})

    def value(self, value: Any) -> dict[str, Any]:
        return self.say(question=self.asked, value=value)

    def text(self, text: str) -> dict[str, Any]:
        return self.say(question=self.asked, text=text)

    def act(self, action: str, target: str = "") -> dict[str, Any]:
        return self.say(action=action, **({"target": target} if target else {}))

    def upload(self, data: bytes, name: str = "Bescheid.jpg", *, wait: bool = True) -> str:
        """A whole file for the open question. Returns its id."""
        told = {"question": self.asked, "filename": name}
        packed = ",".join(f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in told.items())
        tus = {"Tus_Resumable": "1.0.0", "Upload_Length": str(len(data)), "Upload_Metadata": packed}
        self.call("POST", "/files", b"", **tus)
        id = self.headers["Location"].rsplit("/", 1)[1]
        for at in range(0, len(data), 60_000):
            piece = {"Upload_Offset": str(at), "Content_Type": "application/offset+octet-stream"}
            self.call("PATCH", f"/files/{id}", data[at : at + 60_000], Tus_Resumable="1.0.0", **piece)
        until = time.monotonic() + 15
        while wait and self.call("GET", f"/files/{id}")["state"] in ("receiving", "checking"):
            assert time.monotonic() < until, "the file was not judged"
            time.sleep(0.05)
        return str(id)

    # -- where it stands ---------------------------------------------------------------------------------------------

    @property
    def asked(self) -> str:
        """The open question, empty without."""
        return str((self.state.get("question") or {}).get("id", ""))

    def look(self) -> dict[str, Any]:
        self.call("GET", "/state")
        return self.state

    def events(self) -> list[dict[str, Any]]:
        """All of them."""
        found: list[dict[str, Any]] = []
        after = 0
        while True:
            reply = self.call("GET", f"/events?after={after}")
            found += reply["events"]
            after = reply["cursor"]
            if not reply["more"]:
                return found

    def answers(self, question: str) -> list[str]:
        """What was answered to a question, each time: the ledger's view of nothing lost, nothing doubled."""
        events = self.events()
        return [str(each.get("text")) for each in events if each["kind"] == "answered" and each["question"] == question]

    # -- driving -----------------------------------------------------------------------------------------------------

    def drive(self, until: str = "", **instead: str) -> Other:
        """Answers until the question ``until`` is open (an id without its row), or nothing is asked any more."""
        rounds: dict[str, int] = {}
        for _ in range(MOST_TURNS):
            id = self.asked
            if not id or (until and bare(id) == until):
                return self
            self._reply(id, rounds, instead)
        raise AssertionError(f"{until} was not reached, but {self.asked}")

    def _reply(self, id: str, rounds: dict[str, int], instead: dict[str, str]) -> None:
        if id.startswith(("@consent", "@declaration")):
            self.value(True)
        elif id.startswith("@notice"):
            self.value("apply_anyway")
        else:
            said = [instead[bare(id)]] if bare(id) in instead else sample().get(id) or sample().get(bare(id), ["nein"])
            at = rounds[id] = rounds.get(id, -1) + 1
            outcome = self.text(said[min(at, len(said) - 1)])["outcome"]
            assert outcome in ("accepted", "done", "ask_back"), (id, outcome, self.state["question"])

    def submit(self) -> Other:
        """Reviews and sends, declarations and all."""
        for _ in range(10):
            if self.asked:
                self.drive()
            if self.state["phase"] in ("sending", "submitted"):
                return self
            reviewed = self.call("GET", "/summary")
            self.say(action="submit", after=reviewed["cursor"])
        raise AssertionError("it cannot be sent")


def bare(id: str) -> str:
    """``kinder[2].geboren`` is ``geboren``; pseudo-questions stay as they are."""
    return id if id.startswith("@") else id.rsplit(".", 1)[-1]
