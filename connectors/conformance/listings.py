"""Listings: created, changed facet by facet, ended, read back, adopted."""

from contextlib import closing
from dataclasses import replace

import pytest
from moneyed import Money

from connectors.conformance.ground import Ground, PlainPhotos
from connectors.errors import CredentialsRejected
from connectors.protocol import (
    ALL_FACETS,
    Account,
    Change,
    Claimed,
    Connector,
    Draft,
    Facet,
)
from connectors.sandbox.control import ServedMarket
from connectors.told import says


class Listings(Ground):
    """What the core relies on when it creates and changes listings."""

    def test_check_says_who_we_are(self, connector: Connector) -> None:
        assert connector.check().name

    def test_strangers_are_told_so(self, stranger: Connector) -> None:
        with pytest.raises(CredentialsRejected):
            stranger.check()

    def test_a_new_draft_becomes_a_listing_as_drafted(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        pushed = self.push(connector, market, Change(rug, ALL_FACETS))
        assert pushed.facets(rug.key) == ALL_FACETS
        shown, [offer] = self.shown(market, rug), rug.offers
        assert (shown.title, shown.present, len(shown.photos)) == (rug.texts[0].title, True, 2)
        assert [(o.sku, Money(o.price, o.currency), o.available) for o in shown.offers] == [
            (offer.sku, offer.price, offer.available)
        ]

    def test_a_remote_id_is_claimed_before_the_listing_is_done(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        del market
        first = next(iter(connector.push([Change(rug, ALL_FACETS)])))
        assert isinstance(first, Claimed)
        assert first.key == rug.key

    def test_what_was_claimed_is_finished_by_another_worker(
        self, connector: Connector, another: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        begun = connector.push([Change(rug, ALL_FACETS)])
        claimed = next(iter(begun))
        assert isinstance(claimed, Claimed)
        del begun
        pushed = self.push(another, market, Change(rug, ALL_FACETS, claimed.remote))
        assert pushed.facets(rug.key) == ALL_FACETS
        assert (self.shown(market, rug).present, len(market.shown())) == (True, 1)

    def test_variants_have_stock_and_options_of_their_own(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        draft = self.in_sizes(rug, ("38", "39", "40"))
        self.listed(connector, market, draft)
        offers = {
            o.sku: (o.available, "38" in o.options.values())
            for o in self.shown(market, draft).offers
        }
        assert offers == {
            "CONF-RUG-38": (1, True),
            "CONF-RUG-39": (2, False),
            "CONF-RUG-40": (3, False),
        }

    def test_letters_of_every_script_come_through(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        text = replace(
            rug.texts[0],
            title="Tapis brodé à Fès زربية",
            description="Ourlé d'or, « fait main » ✓ زربية",
        )
        draft = replace(rug, texts=(text,))
        self.listed(connector, market, draft)
        shown = self.shown(market, draft)
        assert (shown.title, "زربية" in shown.description) == (text.title, True)

    def test_stock_alone_changes_no_words(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        [remote] = self.listed(connector, market, rug)
        moved = self.reworded(replace(rug, offers=(replace(rug.offers[0], available=2),)))
        self.push(connector, market, Change(moved, frozenset({Facet.STOCK}), remote))
        shown = self.shown(market, rug)
        assert (shown.title, shown.offers[0].available) == (rug.texts[0].title, 2)

    def test_price_alone_changes_no_words_and_no_stock(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        [remote] = self.listed(connector, market, rug)
        dearer = rug.offers[0].price * 2
        moved = self.reworded(replace(rug, offers=(replace(rug.offers[0], price=dearer),)))
        self.push(connector, market, Change(moved, frozenset({Facet.PRICE}), remote))
        shown = self.shown(market, rug)
        [offer] = shown.offers
        assert (shown.title, Money(offer.price, offer.currency), offer.available) == (
            rug.texts[0].title,
            dearer,
            5,
        )

    def test_price_alone_asks_for_nothing_but_prices(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        if not self.price_operations:
            pytest.skip("this marketplace has one operation for all")
        [remote] = self.listed(connector, market, rug)
        before = connector.calls.copy()
        dearer = replace(rug, offers=(replace(rug.offers[0], price=rug.offers[0].price * 2),))
        self.push(connector, market, Change(dearer, frozenset({Facet.PRICE}), remote))
        asked = connector.calls - before
        assert asked
        assert set(asked) <= self.price_operations

    def test_a_second_language_stands_beside_the_first(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        if self.other_language is None:
            pytest.skip("this marketplace shows one language")
        title = "Alfombra Beni Ourain tejida a mano"
        other = replace(rug.texts[0], locale=self.other_language, title=title)
        draft = replace(rug, texts=(rug.texts[0], other))
        [remote] = self.listed(connector, market, draft)
        assert title in self.shown(market, draft).texts.values()
        renamed = replace(other, title="Alfombra de lana virgen")
        draft = replace(draft, texts=(rug.texts[0], renamed))
        self.push(connector, market, Change(draft, frozenset({Facet.CONTENT}), remote))
        shown = self.shown(market, draft)
        assert (shown.title, renamed.title in shown.texts.values()) == (rug.texts[0].title, True)

    def test_a_currency_without_a_minor_unit_is_shown_whole(
        self, account: Account, photos: PlainPhotos, market: ServedMarket
    ) -> None:
        if self.whole_currency_site is None:
            pytest.skip("this marketplace's sandbox sells in one currency")
        site = self.marketplace.site(self.whole_currency_site)
        abroad = replace(account, site=site.code, currency=site.currency, locales=(site.locale,))
        draft = self.draft("CONF-WHOLE", site.currency, price="12050")
        with closing(self.marketplace.connect(abroad, photos)) as connector:
            self.listed(connector, market, draft)
            [told] = connector.listings()
        [shown] = self.shown(market, draft).offers
        assert (shown.price, shown.currency) == ("12050", site.currency)
        assert told.offers[0].price == draft.offers[0].price

    def test_words_alone_change_no_stock(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        [remote] = self.listed(connector, market, rug)
        moved = self.reworded(replace(rug, offers=(replace(rug.offers[0], available=1),)))
        self.push(connector, market, Change(moved, frozenset({Facet.CONTENT}), remote))
        shown = self.shown(market, rug)
        assert (shown.title, shown.offers[0].available, len(shown.photos)) == (
            moved.texts[0].title,
            5,
            2,
        )

    def test_photos_alone_are_replaced(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        [remote] = self.listed(connector, market, rug)
        moved = self.reworded(replace(rug, photos=rug.photos[:1]))
        self.push(connector, market, Change(moved, frozenset({Facet.MEDIA}), remote))
        shown = self.shown(market, rug)
        assert (shown.title, len(shown.photos)) == (rug.texts[0].title, 1)

    def test_the_same_once_more_changes_nothing(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        [remote] = self.listed(connector, market, rug)
        before = self.shown(market, rug)
        self.push(connector, market, Change(rug, ALL_FACETS, remote))
        after = self.shown(market, rug)
        # A picture that is sent again may get another address.
        assert after.model_copy(update={"photos": []}) == before.model_copy(update={"photos": []})
        assert (len(market.shown()), len(after.photos)) == (1, 2)

    def test_an_ended_listing_is_off_the_market_and_can_come_back(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        [remote] = self.listed(connector, market, rug)
        presence = frozenset({Facet.PRESENCE})
        gone = self.push(connector, market, Change(replace(rug, present=False), presence, remote))
        assert self.on_sale(market, rug) is False
        self.push(connector, market, Change(rug, presence, gone.remote(rug.key)))
        assert (self.on_sale(market, rug), len(market.shown())) == (True, 1)

    def test_every_listing_is_told_once_as_it_stands(
        self, connector: Connector, market: ServedMarket, account: Account
    ) -> None:
        drafts = [self.draft(f"CONF-{n}", account.currency, available=n) for n in range(1, 4)]
        self.listed(connector, market, *drafts)
        told = {o.sku: (o.price, o.available) for one in connector.listings() for o in one.offers}
        assert told == {o.sku: (o.price, o.available) for d in drafts for o in d.offers}
        assert len(list(connector.listings())) == len(drafts)

    def test_what_was_accepted_is_told_back_as_it_was_drafted(
        self, connector: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        text = replace(
            rug.texts[0],
            title="Tapis brodé à Fès, l'ourlet d'or",
            description="Noué « à la main » & lavé.\n\nLaine vierge,\n300 x 200 cm.",
        )
        offer = replace(rug.offers[0], gtin="4006381333931")
        draft = replace(rug, texts=(text,), offers=(offer,))
        [remote] = self.listed(connector, market, draft)
        [told] = connector.listings()
        assert (told.remote.id, told.present, told.photos) == (remote.id, True, 2)
        assert says(told, text)
        [shown] = told.offers
        assert (shown.sku, shown.price, shown.available) == (offer.sku, offer.price, 5)
        assert shown.gtin in {offer.gtin, None}

    def test_words_that_somebody_changed_there_are_told(
        self, connector: Connector, another: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        [remote] = self.listed(another, market, rug)
        words = replace(rug.texts[0], title="A rug", description="Other words altogether.")
        changed = replace(rug, texts=(words,), photos=rug.photos[:1])
        facets = frozenset({Facet.CONTENT, Facet.MEDIA})
        self.push(another, market, Change(changed, facets, remote))
        [told] = connector.listings()
        assert (says(told, rug.texts[0]), says(told, words), told.photos) == (False, True, 1)

    def test_a_listing_found_there_can_be_adopted(
        self, connector: Connector, another: Connector, market: ServedMarket, rug: Draft
    ) -> None:
        self.listed(connector, market, rug)
        [found] = another.listings()
        moved = replace(rug, offers=(replace(rug.offers[0], available=3),))
        self.push(another, market, Change(moved, frozenset({Facet.STOCK}), found.remote))
        assert (self.shown(market, rug).offers[0].available, len(market.shown())) == (3, 1)
