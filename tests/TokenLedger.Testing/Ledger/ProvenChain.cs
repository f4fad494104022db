// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Testing;

/// <summary>A network of four real keys with one final block, from which balances are proved.</summary>
public sealed class ProvenChain : IDisposable
{
    public const int Quorum = 3;

    private readonly PrivateKey[] _keys;

    public ProvenChain(string name = "testnet")
    {
        _keys = [.. Enumerable.Range(0, 4).Select(i => Key(name, i))];
        Genesis = TestNetwork.Genesis() with
        {
            NetworkName = name,
            Validators =
                [.. _keys.Select((key, i) => new Validator($"validator-{i}", key.Address, Filled((byte)i)))],
        };
        var ledger = new TestLedger(Genesis);
        ledger.Issue(TestNetwork.Alice, 500);
        Tree = ledger.Tree;
        State = ledger.View;
        Header = GenesisBuilder.Header(Genesis, Tree.Root) with
        {
            Height = new Height(9),
            View = new View(12),
            Timestamp = ledger.Time,
            ParentHash = Filled(1),
            Proposer = _keys[0].Address,
        };
    }

    public GenesisDocument Genesis { get; }

    public StateTree Tree { get; }

    public LedgerView State { get; }

    public BlockHeader Header { get; }

    /// <summary>What a node would answer.</summary>
    public BalanceProof Prove(Address account, AssetId asset, ulong amount) => new()
    {
        Genesis = Encoded(Genesis.Write),
        Header = Encoded(Header.Write),
        Certificate = Encoded(Certify(Header, [0, 1, 3]).Write),
        Account = ByteString.CopyFrom(account.ToArray()),
        Asset = asset.ToString(),
        Amount = new Amount(amount).ToString(),
        StateProof = Encoded(Tree.Prove(StateKeys.Balance(account, asset)).Write),
        AssetState = AssetBytes(asset),
        AssetProof = Encoded(Tree.Prove(StateKeys.Asset(asset)).Write),
    };

    public ByteString AssetBytes(AssetId asset) =>
        Encoded(writer => StateCodec.WriteAsset(writer, State.Asset(asset)!));

    public Certificate Certify(BlockHeader header, int[] signers, VoteKind kind = VoteKind.Finalize)
    {
        var subject = new VoteSubject(kind, header.Epoch, header.View, header.Hash);
        return Certificate.FromVotes(subject, signers.Select(signer => Sign(subject, signer, signer)));
    }

    /// <summary>A vote that says it is of one validator and is signed by another.</summary>
    public Vote Sign(VoteSubject subject, int claimed, int by) =>
        new(subject, claimed, [.. _keys[by].Sign(subject.SigningDigest(Genesis.Hash))]);

    public static ByteString Encoded(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }

    public static Hash256 Filled(byte fill) => new(Enumerable.Repeat(fill, Hash256.Size).ToArray());

    public void Dispose()
    {
        foreach (PrivateKey key in _keys)
        {
            key.Dispose();
        }
    }

    private static PrivateKey Key(string name, int index) =>
        PrivateKey.Import(Hashing.Hash(DomainTag.Genesis, [(byte)index, (byte)name.Length]).ToArray());
}
