"""What a channel's policy says of drift."""

import pytest

from jobs.policies import DriftPolicy, DriftRule, read_channel_policy


def test_figures_are_ours_to_say_and_words_are_a_persons() -> None:
    assert read_channel_policy({}).drift == DriftPolicy(
        price=DriftRule.OVERWRITE,
        stock=DriftRule.OVERWRITE,
        presence=DriftRule.OVERWRITE,
        text=DriftRule.REPORT,
        images=DriftRule.REPORT,
    )


def test_each_part_has_a_rule_of_its_own() -> None:
    policy = {"drift": {"stock": "accept", "text": "overwrite", "presence": "report"}}
    assert read_channel_policy(policy).drift == DriftPolicy(
        stock=DriftRule.ACCEPT, text=DriftRule.OVERWRITE, presence=DriftRule.REPORT
    )


@pytest.mark.parametrize(
    ("drift", "told"),
    [
        ({"presence": "accept"}, "policy.drift.presence: Input should be"),
        ({"images": "accept"}, "policy.drift.images: Input should be"),
        ({"words": "accept"}, "policy.drift.words: there is no such name"),
    ],
)
def test_what_cannot_be_accepted_is_refused_in_words(drift: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_channel_policy({"drift": drift})
