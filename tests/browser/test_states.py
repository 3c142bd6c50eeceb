"""States that the road of ``test_access.py`` does not come by: what was typed wrong, unfolded, on its way, offline.

Each narrow and wide, with the script in the light, without it in the dark and in forced colours. Screenshots lie in
.cache/screenshots for people to look at.
"""

from __future__ import annotations

import pytest

from tests.browser import axe
from tests.browser.checks import layout
from tests.browser.service import ROOT
from tests.browser.states import STATES
from tests.browser.watch import NETWORK_AWAY, REFUSED

FOLDER = ROOT / ".cache" / "screenshots"
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
LIGHT, DARK = {"color_scheme": "light", "forced_colors": "none"}, {"color_scheme": "dark", "forced_colors": "none"}
FORCED = {"color_scheme": "dark", "forced_colors": "active"}
LOOKS = {
    "script": {"light-320": (NARROW, LIGHT), "light-1280": (WIDE, LIGHT)},
    "form": {"dark-320": (NARROW, DARK), "forced-320": (NARROW, FORCED)},
}
EXPLAINED = ("undecided: color-contrast at #status:",)
"""It stays in sight above what scrolls beneath it, on a background of its own that axe does not reckon with."""
CASES = [(name, mode) for name, state in STATES.items() for mode in state.modes]


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_state(guests, case, name, mode):
    guests.watch.allowed += [NETWORK_AWAY] if name == "offline" else [REFUSED] if "wrong" in name else []
    page = STATES[name].reach(guests, case, script=mode == "script").page
    assert mode == "script" or page.locator("script").count() == 0
    found = []
    for look, (window, media) in LOOKS[mode].items():
        page.emulate_media(**media)
        page.set_viewport_size(window)
        found += [f"{look}: {each}" for each in layout(page) + _examined(page, look)]
        FOLDER.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FOLDER / f"{name}-{mode}-{look}.png", full_page=True, animations="disabled")
    assert found == []


def _examined(page, look):
    """By axe, once for each pair of colours: where it is wide, the history scrolls, and axe sees what lies below it."""
    found = axe.faults(page, forced="forced" in look) if "1280" not in look else []
    return [each for each in found if not each.startswith(EXPLAINED)]
