// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Testing;

/// <summary>
/// What a run came to. The digest covers every effect of every node with its time: equal seeds, equal
/// digests. Recovery is from healing until every honest node made new blocks final.
/// </summary>
public sealed record SimulationResult(
    string TraceDigest, int FinalizedViews, int NullifiedViews, int Accused, int Restarts, ulong RecoveredMs);

/// <summary>
/// A whole network in one thread: virtual time, one queue ordered by (time, sequence), every random choice
/// from the seed. First faults, then healing, after which every honest node must make new blocks final.
/// </summary>
public sealed class SeededNetwork
{
    private readonly PriorityQueue<Action, (ulong At, long Sequence)> _queue = new();
    private readonly IncrementalHash _trace = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly DeterministicRandom _links;
    private readonly DeterministicRandom _faults;
    private readonly bool[,] _cut;
    private long _sequence;
    private bool _healed;

    public SeededNetwork(SimulationOptions options)
    {
        Options = options;
        var random = new DeterministicRandom(options.Seed);
        Chance = random.Fork("nodes");
        _links = random.Fork("links");
        _faults = random.Fork("faults");
        Validators = KeyedHashScheme.Validators(options.Validators);
        GenesisHash = Hashing.Hash(DomainTag.Genesis, [1, 2, 3]);
        Genesis = new BlockHeader(
            GenesisHash, default, default, default, default, default, default, default, default, default,
            default, Validators.Hash, Validators.Hash, default);
        _cut = new bool[options.Validators, options.Validators];
        Checker = new SafetyChecker(this);
        int firstBad = options.Validators - options.Adversaries.Count;
        Nodes = [.. Enumerable.Range(0, options.Validators).Select(index =>
            new SimulatedNode(this, index, index < firstBad ? null : options.Adversaries[index - firstBad]))];
        Honest = [.. Nodes.Where(node => node.Adversary is null)];
    }

    public SimulationOptions Options { get; }

    public ValidatorSet Validators { get; }

    public Hash256 GenesisHash { get; }

    public BlockHeader Genesis { get; }

    public IReadOnlyList<SimulatedNode> Nodes { get; }

    public IReadOnlyList<SimulatedNode> Honest { get; }

    public SafetyChecker Checker { get; }

    /// <summary>Randomness of nodes and applications.</summary>
    public DeterministicRandom Chance { get; }

    public ulong NowMs { get; private set; }

    /// <summary>Runs to the end.</summary>
    /// <exception cref="SimulationException">Something that must hold did not.</exception>
    public SimulationResult Run()
    {
        foreach (SimulatedNode node in Nodes.Skip(Options.Asleep))
        {
            At(_faults.Between(0, 50), node.Start);
        }

        PlanFaults();
        RunUntil(Options.ChaosMs, static () => false);
        Heal();
        View highest = Honest.Max(node => node.Machine.CurrentView);
        bool Recovered() => Honest.All(node => node.Application.Head.View > highest);
        ulong deadline = Options.ChaosMs + Options.HealMs;
        RunUntil(deadline, Recovered);
        if (!Recovered())
        {
            string states = string.Join("; ", Honest.Select(node =>
                $"{node.Index}: view {node.Machine.CurrentView}, final {node.Machine.LastFinalizedView}, "
                + $"head {node.Application.Head.View}"));
            throw Failure("progress", $"no new finality past view {highest} ({states})");
        }

        string digest = Convert.ToHexStringLower(_trace.GetHashAndReset());
        return new SimulationResult(
            digest, Checker.FinalizedViews, Checker.NullifiedViews, Checker.Accused,
            Nodes.Sum(node => node.Restarts), NowMs - Options.ChaosMs);
    }

    /// <summary>True when transactions wait in a view, everywhere.</summary>
    public bool IsBusy(View view) =>
        new DeterministicRandom(Options.Seed ^ view.Value).PerMille(Options.BusyPerMille);

    public void At(ulong atMs, Action action) => _queue.Enqueue(action, (atMs, _sequence++));

    public SimulationException Failure(string rule, string what) =>
        new(rule, Options.Seed, Options.Validators, NowMs, what);

    public BlockHeader NewHeader(BlockHeader parent, View view, int proposer, bool certifies = true) => new(
        GenesisHash, default, parent.Height.Next, view, parent.Hash,
        parent.Timestamp.Plus(1 + Chance.Between(0, 1000)), Validators[proposer].Address, default,
        certifies
            ? default
            : FakeApplication.BadRoot, default, default, Validators.Hash, Validators.Hash, default);

    public void Send(int from, int to, PeerMessage message)
    {
        if (_cut[from, to])
        {
            return;
        }

        if (!_healed && _links.PerMille(Options.LossPerMille))
        {
            return;
        }

        Deliver(from, to, message);
        if (!_healed && _links.PerMille(Options.DuplicatePerMille))
        {
            Deliver(from, to, message);
        }
    }

