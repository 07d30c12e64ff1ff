"""A report of an analysis with a deep network: both looks are named, with frames, likelihood ratio and changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image as Pillow

from inspector.domain.analysis import ChangedScore, Conclusion, DeepSummary
from inspector.domain.likelihood import beyond_text, clip_ratio_text, ratio_text, support_text
from inspector.domain.model_card import Argument, DeepCard, DeepLimits, ErrorRates, Platt
from inspector.domain.scores import FaceScore, Segment
from inspector.engine.analysis.deep_rule import scores_as_probabilities
from inspector.engine.report.csv_tables import write_frames
from inspector.engine.report.figure_files import write_key_frames
from inspector.engine.report.json_report import as_json
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf.deep_rows import after_changes, plain_surroundings
from inspector.engine.report.pdf.first_page import _how_sure
from inspector.engine.report.series import Series, read
from inspector.ui.panels.model_facts import _rate_rows
from inspector.ui.panels.result_card import _details
from inspector.ui.text import clip_text, counts_text, scale_text, track_tip
from tests.engine.report.conftest import make_saved_figure, pts_of
from tests.engine.report.pdf.test_results import Make, pdf_of, text_of

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report-schema.json").read_text())
LIMITS = DeepLimits(Platt(0.4, 0.2), ((-4.0, 0.1, 0.4), (4.0, 2.0, 12.0)), 3.5, -4.0, "clips of 40 groups of sources")


def deepened(material: ReportMaterial) -> ReportMaterial:
    """The same with a deep network that saw every tenth frame of each track, with a mean of 2.5."""
    analysis, half = material.analysis, (0.5, 0.5, 0.5)
    assert analysis.model is not None
    stills = replace(LIMITS, high=None, low=None)
    args: dict[str, Argument] = {"base": "clip-vit-b16", "base_sha256": "cd" * 32}
    deep_card = DeepCard("ef" * 32, "lora", args, 224, half, half, "body.body.blocks.11.norm1", LIMITS, stills)
    screening = replace(analysis.model.error_rates[0], level="screening", false_positive_rate=0.44)
    rates = ErrorRates("track", "left-out sources", 0.0123, (0.0, 0.1), 311, 0.8, (0.7, 0.9), 508, 0.8)
    card = replace(analysis.model, deep=deep_card, error_rates=(rates, screening))

    def seen(score: FaceScore) -> bool:
        return score.fake_probability is not None and (score.pts // 512) % 10 == 2

    def scores() -> Iterator[FaceScore]:
        for score in material.scores():
            yield replace(score, deep_logit=2.5, deep_probability=0.77) if seen(score) else score

    pts = {
        t.track_id: [s.pts for s in material.scores() if s.track_id == t.track_id and seen(s)] for t in analysis.tracks
    }
    changes = (ChangedScore("JPEG quality 50", -0.25), ChangedScore("half size", -1.0))
    summaries = tuple(
        replace(
            t,
            deep=DeepSummary(
                tuple(pts[t.track_id][:-1]), tuple(pts[t.track_id][-1:]), 2.5, 3.3, (1.4, 7.9), changes, (0.1, 8.0)
            ),
        )
        for t in analysis.summaries
    )
    reason = "The deep look's mean score over 13 frames is 2.50, which reaches the upper limit of 2.00."
    summary = replace(analysis.summary, reason=f"Track {summaries[0].track_id}: {reason}")
    return replace(
        material, analysis=replace(analysis, model=card, summaries=summaries, summary=summary), scores=scores
    )


def test_the_report_names_both_looks(make_material: Make):
    said = text_of(pdf_of(deepened(make_material(200, 2))))
    assert "mean raw score 2.500 over 13 frames spread over the track, which decides; 1 further frame" in said
    ratio = "3.3 (95 % interval 1.4 to 7.9; none beyond 0.1 and 8 is stated): hardly any support for manipulation"
    assert said.count(ratio) >= 2, "on page one, and with the track"
    assert "JPEG quality 50: 2.25; half size: 1.50" in said
    assert "fast look, screening only" in said
    assert "missed or left undecided 80.0 % of manipulated faces" in said, (
        "page one states the rates of the rule that was applied"
    )
    assert "low-rank updates of clip-vit-b16, 224 px" in said
    assert "always inconclusive, because no limits could be set" in said
    assert "on the scale of probabilities:" in said, "page one gives the raw scores on the scale of its plots, too"
    assert "segment named above" not in said, "with a deep look no segment decides"
    assert said.count("the rule applied here") == 1
    assert "The fast network, for screening" in said
    assert "Likelihood ratio How many times as often" in said, "the glossary has the words of page one"
    assert "--deep auto" in said


def test_a_figure_states_the_probability_of_the_network_that_decides(make_material: Make, tmp_path: Path):
    material = deepened(make_material(20, 1))
    score = replace(material.key_frames[0].score, fake_probability=0.41, deep_probability=0.24)
    key_frame = replace(material.key_frames[0], score=score, cam=None)
    (tmp_path / "figures").mkdir()
    name = next(write_key_frames(material.analysis, (key_frame,), tmp_path))
    with Pillow.open(tmp_path / name) as picture:
        said = dict(picture.info)
    assert said["Fake probability of this frame by the deep look"] == "0.24"
    assert said["Fake probability of this frame by the fast look, for screening"] == "0.41"
    assert "Fake probability of this frame" not in said, "of which network, it would not say"
    assert said["Model"].endswith(f"deep network {'ef' * 32}")


def test_a_saved_picture_names_the_network_of_each_probability(make_material: Make):
    material, seen = deepened(make_material(40, 1)), FaceScore(1, pts_of(12), None, 1.0, 0.7312, None)
    scores = (replace(seen, deep_probability=0.4), replace(seen, track_id=2))
    material = replace(material, saved_figures=(replace(make_saved_figure(4, 12), scores=scores),))
    said = text_of(pdf_of(material))
    assert "Face 1: 0.400 by the deep look, 0.731 by the fast look; Face 2: 0.731 by the fast look; of the" in said
    found = as_json(material, read(material, lambda *_row: None))
    jsonschema.validate(found, SCHEMA)
    assert [score["deep_probability"] for score in found["saved_figures"][0]["scores"]] == [0.4, None]


def test_of_faces_without_a_score_no_plot_curve_or_heat_map_is_announced(make_material: Make):
    material = deepened(make_material(20, 1))
    analysis, shown = material.analysis, material.key_frames[0]
    none = replace(analysis.summaries[0], frames_scored=0, conclusion=Conclusion.NO_FACE)
    score = replace(shown.score, fake_probability=None, logit=None)
    bare = replace(shown, score=score, cam=None, robustness=())
    said = text_of(pdf_of(replace(material, analysis=replace(analysis, summaries=(none,)), key_frames=(bare,))))
    assert "The plots below" not in said
    assert "this section shows the first frame" in said
    assert "peak of the curve" not in said
    mixed = text_of(pdf_of(replace(material, key_frames=(shown, bare))))
    assert "peak of the curve" in mixed
    assert "Of a track without any score it is the first face." in mixed


def test_page_one_says_where_n_is_not_what_a_rate_is_a_share_of(make_material: Make):
    material, said = deepened(make_material(200, 2)), "each group counts once, so no rate is a share of n"
    model = material.analysis.model
    assert model is not None
    assert said not in text_of(pdf_of(material))
    rates = replace(model.error_rates[0], counted="each track; every group counts once")
    model = replace(model, error_rates=(rates, *model.error_rates[1:]))
    assert said in text_of(pdf_of(replace(material, analysis=replace(material.analysis, model=model))))


def test_a_kind_of_input_without_a_lower_limit_is_never_said_to_be_unmanipulated(make_material: Make):
    material = deepened(make_material(200, 2))
    model = material.analysis.model
    assert model is not None
    assert model.deep is not None
    assert "it called “no manipulation indicated”, the model's card does not state" in text_of(pdf_of(material))
    model = replace(model, deep=replace(model.deep, clips=replace(LIMITS, low=None)))
    said = text_of(pdf_of(replace(material, analysis=replace(material.analysis, model=model))))
    assert "for clips no lower limit could be set, so it called none “no manipulation indicated”" in said
    assert "does not state. Measured" not in said
    assert "“manipulation indicated” from 3.50, never “no manipulation indicated”, else inconclusive" in said


def test_the_window_gives_raw_scores_on_the_scale_of_its_timeline_too(make_material: Make):
    analysis = deepened(make_material(200, 2)).analysis
    found = scores_as_probabilities(analysis)
    assert found is not None
    mean, _low, high = found
    assert mean == analysis.summaries[0].fake_probability
    assert high is not None
    assert f"{mean:.2f}, " in scale_text(analysis)
    assert f"upper limit {high:.2f}" in scale_text(analysis)
    assert "The deep look, which decides, saw" in counts_text(analysis)
    bare = replace(analysis, summary=replace(analysis.summary, reason="No face could be scored."))
    assert scale_text(bare) == ""
    still = replace(analysis, clip=replace(analysis.clip, is_still=True))
    assert scale_text(still).startswith("As a probability: "), "it has no timeline"


def test_json_and_csv_hold_what_the_deep_network_saw(make_material: Make, tmp_path: Path):
    material = deepened(make_material(120, 1))
    overview = write_frames(material, tmp_path / "frames.csv")
    report = as_json(material, overview)
    jsonschema.validate(report, SCHEMA, cls=jsonschema.Draft202012Validator)
    (track,) = report["tracks"]
    assert len(track["deep"]["pts"]) == 9
    assert track["deep"]["likelihood_support"] == "hardly any support for manipulation"
    assert track["deep"]["likelihood_bounds"] == [0.1, 8.0]
    assert track["highest_probability"] == 0.77
    rows = [line.split(",") for line in (tmp_path / "frames.csv").read_text().splitlines()[1:]]
    assert sum(row[-2:] == ["2.5", "0.77"] for row in rows) == 10
    assert sum(row[-2:] == ["", ""] for row in rows) == len(rows) - 10


def test_a_ratio_at_its_bound_says_so_and_an_end_near_one_is_not_rounded_to_it():
    held = DeepSummary((), (), 0.0, 0.421, (0.421, 0.421), (), (0.421, 4.087))
    assert ratio_text(held).startswith(
        "at most 0.42 (95 % interval at most 0.42 to at most 0.42; none beyond 0.42 and 4.1"
    )
    near = DeepSummary((), (), 0.0, 1.2, (1.0256, 1.5), (), (0.421, 4.087))
    assert ratio_text(near).startswith("1.2 (95 % interval 1.026 to 1.5;")


@pytest.mark.parametrize(
    ("ratio", "interval", "said"),
    [
        (1.1, (0.7, 1.9), "no support for either side"),
        (5.0, (2.5, 9.0), "weak support for manipulation"),
        (40.0, (11.0, 90.0), "moderate support for manipulation"),
        (0.2, (0.1, 0.4), "weak support against manipulation"),
        (0.6, (0.5, 0.9), "hardly any support against manipulation"),
        (10.019, (10.019, 10.019), "weak support for manipulation"),  # reads as 10, where the weak support ends
    ],
)
def test_the_verbal_scale_takes_the_end_nearer_to_one(ratio: float, interval: tuple[float, float], said: str):
    found = DeepSummary((), (), 0.0, ratio, interval, ())
    assert support_text(found) == said
    assert ratio_text(found).endswith(f"{interval[1]:.2g}): {said}")


def test_a_probability_beyond_the_bound_of_its_ratio_is_told_on_page_one_in_the_tracks_rows_and_on_the_card(
    make_material: Make,
):
    """A bound of 4 is 0.80 at equal odds: a bold 0.93 beside it would claim more than the sources do."""
    said = "At equal odds a ratio of 4 is a probability of 0.80; the sources support none beyond it."
    material = deepened(make_material(120, 1))
    (track,) = material.analysis.summaries
    assert track.deep is not None
    assert said not in " ".join(text_of(pdf_of(material)).split())
    held = replace(
        track.deep, likelihood_ratio=4.007, likelihood_interval=(4.007, 4.007), likelihood_bounds=(0.5, 4.007)
    )
    analysis = replace(material.analysis, summaries=(replace(track, deep=held),))
    assert " ".join(text_of(pdf_of(replace(material, analysis=analysis))).split()).count(said) == 2
    assert said in track_tip(analysis.summaries[0], None).splitlines()
    assert said in _details(analysis, {})
    assert beyond_text(replace(held, likelihood_ratio=0.269, likelihood_bounds=(0.269, 10.0))).startswith(
        "At equal odds a ratio of 0.27 is a probability of 0.21;"
    )


def test_what_was_not_tested_has_its_reason_and_what_was_its_rule(make_material: Make):
    """A score after a change that lies below the limit, beside a conclusion, would read as a contradiction."""
    deep = DeepSummary((), (), 4.58, 4.0, (4.0, 4.0), (ChangedScore("JPEG quality 50", -3.06),), plain_share=0.0)
    changed = after_changes(deep, is_complete=True)
    assert changed.startswith("JPEG quality 50: 1.52. A conclusion stands while")
    assert changed.endswith("they need not reach the limit")
    long = replace(deep, pts=tuple(range(9)))
    assert "50: 1.52, from up to 8 of the frames. A conclusion" in after_changes(long, is_complete=True)
    assert "Measured on up to 8 of the frames. Counted" in plain_surroundings(long, is_complete=True)
    assert "photographed wall is not counted" in plain_surroundings(deep, is_complete=True)
    untested = replace(deep, changes=(), plain_share=None)
    for each in (after_changes, plain_surroundings):
        assert each(untested, is_complete=True).endswith(", because the result is inconclusive anyway")
        assert each(untested, is_complete=False).endswith(", because the analysis was stopped before")
    assert plain_surroundings(replace(deep, plain_share=None), is_complete=True) == "not measured"


def test_a_share_just_below_the_one_that_keeps_a_conclusion_does_not_read_as_it(make_material: Make):
    material = deepened(make_material(120, 1))
    (track,) = material.analysis.summaries
    assert track.deep is not None
    summaries = (replace(track, deep=replace(track.deep, plain_share=0.247)),)
    material = replace(material, analysis=replace(material.analysis, summaries=summaries))
    assert "24.7% of one colour; from 25% on the deep look never indicates manipulation" in text_of(pdf_of(material))


def test_a_track_that_the_deep_look_did_not_come_to_has_no_figures_of_the_fast_one(make_material: Make):
    material = make_material()
    none = DeepSummary((), (), None, None, None, ())
    summaries = (replace(deepened(material).analysis.summaries[0], deep=none, fake_probability=None),)
    unseen = replace(material, analysis=replace(deepened(material).analysis, summaries=summaries))
    text = " ".join(text_of(pdf_of(unseen)).split())
    assert "Highest single frame none" in text
    assert "mean raw score – over 0 frames" in text


def test_the_clips_ratio_is_that_of_the_deciding_track(make_material: Make):
    analysis = deepened(make_material(120, 2)).analysis
    tracks = tuple(replace(t, conclusion=Conclusion.INCONCLUSIVE) for t in analysis.summaries)
    summary = replace(analysis.summary, conclusion=Conclusion.INCONCLUSIVE)
    said = clip_ratio_text(replace(analysis, summary=summary, summaries=tracks))
    assert said.endswith("for manipulation, too little for a conclusion")
    plain = tuple(replace(t, deep=t.deep and replace(t.deep, plain_share=0.3)) for t in tracks)
    said = clip_ratio_text(replace(analysis, summary=summary, summaries=plain))
    assert said.endswith("for manipulation, which does not hold before a plain surface")
    without = tuple(replace(t, deep=None) for t in tracks)
    assert clip_ratio_text(replace(analysis, summary=summary, summaries=without)) == ""


def test_a_ratio_that_was_enough_is_not_called_too_little(make_material: Make):
    """Beside "which reaches the upper limit", "too little for a conclusion" was untrue."""
    analysis = deepened(make_material(120, 1)).analysis
    (track,) = analysis.summaries
    deep = track.deep
    assert deep is not None

    def said(mean: float, segments: tuple[Segment, ...] = ()) -> str:
        doubtful = replace(track, conclusion=Conclusion.INCONCLUSIVE, deep=replace(deep, mean_logit=mean))
        summary = replace(analysis.summary, conclusion=Conclusion.INCONCLUSIVE)
        return clip_ratio_text(replace(analysis, summary=summary, summaries=(doubtful,), segments=segments))

    stretch = Segment(track.track_id, 0, 512, 0.9, 0.9, 0)
    assert said(3.6).endswith(", not confirmed after mild changes of the picture")
    assert said(-4.1).endswith(", not confirmed after mild changes of the picture")
    assert said(-4.1, (stretch,)).endswith(", which a stretch of the clip that stands out contradicts")
    assert said(-4.1, (replace(stretch, track_id=9),)).endswith(", not confirmed after mild changes of the picture")
    assert said(-3.9, (stretch,)).endswith(", too little for a conclusion")


def test_of_several_faces_page_one_names_that_of_each_figure(make_material: Make):
    """The clip's probability may be of another face than the one that decides, whose likelihood ratio stands below."""
    material = deepened(make_material(120, 2))
    analysis = material.analysis
    first, second = analysis.summaries
    doubtful = replace(second, conclusion=Conclusion.INCONCLUSIVE, fake_probability=0.97)
    called = replace(first, conclusion=Conclusion.INDICATED, fake_probability=0.85)
    summary = replace(analysis.summary, conclusion=Conclusion.INDICATED, fake_probability=0.97)
    analysis = replace(analysis, summaries=(called, doubtful), summary=summary)
    page = " ".join(_how_sure(replace(material, analysis=analysis)))
    assert "0.97</b> on a scale of 0 to 1. It is that of Face 2, the highest." in page
    assert "Likelihood ratio of Face 1: <b>3.3" in page
    assert "Face 1: likelihood ratio 3.3" in clip_text(analysis)
    assert "of Face" not in clip_text(replace(analysis, summaries=(called,)))


