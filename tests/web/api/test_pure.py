"""The parts of the web that know neither HTTP nor a clock."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.answers.base import German
from bot.web import problems, reading
from bot.web.intake import CACHED_SECONDS, DiskGauge, Full, Intake
from bot.web.problems import SORTS, Flaw, Trouble, document, language_of
from bot.web.rates import Buckets, Networks, Rates

PAUSES = st.lists(st.floats(0, 20), max_size=60)


@given(burst=st.integers(1, 20), rate=st.floats(0.1, 50), pauses=PAUSES)
def test_a_bucket_never_gives_more_than_it_may(burst, rate, pauses):
    buckets, now, given_out = Buckets(burst, rate), 0.0, 0
    for pause in pauses:
        now += pause
        wait = buckets.take("k", now)
        given_out += wait == 0.0
        assert given_out <= burst + now * rate + 1e-6
        if wait:
            assert buckets.take("k", now) == pytest.approx(wait)
            buckets.give_back("k", now)
            assert buckets.take("k", now) == 0.0


def test_a_bucket_forgets_the_oldest_and_keeps_its_size():
    buckets = Buckets(1, 1, known=3)
    for key in "abcd":
        assert buckets.take(key, 0.0) == 0.0
    assert len(buckets) == 3
    assert buckets.take("d", 0.0) > 0
    assert buckets.take("a", 0.0) == 0.0


def test_the_clock_may_stand_still_or_go_back():
    buckets = Buckets(2, 1)
    assert [buckets.take("k", now) == 0.0 for now in (5.0, 5.0, 4.0, 5.0)] == [True, True, False, False]


def test_only_wrong_codes_count_and_free_networks_have_no_rates():
    rates = Rates()
    for _ in range(3):
        assert rates.try_code("net", 0.0) == 0.0
        rates.right_code("net", 0.0)
    for _ in range(limits.RESUME_TRIES_PER_HOUR):
        assert rates.try_code("net", 0.0) == 0.0
    assert rates.try_code("net", 0.0) > 600
    assert rates.try_code("other", 0.0) == 0.0
    for _ in range(10_000):
        assert rates.request(None, 0.0) == rates.case(b"c", None, 0.0) == rates.opening(None, 0.0) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:2::1", "2001:db8:1:3::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("nonsense", "", True),
        ("192.0.2.1:4711", "192.0.2.9", True),
        ("[2001:db8:1::1]:80", "2001:db8:1::2", True),
    ],
)
def test_networks(one, other, same):
    networks = Networks()
    assert (networks.of(one, None) == networks.of(other, None)) is same


@pytest.mark.parametrize(
    ("proxies", "forwarded", "from_"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "evil, 203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (3, "198.51.100.1", "198.51.100.1"),
        (1, None, "192.0.2.1"),
    ],
)
def test_forwarded_addresses(proxies, forwarded, from_):
    assert Networks(proxies).of("192.0.2.1", forwarded) == Networks().of(from_, None)


def test_words_go_before_photos_and_room_is_given_back():
    intake = Intake(lambda: 0.5, turns=4, uploads=3, of_network=2)
    with intake.turn(), intake.upload("a"):
        with intake.turn(), pytest.raises(Full), intake.upload("b"):
            pass
        with intake.upload("a"), pytest.raises(Full), intake.upload("a"):
            pass
        with intake.upload("b"), intake.upload(None), pytest.raises(Full), intake.upload("c"):
            pass
        with intake.turn(), intake.turn(), intake.turn(), pytest.raises(Full) as full, intake.turn():
            pass
    assert full.value.retry_after == 2
    assert (intake.turns, intake.uploads, len(intake._networks)) == (0, 0, 0)


@given(jitter=st.floats(0, 1))
def test_the_pause_is_whole_seconds(jitter):
    assert 1 <= Intake(lambda: jitter).pause() <= 3


def test_the_disk_is_asked_seldom():
    asked, now = [], [0.0]

    async def free():
        asked.append(now[0])
        return 0.05

    async def scenario():
        gauge = DiskGauge(free, lambda: now[0])
        for now[0] in (0.0, CACHED_SECONDS / 2, CACHED_SECONDS, CACHED_SECONDS + 1):
            assert not await gauge.has_room()

    asyncio.run(scenario())
    assert asked == [0.0, CACHED_SECONDS + 1]


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        (None, "de"),
        ("", "de"),
        ("en", "en"),
        ("en-GB,de;q=0.9", "en"),
        ("fr, de;q=0.4, en;q=0.5", "en"),
        ("en;q=0, de;q=0.1", "de"),
        ("fr", "de"),
        ("*", "de"),
        ("en;q=x, de", "de"),
        ("EN-us", "en"),
    ],
)
def test_the_language_of_a_browser(wish, language):
    assert language_of(wish, ("de", "en")) == language


@given(st.text(max_size=80))
def test_any_language_wish_is_borne(wish):
    assert language_of(wish, ("de", "en")) in ("de", "en")


@pytest.mark.parametrize("name", SORTS)
def test_each_problem_says_what_and_that_nothing_is_lost(name):
    made = document(Trouble(name, flaws=[Flaw("/x", problems.WRONG_SHAPE)], retry_after=3), German())
    assert (made["type"], made["status"], made["nothing_lost"]) == (f"/problems/{name}", SORTS[name].status, True)
    assert made["errors"][0]["pointer"] == "/x"
    assert made["retry_after"] == 3
    assert "{" not in made["title"] + made["detail"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(["id", "after", "question", "value", "text", "action", "target", "x", "a/b"])


def refused(body):
    """The trouble with ``body``, None where it is an answer."""
    try:
        assert reading.read_answer(body).id == body["id"].lower()
    except Trouble as trouble:
        return trouble
    return None


@given(st.dictionaries(MEMBERS, JSON, max_size=6))
def test_any_body_is_read_or_refused_with_pointers(body):
    if (trouble := refused(body)) is not None:
        assert trouble.name == "invalid"
        assert trouble.flaws
        assert all(flaw.pointer == "" or flaw.pointer.startswith("/") for flaw in trouble.flaws)


@given(levels=st.integers(1, 30))
def test_depth(levels):
    body = b"[" * levels + b"]" * levels
    if levels <= limits.JSON_DEPTH:
        assert reading.parsed(body) is not None
    else:
        with pytest.raises(Trouble) as trouble:
            reading.parsed(body)
        assert trouble.value.name == "malformed"


@pytest.mark.parametrize("body", [b"", b"{", b"{'a': 1}", b"[1,]", b"NaN", b"\xff", b'"\\ud800"', b"01"])
def test_what_is_no_json(body):
    with pytest.raises(Trouble) as trouble:
        reading.parsed(body)
    assert trouble.value.name == "malformed"
