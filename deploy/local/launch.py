"""Become the given command, bound to die when its parent dies: ``python -IS launch.py PARENT_PID COMMAND…``.

The kernel sends SIGKILL to the command when the thread that started it ends (Linux; elsewhere only a clean stop
ends the children). It is a program of its own because code run between fork and exec in a process with threads
can deadlock.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent has gone")
    # the interpreter ignores these two; an ignored signal would stay ignored after exec
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
