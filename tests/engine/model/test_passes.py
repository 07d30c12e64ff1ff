"""What makes passes on a CPU quick changes no logit by more than rounding."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from copy import deepcopy

import numpy as np
import pytest
import torch

from inspector.engine import activity
from inspector.engine.model.bundle import DEFAULT_BUNDLE, find_bundle
from inspector.engine.model.cam import cam_values
from inspector.engine.model.detector import Detector
from inspector.engine.model.networks.flat import is_flat
from inspector.engine.model.networks.folded import fold
from inspector.engine.model.passes import _threads, cores, in_passes
from inspector.engine.model.reference import noise_crop
from inspector.engine.model.registry import build


def test_a_pass_computes_on_one_core_and_others_as_before():
    def used(part: np.ndarray) -> np.ndarray:
        torch.ones(1 << 16).sin()  # work that would be spread
        return np.array([torch.get_num_threads(), part[0]])

    before = torch.get_num_threads()
    found = in_passes(used, [np.array([k]) for k in range(8)])
    assert [row.tolist() for row in found] == [[1, k] for k in range(8)]
    later: list[int] = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert [torch.get_num_threads(), *later] == [before, before]


def test_a_thread_that_is_new_while_the_others_begin_counts_all_cores(monkeypatch: pytest.MonkeyPatch):
    has_begun, may_go_on, wait_for_all = threading.Event(), threading.Event(), threading.Barrier.wait

    def wait_longer(barrier: threading.Barrier) -> int:
        has_begun.set()
        assert may_go_on.wait(10)
        return wait_for_all(barrier)

    monkeypatch.setattr(threading.Barrier, "wait", wait_longer)
    _threads.cache_clear()
    with ThreadPoolExecutor(2) as pool:
        beginning = pool.submit(in_passes, abs, [-1, -2])
        assert has_begun.wait(10)
        counted = pool.submit(cores)
        wait([counted], 0.2)
        may_go_on.set()
        assert beginning.result() == [1, 2]
        assert counted.result() == cores()


def test_where_a_thread_cannot_be_started_none_is_left_waiting(monkeypatch: pytest.MonkeyPatch):
    begun: list[threading.Thread] = []
    start = threading.Thread.start

    def start_two(thread: threading.Thread) -> None:
        if len(begun) == 2:
            raise RuntimeError("can't start new thread")
        start(thread)
        begun.append(thread)

    before = torch.get_num_threads()
    _threads.cache_clear()
    torch.set_num_threads(3)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", start_two)
            with pytest.raises(RuntimeError, match="new thread"):
                in_passes(lambda part: part.astype(float), [np.zeros(1, np.uint8)])
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert [thread.is_alive() for thread in begun] == [False, False]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load(find_bundle(DEFAULT_BUNDLE), "cpu", with_deep=False)


@pytest.fixture(scope="module")
def plain(detector: Detector) -> Detector:
    """The same weights in a network with its normalisations, as training has it."""
    from safetensors.torch import load_file

    network = build(detector.card.architecture, detector.card.architecture_args)
    network.load_state_dict({k: v.float() for k, v in load_file(find_bundle(DEFAULT_BUNDLE).weights).items()})
    return Detector(detector.card, network, torch.device("cpu"))


def crops(n: int, size: int) -> np.ndarray:
    return np.concatenate([noise_crop(seed, size) for seed in range(n)])


def test_the_published_networks_score_as_with_their_normalisations(detector: Detector, plain: Detector):
    given = crops(5, detector.card.input_size)
    norms = [sum(isinstance(m, torch.nn.BatchNorm2d) for m in d.network.modules()) for d in (detector, plain)]
    assert norms == [1, 156]  # that after the convolution whose heat map is drawn stays
    assert np.abs(detector.logits(given) - plain.logits(given)).max() < 1e-4
    maps = [cam_values(d, given[0], "GradCAM") for d in (detector, plain)]
    assert np.abs(maps[0] - maps[1]).max() < 1e-3


def test_the_number_of_crops_changes_no_bit_of_a_logit(detector: Detector):
    given = crops(9, detector.card.input_size)
    whole = detector.logits(given)
    assert all(np.array_equal(detector.logits(given[:n]), whole[:n]) for n in range(1, 9))


def test_the_list_of_steps_gives_the_bits_of_the_layers(detector: Detector):
    given = crops(6, detector.card.input_size)

    def by_layers(part: np.ndarray) -> np.ndarray:
        with torch.no_grad():  # not in inference mode, so a heat map could hook the layers
            return np.asarray(detector.network(detector.to_input(part)).double())

    assert is_flat(detector.network.body)
    assert np.array_equal(detector.logits(given), np.concatenate(in_passes(by_layers, np.split(given, 3))))


def test_a_copy_of_a_flat_network_scores_with_its_own_layers(detector: Detector):
    given = crops(2, detector.card.input_size)
    before = detector.logits(given)
    copied = deepcopy(detector.network)  # as a detector on a GPU keeps one
    other = Detector(detector.card, copied, torch.device("cpu"))
    for part in copied.modules():
        if isinstance(part, torch.nn.Conv2d):
            part.weight.data.zero_()
    assert np.array_equal(detector.logits(given), before)
    assert not np.array_equal(other.logits(given), before)
    assert len(set(other.logits(given))) == 1


@pytest.mark.parametrize("size", [64, 65, 71])
def test_padding_by_what_the_size_needs(size: int):
    network = build("mobilenetv2_050", {"pad_type": "same"}).eval()
    given = torch.rand(2, 3, size, size)
    with torch.no_grad():
        before = network(given)
        fold(network, "body.conv_head")
        assert torch.allclose(network(given), before, atol=1e-6)


def test_passes_that_are_not_begun_are_left_out_when_the_work_is_given_up():
    begun, go_on = list[int](), threading.Event()

    def work(part: int) -> int:
        begun.append(part)
        go_on.wait(10)
        return part

    def stopped() -> None:
        raise activity.StoppedError("stopped")

    with activity.checked(stopped), pytest.raises(activity.StoppedError):
        in_passes(work, range(100))
    go_on.set()
    assert in_passes(lambda part: part, range(5)) == [0, 1, 2, 3, 4]
    assert len(begun) <= cores()
