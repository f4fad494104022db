// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>What came of one scenario.</summary>
internal sealed record TwinsResult(
    TwinsScenario Scenario, ViolationException? Violation, int FinalViews, int Accusations, string Digest);

/// <summary>A mistake that a Twins run makes on purpose, so that a test sees it seen.</summary>
internal enum TwinsBreakage
{
    None,

    /// <summary>The partitions never end.</summary>
    Forever,

    /// <summary>Nobody is told which validator runs twice.</summary>
    SecretTwin,
}

/// <summary>
/// One scenario: a message of a view stays in the sender's cell of that round, until the round's time is
/// over; beyond the last round everybody hears everybody.
/// </summary>
internal sealed class TwinsRun : IDisposable
{
    /// <summary>How long the partition of a round may hold up its view.</summary>
    private const ulong RoundMs = 150;

    /// <summary>In which everybody honest must make something new final, after the last partition.</summary>
    private const ulong ProgressMs = 20_000;

    private readonly DeterministicRandom _latencies;
    private readonly TwinsBreakage _breakage;
    private readonly Dictionary<Hash256, BlockHeader> _blocks = [];
    private readonly Dictionary<ulong, Hash256> _final = [];
    private readonly HashSet<View> _finalViews = [];
    private readonly IncrementalHash _trace = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _accusations;
    private int _asked;

    private TwinsRun(TwinsScenario scenario, ulong seed, TwinsBreakage breakage)
    {
        Scenario = scenario;
        _breakage = breakage;
        _latencies = new Purpose(seed, "latency").At(scenario.Id);
        Validators = KeyedHashScheme.Validators(scenario.Nodes);
        Genesis = new BlockHeader(
            GenesisHash, default, default, default, default, default, default, default, default, default,
            default, Validators.Hash, Validators.Hash, default);
        _blocks.Add(Genesis.Hash, Genesis);
        Nodes = [.. Enumerable.Range(0, scenario.Instances).Select(i => new TwinNode(this, i))];
    }

    public static Hash256 GenesisHash { get; } = Hashing.Hash(DomainTag.Genesis, [2, 2]);

    public static ConsensusTimers Timers { get; } = ConsensusTimers.FromDelta(20, 60);

    public TwinsScenario Scenario { get; }

    public ValidatorSet Validators { get; }

    public BlockHeader Genesis { get; }

    public KeyedHashScheme Scheme { get; } = new();

    public VirtualTime Time { get; } = new();

    public IReadOnlyList<TwinNode> Nodes { get; }

    public static TwinsResult Run(
        TwinsScenario scenario, ulong seed, TwinsBreakage breakage = TwinsBreakage.None)
    {
        using var run = new TwinsRun(scenario, seed, breakage);
        ViolationException? violation = null;
        try
        {
            run.Phases();
        }
        catch (ViolationException e)
        {
            violation = e;
        }

        return new TwinsResult(
            scenario, violation, run._finalViews.Count, run._accusations,
            Convert.ToHexStringLower(run._trace.GetCurrentHash())[..32]);
    }

    public void Dispose() => _trace.Dispose();

    public void Send(TwinNode from, TwinNode to, View view, PeerMessage message)
    {
        if (IsConnected(from.Instance, to.Instance, view))
        {
            Time.After(_latencies.Between(1, 4), () => to.Receive(from.Validator, message));
        }
    }

    /// <summary>Asks the instances of one validator, or of each in turn.</summary>
    public void Ask(TwinNode asker, FetchCertificates fetch)
    {
        int target = fetch.Target ?? _asked++ % Validators.Count;
        View view = asker.Machine.CurrentView;
        foreach (TwinNode asked in Nodes.Where(node => node.Validator == target && node != asker))
        {
            if (IsConnected(asker.Instance, asked.Instance, view))
            {
                Time.After(_latencies.Between(1, 4), () => asked.Answer(asker, fetch.From, fetch.To));
            }
        }
    }

