"""What every store must do. A new store is a line in ``entries.STORES``."""

import asyncio
from dataclasses import replace

import pytest

from bot.ports import (
    CredentialChange,
    DoorChange,
    Filter,
    Loaded,
    NewJob,
    Row,
    Settlement,
    Step,
    StoreDown,
    Total,
)
from tests.contracts.entries import (
    HOUR,
    NOW,
    append_next,
    case,
    each_store,
    entry,
    numbers,
    put,
    reference,
    talk,
    wrapped_key,
)

DOOR, OTHER_DOOR = b"door" * 8, b"gate" * 8
TOKEN = b"hash" * 8


# Turns


@each_store
async def test_what_was_appended_is_loaded(store):
    await put(store, entry(case(1), 1), entry(case(1), 2, payload=bytes(range(256)), at=NOW + HOUR))
    rows = [Row(1, NOW, b"payload 1"), Row(2, NOW + HOUR, bytes(range(256)))]
    loaded = await store.load(case(1))
    assert loaded == Loaded(wrapped_key(case(1)), rows, 2)


@each_store
async def test_only_what_is_new_is_loaded(store):
    await talk(store, case(1), 5)
    loaded = await store.load(case(1), after=3)
    assert ([row.number for row in loaded.rows], loaded.last) == ([4, 5], 5)
    loaded = await store.load(case(1), after=5)
    assert (list(loaded.rows), loaded.last) == ([], 5)


@each_store
async def test_an_unknown_case_is_none(store):
    await talk(store, case(1), 1)
    assert await store.load(case(2)) is None


@each_store
async def test_a_taken_number_is_a_conflict_and_changes_nothing(store):
    await talk(store, case(1), 2)
    changed = replace(entry(case(1), 2).summary, state="submitted")
    late = entry(case(1), 2, payload=b"late", summary=changed, jobs=[NewJob("say", "late", NOW)])
    assert await store.append([late]) == ["conflict"]
    assert (await store.load(case(1))).rows[1].payload == b"payload 2"
    assert (await store.summaries(Filter()))[0][1].state == "open"
    assert await store.claim(NOW, NOW + HOUR) == []


@each_store
async def test_a_gap_is_a_conflict(store):
    await talk(store, case(1), 2)
    assert await store.append([entry(case(1), 4)]) == ["conflict"]
    assert await store.append([entry(case(2), 2)]) == ["conflict"]
    assert await numbers(store, case(1)) == [1, 2]
    assert await store.load(case(2)) is None


@each_store
async def test_a_case_is_opened_once(store):
    await talk(store, case(1), 1)
    again = entry(case(1), 1, key=b"another key")
    assert await store.append([again]) == ["conflict"]
    assert (await store.load(case(1))).key == wrapped_key(case(1))


@each_store
async def test_a_taken_reference_is_a_conflict(store):
    await talk(store, case(1), 1)
    twin = replace(entry(case(2), 1).summary, reference=reference(case(1)))
    assert await store.append([entry(case(2), 1, summary=twin)]) == ["conflict"]
    assert await store.load(case(2)) is None
    assert await store.find_reference(reference(case(1))) == case(1)


@each_store
async def test_a_message_counts_once(store):
    await put(store, entry(case(1), 1, seen=(DOOR, "m1")))
    assert await store.append([entry(case(1), 2, seen=(DOOR, "m1"))]) == ["seen"]
    assert await store.append([entry(case(1), 2, seen=(OTHER_DOOR, "m1"))]) == ["done"]
    assert await store.append([entry(case(1), 3, seen=(DOOR, "m2"))]) == ["done"]


@each_store
async def test_a_repeated_message_is_seen_even_where_its_number_is_taken(store):
    """A redelivery carries the number of its first time, or opens another case: it must not look like a conflict."""
    first = entry(case(1), 1, seen=(DOOR, "m1"))
    await put(store, first)
    assert await store.append([first]) == ["seen"]
    assert await store.append([entry(case(2), 1, seen=(DOOR, "m1"))]) == ["seen"]
    assert await store.load(case(2)) is None


