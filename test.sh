#!/usr/bin/env bash
# Builds everything and runs every test that this machine allows. The last line counts: `N passed, N failed`.
#
#   ./test.sh            everything
#   ./test.sh WORD...    only the suites whose name contains one of the words: Oci, Images, Runtime, Engine, Cmdlets, Kernel, Uml, Fuzz, Examples …
set -uo pipefail
cd "$(dirname "$(realpath "$0")")" || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DEBIAN_FRONTEND=noninteractive
artifacts=${ArtifactsPath:-$PWD/artifacts}
logs=$artifacts/test-logs
export PSC_TEST_CACHE=$artifacts/test-cache
mkdir -p "$logs" "$PSC_TEST_CACHE"
rm -f "$logs"/*.log
words=("$@")
passed=0 failed=0 skipped=0

finish() {
    echo
    echo "$passed passed, $failed failed$([ "$skipped" -eq 0 ] || echo ", $skipped skipped")"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# Debian package, a file it brings, and what it is for.
requirements() {
    cat <<LIST
busybox-static /bin/busybox the root file system of most test containers
gcc /usr/bin/gcc linking the launcher, and probes that tests run in containers
libc6-dev /usr/include/stdio.h the same
zlib1g-dev /usr/include/zlib.h linking the launcher
buildah /usr/bin/buildah a ten-layer image from a real builder
podman /usr/bin/podman images that another engine saved, and containers of it that our launcher runs
conmon /usr/bin/conmon the same
catatonit /usr/bin/catatonit the same
containerd /usr/bin/containerd another engine that our launcher runs containers for
docker.io /usr/sbin/dockerd the same
procps /usr/bin/ps what a container's processes are
skopeo /usr/bin/skopeo images in every format, and a second opinion on ours
umoci /usr/bin/umoci layers that another tool made
crun /usr/bin/crun what another runtime writes into config.json
runc /usr/sbin/runc the same
debootstrap /usr/sbin/debootstrap a Debian root file system
user-mode-linux /usr/bin/linux.uml a machine with pure cgroup v2
libcap2-bin /usr/sbin/setcap files with capabilities
attr /usr/bin/setfattr files with extended attributes
tmux /usr/bin/tmux a real terminal
iproute2 /usr/sbin/ip network namespaces
libnftables1 /usr/lib/$(uname -m)-linux-gnu/libnftables.so.1 the firewall of container networks
systemd /usr/lib/systemd/systemd a machine whose service manager is to know of containers
dbus /usr/bin/dbus-daemon a message bus, for that and by itself
strace /usr/bin/strace system calls that fail when told to
docker-registry /usr/bin/docker-registry a registry to pull from and push to
nftables /usr/sbin/nft a second opinion on the firewall, and hands that flush it
bind9-dnsutils /usr/bin/dig questions to the name resolver
dnsmasq-base /usr/sbin/dnsmasq a name server that it asks on
containernetworking-plugins /usr/lib/cni/bridge networks of CNI
iptables /usr/sbin/iptables ports that its plugin portmap publishes
python3 /usr/bin/python3 a network driver in another language
util-linux /usr/bin/unshare a host of its own for each test
e2fsprogs /usr/sbin/mkfs.ext4 disks for volumes
xfsprogs /usr/sbin/mkfs.xfs the same
LIST
}

install_missing() {
    local missing=() package file purpose
    while read -r package file purpose; do
        [ -e "$file" ] || { missing+=("$package"); echo "test.sh: needs $package: $purpose"; }
    done < <(requirements)
    [ ${#missing[@]} -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "test.sh: not root, so nothing is installed and tests that need these are skipped; root would run: apt-get install ${missing[*]}"
        return
    fi
    echo "test.sh: installing from Debian: ${missing[*]}"
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } > "$logs/apt.log" 2>&1; then
        echo "test.sh: not all of them could be installed:"
        tail -n 10 "$logs/apt.log"
        failed=$((failed + 1))
    fi
}

build_all() {
    ./psc --build-only && dotnet build PsContainers.sln -c Release -v q -nodeReuse:false
}

build() {
    echo "test.sh: building (log: $logs/build.log)"
    if ! build_all > "$logs/build.log" 2>&1; then
        grep -E 'error|psc:' "$logs/build.log" | sort -u | head -n 40
        echo "test.sh: the build failed"
        failed=$((failed + 1))
        finish
    fi
}

wanted() {
    local word
    for word in "${words[@]}"; do
        [[ $1 == *"$word"* ]] && return 0
    done
    [ ${#words[@]} -eq 0 ]
}

# Runs a test program, at most so many seconds, and adds up what it says of itself; one that says nothing has failed.
suite() {
    local name=$1 seconds=$2 log=$logs/$1.log code p f s
    shift 2
    wanted "$name" || return 0
    timeout --kill-after=10 "$seconds" "$@" > "$log" 2>&1 < /dev/null
    code=$?
    # Where CI is set, the test platform colors its output, terminal or not.
    sed -i 's/\x1b\[[0-9;]*m//g' "$log"
    p=$(sed -n 's/^ *succeeded: //p' "$log" | tail -n 1)
    f=$(sed -n 's/^ *failed: //p' "$log" | tail -n 1)
    s=$(sed -n 's/^ *skipped: //p' "$log" | tail -n 1)
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
    echo "$name: ${p:-0} passed, ${f:-0} failed, ${s:-0} skipped"
    sed -n '/^ *skipped [A-Z]/{N;s/\n */: /;p}' "$log"
    grep -A 12 -E '^ *failed [A-Z]' "$log" | grep -vE '^ +at ' | head -n 200
    if [ -z "$p" ] || { [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ]; }; then
        echo "$name: ended with code $code without a failed test; its last lines:"
        tail -n 25 "$log"
        failed=$((failed + 1))
    fi
}

