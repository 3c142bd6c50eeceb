"""Each script in the folders beside this file is one test."""

from pathlib import Path

import pytest

from tests.support.conversation import Failed, play
from tests.support.script import read_script

HERE = Path(__file__).parent
SCRIPTS = sorted(HERE.glob("*/*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_conversation(path, request):
    try:
        play(read_script(path), accept=request.config.getoption("accept"))
    except Failed as wrong:
        pytest.fail(str(wrong), pytrace=False)