@each_store
async def test_a_message_whose_turn_met_a_conflict_may_come_again(store):
    await talk(store, case(1), 2)
    assert await store.append([entry(case(1), 2, seen=(DOOR, "m1"))]) == ["conflict"]
    assert await store.append([entry(case(1), 3, seen=(DOOR, "m1"))]) == ["done"]


@each_store
async def test_entries_of_one_call_are_judged_in_order(store):
    entries = [
        entry(case(1), 1, seen=(DOOR, "m1")),
        entry(case(1), 2, seen=(DOOR, "m1")),
        entry(case(1), 2),
        entry(case(1), 2),
        entry(case(2), 1),
        entry(case(1), 3),
    ]
    assert await store.append(entries) == ["done", "seen", "done", "conflict", "done", "done"]
    assert await store.append([]) == []
    assert await numbers(store, case(1)) == [1, 2, 3]


@each_store
async def test_an_entry_that_nobody_could_keep_is_refused(store):
    without_key, with_key = entry(case(1), 1, key=None), entry(case(1), 2, key=b"key")
    without_zone = entry(case(1), 1, at=NOW.replace(tzinfo=None))
    job_without_zone = entry(case(1), 1, jobs=[NewJob("say", "1", NOW.replace(tzinfo=None))])
    for wrong in (without_key, with_key, without_zone, job_without_zone, entry(b"short", 1), entry(case(1), 0)):
        with pytest.raises(ValueError, match=r"zone|key|16 bytes|numbered"):
            await store.append([entry(case(3), 1), wrong])
    assert await store.load(case(3)) is None


@each_store
async def test_what_is_stored_is_a_copy(store):
    jobs, flags = [NewJob("say", "1", NOW)], ["late"]
    first = entry(case(1), 1, jobs=jobs)
    await put(store, replace(first, summary=replace(first.summary, flags=tuple(flags))))
    jobs.append(NewJob("say", "2", NOW))
    one, two = await store.load(case(1)), await store.load(case(1))
    assert one == two and one is not two and one.rows[0] is not two.rows[0]
    assert len(await store.claim(NOW, NOW + HOUR)) == 1


@each_store
async def test_times_come_back_as_the_same_moment_in_utc(store):
    from zoneinfo import ZoneInfo

    berlin = NOW.astimezone(ZoneInfo("Europe/Berlin")).replace(microsecond=1)
    await put(store, entry(case(1), 1, at=berlin))
    (row,) = (await store.load(case(1))).rows
    assert row.at == berlin and row.at.utcoffset() == NOW.utcoffset()


@each_store
async def test_two_hundred_appends_on_fifty_cases_leave_no_gap(store):
    cases = [case(number) for number in range(50)]
    await store.append([entry(one, 1) for one in cases])
    got = await asyncio.gather(
        *(append_next(store, one, f"writer {writer}".encode()) for one in cases for writer in range(4))
    )
    assert sorted(got) == sorted([2, 3, 4, 5] * 50)
    for one in cases:
        rows = (await store.load(one)).rows
        assert [row.number for row in rows] == [1, 2, 3, 4, 5]
        assert {row.payload for row in rows[1:]} == {f"writer {writer}".encode() for writer in range(4)}


@each_store
async def test_a_case_is_loaded_as_of_one_moment(store):
    await talk(store, case(1), 1)
    writing = asyncio.create_task(put(store, *(entry(case(1), number) for number in range(2, 400))))
    while not writing.done():
        loaded = await store.load(case(1))
        assert len(loaded.rows) == loaded.last
    await writing


# Doors, credentials, index


@each_store
async def test_a_door_leads_to_its_current_case(store):
    assert await store.find_door(DOOR) is None
    await put(store, entry(case(1), 1, doors=[DoorChange(DOOR, "web", "current")]))
    assert await store.find_door(DOOR) == case(1)
    assert await store.find_door(OTHER_DOOR) is None


