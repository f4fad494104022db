// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Runtime.Tests.Cluster;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Runtime.Tests.Snapshots;

/// <summary>
/// Snapshots on disk: made in the background, kept, served, and taken as a node's beginning.
/// </summary>
public sealed class SnapshotFileTests : IDisposable
{
    /// <summary>Magic, length, header, the certificate's subject and signers stand before them.</summary>
    private const int FirstSignature = 8 + 4 + BlockHeader.Size + VoteSubject.Size + 4;
    private const int EndOfSignatures = FirstSignature + (3 * Limits.SignatureBytes);

    private readonly SnapshotChain _chain = new();
    private readonly RecordingLogger _log = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-snapshots-").FullName;
    private MemoryDisk _ledger = new();
    private Exception? _fatal;

    public void Dispose()
    {
        _chain.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Shelf_DueHeights_AreMadeAndTheNewestTwoKept()
    {
        using SnapshotShelf shelf = Shelf(everyBlocks: 2);
        for (int i = 0; i < 7; i++)
        {
            ulong before = _chain.Ledger.Head.Height.Value;
            _chain.Grow();
            ulong height = _chain.Ledger.Head.Height.Value;
            Assert.Equal(height % 2 == 0, shelf.Wants(before, height));
            if (height % 2 == 0)
            {
                shelf.Take(_chain.Source());
                await shelf.Making.WaitAsync(Within.Patience);
            }
        }

        Assert.Equal([6UL, 4UL], shelf.Heads.Select(head => head.Header.Height.Value));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.Null(_fatal);

        // A new process has them too, and removes what was not finished.
        await File.WriteAllTextAsync(Path.Combine(_folder, "000000000008.snapshot.partial"), "half");
        await File.WriteAllTextAsync(Path.Combine(_folder, "000000000008.snapshot"), "TLSNAP01 half");
        using SnapshotShelf again = Shelf(everyBlocks: 2);
        Assert.Equal([6UL, 4UL], again.Heads.Select(head => head.Header.Height.Value));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public async Task Shelf_Asked_MakesTheNextAndServesItsChunks()
    {
        using SnapshotShelf shelf = Shelf(everyBlocks: 0);
        Assert.False(shelf.Wants(0, 1));
        Task<string> asked = shelf.TakeNextAsync();
        Assert.True(shelf.Wants(0, 1));
        _chain.Grow();
        shelf.Take(_chain.Source());
        string path = await asked.WaitAsync(Within.Patience);
        Assert.True(File.Exists(path));
        Assert.False(shelf.Wants(1, 2));
        Hash256? next = Hash256.Zero;
        foreach (StateChunk chunk in _chain.Chunks())
        {
            byte[]? served = shelf.FindChunk(_chain.Ledger.Head.Hash, next!.Value);
            Assert.Equal(chunk.Encode(), served);
            next = chunk.Range.Next;
        }

        Assert.Null(next);
        Assert.Null(shelf.FindChunk(_chain.Ledger.Head.Hash, _chain.Ledger.Head.Hash));
        Assert.Null(shelf.FindChunk(Hash256.Zero, Hash256.Zero));
    }

    [Fact]
    public async Task Shelf_ChunkThatRottedOnDisk_IsNotServed()
    {
        using SnapshotShelf shelf = Shelf(everyBlocks: 0);
        Task<string> asked = shelf.TakeNextAsync();
        _chain.Grow();
        shelf.Take(_chain.Source());
        string path = await asked.WaitAsync(Within.Patience);
        StateChunk last = _chain.Chunks().Last();
        Assert.NotNull(shelf.FindChunk(_chain.Ledger.Head.Hash, last.Range.Start));
        using (SafeFileHandle file = File.OpenHandle(
            path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            byte[] end = new byte[1];
            RandomAccess.Read(file, end, RandomAccess.GetLength(file) - 1);
            end[0] ^= 1;
            RandomAccess.Write(file, end, RandomAccess.GetLength(file) - 1);
        }

        Assert.Null(shelf.FindChunk(_chain.Ledger.Head.Hash, last.Range.Start));
    }

    /// <summary>
    /// A tree that is not the state's is no reason to serve something else: the node stops.
    /// </summary>
    [Fact]
    public async Task Take_StateThatIsNotItsTrees_StopsTheNode()
    {
        using SnapshotShelf shelf = Shelf(everyBlocks: 1);
        _chain.Grow();
        StateEntry some = _chain.Ledger.StateEntries().First();
        Task<string> asked = shelf.TakeNextAsync();
        shelf.Take(_chain.Source() with
        {
            Tree = _chain.Tree.Update([new StateChange(some.Key, new byte[] { 1 })]),
        });
        await Assert.ThrowsAsync<InvariantException>(() => asked.WaitAsync(Within.Patience));
        Assert.IsType<InvariantException>(_fatal);
        Assert.Empty(shelf.Heads);
    }

    [Fact]
    public void FromFile_WholeSnapshot_BecomesTheLedger()
    {
        _chain.Grow(4);
        StateSync.FromFile(Options(), Write(), TimeProvider.System, _log);
        using var ledger = LedgerStore.Open(Open(), ValidatorParts.GenesisBlock(_chain.Genesis));
        Assert.Equal(_chain.Ledger.Head.Hash, ledger.Head.Hash);
        Assert.Equal(_chain.Ledger.Head.Header.StateRoot, StateTree.Build(ledger.StateEntries()).Root);
        ledger.Dispose();

        // It is no newer than what is there now.
        Assert.Contains("is not above", Assert.Throws<SnapshotException>(() =>
            StateSync.FromFile(Options(), Write(), TimeProvider.System, _log)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void FromFile_AnyDamage_IsRefusedAndTheLedgerStays()
    {
        _chain.Grow(2);
        byte[] right = File.ReadAllBytes(Write());
        var random = new DeterministicRandom(20261129);
        string path = Path.Combine(_folder, "damaged");
        for (int i = 0; i < 60; i++)
        {
            byte[] wrong = [.. right];
            int place = i < 20 ? random.Below(1_000) : random.Below(right.Length);
            // Keyed hashes leave bytes of a signature unused: those say nothing, and are spared.
            place = place is >= FirstSignature and < EndOfSignatures ? FirstSignature - 1 : place;
            wrong[place] ^= (byte)(1 << random.Below(8));
            wrong = i % 10 == 9 ? right[..place] : wrong;
            File.WriteAllBytes(path, wrong);
            Assert.Throws<SnapshotException>(() =>
                StateSync.FromFile(Options(), path, TimeProvider.System, _log));
        }

        File.WriteAllBytes(path, [.. right, 0]);
        Assert.Throws<SnapshotException>(() =>
            StateSync.FromFile(Options(), path, TimeProvider.System, _log));
        using var ledger = LedgerStore.Open(Open(), ValidatorParts.GenesisBlock(_chain.Genesis));
        Assert.Equal(new Height(0), ledger.Head.Height);
    }

    [Fact]
    public void FromFile_CheckpointElsewhere_IsRefused()
    {
        _chain.Grow(3);
        var pinned = new Checkpoint(new Height(2), _chain.Ledger.FindHeader(new Height(2))!.Hash);
        Assert.Throws<SnapshotException>(() =>
            StateSync.FromFile(Options(pinned), Write(), TimeProvider.System, _log));
        StateSync.FromFile(
            Options(new Checkpoint(new Height(3), _chain.Ledger.Head.Hash)), Write(), TimeProvider.System,
            _log);
    }

    /// <summary>More entries than are sorted in memory at once.</summary>
    [Fact]
    public void Chunks_ManyEntries_AreSortedInParts()
    {
        var random = new DeterministicRandom(7);
        StateEntry[] state = [.. Enumerable.Range(0, 70_000).Select(i => new StateEntry(
            BitConverter.GetBytes(i), new byte[1 + random.Below(40)]))];
        Assert.Equal(2, RequireWhole(state).Scratches);
    }

    /// <summary>One range by its keys, and far too many bytes for one chunk.</summary>
    [Fact]
    public void Chunks_LargeEntries_AreCutByTheirBytes()
    {
        StateEntry[] state = [.. Enumerable.Range(0, 200).Select(i => new StateEntry(
            BitConverter.GetBytes(i), new byte[i % 2 == 0 ? Limits.StateValueBytes : 10]))];
        (StateChunk[] chunks, _) = RequireWhole(state);
        Assert.True(chunks.Length > 100 * Limits.StateValueBytes / Limits.SnapshotChunkBytes);
    }

    private static (StateChunk[] Chunks, int Scratches) RequireWhole(StateEntry[] state)
    {
        var tree = StateTree.Build(state);
        int scratches = 0;
        StateChunk[] chunks = [.. SnapshotChunks.Of(
            state, tree, () => { scratches++; return new MemoryStream(); }, default)];
        Hash256? next = Hash256.Zero;
        foreach (StateChunk chunk in chunks)
        {
            Assert.Equal(next, chunk.Range.Start);
            Assert.True(StateChunk.Decode(chunk.Encode()).Verify(tree.Root));
            next = chunk.Range.Next;
        }

        Assert.Null(next);
        Assert.Equal(state.Length, chunks.Sum(chunk => chunk.Entries.Length));
        return (chunks, scratches);
    }

    private string Write()
    {
        string path = Path.Combine(_folder, "a.snapshot");
        SnapshotFile.Write(path, _chain.Head, _chain.Chunks());
        return path;
    }

    private SnapshotShelf Shelf(ulong everyBlocks) => new(
        new SnapshotOptions(_folder, everyBlocks), e => _fatal = e, TimeProvider.System, _log);

    private MemoryStore Open() => new(_ledger, LedgerFormat.Families);

    private RuntimeOptions Options(Checkpoint? checkpoint = null)
    {
        var incoming = new MemoryDisk();
        return new RuntimeOptions
        {
            Genesis = _chain.Genesis,
            OpenLedger = Open,
            OpenConsensus = () => new MemoryStore(ConsensusLog.Families),
            VoteKey = null,
            OpenGuard = static () => throw new InvalidOperationException("An observer has no guard."),
            Signatures = new KeyedHashScheme(),
            TransactionSignatures = _chain.Signing,
            Connect = _ => null,
            Identity = new PortIdentity(),
            OnFatal = _ => { },
            StateSync = new StateSyncOptions(
                1, checkpoint, () => new MemoryStore(incoming, LedgerFormat.Families),
                () => _ledger = incoming),
        };
    }
}
