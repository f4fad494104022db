// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Networks;
using TokenLedger.Core.Genesis;
using TokenLedger.Execution;
using TokenLedger.Testing;

namespace TokenLedger.Cli.Tests.Networks;

/// <summary>What the network builder makes, a validator begins with.</summary>
public sealed class DevnetGenesisTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tl-genesis-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(31)]
    public void Genesis_OfTheDemoNetwork_HasNoProblems(int validators)
    {
        string output = Path.Combine(_folder, "net");
        new NetworkBuilder(TimeProvider.System)
            .Create(new NetworkOptions(Repository.PathOf("genesis", "devnet"), output, validators, 7000));
        GenesisDocument genesis = GenesisFile.Read(File.ReadAllBytes(Path.Combine(output, "genesis.json")));
        Assert.Empty(GenesisValidator.Problems(genesis));
    }
}
