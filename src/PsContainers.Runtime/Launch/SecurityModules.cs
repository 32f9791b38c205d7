namespace PsContainers.Runtime.Launch;

/// <summary>The security modules that this kernel has running.</summary>
/// <param name="AppArmor">apparmor(7)</param>
/// <param name="SeLinux">selinux(8)</param>
public readonly record struct SecurityModules(bool AppArmor, bool SeLinux)
{
    private static readonly Lazy<SecurityModules> _ofThisMachine = new(() => new SecurityModules(
        FirstLine("/sys/module/apparmor/parameters/enabled")?.StartsWith('Y') is true,

        // Before a policy is loaded every process is "kernel".
        File.Exists("/sys/fs/selinux/enforce") && FirstLine("/proc/self/attr/current")?.TrimEnd('\0') is not (null or "kernel")));

    public static SecurityModules OfThisMachine => _ofThisMachine.Value;

    private static string? FirstLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
