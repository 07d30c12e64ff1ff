"""The map from a logit to a calibrated probability, with the parameters of the model card."""

from __future__ import annotations

import numpy as np

from inspector.domain.arrays import Floats
from inspector.domain.model_card import Platt


def probability(logit: Floats | float, platt: Platt) -> Floats:
    """Calibrated probability of logits, float64 of the same shape."""
    z = np.clip(platt.slope * np.asarray(logit, dtype=np.float64) + platt.intercept, -60.0, 60.0)
    return np.asarray(1.0 / (1.0 + np.exp(-z)))
