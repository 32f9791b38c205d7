using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`run`: compiles a bundle's config.json to a plan and becomes its foreground supervisor.</summary>
internal static class RunCommand
{
    private const int MaximumConfiguration = 16 << 20;

    internal static int Run(CommandLineOptions options)
    {
        var id = options.Id ?? throw new CommandLineException("run needs a container id");
        CheckId(id);
        var spec = ReadConfiguration(options.Bundle);
        var root = spec.Root?.Path ?? throw new InvalidSettingException("root", "missing");
        var runDirectory = MakeRunDirectory(options.Root, id);
        try
        {
            var plan = LaunchPlan.Build(spec, new LaunchOptions
            {
                Id = id,
                RootPath = Path.GetFullPath(root, Path.GetFullPath(options.Bundle)),
                Cgroups = CgroupPlan.Build(
                    CgroupHierarchies.OfSelf(), spec.Linux?.CgroupsPath ?? $"/psc-runtime/{id}", spec.Linux?.Resources),
                RunDirectory = runDirectory,
                Flags = PlanFlags.Foreground | PlanFlags.InheritOutput | PlanFlags.RemoveRunDirectory,
            });
            return BareProcess.Become(plan.Encode());
        }
        finally
        {
            // Reached only when the supervisor was not: it removes the directory itself.
            Directory.Delete(runDirectory, recursive: true);
        }
    }

    private static RuntimeSpec ReadConfiguration(string bundle)
    {
        var path = Path.Join(bundle, "config.json");
        var file = new FileInfo(path);
        if (file.Exists && file.Length > MaximumConfiguration)
        {
            throw new InvalidSettingException(path, $"larger than {MaximumConfiguration} bytes");
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RuntimeJson.Default.RuntimeSpec)
                ?? throw new InvalidSettingException(path, "holds null");
        }
        catch (JsonException e)
        {
            throw new InvalidSettingException(path, e.Message);
        }
    }

    // The directory is the claim to the id: making it fails when another container has it.
    private static string MakeRunDirectory(string root, string id)
    {
        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = Path.GetFullPath(Path.Join(root, id));
        return BareProcess.TryMakeDirectory(path) ? path : throw new CommandLineException($"container {id} exists already (in {root})");
    }

    private static void CheckId(string id)
    {
        if (id is "." or ".." || id.Length > 128 || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.'))
        {
            throw new CommandLineException($"container id '{id}' is not made of letters, digits and _ + - . (at most 128)");
        }
    }
}
