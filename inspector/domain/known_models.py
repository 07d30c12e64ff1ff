"""The model bundles that were published with this program, by the fingerprint of their card."""

from __future__ import annotations

from inspector.domain.model_card import ModelCard

KNOWN_MODELS = {
    "43f23595406260cbf09b926446cc863b7429a5fb70dccf6ff02d3d045c7c5c13": "default 4.4",
    "731fa002186c8bb1819575a69f7f12cc30be9ef4a79a83f76ed4c15a6f729ae4": "default 4.3",
    "0c04e27d49eab4fe3f3fd00339aaa0b9b3b3dd1e9075facb01647d4569b415d0": "default 4.2",
    "9ced9c2548fb2cbac1517a37c5d759605fb2e3ccb2ec37811228aed2780930c3": "default 4.1",
    "153ecbf75ec2d6a69ce7096507bff96601633484d6686a7d66c87da820cb0664": "default 4.0",
    "14efdb627fc1c437e8a7e7987a2dc6d5d7673f46d8aeced8d73d938a92f0a619": "default 3.1",
    "c55897bdf37e5504f1b8afea9484dca9549a1fa44c967b234c79f1188833ce10": "default 3.0",
    "bdaa743f7f29e1383dd3aff8c6e387bf00fb69e75906e8e9936b76922520bc10": "default 3.0, without a reference score",
    "05eb77504a579bbe1f3c45b15f6f72048da5993a83bc8bf6f5e1230734ae8d16": "default 2.1",
    "26acd909399e90f5d7df3c60495269587ea98a597f0d3eee62460dffc1c0a390": "default 2.0.1",
    "c2dd6bf8ec1cdf0fe6e3f73e858d46be10e398bbc7d25e06043d4c29b0cb43bf": "default 2.0.0",
    "f4d12196ca0243176ce4307dc94f61add58c958cb218c4f396113eb9f3fc429a": "default 1.1.0",
    "d80f02f6af459508a646ffddf2ff0390de372e9e480b6386fa4dbb7e5280ef58": "default 1.0.1",
    "aecdd7fd65e7b22861eb08fea78c4c4392abb8af2b14cbbf27695453caf926e2": "default 1.0",
}

UNKNOWN_MODEL = (
    "Unknown model: this bundle is none of those published with this program. Its calibration and its error rates are "
    "what its maker states; nobody checked them."
)


def is_known(card: ModelCard) -> bool:
    """Whether a card, with the weights that it names, is that of a published bundle."""
    return card.fingerprint in KNOWN_MODELS
