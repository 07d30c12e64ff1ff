"""Each reader on a miniature of the real layout: its people, pairs and official split."""

from collections import Counter
from pathlib import Path

import pytest

from inspector.domain.errors import TrainingError
from tests.training import source_layouts as layouts
from training import sources
from training.sources import Sample


def by_name(samples: list[Sample]) -> dict[str, Sample]:
    return {s.path.name: s for s in samples}


@pytest.mark.parametrize("name", layouts.LAYOUTS)
def test_a_layout_is_recognised_by_its_folders_and_gives_distinct_samples(tmp_path: Path, name: str) -> None:
    kind, make = layouts.LAYOUTS[name]
    root = make(tmp_path / name)
    assert sources.guess(root) == kind
    samples = sources.read(kind, root)
    assert len({s.key for s in samples}) == len(samples)
    assert all(s.source and s.licence and s.method for s in samples)
    assert not any("/" in s.key or str(tmp_path) in s.key for s in samples)


def test_what_fits_no_format_or_two_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="does not exist"):
        sources.guess(tmp_path / "no")
    (tmp_path / "notes").mkdir()
    with pytest.raises(TrainingError, match="does not look like a known dataset; name its format with --format"):
        sources.guess(tmp_path)
    layouts.celeb_df(layouts.face_forensics(tmp_path))
    with pytest.raises(TrainingError, match="could be celeb_df or face_forensics"):
        sources.guess(tmp_path)


# --- DFDC


def test_dfdc_fakes_share_the_pair_of_their_original_and_the_cohort_of_their_part(tmp_path: Path) -> None:
    samples = by_name(sources.read("dfdc", layouts.dfdc(tmp_path, parts=2)))
    fake, original = samples["fakeclipba.mp4"], samples["originalba.mp4"]
    assert (fake.is_fake, original.is_fake) == (True, False)
    assert fake.pair == original.pair != samples["originalbb.mp4"].pair
    assert fake.cohort == original.cohort == "dfdc dfdc_train_part_1"
    assert {s.split for s in samples.values()} == {"train"}
    assert fake.identity == ""


def test_dfdc_is_read_by_part_and_as_kaggle_nests_it(tmp_path: Path) -> None:
    layouts.dfdc(tmp_path / "dfdc_train_part_00", parts=1)
    nested = sources.read("dfdc", tmp_path)
    part = sources.read("dfdc", tmp_path / "dfdc_train_part_00" / "dfdc_train_part_0")
    assert [s.path for s in nested] == [s.path for s in part]
    assert sources.guess(tmp_path / "dfdc_train_part_00" / "dfdc_train_part_0") == "dfdc"


def test_a_missing_clip_of_dfdc_is_returned_for_rejection(tmp_path: Path) -> None:
    root = layouts.dfdc(tmp_path, parts=1)
    lost = root / "dfdc_train_part_0" / "originalaa.mp4"
    lost.unlink()
    assert lost in {s.path for s in sources.read("dfdc", root)}


def test_what_is_wrong_with_dfdc_is_reported(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="is not a folder"):
        sources.read("dfdc", tmp_path / "none")
    with pytest.raises(TrainingError, match="holds no DFDC part"):
        sources.read("dfdc", tmp_path)
    part = layouts.dfdc(tmp_path, parts=2) / "dfdc_train_part_1"
    metadata = part / "metadata.json"
    for content, reason in (
        ("{", r"metadata\.json is not valid JSON"),
        ("[]", r"metadata\.json is a list"),
        ('{"a.mp4": {"label": "MAYBE"}}', "a.mp4: label must be REAL or FAKE, not 'MAYBE'"),
        ('{"a.mp4": 1}', "a.mp4: label must be REAL or FAKE, not None"),
    ):
        metadata.write_text(content)
        with pytest.raises(TrainingError, match=reason):
            sources.read("dfdc", tmp_path)
    metadata.unlink()
    with pytest.raises(TrainingError, match=r"dfdc_train_part_1.metadata\.json is missing"):
        sources.read("dfdc", tmp_path)


def test_dfdc_metadata_without_clips_is_no_source(tmp_path: Path) -> None:
    layouts.write_json(tmp_path / "metadata.json", layouts.dfdc_labels(0))
    with pytest.raises(TrainingError, match="names 12 clips and none exists"):
        sources.read("dfdc", tmp_path)


