"""Fake engines as forks of one process that has loaded their libraries, which takes 0.6 s in a process of its own.

Each window of a test starts this file as a script. It hands its streams, arguments and environment to the process that
forks, waits for the fork and ends as it does. Where there is no such process, as on Windows, it becomes a fake engine.
"""

import contextlib
import os
import select
import signal
import socket
import sys
from typing import NoReturn

FORKS = "FAKE_ENGINE_FORKS"  # the variable with the path of the socket
_BETWEEN, _STREAMS = "\0", (0, 1, 2)


def attach() -> None:
    """The script: stand for a fork, to whoever sends this process a signal or waits for its end."""
    if FORKS not in os.environ:
        _start_engine()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        try:
            server.connect(os.environ[FORKS])
        except OSError:  # it still loads
            _start_engine()
        environment = [f"{name}={value}" for name, value in os.environ.items()]
        handed = _BETWEEN.join([str(len(environment)), *environment, *sys.argv[1:]])
        socket.send_fds(server, [handed.encode()], _STREAMS)
        ended = server.recv(4)
    status = int.from_bytes(ended, "big") if ended else 1
    if os.WIFSIGNALED(status):
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))


def _start_engine() -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-m", "tests.ui.fake_engine", *sys.argv[1:]])  # noqa: S606


def serve() -> None:
    """Fork a fake engine for each script that connects, until stdin ends."""
    from tests.ui import fake_engine  # noqa: F401  (its libraries are loaded before the first fork)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait for the engines
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(os.environ[FORKS])
        listener.listen()
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _address = listener.accept()
            if os.fork() == 0:
                _supervise(connection)
            connection.close()


def _supervise(connection: socket.socket) -> None:
    """Fork an engine, end it when its script has ended, and tell the script how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    handed, streams, *_rest = socket.recv_fds(connection, 1 << 20, len(_STREAMS))
    alive, held = os.pipe()  # its other end closes when the engine ends
    if (engine := os.fork()) == 0:
        for number, stream in zip(_STREAMS, streams, strict=True):
            os.dup2(stream, number)
        for each in (alive, connection.detach(), *streams):
            os.close(each)
        _run(handed.decode())
    for each in (held, *streams):
        os.close(each)
    if connection.fileno() in select.select([connection.fileno(), alive], [], [])[0]:
        os.kill(engine, signal.SIGKILL)
    _pid, status = os.waitpid(engine, 0)
    with contextlib.suppress(BrokenPipeError):
        connection.send(status.to_bytes(4, "big"))
    os._exit(0)


def _run(handed: str) -> None:
    """Be a fake engine with the arguments and the environment of the script."""
    from tests.ui import fake_engine

    count, *rest = handed.split(_BETWEEN)
    os.environ.clear()
    for variable in rest[: int(count)]:
        name, _equals, os.environ[name] = variable.partition("=")
    sys.argv[1:] = rest[int(count) :]
    fake_engine.main()
    sys.exit()


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["serve"] else attach()
