// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Signing;
using TokenLedger.Runtime.Snapshots;
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
    private readonly ValidatorParts _parts;
    private readonly ChainWorker _chain;
    private readonly ConsensusWorker _consensus;
    private readonly PeerNetwork _network;
    private readonly PeerBook _book;
    private readonly ReadmissionLoop _readmission;
    private readonly SnapshotShelf? _snapshots;
    private volatile Rejection? _refusal;
    private int _fatal;

    private ValidatorRuntime(
        RuntimeOptions options, RuntimeMetrics metrics, TimeProvider time, ILogger log)
    {
        _snapshots = options.Snapshots is { } snapshots
            ? new SnapshotShelf(snapshots, e => Fatal(e, log), time, log)
            : null;
        ValidatorParts parts;
        try
        {
            parts = ValidatorParts.Open(options, metrics, _snapshots);
        }
        catch
        {
            _snapshots?.Dispose();
            throw;
        }

        if (parts.RetainedProblem is { } problem)
        {
            RuntimeLog.TreesDamaged(log, problem);
        }

        _options = options;
        _time = time;
        _validators = parts.Chain.Validators;
        _parts = parts;
        _book = new PeerBook(_validators, options.Observers, time);
        Machine = new LedgerMachine(Ledger.GenesisHash);
        var ports = new RuntimePorts(this, log);
        _chain = new ChainWorker(parts.Chain, ports, time, log);
        _consensus = new ConsensusWorker(parts.Consensus, ports, time, log);
        ports.Bind(_chain, _consensus);
        Peers = new PeerEndpoint(
            _validators, Ledger.GenesisHash, options.Identity, _book, ports, log, time);
        Sync = new SyncEndpoint(Peers, Ledger, parts.Record, _consensus, _snapshots);
        _network = new PeerNetwork(
            options, _validators, OwnIndex, Ledger.GenesisHash, Feed, _book, _chain, _consensus,
            hash => parts.Record.TryGetCandidate(hash, out byte[]? body) ? body : null,
            e => Fatal(e, log), time, log);
        ports.Bind(_network, parts.Chain.Admission);
        _readmission = new ReadmissionLoop(
            new Readmission(_validators, OwnIndex, Ledger.GenesisHash, options.Signatures),
            _consensus, _network.PeerLinks, e => Fatal(e, log), time, log);
    }

    /// <summary>Index of this validator; <see cref="ConsensusConfig.Observer"/> for an observer.</summary>
    public int OwnIndex => _parts.Consensus.Config.OwnIndex;

    /// <summary>The finalized ledger, for reading.</summary>
    public LedgerStore Ledger => _parts.Chain.Ledger;

    /// <summary>The pure machine, for simulations.</summary>
    public LedgerMachine Machine { get; }

    /// <summary>Tells of new final blocks.</summary>
    public FinalityFeed Feed => _parts.Chain.Feed;

    /// <summary>The service that other validators' streams come to.</summary>
    public PeerEndpoint Peers { get; }

    /// <summary>The service that answers those behind.</summary>
    public SyncEndpoint Sync { get; }

    /// <summary>Why clients' transactions are refused at present; null, as a rule, when they are
    /// taken.</summary>
    public Rejection? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>
    /// Opens the databases, counts the whole state and rebuilds its tree. Nothing runs yet.
    /// </summary>
    /// <exception cref="StorageFault">A database cannot be opened; the message tells an operator what to
    /// do.</exception>
    /// <exception cref="InvariantException">What is on disk does not hold together.</exception>
    public static ValidatorRuntime Open(
        RuntimeOptions options, RuntimeMetrics metrics, TimeProvider time, ILogger log) =>
        new(options, metrics, time, log);

    /// <summary>Starts both threads and the connections to peers.</summary>
    public void Start()
    {
        _chain.Start();
        _consensus.Start();
        _network.Start();
        _readmission.Start();
    }

    /// <summary>Stops in order: peers, consensus, chain, databases.</summary>
    public async Task StopAsync()
    {
        await _readmission.DisposeAsync().ConfigureAwait(false);
        await _network.DisposeAsync().ConfigureAwait(false);
        _consensus.Dispose();
        _chain.Dispose();
        _snapshots?.Dispose();
        _parts.Dispose();
    }

    /// <summary>
    /// Checks a transaction, takes it into the pool and pushes it to the other validators' pools. The same
    /// bytes again are harmless.
    /// </summary>
    /// <returns>The transaction's id, and null or why it was refused.</returns>
    public async Task<(Hash256 Id, Rejection? Rejection)> SubmitAsync(
        SignedTransaction signed, CancellationToken cancellationToken)
    {
        VerifiedTransaction? verified = null;
        Rejection? rejection = Refusal ?? _parts.Chain.Admission.TryAdmit(signed, out verified);
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

    /// <summary>Writes a snapshot of the next final block's state, as other nodes fetch it.</summary>
    /// <returns>Its file, which stays until newer snapshots take its place.</returns>
    /// <exception cref="IOException">There is no room for it.</exception>
    public async Task<(string Path, BlockHeader Header)> TakeSnapshotAsync(
        CancellationToken cancellationToken)
    {
        Invariant.Require(_snapshots is not null, "a node that is asked for snapshots has a place for them");
        string path = await _snapshots.TakeNextAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        using SnapshotFile file = SnapshotFile.Open(path);
        return (path, file.Head.Header);
    }

    /// <summary>
    /// Waits until a transaction is final and can be read from the ledger, or left this node's pool because
    /// it never can be.
    /// </summary>
    /// <returns>False, at once, when too many wait already.</returns>
    public Task<bool> WaitFinalAsync(Hash256 transactionId, CancellationToken cancellationToken) =>
        Feed.Transactions.WaitAsync(
            transactionId,
            id => Ledger.FindTransaction(id) is not null || WhyNever(id) is not null,
            cancellationToken);

    /// <summary>
    /// Why a transaction that waited here can never be final: <see cref="RejectionCode.Expired"/> or
    /// <see cref="RejectionCode.NonceUsed"/>. Null when this node cannot say so: the last
    /// <see cref="Limits.DroppedTransactions"/> are remembered, and none from before a restart.
    /// </summary>
    public RejectionCode? WhyNever(in Hash256 transactionId) => Feed.Dropped.Find(transactionId);

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

    /// <summary>All that a peer has stored of a height, unchecked; null when none came.</summary>
    /// <param name="height">Which.</param>
    /// <param name="attempt">0, 1, …: each asks the next peer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<StoredBlock?> FetchStoredAsync(
        Height height, int attempt, CancellationToken cancellationToken) =>
        _network.FetchStoredAsync(height, attempt, cancellationToken);

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

    internal bool IsFinalElsewhere(Height height) =>
        _book.Reports().Count(report => report.Height >= height) > _validators.MaxFaulty;

    internal void Fatal(Exception cause, ILogger log)
    {
        if (Interlocked.Exchange(ref _fatal, 1) == 0)
        {
            RuntimeLog.Fatal(log, cause);
            _options.OnFatal(cause);
        }
    }
}
