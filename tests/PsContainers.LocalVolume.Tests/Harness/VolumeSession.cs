using System.Diagnostics;
using System.Text.Json;
using PsContainers.Drivers;

namespace PsContainers.LocalVolume.Tests.Harness;

/// <summary>Runs this program again, as a session that makes one call of the local driver and may be killed meanwhile.</summary>
internal sealed record VolumeSession(DriverEnvironment Environment, VolumeDefinition Volume, string Call)
{
    internal const string Done = "all is done";
    private const string Variable = "PSC_TEST_VOLUME_CALL";

    private static readonly string _program = Path.Combine(AppContext.BaseDirectory, typeof(VolumeSession).Assembly.GetName().Name!);

    /// <summary>True when this process is such a session, which has ended then.</summary>
    internal static bool RunWhenAsked()
    {
        if (System.Environment.GetEnvironmentVariable(Variable) is not { } text)
        {
            return false;
        }

        JsonSerializer.Deserialize<VolumeSession>(text)!.Make();
        Console.WriteLine(Done);
        return true;
    }

    internal void Make()
    {
        var driver = new LocalVolumeDriver(Environment);
        var record = new VolumeRecord { Volume = Volume };
        var use = new VolumeUse { Record = record, UserId = LocalHost.User };
        switch (Call)
        {
            case "create":
                driver.Create(Volume, default);
                break;
            case "mount":
                driver.Mount(use, default);
                break;
            case "unmount":
                driver.Unmount(new() { Use = use }, default);
                break;
            case "remove":
                driver.Remove(record, default);
                break;
            default:
                throw new InvalidOperationException(Call);
        }
    }

    /// <summary>Has strace run it, and returns what it wrote and its exit code.</summary>
    internal (string Output, int ExitCode) Traced(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/strace", ["-f", .. arguments, _program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Variable] = JsonSerializer.Serialize(this) },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output + errors.Result, process.ExitCode);
    }
}
