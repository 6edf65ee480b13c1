"""The command line: one verb a task, the same verbs as the admin API."""

import typer

from trade_ma.cli import (
    adopt,
    alerts,
    buyers,
    channel_care,
    channel_policy,
    channels,
    conflicts,
    daemon,
    demo,
    images,
    importing,
    keys,
    order_care,
    orders,
    photo_checks,
    plan,
    price,
    products,
    rates,
    reconcile,
    sandbox,
    serve,
    shipping,
    status,
    stock,
    suggestions,
    sync,
    texts,
    tokens,
    translate,
    users,
    webhooks,
)
from trade_ma.cli.app import Verbs

main = typer.Typer(
    name="trade-ma",
    cls=Verbs,
    help="One catalog of Moroccan craft, sold on the world's marketplaces.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
channels.app.command("policy")(channel_policy.policy)
channels.app.command("pause")(channel_care.pause)
channels.app.command("resume")(channel_care.resume)
channels.app.command("credentials")(channel_care.credentials)
main.add_typer(channels.app, name="channels")
main.command("import")(importing.import_command)
main.command("plan")(plan.plan_command)
main.command("sync")(sync.sync_command)
main.command("reconcile")(reconcile.reconcile_command)
main.add_typer(adopt.app, name="adopt")
main.command("daemon")(daemon.daemon_command)
main.command("worker")(daemon.worker_command)
main.command("status")(status.status_command)
main.command("alerts")(alerts.alerts_command)
main.add_typer(price.app, name="price")
orders.app.command("ship")(shipping.ship)
for verb in (order_care.flag, order_care.unflag, order_care.release):
    orders.app.command(verb.__name__)(verb)
orders.app.command("buyer")(buyers.buyer)
orders.app.command("erase")(buyers.erase)
main.add_typer(orders.app, name="orders")
main.add_typer(conflicts.app, name="conflicts")
main.add_typer(stock.app, name="stock")
main.add_typer(products.app, name="products")
main.add_typer(rates.app, name="rates")
main.add_typer(suggestions.app, name="suggestions")
main.command("translate")(translate.translate_command)
main.add_typer(texts.app, name="texts")
images.app.command("check")(photo_checks.check_command)
main.add_typer(images.app, name="images")
main.add_typer(sandbox.app, name="sandbox")
main.add_typer(webhooks.app, name="webhooks")
main.command("serve")(serve.serve_command)
main.add_typer(users.app, name="users")
main.add_typer(tokens.app, name="tokens")
main.add_typer(keys.app, name="keys")
main.command("demo")(demo.demo)
