// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;

namespace TokenLedger.Explorer.Browser.Tests.Verifying;

/// <summary>A chain with real signatures, and proofs of it of every kind and shape.</summary>
internal static class SampleProofs
{
    /// <summary>Every third block has a certificate of its own, and no two events of it are alike.</summary>
    public static FinalChain Chain { get; } = Grow();

    public static string Genesis => Chain.GenesisHash.ToString();

    /// <summary>A balance, none, a supply, none, and events with and without headers after theirs.</summary>
    public static IReadOnlyList<(string Name, ProofBundle Bundle)> All { get; } =
    [
        ("balance", ProofBundle.Of(ChainProofs.Balance(Chain, TestNetwork.Alice, TestNetwork.Bond))),
        ("no balance", ProofBundle.Of(ChainProofs.Balance(Chain, TestNetwork.Bob, TestNetwork.Carbon))),
        ("supply", ProofBundle.Of(ChainProofs.Supply(Chain, TestNetwork.Bond))),
        ("no supply", ProofBundle.Of(ChainProofs.Supply(Chain, TestNetwork.Carbon))),
        ("event", ProofBundle.Of(ChainProofs.Event(Chain, EventHeight(certified: true), 1))),
        ("event of a block without a certificate",
            ProofBundle.Of(ChainProofs.Event(Chain, EventHeight(certified: false), 2))),
    ];

    /// <summary>Every event of the chain.</summary>
    public static IEnumerable<ProofBundle> Events =>
        from height in Enumerable.Range(1, Chain.Blocks.Count - 1)
        from index in Enumerable.Range(0, Chain.Blocks[height].Events.Count)
        select ProofBundle.Of(ChainProofs.Event(Chain, height, index));

    private static int EventHeight(bool certified) => Enumerable.Range(1, Chain.Blocks.Count - 1).First(
        height => Chain.Blocks[height].Events.Count > 2
            && Chain.Blocks[height].Certificate.IsEmpty != certified);

    private static FinalChain Grow()
    {
        var chain = new FinalChain(
            static height => height.Value % 3 == 0,
            [.. Enumerable.Range(1, 4).Select(
                i => PrivateKey.Import(ProvenChain.Filled((byte)i).ToArray()))]);
        chain.Ledger.Issue(TestNetwork.Alice, 500_000);
        for (ulong i = 1; i < 7 || chain.Blocks[^1].Certificate.IsEmpty; i++)
        {
            chain.Ledger.MustRun(
                TestNetwork.Alice,
                [.. Enumerable.Range(0, 4).Select(part => new Transfer(
                    TestNetwork.Bond, TestNetwork.Bob, new Amount((10 * i) + (ulong)part)))]);
        }

        return chain;
    }
}