def test_dfdc_fakes_alone_are_one_class(tmp_path: Path) -> None:
    labels = {n: e for n, e in layouts.dfdc_labels(0).items() if e["label"] == "FAKE"}
    layouts.write_json(tmp_path / "metadata.json", labels)
    for name in labels:
        layouts.touch(tmp_path / name)
    with pytest.raises(TrainingError, match="holds fakes only; training needs both classes"):
        sources.read("dfdc", tmp_path)


# --- Celeb-DF


def test_celeb_df_names_give_target_donor_and_recording(tmp_path: Path) -> None:
    samples = by_name(sources.read("celeb_df", layouts.celeb_df(tmp_path)))
    fake, original = samples["id3_id5_0002.mp4"], samples["id3_0002.mp4"]
    assert (fake.identity, fake.donor) == ("celeb-df id3", "celeb-df id5")
    assert (original.identity, original.donor) == ("celeb-df id3", "")
    assert fake.pair == original.pair != samples["id3_0001.mp4"].pair
    assert samples["00001.mp4"].identity != samples["00002.mp4"].identity
    assert Counter(s.method for s in samples.values() if not s.is_fake) == {"Celeb-real": 45, "YouTube-real": 9}


def test_celeb_df_lists_its_test_clips_with_1_for_real(tmp_path: Path) -> None:
    root = layouts.celeb_df(tmp_path)
    tested = sources.read("celeb_df", root, "test")
    assert {s.path.name: s.is_fake for s in tested} == {
        "id0_0001.mp4": False, "00003.mp4": False, "id2_id4_0001.mp4": True,
    }  # fmt: skip
    (root / "List_of_testing_videos.txt").write_text("1 Celeb-synthesis/id2_id4_0001.mp4\n")
    with pytest.raises(TrainingError, match=r"line 1: .* contradicts the folder \(1 = real\)"):
        sources.read("celeb_df", root)


def test_recordings_that_celeb_df_tests_in_another_form_do_not_train(tmp_path: Path) -> None:
    trained = {s.path.name for s in sources.read("celeb_df", layouts.celeb_df(tmp_path), "train")}
    assert "id2_0001.mp4" not in trained  # the list has a fake made from it
    assert "id0_id1_0001.mp4" not in trained  # the list has its original
    assert {"id2_0002.mp4", "id0_id2_0002.mp4"} <= trained


def test_celeb_df_is_read_with_videos_folders_too(tmp_path: Path) -> None:
    root = layouts.celeb_df(tmp_path)
    for part in ("Celeb-real", "Celeb-synthesis", "YouTube-real"):
        inner = root / "videos"
        (root / part).rename(inner)
        (root / part).mkdir()
        inner.rename(root / part / "videos")
    assert len(sources.read("celeb_df", root, "test")) == 3


def test_what_is_wrong_with_celeb_df_is_reported(tmp_path: Path) -> None:
    root = layouts.celeb_df(tmp_path)
    stray = layouts.touch(root / "Celeb-synthesis" / "id1_0000.mp4")
    with pytest.raises(TrainingError, match=r"id1_0000\.mp4 is not named idX_idY_ZZZZ"):
        sources.read("celeb_df", root)
    stray.unlink()
    listing = root / "List_of_testing_videos.txt"
    listing.write_text("Celeb-real/id0_0001.mp4\n")
    with pytest.raises(TrainingError, match=r"line 1: .* is not a label and a clip"):
        sources.read("celeb_df", root)
    listing.write_bytes(b"1 Celeb-real/id0_\xff.mp4")
    with pytest.raises(TrainingError, match="is not UTF-8 text"):
        sources.read("celeb_df", root)
    listing.unlink()
    with pytest.raises(TrainingError, match=r"List_of_testing_videos\.txt cannot be read"):
        sources.read("celeb_df", root)
    (root / "YouTube-real").rename(root / "other")
    with pytest.raises(TrainingError, match="lacks youtube-real"):
        sources.read("celeb_df", root)


