"""Texts over HTTP: read, accepted by who has seen them, in a file, and by their own maker."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from sqlmodel import Session, select

from catalog.models import Maker, Product
from catalog.translation.exchange import from_csv
from catalog.translation.models import Segment, Translation
from jobs.texts import register
from tests.trade_ma.api.conftest import House
from trade_ma.identity.models import User
from trade_ma.identity.permissions import Role

TEXTS = "/api/v1/texts"
WORDS = {"A-1": "Tapis de laine 200x300", "A-2": "Théière en cuivre", "B-1": "Tapis rouge"}


@pytest.fixture
def house(house: House) -> House:
    """Two makers; the first one's rug and the other's teapot have a machine's English."""
    with house.installation.session() as session:
        for slug, codes in (("tazenakht", ("A-1", "A-2")), ("fes", ("B-1",))):
            maker = Maker(slug=slug, name=slug.title())
            session.add(maker)
            session.flush()
            for code in codes:
                product(session, maker, code, WORDS[code])
        register(session)
        said(session, WORDS["A-1"], "Wool rug 200x300")
        said(session, WORDS["B-1"], "Red rug")
        session.commit()
    return house


def product(session: Session, maker: Maker, code: str, title: str) -> None:
    session.add(Product(maker_id=maker.id or 0, code=code, title=title, language="fr"))
    session.flush()


def said(session: Session, source: str, text: str) -> None:
    segment = session.exec(select(Segment).where(Segment.text == source)).one()
    session.add(Translation(segment_id=segment.id or 0, language="en", text=text, engine="x"))


def maker_of(house: House) -> httpx.Client:
    """A browser of the first maker, who is there already."""
    with house.installation.session() as session:
        maker = session.exec(select(Maker).where(Maker.slug == "tazenakht")).one()
        session.expunge(maker)
    with house.installation.session() as session:
        session.add(User(name="ida", role=Role.MAKER, maker_id=maker.id))
        session.commit()
    return house.at_the_door("ida")


