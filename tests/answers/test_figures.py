import pytest

from bot.answers.figures import small_number


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), (" 12 ", 12), ("0", 0), ("007", 7), ("٣", 3), ("999999", 999_999)]
)
def test_small_numbers(text, number):
    assert small_number(text) == number


@pytest.mark.parametrize("text", ["", " ", "²", "①", "-1", "+1", "1.", "1 2", "eins", "Ⅷ", "1000000", "9" * 5_000])
def test_everything_else_is_no_small_number(text):
    assert small_number(text) is None
