using System.Text.Json;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Features;

namespace PsContainers.Launcher.CommandLine;

/// <summary>`features`: what this runtime can do, as JSON. runtime-spec, features.md</summary>
internal static class FeaturesCommand
{
    private const int SetModeFilter = 1; // SECCOMP_SET_MODE_FILTER

    internal static int Run(GlobalOptions global)
    {
        CommandWords.Parse(global.Rest, new OptionSyntax()).RefuseMoreThan(0);
        Console.WriteLine(JsonSerializer.Serialize(RuntimeFeatures.Create(IsTaken), FeaturesJson.Default.FeaturesDocument));
        return 0;
    }

    // A filter at no address: the kernel looks at the flags first, and says EFAULT only when it knows them. seccomp(2)
    private static bool IsTaken(uint flag) =>
        Kernel.Call(SyscallNumber.Seccomp, SetModeFilter, (nint)flag, 0) == -(int)Errno.EFAULT;
}
