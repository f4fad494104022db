// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;
using EventProof = TokenLedger.Protocol.Ledger.V1.EventProof;

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
        ("event of a transfer with tags", Of([Encoded(new EventRecord(0, new Transferred(
            TestNetwork.Bond, TestNetwork.Alice, TestNetwork.Bob, new Amount(5), new Amount(1), new Amount(5),
            Tag: 7_421, SourceTag: 9)))])[0].Bundle),
    ];

    /// <summary>An event of a kind that nobody knows yet, in a block that the validators signed.</summary>
    public static ProofBundle OfALaterKind { get; } = Of([[0, 0, 0, 0, 250, 1, 2, 3]])[0].Bundle;

    /// <summary>Events of every type, as a block of their own that the validators signed.</summary>
    /// <param name="seed">Of what is in them.</param>
    /// <param name="count">How many events.</param>
    public static IReadOnlyList<(string Name, ProofBundle Bundle)> OfEveryType(int seed, int count)
    {
        var random = new CoreGenerator(seed);
        return Of([.. Enumerable.Range(0, count).Select(_ => Encoded(random.Event()))]);
    }

    /// <summary>Every event of the chain.</summary>
    public static IEnumerable<ProofBundle> Events =>
        from height in Enumerable.Range(1, Chain.Blocks.Count - 1)
        from index in Enumerable.Range(0, Chain.Blocks[height].Events.Count)
        select ProofBundle.Of(ChainProofs.Event(Chain, height, index));

    private static byte[] Encoded(EventRecord record) =>
        ProvenChain.Encoded(writer => EventCodec.Write(writer, record)).ToByteArray();

    /// <summary>Proofs of a block after the chain's last that has just these events.</summary>
    private static IReadOnlyList<(string Name, ProofBundle Bundle)> Of(IReadOnlyList<byte[]> events)
    {
        Hash256[] leaves = [.. events.Select(static item => ListTree.Leaf(item))];
        BlockHeader last = StateCodec.Decode(Chain.Blocks[^1].Header.Span, BlockHeader.Read);
        BlockHeader header = last with
        {
            Height = last.Height.Next,
            ParentHash = last.Hash,
            EventsRoot = ListTree.Root(leaves),
        };
        ByteString certificate = ProvenChain.Encoded(Chain.Certify(header, [0, 1, 3]).Write);
        return
        [
            .. events.Select((item, index) =>
            {
                var proof = new EventProof
                {
                    Genesis = Chain.GenesisBytes,
                    Header = ProvenChain.Encoded(header.Write),
                    Certificate = certificate,
                    Index = (uint)index,
                    Count = (uint)leaves.Length,
                    Event = ByteString.CopyFrom(item),
                };
                proof.Path.AddRange(ListTree.Path(leaves, index).Select(
                    static hash => ByteString.CopyFrom(hash.ToArray())));
                return ($"event {index}", ProofBundle.Of(proof));
            }),
        ];
    }

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
