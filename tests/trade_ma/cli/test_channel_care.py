"""A channel is paused, resumed and given other credentials by hand, and the trail tells of it."""

from pathlib import Path

from sqlmodel import col, select
from typer.testing import CliRunner

from jobs.models import Channel
from tests.trade_ma.conftest import Practice
from trade_ma.cli import main
from trade_ma.identity.models import AuditEntry


def trail(practice: Practice) -> list[tuple[str, str, object]]:
    with practice.app.session() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [(one.action, one.object, one.after) for one in entries]


def sealed(practice: Practice) -> bytes:
    with practice.app.session() as session:
        return session.exec(select(Channel)).one().sealed_credentials


def test_a_channel_is_paused_with_a_reason_and_resumed(practice: Practice) -> None:
    pause = ("channels", "pause", "shopify-us", "--reason", "the shop is on holiday")
    told = {"code": "shopify-us", "paused": "the shop is on holiday", "was_paused": None}
    assert practice.json(*pause, "--dry-run") == told | {"written": False}
    assert practice.json("channels", "list")[0]["paused"] is None
    assert practice.json(*pause) == told | {"written": True}
    assert practice.json("sync", code=1)["channels"] == []
    assert practice.json("channels", "resume", "shopify-us") == {
        "code": "shopify-us",
        "was_paused": "the shop is on holiday",
        "written": True,
    }
    assert practice.json("channels", "list")[0]["paused"] is None
    assert trail(practice) == [
        ("channel.pause", "channel:shopify-us", {"paused": "the shop is on holiday"}),
        ("channel.resume", "channel:shopify-us", {"was_paused": "the shop is on holiday"}),
    ]


def test_a_pause_without_a_reason_is_none(practice: Practice) -> None:
    result = practice.run("channels", "pause", "shopify-us", "--reason", " ", code=2)
    assert "--reason" in result.stderr
    assert practice.json("channels", "list")[0]["paused"] is None


def test_credentials_are_read_from_a_file_and_heal_a_paused_channel(
    bare: Practice, tmp_path: Path
) -> None:
    bare.add_channel(client_secret="nobody-knows-it")
    bare.json("sync", code=1)
    file = tmp_path / "credentials"
    file.write_text("".join(f"{k}={v}\n" for k, v in bare.market.credentials.items()))
    enter = ("channels", "credentials", "shopify-us", "--from-file", str(file))
    names = sorted(bare.market.credentials)
    before = sealed(bare)
    assert bare.json(*enter, "--dry-run") == {
        "code": "shopify-us",
        "names": names,
        "written": False,
    }
    assert sealed(bare) == before
    assert bare.json(*enter) == {"code": "shopify-us", "names": names, "written": True}
    assert bare.json("channels", "check") == [
        bare.json("channels", "check")[0] | {"code": "shopify-us"}
    ]
    assert bare.json("channels", "list")[0]["paused"] is None
    assert trail(bare) == [("channel.credentials", "channel:shopify-us", {"names": names})]


def test_credentials_that_are_asked_for_are_not_shown(bare: Practice) -> None:
    bare.add_channel(client_secret="nobody-knows-it")
    given = bare.market.credentials
    entered = "".join(f"{given[name]}\n" for name in ("shop", "client_id", "client_secret"))
    result = CliRunner().invoke(main, ["channels", "credentials", "shopify-us"], input=entered)
    assert (result.exit_code, given["client_secret"] in result.output) == (0, False)
    assert "error" not in bare.json("channels", "check")[0]


def test_what_is_missing_is_named_and_nothing_is_sealed(practice: Practice) -> None:
    before = sealed(practice)
    enter = ["channels", "credentials", "shopify-us", "--from-file", "-"]
    result = CliRunner().invoke(main, enter, input="shop=x\n")
    assert (result.exit_code, "client_secret" in result.stderr) == (2, True)
    assert (sealed(practice), trail(practice)) == (before, [])
