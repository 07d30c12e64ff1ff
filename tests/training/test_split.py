"""No person and no source pair may be on both sides, in every dataset that there is an adapter for."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.source_layouts import LAYOUTS
from training.sources import SOURCES, TEST_SPLITS, Sample
from training.split import Place, Side, divide, groups


@cache
def miniature(name: str) -> list[Sample]:
    kind, make = LAYOUTS[name]
    with TemporaryDirectory() as folder:
        return SOURCES[kind](make(Path(folder) / name))


def people(samples: list[Sample]) -> set[str]:
    return {name for s in samples for name in (s.identity, s.donor)} - {""}


def pairs(samples: list[Sample]) -> set[str]:
    return {s.pair for s in samples} - {""}


def on(side: Side, samples: list[Sample], places: list[Place]) -> list[Sample]:
    return [s for s, place in zip(samples, places, strict=True) if place.side is side]


def check(samples: list[Sample], share: float, seed: int) -> list[Place]:
    places = divide(samples, share, seed)
    train, held, test = (on(side, samples, places) for side in (Side.TRAIN, Side.HELD_OUT, Side.TEST))
    assert not people(train) & people(held)
    assert not pairs(train) & pairs(held)
    assert not pairs(test) & (pairs(train) | pairs(held))
    assert all((s.split in TEST_SPLITS) == (p.side is Side.TEST) for s, p in zip(samples, places, strict=True))
    assert not any(s.split == "val" for s in train)
    assert not {p.group for p in places if p.side is Side.TRAIN} & {p.group for p in places if p.side is Side.HELD_OUT}
    assert places == divide(samples, share, seed)
    return places


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=15, deadline=None)
@given(share=st.floats(0.05, 0.5), seed=st.integers(0, 9), random=st.randoms(use_true_random=False))
def test_nothing_leaks_from_any_part_of_any_dataset(name: str, share: float, seed: int, random) -> None:
    whole = miniature(name)
    samples = random.sample(whole, random.randint(1, len(whole)))
    check(samples, share, seed)


@pytest.mark.parametrize("name", LAYOUTS)
def test_whole_datasets_give_both_classes_to_both_sides(name: str) -> None:
    samples = miniature(name)
    places = check(samples, 0.2, 1)
    for side in (Side.TRAIN, Side.HELD_OUT):
        assert {s.is_fake for s in on(side, samples, places)} == {True, False}, side


odd = st.builds(
    lambda path, is_fake, words: Sample(Path(path), "clip", is_fake, "m", *words[:3], "s", "l", None, *words[3:]),
    path=st.uuids().map(str),
    is_fake=st.booleans(),
    words=st.tuples(
        st.sampled_from(["", *"abcdefghij"]), st.sampled_from(["", *"pqrstu"]),
        st.sampled_from(["", "train", "train", "val", "test", "public"]),
        st.sampled_from(["", "", *"abcdefghij"]), st.sampled_from(["", "", "x", "y"]),
    ),
)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.lists(odd, max_size=40), st.lists(odd, min_size=100, max_size=140)), st.floats(0.05, 0.5))
def test_nothing_leaks_whatever_is_joined_to_what(samples: list[Sample], share: float) -> None:
    check(samples, share, 0)


def test_official_validation_is_held_out_and_nothing_more() -> None:
    samples = miniature("face_forensics")
    places = divide(samples, 0.4, 1)
    sides = {"train": Side.TRAIN, "val": Side.HELD_OUT, "test": Side.TEST}
    assert [p.side for p in places] == [sides[s.split] for s in samples]


def test_a_part_of_dfdc_stays_together() -> None:
    samples = miniature("dfdc")
    places = divide(samples, 0.2, 1)
    cohorts = [{s.cohort for s in on(side, samples, places)} for side in (Side.TRAIN, Side.HELD_OUT)]
    assert len(cohorts[1]) == 2
    assert not cohorts[0] & cohorts[1]


def test_a_dataset_of_swaps_is_cut_between_people_at_the_cost_of_fakes_of_both_sides() -> None:
    samples = miniature("celeb_df")
    assert len({s.identity for s in samples if s.identity.startswith("celeb-df id")}) == 15
    places = divide(samples, 0.2, 1)
    held = on(Side.HELD_OUT, samples, places)
    assert len({s.identity for s in held if s.method == "Celeb-real"}) == 3
    left = on(Side.LEFT_OUT, samples, places)
    apart = [s for s in left if s.is_fake and (s.identity in people(held)) != (s.donor in people(held))]
    tested = {s.pair for s in samples if s.split == "test"}
    assert {s.path for s in left} == {s.path for s in apart} | {
        s.path for s in samples if s.pair in tested and s.split != "test"
    }


def test_a_fake_joins_the_groups_of_both_its_people() -> None:
    couple = [Sample(Path(n), "clip", False, "m", n, "", "", "s", "l") for n in ("a", "b", "c")]
    fake = Sample(Path("f"), "clip", True, "m", "a", "", "", "s", "l", donor="b")
    names = groups([*couple, fake])
    assert names[0] == names[1] == names[3] != names[2]
