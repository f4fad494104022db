// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Simulation;

/// <summary>
/// What must hold at honest nodes after every step, with a count of how often each rule was looked at. It
/// remembers across restarts what the nodes themselves forget.
/// </summary>
internal sealed class Checker(SimCluster cluster)
{
    private readonly HashSet<int> _restored = [];
    private readonly SortedDictionary<string, ulong> _checks = new(StringComparer.Ordinal);
    private readonly List<Hash256> _chain = [];
    private readonly ulong[] _heads = new ulong[cluster.Options.Nodes];
    private readonly ulong[] _highest = new ulong[cluster.Options.Nodes];
    private readonly ulong[] _lives = new ulong[cluster.Options.Nodes];
    private readonly Dictionary<(int Node, View View, VoteKind Kind), Hash256> _spoken = [];
    private ConsensusChecks? _consensus;
    private TimestampMs _time;

    /// <summary>How often each rule was looked at.</summary>
    public IReadOnlyDictionary<string, ulong> Checks => _checks;

    /// <summary>What must hold of the nodes' consensus.</summary>
    public ConsensusChecks Consensus => _consensus ??= new ConsensusChecks(cluster, this);

    /// <summary>The height that some node made final.</summary>
    public ulong Height => _chain.Count == 0 ? 0 : (ulong)_chain.Count - 1;

    /// <summary>A Byzantine node may well fall over its own lies.</summary>
    public void Fatal(SimNode node, Exception cause) =>
        Require("no node stops itself", node.Adversary is not null, node, cause);

    /// <summary>A process came up on its disk: nothing that it said was final is gone.</summary>
    public void Opened(int node, LedgerStore ledger)
    {
        ulong head = ledger.Head.Height.Value;
        if (_chain.Count == 0)
        {
            _chain.Add(ledger.Head.Hash);
        }

        if (ledger.SnapshotHeight.Value > _highest[node])
        {
            bool same = ledger.SnapshotHeight.Value < (ulong)_chain.Count
                && ledger.FindHeader(ledger.SnapshotHeight)?.Hash == _chain[(int)ledger.SnapshotHeight.Value];
            Require("a fetched state is the chain's", same, cluster.Nodes[node], ledger.SnapshotHeight);
            _highest[node] = ledger.SnapshotHeight.Value;
        }

        if (cluster.Nodes[node].Adversary is null)
        {
            Require("final is never lost", head >= _highest[node], cluster.Nodes[node], head);
        }
    }

    /// <summary>A node's disks came back from a backup, or empty: what it said was final since is lost there.
    /// </summary>
    public void Restored(int node)
    {
        _restored.Add(node);
        _highest[node] = 0;
        _heads[node] = 0;
    }

    /// <summary>Before a vote leaves.</summary>
    public void Speaks(SimNode node, VoteSubject subject)
    {
        if (node.Adversary is not null)
        {
            return;
        }

        (int, View, VoteKind) slot = (node.Index, subject.View, subject.Kind);
        cluster.Trace.Add(
            cluster.Time.NowMs, TraceKind.Vote, node.Index, subject.View.Value, (ulong)subject.Kind);
        bool known = _spoken.TryGetValue(slot, out Hash256 before);
        Require("own votes agree", !known || before == subject.BlockHash, node, subject);
        VoteKind? against = subject.Kind switch
        {
            VoteKind.Nullify => VoteKind.Finalize,
            VoteKind.Finalize => VoteKind.Nullify,
            _ => null,
        };
        bool contradicts = against is { } kind && _spoken.ContainsKey((node.Index, subject.View, kind));
        Require("own votes agree", !contradicts, node, subject);
        GuardState guard = GuardState.Decode(node.Guard.Read());
        bool released = guard.Watermark >= GuardPosition.Of(subject)
            && guard.Doubt == GuardDoubt.None
            && (known || guard.Released.Contains(subject));
        Require("watermark before vote", released, node, subject);
        if (known)
        {
            return;
        }

        _spoken.Add(slot, subject.BlockHash);
        using var durable = new MemoryStore(node.Record.Memory.DurableCopy(), ConsensusLog.Families);
        Require("record before vote", IsRecorded(durable, new OwnVoteRecord(subject)), node, subject);
        if (subject.Kind == VoteKind.Finalize)
        {
            var certified = new CertificationRecord(subject.View, subject.BlockHash, true);
            Require("certification before finalize vote", IsRecorded(durable, certified), node, subject);
            Require("body before finalize vote", IsHeld(node, durable, subject.BlockHash), node, subject);
        }
    }

    /// <summary>
    /// A guard refused a vote. It may come too late; but a machine that remembers never wants to contradict
    /// itself, and who came back from a backup may not remember.
    /// </summary>
    public void Refused(SimNode node, VoteKind kind, View view)
    {
        VoteKind against = kind == VoteKind.Finalize ? VoteKind.Nullify : VoteKind.Finalize;
        bool contradicts = kind != VoteKind.Notarize && !_restored.Contains(node.Index)
            && _spoken.ContainsKey((node.Index, view, against));
        Require("the guard has no contradiction to prevent", !contradicts, node, (kind, view));
    }

