using System.Security.Cryptography;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>CVE-2019-5736: a container runs the launcher itself, and would overwrite it for the host.</summary>
public sealed class LauncherFileTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Launcher_cannot_be_overwritten_from_inside(bool privileged)
    {
        using var runtime = new OciRuntime(Host);
        var before = Fingerprint(runtime.Launcher);
        runtime.Configure(["/proc/self/exe", "init", "sleep", "100"], privileged ? OciRuntime.Privileged : null);
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "self").Text();

        var result = runtime.Do("exec", "self", "attack", "writable", "/proc/1/exe").Text();

        Assert.Equal("tried", result);
        Assert.Equal(before, Fingerprint(runtime.Launcher));
    }

    [Theory]
    [InlineData("self-link")]
    [InlineData("self-script")]
    public void Image_that_names_the_launcher_by_a_link_or_an_interpreter_gets_no_writable_file(string way)
    {
        using var runtime = new OciRuntime(Host);
        var before = Fingerprint(runtime.Launcher);
        File.CreateSymbolicLink(Path.Join(runtime.Rootfs, "bin/self-link"), "/proc/self/exe");
        runtime.AddScript("bin/self-script", "#!/proc/self/exe init\n");
        runtime.Configure(["sleep", "100"], OciRuntime.Privileged);
        runtime.Do("run", "--detach", "--bundle", runtime.Bundle, "self").Text();
        const string script = "\"$0\" init sleep 3 & P=$!; sleep 0.1; [ -e /proc/$P/exe ] && attack writable /proc/$P/exe; kill -9 $P";

        runtime.Do("exec", "self", way, "init", "sh", "-c", script, way);

        Assert.Equal(before, Fingerprint(runtime.Launcher));
    }

    private static (string Hash, DateTime Time) Fingerprint(string path) =>
        (Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), File.GetLastWriteTimeUtc(path));
}