def listed(client: httpx.Client, **asked: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(TEXTS, params={"language": "en", **asked}).json()[
        "items"
    ]
    return items


def one(client: httpx.Client, source: str) -> dict[str, Any]:
    [found] = [text for text in listed(client) if text["source"] == source]
    return found


def post(client: httpx.Client, text: Mapping[str, Any], verb: str, **body: Any) -> httpx.Response:
    headers = {"If-Match": f'"{text["version"]}"'}
    return client.post(f"{TEXTS}/{text['id']}/{verb}", json=body, headers=headers)


def test_a_list_goes_page_by_page_and_tells_how_texts_stand(admin: httpx.Client) -> None:
    first = admin.get(TEXTS, params={"language": ["en", "de"], "limit": 4}).json()
    last = admin.get(
        TEXTS, params={"language": ["en", "de"], "limit": 4, "cursor": first["next"]}
    ).json()
    told = [(text["product"], text["language"], text["state"]) for text in first["items"]]
    told += [(text["product"], text["language"], text["state"]) for text in last["items"]]
    assert sorted(told) == [
        ("A-1", "de", "missing"),
        ("A-1", "en", "machine"),
        ("A-2", "de", "missing"),
        ("A-2", "en", "missing"),
        ("B-1", "de", "missing"),
        ("B-1", "en", "machine"),
    ]
    assert last["next"] is None
    assert [text["product"] for text in listed(admin, state="machine", maker="fes")] == ["B-1"]
    assert [text["product"] for text in listed(admin, product="A-2")] == ["A-2"]


@pytest.mark.parametrize("states", [["missing", "machine"], ["machine", "held"], ["missing"]])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_follow_one_another_up_and_down(
    admin: httpx.Client, states: list[str], limit: int
) -> None:
    def pages(sort: str) -> list[str]:
        asked: dict[str, Any] = {"language": ["en", "de"], "state": states, "sort": sort}
        seen: list[str] = []
        while True:
            page = admin.get(TEXTS, params={**asked, "limit": limit}).json()
            seen += [text["id"] for text in page["items"]]
            if page["next"] is None:
                return seen
            asked["cursor"] = page["next"]

    up = pages("id")
    whole = [text["id"] for text in listed(admin, language=["en", "de"], state=states)]
    assert (up, pages("-id")) == (whole, whole[::-1])
    assert whole


def test_a_product_that_did_not_change_lately_has_its_texts_where_they_are_asked_for(
    house: House, admin: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trade_ma.api.routers.texts.CUT_AT_ONCE", 1)
    with house.installation.session() as session:
        maker = session.exec(select(Maker).where(Maker.slug == "fes")).one()
        for code in ("C-1", "C-2", "C-3"):
            product(session, maker, code, f"Plateau {code}")
        session.commit()
    assert [text["product"] for text in listed(admin, product="C-1")] == ["C-1"]


def test_one_text_tells_what_was_said_of_texts_like_it(house: House, admin: httpx.Client) -> None:
    post(admin, one(admin, WORDS["A-1"]), "accept")
    with house.installation.session() as session:
        maker = session.exec(select(Maker).where(Maker.slug == "fes")).one()
        product(session, maker, "B-2", "Tapis de laine 200x301")
        session.commit()
    text = one(admin, "Tapis de laine 200x301")
    answer = admin.get(f"{TEXTS}/{text['id']}")
    assert answer.headers["ETag"] == f'"{text["version"]}"'
    assert answer.json()["alike"] == [{"source": WORDS["A-1"], "translation": "Wool rug 200x300"}]


def test_a_text_is_accepted_corrected_and_rejected_by_who_has_seen_it(admin: httpx.Client) -> None:
    seen = one(admin, WORDS["A-1"])
    bare = admin.post(f"{TEXTS}/{seen['id']}/accept", json={})
    accepted = post(admin, seen, "accept", translation="Woollen rug 200x300")
    late = post(admin, seen, "reject")
    rejected = post(admin, accepted.json(), "reject")
    assert [bare.status_code, accepted.status_code, late.status_code] == [428, 200, 412]
    assert (accepted.json()["state"], rejected.json()["state"]) == ("reviewed", "rejected")
    entries = admin.get("/api/v1/audit").json()["items"]
    assert [(entry["action"], entry["object"]) for entry in entries] == [
        ("text.reject", f"text:{seen['id']}"),
        ("text.accept", f"text:{seen['id']}"),
    ]


def test_what_fails_a_check_is_refused_in_words_and_may_be_taken_anyway(
    admin: httpx.Client,
) -> None:
    seen = one(admin, WORDS["A-1"])
    refused = post(admin, seen, "accept", translation="Wool rug 200x30")
    assert (refused.status_code, refused.json()["code"]) == (409, "failed-checks")
    assert "the source says 300" in refused.json()["detail"]
    taken = post(admin, seen, "accept", translation="Wool rug 200x30", accept_anyway=True)
    assert [found["code"] for found in taken.json()["findings"]] == ["number_lost", "number_added"]


def test_a_text_that_nobody_translated_cannot_be_accepted_as_it_stands(admin: httpx.Client) -> None:
    answer = post(admin, one(admin, WORDS["A-2"]), "accept")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_many_are_accepted_together_or_none_and_rehearsed_before(admin: httpx.Client) -> None:
    versions = [{"version": text["version"]} for text in listed(admin, state="machine")]
    rehearsed = admin.post(f"{TEXTS}/accept", json={"items": versions, "dry_run": True})
    assert [text["state"] for text in rehearsed.json()["items"]] == ["reviewed", "reviewed"]
    stale = [*versions, {"version": versions[0]["version"][:-12] + "0" * 12}]
    refused = admin.post(f"{TEXTS}/accept", json={"items": stale})
    assert [error["field"] for error in refused.json()["errors"]] == ["body.items.2"]
    assert len(listed(admin, state="machine")) == 2
    endless = [{"version": "4484286434355808109709-en.000000000000.000000000000"}]
    assert admin.post(f"{TEXTS}/accept", json={"items": endless}).status_code == 422
    done = admin.post(f"{TEXTS}/accept", json={"items": versions})
    assert (done.status_code, listed(admin, state="machine")) == (200, [])


def test_a_file_goes_out_and_comes_back(admin: httpx.Client) -> None:
    asked = {"language": "en", "state": "machine"}
    xliff = admin.get(f"{TEXTS}/export", params=asked)
    table = admin.get(f"{TEXTS}/export", params={**asked, "format": "csv"})
    assert (xliff.content.count(b"<trans-unit"), len(from_csv(table.content))) == (2, 2)
    edited = table.content.replace(b"Red rug", b"A red rug")
    files = {"file": ("texts.csv", edited)}
    rehearsed = admin.post(f"{TEXTS}/import", params={"dry_run": True}, files=files).json()
    told = admin.post(f"{TEXTS}/import", files=files).json()
    assert told == {**rehearsed, "dry_run": False}
    assert ([item["verdict"] for item in told["items"]], told["unchanged"]) == (["reviewed"], 1)
    again = admin.post(f"{TEXTS}/import", files={"file": ("texts.xlf", b"no file of ours")})
    assert (again.status_code, again.json()["code"]) == (422, "invalid")


def test_a_maker_reads_and_judges_only_what_is_theirs(house: House) -> None:
    ida = maker_of(house)
    assert [text["product"] for text in listed(ida)] == ["A-1", "A-2"]
    manager = house.signed_in(Role.MANAGER)
    others = one(manager, WORDS["B-1"])
    assert ida.get(f"{TEXTS}/{others['id']}").status_code == 404
    assert post(ida, others, "accept").status_code == 404
    assert ida.get(TEXTS, params={"maker": "fes"}).status_code == 404
    bulk = ida.post(f"{TEXTS}/accept", json={"items": [{"version": others["version"]}]})
    assert bulk.status_code == 422
    table = manager.get(f"{TEXTS}/export", params={"language": "en", "format": "csv"}).content
    edited = table.replace(b"Red rug", b"A red rug")
    told = ida.post(f"{TEXTS}/import", files={"file": ("texts.csv", edited)}).json()
    assert ([item["verdict"] for item in told["items"]], told["unchanged"]) == (["conflict"], 2)
    assert post(ida, one(ida, WORDS["A-1"]), "accept").status_code == 200


def test_what_another_maker_says_too_is_for_the_cooperative_to_judge(house: House) -> None:
    with house.installation.session() as session:
        maker = session.exec(select(Maker).where(Maker.slug == "fes")).one()
        product(session, maker, "B-2", WORDS["A-1"])
        session.commit()
    ida = maker_of(house)
    text = one(ida, WORDS["A-1"])
    assert (text["shared"], text["product"], text["products"]) == (True, "A-1", 1)
    answer = post(ida, text, "accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "shared-text")


def test_translating_is_asked_for_only_where_an_engine_is_configured(
    house: House, admin: httpx.Client
) -> None:
    assert admin.get(f"{TEXTS}/translation").json() == {
        "engine": "",
        "budget": None,
        "spent": 0,
        "waits": False,
        "at_work": False,
        "left": [],
    }
    answer = admin.post(f"{TEXTS}/translation")
    assert (answer.status_code, answer.json()["code"]) == (409, "no-engine")
    house.installation.settings.translation_engine = "firefox"
    assert admin.post(f"{TEXTS}/translation").json() == {"put": True}
    assert admin.post(f"{TEXTS}/translation").json() == {"put": False}
    assert admin.get(f"{TEXTS}/translation").json()["waits"] is True