def test_empty_celeb_df_folders_are_no_source(tmp_path: Path) -> None:
    for part in ("Celeb-real", "Celeb-synthesis", "YouTube-real"):
        (tmp_path / part).mkdir()
    (tmp_path / "List_of_testing_videos.txt").write_text("1 Celeb-real/id0_0001.mp4\n")
    with pytest.raises(TrainingError, match="holds no clip in"):
        sources.read("celeb_df", tmp_path)


# --- FaceForensics++


def test_face_forensics_names_give_two_people_and_the_official_split(tmp_path: Path) -> None:
    samples = sources.read("face_forensics", layouts.face_forensics(tmp_path), "", "c23")
    assert {s.compression for s in samples} == {"c23"}
    fakes = [s for s in samples if s.path.name == "000_001.mp4"]
    assert {s.method for s in fakes} == {"Deepfakes", "Face2Face"}
    assert {(s.identity, s.donor, s.split) for s in fakes} == {("ff++ 000", "ff++ 001", "train")}
    original = by_name(samples)["000.mp4"]
    assert (original.identity, original.pair, original.donor) == ("ff++ 000", fakes[0].pair, "")
    assert Counter(s.split for s in samples if not s.is_fake) == {"train": 28, "val": 6, "test": 6}


def test_raw_is_another_name_for_c0(tmp_path: Path) -> None:
    samples = sources.read("face_forensics", layouts.deep_fake_detection(tmp_path), "", "raw")
    assert {s.compression for s in samples} == {"c0"}
    with pytest.raises(TrainingError, match="compression 'c40', holds nothing"):
        sources.read("face_forensics", tmp_path, "", "c40")


def test_deep_fake_detection_has_actors_scenes_and_no_official_split(tmp_path: Path) -> None:
    samples = by_name(sources.read("face_forensics", layouts.deep_fake_detection(tmp_path)))
    fake, original = samples["01_02__exit_phone_room__YVGY8LOK.mp4"], samples["01__exit_phone_room.mp4"]
    assert (fake.identity, fake.donor, fake.split) == ("dfd 01", "dfd 02", "")
    assert fake.pair == original.pair != samples["01__walking_outside_cafe_disgusted.mp4"].pair


def test_what_is_wrong_with_face_forensics_is_reported(tmp_path: Path) -> None:
    root = layouts.face_forensics(tmp_path)
    layouts.touch(root / "manipulated_sequences/Deepfakes/c23/videos/000_039.mp4")
    with pytest.raises(TrainingError, match=r"000_039\.mp4 does not belong to exactly one official split"):
        sources.read("face_forensics", root)
    (root / "manipulated_sequences/Deepfakes/c23/videos/000_039.mp4").unlink()
    stray = layouts.touch(root / "original_sequences/youtube/c23/videos/000_001.mp4")
    with pytest.raises(TrainingError, match="is not named as FaceForensics"):
        sources.read("face_forensics", root)
    stray.unlink()
    test = root / "splits" / "test.json"
    for content, reason in (
        ([1, 2], r"test\.json is not a list of pairs"),
        ([["000", "001"]], "which train.json has too"),
    ):
        layouts.write_json(test, content)
        with pytest.raises(TrainingError, match=reason):
            sources.read("face_forensics", root)
    test.unlink()
    with pytest.raises(TrainingError, match=r"test\.json cannot be read .* it should be the official split"):
        sources.read("face_forensics", root)


def test_frames_or_half_of_face_forensics_are_no_source(tmp_path: Path) -> None:
    layouts.touch(tmp_path / "original_sequences/youtube/c23/images/000/0000.png")
    with pytest.raises(TrainingError, match="manipulated_sequences is missing"):
        sources.read("face_forensics", tmp_path)
    (tmp_path / "manipulated_sequences").mkdir()
    with pytest.raises(TrainingError, match="download the videos, not the frames"):
        sources.read("face_forensics", tmp_path)


# --- face images


def test_folders_named_real_and_fake_give_label_method_and_split(tmp_path: Path) -> None:
    root = layouts.real_fake_folders(tmp_path)
    layouts.touch(root / "test" / "fake" / "stylegan2" / "x.png")
    layouts.touch(root / "test" / "fake" / "._x.png")  # what macOS leaves beside a picture
    samples = sources.read("real_fake_folders", root)
    assert Counter((s.is_fake, s.split) for s in samples) == {
        (False, "train"): 6, (False, "val"): 6, (False, "test"): 6,
        (True, "train"): 6, (True, "val"): 6, (True, "test"): 7,
    }  # fmt: skip
    assert by_name(samples)["x.png"].method == "stylegan2"
    assert {s.kind for s in samples} == {"face"}


