"""A file as the API shows it: how far it came, what was found, in words."""

import pytest

from bot.core.case import File
from bot.core.evidence import FINDINGS
from bot.web.shapes.files import file, told
from tests.core.talk import words
from tests.web.shapes.schemas import wrong

SHA256 = "a" * 64


def made(state="ready", **more):
    return File("f_abc", "nachweis", state, **more)


@pytest.mark.parametrize("state", ["receiving", "checking", "waiting", "ready", "refused", "dropped"])
def test_every_state(state):
    shown = file(made(state, bytes=10, sha256=SHA256, media_type="image/jpeg"), words("de"))
    assert wrong("File", shown) == []
    assert (shown["state"], shown["type"]) == (state, "image/jpeg")


def test_a_preview_is_named_where_there_is_one():
    assert "preview" not in file(made(), words("de"))
    assert file(made(preview="p1"), words("de"))["preview"] == "/api/v1/files/f_abc/preview"


@pytest.mark.parametrize("code", sorted(FINDINGS))
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_finding_has_a_sentence_without_gaps(code, language):
    [finding] = file(made(findings=({"code": code, "page": 2},)), words(language))["findings"]
    assert (finding["code"], finding["page"]) == (code, 2)
    assert finding["text"]
    assert "{" not in finding["text"]


def test_a_code_of_another_version_is_shown_as_it_is():
    assert file(made(findings=({"code": "blurred"},)), words("de"))["findings"] == [
        {"code": "blurred", "text": "blurred", "page": None}
    ]


def test_a_refusal_says_why_instead_of_that():
    refused = made("refused", findings=({"code": "empty", "page": None},))
    assert told(refused, words("de")) == "Die Datei ist leer. Bitte wählen Sie sie noch einmal aus."
    assert told(made("refused"), words("de")) == "Diese Datei kann ich nicht verwenden."
