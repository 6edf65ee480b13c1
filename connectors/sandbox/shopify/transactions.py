"""Money that changed hands for an order, by Shopify Payments, and what it kept of that."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from connectors.sandbox.shopify.orders import Order, money
from connectors.sandbox.shopify.store import Store
from connectors.shopify.fees import FEES

[CARD] = FEES


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionFee:
    """What processing a card cost."""

    id: str
    paid: Decimal
    currency: str
    type: str = "processing_fee"
    rate_name: str = "Domestic"
    flat_fee_name: str = "Per transaction"

    @property
    def rate(self) -> Decimal:
        """The share of the amount, in percent."""
        return CARD.percent

    @property
    def flat_fee(self) -> dict[str, Any]:
        """What each transaction costs, whatever its amount."""
        return self._money(Decimal(CARD.fixed.amount) if CARD.fixed else Decimal(0))

    @property
    def amount(self) -> dict[str, Any]:
        """Both of them."""
        share = self.paid * CARD.percent / 100
        return self._money(round(share + self.flat_fee["amount"], 2))

    @property
    def tax_amount(self) -> dict[str, Any]:
        """No tax is charged on fees here."""
        return self._money(Decimal(0))

    def _money(self, amount: Decimal) -> dict[str, Any]:
        return {"amount": amount, "currency_code": self.currency}


@dataclass(eq=False, kw_only=True)
class OrderTransaction:
    """A payment, or money going back. It succeeded."""

    id: str
    order: Order
    kind: Literal["SALE", "REFUND"]
    created_at: datetime
    amount: Decimal
    fees: tuple[TransactionFee, ...]
    status: str = "SUCCESS"
    gateway: str = "shopify_payments"
    test: bool = False

    @property
    def processed_at(self) -> datetime:
        """At once."""
        return self.created_at

    @property
    def amount_set(self) -> dict[str, Any]:
        """The amount; that of a refund is not below zero."""
        return money(self.amount, self.order.currency_code)


def pay(store: Store, order: Order) -> None:
    """Take what an order costs, less the fee."""
    currency = order.currency_code
    fee = TransactionFee(id=store.new_id("TransactionFee"), paid=order.total, currency=currency)
    _transact(store, order, "SALE", order.total, fee)


def give_back(store: Store, order: Order, amount: Decimal) -> None:
    """Pay money back; the fee of the sale is kept."""
    if amount:
        _transact(store, order, "REFUND", amount)


def _transact(
    store: Store,
    order: Order,
    kind: Literal["SALE", "REFUND"],
    amount: Decimal,
    *fees: TransactionFee,
) -> None:
    order.transaction_list.append(
        store.add(
            OrderTransaction(
                id=store.new_id("OrderTransaction"),
                order=order,
                kind=kind,
                created_at=store.now(),
                amount=amount,
                fees=fees,
            )
        )
    )
