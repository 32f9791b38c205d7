using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Isolation;

public sealed class FileSystemTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Mount_table_is_the_expected_one()
    {
        var said = Say("cut -d' ' -f2,3 /proc/mounts | grep -v ' cgroup' | sort");

        string[] expected =
        [
            "/ overlay", "/dev tmpfs", "/dev/mqueue mqueue", "/dev/pts devpts", "/dev/shm tmpfs", "/proc proc", "/sys sysfs",
        ];
        var table = said.Split('\n');
        Assert.Empty(expected.Except(table));
        Assert.DoesNotContain(table.Except(expected), line => !IsOfEngine(line));
    }

    [Fact]
    public void No_path_of_the_host_shows_in_the_mount_table()
    {
        var said = Say("cat /proc/self/mountinfo");

        Assert.DoesNotContain(" /mnt", said, StringComparison.Ordinal);
        Assert.Equal("1", Say("grep -c ' / / ' /proc/self/mountinfo"));
    }

    [Theory]
    [InlineData("/proc", "nosuid,nodev,noexec")]
    [InlineData("/sys", "ro,nosuid,nodev,noexec")]
    [InlineData("/dev", "nosuid")]
    [InlineData("/dev/pts", "nosuid,noexec")]
    [InlineData("/dev/shm", "nosuid,nodev,noexec")]
    [InlineData("/dev/mqueue", "nosuid,nodev,noexec")]
    public void Mount_has_its_options(string path, string options)
    {
        var line = Say($"grep ' {path} ' /proc/mounts").Split('\n')[0];

        Assert.Empty(options.Split(',').Except(line.Split(' ')[3].Split(',')));
    }

    [Theory]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/keys")]
    [InlineData("/proc/timer_list")]
    [InlineData("/proc/interrupts")]
    public void Masked_file_is_empty(string path) => Assert.Equal("0", Say($"[ ! -e {path} ] && echo 0 || head -c 10 {path} | wc -c"));

    [Theory]
    [InlineData("/sys/firmware")]
    [InlineData("/proc/scsi")]
    [InlineData("/proc/acpi")]
    [InlineData("/sys/devices/virtual/powercap")]
    public void Masked_directory_is_empty(string path) => Assert.Equal("0", Say($"[ ! -e {path} ] && echo 0 || ls -A {path} | wc -l"));

    [Theory]
    [InlineData("echo 1 > /proc/sys/kernel/printk")]
    [InlineData("echo x > /proc/sys/kernel/core_pattern")]
    [InlineData("echo h > /proc/sysrq-trigger")]
    [InlineData("echo 1 > /proc/irq/default_smp_affinity")]
    [InlineData("echo 1 > /sys/kernel/mm/ksm/run")]
    [InlineData("mkdir /sys/fs/cgroup/mine")]
    [InlineData("mkdir /sys/fs/cgroup/memory/mine")]
    [InlineData("mount -o remount,rw /sys")]
    [InlineData("mount -t tmpfs none /tmp")]
    [InlineData("umount /proc/kcore")]
    public void Kernel_settings_refuse_writes(string command) => Assert.NotEqual(0, Run($"({command}) 2> /dev/null").ExitCode);

    [Fact]
    public void Shared_memory_has_64_megabytes() =>
        Assert.Equal("65536", Say("df -k /dev/shm | tail -n 1 | awk '{print $2}'"));

    [Fact]
    public void Temporary_files_of_anybody_can_be_made_in_shared_memory() =>
        Assert.Equal("1777", Say("touch /dev/shm/mine && stat -c %a /dev/shm", creation => creation with { User = "alice" }));

    [Fact]
    public void Root_is_writable_unless_told_otherwise() => Assert.Equal("new", Say("echo new > /new; cat /new"));

    [Fact]
    public void Read_only_root_refuses_writes_but_its_own_mounts_take_them()
    {
        var said = Say(
            "(echo new > /new) 2>&1; (mkdir /tmp/new) 2>&1; echo kept > /dev/shm/new; cat /dev/shm/new; "
            + "mount -o remount,rw / 2>/dev/null || echo refused",
            creation => creation with { ReadOnly = true });

        Assert.Equal(2, said.Split("Read-only file system").Length - 1);
        Assert.EndsWith("kept\nrefused", said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_container_writes_stays_its_own()
    {
        var first = Start("echo changed > /etc/passwd; rm -r /home; mkdir /new; echo done; exec sleep 1000");
        WaitForLine(first, "done");

        var seen = Say("head -n 1 /etc/passwd; ls -d /home/alice; [ -e /new ] || echo 'nothing new'");

        Assert.Equal("root:x:0:0:root:/root:/bin/sh\n/home/alice\nnothing new", seen);
        Services.RemoveContainer.Execute(first.Id, force: true);
    }

    [Fact]
    public void What_a_container_wrote_is_there_when_it_starts_again()
    {
        var container = Start("cat /count 2>/dev/null; echo again >> /count");
        Wait(container);

        Services.StartContainer.Execute(container.Id);
        Wait(container);

        Assert.Equal(["again"], Log(container));
        Services.RemoveContainer.Execute(container.Id);
    }

    // Lines of files that the engine gives, and of what it hides.
    private static bool IsOfEngine(string line) =>
        line.StartsWith("/etc/host", StringComparison.Ordinal) || line.StartsWith("/etc/resolv.conf ", StringComparison.Ordinal)
        || line.StartsWith("/proc/", StringComparison.Ordinal) || line.StartsWith("/sys/", StringComparison.Ordinal);
}
