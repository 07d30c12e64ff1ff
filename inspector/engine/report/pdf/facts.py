"""The report's sections of fact: case, file, container and stream, settings, software, device, model."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from pathlib import PurePath

from inspector.domain.analysis import Analysis
from inspector.domain.answer import applied_rates
from inspector.domain.case import CUSTODY, CaseInfo
from inspector.domain.clip import Clip
from inspector.domain.known_models import UNKNOWN_MODEL, is_known
from inspector.domain.model_card import LEVELS, DeepLimits, ErrorRates, ModelCard, Platt
from inspector.domain.settings import Settings
from inspector.engine.report import text
from inspector.engine.report.material import ReportMaterial
from inspector.engine.report.pdf import style
from inspector.engine.seal.keys import fingerprint

_MOST_TAGS = 60


def case_facts(case: CaseInfo) -> style.Flowables:
    """Who examined what for which case, as the examiner states it."""
    rows = [
        ("Case", text.stated(case.name, text.LONG)),
        ("Exhibit", text.stated(case.exhibit, text.LONG)),
        ("Examiner", text.stated(case.examiner, text.LONG)),
        ("Organisation", text.stated(case.organisation, text.LONG)),
        ("Case opened", text.moment(case.created_at) or "not stated"),
    ]
    custody = [(label, text.recorded(getattr(case, name), text.LONG)) for name, label in CUSTODY.items()]
    stated = "How the evidence came to the examiner, as people stated it. The tool did not check it."
    return [style.facts(rows), *style.subheading("Custody"), style.paragraph(stated), style.facts(custody)]


def file_facts(material: ReportMaterial) -> style.Flowables:
    """The evidence file and its hashes before and after."""
    analysis, clip = material.analysis, material.analysis.clip
    is_changed = analysis.is_evidence_changed
    unequal = "<b>NO: the file changed during the analysis, or could not be read again</b>"
    agreement = unequal if is_changed else "yes: the file is unchanged"
    rows = [
        ("Name", text.markup(PurePath(clip.path).name)),
        ("Size", text.size(clip.size_bytes)),
        ("SHA-256 before analysis", style.mono(text.markup(clip.sha256))),
        ("SHA-256 after analysis", style.mono(text.markup(analysis.sha256_after))),
        ("Hashes agree", agreement),
        ("Analysis began", text.moment(analysis.started_at)),
        ("Analysis ended", text.moment(analysis.finished_at) + ("" if analysis.is_complete else " (not complete)")),
        ("Report written", text.moment(material.written_at)),
        ("Signature", _signature(material.public_key)),
    ]
    return [style.facts(rows)]


def _signature(public_key: str) -> str:
    if not public_key:
        return "none when this report was written: VERIFY.txt says what the manifest alone shows"
    return (
        "MANIFEST.sha256 is signed (Ed25519) with the key in examiner.pem, whose SHA-256 is "
        f"{style.mono(fingerprint(public_key))}; compare it with the one that the examiner gave you in another way"
    )


def _colour(clip: Clip) -> list[tuple[str, str]]:
    colour = clip.colour
    assumed = ", ".join(colour.assumed)
    return [
        ("Colour primaries", text.markup(colour.primaries)),
        ("Transfer curve", text.markup(colour.transfer)),
        ("Matrix", text.markup(colour.matrix)),
        ("Range", text.markup({"tv": "limited (tv)", "pc": "full (pc)"}.get(colour.range, colour.range))),
        ("Assumed, not declared", text.markup(assumed) if assumed else "nothing"),
        ("Tone mapping", "applied: HDR was converted to SDR for display and scoring" if colour.tone_mapped else "none"),
    ]


def _rate(rate: Fraction) -> str:
    exact = "" if rate.denominator == 1 else f" ({rate})"
    return f"{float(rate):.4g} frames per second{exact}"


def _timing(analysis: Analysis) -> list[tuple[str, str]]:
    clip, decoded = analysis.clip, analysis.summary.frames_decoded
    if clip.is_still:
        return []
    declared, settings, account = clip.declared_frames, analysis.settings, analysis.account
    difference = "" if declared is None or declared == decoded else " – <b>they differ</b>"
    if settings.start_seconds is not None or settings.end_seconds is not None:
        difference = " in the range of the settings"
    pictures = [] if account is None else [("Pictures", text.markup(account.text()))]
    rate = clip.average_rate
    duration = None if clip.duration_pts is None else float(clip.duration_pts * clip.time_base)
    return [
        ("Frames declared", "not declared" if declared is None else text.whole(declared)),
        ("Frames decoded", text.whole(decoded) + difference),
        *pictures,
        ("Declared duration", "not declared" if duration is None else text.clock(duration)),
        ("Declared average rate", "not declared" if rate is None else _rate(rate)),
        ("Frame spacing", "variable" if clip.is_variable_rate else "constant"),
        ("Time base, first pts", f"{clip.time_base} s per tick, {clip.start_pts}"),
    ]


def stream_facts(analysis: Analysis, *, has_tags: bool = True) -> style.Flowables:
    """Container and stream as declared, what was assumed, and the container's own tags, verbatim."""
    clip = analysis.clip
    coded = f"{clip.coded_width} × {clip.coded_height}"
    rows = [
        ("Container", text.markup(clip.container)),
        ("Codec, pixel format", f"{text.markup(clip.codec)}, {text.markup(clip.pix_fmt)}, {clip.bit_depth} bit"),
        ("Picture shown", f"{clip.width} × {clip.height} pixels (stored {coded})"),
        *_cropping(clip),
        ("Rotation applied", _rotation(clip)),
        ("Pixel shape", "square" if clip.sample_aspect == 1 else f"{clip.sample_aspect} (made square for display)"),
        *([] if clip.is_still else [("Interlacing", _interlacing(analysis))]),
        *_timing(analysis),
        *_colour(clip),
        *([] if clip.is_still else [("Sound", "present, not scored" if clip.has_audio else "none")]),
    ]
    story: style.Flowables = [style.facts(rows)]
    if clip.remarks:
        story += [*style.subheading("How the file was read"), *style.items([text.markup(x) for x in clip.remarks])]
    story += [*_streams(clip), *_changes(analysis)]
    if not has_tags:
        return story
    story += style.subheading("Tags in the container, verbatim")
    if not clip.metadata:
        return [*story, style.paragraph("The container carries no tags.")]
    tags = [(text.markup(key, 60), text.markup(value)) for key, value in clip.metadata[:_MOST_TAGS]]
    story += [
        style.paragraph("Anyone can write such tags. They are quoted here and were not verified."),
        style.facts(tags),
    ]
    if len(clip.metadata) > _MOST_TAGS:
        story.append(style.paragraph(f"{len(clip.metadata) - _MOST_TAGS} more tags are in report.json."))
    return story


