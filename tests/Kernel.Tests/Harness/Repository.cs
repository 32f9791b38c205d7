using System.Reflection;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>Where the things under test are.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "Repository").Value!;

    /// <summary>The launcher; PSC_TEST_LAUNCHER names another than the one that ./psc built.</summary>
    public static string Launcher { get; } =
        Environment.GetEnvironmentVariable("PSC_TEST_LAUNCHER") ?? Path.Join(Root, "module/bin/psc-runtime");

    /// <summary>The shell itself, without the wrapper that looks whether it must be built.</summary>
    public static string Shell { get; } = Path.Join(Root, "module/bin/host/psc");

    /// <summary>Where what takes long to make is kept between runs.</summary>
    public static string Cache { get; } =
        Environment.GetEnvironmentVariable("PSC_TEST_CACHE") ?? Path.Join(Root, "artifacts/test-cache");
}
