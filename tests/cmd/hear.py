#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""hear - a process that says which signals come

    hear.py SIGNAL[=STATUS]...

Prints "ready", then "got SIGNAL" for each that comes, and ends with the status
if there is one behind its name.  All signals that are not named are as usual.
"""
import os
import signal
import sys


def say(text):
    try:
        os.write(1, text.encode())
    except OSError:  # a terminal that was hung up
        pass


def main():
    ends = {}
    for word in sys.argv[1:]:
        name, _, status = word.partition("=")
        ends[getattr(signal, name)] = status
    signal.pthread_sigmask(signal.SIG_SETMASK, ends)
    say("ready\n")
    while True:
        signo = signal.Signals(signal.sigwaitinfo(ends).si_signo)
        say(f"got {signo.name}\n")
        if ends[signo]:
            os._exit(int(ends[signo]))


main()
