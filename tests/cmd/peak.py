#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""peak.py FILE COMMAND... - leave the KiB that COMMAND had in memory in FILE

Ends with the command's status.
"""
import os
import sys

pid = os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w", encoding="ascii") as file:
    print(usage.ru_maxrss, file=file)
sys.exit(os.waitstatus_to_exitcode(status))
