#!/usr/bin/env bash
# Runs a command on a machine with pure cgroup v2: a User-Mode Linux guest that boots in about two seconds, whatever this host mounts.
#
#   tests/Uml/run.sh WORK_FOLDER SECONDS COMMAND [ARGUMENT...]
#
# The guest sees the host's files read-only under an overlay in its own memory; only WORK_FOLDER is the host's own and writable.
# What the command prints is printed; its exit code is this script's. 124: it took longer than SECONDS. 125: the guest did not run it.
set -euo pipefail

work=$(realpath "$1")
seconds=$2
shift 2
here=$(dirname "$(realpath "$0")")

kernel=$(command -v linux.uml) || { echo "tests/Uml: linux.uml is missing (Debian package user-mode-linux)" >&2; exit 125; }
modules=(/usr/lib/uml/modules/*/)
session=$(mktemp -d "$work/uml.XXXXXX")
trap 'rm -rf "$session"' EXIT
printf '%q ' "$@" > "$session/command"
cp "$here/init.sh" "$session/init.sh"
gcc -shared -fPIC -O2 -Wall -o "$session/xstate.so" "$here/xstate.c"

# hostfs is no boundary: the guest's root is the host's root. So the guest starts in a mount namespace in which all but the
# work folder is read-only, and the folder is handed over by a mount of its own.
set +e
timeout --kill-after=5 "$seconds" unshare --mount --propagation private bash -c '
    set -e
    view=$1 kernel=$2 session=$3 work=$4 modules=$5
    mount -t tmpfs none "$view"
    mkdir "$view/root"
    mount --bind / "$view/root"
    mount -o remount,bind,ro "$view/root"
    export TMPDIR=/dev/shm LD_PRELOAD=$session/xstate.so
    exec "$kernel" mem=3072M rootfstype=hostfs rootflags="$view/root" ro quiet con=null con0=null,fd:1 \
        init=/bin/sh -- "$session/init.sh" "$session" "$work" "$modules"
' guest "$(mktemp -d "$session/view.XXXX")" "$kernel" "$session" "$work" "${modules[0]}" < /dev/null > "$session/console" 2>&1
outcome=$?
set -e

cat "$session/output" 2>/dev/null || true
if [ "$outcome" -eq 124 ] || [ "$outcome" -eq 137 ]; then
    echo "tests/Uml: stopped after $seconds seconds" >&2
    exit 124
fi
if [ ! -s "$session/code" ]; then
    echo "tests/Uml: the guest ended without running the command; its console said:" >&2
    tail -n 30 "$session/console" >&2
    exit 125
fi
exit "$(cat "$session/code")"
