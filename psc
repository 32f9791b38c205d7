#!/bin/bash
# Runs psc, the shell with PsContainers loaded; builds first what is missing or older than its sources.
#
#   ./psc                      prompt
#   ./psc -Command '…'         one command
#   ./psc FILE.ps1 args        a script
#   ./psc --build-only         builds everything into module/bin and ends
set -euo pipefail
root=$(dirname "$(realpath "$0")")
bin=$root/module/bin
stamp=$bin/.built
sources=(src plugins module/en-US Directory.Build.props Directory.Packages.props global.json psc)

say() { echo "psc: $*" >&2; }

# A stamp older than any source, or none at all, means: build.
is_current() {
    [ -f "$stamp" ] && [ -z "$(cd "$root" && find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)" ]
}

# Debian package, a file it brings, what it is for, and whether nothing can be built without it.
requirements() {
    cat <<LIST
gcc /usr/bin/gcc needed linking the container launcher and the name resolver
binutils /usr/bin/objcopy needed linking the container launcher and the name resolver
libc6-dev /usr/include/stdio.h needed linking the container launcher and the name resolver
zlib1g-dev /usr/include/zlib.h needed linking the container launcher and the name resolver
busybox-static /bin/busybox wanted the image that the examples run
libnftables1 /usr/lib/$(uname -m)-linux-gnu/libnftables.so.1 wanted networks with a way out and published ports
LIST
}

install_missing() {
    local missing=() is_needed="" package file kind purpose
    while read -r package file kind purpose; do
        [ -e "$file" ] && continue
        missing+=("$package")
        [ "$kind" = wanted ] || is_needed=yes
        say "$kind: $package, for $purpose"
    done < <(requirements)
    if [ ${#missing[@]} -gt 0 ]; then
        install "$is_needed" "${missing[@]}"
    fi
    if ! command -v dotnet > /dev/null || ! (cd "$root" && dotnet --version > /dev/null 2>&1); then
        say "needs the .NET SDK $(sed -n 's/.*"version": "\(.*\)".*/\1/p' "$root/global.json" | head -n 1) or a later one of its line," \
            "which Debian does not have: https://dotnet.microsoft.com/download"
        exit 1
    fi
}

install() {
    local is_needed=$1
    shift
    if [ "$(id -u)" -ne 0 ]; then
        say "not root, so nothing is installed; root would run: apt-get install $*"
        [ -z "$is_needed" ] || exit 1
        return 0
    fi
    say "installing from Debian: $*"
    local log=$root/artifacts/psc-apt.log
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } > "$log" 2>&1; then
        tail -n 20 "$log" >&2
        say "the packages could not be installed"
        exit 1
    fi
}

publish() {
    local what=$1 project=$2 log=$root/artifacts/psc-build.log
    say "building $what"
    shift 2

    # Without the lock: the compiler server that dotnet leaves behind would hold it.
    if ! (cd "$root" && dotnet publish "$project" -c Release -v q -nodeReuse:false "$@") > "$log" 2>&1 9>&-; then
        grep -E 'error|warning' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
        say "building $what failed (log: $log)"
        exit 1
    fi
}

# Everything goes into a new folder, which takes the place of the old one when all of it is there; the stamp comes last.
build() {
    local began staging rid
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
    mkdir -p "$root/artifacts"
    install_missing
    staging=$root/module/.building
    began=$root/artifacts/psc-began
    rid=linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
    rm -rf "$staging"
    touch "$began"
    publish "the shell" src/PsContainers.Host -r "$rid" -o "$staging/host"
    publish "the module" src/PsContainers.Cmdlets -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "$staging/engine"
    publish "the container launcher" src/PsContainers.Launcher -r "$rid" -o "$staging/launcher"
    mv "$staging"/engine/PsContainers.{Cmdlets,Abstractions}.dll "$staging/launcher/psc-runtime" "$staging/"
    rm -rf "$staging/launcher"
    publish "the name resolver of networks" plugins/Resolver -r "$rid" -o "$staging/resolver"
    publish "the bridge driver" plugins/Bridge -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "$staging/plugins/Bridge"
    publish "the macvlan driver" plugins/Macvlan -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "$staging/plugins/Macvlan"
    publish "the driver of local volumes" plugins/LocalVolume -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "$staging/plugins/LocalVolume"
    publish "the driver of volumes in memory" plugins/TmpfsVolume -r "$rid" --self-contained false -p:PublishReadyToRun=true -o "$staging/plugins/TmpfsVolume"
    mkdir -p "$staging/plugins/Cni"
    cp "$root/plugins/Cni/plugin.json" "$staging/plugins/Cni/"
    mv "$staging/resolver/psc-resolver" "$staging/plugins/Bridge/"
    rm -rf "$staging/resolver"
    find "$staging" -name '*.xml' -delete

    # PowerShell looks for a binary module's help beside it.
    cp -r "$root/module/en-US" "$staging/"
    # Sources that change from here on are newer than the stamp.
    touch -r "$began" "$staging/.built"
    rm -rf "$bin"
    mv "$staging" "$bin"
    say "ready"
}

build_once() {
    mkdir -p "$root/artifacts"
    exec 9> "$root/artifacts/psc.lock"
    flock -n 9 || { say "another start is building; waiting for it"; flock 9; }
    is_current || build
    exec 9>&-
}

is_current || build_once
if [ "${1:-}" = --build-only ]; then
    exit 0
fi
exec "$bin/host/psc" "$@"
