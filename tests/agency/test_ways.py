"""Which way a submission takes: what the operator wrote, every mistake at once, and no second way for one under way."""

import asyncio
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.agency.config import AgenciesUnusable, Plan, plan_without_file, read_plan
from bot.agency.ways import Ways, name
from bot.ports import AgencyUnavailable, Delivery, Parcel

EXAMPLE = Path(__file__).parents[2] / "docs" / "agencies.example.toml"
OFFERED = {"elternentschaedigung": (), "foerderung": ("musterstadt", "neustadt")}
SECRET = {"FITCONNECT_SECRET": "only-for-tests"}
REAL = """
[procedures.foerderung]
way = "fitconnect"
token_url = "https://auth.example.org/token"
submission_api = "https://api.example.org/submission-api"
client_id = "somebody"
client_secret_variable = "FITCONNECT_SECRET"
destination = "5c1f7b1e-0000-4000-8000-000000000000"
region = "DE14"
service = { identifier = "urn:de:fim:leika:leistung:99000000000000", name = "Beispiel" }
"""


def read(folder: Path, text: str, *, demo: str | None = None, environment: dict[str, str] | None = None) -> Plan:
    path = folder / "agencies.toml"
    path.write_text(text, "utf-8")
    day = date.fromisoformat(demo) if demo else None
    return read_plan(
        path, procedures=OFFERED, demo_date=day, environment=SECRET if environment is None else environment
    )


def mistakes(folder: Path, text: str, **more: Any) -> tuple[str, ...]:
    with pytest.raises(AgenciesUnusable) as unusable:
        read(folder, text, **more)
    assert all(line.startswith(f"{folder / 'agencies.toml'}: ") for line in str(unusable.value).splitlines())
    return unusable.value.mistakes


# -- the file --------------------------------------------------------------------------------------------------------


def test_the_example_is_right():
    plan = read_plan(EXAMPLE, procedures=OFFERED, demo_date=None, environment=SECRET)
    assert plan.described() == {"default": "export", "elternentschaedigung": "fitconnect"}
    connection = plan.connections["elternentschaedigung", None]
    assert (connection.profile, connection.client_secret, connection.sandbox) == ("v2", "only-for-tests", False)


def test_every_member_of_a_connection_arrives(tmp_path):
    (tmp_path / "secret").write_text("from a file\n", "utf-8")
    text = REAL.replace('client_secret_variable = "FITCONNECT_SECRET"', 'client_secret_file = "secret"')
    connection = read(tmp_path, text).connections["foerderung", None]
    assert connection.client_secret == "from a file"
    assert connection.service.identifier == "urn:de:fim:leika:leistung:99000000000000"
    assert "from a file" not in repr(connection)


def test_without_a_file_a_demonstration_practises_and_all_else_is_prepared():
    assert plan_without_file(None).described() == {"default": "export"}
    assert plan_without_file(date(2020, 6, 2)).described() == {"default": "sandbox"}


def test_every_mistake_is_told_at_once(tmp_path):
    text = """
    surprise = 1
    [default]
    way = "fax"
    """
    assert "surprise: is unknown here" in mistakes(tmp_path, text)
    text = """
    [default]
    way = "fax"
    [procedures.foerderun]
    way = "export"
    [procedures.foerderung.municipalities.musterstatt]
    way = "export"
    [procedures.elternentschaedigung]
    """
    assert mistakes(tmp_path, text) == (
        'default: way is one of "export", "sandbox", "fitconnect"',
        "procedures.foerderun: there is no procedure 'foerderun'; did you mean 'foerderung'?",
        "procedures.foerderung.municipalities.musterstatt: 'foerderung' has no municipality 'musterstatt'; "
        "did you mean 'musterstadt'?",
        'procedures.elternentschaedigung: way is missing: "export", "sandbox" or "fitconnect"',
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("service = {", "ervice = {", "procedures.foerderung.service: is missing"),
        ("identifier =", "identifer =", "procedures.foerderung.service.identifier: is missing"),
        ("urn:de:", "de:", "procedures.foerderung.service.identifier: String should match"),
        ("https://api", "http://api", "procedures.foerderung.submission_api: must begin with https://"),
        ("https://auth", "http://127.0.0.1", "procedures.foerderung.token_url: must begin with https://"),
        ("https://auth", "https://me:secret@auth", "procedures.foerderung.token_url: holds more than host and path"),
        ("https://auth", "auth", "procedures.foerderung.token_url: is no address like"),
        ("5c1f7b1e", "xyz", "procedures.foerderung.destination: String should match"),
        ("client_secret_variable", "client_secret", "procedures.foerderung.client_secret: is unknown here"),
        ('"FITCONNECT_SECRET"', '"NOTHING"', "client_secret_variable: the environment has no NOTHING"),
        ("client_secret_variable", "client_secret_file", "client_secret_file: FITCONNECT_SECRET cannot be read"),
        ("client_id", "allow_self_signed = true\nclient_id", "allow_self_signed: only where test_system = true"),
    ],
)
def test_a_mistake_is_told_with_its_key_path(tmp_path, old, new, told):
    found = mistakes(tmp_path, REAL.replace(old, new, 1))
    assert any(told in line for line in found), found
    assert "only-for-tests" not in str(found)


