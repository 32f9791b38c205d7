using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>A test with one bundle; whatever container of it is left goes with the test.</summary>
public abstract class OciTest : KernelTest
{
    protected OciTest(TestHost host, IReadOnlyList<string>? through = null)
        : base(host) => Bundle = new OciBundle(Host) { Through = through ?? [] };

    protected OciBundle Bundle { get; }

    protected override void RemoveOwn() => Bundle.Dispose();

    protected void WaitForStatus(string status, string id = OciBundle.Id) => WaitUntil(
        () => Bundle.Status(id) == status, $"the container did not get {status}");

    /// <summary>Waits until a file has something in it, and reads it.</summary>
    protected static string WaitForFile(string path)
    {
        var end = DateTime.UtcNow + TimeSpan.FromSeconds(10);
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            Assert.True(DateTime.UtcNow < end, $"{path} was not written");
            Thread.Sleep(5);
        }

        return File.ReadAllText(path);
    }

    /// <summary>A refusal by the runtime: one line, code 1 and no trace of the program's own parts.</summary>
    protected static string Refused(HostCommandResult result, int code = 1)
    {
        Assert.Equal(code, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("psc-runtime: ", result.Error, StringComparison.Ordinal);
        return result.Error;
    }

    /// <summary>The link of a process's namespace, `net:[4026531840]`.</summary>
    protected static string NamespaceOf(int pid, string name) => new FileInfo($"/proc/{pid}/ns/{name}").LinkTarget ?? "none";
}
