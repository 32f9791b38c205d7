namespace PsContainers.Resolver.Serving;

/// <summary>What is to become of a query.</summary>
internal enum Verdict
{
    /// <summary>Nothing: it was none.</summary>
    Silence,

    /// <summary>Its response was written.</summary>
    Answered,

    /// <summary>Somebody else has to know.</summary>
    Forward,
}
