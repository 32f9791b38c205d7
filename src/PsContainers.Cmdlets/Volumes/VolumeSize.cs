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

    /// <summary>What a question before a change says of a volume.</summary>
    internal static string Shown(ContainerServices services, string name) =>
        TryMeasure(services, name, out var size) ? $"{name} ({size} bytes)" : name;

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
