import shutil
import subprocess
from pathlib import Path

import pytest

from inspector.domain.errors import VerificationError
from inspector.engine.seal.manifest import MANIFEST, read_manifest, write_manifest


def test_names_of_all_kinds_are_read_back_and_by_sha256sum(tmp_path: Path):
    names = ["plain.txt", "with  two spaces", "ünï.csv", "new\nline", "back\\slash", "below/it.png"]
    (tmp_path / "below").mkdir()
    for name in names:
        (tmp_path / name).write_text(name)
    write_manifest(tmp_path, names)
    assert list(read_manifest(tmp_path / MANIFEST)) == names
    if shutil.which("sha256sum"):
        ran = subprocess.run(["sha256sum", "--check", "--strict", MANIFEST], cwd=tmp_path, capture_output=True)
        assert ran.returncode == 0, ran.stderr
        assert ran.stdout.count(b": OK") == len(names)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing", "line 1 is not a line"),
        (f"{'a' * 64}  a\n{'b' * 64}  a\n", "line 2 occurs twice"),
        (f"{'a' * 64}  ../a\n", "leads out"),
        (f"{'a' * 64}  /etc/passwd\n", "leads out"),
        (f"{'a' * 64}  a/../../b\n", "leads out"),
        (f"{'a' * 64}  C:a\n", "leads out"),
        (f"\\{'a' * 64}  \\\\\\\\host\\\\share\n", "leads out"),
        (None, "cannot be read"),
    ],
)
def test_a_manifest_that_is_none_or_leads_elsewhere_is_refused(tmp_path: Path, text: str | None, message: str):
    if text is not None:
        (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(VerificationError, match=message):
        read_manifest(tmp_path / MANIFEST)
