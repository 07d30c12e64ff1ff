"""Sentences of the engine in the window's language: they are stored and reported in English, and translated when shown.

An analysis, wherever it was made, carries its reasons as English sentences, and an error of the engine is one. Those of
the result, those about file, coding and sound, and those of errors are recognised here by their pattern; a phrase that
varies in them is recognised in turn. A sentence without a pattern is shown as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache

from inspector.domain.answer import NO_NAMES, FaceNames
from inspector.domain.case import Decision, Review
from inspector.engine.resources import resource
from inspector.ui.widgets.language import capital, mark, tr, tr_marked
from inspector.ui.widgets.remark_text import LISTED, REMARKS, STREAMS, listed, streams_text, with_more

# Whole sentences first: the first pattern that fits is taken, and a placeholder fits everything.
PATTERNS = (
    # inspector/domain/answer.py
    mark("Nothing was scored"),
    mark("The analysis was stopped before the end of the clip."),
    mark("No faces were looked for, as the settings say: what is called a face here is the whole frame."),
    mark("The deep look was switched off, as the settings say: the fast look decided, meant for screening."),
    mark("Only the part from {start} s to {end} s was examined, as the settings say."),
    mark("Only the part from {start} s on was examined, as the settings say."),
    mark("Only the part before {end} s was examined, as the settings say."),
    mark("Only one frame in {count} was examined, as the settings say."),
    mark("Error rates and likelihood ratios hold for faces, not for whole frames."),
    mark("Error rates and likelihood ratios hold for the default limits of what is scored, which were changed."),
    mark(
        "Error rates and likelihood ratios hold for whole clips, not for a part that was chosen because it stands out."
    ),
    mark("No detector was installed, so the tool says nothing about this clip."),
    mark("How often the detector errs was not measured."),
    mark(
        "Of 100 unmanipulated faces the detector wrongly flags {wrong}; of 100 manipulated ones it flags {caught} and "
        "misses or leaves undecided {others}."
    ),
    mark("{found}, maybe up to {most}"),
    mark("about {count}"),
    mark("fewer than one"),
    mark("none"),
    mark("the other {count}"),
    mark("all {count}"),
    mark("A kind of manipulation that the detector was not trained on may go unnoticed."),
    mark("Filters, make-up, restoration and strong compression can look like manipulation to the detector."),
    mark(
        "Studio portraits, cut-out faces, filters, restoration and strong compression can look like manipulation to "
        "the detector."
    ),
    mark("For clips the detector errs too often to conclude anything: every clip is inconclusive."),
    mark("For stills the detector errs too often to conclude anything: every still is inconclusive."),
    mark("Most faces have no score. {reasons}"),
    mark("The longer side of the face is {size} pixels; most faces that the detector learnt have {least} or more."),
    mark("The longer side of the face is {size} pixels; most faces that the fast look learnt have {least} or more."),
    mark("With {count} face tracks in one clip it is likelier that one of them is flagged wrongly."),
    mark("With {count} faces in one picture it is likelier that one of them is flagged wrongly."),
    # inspector/engine/analysis/rule.py
    mark("{reason} {count} short tracks were left out."),
    mark("{reason} One short track was left out."),
    mark("No frame of this track could be scored."),
    mark("No face could be scored."),
    mark("No model bundle was loaded, so nothing was scored."),
    mark("Only 1 frame could be scored; at least {least} are needed."),
    mark("Only {count} frames could be scored; at least {least} are needed."),
    mark("The track's probability {value} reaches {limit}."),
    mark("The picture's probability {value} reaches {limit}."),
    mark("The track's probability {value} is at most {limit}."),
    mark("The picture's probability {value} is at most {limit}."),
    mark(
        "The track's probability {value} lies between {low} and {high}, where errors are too frequent for a conclusion."
    ),
    mark(
        "The picture's probability {value} lies between {low} and {high}, where errors are too frequent for a "
        "conclusion."
    ),
    mark(
        "From {start} s to {end} s the mean frame probability is {mean}; the probability of the whole track is {value}."
    ),
    # inspector/engine/analysis/deep_rule.py
    mark("The deep look has seen only {count} frames; at least {least} are needed."),
    mark(
        "{reason} But after a mild change of the picture the score no longer clearly points that way ({changes}), so "
        "no conclusion is drawn."
    ),
    mark(
        "{reason} But the analysis was stopped before it was tested whether a mild change of the picture turns the "
        "score and whether the face stands before a plain surface, so no conclusion is drawn."
    ),
    mark(
        "{reason} But {share} of what surrounds the face is a plain surface of one colour. Before such a surface real "
        "faces that were cut out come out as fakes too often, so no conclusion is drawn."
    ),
    mark(
        "{reason} From {start} s to {end} s every frame that the deep look saw reaches the upper limit: examine that "
        "stretch."
    ),
    mark("{score}, which reaches the upper limit of {limit}."),
    mark("{score}, which is at most the lower limit of {limit}."),
    mark("{score}, but for clips no limits could be set at which errors are rare enough for a conclusion."),
    mark("{score}, but for stills no limits could be set at which errors are rare enough for a conclusion."),
    mark(
        "{score}, below the upper limit of {limit}; for clips no lower limit could be set, so no conclusion is drawn."
    ),
    mark(
        "{score}, below the upper limit of {limit}; for stills no lower limit could be set, so no conclusion is drawn."
    ),
    mark(
        "{score}, above the lower limit of {limit}; for clips no upper limit could be set, so no conclusion is drawn."
    ),
    mark(
        "{score}, above the lower limit of {limit}; for stills no upper limit could be set, so no conclusion is drawn."
    ),
    mark("{score}, between {low} and {high}, where errors are too frequent for a conclusion."),
    mark("The deep look's mean score over {count} frames is {value}"),
    mark("The deep look's score is {value}"),
    # inspector/domain/likelihood.py
    mark("not measured"),
    mark("{ratio}, too little for a conclusion"),
    mark("{ratio}, which does not hold before a plain surface"),
    mark("{ratio}, which a stretch of the clip that stands out contradicts"),
    mark("{ratio}, not confirmed after mild changes of the picture"),
    mark("{ratio} (95 % interval {low} to {high}; none beyond {least} and {most} is stated): {support}"),
    mark("{ratio} (95 % interval {low} to {high}): {support}"),
    mark("at most {value}"),
    mark("at least {value}"),
    mark("At equal odds a ratio of {value} is a probability of {share}; the sources support none beyond it."),
    mark("no support for either side"),
    mark("hardly any support for manipulation"),
    mark("hardly any support against manipulation"),
    mark("weak support for manipulation"),
    mark("weak support against manipulation"),
    mark("moderate support for manipulation"),
    mark("moderate support against manipulation"),
    mark("moderately strong support for manipulation"),
    mark("moderately strong support against manipulation"),
    mark("strong support for manipulation"),
    mark("strong support against manipulation"),
    # inspector/engine/provenance/status.py and inspector/domain/credentials.py
    mark(
        "The file carries no Content Credentials. This is usual: most cameras and programs write none, and most "
        "services remove them. It says nothing about the file."
    ),
    mark(
        "The file carries Content Credentials signed by {signer}, whose certificate is on a trust list; the signature "
        "and the hashes agree with the file. They state who signed, not whether a statement is true."
    ),
    mark(
        "The file or its Content Credentials were changed after {signer} signed them: a hash or the signature does not "
        "agree. Saving, converting or shortening a copy with a program that does not know Content Credentials does "
        "this too."
    ),
    mark(
        "The certificate of {signer} was not valid when the file was signed, as far as this can be told: without a "
        "trusted time stamp it counts as expired once its time is over."
    ),
    mark("The certificate of {signer} was revoked by its issuer."),
    mark("The Content Credentials do not pass the validation of C2PA ({codes}); what they say cannot be relied on."),
    mark(
        "The file holds no Content Credentials itself, only an address on the network where they are said to be. This "
        "program fetches nothing, so they were not read."
    ),
    mark("Content Credentials could not be read from the file; this concerns nothing else of the analysis."),
    mark(
        "The file carries Content Credentials in the name of {signer}; the signature and the hashes agree with the "
        "file. {listing}"
    ),
    mark(
        "No trust list is installed, so the signer was not checked against one: anyone can make a certificate in any "
        "name."
    ),
    mark(
        "The signer's certificate is not on a trust list ({lists}): anyone can make a certificate in any name. A list "
        "names those whom C2PA had accepted by its date; who signed before C2PA had a list (2025) may be missing too."
    ),
    mark(
        "Its Content Credentials declare that {what} was {made} (digitalSourceType {type}), signed by “{name}”, "
        "whose certificate is on a trust list. This is the signer's statement, not a result of this tool, and does "
        "not enter the score."
    ),
    mark(
        "Its Content Credentials declare that {what} was {made} (digitalSourceType {type}), signed by “{name}”, "
        "whose certificate is not on a trust list. This is the signer's statement, not a result of this tool, and "
        "does not enter the score."
    ),
    mark("the file"),
    mark("a file that this one was made from"),
    mark("a signer without a name"),
    mark("no code given"),
    mark("generated by AI"),
    mark("partly generated or edited by AI"),
    # inspector/domain/sound/mouth.py
    mark("Cannot tell whether the mouth follows the sound of speech: {why}."),
    mark("too few frames show the mouth while there is sound"),
    mark("a voice is heard for less than {least} s while the mouth is seen"),
    mark("fewer than {least} frames a second were analysed"),
    mark("the mouth hardly moves"),
    mark("the mouth is seen for less than {least} s while there is sound"),
    mark("no lag within {most} ms fits better than chance ({peak} against {chance})"),
    mark(
        "The mouth moves with the sound of speech (correlation {peak}, at most {chance} with the sound "
        "played backwards)."
    ),
    mark(
        "The mouth moves {lag} ms after the sound of speech (correlation {peak}, at most {chance} with the sound "
        "played backwards)."
    ),
    mark(
        "The mouth moves {lag} ms before the sound of speech (correlation {peak}, at most {chance} with the sound "
        "played backwards)."
    ),
    # inspector/engine/analysis/cam_text.py
    mark("no scale for this face"),
    mark("{value} (face's scale)"),
    # inspector/engine/decode: why pictures are missing, and why a section of a clip begins
    mark("{reason}; the length of this gap is estimated from the number of bytes"),
    mark("{reason}; {stored} of {declared} declared pictures are stored before"),
    mark("the last {count} pictures of the file's index could not be read"),
    mark("1 picture of the file's index could not be read"),
    mark("{count} pictures of the file's index could not be read"),
    mark("the file breaks off before its declared end"),
    mark("the pictures end before the declared end of the file"),
    mark("reading the file stopped here: {cause}"),
    mark("the file breaks off {count} bytes before its declared end"),
    mark("the file breaks off after {stored} of {declared} declared pictures"),
    mark("the file breaks off within a packet; how much is missing is not known"),
    mark(
        "the last {count} bytes of the file, from byte {place} on, are zeros, as where a file was not written or not "
        "copied to its end"
    ),
    mark("the last {count} bytes of the file could not be read"),
    mark("1 picture is stored with another codec ({codec}) than the track's first and cannot be decoded"),
    mark("{count} pictures are stored with another codec ({codec}) than the track's first and cannot be decoded"),
    mark("1 picture is stored with another codec ({codec}) than the track's first and cannot be decoded here"),
    mark("{count} pictures are stored with another codec ({codec}) than the track's first and cannot be decoded here"),
    mark("{count} bytes are missing in the file here, by its index"),
    mark("the file is {count} bytes shorter than it declares, though its end is there"),
    mark("{count} bytes of the file are damaged and could not be read"),
    mark("reading failed: {cause}"),
    mark("1 fragment is missing in the file, by the fragments' numbers"),
    mark("{count} fragments are missing in the file, by the fragments' numbers"),
    mark("the transport stream's packet counters break"),
    mark("a packet is cut short"),
    mark("the decoder returned no picture"),
    mark("the decoder returned no picture in time"),
    mark("the decoder gave no picture here"),
    mark("pictures are missing next to damaged ones"),
    mark("pictures that later ones may refer to are missing here, by the numbers of the coding"),
    mark("what is stored before the file's first keyframe, or refers to pictures before it, cannot be decoded"),
    mark("what refers to pictures before the first keyframe of the recording that begins here cannot be decoded"),
    mark("reading took too long"),
    mark("its data is damaged"),
    mark("FFmpeg reports: {message}"),
    mark("the clock of the time stamps wraps around after {bits} bits"),
    mark("the time stamps jump ahead by {seconds} s, with no sign of lost data"),
    mark("the time stamps jump ahead by {seconds} s"),
    mark("the time stamps go back by {seconds} s"),
    # inspector/engine/process/scan_inputs.py
    mark("{path} holds no clip or still; name a file, or a folder that holds some."),
    mark("{path} is a link to a file outside of the folder that was named; name that file to have it analysed."),
    mark("{path} cannot be listed ({cause}); ask for permission to read it."),
    mark("{path} cannot be read ({cause}); restore the file or ask for permission to read it."),
    mark("it is a link that leads back to itself"),
    mark("it is a link to a file that is missing"),
    # What the system says when it refuses something
    mark("Permission denied"),
    mark("No such file or directory"),
    mark("No space left on device"),
    mark("Read-only file system"),
    mark("Input/output error"),
    mark("File name too long"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File exists"),
    mark("Operation not permitted"),
    mark("Too many open files"),
    mark("Cannot allocate memory"),
)
ERROR_SENTENCES = "errors.txt"
"""The patterns of the engine's errors, beside the translations: tools/translations.py reads them from the sources."""
_DECIDED = {Decision.ACCEPTED: mark("{who} agrees"), Decision.REJECTED: mark("{who} disagrees")}
# What is a phrase of the engine itself; other placeholders are numbers, names and quotations, which stay as they are.
_NESTED = frozenset(
    "reason reasons score ratio support wrong caught others low high listing what made signer codes why "
    "cause doing failed found how label limit problem refused samples track_id".split()
)
_PROBE = PATTERNS[0]  # a sentence, because a word can be the same in two languages
_LONGEST = 3000
_TELLING = 3  # characters behind a placeholder that its value does not have
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NOT_SCORED = re.compile(r"Not scored: (.+)\.")
_COUNTED = re.compile(r"(.+) \((\d+) times?\)")
_FACE_ALONE = re.compile(r"Face (\d+)")
_FACE = re.compile(r"(?:Face|Track) (\d+)( \(“.+?”\))?: (.+)", re.DOTALL)


