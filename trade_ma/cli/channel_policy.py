"""trade-ma channels policy: what is decided about a channel, shown and changed."""

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from jobs import policies
from trade_ma.cli.app import Fail, out, print_json
from trade_ma.cli.options import DryRunOption, JsonOption, channels_named, pairs
from trade_ma.installation import open_app

# What may have dots itself stands last: price.fixed.SKU.
DEPTH = 3


def policy(
    code: Annotated[str, typer.Argument(help="The channel.")],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="NAME=VALUE, such as price.margin=20; VALUE may be JSON."),
    ] = None,
    unset: Annotated[
        list[str] | None, typer.Option(help="A name that goes back to its default; repeated.")
    ] = None,
    from_: Annotated[
        typer.FileText | None,
        typer.Option("--from", help="A JSON file: the whole policy; - reads standard input."),
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show a channel's policy, or change it: the next sync follows it."""
    with open_app().session() as session:
        [channel] = channels_named(session, [code])
        before = channel.policy
        after = _whole(from_) if from_ else copy.deepcopy(before)
        for name, value in pairs(set_).items():
            _set(after, name, value)
        for name in unset or ():
            _unset(after, name)
        try:
            policies.check(channel, after)
        except (LookupError, ValueError) as error:
            raise Fail(f"{code} keeps its policy: {error}") from error
        channel.policy = after
        if not dry_run:
            session.commit()
    told = {"code": code, "policy": after, "changed": after != before}
    print_json(told) if as_json else _print(told, dry_run=dry_run)


def _whole(file: typer.FileText) -> dict[str, Any]:
    try:
        read = json.load(file)
    except ValueError as error:
        raise Fail(f"{file.name} is not JSON: {error}") from error
    if not isinstance(read, dict):
        raise Fail(f"{file.name} holds no JSON object")
    return read


def _set(whole: dict[str, Any], path: str, text: str) -> None:
    *parents, last = path.split(".", DEPTH - 1)
    for name in parents:
        inner = whole.setdefault(name, {})
        if not isinstance(inner, dict):
            raise Fail(f"{path}: {name} is a value, nothing stands in it")
        whole = inner
    whole[last] = _value(text)


def _value(text: str) -> Any:
    """JSON where it is some, such as 20 or ["0.99"]; the text itself otherwise."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _unset(whole: dict[str, Any], path: str) -> None:
    *parents, last = path.split(".", DEPTH - 1)
    for name in parents:
        whole = whole.get(name, {}) if isinstance(whole, dict) else {}
    if not isinstance(whole, dict) or last not in whole:
        raise Fail(f"the policy sets no {path}")
    del whole[last]


def _print(told: Mapping[str, Any], *, dry_run: bool) -> None:
    out.print(f"[bold]{escape(told['code'])}[/]")
    for name, value in _flat(told["policy"]):
        out.print(f"  {escape(name)} = {escape(json.dumps(value, ensure_ascii=False))}")
    if told["changed"]:
        out.print("Nothing was changed: a rehearsal" if dry_run else "Changed")


def _flat(value: Mapping[str, Any], above: Sequence[str] = ()) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, part in value.items():
        path = (*above, name)
        rows += _flat(part, path) if isinstance(part, Mapping) else [(".".join(path), part)]
    return rows