def test_a_secret_in_the_file_is_refused_and_never_repeated(tmp_path):
    found = mistakes(
        tmp_path, REAL.replace('client_secret_variable = "FITCONNECT_SECRET"', 'client_secret = "hushhush"')
    )
    assert found
    assert "hushhush" not in str(found)


def test_a_demonstration_never_sends_to_a_real_agency(tmp_path):
    (told,) = mistakes(tmp_path, REAL, demo="2020-06-02")
    assert told.startswith("procedures.foerderung: a demonstration never sends to a real agency")
    test_system = REAL.replace("client_id", "test_system = true\nclient_id", 1)
    assert read(tmp_path, test_system, demo="2020-06-02").connections["foerderung", None].sandbox


def test_the_sandbox_without_a_demonstration_must_be_wanted(tmp_path):
    (told,) = mistakes(tmp_path, '[default]\nway = "sandbox"\n')
    assert told.startswith("default.way: the sandbox is for demonstrations")
    wanted = 'sandbox_without_demo = true\n[default]\nway = "sandbox"\n'
    assert read(tmp_path, wanted).has_sandbox
    assert read(tmp_path, '[default]\nway = "sandbox"\n', demo="2020-06-02").has_sandbox


def test_what_is_no_toml_or_not_there(tmp_path):
    assert "is no TOML" in mistakes(tmp_path, "[default")[0]
    assert re.search(r"line \d+", mistakes(tmp_path, "[default]\nway = \n")[0])
    with pytest.raises(AgenciesUnusable, match="No such file"):
        read_plan(tmp_path / "nowhere.toml", procedures=OFFERED, demo_date=None, environment={})


# -- the way ---------------------------------------------------------------------------------------------------------


class Side:
    """An agency's side that remembers what came to it."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.closed = False

    async def step(self, parcel: Parcel) -> Delivery:
        self.came.append(parcel.key)
        return Delivery("announced", {"submission_id": "x"}, 0)

    async def close(self) -> None:
        self.closed = True


def parcel(procedure: str, municipality: str | None = None, **more: Any) -> Parcel:
    return Parcel("AL-0000-0000:1", "AL-0000-0000", "application", {}, {}, procedure, municipality, **more)


MUNICIPAL = """
[default]
way = "export"
[procedures.foerderung]
way = "sandbox"
[procedures.foerderung.municipalities.neustadt]
way = "export"
"""


def test_the_most_exact_entry_counts(tmp_path):
    plan = read(tmp_path, MUNICIPAL, demo="2020-06-02")
    export, sandbox = Side(), Side()
    ways = Ways(plan, {"export": export})
    ways.open("sandbox", sandbox)
    for sent in (parcel("foerderung", "musterstadt"), parcel("foerderung"), parcel("foerderung", "neustadt")):
        asyncio.run(ways.step(sent))
    asyncio.run(ways.step(parcel("elternentschaedigung")))
    assert (len(sandbox.came), len(export.came)) == (2, 2)


def test_a_submission_under_way_stays_on_its_way(tmp_path):
    export, sandbox = Side(), Side()
    before = Ways(read(tmp_path, MUNICIPAL, demo="2020-06-02"), {"export": export, "sandbox": sandbox})
    proof = asyncio.run(before.step(parcel("foerderung"))).proof
    assert proof == {"submission_id": "x", "way": "sandbox"}
    after = Ways(Plan(), {"export": export, "sandbox": sandbox})
    asyncio.run(after.step(parcel("foerderung", state="announced", proof=proof)))
    assert (len(sandbox.came), len(export.came)) == (2, 0)


def test_a_way_that_is_gone_is_waited_for():
    ways = Ways(Plan(), {"export": Side()})
    with pytest.raises(AgencyUnavailable) as gone:
        asyncio.run(ways.step(parcel("foerderung", proof={"way": "sandbox"})))
    assert gone.value.retry_after


def test_each_destination_has_a_client_of_its_own(tmp_path):
    plan = read(tmp_path, REAL)
    assert name(plan, plan.key("foerderung", None)) == "fitconnect:5c1f7b1e-0000-4000-8000-000000000000"
    assert name(plan, plan.key("elternentschaedigung", None)) == "export"


def test_all_ways_are_closed_at_the_end():
    side = Side()
    ways = Ways(Plan(), {})
    ways.open("sandbox", side, side.close)
    asyncio.run(ways.close())
    assert side.closed
