"""Each script in the folders beside this file is one test. ``pytest --accept`` writes down what is said now."""

import pytest

from tests.support.conversation import play
from tests.support.plays import CONVERSATIONS, played, scripts
from tests.support.script import read_script


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.relative_to(CONVERSATIONS).with_suffix("").as_posix())
def test_conversation(path, request):
    if request.config.getoption("accept"):
        play(read_script(path), accept=True)
    elif wrong := played(path)[1]:
        pytest.fail(wrong, pytrace=False)
