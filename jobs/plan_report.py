"""A plan as plain values: what a pass would do to each listing, with the differences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.protocol import Issue
from jobs.plan import Action, Difference, ListingPlan
from jobs.planning import Undraftable
from jobs.sync import Preview


@dataclass(frozen=True, slots=True)
class PlannedListing:
    """What a pass would do to one listing: by facet, and what would be refused of it."""

    key: str
    title: str
    action: Action
    facets: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    refused: tuple[Issue, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "key": self.key,
            "title": self.title,
            "action": self.action,
            "facets": {
                facet: [{"name": d.name, "old": d.old, "new": d.new} for d in differences]
                for facet, differences in self.facets.items()
            },
            "refused": [
                {"code": i.code, "field": i.field, "sku": i.sku, "message": i.message}
                for i in self.refused
            ],
        }


def planned(previews: Iterable[Preview]) -> list[PlannedListing]:
    """What `previews` would do, without those that need nothing."""
    told = (_told(one) for one in previews)
    return [one for one in told if one.action is not Action.NOTHING]


def _told(preview: Preview) -> PlannedListing:
    match preview.plan:
        case Undraftable(key=key, title=title):
            return PlannedListing(key, title, Action.REFUSED, {}, preview.refused)
        case ListingPlan(draft=draft, action=action, facets=facets):
            by_name = {str(facet): differences for facet, differences in facets.items()}
            return PlannedListing(draft.key, draft.texts[0].title, action, by_name, preview.refused)
