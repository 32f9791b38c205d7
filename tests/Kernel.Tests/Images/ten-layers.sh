#!/bin/bash
# Builds an image of ten layers with buildah and saves it as a docker-archive and as an OCI archive.
#
#   ten-layers.sh ROOT_FILE_SYSTEM OUTPUT_FOLDER
set -euo pipefail
root=$1
output=$2
storage=$(mktemp -d "$output/storage.XXXX")
build=(buildah --root "$storage/root" --runroot "$storage/run" --storage-driver overlay)
trap '"${build[@]}" umount --all > /dev/null 2>&1 || true; umount "$storage/root/overlay" 2> /dev/null || true; rm -rf "$storage"' EXIT
echo '{"default":[{"type":"insecureAcceptAnything"}]}' > "$storage/policy.json"

# One more layer: runs a script in the mounted file system of the image so far, and commits.
count=0
layer() {
    local base=localhost/step$count
    [ "$count" -gt 0 ] || base=scratch
    count=$((count + 1))
    local container mounted
    container=$("${build[@]}" from --pull-never "$base")
    mounted=$("${build[@]}" mount "$container")
    (cd "$mounted" && eval "$1")
    "${build[@]}" umount "$container" > /dev/null
    [ $# -lt 2 ] || "${build[@]}" config "${@:2}" "$container"
    "${build[@]}" commit --quiet --rm --signature-policy "$storage/policy.json" "$container" "localhost/step$count" > /dev/null
}

layer 'cp -a "$root/." .'
layer 'mkdir -p data/dir; echo one > data/a; echo two > data/b; echo x > data/dir/x; echo y > data/dir/y'
layer 'echo changed > data/a'
layer 'rm data/b data/dir/y'
layer 'rm -r data/dir; mkdir data/dir; echo z > data/dir/z'
layer 'echo shared > data/h1; ln data/h1 data/h2'
layer 'ln -s a data/relative; ln -s /data/a data/absolute'
layer 'echo colored > data/color; setfattr -n user.color -v blue data/color; cp bin/busybox data/ping; setcap cap_net_raw+ep data/ping'
layer 'echo mine > data/mine; chown 1000:1000 data/mine; chmod 4750 data/mine; mkfifo data/pipe; mknod data/null c 1 3; touch -d @86400 data/old'
layer 'chmod 0600 data/a; rm data/h1' --cmd 'cat /data/a' --env LAYERS=ten --workingdir /data --user alice --label purpose=test

for kind in docker-archive oci-archive; do
    "${build[@]}" push --quiet --signature-policy "$storage/policy.json" localhost/step10 "$kind:$output/$kind.tar:example.test/layers:ten"
done
