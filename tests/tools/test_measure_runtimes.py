"""The comparison of runtimes, which are not part of the program."""

import pytest

from tools import measure_runtimes


def test_a_runtime_that_is_not_installed_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["measure_runtimes"])
    monkeypatch.setattr(measure_runtimes, "find_spec", lambda name: None if name == "openvino" else object())
    with pytest.raises(SystemExit) as end:
        measure_runtimes.main()
    assert end.value.code == "openvino cannot be imported; see how to install it in tools/measure_runtimes.py."
