"""The printed copy: tagged and titled, the same bytes again, and whatever was typed is only ever text."""

import io

import pikepdf
import pytest

from bot.core.paper_texts import LABELS
from bot.documents.press import printed

HOSTILE = ("#panic() *a* $x$ [b] <c>", "שלום مرحبا", "\U0001f468 中", "x" * 4_000)


def record_of(*answers: str) -> dict:
    items = [
        {"address": f"q{n}", "question": {"de": f"Frage {n}?"}, "answer": {"de": text}, "marked": n == 0}
        for n, text in enumerate(answers)
    ]
    return {
        "language": "en", "reference": "AL-0000-0000", "n": 1, "kind": "application", "kind_name": {"de": "Antrag"},
        "title": {"de": "Beispielhilfe", "own": "Sample aid"}, "agency": {"de": "Beispielamt"}, "municipality": None,
        "procedure": {"id": "beispiel", "version": "2026-01", "hash": "ab" * 32}, "sandbox": True, "demo_date": None,
        "ordered_at": "2022-03-02T09:30:00Z", "ordered_in_berlin": {"de": "2. März 2022, 10:30:00 MEZ"},
        "sections": [{"id": "s", "title": {"de": "Teil"}, "rows": [{"title": None, "items": items}]}],
        "declarations": [], "verdict": {"overall": None, "criteria": []}, "estimates": [], "evidence": [],
        "labels": {name: {"de": template.text} for name, template in LABELS.items()},
    }  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
def test_whatever_was_typed_is_printed_and_never_run(answer):
    assert printed(record_of(answer)).startswith(b"%PDF-")


def test_a_copy_is_tagged_titled_and_says_that_it_is_pdf_ua():
    made = printed(record_of(*(f"Antwort {n}" for n in range(300))))
    assert made == printed(record_of(*(f"Antwort {n}" for n in range(300))))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith("de")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
