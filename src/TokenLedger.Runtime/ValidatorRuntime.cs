// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Peers;
using TokenLedger.Storage;

namespace TokenLedger.Runtime;

/// <summary>
/// One validator, or an observer: joins the pure machines to time, disk and peers. Two threads own all state:
/// consensus and chain; everything else hands them messages. Public members are thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed by StopAsync, which the owner must call.")]
public sealed class ValidatorRuntime
{
    /// <summary>A head older than this many heartbeats is stale: reads say so.</summary>
    private const int StaleHeartbeats = 5;

    private readonly RuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ValidatorSet _validators;
    private readonly ConsensusLog _record;
    private readonly ChainWorker _chain;
    private readonly ConsensusDriver _consensus;
    private readonly PeerNetwork _network;
    private readonly PeerBook _book;
    private readonly TransactionAdmission _admission;
    private int _fatal;

    private ValidatorRuntime(
        RuntimeOptions options, LedgerStore ledger, ConsensusLog record, RuntimeMetrics metrics,
        TimeProvider time,
        ILogger log)
    {
        _options = options;
        _time = time;
        _validators = options.Genesis.ValidatorSet;
        _record = record;
        Ledger = ledger;
        Hash256 genesisHash = ledger.GenesisHash;
        OwnIndex = options.VoteKey is { } key ? _validators.IndexOf(key.Address) : ConsensusConfig.Observer;
        _admission = new TransactionAdmission(genesisHash, options.TransactionSignatures);
        _book = new PeerBook(_validators, time);

        StateTree tree = StateTree.Build(ledger.StateEntries());
        Certificate? floor = ledger.Head.Height.Value == 0
            ? null
            : ledger.FindCertificate(ledger.Head.Height)?.Certificate;
        Feed = new FinalityFeed(new FinalizedHead(ledger.Head.Header, ledger.Head.Hash, tree, floor));
        Machine = new LedgerMachine(genesisHash);
        var parts = new ChainParts(
            _validators,
            new BlockTree(Machine, ledger, _validators, tree),
            new TransactionPool(),
            ledger,
            record,
            _admission,
            Feed,
            metrics,
            TimeSpan.FromMilliseconds(options.Genesis.Consensus.DeltaMs),
            TimeSpan.FromMilliseconds(options.Genesis.Consensus.HeartbeatMs));
        var ports = new RuntimePorts(this, log);
        _chain = new ChainWorker(parts, ports, time, log);
        _consensus = new ConsensusDriver(
            new ConsensusParts(
                Config(ledger), options.Signatures, record, Signer(genesisHash), floor, metrics),
            ports,
            time,
            log);
        ports.Bind(_chain, _consensus);
        Peers = new PeerEndpoint(_validators, genesisHash, options.Identity, _book, ports, log);
        Sync = new SyncEndpoint(Peers, ledger, record, _consensus);
        _network = new PeerNetwork(
            options, _validators, OwnIndex, genesisHash, Feed, _book, _chain, _consensus,
            hash => record.TryGetCandidate(hash, out byte[]? body) ? body : null,
            e => Fatal(e, log), time, log);
        ports.Bind(_network, _admission);
    }

    /// <summary>Index of this validator; <see cref="ConsensusConfig.Observer"/> for an observer.</summary>
    public int OwnIndex { get; }

    /// <summary>The finalized ledger, for reading.</summary>
    public LedgerStore Ledger { get; }

    /// <summary>The pure machine, for simulations.</summary>
    public LedgerMachine Machine { get; }

    /// <summary>Tells of new final blocks.</summary>
    public FinalityFeed Feed { get; }

    /// <summary>The service that other validators' streams come to.</summary>
    public PeerEndpoint Peers { get; }

    /// <summary>The service that answers those behind.</summary>
    public SyncEndpoint Sync { get; }

    /// <summary>
    /// Opens the databases, counts the whole state and rebuilds its tree. Nothing runs yet.
    /// </summary>
    /// <exception cref="StorageFault">A database cannot be opened; the message tells an operator what to
    /// do.</exception>
    /// <exception cref="InvariantException">What is on disk does not hold together.</exception>
    public static ValidatorRuntime Open(
        RuntimeOptions options, RuntimeMetrics metrics, TimeProvider time, ILogger log)
    {
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(options.Genesis);
        BlockHeader header = GenesisBuilder.Header(options.Genesis, StateTree.Empty.Update(changes).Root);
        LedgerStore ledger = LedgerStore.Open(
            options.OpenLedger(), new CommittedBlock(new Block(header, []), [], [], changes));
        ConsensusLog? record = null;
        try
        {
            IReadOnlyList<string> broken = InvariantChecker.FullCheck(ledger.State);
            Invariant.Require(
                broken.Count == 0, $"state at height {ledger.Head.Height}: {string.Join("; ", broken)}");
            record = ConsensusLog.Open(options.OpenConsensus(), ledger.GenesisHash);
            RequireVoteRecord(options, ledger, record);
            return new ValidatorRuntime(options, ledger, record, metrics, time, log);
        }
        catch
        {
            record?.Dispose();
            ledger.Dispose();
            throw;
        }
    }

