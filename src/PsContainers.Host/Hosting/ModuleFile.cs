using System.Management.Automation;

namespace PsContainers.Host.Hosting;

/// <summary>Where the module's manifest is: the host lies in <c>module/bin/host</c> below it.</summary>
internal static class ModuleFile
{
    private const string Name = "PsContainers.psd1";

    public static string Find()
    {
        var start = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        for (var directory = Path.GetDirectoryName(start); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (Path.Combine(directory, Name) is var file && File.Exists(file))
            {
                return file;
            }
        }

        throw new RuntimeException($"{Name} is in no folder above '{start}'");
    }
}
