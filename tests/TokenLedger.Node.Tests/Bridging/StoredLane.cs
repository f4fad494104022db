// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Node.Services;
using TokenLedger.Protocol.Wire;
using TokenLedger.Storage;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>
/// A lane with four signers' real keys on a ledger whose blocks are stored, from the first after the lane was
/// opened.
/// </summary>
internal sealed class StoredLane : IDisposable
{
    public const ulong ChainId = 11_155_111;
    public const ulong GatherMs = 10_000;

    public static readonly Address Token = Named("token");
    public static readonly Hash256 AnyHash = Hashing.Hash(DomainTag.StateValue, "any"u8);

    private readonly PrivateKey[] _keys =
        [.. Enumerable.Range(0, 8).Select(static _ => PrivateKey.Generate())];
    private readonly LedgerStore _store;

    public StoredLane()
    {
        Terms = new OpenBridgeLane(
            ChainId, Named("bridge"), Named("register"), AnyHash, 100, HourMs, GatherMs, Set(0));
        Ledger.Issue(Alice, 1_000_000);
        Ledger.Pass(MinistryMaker, Terms);
        var rate = new BridgeRate(new Amount(400_000), new Amount(1_000));
        Ledger.Pass(MinistryMaker, new MapBridgeToken(
            ChainId, Bond, Token, new BridgeQuota(new Amount(100_000), new Amount(500_000), rate, rate)));
        StateChange[] all = [.. Ledger.State.Entries().Select(static e => new StateChange(e.Key, e.Value))];
        BlockHeader header = GenesisBuilder.Header(Ledger.Genesis, Ledger.Tree.Root);
        _store = LedgerStore.Open(
            new MemoryStore(LedgerFormat.Families), new CommittedBlock(new Block(header, []), [], [], all));
    }

    public TestLedger Ledger { get; } = TestLedger.Start();

    public OpenBridgeLane Terms { get; }

    public BridgeLaneState State => Ledger.View.BridgeLane(ChainId)!;

    /// <summary>The present signers.</summary>
    public ImmutableArray<BridgeSigner> Signers => State.Signers;

    /// <summary>Another set.</summary>
    public ImmutableArray<BridgeSigner> Others => Set(4);

    public LedgerSnapshot Snapshot() => _store.Snapshot();

    public LaneView View(LedgerSnapshot snapshot) =>
        LaneView.Read(snapshot.State, snapshot.Head.Height, snapshot.Head.Header.Timestamp, ChainId)!;

    public BridgeViews Views(LedgerSnapshot snapshot) =>
        new(snapshot, View(snapshot), host: null, Ledger.Genesis.Hash);

    public Height Height => _store.Head.Height;

    /// <summary>A stored block with a transaction that must succeed, or with none.</summary>
    public void Run(Address sender, params ImmutableArray<Operation> operations)
    {
        Receipt receipt = Store(Ledger.Draft(sender, operations.AsSpan())).Receipts[0];
        Assert.True(receipt.Succeeded, $"{receipt.Code}");
    }

    public void RunEmpty() => Store();

    /// <summary>Officers decide it, in stored blocks.</summary>
    public void Decide(PrivilegedOperation operation)
    {
        ulong id = Ledger.View.NextProposal();
        Run(MinistryMaker, new Propose([operation], Ledger.Time.Plus(DayMs), "test"));
        foreach (Address checker in (Address[])[MinistryChecker, BankChecker, RegulatorChecker])
        {
            if (Ledger.View.Proposal(id)!.Status == ProposalStatus.Open)
            {
                Run(checker, new ApproveProposal(id, Ledger.View.Proposal(id)!.PayloadHash));
            }
        }

        Assert.Equal(ProposalStatus.Executed, Ledger.View.Proposal(id)!.Status);
    }

    /// <summary>A signer reports something.</summary>
    public void See(int signer, BridgeObservation seen) =>
        Run(Signers[signer].Key, new ObserveBridge(ChainId, [seen]));

    /// <summary>A lock that stands in a message.</summary>
    public ulong LockAndGather()
    {
        ulong nonce = State.NextLock;
        Run(Alice, new LockForBridge(ChainId, Bond, new Amount(100), Named("abroad")));
        Ledger.Wait(GatherMs);
        RunEmpty();
        return nonce;
    }

    /// <summary>A signer signs a message, rightly or with another's key.</summary>
    public void Attest(int signer, ulong id, int? keyOf = null)
    {
        BridgeMessageState message = Ledger.View.BridgeMessage(ChainId, id)!;
        Hash256 digest = new BridgeMessages(Ledger.Genesis.Hash, State.Terms).Digest(message, State.Epoch);
        PrivateKey key = _keys.Single(one => one.Address == Signers[keyOf ?? signer].Key);
        Run(Signers[signer].Key, new AttestBridge(ChainId, id, State.Epoch, [.. key.Sign(digest)]));
    }

    public MismatchObserved Alarm(ulong block, ulong locked) =>
        new(Token, new Amount(locked), new Amount(2), new BridgePlace(block, AnyHash, default));

    public void Dispose()
    {
        _store.Dispose();
        foreach (PrivateKey key in _keys)
        {
            key.Dispose();
        }
    }

    private ImmutableArray<BridgeSigner> Set(int first) =>
    [
        .. ((Address[])[Ministry, Treasury, Bank, Regulator])
            .Select((institution, i) => new BridgeSigner(_keys[first + i].Address, institution))
            .OrderBy(static signer => signer.Key),
    ];

    private ExecutedBlock Store(params ImmutableArray<Transaction> transactions)
    {
        ExecutedBlock executed = Ledger.RunBlock(transactions.AsSpan());
        SignedTransaction[] bodies =
        [
            .. transactions.Select(static one => new SignedTransaction(
                [.. TransactionMapper.Encode(one)], [.. new byte[Limits.SignatureBytes]])),
        ];
        ChainHead parent = _store.Head;
        BlockHeader header = parent.Header with
        {
            Height = parent.Height.Next,
            View = parent.View.Next,
            ParentHash = parent.Hash,
            Timestamp = Ledger.Time,
            HistoryRoot = _store.HistoryRange.Root(),
            TransactionsRoot = Block.TransactionsRootOf(bodies),
        };
        _store.Commit(new CommittedBlock(
            new Block(header, [.. bodies]), executed.Receipts, executed.Events, executed.Changes));
        return executed;
    }
}
