"""One tiny dialog per feature of the format: each loads, passes every lint, has its schema beside it, can be drawn."""

from __future__ import annotations

import re

import jsonschema
import pytest

from bot.procedures.check import Beside, check
from bot.procedures.draw import draw_interview
from bot.procedures.interview import compile_interview
from bot.procedures.load import load_municipality, load_procedure, municipality_files
from bot.procedures.schema import FILE, format_schema, submission_schema
from bot.procedures.strict import read_yaml
from bot.procedures.texts import texts_of
from tests.procedures.conftest import TINY

FOLDERS = sorted(path.parent for path in TINY.glob("*/*/dialog.yaml"))
pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=[folder.parent.name for folder in FOLDERS])


def test_lints(folder):
    source = load_procedure(folder)
    municipalities = [load_municipality(path, source) for path in municipality_files(folder)]
    schema = folder.joinpath(FILE).read_text("utf-8")
    assert check(source, Beside(municipalities=municipalities, schema=schema)) == []


def test_schemas(folder):
    jsonschema.Draft202012Validator.check_schema(submission_schema(load_procedure(folder)))
    text = folder.joinpath("dialog.yaml").read_text("utf-8")
    editor = jsonschema.Draft202012Validator(format_schema())
    assert [error.message for error in editor.iter_errors(read_yaml(text, folder).content)] == []


def test_texts_have_places_of_their_own(folder):
    texts = list(texts_of(load_procedure(folder)))
    lines = folder.joinpath("dialog.yaml").read_text("utf-8").split("\n")
    assert len({text.place for text in texts}) == len(texts)
    for text in texts:
        assert text.text.split("\n")[0] in lines[text.line - 1]
        assert text.place.startswith(f"{folder.parent.name}.")


def test_drawing(folder):
    interview = compile_interview(load_procedure(folder))
    drawing = draw_interview(interview)
    for question in (one for section in interview.procedure.sections for one in section.questions):
        assert f"_{question.id}[" in drawing
        if question.when is not None:
            assert question.when.replace(">", "#gt;") in drawing
    nodes = set(re.findall(r"^ +(n_\w+)[\[({]", drawing, re.MULTILINE))
    arrows = re.findall(r"^  (n_\w+) -->(?:\|.*\|)? (n_\w+)$", drawing, re.MULTILINE)
    assert arrows
    assert {end for arrow in arrows for end in arrow} <= nodes
