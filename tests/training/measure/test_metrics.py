"""Figures compared with scikit-learn and with tables calculated by hand, and intervals over people."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from training.measure.bootstrap import drawn_figures, weighted_figures
from training.measure.metrics import DEFINITIONS, Scores, block, ece, equal_error_rate, figures_of


def scores(n: int = 300, people: int = 25, apart: float = 1.5, seed: int = 0) -> Scores:
    random = np.random.default_rng(seed)
    is_fake = np.arange(n) % 3 == 0
    logits = random.normal(0, 1, n) + apart * (is_fake - 0.5)
    # Rounded, so that there are ties to take together.
    return Scores(
        is_fake, np.round(1 / (1 + np.exp(-logits)), 2), np.array([f"g{i}" for i in random.integers(0, people, n)])
    )


def test_a_table_worked_out_by_hand():
    is_fake = np.array([True, True, True, False, False, False, False, False])
    probabilities = np.array([0.9, 0.8, 0.2, 0.7, 0.4, 0.3, 0.1, 0.05])
    found = block(Scores(is_fake, probabilities, np.array(list("abcdefgh"))), 0.5)
    assert (found.n_originals, found.n_fakes, found.n_groups) == (5, 3, 8)
    counts = found.confusion
    assert (counts.fakes_called, counts.fakes_not_called) == (2, 1)
    assert (counts.originals_called, counts.originals_not_called) == (1, 4)
    values = {name: figure.value for name, figure in found.figures.items()}
    expected = {"accuracy": 6 / 8, "precision": 2 / 3, "recall": 2 / 3, "F1": 2 / 3, "specificity": 4 / 5, "FPR": 1 / 5,
                "FNR": 1 / 3, "balanced accuracy": (2 / 3 + 4 / 5) / 2, "ROC AUC": 12 / 15}  # fmt: skip
    assert {name: values[name] for name in expected} == pytest.approx(expected)


def test_every_figure_has_a_definition():
    assert set(figures_of(scores(), 0.5)) <= set(DEFINITIONS)


@pytest.mark.parametrize("threshold", [0.5, 0.8, 1.0])
def test_the_bootstraps_arithmetic_is_scikit_learns(threshold: float):
    """Integer weights give the figures of repeated samples."""
    given, random = scores(120), np.random.default_rng(4)
    for _ in range(5):
        times = random.multinomial(120, np.full(120, 1 / 120))
        drawn = weighted_figures(given.is_fake, given.probabilities, threshold, times[None].astype(float))
        repeated = given.take(np.repeat(np.arange(120), times))
        expected = figures_of(repeated, threshold)
        assert expected.keys() == drawn.keys()
        assert {k: v[0] for k, v in drawn.items()} == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_figures_are_those_of_the_libraries():
    given = scores()
    found = figures_of(given, 0.5)
    y, p = given.is_fake, given.probabilities
    assert found["ROC AUC"] == roc_auc_score(y, p)
    assert found["PR AUC"] == average_precision_score(y, p)
    assert found["Brier"] == pytest.approx(brier_score_loss(y, p))
    assert found["log loss"] == pytest.approx(log_loss(y, np.clip(p, 1e-7, 1 - 1e-7)))


def test_equal_error_rate():
    is_fake = np.array([False, False, True, True])
    assert equal_error_rate(is_fake, np.array([0.1, 0.2, 0.8, 0.9])) == 0
    assert equal_error_rate(is_fake, np.array([0.8, 0.9, 0.1, 0.2])) == 1
    assert equal_error_rate(is_fake, np.full(4, 0.5)) == 0.5
    many = scores(30_000, apart=2.0)
    # Two normal classes two deviations apart cross where each is one deviation from its mean.
    assert equal_error_rate(many.is_fake, many.probabilities) == pytest.approx(0.1587, abs=0.006)


def test_calibration_error_of_known_tables():
    labels = np.array([0, 0, 1, 1])
    assert ece(labels, [0.0, 0.0, 1.0, 1.0]) == 0
    assert ece(labels, [0.95, 0.95, 0.05, 0.05]) == pytest.approx(0.95)
    assert ece([1, 0, 0, 0], [0.25] * 4) == 0
    assert ece([1, 0], [1.0, 0.9]) == pytest.approx(0.45), "1 is in the last bin"


def test_what_is_not_defined_is_null_and_has_no_interval():
    given = Scores(np.zeros(6, dtype=bool), np.linspace(0, 0.4, 6), np.array(list("aabbcc")))
    found = block(given)
    for name in ("ROC AUC", "PR AUC", "EER", "recall", "precision", "F1"):
        assert (found.figures[name].value, found.figures[name].low) == (None, None), name
    assert found.figures["specificity"].value == 1


def test_one_person_alone_gives_no_interval():
    given = scores(40)
    found = block(Scores(given.is_fake, given.probabilities, np.full(40, "one")))
    assert found.figures["ROC AUC"].value is not None
    assert found.figures["ROC AUC"].low is None


def test_intervals_know_that_frames_of_one_person_are_not_independent():
    given = scores(60, people=60)
    together = block(given).figures["accuracy"]
    # Every sample ten times over: no new people, so no new certainty.
    tenfold = given.take(np.repeat(np.arange(60), 10))
    again = block(tenfold).figures["accuracy"]
    assert (again.low, again.high) == pytest.approx((together.low, together.high))
    assert together.low < together.value < together.high


def test_an_interval_covers_the_true_value_about_as_often_as_stated():
    truth = roc_auc_score(*(lambda s: (s.is_fake, s.probabilities))(scores(60_000)))
    inside = 0
    for seed in range(60):
        given = scores(150, people=150, seed=seed + 1)
        values = drawn_figures(given.is_fake, given.probabilities, given.groups, 0.5, 200)["ROC AUC"]
        low, high = np.quantile(values, (0.025, 0.975))
        inside += low <= truth <= high
    assert inside >= 51, "60 intervals of 95 % miss ten times or more once in a thousand"
