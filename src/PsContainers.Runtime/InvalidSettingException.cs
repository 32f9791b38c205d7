namespace PsContainers.Runtime;

/// <summary>A setting of a container that cannot be fulfilled; the message reads <c>Memory: 5 bytes is below the least …</c>.</summary>
public sealed class InvalidSettingException(string setting, string cause) : Exception($"{setting}: {cause}")
{
    /// <summary>The member of config.json or the limit by its name.</summary>
    public string Setting { get; } = setting;
}
