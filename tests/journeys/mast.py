"""A mast between a phone and the product, which can lose its signal: it forwards bytes until it is told not to."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CHUNK = 65_536


@dataclass
class Mast:
    """Forwards what comes to its port. Without a signal it hangs up; when it loses answers, only requests come through.

    `carried` counts the bytes that went to the phone.
    """

    towards: int
    port: int
    has_signal: bool = True
    loses_answers: bool = False
    carried: int = 0
    _open: set[socket.socket] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def lose_signal(self) -> None:
        self.has_signal = False
        for wire in list(self._open):
            _hang_up(wire)

    def find_signal(self) -> None:
        self.has_signal, self.loses_answers = True, False

    def lose_answers(self) -> None:
        """What is sent arrives; what is answered does not."""
        self.loses_answers = True

    def connect(self, phone: socket.socket) -> None:
        if not self.has_signal:
            _hang_up(phone)
            return
        house = socket.create_connection(("127.0.0.1", self.towards))
        self._open |= {phone, house}
        threading.Thread(target=self._carry, args=(phone, house, False), daemon=True).start()
        threading.Thread(target=self._carry, args=(house, phone, True), daemon=True).start()

    def _carry(self, source: socket.socket, goal: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                if is_answer and self.loses_answers:
                    break
                goal.sendall(chunk)
                self.carried += len(chunk) if is_answer else 0
        _hang_up(source)
        _hang_up(goal)
        self._open -= {source, goal}


@contextmanager
def mast(towards: int) -> Iterator[Mast]:
    """A mast with a good signal, in front of whatever listens on this port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        tall = Mast(towards, server.getsockname()[1])

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    tall.connect(server.accept()[0])

        threading.Thread(target=listen, daemon=True).start()
        yield tall
        tall.lose_signal()


def _hang_up(wire: socket.socket) -> None:
    with contextlib.suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    wire.close()