    /// <summary>A block of an instance: twins build different ones.</summary>
    public BlockHeader NewBlock(TwinNode node, Build build)
    {
        BlockHeader parent = _blocks[build.ParentHash];
        return Genesis with
        {
            Height = parent.Height.Next,
            View = build.View,
            ParentHash = build.ParentHash,
            Timestamp = parent.Timestamp.Plus(1 + (ulong)node.Instance),
            Proposer = Validators[node.Validator].Address,
        };
    }

    public void Learn(BlockHeader header) => _blocks.TryAdd(header.Hash, header);

    /// <summary>An instance delivers a block with all its ancestors.</summary>
    public void Finalized(TwinNode node, Certificate certificate)
    {
        if (!node.IsHonest)
        {
            return;
        }

        _finalViews.Add(certificate.Subject.View);
        Trace(node.Instance, certificate.Subject.View, certificate.Subject.BlockHash);
        Hash256 hash = certificate.Subject.BlockHash;
        while (_blocks[hash] is { Height.Value: > 0 } header)
        {
            bool known = !_final.TryAdd(header.Height.Value, hash);
            Require("agreement", !known || _final[header.Height.Value] == hash, node, certificate.Subject);
            hash = header.ParentHash;
            if (known)
            {
                return;
            }
        }
    }

    public void Accused(TwinNode node, EquivocationEvidence proof)
    {
        if (!node.IsHonest)
        {
            return;
        }

        _accusations++;
        bool guilty = Scenario.Twins.Contains(proof.Signer) && _breakage != TwinsBreakage.SecretTwin;
        Require("evidence names twins only", guilty, node, proof);
        Require("evidence is proof", proof.Verify(Validators, GenesisHash, Scheme), node, proof);
    }

    public void Require(string rule, bool holds, TwinNode? node, object what)
    {
        if (!holds)
        {
            string where = node is null ? "" : $"instance {node.Instance}: ";
            throw new ViolationException(rule, $"{where}{what} at {Time.NowMs} ms");
        }
    }

    private void Phases()
    {
        foreach (TwinNode node in Nodes)
        {
            node.Start();
        }

        ulong healed = RoundMs * (ulong)Scenario.Rounds.Length;
        Time.RunUntil(healed);
        if (Scenario.Restarts >= 0)
        {
            Nodes[Scenario.Restarts].Restart();
        }

        TwinNode[] honest = [.. Nodes.Where(node => node.IsHonest)];
        View highest = honest.Max(node => node.Machine.CurrentView);
        bool Done() => honest.All(node => node.Machine.LastFinalizedView >= highest);
        Time.RunUntil(healed + ProgressMs, Done);
        string state = string.Join("; ", honest.Select(node =>
            $"{node.Instance} in view {node.Machine.CurrentView}, final {node.Machine.LastFinalizedView}"));
        Require("progress after the partitions", Done(), null, $"past {highest}: {state}");
    }

    private bool IsConnected(int from, int to, View view)
    {
        ulong rounds = (ulong)Scenario.Rounds.Length;
        if (_breakage == TwinsBreakage.Forever)
        {
            // Every view has the partition of some round.
            var always = Scenario.Rounds[(int)((view.Value + rounds - 1) % rounds)];
            return always[from] == always[to];
        }

        if (view.Value == 0 || view.Value > rounds || Time.NowMs >= RoundMs * view.Value)
        {
            return true;
        }

        var cells = Scenario.Rounds[(int)view.Value - 1];
        return cells[from] == cells[to];
    }

    private void Trace(int instance, View view, in Hash256 hash)
    {
        Span<byte> entry = stackalloc byte[8 + 4 + 8 + Hash256.Size];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, Time.NowMs);
        BinaryPrimitives.WriteInt32LittleEndian(entry[8..], instance);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[12..], view.Value);
        hash.CopyTo(entry[20..]);
        _trace.AppendData(entry);
    }
}
