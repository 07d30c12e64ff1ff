from pathlib import Path

import msgspec
import pytest
import torch
from safetensors.torch import save_file

from inspector.domain.errors import TrainingError
from training import recipe
from training.bundle.export import departures
from training.fit import pretrained
from training.fit.batch.batches import drawable
from training.fit.checkpoint import begin, build, head
from training.prepare.index import load_index
from training.recipe import Recipe


def network(tiny: Recipe, **changes: object) -> Recipe:
    return msgspec.structs.replace(tiny, network=msgspec.structs.replace(tiny.network, **changes))


def test_a_recipe_holds_only_what_differs_from_its_base(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[2] / "training/recipes/default.toml").read_text()
    (tmp_path / "below.toml").write_text(text)
    (tmp_path / "mine.toml").write_text(
        'base = "below.toml"\nname = "mine"\n[fit]\nsteps = 7\n[forge]\nkinds = { self_blend = 1.0 }\n'
    )
    mine, below = recipe.load(tmp_path / "mine.toml"), recipe.load(tmp_path / "below.toml")
    assert mine.fit == msgspec.structs.replace(below.fit, steps=7)
    assert mine.forge.kinds == {"self_blend": 1.0}, "a table within a table is another one as a whole"
    assert mine.forge.autoencoders == below.forge.autoencoders
    assert mine.name == "mine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('base = "absent.toml"\n', r"absent\.toml, the base of .* does not exist"),
        ("base = 3\n", "3, the base of .* does not exist"),
        ('base = "below.toml"\n[fit]\nstep = 3\n', r"mine\.toml is no valid recipe.*step"),
        ('base = "below.toml"\nfit = 3\n', r"mine\.toml is no valid recipe"),
        ("name = \n", r"mine\.toml is no valid recipe"),
    ],
)
def test_a_recipe_that_cannot_be_read_is_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    default = Path(__file__).resolve().parents[2] / "training/recipes/default.toml"
    (tmp_path / "below.toml").write_text(default.read_text())
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(TrainingError, match=message):
        recipe.load(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ("steps = -1", "", "below.toml, the base of {mine}, is no valid recipe: steps"),
        ("step = 1", "", "below.toml, the base of {mine}, is no valid recipe: Object contains unknown field `step`"),
        ("steps = -1", "steps = -2", "below.toml, the base of {mine}, is no valid recipe"),
        ("steps = -1", "patience = -2\nsteps = 3", "mine.toml is no valid recipe: patience"),
    ],
)
def test_the_file_that_holds_what_is_wrong_is_named(tmp_path: Path, below: str, above: str, expected: str) -> None:
    text = (Path(__file__).resolve().parents[2] / "training/recipes/default.toml").read_text()
    text = "\n".join(line for line in text.splitlines() if not line.startswith("steps = 1800"))
    (tmp_path / "below.toml").write_text(text.replace("[fit]", f"[fit]\n{below}"))
    (tmp_path / "mine.toml").write_text(f'base = "below.toml"\nname = "mine"\n[fit]\n{above}\n')
    with pytest.raises(TrainingError) as caught:
        recipe.load(tmp_path / "mine.toml")
    assert expected.format(mine=tmp_path / "mine.toml") in str(caught.value)


def test_a_base_of_a_base_is_refused_as_that(tmp_path: Path) -> None:
    (tmp_path / "below.toml").write_text('base = "deeper.toml"\n')
    (tmp_path / "mine.toml").write_text('base = "below.toml"\n')
    with pytest.raises(TrainingError, match=r"below\.toml is the base of .*mine\.toml and has a base itself"):
        recipe.load(tmp_path / "mine.toml")


def resnet(tiny: Recipe, **changes: object) -> Recipe:
    args = {"body": "test_resnet", "dense": 8, "dropout": 0.5}
    return network(tiny, architecture="dense_head", args=args, dropout=0.0, **changes)


