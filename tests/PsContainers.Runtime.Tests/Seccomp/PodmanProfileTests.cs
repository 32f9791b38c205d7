using System.Text.Json;
using System.Text.Json.Nodes;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Seccomp;

namespace PsContainers.Runtime.Tests.Seccomp;

/// <summary>The profile that podman and CRI-O send: containers-common's, with every conditional rule of it in.</summary>
public sealed class PodmanProfileTests
{
    private const string Path = "/usr/share/containers/seccomp.json";

    [Theory]
    [InlineData("SCMP_ARCH_X86_64")]
    [InlineData("SCMP_ARCH_AARCH64")]
    public void Profile_compiles_and_answers_as_it_reads(string name)
    {
        Assert.SkipUnless(File.Exists(Path), "needs Debian package golang-github-containers-common");
        var native = name == SeccompArchitecture.X64.Name ? SeccompArchitecture.X64 : SeccompArchitecture.Arm64;
        var profile = Read(name);

        var program = SeccompCompiler.Compile(profile, native);

        Assert.Equal(0u, SeccompFlags.Of(profile));
        foreach (var number in Enumerable.Range(0, 480))
        {
            var call = new SyscallData((uint)number, native.AuditNumber, 1, 2, 3, 4, 5, 6);
            Assert.Equal(ProfileReading.Answer(profile, native, call), BpfInterpreter.Run(program, call));
        }
    }

    // As podman does before it hands the profile on; conditions on capabilities and architectures are taken as met.
    private static LinuxSeccomp Read(string native)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path))!.AsObject();
        var map = json["archMap"]!.AsArray().First(entry => (string?)entry!["architecture"] == native)!;
        string[] architectures = [native, .. map["subArchitectures"]!.AsArray().Select(name => (string)name!)];
        json["architectures"] = new JsonArray([.. architectures.Select(name => (JsonNode?)name)]);
        return json.Deserialize(RuntimeJson.Default.LinuxSeccomp)!;
    }
}
