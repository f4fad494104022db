// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Snapshots;

/// <summary>
/// A network of some thousand accounts whose blocks a test makes final, without any thread.
/// </summary>
internal sealed class SnapshotChain : IDisposable
{
    private readonly BlockTree _tree;
    private MountainRange _before = MountainRange.Empty;
    private ulong _nonce;

    public SnapshotChain(int accounts = 3_000)
    {
        GenesisDocument small = TestNetwork.Genesis();
        Genesis = small with
        {
            Accounts = [.. small.Accounts, .. Enumerable.Range(0, accounts).Select(i => new GenesisAccount(
                TestNetwork.Named($"citizen {i}"), AccountKind.Citizen, Address.Zero))],
        };
        Signing = new Signed(Genesis.Hash);
        Ledger = LedgerStore.Open(
            new MemoryStore(LedgerFormat.Families), ValidatorParts.GenesisBlock(Genesis));
        _tree = new BlockTree(
            new LedgerMachine(Genesis.Hash), Ledger, Genesis.ValidatorSet,
            StateTree.Build(Ledger.StateEntries()));
    }

    public GenesisDocument Genesis { get; }

    public Signed Signing { get; }

    public LedgerStore Ledger { get; }

    public StateTree Tree => _tree.Head.Tree;

    /// <summary>The head's, made anew at each call.</summary>
    public SnapshotHead Head => new(Ledger.Head.Header, Finality(Ledger.Head.Header), _before);

    /// <summary>Makes a block with one registration final.</summary>
    public Block Grow()
    {
        BlockParent parent = _tree.Head;
        ulong view = parent.Header.View.Value + 1;
        VerifiedTransaction transaction = Signing.Verified(new Transaction(
            TestNetwork.MinistryRegistrar, 0, _nonce++, TestNetwork.Start.Plus(TestNetwork.HourMs), null, "",
            [new RegisterAccount(TestNetwork.Named($"new {_nonce}"), AccountKind.Citizen, Address.Zero)]));
        (BlockNode node, _) = _tree.Build(
            parent, new View(view), parent.Header.Timestamp.Plus(1_000), [transaction]);
        Assert.Single(node.Block.Transactions);
        _before = parent.History;
        _tree.Commit(node, Finality(node.Header));
        return node.Block;
    }

    public void Grow(int blocks)
    {
        for (int i = 0; i < blocks; i++)
        {
            Grow();
        }
    }

    /// <summary>What the chain's thread would give to whoever makes a snapshot.</summary>
    public SnapshotSource Source() => new(Ledger.Snapshot(), Tree, Head.Certificate, _before);

    public StateChunk[] Chunks() =>
        [.. SnapshotChunks.Of(Ledger.StateEntries(), Tree, () => new MemoryStream(), default)];

    public Certificate Finality(BlockHeader header, params ReadOnlySpan<int> signers) => Signing.Certify(
        Genesis.ValidatorSet,
        new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash),
        signers.IsEmpty ? [0, 1, 2] : signers.ToArray());

    public void Dispose() => Ledger.Dispose();
}