@each_store
async def test_a_new_case_makes_the_others_behind_its_door_older(store):
    for number in (1, 2, 3):
        await put(store, entry(case(number), 1, doors=[DoorChange(DOOR, "telegram", "current")]))
    assert await store.find_door(DOOR) == case(3)
    assert await store.cases_behind(DOOR) == [case(3), case(2), case(1)]
    await put(store, entry(case(1), 2, doors=[DoorChange(DOOR, "telegram", "current")]))
    assert await store.find_door(DOOR) == case(1)
    assert await store.cases_behind(DOOR) == [case(1), case(3), case(2)]


@each_store
async def test_a_closed_door_leads_nowhere(store):
    await put(store, entry(case(1), 1, doors=[DoorChange(DOOR, "web", "current")]))
    await put(store, entry(case(1), 2, doors=[DoorChange(DOOR, "web", "closed")]))
    assert await store.find_door(DOOR) is None
    assert await store.cases_behind(DOOR) == []


@each_store
async def test_a_case_may_have_many_doors(store):
    doors = [DoorChange(DOOR, "web", "current"), DoorChange(OTHER_DOOR, "telegram", "current")]
    await put(store, entry(case(1), 1, doors=doors))
    assert await store.find_door(DOOR) == await store.find_door(OTHER_DOOR) == case(1)


@each_store
async def test_a_credential_opens_its_case(store):
    await put(store, entry(case(1), 1, credentials=[CredentialChange(TOKEN, "token")]))
    assert await store.find_credential(TOKEN, "token", NOW) == case(1)
    assert await store.find_credential(TOKEN, "resume", NOW) is None
    assert await store.find_credential(b"other" * 6, "token", NOW) is None


@each_store
async def test_a_credential_ends_at_its_time(store):
    await put(store, entry(case(1), 1, credentials=[CredentialChange(TOKEN, "resume", expires=NOW + HOUR)]))
    assert await store.find_credential(TOKEN, "resume", NOW) == case(1)
    assert await store.find_credential(TOKEN, "resume", NOW + HOUR) is None


@each_store
async def test_a_bounded_credential_is_used_up(store):
    await put(store, entry(case(1), 1, credentials=[CredentialChange(TOKEN, "hop", uses=2)]))
    found = [await store.find_credential(TOKEN, "hop", NOW) for _ in range(3)]
    assert found == [case(1), case(1), None]


@each_store
async def test_a_single_use_is_given_to_one_of_many(store):
    await put(store, entry(case(1), 1, credentials=[CredentialChange(TOKEN, "hop", uses=1)]))
    found = await asyncio.gather(*(store.find_credential(TOKEN, "hop", NOW) for _ in range(20)))
    assert sorted(one is None for one in found) == [False] + [True] * 19


@each_store
async def test_a_revoked_credential_opens_nothing(store):
    await put(store, entry(case(1), 1, credentials=[CredentialChange(TOKEN, "token")]))
    await put(store, entry(case(1), 2, credentials=[CredentialChange(TOKEN, "token", revoked=True)]))
    assert await store.find_credential(TOKEN, "token", NOW) is None


@each_store
async def test_a_case_cannot_take_another_ones_credential(store):
    await put(store, entry(case(1), 1, credentials=[CredentialChange(TOKEN, "token")]))
    await put(store, entry(case(2), 1, credentials=[CredentialChange(TOKEN, "token", revoked=True)]))
    assert await store.find_credential(TOKEN, "token", NOW) == case(1)


@each_store
async def test_staff_find_by_blind_hash(store):
    await put(store, entry(case(1), 1, index=[("name", b"x"), ("name", b"x"), ("phone", b"y")]))
    await put(store, entry(case(2), 1, index=[("name", b"x")]), entry(case(1), 2, index=[("name", b"x")]))
    assert await store.find_indexed("name", b"x") == [case(2), case(1)]
    assert await store.find_indexed("phone", b"x") == []


