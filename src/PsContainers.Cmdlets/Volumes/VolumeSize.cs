using System.Management.Automation;
using PsContainers.Cmdlets.Loading;
using PsContainers.Engine;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>How much volumes hold. It is added up when somebody asks for it: a volume may have a million files.</summary>
public static class VolumeSize
{
    /// <summary>The property <c>Size</c> of a volume, in bytes; null where it can't be told.</summary>
    /// <remarks>For PsContainers.Types.ps1xml.</remarks>
    public static long? Get(ContainerVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return TryMeasure(EngineSession.Open(CancellationToken.None), volume.Id, out var size) ? size : null;
    }

    /// <summary>What a question before a change says of a volume, with its size where somebody is asked or shown what would be.</summary>
    /// <remarks>A volume may have to be mounted for that, from a server that is gone, which nobody should wait for to remove it.</remarks>
    internal static string Shown(PSCmdlet cmdlet, ContainerServices services, string name) =>
        Asks(cmdlet) && TryMeasure(services, name, out var size) ? $"{name} ({size} bytes)" : name;

    private static bool Asks(PSCmdlet cmdlet) =>
        LanguagePrimitives.IsTrue(
            cmdlet.MyInvocation.BoundParameters.GetValueOrDefault("WhatIf") ?? cmdlet.GetVariableValue("WhatIfPreference"))
        || (cmdlet.MyInvocation.BoundParameters.TryGetValue("Confirm", out var confirm)
            ? LanguagePrimitives.IsTrue(confirm)
            : LanguagePrimitives.ConvertTo<ConfirmImpact>(cmdlet.GetVariableValue("ConfirmPreference", ConfirmImpact.High))
                is ConfirmImpact.Low or ConfirmImpact.Medium);

    private static bool TryMeasure(ContainerServices services, string volume, out long size)
    {
        try
        {
            size = services.MeasureVolume.Execute(volume);
            return true;
        }
        catch (ContainerEngineException)
        {
            size = 0;
            return false;
        }
    }
}