def _cropping(clip: Clip) -> list[tuple[str, str]]:
    left, top, right, bottom = clip.crop
    sides = f"{left} left, {top} top, {right} right, {bottom} bottom"
    return [("Cropped by the container", f"{sides} (pixels that are stored and not shown)")] if any(clip.crop) else []


def _rotation(clip: Clip) -> str:
    turned = f"{clip.rotation}° clockwise" if clip.rotation else "none"
    return f"mirrored, then {clip.rotation}° clockwise" if clip.is_mirrored else turned


def _interlacing(analysis: Analysis) -> str:
    uses = analysis.formats
    kinds = {use.format.is_interlaced for use in uses} or {analysis.clip.is_interlaced}
    if kinds == {True, False}:
        count = sum(use.pictures for use in uses if use.format.is_interlaced)
        return f"changes: {text.count(count, 'interlaced picture')}, deinterlaced, and progressive ones"
    return "interlaced (deinterlaced for display and scoring)" if True in kinds else "none declared (progressive)"


def _streams(clip: Clip) -> style.Flowables:
    """All streams of pictures in the file, where there is more than one."""
    if len(clip.streams) < 2:
        return []
    rows = [
        [str(info.number), "<b>analysed here</b>" if info.number == clip.stream else "not analysed here",
         text.markup(info.text)]
        for info in clip.streams
    ]  # fmt: skip
    explained = "The file holds more than one stream of pictures. This report is about one of them."
    return [
        *style.subheading("Streams of pictures in the file"),
        style.paragraph(explained),
        style.grid(["Number", "In this report", "Stream"], rows, (1, 2, 7), "lll"),
    ]


def _changes(analysis: Analysis) -> style.Flowables:
    """Where the stored pictures change their size, shape, scanning or colour description."""
    clip, uses = analysis.clip, analysis.formats
    if len(uses) < 2:
        return []
    rows = [
        [
            text.clock(clip.seconds(use.first_pts)),
            text.whole(use.first_index),
            text.whole(use.pictures),
            text.markup("; ".join(uses[0].format.differences(use.format))) or "first format",
        ]
        for use in uses
    ]
    explained = (
        "The stored pictures change within the stream. Each was shown and scored by what it declares itself; boxes and "
        "landmarks are in the pixels of their own picture."
    )
    return [
        *style.subheading("Changes within the stream"),
        style.paragraph(explained),
        style.grid(["First at", "Frame", "Pictures", "Compared with the first format"], rows, (2, 1.2, 1.3, 7), "lrrl"),
    ]


