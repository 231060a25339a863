#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""terminal - a command on a terminal of its own, and what is typed there

    terminal.py COMMAND... <<'END'
    see ready
    type \\x03
    see status=130
    end 0
    END

COMMAND leads a session with that terminal, and no signal is ignored or blocked
there.  Each line of stdin is a step:

    see TEXT         wait until that has been written, behind what was seen
    once TEXT        that has been written once, in all this time
    type TEXT        press these keys; \\r, \\x03 and such as in python
    size ROWS COLS   the window has changed its size
    signal NAME      to all of the session's first process group
    hang up          the terminal goes away
    end STATUS       wait for the end, as wait(1) would tell of it

All that takes longer than ten seconds has failed.  Says what was seen then, and
ends with 1.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 10


class Failed(Exception):
    """Something was not as the steps have it."""


class Terminal:
    """The far end of a terminal, and the process that leads the near one."""

    def __init__(self, command):
        self.text, self.at = "", 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for signo in range(1, signal.NSIG):
                if signo not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
                    signal.signal(signo, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            os.execvp(command[0], command)

    def size(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", int(rows), int(columns), 0, 0))

    def hang_up(self):
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1

    def read(self, seconds):
        """Take what is written within that time; False at its end."""
        if self.fd < 0 or not select.select([self.fd], [], [], seconds)[0]:
            return self.fd >= 0
        try:
            got = os.read(self.fd, 65536)
        except OSError:  # nobody has the near end any more
            return False
        self.text += got.decode("latin-1")
        return bool(got)

    def see(self, text):
        deadline = time.monotonic() + PATIENCE
        is_open = True
        while text not in self.text[self.at:]:
            if not is_open or time.monotonic() > deadline:
                raise Failed("never seen")
            is_open = self.read(0.1)
        self.at = self.text.index(text, self.at) + len(text)

    def end(self, status):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            pid, how = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                how = os.waitstatus_to_exitcode(how)
                how = how if how >= 0 else 128 - how
                if how != int(status):
                    raise Failed(f"it ended with {how}")
                return
            if not self.read(0.01):
                time.sleep(0.01)
        raise Failed("it did not end")

    def step(self, line):
        verb, _, rest = line.partition(" ")
        if verb == "see":
            self.see(rest)
        elif verb == "once":
            if self.text.count(rest) != 1:
                raise Failed(f"{self.text.count(rest)} times")
        elif verb == "type":
            keys = rest.encode().decode("unicode_escape")
            os.write(self.fd, keys.encode())
        elif verb == "size":
            self.size(*rest.split())
        elif verb == "signal":
            os.killpg(self.pid, getattr(signal, rest))
        elif line == "hang up":
            self.hang_up()
        elif verb == "end":
            self.end(rest)
        else:
            raise Failed("no such step")


def main():
    terminal = Terminal(sys.argv[1:])
    line = "the start"
    try:
        for line in sys.stdin:
            terminal.step(line.rstrip("\n"))
        return 0
    except (Failed, OSError) as why:
        print(f"{line.rstrip()}: {why}; seen were:")
        print(terminal.text.replace("\r", ""))
        return 1
    finally:
        terminal.hang_up()  # whoever is left hears SIGHUP


sys.exit(main())
