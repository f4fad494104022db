// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Browser.Tests.Verifying;

/// <summary>The explorer's program that followed a node, which the tests of the verifier share.</summary>
public sealed class VerifierSite : IAsyncLifetime
{
    internal RunningExplorer Explorer { get; private set; } = null!;

    /// <summary>An address of a path of the explorer.</summary>
    public string Of(string path) => new Uri(Explorer.Address, path).ToString();

    public async Task InitializeAsync() => Explorer = await RunningExplorer.StartAsync(SampleProofs.Chain);

    public async Task DisposeAsync() => await Explorer.DisposeAsync();
}