# Summaries


@each_store
async def test_the_newest_summary_is_kept(store):
    full = replace(
        entry(case(1), 1).summary, municipality="14612000", files=2, tasks=1, submission="sent", flags=("late", "x")
    )
    await put(
        store, entry(case(1), 1), entry(case(1), 2, summary=replace(full, state="sending", updated_at=NOW + HOUR))
    )
    expected = replace(full, state="sending", updated_at=NOW + HOUR)
    assert await store.summaries(Filter()) == [(case(1), expected)]


@each_store
async def test_reference_procedure_and_opening_never_move(store):
    moved = replace(entry(case(1), 1).summary, reference="other", procedure="other", opened_at=NOW + HOUR)
    await put(store, entry(case(1), 1), entry(case(1), 2, summary=moved))
    ((_, summary),) = await store.summaries(Filter())
    assert (summary.reference, summary.procedure, summary.opened_at) == (reference(case(1)), "aid", NOW)


@each_store
async def test_summaries_are_read_page_by_page(store):
    await store.append([entry(case(number), 1) for number in range(1, 8)])
    pages, after = [], None
    while page := await store.summaries(Filter(), after=after, limit=3):
        pages.append([one for one, _ in page])
        after = page[-1][0]
    assert pages == [[case(7), case(6), case(5)], [case(4), case(3), case(2)], [case(1)]]


@each_store
async def test_summaries_are_filtered(store):
    await store.append([entry(case(number), 1) for number in (1, 2, 3)])
    other = replace(entry(case(4), 1).summary, procedure="other", state="submitted")
    await put(store, entry(case(4), 1, summary=other))
    assert [one for one, _ in await store.summaries(Filter(procedure="other"))] == [case(4)]
    assert [one for one, _ in await store.summaries(Filter(state="open"))] == [case(3), case(2), case(1)]
    assert [one for one, _ in await store.summaries(Filter(reference=reference(case(2))))] == [case(2)]
    assert await store.summaries(Filter(procedure="other", state="open")) == []


# Jobs


@each_store
async def test_due_jobs_are_claimed_in_order(store):
    jobs = [NewJob("poll", "c", NOW + HOUR), NewJob("submit", "b", NOW, b"sealed"), NewJob("say", "a", NOW - HOUR)]
    await put(store, entry(case(1), 1, jobs=jobs))
    first, second = await store.claim(NOW, NOW + HOUR)
    assert (first.kind, first.key, first.tries, first.case) == ("say", "a", 1, case(1))
    assert (second.kind, second.key, second.payload) == ("submit", "b", b"sealed")


@each_store
async def test_a_claim_takes_no_more_than_asked(store):
    await put(store, entry(case(1), 1, jobs=[NewJob("say", str(number), NOW) for number in range(5)]))
    assert len(await store.claim(NOW, NOW + HOUR, limit=3)) == 3
    assert len(await store.claim(NOW, NOW + HOUR, limit=3)) == 2


@each_store
async def test_a_key_is_stored_once_in_a_case(store):
    await put(store, entry(case(1), 1, jobs=[NewJob("say", "k", NOW, b"1"), NewJob("say", "k", NOW, b"2")]))
    await put(store, entry(case(1), 2, jobs=[NewJob("say", "k", NOW, b"3")]))
    await put(store, entry(case(2), 1, jobs=[NewJob("say", "k", NOW, b"4")]))
    assert sorted(job.payload for job in await store.claim(NOW, NOW + HOUR)) == [b"1", b"4"]


@each_store
async def test_a_leased_job_comes_due_again_where_its_worker_died(store):
    await put(store, entry(case(1), 1, jobs=[NewJob("say", "1", NOW)]))
    (first,) = await store.claim(NOW, NOW + HOUR)
    assert await store.claim(NOW + HOUR / 2, NOW + 2 * HOUR) == []
    (second,) = await store.claim(NOW + HOUR, NOW + 2 * HOUR)
    assert second == replace(first, tries=2)


