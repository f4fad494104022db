// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Consensus;

/// <summary>
/// Drives the consensus machine, in turns: for each batch of inputs it has the guard release the votes, with
/// one sync, makes all records durable, with one sync, and only then signs, sends and asks. A vote that the
/// guard refuses is not recorded and not cast. It has no thread of its own: <see cref="ConsensusWorker"/>
/// gives it one, a simulation none.
/// </summary>
/// <remarks>One thread at a time; the members that say so are for any.</remarks>
internal sealed partial class ConsensusDriver
{
    /// <summary>Views between cuts of the record: a cut costs a sync.</summary>
    private const ulong PruneEveryViews = 64;

    private readonly ConsensusConfig _config;
    private readonly ISignatureScheme _scheme;
    private readonly ConsensusLog _record;
    private readonly VoteSigner? _signer;
    private readonly IConsensusPorts _ports;
    private readonly RuntimeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _machineGate = new();
    private readonly List<ConsensusEffect> _effects = [];
    private readonly Queue<ConsensusInput> _answers = new();
    private readonly Vote?[] _seen;
    private ConsensusMachine _machine;
    private ImmutableArray<VoteSubject> _unsaid = [];
    private ulong _readmit;
    private Certificate? _durableFinality;
    private View _prunedBelow;
    private volatile ConsensusStatus _status;

    public ConsensusDriver(ConsensusParts parts, IConsensusPorts ports, TimeProvider time, ILogger log)
    {
        _config = parts.Config;
        _scheme = parts.Scheme;
        _machine = new ConsensusMachine(_config, _scheme);
        _seen = new Vote?[_config.Validators.Count];
        _record = parts.Record;
        _signer = parts.Signer;
        _durableFinality = parts.Floor;
        _metrics = parts.Metrics;
        _ports = ports;
        _time = time;
        _log = log;
        _status = ReadStatus(Now());
    }

    /// <summary>Where consensus stood after the last batch. Any thread.</summary>
    public ConsensusStatus Status => _status;

    /// <summary>How long until a turn is due even without an input; at most a second.</summary>
    public TimeSpan WaitFor()
    {
        ulong wait = _machine.NextWake is { } wake ? Math.Min(wake.Since(Now()), 1_000) : 1_000;
        return TimeSpan.FromMilliseconds(wait);
    }

    /// <summary>Certificates for a peer that is behind. Any thread.</summary>
    public ImmutableArray<Certificate> Answer(View from, View to, int limit)
    {
        lock (_machineGate)
        {
            return [.. _machine.Answer(from, to, limit)];
        }
    }

    /// <summary>Replays the record and enters the view that it leads to. Comes first.</summary>
    public void Start()
    {
        ImmutableArray<ConsensusRecord> records = _record.Replay();
        if (_signer?.Guard is { } guard)
        {
            guard.Compare(
                [.. records.OfType<OwnVoteRecord>().Select(own => own.Subject)],
                _record.Floor?.Subject.View ?? default);
            _metrics.Quarantined(guard.Doubt != GuardDoubt.None);
            if (guard.Doubt != GuardDoubt.None)
            {
                RuntimeLog.Quarantined(_log, guard.Doubt.ToString());
            }
        }

        Begin(records);
    }

    private void Begin(ImmutableArray<ConsensusRecord> records)
    {
        Certificate? floor = Higher(_durableFinality, _record.Floor);
#if PLANTED
        floor = Planted.Is(PlantedBug.ApplicationAheadOfFloor) ? _record.Floor : floor;
#endif
        ImmutableArray<OwnVoteRecord> reclaimed = Reclaim(records, floor?.Subject.View ?? default);
        lock (_machineGate)
        {
            _machine = new ConsensusMachine(_config, _scheme);
            foreach (ConsensusRecord record in records.Concat(reclaimed))
            {
                _machine.Step(Now(), new Replayed(record), _effects);
            }

            _machine.Step(Now(), new Start(floor), _effects);
        }

        if (floor is not null && floor != _durableFinality)
        {
            // The ledger is behind what was final here: it was moved away, and comes back from peers.
            _ports.Ask(new Finalize(floor));
        }

        RuntimeLog.Replayed(_log, records.Length, _machine.CurrentView.Value);
        Perform();
    }

    /// <summary>One batch: all of these inputs, one sync, then everything else.</summary>
    public void Turn(IReadOnlyList<ConsensusInput> inputs)
    {
        EndQuarantine();
        lock (_machineGate)
        {
            TimestampMs now = Now();
            foreach (ConsensusInput input in inputs)
            {
                Step(now, input);
            }

            if (_machine.NextWake is { } wake && wake <= now)
            {
                _machine.Step(now, new Tick(), _effects);
            }
        }

        Perform();
    }

    private void Step(TimestampMs now, ConsensusInput input)
    {
        switch (input)
        {
            case Synced synced:
                RequireOwn(synced.Finalization);
                _durableFinality = synced.Finalization;
                break;
            case VoteReceived received:
                See(received.From, received.Vote);
                break;
            case ProposalReceived received:
                See(received.From, received.Proposal.LeaderVote);
                break;
            default:
                break;
        }

        _machine.Step(now, input, _effects);
    }

