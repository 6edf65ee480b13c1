"""Imports over HTTP: from the upload to the catalog, by whom, and what is refused."""

import csv
import io
import json
import time
import zipfile
from http import HTTPStatus
from typing import Any

import httpx
import jsonschema
import pytest
from openpyxl import load_workbook
from PIL import Image
from sqlmodel import select

from catalog.models import Maker, Product, Variant
from jobs.import_models import ImportRun, ImportState
from tests.trade_ma.api.conftest import House
from trade_ma.api import safeguards
from trade_ma.identity.models import AuditEntry
from trade_ma.identity.permissions import Role

ROWS = (
    "Référence;Désignation;Prix;Quantité;Photos\n"
    "A;Tapis;100;1;tapis-1.jpg, absente.jpg\n"
    "B;=HYPERLINK(1);cher;1;\n"
)
API = "/api/v1/imports"
PATIENCE = 30.0


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "JPEG")
    return content.getvalue()


def send(
    client: httpx.Client, rows: str = ROWS, name: str = "catalogue.csv", **form: str
) -> dict[str, Any]:
    files = [("file", (name, rows.encode())), ("photos", ("TAPIS-1.jpg", picture()))]
    answer = client.post(API, files=files, data=form)
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    made: dict[str, Any] = answer.json()
    return made


def when_done(client: httpx.Client, run_id: int) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        run: dict[str, Any] = client.get(f"{API}/{run_id}").json()
        if run["state"] not in {"checking", "applying"}:
            return run
        time.sleep(0.05)
    raise AssertionError("the import is not done")


def check(client: httpx.Client, run_id: int) -> dict[str, Any]:
    answer = client.post(f"{API}/{run_id}/check", json={})
    assert (answer.status_code, answer.json()["state"]) == (202, "checking")
    return when_done(client, run_id)


