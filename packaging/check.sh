#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What must be true of a package before anybody installs it: packaging/check.sh FILE.deb
set -euo pipefail

deb=$(realpath "$1")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
dpkg-deb -x "$deb" "$tree"
fail() { printf 'package: %s\n' "$*" >&2; exit 1; }

for file in usr/bin/{gatehouse,gatehouse-mcp,gatehousectl} usr/lib/systemd/user/gatehouse.service \
    usr/share/applications/gatehouse.desktop usr/share/metainfo/dev.nodedc.gatehouse.metainfo.xml \
    usr/share/icons/hicolor/scalable/apps/gatehouse.svg usr/share/bash-completion/completions/gatehousectl \
    usr/share/man/man1/{gatehouse,gatehouse-mcp,gatehousectl}.1.gz usr/share/doc/gatehouse/{copyright,changelog.gz,README.md,gatehousectl.md}; do
    [[ -s $tree/$file ]] || fail "$file is missing"
done
grep -q 'CREATE TABLE profiles' "$tree/usr/bin/gatehouse" || fail "the migrations are not in gatehouse"
# Names in Qt's resources are UTF-16.
LC_ALL=C grep -qaP '\x00_\x00r\x00u\x00\.\x00q\x00m' "$tree/usr/bin/gatehouse" || fail "the Russian translation is not in gatehouse"
for name in contract-tasker tst_; do
    [[ -z $(find "$tree" -name "$name*") ]] || fail "$name is for tests and stays out"
done
for program in "$tree"/usr/bin/*; do
    ! ldd "$program" | grep -qi 'sqlcipher\|sqlite' || fail "$(basename "$program") links SQLite dynamically (ARCHITECTURE.md)"
done

# The name of a check that is only done where its tool is: ./dev package installs them.
with() { command -v "$1" >/dev/null || { printf 'package: not checked, %s is not here\n' "$1" >&2; return 1; }; }
if with desktop-file-validate; then desktop-file-validate "$tree/usr/share/applications/gatehouse.desktop"; fi
if with appstreamcli; then appstreamcli validate --no-net "$tree"/usr/share/metainfo/*.xml; fi
if with lintian; then
    lintian --allow-root --fail-on error,warning "$deb"
fi
echo "package: $(basename "$deb") is as it must be"