    private void Perform()
    {
        while (_effects.Count > 0)
        {
            ConsensusEffect[] effects = [.. _effects];
            _effects.Clear();
            // What leads into a view is durable before the guard binds this node to a vote there: else a
            // crash in between leaves it in a view into which it cannot help the others.
            ConsensusRecord[] records =
                [.. effects.OfType<AppendRecord>().Select(static append => append.Record)];
            foreach (CertificateRecord led in records.OfType<CertificateRecord>())
            {
                RequireOwn(led.Certificate);
            }

            Append(records);
            Queue<GuardLeave?> leaves = Release(effects);
            Queue<DurableVote> durable = AppendVotes(effects, leaves);
            foreach (ConsensusEffect effect in effects)
            {
                Perform(effect, leaves, durable);
            }

            // Own votes count like all others; what follows from them is the next turn of this loop.
            lock (_machineGate)
            {
                while (_answers.TryDequeue(out ConsensusInput? answer))
                {
                    _machine.Step(Now(), answer, _effects);
                }
            }
        }

        _status = ReadStatus(Now());
        _metrics.View(_status.View);
    }

    private Queue<DurableVote> AppendVotes(ConsensusEffect[] effects, IEnumerable<GuardLeave?> leaves) =>
        Append([.. effects.Where(static effect => SubjectOf(effect) is not null)
            .Zip(leaves)
            .Where(static pair => pair is { First: CastVote, Second: not null })
            .Select(static pair => new OwnVoteRecord(((CastVote)pair.First).Subject))]);

    private Queue<DurableVote> Append(ConsensusRecord[] records)
    {
        if (records.Length == 0)
        {
            return new Queue<DurableVote>();
        }

        long started = _time.GetTimestamp();
        var durable = new Queue<DurableVote>(_record.Append(records));
        _metrics.RecordSynced(_time.GetElapsedTime(started));
        return durable;
    }

    private void Perform(
        ConsensusEffect effect, Queue<GuardLeave?> leaves, Queue<DurableVote> durable)
    {
        switch (effect)
        {
            case AppendRecord:
                break;
            case CastVote cast:
                if (leaves.Dequeue() is { } leave)
                {
                    Cast(cast, leave, durable.Dequeue());
                }

                break;
            case RecastVote recast:
                if (leaves.Dequeue() is { } again && !_unsaid.Contains(recast.Subject))
                {
                    Recast(recast, again);
                }

                break;
            case BroadcastVote broadcast:
                _ports.Broadcast(broadcast.Vote);
                break;
            case BroadcastCertificate broadcast:
                _ports.Broadcast(broadcast.Certificate);
                break;
            case BroadcastProposal broadcast:
                _ports.RelayAgain(broadcast.Proposal.BlockHash);
                _ports.Broadcast(broadcast.Proposal);
                break;
            case SendCertificate send:
                _ports.Send(send.To, send.Certificate);
                break;
            case FetchCertificates fetch:
                _ports.FetchCertificates(fetch.From, fetch.To, fetch.Target);
                break;
            case Evidence evidence:
                _metrics.Evidence();
                var proof = new CanonicalWriter();
                evidence.Proof.Write(proof);
                RuntimeLog.Equivocation(
                    _log, evidence.Proof.Signer, evidence.Proof.View.Value,
                    Convert.ToHexStringLower(proof.Written));
                break;
            case BlockPeer block:
                _ports.Block(block.Peer, block.Reason);
                break;
            case Prune prune:
                Prune(prune.View);
                break;
            case SafetyViolated violated:
                throw new InvariantException(
                    $"two certificates exclude each other in views {violated.First.Subject.View} and"
                        + $" {violated.Second.Subject.View}: more than f validators are faulty");
            default:
                _ports.Ask(effect);
                break;
        }
    }

    private void Prune(View below)
    {
        View floor = _durableFinality?.Subject.View ?? default;
        View limit = below < floor ? below : floor;
        if (_durableFinality is null || limit.Value < _prunedBelow.Value + PruneEveryViews)
        {
            return;
        }

        // A ledger that was rebuilt from nothing is behind its record for a while: the floor never sinks.
        if (_record.Floor is { } kept && kept.Subject.View >= floor)
        {
            return;
        }

        _record.SetFloor(_durableFinality);
        _record.Prune(limit);
        _record.PruneCandidates(limit);
        _prunedBelow = limit;
    }

    private ConsensusStatus ReadStatus(TimestampMs now)
    {
        var silence = ImmutableArray.CreateBuilder<ulong>(_machine.Config.Validators.Count);
        for (int i = 0; i < _machine.Config.Validators.Count; i++)
        {
            silence.Add(i == _machine.Config.OwnIndex ? 0 : now.Since(_machine.LastHeard(i)));
        }

        return new ConsensusStatus(
            _machine.CurrentView,
            _machine.Leader,
            _machine.LastFinalizedView,
            _machine.HighestCertifiedView,
            _machine.ViewsKept,
            silence.MoveToImmutable())
        {
            Doubt = _signer?.Guard.Doubt ?? GuardDoubt.None,
        };
    }

    /// <summary>
    /// The higher of two finalizations. Own votes below the record's floor are forgotten, so nothing there
    /// may be voted on again, whatever happened to the ledger.
    /// </summary>
    private static Certificate? Higher(Certificate? a, Certificate? b) =>
        a is null || (b is not null && b.Subject.View > a.Subject.View) ? b : a;

    /// <summary>A monotonic clock: wall time may step, timers must not.</summary>
    private TimestampMs Now() =>
        new((ulong)_time.GetElapsedTime(0, _time.GetTimestamp()).TotalMilliseconds);
}
