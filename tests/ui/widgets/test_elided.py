"""Shortened names are still told apart."""

from inspector.ui.widgets.elided import elided_apart, nearest_names, same_beginning


def short(name, other, most=20):
    return elided_apart(name, other, lambda text: len(text) <= most)


def test_a_name_that_fits_stays():
    assert short("clip.mp4", "other.mp4") == "clip.mp4"


def test_a_long_name_loses_its_middle_and_keeps_its_end():
    one, two = (f"press office, a long name, {number}.mp4" for number in ("one", "two"))
    assert short(one, two) == "press off…e, one.mp4"
    assert short(two, one) == "press off…e, two.mp4"


def test_names_that_differ_in_the_middle_are_shown_from_there_on():
    one, two = (f"press office of the ministry {number} as it was downloaded.mp4" for number in ("one", "two"))
    assert short(one, two) == "…try one as it was …"
    assert short(two, one) == "…try two as it was …"
    assert same_beginning("clip.mp4", "clip") == same_beginning("clip", "clip.mp4") == 4
    assert short("the same long name of a clip.mp4", "the same long name of a clip.mp4") == "the same …a clip.mp4"


def test_the_most_similar_name_of_a_long_list_is_found_at_once():
    """Each was compared with each: a hundred clips that were added to a case stopped the window for seconds."""
    names = [f"Exhibit {number} clip{number:04}.mp4" for number in range(2000)]
    nearest = nearest_names(names)
    for name in names[::250]:
        best = max(same_beginning(name, other) for other in names if other != name)
        assert same_beginning(name, nearest[name]) == best
    assert nearest_names(["a"]) == {"a": ""}
    assert nearest_names(["a", "a"]) == {"a": "a"}
