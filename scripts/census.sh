#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# census.sh [O] - amtree-scan --summary of the packages that this machine has
#
# For Debian and what is made of it: each installed package becomes a tar of its
# files as they are on disk, empty, since contents do not count.  That has what
# maintainer scripts did too, which no .deb shows.
set -eu
cd "$(dirname "$0")/.."
O=${1:-build/default}
for tool in dpkg-query python3; do
	command -v "$tool" >/dev/null || {
		echo "census.sh: needs $tool" >&2
		exit 3
	}
done
make -s programs O="$O"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
python3 - "$work" <<'END'
import glob, os, sys, tarfile

for name in glob.glob("/var/lib/dpkg/info/*.list"):
    package = os.path.basename(name)[:-5].replace(":", "_")
    with open(name, encoding="utf-8", errors="surrogateescape") as lines, \
            tarfile.open(os.path.join(sys.argv[1], package), "w",
                         format=tarfile.PAX_FORMAT,
                         errors="surrogateescape") as tar:
        for path in lines.read().splitlines():
            try:
                info = tar.gettarinfo(path, path.lstrip("/"))
            except OSError:
                continue  # removed by somebody, or local
            if info is None or path == "/.":
                continue
            if info.islnk():
                info.type = tarfile.REGTYPE
            info.size = 0
            try:
                caps = os.getxattr(path, "security.capability",
                                   follow_symlinks=False)
                info.pax_headers["SCHILY.xattr.security.capability"] = \
                    caps.decode("utf-8", "surrogateescape")
            except OSError:
                pass
            tar.addfile(info)
END
"$O/amtree-scan" --summary "$work"/*
