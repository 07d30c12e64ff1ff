"""No person and no source pair is on both sides, for every supported dataset."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.source_layouts import LAYOUTS, dfdc
from training.__main__ import main
from training.prepare.split import Assignment, Side, divide, groups, shared_cohorts
from training.sources import SOURCES, TEST_SPLITS, Sample


@cache
def miniature(name: str) -> list[Sample]:
    kind, make = LAYOUTS[name]
    with TemporaryDirectory() as folder:
        return SOURCES[kind](make(Path(folder) / name))


def people(samples: list[Sample]) -> set[str]:
    return {name for s in samples for name in (s.identity, s.donor)} - {""}


def pairs(samples: list[Sample]) -> set[str]:
    return {s.pair for s in samples} - {""}


def on(side: Side, samples: list[Sample], assignments: list[Assignment]) -> list[Sample]:
    return [s for s, assignment in zip(samples, assignments, strict=True) if assignment.side is side]


def check(samples: list[Sample], share: float, seed: int) -> list[Assignment]:
    assignments = divide(samples, share, seed)
    train, held, test = (on(side, samples, assignments) for side in (Side.TRAIN, Side.HELD_OUT, Side.TEST))
    assert not people(train) & people(held)
    assert not pairs(train) & pairs(held)
    assert not pairs(test) & (pairs(train) | pairs(held))
    assert all((s.split in TEST_SPLITS) == (p.side is Side.TEST) for s, p in zip(samples, assignments, strict=True))
    assert not any(s.split == "val" for s in train)
    assert not {p.group for p in assignments if p.side is Side.TRAIN} & {
        p.group for p in assignments if p.side is Side.HELD_OUT
    }
    assert assignments == divide(samples, share, seed)
    cohorts = [{s.cohort for s in part} - {""} for part in (train, held)]
    assert not cohorts[0] & cohorts[1] or len(cohorts[0] | cohorts[1]) == 1
    return assignments


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
    assignments = check(samples, 0.2, 1)
    for side in (Side.TRAIN, Side.HELD_OUT):
        assert {s.is_fake for s in on(side, samples, assignments)} == {True, False}, side


odd = st.builds(
    lambda path, is_fake, names: Sample(Path(path), "clip", is_fake, "m", *names[:3], "s", "l", None, *names[3:]),
    path=st.uuids().map(str),
    is_fake=st.booleans(),
    names=st.tuples(
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
    assignments = divide(samples, 0.4, 1)
    sides = {"train": Side.TRAIN, "val": Side.HELD_OUT, "test": Side.TEST}
    assert [p.side for p in assignments] == [sides[s.split] for s in samples]


def parts_of(samples: list[Sample], assignments: list[Assignment]) -> tuple[set[str], set[str]]:
    train, held = ({s.cohort for s in on(side, samples, assignments)} for side in (Side.TRAIN, Side.HELD_OUT))
    return train, held


@pytest.mark.parametrize(("parts", "held_out"), [(2, 1), (3, 1), (9, 2), (12, 3), (50, 9)])
def test_whole_parts_of_dfdc_are_held_out_however_large(parts: int, held_out: int, tmp_path: Path) -> None:
    samples = SOURCES["dfdc"](dfdc(tmp_path / "dfdc", parts))
    assignments = check(samples, 0.18, 1)
    train, held = parts_of(samples, assignments)
    assert not train & held
    assert (len(train), len(held)) == (parts - held_out, held_out)
    assert not shared_cohorts((s.cohort, p.side is Side.HELD_OUT) for s, p in zip(samples, assignments, strict=True))


def test_the_smallest_parts_that_reach_the_share_are_held_out() -> None:
    sizes = {"a": 300, "b": 40, "c": 30, "d": 130}
    samples = [
        Sample(Path(f"{cohort}{n}"), "clip", n % 2 == 1, "m", "", f"{cohort}{n // 2}", "train", "s", "l", cohort=cohort)
        for cohort, count in sizes.items() for n in range(count)
    ]  # fmt: skip
    assert parts_of(samples, check(samples, 0.1, 1)) == ({"a", "d"}, {"b", "c"})
    assert parts_of(samples, check(samples, 0.2, 1)) == ({"a"}, {"b", "c", "d"})
    assert parts_of(samples, check(samples, 0.9, 1))[0] == {"a"}, "some part always trains"
    official = [replace(s, split="val" if s.cohort == "d" else "train") for s in samples]
    assert parts_of(official, check(official, 0.4, 1)) == ({"a", "b", "c"}, {"d"})


def test_a_single_part_is_cut_between_recordings_and_a_warning_says_so(tmp_path: Path, capsys) -> None:
    root = dfdc(tmp_path / "dfdc", 1)
    samples = [  # over a hundred clips, as every real part
        replace(s, pair=f"{s.pair} {n}", path=s.path / f"{n}") for s in SOURCES["dfdc"](root) for n in range(9)
    ]
    assignments = check(samples, 0.18, 1)
    assert parts_of(samples, assignments) == ({"dfdc dfdc_train_part_0"}, {"dfdc dfdc_train_part_0"})
    message = shared_cohorts((s.cohort, p.side is Side.HELD_OUT) for s, p in zip(samples, assignments, strict=True))
    assert message.startswith("The dataset does not name the people of dfdc dfdc_train_part_0")
    assert main(["inspect", str(root), "--out", str(tmp_path / "out")]) == 0
    assert "the people of a single cohort are not named" in capsys.readouterr().out


def test_cohorts_on_one_side_each_need_no_warning() -> None:
    assert shared_cohorts([("a", True), ("a", True), ("b", False), ("", True), ("", False)]) == ""
    assert "a, c" in shared_cohorts([("a", True), ("a", False), ("b", False), ("c", False), ("c", True)])


def test_a_dataset_of_swaps_is_cut_between_people_at_the_cost_of_fakes_of_both_sides() -> None:
    samples = miniature("celeb_df")
    assert len({s.identity for s in samples if s.identity.startswith("celeb-df id")}) == 15
    assignments = divide(samples, 0.2, 1)
    held = on(Side.HELD_OUT, samples, assignments)
    assert len({s.identity for s in held if s.method == "Celeb-real"}) == 3
    left = on(Side.LEFT_OUT, samples, assignments)
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
