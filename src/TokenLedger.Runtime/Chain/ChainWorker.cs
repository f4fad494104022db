// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// The one thread that owns executed blocks, the pool and the ledger's writes. Consensus asks it to build,
/// verify, certify and commit; peers and clients give it bodies and transactions.
/// </summary>
internal sealed class ChainWorker : IDisposable
{
    /// <summary>
    /// Requests that can be under way: consensus asks a few a view, clients at most a connection's streams.
    /// </summary>
    private const int OwnCapacity = 65_536;

    /// <summary>Bodies and batches from peers that may wait.</summary>
    private const int PeersCapacity = 4_096;

    /// <summary>Bytes of those: as many full blocks as are worth waiting for.</summary>
    private const long PeersBytes = 32L * Limits.BlockBytes;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    private readonly Mailbox<ChainWork> _mailbox = new(
        OwnCapacity, PeersCapacity, PeersBytes, static work => work.Bytes);
    private readonly BlockTree _tree;
    private readonly BlockProducer _producer;
    private readonly BlockChecker _checker;
    private readonly BlockCommitter _committer;
    private readonly TransactionPool _pool;
    private readonly IChainPorts _ports;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private View _view;
    private bool _workTold;
    private volatile int _poolCount;

    public ChainWorker(ChainParts parts, IChainPorts ports, TimeProvider time, ILogger log)
    {
        _tree = parts.Tree;
        _pool = parts.Pool;
        _ports = ports;
        _time = time;
        _log = log;
        _checker = new BlockChecker(parts, ports, time, log);
        _producer = new BlockProducer(parts, _checker, ports, time);
        _committer = new BlockCommitter(parts, _checker, ports, log);
        _thread = new Thread(Run) { Name = "chain", IsBackground = true };
    }

    /// <summary>Transactions waiting, for status and metrics. Any thread.</summary>
    public int PoolCount => _poolCount;

    public void Start() => _thread.Start();

    /// <summary>
    /// Finishes what is under way and ends the thread. After it nothing here reads the ledger.
    /// </summary>
    public void Dispose()
    {
        _mailbox.Close();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        RefuseWaiting();
        _committer.FullCheck.Wait();
        _mailbox.Dispose();
    }

    public void Post(ChainWork work) => _mailbox.Post(work);

    public bool TryPost(ChainWork work) => _mailbox.TryPost(work);

    private void Run()
    {
        try
        {
            long lookedAt = _time.GetTimestamp();
            while (!_mailbox.IsClosed)
            {
                TimeSpan wait = _producer.Waits ? _producer.WaitFor() : RetryAfter;
                bool any = _mailbox.TryTake(wait < RetryAfter ? wait : RetryAfter, out ChainWork? work);
                if (any)
                {
                    Handle(work!);
                }

                // Also while messages keep coming: peers must not be able to talk a leader out of its turn.
                if (!any || wait == TimeSpan.Zero || _time.GetElapsedTime(lookedAt) > RetryAfter)
                {
                    Handle(new LookAgain());
                    lookedAt = _time.GetTimestamp();
                }

                _poolCount = _pool.Count;
            }
        }
#pragma warning disable CA1031 // Whatever it is, a chain without its thread must not look alive.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _mailbox.Close();
            RefuseWaiting();
            _ports.Fatal(e);
        }
    }

    /// <summary>Nobody waits for ever for a thread that has ended.</summary>
    private void RefuseWaiting()
    {
        while (_mailbox.TryTake(TimeSpan.Zero, out ChainWork? work))
        {
            work.Cancel();
        }
    }

    private void Handle(ChainWork work)
    {
        switch (work)
        {
            case ConsensusAsks asks:
                Handle(asks.Effect);
                break;
            case BodyArrived body:
                _checker.AddBody(body.Block, body.Source);
                _committer.Resume();
                break;
            case AddTransactions add:
                Add(add);
                break;
            case AskNonce ask:
                ask.Reply.TrySetResult(
                    _pool.NonceBehind(ask.Sender, ask.Lane)
                    ?? new LedgerView(_tree.Head.State).NextNonce(ask.Sender, ask.Lane));
                break;
            case AskRequest ask:
                ask.Reply.TrySetResult(_pool.Find(ask.Sender, ask.RequestId)?.Id);
                break;
            case AskPending ask:
                ask.Reply.TrySetResult(_pool.Find(ask.TransactionId) is not null);
                break;
            case SyncedBlocks synced:
                synced.Reply.TrySetResult(_committer.Apply(synced.Blocks, synced.Certificate));
                break;
            case LookAgain:
                _producer.TryBuild();
                _checker.LookAgain();
                _committer.Resume();
                break;
            default:
                Invariant.Broken($"{work.GetType().Name} is no work for the chain");
                break;
        }
    }

    private void Handle(ConsensusEffect effect)
    {
        switch (effect)
        {
            case Build build:
                _producer.Begin(build);
                break;
            case Verify verify:
                _checker.Verify(verify.Proposal);
                break;
            case Certify certify:
                _checker.Certify(certify.View, certify.BlockHash);
                break;
            case Finalize finalize:
                _committer.Finalize(finalize.Certificate);
                break;
            case ViewEntered entered:
                _view = entered.View;
                _producer.Abandon(_view);
                _workTold = false;
                TellWork();
                break;
            default:
                Invariant.Broken($"{effect.GetType().Name} is not for the chain");
                break;
        }
    }

    private void Add(AddTransactions add)
    {
        var answers = ImmutableArray.CreateBuilder<Rejection?>(add.Transactions.Length);
        var now = new TimestampMs((ulong)_time.GetUtcNow().ToUnixTimeMilliseconds());
        bool added = false;
        foreach (VerifiedTransaction transaction in add.Transactions)
        {
            Rejection? rejection = _pool.Add(transaction, _tree.Head.State, now);
            answers.Add(rejection);
            added |= rejection is null;
        }

        add.Reply?.TrySetResult(answers.MoveToImmutable());
        if (added)
        {
            _producer.TryBuild();
            TellWork();
        }
    }

    /// <summary>Tells consensus, once a view, that there is something to put into a block.</summary>
    private void TellWork()
    {
        if (_workTold || _pool.Count == 0)
        {
            return;
        }

        BlockParent tip = _tree.FindParent(_checker.Tip) ?? _tree.Head;
        var now = new TimestampMs((ulong)_time.GetUtcNow().ToUnixTimeMilliseconds());
        var one = new BlockBudget(Limits.BlockBytes, 1, Limits.OperationsPerBlock);
        if (_pool.Select(tip.State, now, one).Count > 0)
        {
            _workTold = true;
            _ports.Tell(new WorkPending());
            RuntimeLog.WorkWaits(_log, _view.Value, _pool.Count);
        }
    }
}

/// <summary>What the parts of the chain's thread share.</summary>
internal sealed record ChainParts(
    ValidatorSet Validators,
    BlockTree Tree,
    TransactionPool Pool,
    LedgerStore Ledger,
    ConsensusLog Candidates,
    TransactionAdmission Admission,
    FinalityFeed Feed,
    RuntimeMetrics Metrics,
    TimeSpan Delta,
    TimeSpan Heartbeat);
