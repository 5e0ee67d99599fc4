"""Child processes that share what their parent has imported, and that never outlive it."""

import ctypes
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress

Work = Callable[[], None]

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
HEARD = STOP_SIGNALS | {signal.SIGCHLD}

PR_SET_PDEATHSIG = 1


def fork(work: Work) -> int:
    """Do the work in a child process and return its number at once.

    The child starts in milliseconds, because nothing is imported again. It leads a process group of its own, so that
    Ctrl-C in the terminal reaches only the parent, which then ends everybody in good order.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    # A signal that arrives now waits until the child has put down its parent's way of answering.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        for heard in HEARD:
            signal.signal(heard, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        end_with_parent(parent)
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # whatever it is, it must not climb on into the parent's code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def end_with_parent(parent: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to end this process when its parent ends, even by kill -9. Only Linux can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def end_group(pid: int, by: signal.Signals) -> None:
    """Signal a child and whatever it has started."""
    with suppress(ProcessLookupError):
        os.killpg(pid, by)