@each_store
async def test_two_claimers_never_get_the_same_job(store):
    await put(store, entry(case(1), 1, jobs=[NewJob("say", str(number), NOW) for number in range(40)]))
    claims = await asyncio.gather(*(store.claim(NOW, NOW + HOUR, limit=7) for _ in range(10)))
    keys = [job.key for jobs in claims for job in jobs]
    assert sorted(keys, key=int) == [str(number) for number in range(40)]


@each_store
async def test_jobs_are_settled(store):
    await put(store, entry(case(1), 1, jobs=[NewJob("say", key, NOW) for key in ("done", "later", "dead")]))
    ids = {job.key: job.id for job in await store.claim(NOW, NOW + HOUR)}
    await store.settle(
        [
            Settlement(ids["done"], done=True),
            Settlement(ids["later"], done=False, due=NOW + 2 * HOUR),
            Settlement(ids["dead"], done=False),
            Settlement(10**6, done=True),
        ]
    )
    assert await store.claim(NOW + HOUR, NOW + 9 * HOUR) == []
    assert [job.key for job in await store.claim(NOW + 2 * HOUR, NOW + 9 * HOUR)] == ["later"]


@each_store
async def test_a_late_worker_cannot_move_a_job_that_another_one_has(store):
    await put(store, entry(case(1), 1, jobs=[NewJob("say", "1", NOW)]))
    (late,) = await store.claim(NOW, NOW + HOUR)
    (now,) = await store.claim(NOW + HOUR, NOW + 3 * HOUR)
    await store.settle([Settlement(late.id, done=False, due=NOW, tries=late.tries)])
    await store.settle([Settlement(late.id, done=False, tries=late.tries)])
    assert await store.claim(NOW + 2 * HOUR, NOW + 3 * HOUR) == []
    await store.settle([Settlement(now.id, done=False, due=NOW, tries=now.tries)])
    assert len(await store.claim(NOW + 2 * HOUR, NOW + 3 * HOUR)) == 1


@each_store
async def test_the_number_of_a_job_is_never_given_again(store):
    await put(store, entry(case(1), 1, jobs=[NewJob("say", "1", NOW)]))
    (first,) = await store.claim(NOW, NOW + HOUR)
    await store.settle([Settlement(first.id, done=True)])
    await put(store, entry(case(1), 2, jobs=[NewJob("say", "2", NOW)]))
    (second,) = await store.claim(NOW, NOW + HOUR)
    assert second.id != first.id


# Rewriting, erasing, sweeping


@each_store
async def test_a_payload_is_rewritten(store):
    await talk(store, case(1), 2)
    assert await store.rewrite(case(1), 1, b"redacted")
    assert [row.payload for row in (await store.load(case(1))).rows] == [b"redacted", b"payload 2"]
    for missing in ((case(1), 0), (case(1), 3), (case(2), 1)):
        assert not await store.rewrite(*missing, b"nothing")


def full(one, *, seen="m1"):
    """An entry that leaves something in every table."""
    return entry(
        one,
        1,
        seen=(DOOR + one, seen),
        jobs=[NewJob("say", "1", NOW)],
        doors=[DoorChange(DOOR + one, "web", "current")],
        credentials=[CredentialChange(TOKEN + one, "token")],
        index=[("name", b"x")],
        steps=[Step("born", "date", 3_000), Step("name", "text", 1_000)],
    )


@each_store
async def test_an_erased_case_is_gone_and_the_others_stay(store):
    await put(store, full(case(1)), full(case(2)))
    assert await store.erase(case(1), NOW)
    assert await store.load(case(1)) is None
    assert await store.find_door(DOOR + case(1)) is None
    assert await store.cases_behind(DOOR + case(1)) == []
    assert await store.find_reference(reference(case(1))) is None
    assert await store.find_credential(TOKEN + case(1), "token", NOW) is None
    assert await store.find_indexed("name", b"x") == [case(2)]
    assert [one for one, _ in await store.summaries(Filter())] == [case(2)]
    assert [job.case for job in await store.claim(NOW, NOW + HOUR)] == [case(2)]
    assert await numbers(store, case(2)) == [1]
    assert await store.append([full(case(2))]) == ["seen"]


