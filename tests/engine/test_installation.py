"""The key that signs results lies in the system's key store where there is one, and in a private file elsewhere."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from inspector import selftest_command
from inspector.domain.errors import CaseError
from inspector.engine import installation, keystore
from inspector.engine.case.case_file import CaseFile
from inspector.engine.case.imports import admit
from inspector.engine.keystore import KeystoreError
from tests.engine.case.test_imports import made_case

STRACE, BUS = shutil.which("strace"), shutil.which("dbus-daemon")


class Store(KeyringBackend):
    """A key store in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def _check(self) -> None:
        if self.is_locked:
            raise KeyringLocked("it is locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.held[service, username]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A data folder without a key; what the process knows of keys is forgotten before and after."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    installation._key.cache_clear()
    yield tmp_path / "data" / "Deepfake Inspector"
    installation._key.cache_clear()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    """The system's key store, open; the settings of keyring are in the test's own folder."""
    found = Store()
    monkeypatch.delenv(keystore.SWITCH)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    monkeypatch.setattr(keystore, "_of_this_system", lambda: found)
    monkeypatch.setattr(keystore, "_check_is_open", lambda: None)
    return found


def read_again() -> bytes:
    installation._key.cache_clear()
    return installation.installation_key()


def test_the_key_is_private_and_stays():
    key = installation.installation_key()
    assert len(key) == 32
    assert installation.key_path().read_bytes() == key
    assert installation.key_path().stat().st_mode & 0o777 == 0o600
    assert read_again() == key
    installation.key_path().write_bytes(b"short")
    installation._key.cache_clear()
    with pytest.raises(CaseError, match="not the key"):
        installation.installation_key()


def test_the_key_is_made_on_a_disk_without_links_and_permissions_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Such as a home folder on another system's disk."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(installation.os, "link", refuse)
    path = tmp_path / "data" / "installation.key"
    key = installation._key(path)
    assert list(path.parent.iterdir()) == [path]
    installation._key.cache_clear()
    path.chmod(0o755)
    monkeypatch.setattr(Path, "chmod", refuse)
    assert installation._key(path) == key == path.read_bytes()


def test_a_new_key_lies_in_the_key_store_and_not_on_the_disk(store: Store, data: Path):
    assert str(installation.key_place()) == "not made yet; the first analysis makes it"
    key = installation.installation_key()
    assert list(store.held.values()) == [key.hex()]
    (file,) = data.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert key not in file.read_bytes()
    assert key.hex().encode() not in file.read_bytes()
    assert read_again() == key
    assert str(installation.key_place()) == f"in the {keystore.NAME}"


def test_an_earlier_key_stays_in_its_file(store: Store, data: Path):
    data.mkdir(parents=True)
    (data / "installation.key").write_bytes(bytes(range(32)))
    assert installation.installation_key() == bytes(range(32))
    assert store.held == {}
    assert str(installation.key_place()) == "in a file that only you can read"


def test_a_locked_store_is_named_and_nothing_is_given_up(store: Store, tmp_path: Path):
    path = tmp_path / "case.sqlite"
    made_case(path)
    before = path.read_bytes()
    installation._key.cache_clear()
    store.is_locked = True
    with pytest.raises(CaseError, match=r"cannot be read from the .* \(it is locked\); unlock it"):
        admit(path)
    assert path.read_bytes() == before
    store.is_locked = False
    admit(path)
    with CaseFile.open(path) as case:
        assert case.read(1).imported() == ""


def test_a_store_that_is_locked_at_the_first_time_is_not_used(store: Store):
    store.is_locked = True
    key = installation.installation_key()
    store.is_locked = False
    assert installation.key_path().read_bytes() == key == read_again()
    assert store.held == {}


@pytest.mark.parametrize("damage", ["removed", "another", "no number"])
def test_results_of_a_lost_key_are_imported_and_that_is_said(store: Store, tmp_path: Path, damage: str):
    path = tmp_path / "case.sqlite"
    made_case(path)
    first = installation.installation_key()
    values = {} if damage == "removed" else dict.fromkeys(store.held, "ab" * 32 if damage == "another" else "key")
    store.held = values
    assert read_again() != first
    admit(path)
    with CaseFile.open(path) as case:
        assert f"because the {keystore.NAME} no longer held the one before it" in case.read(1).imported()
    assert "made anew at 20" in str(installation.key_place())
    assert read_again() == installation.installation_key()


def test_the_check_of_the_installation_says_a_loss_that_it_finds_itself(store: Store):
    installation.installation_key()
    store.held = {}
    installation._key.cache_clear()
    assert "made anew at 20" in selftest_command._key().detail


def test_two_that_make_a_key_at_once_have_the_same(store: Store, monkeypatch: pytest.MonkeyPatch, data: Path):
    """The other one has written its file before this one can."""
    theirs = bytes(reversed(range(32)))

    def first(_draft: Path, path: Path) -> None:
        path.write_bytes(theirs)
        raise FileExistsError(17, "File exists")

    monkeypatch.setattr(installation, "_name", first)
    assert installation.installation_key() == theirs
    assert store.held == {}, "the key that was not used is taken back"
    assert [path.name for path in data.iterdir()] == ["installation.key"]


@pytest.mark.parametrize("other", [null.Keyring, fail.Keyring])
def test_the_users_settings_of_keyring_switch_the_store_off(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other: type
):
    name = f"{other.__module__}.{other.__qualname__}"
    monkeypatch.setenv(keystore.SWITCH, name)
    with pytest.raises(KeystoreError, match=f"keyring is set to use {name} instead"):
        keystore.get("entry")
    monkeypatch.delenv(keystore.SWITCH)
    assert keystore.get("entry") is None
    settings = tmp_path / "config" / "python_keyring" / "keyringrc.cfg"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[backend]\ndefault-keyring={name}\nkeyring-path={tmp_path}\n")
    with pytest.raises(KeystoreError, match=f"keyring is set to use {name} instead"):
        keystore.get("entry")
    assert str(tmp_path) not in sys.path, "nothing that the settings name is loaded"
    settings.write_bytes(b"\xff[")
    with pytest.raises(KeystoreError, match="cannot be read"):
        keystore.get("entry")


def test_only_the_systems_own_stores_are_asked():
    """Never a plain file, a chain of backends, or what an installed package offers as a plug-in."""
    assert type(keystore._of_this_system()).__module__ in {
        "keyring.backends.SecretService", "keyring.backends.macOS", "keyring.backends.Windows",
    }  # fmt: skip


def test_a_store_that_forgets_what_it_was_given_is_not_used(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "set_password", lambda *_arguments: None)
    key = installation.installation_key()
    assert installation.key_path().read_bytes() == key


def test_a_store_that_does_not_answer_costs_its_time_once(store: Store, monkeypatch: pytest.MonkeyPatch):
    answer = threading.Event()
    monkeypatch.setattr(keystore, "_PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(store, "get_password", lambda *_arguments: answer.wait())
    with pytest.raises(KeystoreError, match="does not answer within"):
        keystore.get("entry")
    monkeypatch.setattr(keystore, "_PATIENCE_SECONDS", 100)
    with pytest.raises(KeystoreError, match="does not answer"):
        keystore.get("entry")
    answer.set()
    keystore._waiting[0].join()


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus is Linux's")
def test_a_bus_that_says_nothing_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(keystore.SWITCH)
    monkeypatch.setattr(keystore, "_PATIENCE_SECONDS", 0.3)
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
        key = installation.installation_key()
        assert installation.key_path().read_bytes() == key
    keystore._waiting[0].join()


def test_a_bus_on_the_network_is_not_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(keystore.SWITCH)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=127.0.0.1,port=9")
    with pytest.raises(KeystoreError):
        keystore.get("entry")


def test_neither_a_start_nor_a_key_in_a_file_loads_the_library():
    code = (
        "import sys, inspector.cli; from inspector.engine import installation; installation.installation_key(); "
        "print('keyring' in sys.modules)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.skipif(STRACE is None or BUS is None, reason="strace or dbus-daemon is not installed")
def test_the_store_is_asked_through_a_socket_of_this_machine_only(tmp_path: Path):
    """A bus of its own, without a Secret Service: it is asked, and the key is made in the file."""
    config, trace = tmp_path / "bus.conf", tmp_path / "trace"
    config.write_text(
        f"<busconfig><listen>unix:path={tmp_path}/bus</listen><policy context='default'><allow send_destination='*'/>"
        "<allow own='*'/></policy></busconfig>"
    )
    assert STRACE is not None
    assert BUS is not None
    with subprocess.Popen(
        [BUS, f"--config-file={config}", "--print-address", "--nofork"], stdout=subprocess.PIPE, text=True,
        stderr=subprocess.DEVNULL,
    ) as bus:  # fmt: skip
        try:
            assert bus.stdout is not None
            environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
            environment.pop(keystore.SWITCH)
            code = "from inspector.engine import installation as i; i.installation_key(); print(i.key_place())"
            done = subprocess.run(
                [STRACE, "-f", "--seccomp-bpf", "-e", "trace=socket,connect", "-o", trace, sys.executable, "-c", code],
                env=environment, capture_output=True, text=True, check=True,
            )  # fmt: skip
        finally:
            bus.terminate()
    assert done.stdout == "in a file that only you can read\n"
    calls = trace.read_text().splitlines()
    assert any("connect(" in call for call in calls), "the recorder sees the bus"
    assert [call for call in calls if "AF_UNIX" not in call and "+++" not in call] == []
