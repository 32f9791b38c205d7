namespace PsContainers.Images.Registry.Configuration;

/// <summary>A registries.conf that cannot be used, or a registry that it forbids. The message names the file or the registry.</summary>
public sealed class RegistriesConfigurationException(string message) : Exception(ForeignText.Readable(message));
