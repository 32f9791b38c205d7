using System.Text;
using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Tests.Seccomp;

public sealed class SeccompProfileFileTests
{
    private static readonly Version _kernel = new(6, 1);

    [Fact]
    public void A_profile_of_config_json_is_read_as_it_is()
    {
        var profile = Parse(
            """
            { "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_X86_64"],
              "syscalls": [ { "names": ["read"], "action": "SCMP_ACT_ALLOW",
                              "args": [ { "index": 1, "value": 2, "op": "SCMP_CMP_EQ" } ] } ] }
            """);

        Assert.Equal((SeccompAction.Errno, 38u), (profile.DefaultAction, profile.DefaultErrnoRet!.Value));
        Assert.Equal(["SCMP_ARCH_X86_64"], profile.Architectures);
        Assert.Equal([new LinuxSeccompArg(1, 2, SeccompOperator.EqualTo)], profile.Syscalls![0].Args);
    }

    [Fact]
    public void Docker_names_architectures_by_machine()
    {
        var profile = Parse(
            """
            { "defaultAction": "SCMP_ACT_ALLOW", "archMap": [
                { "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"] },
                { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"] } ] }
            """);

        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], profile.Architectures);
    }

    [Theory]
    [InlineData("""{ "caps": ["CAP_SYS_ADMIN"] }""", "null", false)]
    [InlineData("""{ "caps": ["CAP_KILL"] }""", "null", true)]
    [InlineData("""{ "caps": ["CAP_KILL", "CAP_SYS_ADMIN"] }""", "null", false)]
    [InlineData("""{ "arches": ["amd64", "x32"] }""", "null", true)]
    [InlineData("""{ "arches": ["s390x"] }""", "null", false)]
    [InlineData("""{ "minKernel": "4.8" }""", "null", true)]
    [InlineData("""{ "minKernel": "7.0" }""", "null", false)]
    [InlineData("{}", """{ "caps": ["CAP_KILL"] }""", false)]
    [InlineData("{}", """{ "caps": ["CAP_SYS_ADMIN"] }""", true)]
    [InlineData("{}", """{ "arches": ["amd64"] }""", false)]
    [InlineData("{}", "{}", true)]
    public void A_rule_with_conditions_is_one_when_they_hold(string includes, string excludes, bool isKept)
    {
        var profile = Parse(
            $$"""
            { "defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
                { "names": ["bpf"], "action": "SCMP_ACT_ALLOW", "includes": {{includes}}, "excludes": {{excludes}} } ] }
            """);

        Assert.Equal(isKept ? 1 : 0, profile.Syscalls!.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "defaultAction": "SCMP_ACT_MAYBE" }""")]
    [InlineData("""{ "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [ { "action": "SCMP_ACT_ALLOW" } ] }""")]
    [InlineData(
        """
        { "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
            { "names": ["x"], "action": "SCMP_ACT_ALLOW", "includes": { "minKernel": "new" } } ] }
        """)]
    public void What_is_no_profile_is_refused(string text)
    {
        Assert.Throws<JsonException>(() => Parse(text));
    }

    [Fact]
    public void A_file_that_is_missing_or_no_profile_is_named()
    {
        var missing = Assert.Throws<InvalidSettingException>(() => SeccompProfileFile.Read("/nonexistent", 0));
        var wrong = Assert.Throws<InvalidSettingException>(() => SeccompProfileFile.Read("/etc/passwd", 0));

        Assert.Contains("/nonexistent", missing.Message, StringComparison.Ordinal);
        Assert.Contains("/etc/passwd", wrong.Message, StringComparison.Ordinal);
    }

    private static LinuxSeccomp Parse(string text) => SeccompProfileFile.Parse(
        Encoding.UTF8.GetBytes(text), CapabilitySet.Parse(["CAP_KILL"]), SeccompArchitecture.X64, _kernel);
}
