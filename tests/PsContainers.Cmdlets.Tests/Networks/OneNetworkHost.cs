namespace PsContainers.Cmdlets.Tests.Networks;

/// <summary>The tests that share a machine, one after the other.</summary>
[CollectionDefinition(nameof(OneNetworkHost))]
public sealed class OneNetworkHost : ICollectionFixture<NetworkHost>;
