# The guest's first process (see run.sh). Arguments: session folder, work folder, folder of the kernel's modules.
session=$1
work=$2
modules=$3
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() {
    echo "init: $1"
    busybox poweroff -f
}

busybox mount -t proc proc /proc
busybox insmod "$modules/kernel/fs/overlayfs/overlay.ko" || fail "no overlay module"
# For limits of volumes, and the images that have them.
for module in fs/quota/quota_tree fs/quota/quota_v2 drivers/block/loop; do
    busybox insmod "$modules/kernel/$module.ko" || fail "no module $module"
done
busybox mount -t tmpfs -o size=2g tmpfs /mnt
busybox mkdir /mnt/upper /mnt/work /mnt/root
busybox mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root || fail "no overlay on hostfs"
cd /mnt/root || fail "no root"

# pivot_root rather than chroot: in a chroot no user namespace can be made.
busybox mkdir -p mnt/old
busybox pivot_root . mnt/old || fail "pivot_root"
cd /
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t cgroup2 cgroup2 /sys/fs/cgroup
busybox mount -t devtmpfs devtmpfs /dev
busybox mkdir -p /dev/pts /dev/shm
busybox mount -t devpts devpts /dev/pts
busybox ln -sfn /proc/self/fd /dev/fd
# Not /tmp: the command itself may lie there, and the overlay makes it writable.
for folder in /dev/shm /run; do
    busybox mount -t tmpfs tmpfs "$folder"
done
busybox mkdir -p "$work"
busybox mount -t hostfs -o "$work" hostfs "$work" || fail "no work folder"
busybox ip link set lo up

(cd "$work" && eval "$(busybox cat "$session/command")") > "$session/output" 2>&1 < /dev/null
echo $? > "$session/code"
busybox sync
busybox poweroff -f
