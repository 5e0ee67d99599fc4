"""What the screens of one event are told, ready to send."""

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Generic, Protocol, TypeVar

from hackathon.adapters.activity_log import Line

GATHER = 0.1
"""Seconds. A change goes out at once; what follows within this time goes out together."""
FRAMES_KEPT = 2000


def frame(line: Line) -> bytes:
    return b'id: %d\nevent: %s\ndata: {"subject": %s}\n\n' % (
        line.id,
        line.kind.encode(),
        json.dumps(line.subject_id).encode(),
    )


class Reader(Protocol):
    def write(self, frames: bytes) -> None: ...


AnyReader = TypeVar("AnyReader", bound=Reader)


class Channel(Generic[AnyReader]):
    """What the screens of one event share: the newest frames, kept ready to send."""

    __slots__ = ("added", "following", "frames", "gathered", "screens", "silent_until", "timer")

    def __init__(self) -> None:
        self.screens: set[AnyReader] = set()
        self.following: set[AnyReader] = set()
        self.frames: deque[tuple[int, bytes]] = deque(maxlen=FRAMES_KEPT)
        self.added = 0
        self.gathered: list[bytes] = []
        self.silent_until = 0.0
        self.timer: asyncio.TimerHandle | None = None

    def add(self, line: Line) -> None:
        encoded = frame(line)
        self.frames.append((line.id, encoded))
        self.gathered.append(encoded)
        self.added += 1

    def behind(self, after: int) -> Sequence[bytes] | None:
        """The frames behind this line; None when it is not among those kept."""
        missed: list[bytes] = []
        for line_id, encoded in reversed(self.frames):
            if line_id == after:
                return missed[::-1]
            missed.append(encoded)
        return None

    def newest(self, count: int) -> Sequence[bytes] | None:
        """That many frames; None when so many are not kept any more."""
        if count > len(self.frames):
            return None
        return [encoded for _, encoded in islice(self.frames, len(self.frames) - count, None)]

    def send_gathered(self, now: float) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None
        frames = b"".join(self.gathered)
        self.gathered.clear()
        self.silent_until = now + GATHER
        for screen in tuple(self.following):
            screen.write(frames)

    def leave(self, screen: AnyReader) -> None:
        self.screens.discard(screen)
        self.following.discard(screen)