def setting_value(value: object) -> str:
    """A setting's value as people write it."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def setting_facts(settings: Settings) -> style.Flowables:
    """Everything that can change a result, from the one table of settings; changed ones are marked."""
    rows = []
    for item in fields(settings):
        value, meta = getattr(settings, item.name), item.metadata
        unit = "" if value is None else "frame" if (value, meta["unit"]) == (1, "frames") else meta["unit"]
        shown = text.markup(f"{setting_value(value)} {unit}".strip().replace(" °", "°"))
        changed = "" if value == item.default else f" <b>(default: {text.markup(setting_value(item.default))})</b>"
        rows.append([text.markup(meta["label"]), shown + changed, text.markup(meta["help"])])
    return [style.grid(["Setting", "Value", "What it does"], rows, (3, 3, 6), "lll")]


def software_facts(analysis: Analysis, player_confinement: str = "") -> style.Flowables:
    """Software in order of use, the device the network ran on, and how the processes that decoded were confined."""
    rows = [(f"{number}. {text.markup(name, 60)}", text.markup(version)) for number, (name, version) in
            enumerate(analysis.versions, 1)]  # fmt: skip
    confinement = text.markup(analysis.confinement.rstrip("."), 400) or "not recorded"
    story = [
        style.paragraph(f"The network ran on: {text.markup(analysis.device)}."),
        style.paragraph(f"Confinement of the process that decoded the clip: {confinement}."),
    ]
    if player_confinement:
        shown = text.markup(player_confinement.rstrip("."), 400)
        story.append(style.paragraph(f"Confinement of the process that showed it in the window: {shown}."))
    return [style.facts(rows), style.space(4), *story] if rows else story


def _platt(platt: Platt, of: str) -> str:
    sign = "–" if platt.intercept < 0 else "+"
    return f"1 / (1 + exp(–({platt.slope:.4f} × {of} {sign} {abs(platt.intercept):.4f})))"


def _measured(model: ModelCard) -> list[tuple[str, str]]:
    maps, limits = model.calibration, model.threshold
    alone = ", without the deep look" if model.deep is not None else ""
    return [
        ("Calibration", f"Platt scaling, measured on {text.markup(maps.measured_on)} "
         f"({text.count(maps.n_identities, 'person', 'people')}, {text.count(maps.n_tracks, 'track')}, "
         f"{text.count(maps.n_frames, 'frame')})"),
        ("Frame probability", _platt(maps.frame, "logit")),
        ("Track probability", _platt(maps.track, "mean logit of the track")),
        ("Conclusion on a track" + alone, f"“manipulation indicated” from {text.number(limits.high, 3)}, “no "
         f"manipulation indicated” up to {text.number(limits.low, 3)}, inconclusive between"),
        ("Segment" + alone, f"smoothed frame probability from {text.number(limits.segment, 3)}; indicates manipulation "
         f"by itself from {text.number(limits.segment_seconds)} s with a mean from "
         f"{text.number(limits.segment_mean, 3)}"),
    ]  # fmt: skip


def _deep_facts(model: ModelCard) -> list[tuple[str, str]]:
    """The deep network of a bundle and its limits."""
    deep = model.deep
    if deep is None:
        return []
    rows = [
        ("Architecture", f"{text.markup(model.deep_network)}; its mean raw score over frames all over a track decides"),
        ("SHA-256 of weights", style.mono(text.markup(deep.sha256))),
    ]
    if base := deep.base_sha256:
        rows.append(("SHA-256 of its base", style.mono(text.markup(base))))
    rows.append(("Layer of the heat maps", text.markup(deep.target_layer)))
    for kind, limits in (("clips", deep.clips), ("stills", deep.stills)):
        rows += [
            (f"Probability, {kind}", _platt(limits.calibration, "mean raw score")),
            (f"Conclusion, {kind}", f"by the mean raw score: {_ends(limits)}; set on "
             f"{text.markup(limits.measured_on)}"),
        ]  # fmt: skip
    if model.quality_bands:
        covered = "not stated for this network; those below are of the fast network"
        rows.append(("Covered: size, sharpness, pose", covered))
    return rows


def _ends(limits: DeepLimits) -> str:
    """What the two limits of the deep network lead to."""
    if limits.high is None and limits.low is None:
        return "always inconclusive, because no limits could be set"
    ends = ((limits.high, "“manipulation indicated”", "from"), (limits.low, "“no manipulation indicated”", "up to"))
    named = [f"never {what}" if limit is None else f"{what} {where} {text.number(limit)}"
             for limit, what, where in ends]  # fmt: skip
    return f"{', '.join(named)}, else inconclusive"


def model_facts(model: ModelCard | None) -> style.Flowables:
    """The model bundle as its card describes it: identity, training data, what it never saw, and limits."""
    if model is None:
        return [style.paragraph("No model bundle was loaded; nothing in this report was scored.")]
    bundle = [
        ("Name, version", f"{text.markup(model.name)}, {text.markup(model.version)}"),
        ("Crop", f"a square about the landmarks, {1 + model.crop_margin:g} times as wide as their longer side"),
        ("Licence", text.markup(model.licence)),
    ]
    fast = [
        ("SHA-256 of weights", style.mono(text.markup(model.sha256))),
        ("Architecture", f"{text.markup(model.network)}, input {model.input_size} × {model.input_size} pixels, "
         f"{text.count(model.frames_per_sample, 'frame')} at a time"),
        ("Layer of the heat maps", text.markup(model.target_layer)),
        ("Produced by", f"recipe {text.stated(model.recipe)}, commit {text.stated(model.commit)}"),
        *_measured(model),
        *((f"Covered: {text.markup(band.name)}",
           f"{band.minimum:g} to {band.maximum:g} {text.markup(band.unit, 20)}") for band in model.quality_bands),
    ]  # fmt: skip
    networks: style.Flowables = [style.facts(bundle + fast)]
    if deep := _deep_facts(model):
        networks = [
            style.facts(bundle),
            *style.subheading("The deep network, which decides"),
            style.facts(deep),
            *style.subheading("The fast network, for screening"),
            style.facts(fast),
        ]
    sources = [
        [text.markup(source.name), text.markup(source.licence), text.whole(source.n_real), text.whole(source.n_fake)]
        for source in model.trained_on
    ]
    story: style.Flowables = [] if is_known(model) else [style.paragraph(style.warning(UNKNOWN_MODEL))]
    story += [*networks, *style.subheading("Training data")]
    head = ["Source", "Licence", "Unmanipulated files", "Manipulated files"]
    story.append(style.grid(head, sources, (5, 3, 2.3, 2.3), "llrr"))
    story += [
        *style.subheading("Never seen in training"),
        *style.items([text.markup(x) for x in model.never_seen]),
    ]
    return [*story, *style.subheading("Limits"), *style.items([text.markup(x) for x in model.limits])]


def _rates(rates: ErrorRates, applied: ErrorRates | None) -> list[str]:
    def cell(rate: float, bounds: tuple[float, float], n: int) -> str:
        return f"{text.rate(rate, n)}<br/>({text.percent(bounds[0])} to {text.percent(bounds[1])}), n = {text.whole(n)}"

    return [
        text.markup(LEVELS.get(rates.level, rates.level), 60)
        + ("<br/><b>the rule applied here</b>" if rates is applied else ""),
        text.markup(rates.measured_on),
        cell(rates.false_positive_rate, rates.false_positive_interval, rates.n_real),
        cell(rates.false_negative_rate, rates.false_negative_interval, rates.n_fake),
        text.rate(rates.inconclusive_rate, rates.n_real + rates.n_fake),
    ]


def error_rates(analysis: Analysis) -> style.Flowables:
    """How often the whole rule was wrong at the shipped threshold, with sample sizes and 95 % intervals."""
    model = analysis.model
    if model is None or not model.error_rates:
        return [
            style.paragraph("No error rates were measured for this configuration, so no number here may be relied on.")
        ]
    head = ["Level", "Measured on", "False positives", "Missed", "Inconclusive"]
    explained = (
        "“False positives”: unmanipulated faces for which the rule indicated manipulation. “Missed”: manipulated "
        "faces for which it did not, inconclusive ones included. “Inconclusive”: faces of either kind for which it "
        "drew none. The 95 % interval is in brackets (that of the last column was not measured), n is the number of "
        "faces; where each person or group counts once (see below), no rate is a share of n. The rates hold for "
        "material like that on which they were measured; the card states no date of it."
    )
    has_score = any(track.frames_scored for track in analysis.summaries)
    applied = applied_rates(analysis) if has_score else None
    rows = [_rates(rates, applied) for rates in model.error_rates]
    story = [style.paragraph(explained), style.grid(head, rows, (1.7, 4, 3.4, 3.4, 2), "llrrr"), style.space(4)]
    levels: dict[str, list[str]] = {}
    for rates in model.error_rates:
        level = LEVELS.get(rates.level, rates.level)
        if rates.counted and level not in levels.setdefault(rates.counted, []):
            levels[rates.counted].append(level)
    counted = [f"{text.markup(', '.join(names))}: {text.markup(what)}." for what, names in levels.items()]
    return story + ([style.paragraph("What is counted:"), *style.items(counted)] if counted else [])
