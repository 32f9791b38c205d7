using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Systemd;

namespace PsContainers.Runtime.Tests.Systemd;

public sealed class ScopeLimitsTests
{
    private const int Current = 252;

    [Theory]
    [InlineData("memory.max", "1048576", "MemoryMax", 1048576)]
    [InlineData("memory.max", "max", "MemoryMax", UnitProperty.Infinity)]
    [InlineData("memory.high", "4096", "MemoryHigh", 4096)]
    [InlineData("memory.low", "4096", "MemoryLow", 4096)]
    [InlineData("memory.min", "4096", "MemoryMin", 4096)]
    [InlineData("memory.swap.max", "0", "MemorySwapMax", 0)]
    [InlineData("cpu.weight", "79", "CPUWeight", 79)]
    [InlineData("cpu.idle", "1", "CPUWeight", 0)]
    [InlineData("io.weight", "100", "IOWeight", 100)]
    [InlineData("io.weight", "default 100\n8:0 200", "IOWeight", 100)]
    [InlineData("pids.max", "20", "TasksMax", 20)]
    [InlineData("pids.max", "max", "TasksMax", UnitProperty.Infinity)]
    [InlineData("memory.limit_in_bytes", "-1", "MemoryLimit", UnitProperty.Infinity)]
    [InlineData("cpu.shares", "512", "CPUShares", 512)]
    [InlineData("blkio.weight", "300", "BlockIOWeight", 300)]
    [InlineData("cpu.max", "50000", "CPUQuotaPerSecUSec", 500_000)]
    [InlineData("cpu.cfs_quota_us", "150000", "CPUQuotaPerSecUSec", 1_500_000)]
    [InlineData("cpu.cfs_quota_us", "-1", "CPUQuotaPerSecUSec", UnitProperty.Infinity)]
    public void Limit_is_a_property(string file, string value, string name, ulong expected)
    {
        var property = Assert.Single(ScopeLimits.Of([new CgroupWrite(file, value)], Current));

        Assert.Equal(new UnitProperty(name, expected), property);
    }

    [Theory]
    [InlineData("cpu.max.burst", "1000")]
    [InlineData("cpu.idle", "0")]
    [InlineData("hugetlb.2MB.max", "0")]
    [InlineData("io.weight", "8:0 200")]
    [InlineData("io.max", "8:0 rbps=1048576")]
    [InlineData("cpuset.cpus", "")]
    public void Limit_that_systemd_leaves_alone_is_none(string file, string value) =>
        Assert.Empty(ScopeLimits.Of([new CgroupWrite(file, value)], Current));

    [Theory]
    [InlineData("50000 200000", 250_000, 200_000)]
    [InlineData("max 50000", UnitProperty.Infinity, 50_000)]
    [InlineData("33333 100000", 340_000, 100_000)] // a whole percent, rounded up
    [InlineData("1000 1000000", 10_000, 1_000_000)]
    public void Quota_is_told_with_its_period(string value, ulong perSecond, ulong period) => Assert.Equal(
        [new UnitProperty("CPUQuotaPeriodUSec", period), new UnitProperty("CPUQuotaPerSecUSec", perSecond)],
        ScopeLimits.Of([new CgroupWrite("cpu.max", value)], Current));

    [Fact]
    public void Quota_of_version_1_is_counted_in_the_period_beside_it() => Assert.Equal(
        [new UnitProperty("CPUQuotaPeriodUSec", 50_000ul), new UnitProperty("CPUQuotaPerSecUSec", 500_000ul)],
        ScopeLimits.Of([new CgroupWrite("cpu.cfs_period_us", "50000"), new CgroupWrite("cpu.cfs_quota_us", "25000")], Current));

    [Theory]
    [InlineData("cpuset.cpus", "0", "AllowedCPUs", "01")]
    [InlineData("cpuset.cpus", "0-2,9", "AllowedCPUs", "0702")]
    [InlineData("cpuset.mems", "1", "AllowedMemoryNodes", "02")]
    public void List_is_a_mask(string file, string value, string name, string mask)
    {
        var property = Assert.Single(ScopeLimits.Of([new CgroupWrite(file, value)], Current));

        Assert.Equal(name, property.Name);
        Assert.Equal(mask, Convert.ToHexString((byte[])property.Value));
    }

    [Theory]
    [InlineData("cpuset.cpus", "0", 243)]
    [InlineData("cpu.idle", "1", 251)]
    public void Property_that_an_older_systemd_lacks_is_left_out(string file, string value, int version) =>
        Assert.Empty(ScopeLimits.Of([new CgroupWrite(file, value)], version));

    [Fact]
    public void Older_systemd_has_a_period_of_its_own() => Assert.Equal(
        [new UnitProperty("CPUQuotaPerSecUSec", 250_000ul)], ScopeLimits.Of([new CgroupWrite("cpu.max", "50000 200000")], 241));

    [Fact]
    public void Devices_of_version_1_are_those_that_are_named()
    {
        CgroupWrite[] written =
        [
            new("devices.deny", "a"),
            new("devices.allow", "c 1:3 rwm"),
            new("devices.allow", "b *:* m"),
            new("devices.allow", "c 136:* rw"),
        ];

        var properties = ScopeLimits.Of(written, Current);

        Assert.Equal(new UnitProperty("DevicePolicy", "strict"), properties[0]);
        Assert.Equal("DeviceAllow", properties[1].Name);
        Assert.Equal([("/dev/char/1:3", "rwm"), ("block-*", "m"), ("char-136", "rw")], ((string, string)[])properties[1].Value);
        Assert.Empty(ScopeLimits.Of(written, 239));
    }

    [Fact]
    public void Ban_of_some_devices_has_no_property() =>
        Assert.Empty(ScopeLimits.Of([new CgroupWrite("devices.deny", "c 1:5 rwm")], Current));

    [Theory]
    [InlineData("252.38-1~deb12u1", 252)]
    [InlineData("v249.11", 249)]
    [InlineData("256", 256)]
    [InlineData("", 0)]
    public void Version_is_its_first_number(string version, int expected) => Assert.Equal(expected, SystemdScope.VersionNumber(version));
}
