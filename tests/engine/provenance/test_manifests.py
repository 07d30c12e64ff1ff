"""The library's JSON as values: hostile trees, and what only other signers write."""

from typing import Any

import numpy as np
import pytest
from cryptography import x509

from inspector.domain.credentials import Credentials, CredentialStatus, ValidationCode
from inspector.engine.provenance import trust
from inspector.engine.provenance.manifests import Manifests
from inspector.engine.provenance.status import judge
from inspector.engine.provenance.text import action_text, code_rows, history_rows, manifest_rows
from tests.signing import make_signer, pem, picture


def store(**manifests: Any) -> dict[str, Any]:
    return {"active_manifest": "a", "manifests": manifests}


def ingredient(label: str) -> dict[str, Any]:
    return {"title": label, "relationship": "componentOf", "active_manifest": label}


def active(found: dict[str, Any], resource=lambda _uri: b""):
    return Manifests(found, resource).active()


def test_manifests_that_name_each_other_end() -> None:
    loop = active(store(a={"ingredients": [ingredient("b")]}, b={"ingredients": [ingredient("a")]}))
    assert loop.ingredients[0].manifest.ingredients[0].manifest is None


def test_a_tree_that_doubles_at_each_step_ends() -> None:
    doubling = {f"m{at}": {"ingredients": [ingredient(f"m{at + 1}")] * 2} for at in range(40)}
    found = active({"active_manifest": "m0", "manifests": doubling})
    assert len(list(found.valid_history())) == 100
    assert len(history_rows(Credentials(CredentialStatus.TRUSTED, "", active=found))) <= 60


def test_version_1_fields_and_the_time_stamp_are_read() -> None:
    found = active(
        store(
            a={
                "claim_generator": "Old Program/1.0",
                "signature_info": {"issuer": "Press", "time": "2026-01-02T03:04:05+00:00"},
                "ingredients": [{"title": "x", "validation_status": [{"code": "claimSignature.mismatch"}]}],
                "assertions": [
                    {
                        "label": "c2pa.actions",
                        "data": {"actions": [{"action": "c2pa.edited", "softwareAgent": "Editor", "when": "2026"}]},
                    }
                ],
            }
        )
    )
    rows = dict(manifest_rows(found))
    assert (rows["Made with"], rows["Time stamp"]) == ("Old Program/1.0", "2026-01-02T03:04:05+00:00")
    assert action_text(found.actions[0]) == "edited (c2pa.edited); Editor; 2026"
    assert found.ingredients[0].failures == ("claimSignature.mismatch",)


def test_long_strings_are_cut_off_and_unknown_terms_kept() -> None:
    actions = [{"action": "org.example.glowed", "digitalSourceType": "http://example.org/warmed"}] * 20
    listed = [{"label": "c2pa.actions.v2", "data": {"actions": actions}}]
    found = active(store(a={"title": "x" * 10_000_000, "assertions": listed}))
    assert len(found.title) < 400
    assert action_text(found.actions[0]) == "org.example.glowed, warmed"
    assert manifest_rows(found)[-1] == ("Actions", "8 more")


@pytest.mark.parametrize("data", [b"", b"no picture", picture()[:300], picture("GIF")])
def test_a_thumbnail_that_is_no_plain_picture_is_left_out(data: bytes) -> None:
    assert active(store(a={"thumbnail": {"identifier": "self#x"}}), lambda _uri: data).thumbnail is None


def test_thumbnails_are_made_small() -> None:
    found = active(store(a={"thumbnail": {"identifier": "self#x"}}), lambda _uri: picture("PNG", 300)).thumbnail
    assert (found.shape, found.dtype) == ((128, 128, 3), np.uint8)


@pytest.mark.parametrize(
    ("state", "codes", "status"),
    [
        ("Invalid", {"signingCredential.ocsp.revoked", "signingCredential.untrusted"}, CredentialStatus.REVOKED),
        ("Invalid", {"signingCredential.expired", "assertion.dataHash.mismatch"}, CredentialStatus.TAMPERED),
        ("Invalid", {"claim.missing"}, CredentialStatus.INVALID),
        ("Invalid", set(), CredentialStatus.INVALID),
        ("", set(), CredentialStatus.INVALID),
    ],
)
def test_the_gravest_failure_decides(state: str, codes: set[str], status: CredentialStatus) -> None:
    assert judge(state, tuple(ValidationCode("failure", code, "", "") for code in codes)) == status


def test_equal_codes_are_counted() -> None:
    named = (("success", "x", "one"), ("success", "x", "two"), ("failure", "y", "why"))
    codes = tuple(ValidationCode(*each, "") for each in named)
    rows = code_rows(Credentials(CredentialStatus.INVALID, "", codes=codes))
    assert rows == [("success", "x (2 times)"), ("failure", "y: why")]


def test_trust_lists_are_the_files_in_their_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(trust, "resource", lambda name: tmp_path / name)
    assert trust.trust_lists() == trust.TrustLists()
    folder = tmp_path / "trust"
    folder.mkdir()
    (folder / "c2pa-2026-11-01.pem").write_text(pem(make_signer().root))
    (folder / "empty.pem").write_bytes(b"\xff")
    found = trust.trust_lists()
    assert found.pem == pem(make_signer().root)
    assert found.text.startswith("c2pa-2026-11-01.pem (1 certificate, SHA-256 ")
    assert found.text.endswith("empty.pem (no certificates: not used)")


def test_the_trust_list_that_ships_is_whole() -> None:
    found = trust.trust_lists()
    assert found.text.startswith("c2pa-2026-08-05.pem (29 certificates, ")
    certificates = x509.load_pem_x509_certificates(found.pem.encode())
    by_subject = {each.subject: each for each in certificates}
    unknown = []
    for each in certificates:
        identifier = each.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        assert identifier == x509.SubjectKeyIdentifier.from_public_key(each.public_key())
        if each.issuer in by_subject:
            each.verify_directly_issued_by(by_subject[each.issuer])
        else:
            unknown.append(each.issuer.rfc4514_string())
    assert unknown == ["CN=Adobe Product Intermediate CA,OU=Product,O=Adobe Inc.,L=San Jose,C=US"], unknown