def test_folders_without_labels_are_no_source(tmp_path: Path) -> None:
    layouts.touch(tmp_path / "people" / "a.jpg")
    with pytest.raises(TrainingError, match="no picture in folders named real and fake"):
        sources.read("real_fake_folders", tmp_path)


@pytest.mark.parametrize("name", ["fakeclipaa.jpg", "fakeclipaa_12.jpg", "fakeclipaa-3-0.png", "fakeclipaa/7.jpg"])
def test_images_named_after_dfdc_clips_get_their_labels(tmp_path: Path, name: str) -> None:
    layouts.write_json(tmp_path / "metadata0.json", layouts.dfdc_labels(0))
    layouts.touch(tmp_path / "DeepFake00" / "originalaa.jpg")
    layouts.touch(tmp_path / "DeepFake00" / name)
    original, fake = sorted(sources.read("dfdc_faces", tmp_path), key=lambda s: s.is_fake)
    assert (original.is_fake, fake.is_fake) == (False, True)
    assert original.pair == fake.pair == "dfdc originalaa"


def test_what_is_wrong_with_dfdc_images_is_reported(tmp_path: Path) -> None:
    layouts.touch(tmp_path / "a" / "originalaa.jpg")
    with pytest.raises(TrainingError, match="holds no metadata JSON"):
        sources.read("dfdc_faces", tmp_path)
    layouts.write_json(tmp_path / "metadata0.json", layouts.dfdc_labels(0))
    stray = layouts.touch(tmp_path / "a" / "holiday.jpg")
    with pytest.raises(TrainingError, match=r"holiday\.jpg is not named after a clip"):
        sources.read("dfdc_faces", tmp_path)
    stray.unlink()
    (tmp_path / "a" / "originalaa.jpg").unlink()
    with pytest.raises(TrainingError, match="holds 12 labels and no picture"):
        sources.read("dfdc_faces", tmp_path)


def test_generated_faces_beside_celeba_and_ffhq_are_recognised_by_folder(tmp_path: Path) -> None:
    root = layouts.gan_faces(tmp_path)
    (root / "list_eval_partition.txt").write_text("".join(f"{n:06}.jpg {n % 3}\n" for n in range(1, 41)))
    samples = sources.read("gan_faces", root)
    assert Counter((s.method, s.is_fake) for s in samples) == {
        ("img_align_celeba", False): 40, ("ffhq", False): 40, ("stylegan_ffhq", True): 40, ("pggan_v1", True): 40,
    }  # fmt: skip
    celeba = {s.path.name: s for s in samples if s.method == "img_align_celeba"}
    assert celeba["000003.jpg"].identity == celeba["000010.jpg"].identity == "celeba 3"
    assert [celeba[f"00000{n}.jpg"].split for n in (3, 1, 2)] == ["train", "val", "test"]
    assert {(s.identity, s.split) for s in samples if s.method != "img_align_celeba"} == {("", "")}


@pytest.mark.parametrize("name", ["FFHQ", "ffhq1024", "ffhq-256x256", "CelebA-HQ", "celeba_hq_256"])
def test_sizes_in_a_folder_name_do_not_make_photographs_generated(tmp_path: Path, name: str) -> None:
    layouts.touch(tmp_path / name / "a.png")
    layouts.touch(tmp_path / "ffhq_stylegan" / "a.png")
    samples = sources.read("gan_faces", tmp_path)
    assert {s.method: s.is_fake for s in samples} == {name: False, "ffhq_stylegan": True}


def test_generated_faces_alone_or_broken_annotations_are_reported(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="holds no folder of pictures"):
        sources.read("gan_faces", tmp_path)
    layouts.touch(tmp_path / "stylegan" / "a.png")
    with pytest.raises(TrainingError, match="holds fakes only"):
        sources.read("gan_faces", tmp_path)
    (tmp_path / "identity_CelebA.txt").write_text("000001.jpg\n")
    with pytest.raises(TrainingError, match=r"identity_CelebA\.txt has lines"):
        sources.read("gan_faces", tmp_path)
