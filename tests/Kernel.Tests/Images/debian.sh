#!/bin/bash
# Makes a small Debian root file system, from the mirror that this machine itself installs from.
#
#   debian.sh OUTPUT.tar
set -euo pipefail
output=$1
work=$(mktemp -d "$(dirname "$output")/debian.XXXX")
trap 'rm -rf "$work"' EXIT
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Codename: bookworm' 2> /dev/null | head -n 1)
[ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
debootstrap --variant=minbase bookworm "$work/root" "$mirror" > "$work/log" 2>&1 || { tail -n 20 "$work/log"; exit 1; }
rm -rf "$work/root/var/cache/apt/archives"/*.deb "$work/root/etc/apt/sources.list"
tar -C "$work/root" --numeric-owner --xattrs --xattrs-include='*' -cf "$work/root.tar" .
mv "$work/root.tar" "$output"