def shown(text: str) -> str:
    """A sentence or a phrase of the engine in the window's language; as it is, if it is not known."""
    if tr_marked(_PROBE) == _PROBE or len(text) > _LONGEST:
        return text  # the window is in English, or it is no sentence of the engine
    if found := _FACE.fullmatch(text):
        return f"{face_label(int(found[1]))}{found[2] or ''}: {shown(found[3])}"
    if found := _FACE_ALONE.fullmatch(text):
        return face_label(int(found[1]))
    if found := _NOT_SCORED.fullmatch(text):
        return tr("Not scored: {reasons}.", reasons=", ".join(_counted(part) for part in found[1].split(", ")))
    for source, pattern in _patterns():
        if found := pattern.fullmatch(text):
            values = {name: _value(name, value) for name, value in found.groupdict().items()}
            return "".join(
                values.get(part, part) if at % 2 else part
                for at, part in enumerate(_PLACEHOLDER.split(tr_marked(source)))
            )
    lower = text[:1].lower() + text[1:]  # a conclusion, for example, may begin a sentence
    if (translated := tr_marked(text)) != text or lower == text:
        return translated
    return text if shown(lower) == lower else capital(shown(lower))


def _value(name: str, value: str) -> str:
    """What stands in place of a placeholder."""
    if name == STREAMS:
        return streams_text(value)
    if name not in LISTED:
        return shown(value) if name in _NESTED else value
    named, more = listed(value)
    return with_more("".join(shown(each) for each in named), more)


