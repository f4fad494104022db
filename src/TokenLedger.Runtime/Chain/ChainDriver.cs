// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Execution;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Chain;

/// <summary>
/// Owns executed blocks, the pool and the ledger's writes. Consensus asks it to build, verify, certify and
/// commit; peers and clients give it bodies and transactions. It has no thread of its own:
/// <see cref="ChainWorker"/> gives it one, a simulation none.
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class ChainDriver
{
    private readonly BlockTree _tree;
    private readonly BlockProducer _producer;
    private readonly BlockChecker _checker;
    private readonly BlockCommitter _committer;
    private readonly TransactionPool _pool;
    private readonly IChainPorts _ports;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private View _view;
    private bool _workTold;

    public ChainDriver(ChainParts parts, IChainPorts ports, TimeProvider time, ILogger log)
    {
        _tree = parts.Tree;
        _pool = parts.Pool;
        _ports = ports;
        _time = time;
        _log = log;
        _checker = new BlockChecker(parts, ports, time, log);
        _producer = new BlockProducer(parts, _checker, ports, time);
        _committer = new BlockCommitter(parts, _checker, ports, log);
    }

    /// <summary>Transactions waiting.</summary>
    public int PoolCount => _pool.Count;

    /// <summary>The full count of the state that is under way, or was last.</summary>
    public Task FullCheck => _committer.FullCheck;

    /// <summary>
    /// How long until <see cref="LookAgain"/> is due to build a block; null when none waits to be built.
    /// </summary>
    public TimeSpan? WaitFor() => _producer.Waits ? _producer.WaitFor() : null;

    /// <summary>Does one thing that was asked.</summary>
    public void Handle(ChainWork work)
    {
        switch (work)
        {
            case ConsensusAsks asks:
                Handle(asks.Effect);
                break;
            case BodyArrived body:
                _checker.AddBody(body.Block, body.Source);
                _committer.Resume();
                _producer.TryBuild();
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
                _producer.TryBuild();
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
    TimeSpan Heartbeat,
    ISnapshotTaker? Snapshots = null);