def test_a_word_that_the_guideline_lacks_is_not_given_as_its(make_material: Make):
    material = deepened(make_material(120, 1))
    (track,) = material.analysis.summaries
    assert track.deep is not None
    for interval, has_word in (((1.4, 7.9), False), ((2.4, 7.9), True)):
        summaries = (replace(track, deep=replace(track.deep, likelihood_interval=interval)),)
        page = " ".join(_how_sure(replace(material, analysis=replace(material.analysis, summaries=summaries))))
        assert ("scale of ENFSI 2015, which has no word below 2, at" in page) is not has_word


def test_page_one_says_which_test_the_rates_leave_out(make_material: Make):
    """The card says that the rule calls fewer than its rates; page one quoted them as those of the very rule."""
    material = deepened(make_material(120, 1))
    said = "The test of mild changes is not counted: with it the rule calls fewer faces"
    assert said not in " ".join(_how_sure(material))
    model = material.analysis.model
    assert model is not None
    counted = "the test whether a mild change of the picture turns a conclusion is left out"
    rates = replace(model.error_rates[0], counted=counted)
    analysis = replace(material.analysis, model=replace(model, error_rates=(rates, *model.error_rates[1:])))
    assert said in " ".join(_how_sure(replace(material, analysis=analysis)))
    assert "Not counted" in dict(_rate_rows(rates))
    assert "Not counted" not in dict(_rate_rows(model.error_rates[0]))


def test_the_highest_frame_is_the_deep_networks_where_it_looked():
    nan = np.nan
    assert Series(np.arange(3.0), np.array([0.1, 0.7, 0.9]), np.array([nan, 0.4, nan])).highest == (1.0, 0.4)
    assert Series(np.arange(3.0), np.array([0.1, 0.7, 0.9]), np.full(3, nan)).highest == (2.0, 0.9)
