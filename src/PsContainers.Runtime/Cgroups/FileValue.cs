using PsContainers.Linux;

namespace PsContainers.Runtime.Cgroups;

/// <summary>A value for a control group's file, or the one it has.</summary>
internal sealed record FileValue(string Path, string Value, bool IsOptional = false)
{
    /// <summary>Why the kernel does not take the value; null when it does.</summary>
    public LinuxException? TryWrite()
    {
        try
        {
            CgroupFile.Write(Path, Value);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new LinuxException("open", Path, Errno.ENOENT);
        }
        catch (UnauthorizedAccessException)
        {
            return new LinuxException("open", Path, Errno.EACCES);
        }
        catch (IOException e)
        {
            return new LinuxException("write", $"{Value} to {Path}", (Errno)e.HResult);
        }
    }

    /// <summary>What the file says now, in the form that it takes.</summary>
    public FileValue AsItIs()
    {
        var content = File.Exists(Path) ? File.ReadAllText(Path) : "";
        var key = Value.Split(' ')[0];

        // "8:0 1048576": a line for one block device, beside those for others.
        if (key.Contains(':', StringComparison.Ordinal))
        {
            var line = content.Split('\n').FirstOrDefault(line => line.StartsWith($"{key} ", StringComparison.Ordinal));
            return this with { Value = line ?? $"{key} {NoLimit()}" };
        }

        // "oom_kill_disable 0" is written as the number alone.
        return System.IO.Path.GetFileName(Path) == "memory.oom_control"
            ? this with { Value = content.Split(' ', '\n').ElementAtOrDefault(1) ?? "0" }
            : this with { Value = content.TrimEnd('\n') };
    }

    private string NoLimit() => System.IO.Path.GetFileName(Path) switch
    {
        "io.max" => "rbps=max wbps=max riops=max wiops=max",
        "io.weight" => "default",
        _ => "0",
    };
}
