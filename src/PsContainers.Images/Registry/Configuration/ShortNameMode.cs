namespace PsContainers.Images.Registry.Configuration;

/// <summary>What to do about a name without a registry that several registries may have.</summary>
public enum ShortNameMode
{
    /// <summary>Ask the user, and fail where nobody can be asked.</summary>
    Enforcing,

    /// <summary>Ask the user; where nobody can be asked, try all.</summary>
    Permissive,

    /// <summary>Try all.</summary>
    Disabled,
}