    /// <summary>Starts both threads and the connections to peers.</summary>
    public void Start()
    {
        _chain.Start();
        _consensus.Start();
        _network.Start();
    }

    /// <summary>Stops in order: peers, consensus, chain, databases.</summary>
    public async Task StopAsync()
    {
        await _network.DisposeAsync().ConfigureAwait(false);
        _consensus.Dispose();
        _chain.Dispose();
        _record.Dispose();
        Ledger.Dispose();
    }

    /// <summary>
    /// Checks a transaction, takes it into the pool and pushes it to the other validators' pools. The same
    /// bytes again are harmless.
    /// </summary>
    /// <returns>The transaction's id, and null or why it was refused.</returns>
    public async Task<(Hash256 Id, Rejection? Rejection)> SubmitAsync(
        SignedTransaction signed, CancellationToken cancellationToken)
    {
        Rejection? rejection = _admission.TryAdmit(signed, out VerifiedTransaction? verified);
        if (rejection is not null)
        {
            return (signed.IdOn(Ledger.GenesisHash), rejection);
        }

        var reply = new TaskCompletionSource<ImmutableArray<Rejection?>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_chain.TryPost(new AddTransactions([verified!], reply)))
        {
            return (
                verified!.Id, new Rejection(RejectionCode.Unavailable, "The node is too busy; try again."));
        }

        ImmutableArray<Rejection?> answers = await reply.Task.WaitAsync(
            cancellationToken).ConfigureAwait(false);
        if (answers[0] is null)
        {
            _network.Push(verified!.Signed);
        }

        return (verified!.Id, answers[0]);
    }

    /// <summary>True when the transaction waits here.</summary>
    public async Task<bool> IsPendingAsync(Hash256 transactionId, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _chain.TryPost(new AskPending(transactionId, reply))
            && await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The waiting transaction of a sender's request; null when none waits here.</summary>
    public async Task<Hash256?> FindPendingAsync(
        Address sender, RequestId requestId, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<Hash256?>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _chain.TryPost(new AskRequest(sender, requestId, reply))
            ? await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>The nonce behind everything that waits in a sender's lane here.</summary>
    public async Task<ulong> NextNonceAsync(Address sender, uint lane, CancellationToken cancellationToken)
    {
        var reply = new TaskCompletionSource<ulong>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _chain.TryPost(new AskNonce(sender, lane, reply))
            ? await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false)
            : new LedgerView(Ledger.State).NextNonce(sender, lane);
    }

    /// <summary>How the node is.</summary>
    public NodeHealth Health() => NodeHealth.Assess(
        Feed.Head,
        _consensus.Status,
        _validators,
        OwnIndex,
        _book.Reports(),
        TimeSpan.FromMilliseconds(StaleHeartbeats * (double)_options.Genesis.Consensus.HeartbeatMs),
        new TimestampMs((ulong)_time.GetUtcNow().ToUnixTimeMilliseconds()),
        _chain.PoolCount);

    internal void Fatal(Exception cause, ILogger log)
    {
        if (Interlocked.Exchange(ref _fatal, 1) == 0)
        {
            RuntimeLog.Fatal(log, cause);
            _options.OnFatal(cause);
        }
    }

    /// <summary>A validator that has a ledger has voted: without its record it could vote twice.</summary>
    private static void RequireVoteRecord(RuntimeOptions options, LedgerStore ledger, ConsensusLog record)
    {
        bool empty = record.Floor is null && record.Replay().IsEmpty;
        if (options.VoteKey is null || !empty || ledger.Head.Height.Value == 0)
        {
            return;
        }

        throw new StorageFault(
            StorageFaultKind.Corrupt,
            StorageScope.Process,
            $"The ledger is at height {ledger.Head.Height}, but the consensus database beside it is empty:"
                + " the record of this validator's own votes is missing, and it could vote twice. Put the"
                + " folder back where it was. If it is lost, this vote key must never sign again.");
    }

    private ConsensusConfig Config(LedgerStore ledger)
    {
        BlockHeader? genesis = ledger.FindHeader(new Height(0));
        Invariant.Require(genesis is not null, "an open ledger has its genesis block");
        return new ConsensusConfig(
            _validators,
            ledger.GenesisHash,
            genesis.Hash,
            OwnIndex,
            ConsensusTimers.FromDelta(
                _options.Genesis.Consensus.DeltaMs, _options.Genesis.Consensus.HeartbeatMs));
    }

    private VoteSigner? Signer(in Hash256 genesisHash)
    {
        if (_options.VoteKey is not { } key)
        {
            return null;
        }

        Invariant.Require(OwnIndex >= 0, "the vote key is a validator's of this network");
        return new VoteSigner(key, OwnIndex, genesisHash);
    }
}
