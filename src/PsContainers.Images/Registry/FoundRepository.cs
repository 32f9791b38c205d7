namespace PsContainers.Images.Registry;

/// <summary>A repository that a search found; the texts are its owner's.</summary>
/// <param name="Name">Without the registry.</param>
/// <param name="Stars">How many users like it; 0 where nobody is asked.</param>
/// <param name="IsOfficial">Whether the registry's own people look after it.</param>
public sealed record FoundRepository(string Name, string Description, int Stars, bool IsOfficial);
