"""A mast between a phone and the product, which can lose its signal: it forwards bytes until it is told not to."""

import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

CHUNK = 65_536
SEGMENT = 1_400
LOST = 0.05
"""The share of segments that do not arrive at the first try."""
SENT_AGAIN_AFTER = 0.3
LONGEST_WAIT = 5.0
GIVEN_UP = 0.1
"""The share of lost segments with which the whole connection goes."""


@dataclass
class Edge:
    """The edge of the mast's reach, as TCP shows it: a lost segment comes late, each loss doubles the wait, and now and
    then the connection goes. `crossed`, `lost` and `cut` count segments and connections."""

    luck: random.Random = field(default_factory=lambda: random.Random(5))
    crossed: int = 0
    lost: int = 0
    cut: int = 0

    def cross(self) -> None:
        """Let one segment through, in its time; or raise, with the connection gone."""
        self.crossed += 1
        wait = SENT_AGAIN_AFTER
        while self.luck.random() < LOST:
            self.lost += 1
            if self.luck.random() < GIVEN_UP:
                self.cut += 1
                raise ConnectionResetError
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)


@dataclass
class Mast:
    """Forwards what comes to its port. Without a signal it hangs up; when it loses answers, only requests come through;
    at the edge of its reach it loses segments.

    `carried` counts the bytes that went to the phone.
    """

    towards: int
    port: int
    has_signal: bool = True
    loses_answers: bool = False
    edge: Edge | None = None
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
                for start in range(0, len(chunk), SEGMENT):
                    if self.edge:
                        self.edge.cross()
                    goal.sendall(chunk[start : start + SEGMENT])
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
