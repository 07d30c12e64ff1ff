"""A linear support-vector machine on a network's pooled features, stored as an ordinary network.

The body is not trained. Its features of augmented and forged crops are standardised, scikit-learn finds the plane with
the widest margin (Cortes and Vapnik 1995), and Platt's map (1999) turns decision values into log odds. All three are
linear, so they fold into the weights of the last layer: the result scores, has a Grad-CAM and ships like any other
network. The features are also saved as CSV and parquet.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import torch
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from torch import nn

from inspector.domain.arrays import Flags, Floats
from inspector.domain.errors import OutputError, TrainingError
from inspector.engine.model import registry as networks
from inspector.engine.model.detector import pick_device
from inspector.engine.spreadsheet import cell
from training.fit.batch.batches import Batches, limit_threads
from training.fit.checkpoint import begin, begin_run, head, save_finished
from training.log import Log
from training.prepare.index import load_index
from training.recipe import Recipe, SvmTable


def fit_svm(recipe: Recipe, run: Path, log: Log) -> Path:
    """Fit the recipe's SVM, save `features.csv` and `features.parquet` in `run`, and return the checkpoint.

    Raises TrainingError when a class is missing or the features do not separate them; OutputError when writing fails.
    """
    table = recipe.svm
    if table is None:
        raise TrainingError(f"The recipe {recipe.name} has no table [svm].")
    begin_run(recipe, run)
    limit_threads()
    network = begin(recipe).to(pick_device("auto")).eval()
    features, about = features_of(network, recipe, table.batches, log)
    keep_features(features, about, run)
    labels = np.array(about["is_fake"])
    weights, bias = plane(features, labels, about["group"], table, recipe.fit.seed)
    last = head(network)
    with torch.no_grad():
        last.weight.copy_(torch.from_numpy(weights)[None])
        last.bias.fill_(bias)
    right = float(((features @ weights + bias > 0) == labels).mean())
    log(f"{len(labels)} crops, {features.shape[1]} features, {right:.1%} of the training crops classified correctly")
    path = run / "last.safetensors"
    save_finished(path, network)
    return path


def features_of(network: nn.Module, recipe: Recipe, batches: int, log: Log) -> tuple[Floats, dict[str, list[Any]]]:
    """The input of `network`'s head for the training crops, float64 (n, d), and batch, group, kind and class."""
    rows = [row for row in load_index(Path(recipe.prepare.folder)) if not row["is_held_out"]]
    drawn = Batches(recipe, rows, batches, recipe.fit.seed)
    device = next(network.parameters()).device
    seen: list[torch.Tensor] = []
    about: dict[str, list[Any]] = {"batch": [], "group": [], "kind": [], "is_fake": []}
    hook = head(network).register_forward_pre_hook(lambda _, given: seen.append(given[0].double().cpu()))
    try:
        with torch.inference_mode():
            for number in range(batches):
                batch = drawn[number]
                network(networks.to_input(batch.crops, recipe.network.mean, recipe.network.std).to(device))
                about["batch"] += [number] * len(batch.labels)
                about["group"] += batch.groups
                about["kind"] += batch.kinds
                about["is_fake"] += (batch.labels == 1).tolist()
                if (number + 1) % 20 == 0 or number + 1 == batches:
                    log(f"features of batch {number + 1}/{batches}")
    finally:
        hook.remove()
    return torch.cat(seen).numpy(), about


def keep_features(features: Floats, about: dict[str, list[Any]], run: Path) -> None:
    """Write `features.csv` and `features.parquet`: the columns of `about`, then f0, f1, ... Raises OutputError."""
    columns = {f"f{i}": pa.array(features[:, i].astype(np.float32)) for i in range(features.shape[1])}
    cells = {name: [cell(v) if isinstance(v, str) else v for v in values] for name, values in about.items()}
    try:
        pyarrow.csv.write_csv(pa.table(cells | columns), run / "features.csv")
        pq.write_table(pa.table(about | columns), run / "features.parquet")
    except OSError as error:
        raise OutputError(f"The features cannot be written into {run} ({error}); make room and start again.") from error


def plane(features: Floats, labels: Flags, groups: list[str], table: SvmTable, seed: int) -> tuple[Floats, float]:
    """Weights float64 (d,) and bias that turn features float64 (n, d) into the log odds of a fake.

    Platt's map is fitted to decision values of people that the SVM was not fitted on. Raises TrainingError when a class
    is missing, there are too few people, or unseen people are ranked in the wrong order.
    """
    machine = make_pipeline(StandardScaler(), LinearSVC(C=table.cost, random_state=seed, max_iter=20_000))
    folds = StratifiedGroupKFold(table.folds, shuffle=True, random_state=seed)
    try:
        splits = list(folds.split(features, labels, groups))
        found = CalibratedClassifierCV(machine, method="sigmoid", ensemble=False, cv=splits).fit(features, labels)
    except ValueError as error:
        raise TrainingError(f"No SVM can be fitted to these crops: {error}") from error
    fitted = found.calibrated_classifiers_[0]
    scaler, svc, platt = fitted.estimator[0], fitted.estimator[1], fitted.calibrators[0]
    if platt.a_ >= 0:
        raise TrainingError("The SVM ranks unseen people in the wrong order; use more batches or a pretrained body.")
    # P(fake) = 1 / (1 + exp(a f + b)), f = w (x - mean) / scale + c
    weights: Floats = -platt.a_ * svc.coef_[0] / scaler.scale_
    return weights, float(-platt.a_ * svc.intercept_[0] - platt.b_ - weights @ scaler.mean_)