    /// <summary>Before a node says that a block is final, to anybody.</summary>
    public void SaysFinal(SimNode node, Certificate certificate)
    {
        if (node.Adversary is not null)
        {
            return;
        }

        using var durable = new MemoryStore(node.Ledger.Memory.DurableCopy(), LedgerFormat.Families);
        Family heights = FamilyOf(LedgerFormat.Families, "heights");
        bool held = durable.TryGet(heights, certificate.Subject.BlockHash.ToArray(), out _);
        Require("durable before final", held, node, certificate.Subject);
    }

    /// <summary>After each piece of work of a node's chain.</summary>
    public void Stepped(SimNode node, NodeLife life)
    {
        if (node.Adversary is not null)
        {
            return;
        }

        FinalizedHead head = life.Parts.Feed.Head;
        ulong height = head.Height.Value;
        bool isNew = life.Number != _lives[node.Index];
        Require("head never sinks", isNew || height >= _heads[node.Index], node, height);
        Require("buffers are bounded", life.Chain.PoolCount <= Limits.PoolTransactions, node, "pool");
        if (!isNew && height == _heads[node.Index])
        {
            return;
        }

        _lives[node.Index] = life.Number;
        _heads[node.Index] = height;
        Require("state roots agree", head.Tree.Root == head.Header.StateRoot, node, height);
        ulong first = Math.Max(
            life.Ledger.SnapshotHeight.Value + 1, Math.Min(_highest[node.Index] + 1, height));
        for (ulong next = first; next <= height; next++)
        {
            Committed(node, life.Ledger, next);
        }

        if (height > _highest[node.Index])
        {
            Block last = life.Ledger.FindBlock(head.Height)!;
            bool waits = last.Transactions.Any(signed =>
                life.Parts.Pool.Find(signed.IdOn(life.Ledger.GenesisHash)) is not null);
            Require("the pool lets go of what is final", !waits, node, height);
        }

        _highest[node.Index] = Math.Max(_highest[node.Index], height);
    }

    /// <summary>Counts a check, and stops the run if it fails.</summary>
    public void Require(string invariant, bool holds, SimNode? node, object? what)
    {
        _checks[invariant] = _checks.GetValueOrDefault(invariant) + 1;
        if (!holds)
        {
            string where = node is null ? "" : $"node {node.Index}: ";
            throw new ViolationException(invariant, $"{where}{what} at {cluster.Time.NowMs} ms");
        }
    }

    private void Committed(SimNode node, LedgerStore ledger, ulong height)
    {
        Block? block = ledger.FindBlock(new Height(height));
        Require("final is never lost", block is not null, node, height);
        Hash256 hash = block!.Hash;
        if (cluster.Options.Breakage == Breakage.Forked && node.Index == 1)
        {
            hash = Hashing.Hash(DomainTag.StateValue, hash.ToArray());
        }

        cluster.Trace.Add(cluster.Time.NowMs, TraceKind.Final, node.Index, height, Head(hash));
        bool isNew = height == (ulong)_chain.Count;
        if (isNew)
        {
            _chain.Add(hash);
        }

        Require("agreement", height < (ulong)_chain.Count && _chain[(int)height] == hash, node, height);
        if (ledger.FindCertificate(new Height(height)) is { } found && found.Height.Value == height)
        {
            bool right = found.Certificate.Subject.BlockHash == hash
                && found.Certificate.Subject.Kind == VoteKind.Finalize
                && found.Certificate.Verify(cluster.Validators, ledger.GenesisHash, cluster.Scheme);
            Require("certificates verify from disk", right, node, height);
            Consensus.Holds(node, found.Certificate);
        }

        if (isNew)
        {
            RequireTime(node, block.Header);
            cluster.Finalized(node, ledger, block);
        }
    }

    /// <summary>
    /// Times rise; and while no more than f clocks are wrong, some voter with a right clock found the time no
    /// further ahead than he bears.
    /// </summary>
    private void RequireTime(SimNode node, BlockHeader header)
    {
        Require("block times rise", header.Timestamp > _time, node, header);
        _time = header.Timestamp;
        ulong latest = NodeClock.At(cluster.Time.NowMs) + Limits.ClockToleranceMs;
        bool isBounded = !cluster.Options.InBudget || header.Timestamp.Value <= latest;
        Require("block times are bounded", isBounded, node, header);
    }

    private static bool IsRecorded(MemoryStore durable, ConsensusRecord record) => durable
        .Scan(FamilyOf(ConsensusLog.Families, "records"), Key(record.View), Key(record.View.Next), 256)
        .Any(entry =>
        {
            var reader = new CanonicalReader(entry.Value);
            return ConsensusRecord.Read(ref reader).Equals(record);
        });

    private static bool IsHeld(SimNode node, MemoryStore record, Hash256 hash)
    {
        if (record.TryGet(FamilyOf(ConsensusLog.Families, "candidates"), hash.ToArray(), out _))
        {
            return true;
        }

        using var ledger = new MemoryStore(node.Ledger.Memory.DurableCopy(), LedgerFormat.Families);
        return ledger.TryGet(FamilyOf(LedgerFormat.Families, "heights"), hash.ToArray(), out _);
    }

    private static Family FamilyOf(IEnumerable<Family> families, string name) =>
        families.Single(family => family.Name == name);

    private static byte[] Key(View view)
    {
        byte[] key = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(key, view.Value);
        return key;
    }

    private static ulong Head(Hash256 hash) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash.ToArray());
}