@each_store
async def test_an_erased_case_does_not_rise_again(store):
    await talk(store, case(1), 2)
    await store.erase(case(1), NOW)
    assert await store.append([entry(case(1), 3)]) == ["conflict"]
    assert await store.append([entry(case(1), 1)]) == ["conflict"]
    assert await store.load(case(1)) is None
    assert not await store.rewrite(case(1), 1, b"back")
    assert not await store.erase(case(1), NOW)


@each_store
async def test_erasing_forgets_the_messages_too(store):
    await put(store, full(case(1)))
    await store.erase(case(1), NOW)
    assert await store.append([entry(case(2), 1, seen=(DOOR + case(1), "m1"))]) == ["done"]


@each_store
async def test_nothing_is_erased_where_nothing_is(store):
    assert not await store.erase(case(1), NOW)
    await talk(store, case(1), 1)


@each_store
async def test_the_funnel_survives_erasure(store):
    await put(store, full(case(1)), full(case(2)))
    await put(store, entry(case(1), 2, steps=[Step("born", "date", 500)]))
    expected = [Total("aid", "born", "date", 3, 6_500), Total("aid", "name", "text", 2, 2_000)]
    assert await store.funnel() == expected
    await store.erase(case(1), NOW)
    assert await store.funnel() == expected
    await store.erase(case(2), NOW)
    assert await store.funnel() == expected


@each_store
async def test_the_broom_takes_only_what_is_old(store):
    held = [
        CredentialChange(b"kept", "token"),
        CredentialChange(b"over", "hop", expires=NOW),
        CredentialChange(b"gone", "token", revoked=True),
        CredentialChange(b"used", "hop", uses=0),
        CredentialChange(b"soon", "resume", expires=NOW + 100 * HOUR, uses=1),
    ]
    await put(store, entry(case(1), 1, seen=(DOOR, "m1"), credentials=held))
    await put(store, entry(case(1), 2, seen=(DOOR, "m2"), at=NOW + 40 * HOUR))
    assert await store.sweep(NOW + 50 * HOUR) == 4
    assert await store.sweep(NOW + 50 * HOUR) == 0
    assert await store.append([entry(case(1), 3, seen=(DOOR, "m2"))]) == ["seen"]
    assert await store.append([entry(case(1), 3, seen=(DOOR, "m1"))]) == ["done"]
    assert await store.find_credential(b"kept", "token", NOW + 50 * HOUR) == case(1)
    assert await store.find_credential(b"soon", "resume", NOW + 50 * HOUR) == case(1)


@each_store
async def test_every_key_is_rewrapped(store):
    await store.append([entry(case(number), 1) for number in range(1, 1_203)])
    assert await store.rekey(lambda one, old: b"new " + old if one != case(7) else old) == 1_201
    assert (await store.load(case(1))).key == b"new " + wrapped_key(case(1))
    assert (await store.load(case(1_202))).key == b"new " + wrapped_key(case(1_202))
    assert (await store.load(case(7))).key == wrapped_key(case(7))


@each_store
async def test_a_closed_store_says_so(store):
    await talk(store, case(1), 1)
    await store.close()
    for call in (store.append([entry(case(1), 2)]), store.load(case(1)), store.claim(NOW, NOW)):
        with pytest.raises(StoreDown, match="closed"):
            await call


@each_store
async def test_closing_finishes_what_waits(store):
    await talk(store, case(1), 1)
    waiting = [asyncio.create_task(append_next(store, case(1), b"x"))]
    waiting += [asyncio.create_task(store.append([entry(case(number), 1)])) for number in range(2, 50)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await store.close()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert all(outcome == ["done"] for outcome in outcomes[1:])
