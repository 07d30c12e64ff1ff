"""The training guide: its commands are those of the command line, and its recipes can be loaded."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from training import __main__ as command_line
from training.recipe import LoraTable, load
from training.sources import SOURCES

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/training.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


COMMANDS = re.findall(r"^(?:.* )?-m training (.*?)(?: +#.*)?$", "".join(blocks("sh")).replace("\\\n", ""), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_accepted(command: str) -> None:
    chosen = command_line._parser().parse_args(shlex.split(command.replace("$RECIPE", "training/recipes/default.toml")))
    assert chosen.command in command_line._COMMANDS


def test_it_shows_every_command() -> None:
    assert {command.split()[0] for command in COMMANDS} == set(command_line._COMMANDS)


def test_its_recipes_can_be_loaded(tmp_path: Path) -> None:
    (tmp_path / "default.toml").write_bytes((ROOT / "training/recipes/default.toml").read_bytes())
    whole, kinds, *others = blocks("toml")
    (tmp_path / "whole.toml").write_text(whole, encoding="utf-8")
    assert load(tmp_path / "whole.toml").name == "newsroom"
    (tmp_path / "kinds.toml").write_text(f'base = "default.toml"\n{kinds}', encoding="utf-8")
    assert load(tmp_path / "kinds.toml").forge.kinds == tomllib.loads(kinds)["forge"]["kinds"]
    probe = next(text for text in others if '"probe"' in text)
    others.remove(probe)
    (tmp_path / "probe.toml").write_text(f'base = "default.toml"\n{probe}', encoding="utf-8")
    assert load(tmp_path / "probe.toml").network.args == load(ROOT / "training/recipes/clip-probe.toml").network.args
    (tmp_path / "large.toml").write_text("\n".join(['base = "default.toml"', *others]), encoding="utf-8")
    large = load(tmp_path / "large.toml")
    assert large.network.lora == LoraTable(base="clip-vit-b16", start="weights/{fold}.safetensors")
    assert large.batch.real_pairs
    assert large.source_folds


def test_it_names_every_format_of_sources() -> None:
    assert {name for name in SOURCES if f"| `{name}` |" in GUIDE} == set(SOURCES)


def test_recipes_and_options_that_it_names_exist() -> None:
    for name in re.findall(r"`(?:training/recipes/)?([a-z0-9-]+\.toml)`", GUIDE):
        assert (ROOT / "training/recipes" / name).is_file(), name
    recipe = load(ROOT / "training/recipes/default.toml")
    for table, field in re.findall(r"`\[(\w+)\] (\w+) = ", GUIDE):
        assert hasattr(getattr(recipe, table), field), field
