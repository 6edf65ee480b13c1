"""What is missing is translated once, within the budget, whatever happens meanwhile."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine as Database
from sqlmodel import Session, select

from catalog.models import Product
from catalog.translation import claims
from catalog.translation.engines.errors import EngineUnavailable
from catalog.translation.engines.protocol import Answer, EngineLimits, Untranslatable
from catalog.translation.memory import Translated, translations
from catalog.translation.models import Segment, SegmentUse, TextState, Translation, TranslationSpend
from connectors.clock import VirtualClock
from jobs.models import Channel
from jobs.texts import register_all
from jobs.translating import Backlog, Desk, Translating, Work, forecast, translate, work_for
from tests.conftest import NOON
from tests.jobs.conftest import Atelier
from trade_ma.database import open_engine

LIMITS = EngineLimits(texts=2, characters=1_000)
ENGLISH = Work(frozenset({"en"}))


@dataclass
class WordForWord:
    """An engine that says a text backwards, word by word, and remembers what it was asked.

    After `until` texts it has trouble; `dies` ends this very process instead. `meanwhile` happens
    while it is asked.
    """

    name: str = "word-for-word"
    limits: EngineLimits = LIMITS
    until: int | None = None
    dies: bool = False
    stopped_by: BaseException = field(default_factory=lambda: EngineUnavailable("the engine rests"))
    meanwhile: Callable[[], None] = lambda: None
    asked: list[str] = field(default_factory=list)

    def supports(self, source: str, target: str) -> bool:
        return (source, target) != ("fr", "ja")

    def translate(
        self, texts: Sequence[str], source: str, target: str, glossary: Mapping[str, str]
    ) -> Iterator[Answer]:
        assert (source, target, glossary["Azilal"]) == ("fr", "en", "Azilal")
        self.meanwhile()
        for text in texts:
            if self.until == len(self.asked):
                self._trouble()
            self.asked.append(text)
            yield Untranslatable("no words") if text == "Sans mots" else _said(text)

    def _trouble(self) -> None:
        if self.dies:
            os.kill(os.getpid(), signal.SIGKILL)
        raise self.stopped_by


def _said(text: str) -> str:
    return " ".join(f"{word}y" if word.isalpha() else word for word in reversed(text.split()))


class Quiet:
    def begin(self, segments: int) -> None:
        assert segments >= 0

    def advance(self, segments: int, characters: int) -> None:
        assert segments + characters > 0


@pytest.fixture
def shop(engine: Database, clock: VirtualClock) -> Atelier:
    """Two rugs with a sentence in common, on each database."""
    atelier = Atelier(engine, clock)
    atelier.product("R-1", title="Grand tapis 200")
    atelier.product("R-2", title="Petit tapis 90")
    atelier.edit("R-1", description="Laine vierge.\n- Lavage 30")
    atelier.edit("R-2", description="Laine vierge.")
    return atelier


def run(shop: Atelier, engine: WordForWord, work: Work = ENGLISH) -> Translating:
    return translate(work, Desk(shop.session, engine, shop.clock, Quiet()))


def in_english(shop: Atelier) -> dict[str, Translated]:
    with shop.session() as session:
        codes = dict(session.exec(select(Product.id, Product.code)).all())
        found = translations(session, [n for n in codes if n], ["en", "fr"])
    return {codes[product_id]: text for (product_id, _), text in found.items()}


def test_each_sentence_is_translated_once_and_twice_costs_nothing(shop: Atelier) -> None:
    engine = WordForWord()
    first, second = run(shop, engine), run(shop, engine)
    assert sorted(engine.asked) == [
        "Grand tapis 200",
        "Laine vierge.",
        "Lavage 30",
        "Petit tapis 90",
    ]
    characters = sum(map(len, engine.asked))
    assert first == Translating(translated=4, characters=characters)
    assert second == Translating()
    machine = TextState.MACHINE
    assert in_english(shop) == {
        "R-1": Translated("200 tapisy Grandy", "vierge. Lainey\n- 30 Lavagey", machine, machine),
        "R-2": Translated("90 tapisy Petity", "vierge. Lainey", machine, machine),
    }


def test_products_whose_translations_came_are_compared_again(shop: Atelier) -> None:
    def revisions() -> list[int]:
        with shop.session() as session:
            return list(session.exec(select(Product.revision).order_by(Product.code)))

    before = revisions()
    run(shop, WordForWord())
    after = revisions()
    run(shop, WordForWord())
    assert all(new > old for new, old in zip(after, before, strict=True))
    assert revisions() == after


def test_the_budget_of_a_day_stops_it_cleanly_and_says_what_is_left(shop: Atelier) -> None:
    engine, work = WordForWord(), Work(frozenset({"en"}), budget=30)
    stopped = "the budget of 30 characters a day is spent"
    left = [Backlog("fr", "en", 2, 28)]
    assert run(shop, engine, work) == Translating(
        translated=2, characters=23, stopped=stopped, left=left
    )
    assert run(shop, engine, work) == Translating(stopped=stopped, left=left)
    shop.clock.sleep(24 * 3600)
    assert run(shop, engine, work) == Translating(translated=2, characters=28)


def test_what_came_before_trouble_is_kept(shop: Atelier) -> None:
    engine = WordForWord(until=3)
    first = run(shop, engine)
    assert (first.translated, first.stopped) == (3, "the engine rests")
    engine.until = None
    assert run(shop, engine).translated == 1
    assert len(engine.asked) == len(set(engine.asked)) == 4


def test_what_fails_a_check_or_cannot_be_translated_is_kept_back(shop: Atelier) -> None:
    shop.edit("R-2", title="Sans mots", description="Un Azilal bleu")
    held = run(shop, WordForWord())
    assert (held.translated, held.held) == (3, 2)
    assert in_english(shop)["R-2"].title is None
    with shop.session() as session:
        kept = session.exec(select(Translation.problems).where(Translation.held)).all()
    assert sorted((p["code"], p["message"]) for [p] in kept) == [
        ("term_lost", "“Azilal” must stay: write “Azilal” in the translation"),
        ("untranslatable", "no words"),
    ]


def test_a_text_that_differs_in_numbers_alone_comes_from_the_memory(shop: Atelier) -> None:
    engine = WordForWord()
    run(shop, engine)
    review(shop, "Lavage 30", "Wash at 30")
    shop.edit("R-2", description="Lavage 40")
    assert run(shop, engine) == Translating(adapted=1)
    assert in_english(shop)["R-2"].description == "Wash at 40"


def test_a_changed_text_is_never_shown_with_its_old_translation(shop: Atelier) -> None:
    run(shop, WordForWord())
    shop.edit("R-1", title="Grand coussin 200")
    assert in_english(shop)["R-1"].title is None


def test_darija_in_latin_letters_waits_for_a_person(shop: Atelier) -> None:
    shop.edit("R-2", language="ary-Latn", title="Zarbia mzyana", description="")
    engine = WordForWord()
    assert run(shop, engine).darija == 1
    assert "Zarbia mzyana" not in engine.asked


def test_two_runs_at_once_ask_for_no_text_twice(shop: Atelier) -> None:
    other = WordForWord("other")
    told: list[Translating] = []
    first = WordForWord(until=2, meanwhile=lambda: told.append(run(shop, other)))
    mine = run(shop, first)
    assert (mine.translated, mine.stopped) == (2, None)
    in_hand = sum(map(len, first.asked))
    left = [Backlog("fr", "en", 2, in_hand)]
    assert told == [Translating(translated=2, characters=51 - in_hand, left=left, in_hand=2)]
    assert len({*first.asked, *other.asked}) == 4


def test_two_runs_at_once_keep_to_one_budget(shop: Atelier) -> None:
    work, told = Work(frozenset({"en"}), budget=30), list[Translating]()
    engine = WordForWord(meanwhile=lambda: told.append(run(shop, WordForWord(), work)))
    run(shop, engine, work)
    assert [(one.characters, one.stopped) for one in told] == [
        (0, "the budget of 30 characters a day is spent")
    ]


def test_what_was_answered_before_a_person_interrupts_it_is_kept(shop: Atelier) -> None:
    engine = WordForWord(until=3, stopped_by=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run(shop, engine)
    rest = WordForWord()
    assert run(shop, rest) == Translating(translated=1, characters=len(rest.asked[0]))
    assert paid(shop) == 51


def test_another_engine_may_be_asked_again_for_what_failed(shop: Atelier) -> None:
    shop.edit("R-2", title="Sans mots", description="Un Azilal bleu")
    run(shop, WordForWord())
    reject(shop, "Lavage 30")
    again = Work(frozenset({"en"}), again=True)
    same, other = WordForWord(), WordForWord("other")
    assert run(shop, same, again) == Translating()
    told = forecast(again, shop.session, "other")
    assert told.left == [Backlog("fr", "en", 3, 32, again=True)]
    assert run(shop, other).translated == 0
    second = run(shop, other, again)
    assert (second.translated, second.held, second.left) == (1, 2, [])
    assert sorted(other.asked) == ["Lavage 30", "Sans mots", "Un Azilal bleu"]
    assert in_english(shop)["R-1"].description == "vierge. Lainey\n- 30 Lavagey"


def test_what_a_person_reviewed_meanwhile_is_not_replaced(shop: Atelier) -> None:
    run(shop, WordForWord())
    reject(shop, "Lavage 30")
    other = WordForWord("other", meanwhile=lambda: review(shop, "Lavage 30", "Wash at 30"))
    run(shop, other, Work(frozenset({"en"}), again=True))
    assert in_english(shop)["R-1"].description == "vierge. Lainey\n- Wash at 30"


def review(shop: Atelier, source: str, text: str, state: TextState = TextState.REVIEWED) -> None:
    """What a person says of the translation of `source`."""
    with shop.session() as session:
        segment = session.exec(select(Segment).where(Segment.text == source)).one()
        said = session.exec(select(Translation).where(Translation.segment_id == segment.id)).one()
        said.text, said.state = text, state
        session.commit()


def reject(shop: Atelier, source: str) -> None:
    review(shop, source, "Washing", TextState.REJECTED)


def paid(shop: Atelier) -> int:
    with shop.session() as session:
        return sum(session.exec(select(TranslationSpend.characters)).all())


def test_the_memory_helps_where_the_engine_has_not_the_pair(shop: Atelier) -> None:
    japanese = Work(frozenset({"ja"}))
    with shop.session() as session:
        session.add(Segment(language="fr", digest="0" * 32, text="Lavage 60"))
        session.flush()
        segment_id = session.exec(select(Segment.id)).one() or 0
        said = Translation(segment_id=segment_id, language="ja", text="洗濯 60", engine="person")
        said.state = TextState.REVIEWED
        session.add(said)
        session.commit()
    told = run(shop, WordForWord(), japanese)
    assert (told.adapted, told.unsupported) == (1, ["fr-ja"])


def test_only_products_whose_revision_moved_are_cut_again(shop: Atelier) -> None:
    def texts() -> set[str]:
        register_all(shop.session)
        with shop.session() as session:
            used = select(Segment.text).join(SegmentUse)
            return set(session.exec(used).all())

    before = texts()
    with shop.session() as session:
        product = session.exec(select(Product).where(Product.code == "R-1")).one()
        product.title = "Coussin"
        session.commit()
    assert texts() == before
    shop.edit("R-1")
    assert texts() == before - {"Grand tapis 200"} | {"Coussin"}


def test_a_pair_that_the_engine_has_not_is_told(shop: Atelier) -> None:
    told = run(shop, WordForWord(), Work(frozenset({"ja"})))
    assert (told.unsupported, told.translated) == (["fr-ja"], 0)


def test_a_forecast_changes_nothing(shop: Atelier) -> None:
    told = forecast(ENGLISH, shop.session)
    assert told == Translating(left=[Backlog("fr", "en", 4, 51)])
    with shop.session() as session:
        assert session.exec(select(Segment)).all() == []


def test_only_channels_whose_policy_shows_translations_are_worked_for(shop: Atelier) -> None:
    shop.channel("composed", text="composed")
    shop.channel("reviewed")
    with shop.session() as session:
        channels = session.exec(select(Channel).order_by(Channel.code)).all()
        assert work_for(channels[:1]) == Work(frozenset())
        assert work_for(channels) == Work(frozenset({"fr"}))


DYING = """
import sys
from functools import partial
from sqlmodel import Session
from tests.jobs.test_translating import die_in_the_middle
die_in_the_middle(sys.argv[1])
"""


def die_in_the_middle(url: str) -> None:
    """The run of a process that is killed while the engine is asked."""
    database = open_engine(url)
    engine = WordForWord(until=3, dies=True)
    translate(ENGLISH, Desk(lambda: Session(database), engine, VirtualClock(NOON), Quiet()))


def test_killed_in_the_middle_nothing_is_lost_or_paid_twice_but_the_batch_in_hand(
    shop: Atelier,
) -> None:
    url = shop.engine.url.render_as_string(hide_password=False)
    died = subprocess.run([sys.executable, "-c", DYING, url], check=False)
    assert died.returncode == -signal.SIGKILL
    engine = WordForWord()
    assert (run(shop, engine).in_hand, engine.asked) == (2, [])
    shop.clock.sleep(claims.LASTS.total_seconds())
    assert run(shop, engine).translated == 2
    with shop.session() as session:
        assert len(session.exec(select(Translation)).all()) == 4
    # Nobody knows whether the engine counted what it never answered, so it stays counted.
    assert paid(shop) == 51 + sum(map(len, engine.asked))