def decision_shown(review: Review, who: str = "") -> str:
    """An examiner's decision in the window's language, with the reason in the examiner's own words."""
    decided = tr_marked(_DECIDED[review.decision], who=who or tr("the examiner"))
    return decided + (f": {review.reason}" if review.reason else "")


def _counted(part: str) -> str:
    """ "face turned away (5 times)"."""
    found = _COUNTED.fullmatch(part)
    return f"{tr_marked(found[1])} ({found[2]}×)" if found else tr_marked(part)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    texts = (*PATTERNS, *REMARKS, *rule_sentences(), *error_sentences())
    return tuple((text, re.compile("".join(_parts(text)), re.DOTALL)) for text in texts)


def error_sentences() -> list[str]:
    """The patterns of the engine's errors; one with more words of its own comes first, because it says more exactly."""
    lines = resource("translations").joinpath(ERROR_SENTENCES).read_text(encoding="utf-8").splitlines()
    return sorted(lines, key=lambda line: len(_PLACEHOLDER.sub("", line)), reverse=True)


def rule_sentences() -> Iterator[str]:
    """What the rules that are shipped say about files, coding and sound, and the usual causes."""
    for path in sorted(resource("").glob("*_rules/general.toml")):
        for rule in tomllib.loads(path.read_text(encoding="utf-8"))["rule"]:
            yield from (rule["says"], rule["causes"])


def _parts(text: str) -> Iterator[str]:
    """The regular expression of a pattern: placeholders fit as little as they can, and one that repeats the same.

    A sentence of a stranger's case file must not take hours: words behind a placeholder end it at their first place.
    """
    known: set[str] = set()
    parts = _PLACEHOLDER.split(text)
    yield re.escape(parts[0])
    for name, behind in zip(parts[1::2], parts[2::2], strict=True):
        # A number has no space, or "{reason} {count} tracks" would find it behind the first word of the reason.
        value = f"(?P={name})" if name in known else f"(?P<{name}>{'[^ ]' if name == 'count' else '.'}+?)"
        fixed = re.escape(behind)
        yield f"(?>{value}{fixed})" if len(behind) >= _TELLING else f"{value}{fixed}"
        known.add(name)


def face_label(track_id: int, names: FaceNames = NO_NAMES) -> str:
    """What a face is called in the window: the examiner's name for it, else "Face 1" in the window's language."""
    return names.get(track_id) or tr("Face {number}", number=track_id)