def test_a_pretrained_file_fills_the_body_and_leaves_the_head(tiny: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "body.safetensors"
    there = pretrained.timm.create_model("test_resnet").state_dict()
    save_file({k: v.half() if v.is_floating_point() else v for k, v in there.items()}, path)
    begun = begin(resnet(tiny, pretrained=str(path)))
    own = begun.get_submodule("body.body").state_dict()
    assert all(torch.equal(own[k], v.half().to(v.dtype)) for k, v in there.items() if k in own)
    assert not head(begun).weight.any()
    fresh = build(resnet(tiny)).get_submodule("body.body").state_dict()
    assert any(not torch.equal(own[k], fresh[k]) for k in own)


def test_residual_channels_start_without_effect_beside_the_pretrained_colours(tiny: Recipe, tmp_path: Path) -> None:
    """A wrapper's body gets the weights as well."""
    path, there = tmp_path / "body.safetensors", pretrained.timm.create_model("test_resnet").state_dict()
    save_file(there, path)
    args = {"architecture": "test_resnet"}
    begun = begin(network(tiny, architecture="high_pass", args=args, dropout=0.0, pretrained=str(path)))
    own = begun.get_submodule("body.body").state_dict()
    first = next(k for k, v in there.items() if v.shape[1:2] == (3,))
    assert torch.equal(own[first][:, :3], there[first])
    assert own[first].shape[1] == 6
    assert not own[first][:, 3:].any()
    close = begin(network(tiny, architecture="close_look", args=args, dropout=0.0, pretrained=str(path)))
    assert torch.equal(close.get_submodule("body.body").state_dict()[first], there[first])
    nested = {"architecture": "high_pass", "args": args}
    both = begin(network(tiny, architecture="close_look", args=nested, dropout=0.0, pretrained=str(path)))
    assert torch.equal(both.get_submodule("body.body.body").state_dict()[first][:, :3], there[first])


def test_early_stages_take_their_part_of_the_weights_of_the_whole(tiny: Recipe, tmp_path: Path) -> None:
    path, there = tmp_path / "body.safetensors", pretrained.timm.create_model("test_efficientnet").state_dict()
    save_file(there, path)
    args = {"body": "test_efficientnet", "stages": 2}
    begun = begin(network(tiny, architecture="patches", args=args, dropout=0.0, pretrained=str(path)))
    own = begun.get_submodule("body.body").state_dict()
    assert own.keys() < there.keys()
    assert "blocks.1.0.bn1.weight" in own
    assert all(torch.equal(v, there[k]) for k, v in own.items())
    args = {"architecture": "patches", "args": args}
    begun = begin(network(tiny, architecture="high_pass", args=args, dropout=0.0, pretrained=str(path)))
    stem = begun.get_submodule("body.body.body.conv_stem").weight
    assert torch.equal(stem[:, :3], there["conv_stem.weight"])
    assert not stem[:, 3:].any()


def test_a_transformer_takes_weights_of_another_input_size(tiny: Recipe, tmp_path: Path) -> None:
    path = tmp_path / "vit.safetensors"
    save_file(pretrained.timm.create_model("test_vit").state_dict(), path)
    args = {"img_size": 32}
    begun = begin(network(tiny, architecture="test_vit", args=args, dropout=0.0, pretrained=str(path)))
    assert begun(torch.zeros(2, 3, 32, 32)).shape == (2,)


def test_unavailable_pretrained_weights_are_reported_in_one_sentence(tiny: Recipe, tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(TrainingError, match=r"absent\.safetensors cannot be read .*--fresh"):
        begin(resnet(tiny, pretrained=str(tmp_path / "absent.safetensors")))
    (tmp_path / "broken.safetensors").write_bytes(b"no weights")
    with pytest.raises(TrainingError, match=r"broken\.safetensors cannot be read"):
        begin(resnet(tiny, pretrained=str(tmp_path / "broken.safetensors")))
    save_file(pretrained.timm.create_model("test_vit").state_dict(), tmp_path / "vit.safetensors")
    with pytest.raises(TrainingError, match="another network than test_resnet"):
        begin(resnet(tiny, pretrained=str(tmp_path / "vit.safetensors")))

    def offline(*_: str) -> str:
        raise FileNotFoundError("no network")

    monkeypatch.setattr(pretrained, "hf_hub_download", offline)
    with pytest.raises(TrainingError, match=r"timm's weights of test_resnet cannot be downloaded .*--fresh"):
        begin(resnet(tiny, pretrained="timm"))
    with pytest.raises(TrainingError, match="no safetensors weights of legacy_xception"):
        begin(network(tiny, architecture="legacy_xception", args={}, pretrained="timm"))
    with pytest.raises(TrainingError, match="cnn has no pretrained weights"):
        begin(network(tiny, architecture="cnn", args={}, dropout=0.0, pretrained="timm"))


def test_timms_weights_are_downloaded_as_safetensors(tiny: Recipe, tmp_path: Path, monkeypatch) -> None:
    path, asked = tmp_path / "hub.safetensors", []
    save_file(pretrained.timm.create_model("test_resnet").state_dict(), path)
    monkeypatch.setattr(pretrained, "hf_hub_download", lambda *what: asked.append(what) or str(path))
    begin(resnet(tiny, pretrained="timm"))
    assert [file for _, file in asked] == ["model.safetensors"]


def test_without_pretrained_weights_all_of_the_network_learns(tiny: Recipe) -> None:
    frozen = resnet(tiny, pretrained="timm")
    frozen = msgspec.structs.replace(frozen, fit=msgspec.structs.replace(frozen.fit, trained=["body.head"]))
    fresh = frozen.fresh()
    assert fresh.network.pretrained == ""
    assert fresh.fit.trained == []
    begin(fresh)


def test_a_card_names_how_the_run_departed_from_its_recipe(tiny: Recipe, tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_bytes(msgspec.json.encode(tiny))
    assert departures(tiny, tmp_path) == []
    longer = network(tiny.with_steps(600), pretrained="/somewhere/on/a/machine/w.safetensors")
    assert departures(longer, tmp_path) == [
        "fit.steps was 4 instead of 600",
        'network.pretrained was "" instead of "w.safetensors"',
    ]


def test_a_card_counts_only_what_batches_can_hold(tiny: Recipe) -> None:
    rows = load_index(Path(tiny.prepare.folder))
    stills = msgspec.structs.replace(
        tiny,
        forge=msgspec.structs.replace(tiny.forge, kinds={}),
        batch=msgspec.structs.replace(
            tiny.batch, pairs=0, original_shares={"still": 1.0}, generated_shares={"still": 1.0, "clip": 0.0}
        ),
    )
    assert {row["kind"] for row in drawable(rows, stills)} == {"still"}
    assert len(drawable(rows, tiny)) == len(rows)
    small = [row | {"face_px": 20.0} for row in rows]
    assert drawable(small, tiny) == []
