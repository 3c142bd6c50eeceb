"""Each state of the page, with and without a script, light, dark and in forced colours, narrow and wide: axe finds
nothing, nothing is too wide, cut off or too small. Screenshots lie in .cache/screenshots for people to look at.
"""

from __future__ import annotations

import re

import pytest

from tests.browser.checks import axe, layout
from tests.browser.service import ROOT
from tests.browser.states import STATES
from tests.browser.watch import NETWORK_AWAY, REFUSED

FOLDER = ROOT / ".cache" / "screenshots"
LOOKS = {
    "light-320": {"color_scheme": "light", "forced_colors": "none"},
    "dark-320": {"color_scheme": "dark", "forced_colors": "none"},
    "forced-320": {"color_scheme": "dark", "forced_colors": "active"},
    "light-1280": {"color_scheme": "light", "forced_colors": "none"},
}
SHOT = ("light-320", "dark-320", "forced-320", "light-1280")


@pytest.mark.parametrize("mode", ["script", "form"])
@pytest.mark.parametrize("name", STATES)
def test_state(guests, case, name, mode):
    state = STATES[name]
    if mode not in state.modes:
        pytest.skip("this state is the script's own" if mode == "form" else "this state is the form's own")
    guests.watch.allowed += [REFUSED] if "wrong" in name else [NETWORK_AWAY] if name == "offline" else []
    page = state.reach(guests, case, script=mode == "script").page
    assert mode == "script" or page.locator("script").count() == 0
    found = []
    for look, media in LOOKS.items():
        page.emulate_media(**media)
        page.set_viewport_size({"width": 1280, "height": 800} if "1280" in look else {"width": 320, "height": 640})
        found += [f"{look}: {each}" for each in layout(page)]
        if look != "light-1280":
            found += [f"{look}: {each}" for each in axe(page, forced="forced" in look)]
        _shoot(page, f"{name}-{mode}-{look}")
    assert found == []


def _shoot(page, name):
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{re.sub('[^a-z0-9]+', '-', name)}.png", full_page=True, animations="disabled")
