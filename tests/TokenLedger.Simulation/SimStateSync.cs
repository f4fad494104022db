// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>The snapshots that a node keeps for others. They are made before anything else goes on.</summary>
internal sealed class SimShelf : ISnapshotTaker
{
    /// <summary>Small, so that the few entries of a test's state are many chunks.</summary>
    private const int EntriesPerChunk = 8;

    private const ulong EveryBlocks = 6;

    /// <summary>Head and chunks, the oldest first.</summary>
    public List<(SnapshotHead Head, StateChunk[] Chunks)> Kept { get; } = [];

    public bool Wants(ulong heightBefore, ulong height) => heightBefore / EveryBlocks != height / EveryBlocks;

    public void Take(SnapshotSource source)
    {
        using (source.Ledger)
        {
            Kept.Add((source.Head, [.. SnapshotChunks.Of(
                source.Ledger.StateEntries(), source.Tree, static () => new MemoryStream(), default,
                EntriesPerChunk)]));
        }

        if (Kept.Count > Limits.SnapshotsKept)
        {
            Kept.RemoveAt(0);
        }
    }
}

/// <summary>
/// How a wiped node gets a state before it starts: the production rules of what is kept, peers that may lie,
/// and a power loss in the middle. The asking itself is not simulated: it takes no time.
/// </summary>
internal sealed class SimStateSync(SimCluster cluster, SimNode node)
{
    private const int LiesPerMille = 350;
    private const int PowerLossPerMille = 60;

    private readonly Purpose _choices = new(cluster.Options.Seed, $"state sync {node.Index}");
    private ulong _asked;

    /// <summary>Fetches what a peer offers. Without an offer the node starts with genesis.</summary>
    /// <exception cref="PowerLossException">As drawn: the next start goes on from what is on the
    /// disk.</exception>
    public void Run()
    {
        CommittedBlock genesis = ValidatorParts.GenesisBlock(cluster.Genesis);
        (SimNode Peer, SnapshotHead Head)[] offers = [.. cluster.Nodes.Where(peer => peer != node)
            .SelectMany(peer => Offers(peer, genesis).Select(head => (peer, head)))];
        if (offers.Length == 0)
        {
            return;
        }

        using SnapshotStaging staging = SnapshotStaging.Open(node.Incoming.Open(LedgerFormat.Families));
        if (staging.Snapshot is not { } held || !offers.Any(offer => offer.Head.Header == held.Header))
        {
            staging.Begin(offers.MaxBy(offer => offer.Head.Header.Height.Value).Head);
        }

        SimNode[] able = [.. offers.Where(offer => offer.Head.Header == staging.Snapshot!.Header)
            .Select(offer => offer.Peer)];
        while (staging.Next is { } next)
        {
            DeterministicRandom random = _choices.At(++_asked);
            StateChunk[] chunks = ChunksOf(random.Pick(able), staging.Snapshot!)!;
            Take(staging, chunks, Array.FindIndex(chunks, chunk => chunk.Range.Start == next), random);
            if (random.PerMille(PowerLossPerMille))
            {
                throw new PowerLossException();
            }
        }

        var tree = StateTree.Build(staging.StateEntries());
        cluster.Checker.Require(
            "a fetched state has its root", tree.Root == staging.Head.Header.StateRoot, node,
            staging.Head.Height);
        staging.Finish(genesis.Block);
        staging.Dispose();
        node.AdoptIncoming();
    }

    private void Take(SnapshotStaging staging, StateChunk[] chunks, int index, DeterministicRandom random)
    {
        StateChunk right = chunks[index];
        if (random.PerMille(LiesPerMille))
        {
            StateChunk wrong = Lie(right, chunks[(index + 1) % chunks.Length], random);
            Hash256? before = staging.Next;
            string? problem = staging.TryAdd(wrong);
            cluster.Checker.Require("a lie about the state is refused", problem is not null, node, index);
            cluster.Checker.Require("a refused chunk changes nothing", staging.Next == before, node, index);
        }

        string? refused = staging.TryAdd(StateChunk.Decode(right.Encode()));
        cluster.Checker.Require("a true chunk is taken", refused is null, node, refused);
    }

    /// <summary>The heads that hold; a lying peer's are made wrong and must not.</summary>
    private IEnumerable<SnapshotHead> Offers(SimNode peer, CommittedBlock genesis)
    {
        foreach ((SnapshotHead head, _) in peer.Snapshots.Kept)
        {
            DeterministicRandom random = _choices.At(++_asked, 1);
            SnapshotHead offered = random.PerMille(LiesPerMille) ? Lie(head, random) : head;
            bool lies = !ReferenceEquals(offered, head);
            bool holds = offered.Problem(
                cluster.Validators, genesis.Block.Header.GenesisHash, cluster.Scheme) is null;
            cluster.Checker.Require("a head holds unless it lies", holds != lies, node, head.Header.Height);
            if (holds)
            {
                yield return offered;
            }
        }
    }

    private static StateChunk[]? ChunksOf(SimNode peer, SnapshotHead head) =>
        peer.Snapshots.Kept.Find(kept => kept.Head.Header.Hash == head.Header.Hash).Chunks;

    private static StateChunk Lie(StateChunk right, StateChunk other, DeterministicRandom random)
    {
        ImmutableArray<StateEntry> entries = right.Entries;
        int place = entries.IsEmpty ? 0 : random.Below(entries.Length);
        return random.Below(4) switch
        {
            0 when !entries.IsEmpty => right with { Entries = entries.RemoveAt(place) },
            1 when !entries.IsEmpty => right with
            {
                Entries = entries.SetItem(
                    place, entries[place] with { Value = (byte[])[.. entries[place].Value.Span, 1] }),
            },
            2 when other.Range != right.Range => other,
            _ => right with { Entries = entries.Add(new StateEntry(new byte[] { 0xEE }, new byte[] { 1 })) },
        };
    }

    private static SnapshotHead Lie(SnapshotHead head, DeterministicRandom random) => random.Below(3) switch
    {
        0 => head with { Header = head.Header with { StateRoot = head.Header.EventsRoot } },
        1 => head with { HistoryBefore = head.HistoryBefore.Append(head.Header.Hash) },
        _ => head with
        {
            Certificate = Certificate.FromVotes(head.Certificate.Subject, []),
        },
    };
}
