"""VERIFY.txt: how to check a report by hand, with sha256sum and openssl, as commands."""

from __future__ import annotations

VERIFY = "VERIFY.txt"

_FILES = """\
How to check this report by hand
================================

`inspector verify FOLDER` does all of the following. The commands need nothing of that program: sha256sum is part of
GNU coreutils (macOS: `shasum -a 256` in its place; Windows: `certutil -hashfile FILE SHA256`, one file at a time),
openssl is version 3.0 or newer. Run them in the folder that holds this file.

1. The files of this report. Every line must end in "OK":

   sha256sum --check MANIFEST.sha256

   A file that MANIFEST.sha256 does not name is no part of the report. case.inspector, if it is here, is the case file,
   which the examiner may continue to edit; `inspector verify` checks its log.
"""
_EVIDENCE = """
{number}. The evidence. Write its path in place of EVIDENCE; the line must end in "OK":

   echo "{sha256}  EVIDENCE" | sha256sum --check -
"""
_SEAL = """
{signature}. The examiner's signature, if MANIFEST.sha256.sig is here. The answer must be "Signature Verified
   Successfully". Then compare the second command's answer with the fingerprint that the examiner gave you in another
   way than with this report (by telephone, on a business card): anyone can make a key.

   openssl pkeyutl -verify -pubin -inkey examiner.pem -rawin -in MANIFEST.sha256 -sigfile MANIFEST.sha256.sig
   openssl pkey -pubin -in examiner.pem -outform DER | sha256sum

{stamp}. The time stamp (RFC 3161), if MANIFEST.sha256.tsr is here. The answer must be "Verification: OK". TSA.pem is
   the root certificate of the time stamp authority, which you get from the authority itself. The second command shows
   the time.

   openssl ts -verify -data MANIFEST.sha256 -in MANIFEST.sha256.tsr -CAfile TSA.pem
   openssl ts -reply -in MANIFEST.sha256.tsr -text

What this shows, and what it does not
-------------------------------------
Step 1 alone finds accidents and careless changes. Whoever changes a file on purpose can write MANIFEST.sha256 again,
and whoever holds the machine can also build the log of a case file again. A signature shows that the holder of the
examiner's key made this manifest; a time stamp shows that it existed at that time. Without either, compare the SHA-256
of MANIFEST.sha256 with one that the examiner gave you at the time, in another way than with this report.
"""


def instructions(evidence_sha256: str = "") -> bytes:
    """The text of VERIFY.txt; without a hash, for a folder that holds several reports, it leaves out the evidence."""
    # No name from the evidence is in the text: people paste these lines into a shell.
    evidence = _EVIDENCE.format(number=2, sha256=evidence_sha256) if evidence_sha256 else ""
    first = 3 if evidence else 2
    return (_FILES + evidence + _SEAL.format(signature=first, stamp=first + 1)).encode()
