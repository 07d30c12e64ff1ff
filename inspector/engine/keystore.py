"""The system's key store, asked for one entry at a time: Secret Service, macOS Keychain or Windows Credential Locker.

It never opens a dialog and never waits long: a store that is locked, or does not answer, is no store at that moment
(decision 0055). Of the backends that `keyring` offers, only those three are used: no plain files, no plug-ins.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

from inspector.engine.faults import Boundary

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

NAME = {"win32": "Windows Credential Locker", "darwin": "macOS Keychain"}.get(sys.platform, "Secret Service")
SWITCH = "PYTHON_KEYRING_BACKEND"
"""The variable with which `keyring` is told another backend, as `keyring.backends.null.Keyring`: none is used then."""

_SERVICE = "Deepfake Inspector"
_PATIENCE_SECONDS = 3.0
_waiting: list[threading.Thread] = []  # those that did not get an answer in time


class KeystoreError(Exception):
    """The key store cannot be used now; the text says why, as the end of a sentence."""


def get(entry: str) -> str | None:
    """The secret that is stored as `entry`, None if the store answers that it has none. Raises KeystoreError."""
    return _asked(lambda store: store.get_password(_SERVICE, entry))


def put(entry: str, secret: str) -> None:
    """Store a secret and read it again. Raises KeystoreError if it is not there then."""

    def write(store: KeyringBackend) -> bool:
        store.set_password(_SERVICE, entry, secret)
        return store.get_password(_SERVICE, entry) == secret

    if not _asked(write):
        raise KeystoreError("it does not give back what it was given")


def remove(entry: str) -> None:
    """Take a secret out of the store. Raises KeystoreError."""
    _asked(lambda store: store.delete_password(_SERVICE, entry))


def _asked(question: Callable[[KeyringBackend], T]) -> T:
    """The answer of the store, which has a few seconds: a D-Bus service may wait for its user for ever."""
    if any(thread.is_alive() for thread in _waiting):
        raise KeystoreError("it does not answer")
    if sys.platform == "linux" and not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        raise KeystoreError("this session has none")  # known without loading a library
    answers: list[T] = []
    faults: list[Exception] = []

    @Boundary("asking the key store")
    def ask() -> None:
        try:
            answers.append(question(_backend()))
        except Exception as error:  # noqa: BLE001 - a fault of the store, its library or its bus is its absence
            faults.append(error)

    thread = threading.Thread(target=ask, name="key store", daemon=True)
    thread.start()
    thread.join(_PATIENCE_SECONDS)
    if answers:
        return answers[0]
    if faults:
        error = faults[0]
        raise KeystoreError(str(error) or type(error).__name__) from error
    _waiting[:] = [thread]
    raise KeystoreError(f"it does not answer within {_PATIENCE_SECONDS:.0f} seconds")


def _backend() -> KeyringBackend:
    """The store of this system, ready to answer without a dialog. Raises KeystoreError or what the library raises.

    `keyring.get_keyring` is not asked: it loads plug-ins, and would take a plain file where there is nothing else.
    """
    store = _of_this_system()
    chosen = _chosen()
    if chosen not in {"", f"{type(store).__module__}.{type(store).__qualname__}"}:
        raise KeystoreError(f"keyring is set to use {chosen} instead")
    if type(store).priority <= 0:  # raises RuntimeError where the system lacks the store
        raise KeystoreError("this system has none")
    if sys.platform == "linux":
        _check_is_open()
    elif sys.platform == "darwin":
        _refuse_dialogs()
    return store


def _of_this_system() -> KeyringBackend:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain

        return Keychain()
    from keyring.backends.SecretService import Keyring as SecretService

    return SecretService()  # type: ignore[no-untyped-call]


def _chosen() -> str:
    """The backend that the user has set `keyring` to, as `keyring --disable` does; "" for none."""
    from configparser import Error, RawConfigParser

    from keyring.util.platform_ import config_root

    config = RawConfigParser()
    try:
        config.read(config_root() / "keyringrc.cfg", encoding="utf-8")
    except (Error, ValueError, OSError):
        return "a file that cannot be read"
    return os.environ.get(SWITCH) or config.get("backend", "default-keyring", fallback="").strip()


def _check_is_open() -> None:
    """Whether the Secret Service has an open collection that lasts; `keyring` would ask the user for one."""
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        try:
            collection = secretstorage.get_collection_by_alias(bus, "default")
        except secretstorage.ItemNotFoundException:
            raise KeystoreError("it holds no collection yet") from None
        if collection.collection_path.endswith("/session"):
            raise KeystoreError("it forgets everything at the end of the session")
        if collection.is_locked():
            raise KeystoreError("it is locked")


def _refuse_dialogs() -> None:
    """Let the Keychain fail where it would ask for a password. Never run: there was no macOS to try it on."""
    import ctypes

    security = ctypes.CDLL("/System/Library/Frameworks/Security.framework/Security")
    security.SecKeychainSetUserInteractionAllowed(ctypes.c_ubyte(0))
