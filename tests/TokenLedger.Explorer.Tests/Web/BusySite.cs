// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Explorer.Tests.Index;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Tests.Web;

/// <summary>A site over a ledger on which everything has happened, shared by the tests that only
/// read.</summary>
public sealed class BusySite : IAsyncLifetime
{
    public const string Name = "busy site";

    internal FinalChain Chain { get; } = Activity.Chain(seed: 5, steps: 60);

    internal SiteHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await SiteHost.StartAsync(Chain);

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

[CollectionDefinition(BusySite.Name)]
public sealed class BusySiteCollection : ICollectionFixture<BusySite>;