# A whole program as one test: its exit code is the result.
program() {
    local name=$1 seconds=$2 log=$logs/${1//\//-}.log code=0
    shift 2
    wanted "$name" || return 0
    timeout --kill-after=10 "$seconds" "$@" > "$log" 2>&1 < /dev/null || code=$?
    if [ "$code" -eq 0 ]; then
        passed=$((passed + 1))
        echo "$name: passed"
    else
        failed=$((failed + 1))
        echo "$name: failed with code $code; its last lines:"
        tail -n 25 "$log"
    fi
}

skip() {
    wanted "$1" || return 0
    skipped=$((skipped + 1))
    echo "$1: skipped: $2"
}

# A network, processes and mounts of its own, so that a test sees all that is left, and all of it goes when the tests end.
own_host=(unshare --mount --net --ipc --pid --fork --kill-child --mount-proc bash -c 'ip link set lo up; "$@"; exit $?' host)

install_missing
build
for project in tests/PsContainers.*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    suite "$name" 600 "$artifacts/bin/$name/release/$name"
done

kernel=$artifacts/bin/PsContainers.Kernel.Tests/release/PsContainers.Kernel.Tests
if [ "$(id -u)" -ne 0 ]; then
    suite Kernel 60 "$kernel"
    skip LocalVolume.Uml "needs root"
    skip Kernel.Uml "needs root"
    skip Fuzz "needs root"
    skip Examples "needs root"
    finish
fi
if wanted Kernel && [ ! -e "$PSC_TEST_CACHE/debian-bookworm.tar" ]; then
    echo "test.sh: making a Debian root file system, kept for the next time (log: $logs/debian.log)"
    timeout 900 tests/Kernel.Tests/Images/debian.sh "$PSC_TEST_CACHE/debian-bookworm.tar" > "$logs/debian.log" 2>&1 || tail -n 5 "$logs/debian.log"
fi
suite Kernel 1200 "${own_host[@]}" "$kernel"
suite Fuzz 400 "$artifacts/bin/PsContainers.Fuzz/release/PsContainers.Fuzz" --seconds 20 --seed 1
wanted Fuzz && grep ': seed ' "$logs/Fuzz.log"
if [ -x /usr/bin/linux.uml ]; then
    mkdir -p "$artifacts/uml"
    suite LocalVolume.Uml 300 tests/Uml/run.sh "$artifacts/uml" 280 \
        "$artifacts/bin/PsContainers.LocalVolume.Tests/release/PsContainers.LocalVolume.Tests" --filter-class '*QuotaTests'
    suite Kernel.Uml 2700 tests/Uml/run.sh "$artifacts/uml" 2680 "$kernel" --filter-not-trait Needs=host
else
    skip LocalVolume.Uml "needs linux.uml (Debian package user-mode-linux)"
    skip Kernel.Uml "needs linux.uml (Debian package user-mode-linux)"
fi

# Not in the store of the machine, which is its user's, nor on its network.
export PSCONTAINERS_ROOT=$artifacts/example-state PSCONTAINERS_RUN=$artifacts/example-run
for example in examples/[0-9]*.ps1; do
    program "Examples/$(basename "$example")" 180 "${own_host[@]}" ./psc -NonInteractive "$example"
done
rm -rf "$PSCONTAINERS_ROOT" "$PSCONTAINERS_RUN"
finish
