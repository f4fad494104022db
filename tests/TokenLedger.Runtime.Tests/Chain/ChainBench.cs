// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Chain;

/// <summary>A chain's thread on disks in memory, with a test in the place of consensus and peers.</summary>
internal sealed class ChainBench : IChainPorts, IDisposable
{
    public const int HeartbeatMs = 1_000;

    private readonly BlockingCollection<object> _said = [];
    private readonly MemoryDisk _ledgerDisk;
    private readonly MemoryDisk _consensusDisk;
    private readonly ConsensusLog _log;
    private bool _disposed;

    public ChainBench(MemoryDisk? ledgerDisk = null, MemoryDisk? consensusDisk = null, bool start = true)
    {
        _ledgerDisk = ledgerDisk ?? new MemoryDisk();
        _consensusDisk = consensusDisk ?? new MemoryDisk();
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(Genesis);
        BlockHeader header = GenesisBuilder.Header(Genesis, StateTree.Empty.Update(changes).Root);
        LedgerBytes = new MemoryStore(_ledgerDisk, LedgerFormat.Families);
        Ledger = LedgerStore.Open(
            LedgerBytes,
            new CommittedBlock(new Block(header, []), [], [], changes));
        _log = ConsensusLog.Open(new MemoryStore(_consensusDisk, ConsensusLog.Families), Ledger.GenesisHash);
        Signing = new Signed(Ledger.GenesisHash);
        StateTree tree = StateTree.Build(Ledger.StateEntries());
        Feed = new FinalityFeed(new FinalizedHead(Ledger.Head.Header, Ledger.Head.Hash, tree, null));
        var parts = new ChainParts(
            Validators, new BlockTree(new LedgerMachine(Ledger.GenesisHash), Ledger, Validators, tree),
            new TransactionPool(), Ledger, _log, new TransactionAdmission(Ledger.GenesisHash, Signing), Feed,
            Signed.Metrics(), TimeSpan.FromMilliseconds(Genesis.Consensus.DeltaMs),
            TimeSpan.FromMilliseconds(HeartbeatMs));
        Worker = new ChainWorker(parts, this, Clock, NullLogger.Instance);
        if (start)
        {
            Worker.Start();
        }
    }

    public static GenesisDocument Genesis { get; } = TestNetwork.Genesis();

    public static ValidatorSet Validators { get; } = Genesis.ValidatorSet;

    public ManualClock Clock { get; } = new(TestNetwork.Start.Plus(HeartbeatMs * 5));

    public LedgerStore Ledger { get; }

    /// <summary>The store beneath the ledger, for bytes that rot under it.</summary>
    public MemoryStore LedgerBytes { get; }

    public Signed Signing { get; }

    public FinalityFeed Feed { get; }

    public ChainWorker Worker { get; }

    public ConsensusLog Log => _log;

    public void Ask(ConsensusEffect effect) => Worker.Post(new ConsensusAsks(effect));

    /// <summary>The next thing of this kind that the chain says; others before it are passed over.</summary>
    public T Next<T>()
        where T : class
    {
        CancellationToken deadline = Within.Deadline();
        while (true)
        {
            object said = _said.Take(deadline);
            if (said is Exception fatal && typeof(T) != typeof(InvariantException))
            {
                throw new InvalidOperationException("the chain stopped", fatal);
            }

            if (said is T wanted)
            {
                return wanted;
            }
        }
    }

    /// <summary>
    /// Everything that the chain said until it had done all that it was given before: nothing that is said
    /// later can have been caused by it.
    /// </summary>
    public IReadOnlyList<object> Settle()
    {
        Worker.Post(new LookAgain());
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Worker.Post(new AskPending(default, done));
        Assert.True(done.Task.Wait(Within.Patience));
        var said = new List<object>();
        while (_said.TryTake(out object? item))
        {
            said.Add(item);
        }

        return said;
    }

    /// <summary>Has a block built in a view on the head.</summary>
    public Block Build(ulong view, Hash256? parent = null)
    {
        Ask(new Build(new View(view), default, parent ?? Feed.Head.Hash));
        return Next<Block>();
    }

    public Rejection? Add(params Transaction[] transactions)
    {
        var reply = new TaskCompletionSource<System.Collections.Immutable.ImmutableArray<Rejection?>>();
        Assert.True(Worker.TryPost(new AddTransactions([.. transactions.Select(Signing.Verified)], reply)));
        Assert.True(reply.Task.Wait(Within.Patience));
        return reply.Task.Result.FirstOrDefault(rejection => rejection is not null);
    }

    public Transaction Draft(Address sender, ulong nonce, params Operation[] operations) =>
        new(sender, 0, nonce, Clock.Now.Plus(TestNetwork.HourMs), null, "", [.. operations]);

    public Certificate Finality(BlockHeader header) => Signing.Certify(
        Validators, new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash), 0, 1, 2);

    public Proposal Proposal(BlockHeader header)
    {
        var subject = new VoteSubject(VoteKind.Notarize, header.Epoch, header.View, header.Hash);
        return new Proposal(
            header, default, Signing.Vote(Validators, subject, Validators.LeaderOf(header.View)));
    }

    /// <summary>Loses power, and starts again with what was durable.</summary>
    public ChainBench Restart()
    {
        Dispose();
        _ledgerDisk.Crash();
        _consensusDisk.Crash();
        return new ChainBench(_ledgerDisk, _consensusDisk);
    }

    public void Tell(ConsensusInput input) => _said.Add(input);

    public void Relay(Block block) => _said.Add(block);

    public void Fetch(Hash256 blockHash, int? holder) => _said.Add(new Fetched(blockHash, holder));

    /// <summary>The height that the others say is final.</summary>
    public Height FinalElsewhere { get; set; }

    public bool IsFinalElsewhere(Height height) => height <= FinalElsewhere;

    public void CatchUp() => _said.Add(new CaughtUp());

    public void Fatal(Exception cause) => _said.Add(cause);

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Worker.Dispose();
        _log.Dispose();
        Ledger.Dispose();
    }
}

internal sealed record Fetched(Hash256 BlockHash, int? Holder);

internal sealed record CaughtUp;