    /// <summary>Mixes what a node is about to do into the digest.</summary>
    public void Trace(int node, List<ConsensusEffect> effects)
    {
        Span<byte> entry = stackalloc byte[8 + 4 + 1 + 8 + Hash256.Size];
        foreach (ConsensusEffect effect in effects)
        {
            (byte kind, View view, Hash256 hash) = Describe(effect);
            BitConverter.TryWriteBytes(entry, NowMs);
            BitConverter.TryWriteBytes(entry[8..], node);
            entry[12] = kind;
            BitConverter.TryWriteBytes(entry[13..], view.Value);
            hash.CopyTo(entry[21..]);
            _trace.AppendData(entry);
        }
    }

    private static (byte Kind, View View, Hash256 Hash) Describe(ConsensusEffect effect) => effect switch
    {
        AppendRecord append => (1, append.Record.View, default),
        CastVote cast => ((byte)(1 + cast.Subject.Kind), cast.Subject.View, cast.Subject.BlockHash),
        RecastVote cast => ((byte)(4 + cast.Subject.Kind), cast.Subject.View, cast.Subject.BlockHash),
        BroadcastVote vote => (8, vote.Vote.Subject.View, vote.Vote.Subject.BlockHash),
        BroadcastCertificate held => (9, held.Certificate.Subject.View, held.Certificate.Subject.BlockHash),
        SendCertificate held => (10, held.Certificate.Subject.View, held.Certificate.Subject.BlockHash),
        Build build => (11, build.View, build.ParentHash),
        Verify verify => (12, verify.Proposal.View, verify.Proposal.BlockHash),
        Certify certify => (13, certify.View, certify.BlockHash),
        Finalize final => (14, final.Certificate.Subject.View, final.Certificate.Subject.BlockHash),
        FetchCertificates fetch => (15, fetch.From, default),
        Evidence evidence => (16, evidence.Proof.View, evidence.Proof.First.Subject.BlockHash),
        BlockPeer block => (17, new View((ulong)block.Peer), default),
        ViewEntered entered => (18, entered.View, default),
        _ => (19, default, default),
    };

    private void Deliver(int from, int to, PeerMessage message)
    {
        ulong high = _healed ? Math.Min(Options.DelayHighMs, 40) : Options.DelayHighMs;
        At(NowMs + _links.Between(Options.DelayLowMs, Math.Max(Options.DelayLowMs, high)), () =>
        {
            if (!_cut[from, to])
            {
                Nodes[to].Receive(from, message);
            }
        });
    }

    private void RunUntil(ulong endMs, Func<bool> done)
    {
        ulong checkedAt = NowMs;
        while (_queue.TryPeek(out _, out (ulong At, long Sequence) next) && next.At <= endMs)
        {
            Action action = _queue.Dequeue();
            NowMs = next.At;
            action();
            if (NowMs > checkedAt + 20)
            {
                checkedAt = NowMs;
                if (done())
                {
                    return;
                }
            }
        }

        NowMs = endMs;
    }

    private void PlanFaults()
    {
        for (ulong at = 300; at < Options.ChaosMs; at += 500)
        {
            At(at, Disturb);
        }

        if (Options.TotalOutage)
        {
            At(_faults.Between(200, Options.ChaosMs - 1), () => CrashAll(Nodes));
        }
    }

    private void Disturb()
    {
        if (_faults.PerMille(Options.PartitionPerMille))
        {
            Partition();
        }

        CrashAll([.. Nodes.Where(node => node.IsUp && _faults.PerMille(Options.CrashPerMille))]);
    }

    private void CrashAll(IEnumerable<SimulatedNode> nodes)
    {
        foreach (SimulatedNode node in nodes.Where(node => node.IsUp))
        {
            node.Crash();
            At(NowMs + _faults.Between(1, 1_500), () => Revive(node));
        }
    }

    private static void Revive(SimulatedNode node)
    {
        if (!node.IsUp)
        {
            node.Start();
        }
    }

    /// <summary>Cuts a random side off for a while: both ways, or one way only.</summary>
    private void Partition()
    {
        bool[] side = [.. Nodes.Select(_ => _faults.PerMille(400))];
        bool oneWay = _faults.PerMille(400);
        SetCut(side, oneWay, true);
        At(NowMs + _faults.Between(200, 2_500), () => SetCut(side, oneWay, false));
    }

    private void SetCut(bool[] side, bool oneWay, bool cut)
    {
        for (int from = 0; from < side.Length; from++)
        {
            for (int to = 0; to < side.Length; to++)
            {
                if (side[from] != side[to] && (!oneWay || side[from]))
                {
                    _cut[from, to] = cut && !_healed;
                }
            }
        }
    }

    private void Heal()
    {
        _healed = true;
        Array.Clear(_cut);
        foreach (SimulatedNode node in Nodes)
        {
            Revive(node);
        }
    }
}
