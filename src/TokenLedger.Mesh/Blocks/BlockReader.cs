// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Mesh.Blocks;

/// <summary>
/// Final blocks, each verified by itself: its certificate, or a later block's that follows from it, has the
/// signatures of a quorum of the validators in genesis, and its header covers all that came with it. The node
/// can hold a block back; it cannot make one up. Thread-safe.
/// </summary>
internal sealed class BlockReader(
    MeshNetwork network, LedgerNode node, ISignatureScheme scheme, ILogger log) : IDisposable
{
    private readonly BlockCache _cache = new(Limits.MeshCachedBytes);
    private readonly SemaphoreSlim _reading = new(1, 1);

    // The highest block that the node was heard to have; what is final stays so.
    private ulong _head;

    /// <summary>The block at a height.</summary>
    /// <exception cref="MeshException">BLOCK_UNKNOWN, BLOCK_PRUNED, NODE_UNVERIFIED or the node's failure.
    /// </exception>
    public async Task<VerifiedBlock> AtAsync(ulong height, CancellationToken token)
    {
        if (_cache.At(height) is { } known)
        {
            return known;
        }

        if (height > Volatile.Read(ref _head) && height > await HeadAsync(token).ConfigureAwait(false))
        {
            throw new MeshException(
                MeshError.BlockUnknown,
                $"Block {height} is not final yet; the newest is {Volatile.Read(ref _head)}.");
        }

        // Who walks the chain with several requests at once reads it once; who waits behind a node that does
        // not answer is told so.
        if (!await _reading.WaitAsync(LedgerNode.AnswerWithin, token).ConfigureAwait(false))
        {
            throw new MeshException(MeshError.NodeUnavailable, "Others wait for the node's blocks as well.");
        }

        try
        {
            return _cache.At(height) ?? await ReadAsync(height, token).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The newest final block.</summary>
    public async Task<VerifiedBlock> NewestAsync(CancellationToken token) =>
        await AtAsync(await HeadAsync(token).ConfigureAwait(false), token).ConfigureAwait(false);

    /// <summary>The block that a request names; the newest when it names none.</summary>
    public async Task<VerifiedBlock> OfAsync(BlockName name, CancellationToken token)
    {
        if (name.Index is null && name.Hash is null)
        {
            return await NewestAsync(token).ConfigureAwait(false);
        }

        ulong height = name.Index ?? await HeightOfAsync(name.Hash!.Value, token).ConfigureAwait(false);
        VerifiedBlock block = await AtAsync(height, token).ConfigureAwait(false);
        return name.Hash is null || block.Hash == name.Hash
            ? block
            : throw new MeshException(
                MeshError.BlockUnknown, $"Block {height} is {block.Hash}, not {name.Hash}.");
    }

    /// <summary>The block of a hash; null when there is none here.</summary>
    public async Task<VerifiedBlock?> FindAsync(Hash256 hash, CancellationToken token)
    {
        try
        {
            return await OfAsync(new BlockName(null, hash), token).ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Error == MeshError.BlockUnknown)
        {
            return null;
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>Asks the node for its height.</summary>
    private async Task<ulong> HeadAsync(CancellationToken token)
    {
        ulong now = await node.HeightAsync(token).ConfigureAwait(false);
        ulong known = Volatile.Read(ref _head);
        while (now > known)
        {
            ulong seen = Interlocked.CompareExchange(ref _head, now, known);
            known = seen == known ? now : seen;
        }

        return now;
    }

    private async Task<ulong> HeightOfAsync(Hash256 hash, CancellationToken token)
    {
        if (_cache.HeightOf(hash) is { } known)
        {
            return known;
        }

        var request = new GetBlockRequest { Hash = LedgerNode.Bytes(hash.ToArray()) };
        return (await node.AskAsync(client => client.Queries.GetBlockAsync(
            request, cancellationToken: token)).ConfigureAwait(false)).Summary.Height;
    }

    /// <summary>
    /// Reads a block, and what comes with it ahead of who walks the chain. Each is kept as soon as it is
    /// verified: whatever ends the reading, none is read twice.
    /// </summary>
    private async Task<VerifiedBlock> ReadAsync(ulong height, CancellationToken token)
    {
        ulong last = Math.Min(Volatile.Read(ref _head), height + Limits.MeshBlocksAhead - 1);
        FinalBlockVerifier? verifier = null;
        var final = new List<VerifiedBlock>();
        var bytes = new List<long> { 0 };
        int kept = 0;
        await node.StreamAsync(height, part =>
        {
            verifier ??= Begin(height, part);
            bytes[^1] += part.CalculateSize();
            Believe(verifier.Add(part, final));
            for (; kept < final.Count; kept++)
            {
                _cache.Add(final[kept], bytes[kept]);
            }

            if (!part.More)
            {
                bytes.Add(0);
            }

            return final.Count == 0 ? Reading.Needed
                : final[^1].Header.Height.Value >= last || bytes.Sum() >= Limits.MeshBytesAhead
                    ? Reading.Enough
                : Reading.Ahead;
        }, token).ConfigureAwait(false);
        return final[0];
    }

    /// <summary>
    /// What is final by its certificate needs no ancestor to be so: the parent is what the header says.
    /// </summary>
    private FinalBlockVerifier Begin(ulong height, FinalBlock first)
    {
        BlockFailure? failure = null;
        FinalBlockVerifier? verifier = null;
        try
        {
            BlockPosition? parent = height == 0
                ? null
                : new BlockPosition(
                    new Height(height - 1),
                    StateCodec.Decode(first.Header.Span, BlockHeader.Read).ParentHash);
            verifier = FinalBlockVerifier.Begin(
                network.GenesisBytes.Span, network.GenesisHash, scheme, parent, out failure);
        }
        catch (CanonicalFormatException e)
        {
            failure = new BlockFailure(BlockFault.Malformed, new Height(height), e.Message);
        }

        Believe(failure);
        return verifier!;
    }

    private void Believe(BlockFailure? failure)
    {
        if (failure is not null)
        {
            Log.Unverified(log, failure.Sentence);
            throw new MeshException(MeshError.NodeUnverified, failure.Sentence);
        }
    }
}
