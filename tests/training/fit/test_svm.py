from pathlib import Path

import msgspec
import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from inspector.domain.errors import TrainingError
from training.fit.batch.batches import Batches
from training.fit.checkpoint import averaged_network
from training.fit.score import logits_of
from training.fit.svm import fit_svm, plane
from training.prepare.index import load_index
from training.recipe import Recipe, SvmTable

TABLE = SvmTable(cost=0.01, batches=12, folds=2)


def quiet(_: str) -> None:
    """Ignore a message."""


def people(apart: float, count: int = 40) -> tuple[np.ndarray, np.ndarray, list[str]]:
    random = np.random.default_rng(3)
    labels = np.arange(count * 4) % 2 == 1
    features = random.normal(5, [1, 20, 0.1], (count * 4, 3)) + labels[:, None] * [apart, 0, 0]
    return features, labels, [f"p{i // 4}" for i in range(count * 4)]


def test_the_folded_plane_gives_scikit_learns_probabilities() -> None:
    features, labels, groups = people(1.5)
    weights, bias = plane(features, labels, groups, TABLE, seed=1)
    machine = make_pipeline(StandardScaler(), LinearSVC(C=TABLE.cost, random_state=1, max_iter=20_000))
    splits = list(StratifiedGroupKFold(2, shuffle=True, random_state=1).split(features, labels, groups))
    theirs = CalibratedClassifierCV(machine, method="sigmoid", ensemble=False, cv=splits).fit(features, labels)
    ours = 1 / (1 + np.exp(-(features @ weights + bias)))
    np.testing.assert_allclose(ours, theirs.predict_proba(features)[:, 1], atol=1e-9)


def test_its_log_odds_are_calibrated_on_people_that_it_has_not_seen() -> None:
    features, labels, groups = people(1.5, count=400)
    weights, bias = plane(features[:800], labels[:800], groups[:800], TABLE, seed=1)
    fresh = 1 / (1 + np.exp(-(features[800:] @ weights + bias)))
    sure = fresh > 0.8
    assert sure.sum() > 30
    assert labels[800:][sure].mean() == pytest.approx(fresh[sure].mean(), abs=0.1)


def test_one_class_too_few_people_and_features_without_a_trace_are_refused() -> None:
    features, labels, groups = people(1.5)
    with pytest.raises(TrainingError, match="No SVM can be fitted"):
        plane(features, np.ones_like(labels), groups, TABLE, seed=1)
    with pytest.raises(TrainingError, match="No SVM can be fitted"):
        plane(features, labels, ["one"] * len(labels), TABLE, seed=1)
    # Two people, each of whom teaches the opposite of the other.
    reversed_half = np.where(np.arange(len(labels)) < len(labels) // 2, labels, ~labels)
    halves = ["a" if i < len(labels) // 2 else "b" for i in range(len(labels))]
    with pytest.raises(TrainingError, match="in the wrong order"):
        plane(features, reversed_half, halves, TABLE, seed=1)


def test_a_run_leaves_a_network_and_its_features(tiny: Recipe, tmp_path: Path) -> None:
    batch_table = msgspec.structs.replace(tiny.batch, pairs=0, generated=3)  # painted fakes are told apart by anything
    recipe, run = msgspec.structs.replace(tiny, svm=TABLE, batch=batch_table), tmp_path / "run"
    fit_svm(recipe, run, quiet)
    table = pq.read_table(run / "features.parquet").to_pydict()
    names = [name for name in table if name[0] == "f" and name[1:].isdigit()]
    assert len(table["group"]) == 12 * 6
    assert pyarrow.csv.read_csv(run / "features.csv").column_names == list(table)
    rows = [row for row in load_index(Path(tiny.prepare.folder)) if not row["is_held_out"]]
    batch = Batches(recipe, rows, 12, tiny.fit.seed)[3]
    mine = [index for index, number in enumerate(table["batch"]) if number == 3]
    assert [table["kind"][i] for i in mine] == list(batch.kinds)
    features = np.array([table[name] for name in names]).T.astype(float)
    weights, bias = plane(features, np.array(table["is_fake"]), table["group"], TABLE, tiny.fit.seed)
    scored = logits_of(averaged_network(recipe, run), batch.crops, recipe)
    np.testing.assert_allclose(scored, features[mine] @ weights + bias, atol=0.02)