def test_a_maker_brings_a_file_with_its_photos_into_the_catalog(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    assert (run["state"], run["file_name"], run["maker_id"]) == ("uploaded", "catalogue.csv", 1)
    checked = check(maker, run["id"])
    assert (checked["state"], checked["totals"]) == (
        "checked",
        {
            "accepted": 1,
            "rejected": 1,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "photos_named": 2,
            "photos_missing": 1,
        },
    )
    assert maker.post(f"{API}/{run['id']}/apply").status_code == HTTPStatus.ACCEPTED
    assert maker.post(f"{API}/{run['id']}/apply").status_code == HTTPStatus.ACCEPTED
    assert when_done(maker, run["id"])["state"] == "applied"
    assert maker.post(f"{API}/{run['id']}/apply").json()["state"] == "applied"
    with house.installation.session() as session:
        assert session.exec(select(Product.code)).all() == ["A"]
        actions = session.exec(select(AuditEntry.action).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]  # a column
    assert actions == ["import.upload", "import.check", "import.apply"]


def test_each_row_s_errors_are_told_in_the_language_asked_for(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    check(maker, run["id"])
    query = {"standing": "refused", "language": "ar"}
    rows = maker.get(f"{API}/{run['id']}/rows", params=query).json()
    assert [(row["row"], row["record"], row["sku"]) for row in rows["items"]] == [(2, 3, "B")]
    assert rows["items"][0]["problems"][0] == {
        "code": "bad_price",
        "refuses": True,
        "field": "price",
        "cell": "C3 (Prix)",
        "value": "cher",
        "message": "الخلية C3 (Prix): «cher» ليس ثمنا. اكتب مبلغا واحدا، مثلا 1250,00.",
    }


def test_photos_are_matched_to_rows_with_advice(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    check(maker, run["id"])
    [photo] = maker.get(f"{API}/{run['id']}/photos").json()["items"]
    assert (photo["name"], photo["usable"], photo["row"], photo["sku"]) == (
        "TAPIS-1.jpg",
        True,
        1,
        "A",
    )
    assert [one["code"] for one in photo["advice"]] == ["too_dark"]


def test_more_photos_come_later_in_an_archive_and_ask_for_another_check(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    check(maker, run["id"])
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("photos/absente.jpg", picture())
    files = [("photos", ("photos.zip", content.getvalue()))]
    added = maker.post(f"{API}/{run['id']}/photos", files=files)
    assert [one["name"] for one in added.json()] == ["absente.jpg"]
    assert maker.post(f"{API}/{run['id']}/apply").json()["code"] == "import-state"
    assert check(maker, run["id"])["totals"]["photos_missing"] == 0


def test_an_archive_that_leads_out_is_refused(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("../../x.jpg", picture())
    files = [("file", ("f.csv", ROWS.encode())), ("photos", ("p.zip", content.getvalue()))]
    answer = maker.post(API, files=files)
    assert (answer.status_code, answer.json()["code"]) == (422, "refused_upload-unsafe_archive")
    assert maker.get(API).json()["items"] == []


def test_columns_are_shown_with_samples_and_corrected(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker, "Truc;Machin;Coût\nA;Tapis;100\n")
    address = f"{API}/{run['id']}/columns"
    before = maker.get(address)
    assert before.json()["header_found"] is False
    assert before.json()["columns"][2] == {
        "letters": "C",
        "title": "Coût",
        "field": None,
        "samples": ["100"],
    }
    mapping = {"Truc": "sku", "Machin": "title", "Coût": "price"}
    assert maker.put(address, json={"mapping": mapping}).status_code == 428
    wrong = {"mapping": {"Truc": "nothing of ours"}}
    tag = {"If-Match": before.headers["etag"]}
    assert maker.put(address, json=wrong, headers=tag).status_code == 422
    after = maker.put(address, json={"mapping": mapping}, headers=tag)
    assert [one["field"] for one in after.json()["columns"]] == ["sku", "title", "price"]
    assert check(maker, run["id"])["totals"]["created"] == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_file_comes_back_harmless_with_its_errors_behind(house: House, form: str) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    early = maker.get(f"{API}/{run['id']}/file")
    assert (early.status_code, early.json()["code"]) == (409, "import-state")
    check(maker, run["id"])
    answer = maker.get(f"{API}/{run['id']}/file", params={"format": form, "language": "fr"})
    if form == "csv":
        rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet
        rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["Référence", "Désignation", "Prix", "Quantité", "Photos", "Erreurs"]
    assert rows[2][:4] == ["B", "'=HYPERLINK(1)", "cher", "1"]
    assert rows[2][5].startswith("Cellule C3 (Prix) : « cher » n'est pas un prix.")


def test_an_import_is_followed_until_it_is_done(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    maker.post(f"{API}/{run['id']}/check", json={})
    with maker.stream("GET", f"{API}/{run['id']}/events") as answer:
        told = answer.read().decode()
    assert answer.headers["content-type"].startswith("text/event-stream")
    *progress, done = told.strip().split("\n\n")
    last = json.loads(progress[-1].partition("data: ")[2])
    assert (last["state"], done) == ("checked", "event: done\ndata:")


@pytest.mark.parametrize("path", ["/api/v1/imports/{import_id}/events", "/api/v1/syncs/events"])
def test_an_event_is_as_the_document_describes_it(house: House, path: str) -> None:
    document = house.client().get("/api/v1/openapi.json").json()
    answer = document["paths"][path]["get"]["responses"]["200"]
    schema = answer["content"]["text/event-stream"]["schema"]
    jsonschema.validate({"event": "progress", "data": "{}"}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"event": "another", "data": "{}"}, schema)


def test_another_maker_s_import_does_not_exist(house: House) -> None:
    with house.installation.session() as session:
        session.add(other := Maker(slug="other", name="Other"))
        session.commit()
        other_id = str(other.id)
    admin = house.signed_in(Role.ADMIN)
    run = send(admin, maker_id=other_id)
    everybodys = send(admin)
    maker = house.signed_in(Role.MAKER)
    own = send(maker)
    address = f"{API}/{run['id']}"
    asked = [
        maker.get(address),
        maker.delete(address),
        maker.get(f"{address}/photos"),
        maker.post(f"{address}/photos", files=[("photos", ("x.jpg", picture()))]),
        maker.get(f"{address}/columns"),
        maker.put(f"{address}/columns", json={"mapping": {}}),
        maker.post(f"{address}/check", json={}),
        maker.post(f"{address}/apply"),
        maker.get(f"{address}/rows"),
        maker.get(f"{address}/file"),
        maker.get(f"{address}/events"),
        maker.get(f"{API}/{everybodys['id']}"),
    ]
    assert {answer.status_code for answer in asked} == {404}
    assert [one["id"] for one in maker.get(API).json()["items"]] == [own["id"]]
    assert [one["id"] for one in admin.get(API).json()["items"]] == [
        own["id"],
        everybodys["id"],
        run["id"],
    ]


def test_a_maker_sends_for_nobody_else(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    files = [("file", ("f.csv", ROWS.encode()))]
    assert maker.post(API, files=files, data={"maker_id": "999"}).status_code == 422


def test_a_row_takes_no_product_of_another_maker_and_does_not_say_whose_it_is(
    house: House,
) -> None:
    with house.installation.session() as session:
        session.add(other := Maker(slug="secret-atelier", name="Other"))
        session.flush()
        session.add(product := Product(maker_id=other.id or 0, code="A", title="Kept"))
        session.flush()
        session.add(Variant(product_id=product.id or 0, sku="A", price_minor=1))
        session.commit()
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    assert check(maker, run["id"])["totals"]["accepted"] == 0
    assert "secret" not in maker.get(f"{API}/{run['id']}/rows").text
    assert "secret" not in maker.get(f"{API}/{run['id']}/file?format=csv").text


@pytest.mark.parametrize("name", ["../../../x.csv", "/etc/cron.d/x", "n" * 3000, "..", "a%00b"])
def test_a_file_s_name_is_shown_and_never_opened(house: House, name: str) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker, name=name)
    assert "/" not in run["file_name"]
    assert len(run["file_name"]) <= 200
    folder = house.installation.settings.data_dir / "imports"
    files = sorted(len(path.name) for path in folder.rglob("*") if path.is_file())
    assert files == [len("table"), 64]


def test_a_huge_body_is_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safeguards, "LARGEST_UPLOAD", 1 << 20)
    maker = house.signed_in(Role.MAKER)
    files = [("file", ("f.csv", bytes(2 << 20)))]
    answer = maker.post(API, files=files)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_table_that_is_too_large_is_refused(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    answer = maker.post(API, files=[("file", ("f.csv", b"x" * (33 << 20)))])
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_an_import_whose_process_was_killed_says_so(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    with house.installation.session() as session:
        row = session.get_one(ImportRun, run["id"])
        row.state, row.worker = ImportState.APPLYING, "imports-7"
        session.add(row)
        session.commit()
    failed = maker.get(f"{API}/{run['id']}").json()
    assert (failed["state"], failed["failure"]["code"]) == (
        "failed",
        "import_failed.interrupted",
    )
    assert check(maker, run["id"])["state"] == "checked"


def test_what_is_no_table_fails_in_words(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker, "no table at all")
    failed = check(maker, run["id"])
    assert (failed["state"], failed["failure"]["code"]) == ("failed", "no_header.it")


def test_an_import_is_forgotten_with_its_files(house: House) -> None:
    maker = house.signed_in(Role.MAKER)
    run = send(maker)
    assert maker.delete(f"{API}/{run['id']}").status_code == HTTPStatus.NO_CONTENT
    assert maker.get(f"{API}/{run['id']}").status_code == HTTPStatus.NOT_FOUND
    assert list((house.installation.settings.data_dir / "imports").iterdir()) == []
