"""From the C2PA library's validation codes to one status, and a sentence for each status."""

from __future__ import annotations

from inspector.domain.credentials import UNTRUSTED, CredentialStatus, Manifest, ValidationCode

# Codes of the C2PA specification, 15.2.2 (failure codes), by what they mean for a reader.
_TAMPERED = frozenset(
    {
        "assertion.dataHash.mismatch",
        "assertion.bmffHash.mismatch",
        "assertion.boxesHash.mismatch",
        "assertion.collectionHash.mismatch",
        "assertion.hashedURI.mismatch",
        "assertion.multiAssetHash.mismatch",
        "claimSignature.mismatch",
        "ingredient.hashedURI.mismatch",
        "ingredient.claimSignature.mismatch",
        "ingredient.manifest.mismatch",
    }
)
_EXPIRED = frozenset({"signingCredential.expired", "claimSignature.outsideValidity"})
_REVOKED = frozenset({"signingCredential.ocsp.revoked", "signingCredential.revoked"})

_SENTENCES = {
    CredentialStatus.NONE: "The file carries no Content Credentials. This is usual: most cameras and programs write "
    "none, and most services remove them. It says nothing about the file.",
    CredentialStatus.TRUSTED: "The file carries Content Credentials signed by {signer}, whose certificate is on a "
    "trust list; the signature and the hashes agree with the file. They state who signed, not whether a statement "
    "is true.",
    CredentialStatus.TAMPERED: "The file or its Content Credentials were changed after {signer} signed them: a hash or "
    "the signature does not agree. Saving, converting or shortening a copy with a program that does not know "
    "Content Credentials does this too.",
    CredentialStatus.EXPIRED: "The certificate of {signer} was not valid when the file was signed, as far as this can "
    "be told: without a trusted time stamp it counts as expired once its time is over.",
    CredentialStatus.REVOKED: "The certificate of {signer} was revoked by its issuer.",
    CredentialStatus.INVALID: "The Content Credentials do not pass the validation of C2PA ({codes}); what they say "
    "cannot be relied on.",
    CredentialStatus.REMOTE: "The file holds no Content Credentials itself, only an address on the network where they "
    "are said to be. This program fetches nothing, so they were not read.",
    CredentialStatus.UNREADABLE: "Content Credentials could not be read from the file; this concerns nothing else of "
    "the analysis.",
}
_UNKNOWN = (
    "The file carries Content Credentials in the name of {signer}; the signature and the hashes agree with the file. "
)
_NO_LIST = (
    "No trust list is installed, so the signer was not checked against one: anyone can make a certificate in any name."
)
_NOT_LISTED = (
    "The signer's certificate is not on a trust list ({lists}): anyone can make a certificate in any name. A list "
    "names those whom C2PA had accepted by its date; who signed before C2PA had a list (2025) may be missing too."
)


def judge(state: str, codes: tuple[ValidationCode, ...]) -> CredentialStatus:
    """The status of readable credentials by the library's state and codes; the gravest failure decides."""
    failures = {code.code for code in codes if code.kind == "failure"} - UNTRUSTED
    for known, status in (
        (_TAMPERED, CredentialStatus.TAMPERED),
        (_REVOKED, CredentialStatus.REVOKED),
        (_EXPIRED, CredentialStatus.EXPIRED),
    ):
        if state not in ("Valid", "Trusted") and failures & known:
            return status
    if state == "Trusted":
        return CredentialStatus.TRUSTED
    return CredentialStatus.UNKNOWN_SIGNER if state == "Valid" else CredentialStatus.INVALID


def sentence(
    status: CredentialStatus,
    active: Manifest | None = None,
    codes: tuple[ValidationCode, ...] = (),
    lists: str = "",
) -> str:
    """What a status means, for a reader who does not know C2PA."""
    name = "" if active is None else active.signer or active.issuer
    signer = f"“{name}”" if name else "a signer without a name"
    failures = ", ".join(dict.fromkeys(code.code for code in codes if code.kind == "failure")) or "no code given"
    if status is CredentialStatus.UNKNOWN_SIGNER:
        return _UNKNOWN.format(signer=signer) + (_NOT_LISTED.format(lists=lists) if lists else _NO_LIST)
    return _SENTENCES[status].format(signer=signer, codes=failures)
