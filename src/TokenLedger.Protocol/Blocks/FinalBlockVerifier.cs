// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Blocks;

/// <summary>
/// Checks a stream of final blocks, trusting nothing but the genesis hash: genesis → validators →
/// certificates → headers, each the child of the one before → transactions, receipts and events. A block
/// without a certificate of its own is held back until a later one's makes it final. After a failure nothing
/// more is taken: begin anew after the last block that was given out. Pure; not thread-safe.
/// </summary>
public sealed class FinalBlockVerifier
{
    private readonly Hash256 _genesisHash;
    private readonly ValidatorSet _validators;
    private readonly ISignatureScheme _scheme;
    private readonly List<VerifiedBlock> _held = [];
    private long _heldBytes;
    private BlockPosition? _last;
    private V1.FinalBlock? _partial;
    private long _partialBytes;
    private BlockFailure? _failure;

    private FinalBlockVerifier(
        GenesisDocument genesis, in Hash256 genesisHash, ISignatureScheme scheme, BlockPosition? after)
    {
        Genesis = genesis;
        _genesisHash = genesisHash;
        _validators = genesis.ValidatorSet;
        _scheme = scheme;
        _last = after;
    }

    /// <summary>The network's beginning, whose hash is the one that was given.</summary>
    public GenesisDocument Genesis { get; }

    /// <summary>Blocks that wait for a certificate.</summary>
    public int Held => _held.Count;

    /// <summary>Begins with a genesis document.</summary>
    /// <param name="genesis">Its canonical form, from whoever.</param>
    /// <param name="genesisHash">What its hash must be.</param>
    /// <param name="scheme">Checks signatures.</param>
    /// <param name="after">The last block that was verified before; null to begin with genesis.</param>
    /// <param name="failure">Why not; null when it is well.</param>
    public static FinalBlockVerifier? Begin(
        ReadOnlySpan<byte> genesis, in Hash256 genesisHash, ISignatureScheme scheme, BlockPosition? after,
        out BlockFailure? failure)
    {
        Hash256 found = Hashing.Hash(DomainTag.Genesis, genesis);
        if (found != genesisHash)
        {
            failure = new BlockFailure(
                BlockFault.WrongGenesis, default, $"The node is of network {found}, not of {genesisHash}.");
            return null;
        }

        try
        {
            failure = null;
            return new FinalBlockVerifier(GenesisDocument.Decode(genesis), genesisHash, scheme, after);
        }
        catch (Exception e) when (e is CanonicalFormatException or ArgumentException)
        {
            failure = new BlockFailure(
                BlockFault.Malformed, default, "The genesis document is malformed: " + e.Message);
            return null;
        }
    }

    /// <summary>Takes the next message.</summary>
    /// <param name="part">A block, or a part of one.</param>
    /// <param name="final">What became certain by it is added here, in the order of heights.</param>
    /// <returns>Null, or why this source is not believed.</returns>
    public BlockFailure? Add(V1.FinalBlock part, ICollection<VerifiedBlock> final)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(final);
        if (_failure is null)
        {
            try
            {
                _failure = Join(part) ?? (part.More ? null : Check(final));
            }
            catch (Exception e) when (e is CanonicalFormatException or ArgumentException)
            {
                _failure = Fail(BlockFault.Malformed, $"Block {Next} is malformed: {e.Message}");
            }
        }

        return _failure;
    }

    private Height Next => _last is { } last ? last.Height.Next : new Height(0);

    private BlockFailure? Join(V1.FinalBlock part)
    {
        long bytes = part.CalculateSize();
        if (_partialBytes + bytes > Limits.StoredBlockBytes)
        {
            return Fail(BlockFault.TooMuch, $"Block {Next} is over {Limits.StoredBlockBytes} bytes.");
        }

        _partialBytes += bytes;
        if (_partial is null)
        {
            _partial = part.Clone();
            return null;
        }

        if (!part.Header.IsEmpty || !part.Certificate.IsEmpty)
        {
            return Fail(BlockFault.Malformed, $"Another block begins before block {Next} ends.");
        }

        _partial.Transactions.AddRange(part.Transactions);
        _partial.Receipts.AddRange(part.Receipts);
        _partial.Events.AddRange(part.Events);
        return null;
    }

    private BlockFailure? Check(ICollection<VerifiedBlock> final)
    {
        V1.FinalBlock whole = _partial!;
        long bytes = _partialBytes;
        (_partial, _partialBytes) = (null, 0);
        BlockHeader header = StateCodec.Decode(whole.Header.Span, BlockHeader.Read);
        Certificate? certificate = whole.Certificate.IsEmpty
            ? null
            : StateCodec.Decode(whole.Certificate.Span, Certificate.Read);
        Hash256 hash = header.Hash;
        BlockFailure? failure = CheckChain(header) ?? CheckCertificate(header, hash, certificate);
        if (failure is not null
            || FinalBlockDecoder.Read(whole, header, hash, certificate, _genesisHash, out failure)
                is not { } block)
        {
            return failure;
        }

        _last = new BlockPosition(header.Height, hash);
        _held.Add(block);
        _heldBytes += bytes;
        if (certificate is not null)
        {
            // Each is the ancestor of the certified one, by its parents' hashes.
            _held.ForEach(final.Add);
            _held.Clear();
            _heldBytes = 0;
            return null;
        }

        return _held.Count > Limits.SyncUncertifiedBlocks || _heldBytes > Limits.SyncUncertifiedBytes
            ? Fail(
                BlockFault.TooMuch,
                $"{_held.Count} blocks up to {header.Height} came without a certificate: more are not held.")
            : null;
    }

    private BlockFailure? CheckChain(BlockHeader header)
    {
        bool follows = header.Height == Next
            && header.ParentHash == (_last is { } last ? last.Hash : Hash256.Zero);
        if (!follows)
        {
            return Fail(
                BlockFault.BrokenChain,
                $"Block {header.Height} is not the child of the one before {Next}: is the node on another"
                    + " chain?");
        }

        if (header.GenesisHash != _genesisHash || header.Epoch != _validators.Epoch
            || header.ValidatorSetHash != _validators.Hash)
        {
            return Fail(
                BlockFault.BrokenChain,
                $"Block {header.Height} is not of this network and its validators.");
        }

        return header.Height.Value > 0 || IsFirst(header)
            ? null
            : Fail(BlockFault.BrokenChain, "Block 0 is not what a network begins with.");
    }

    /// <summary>Genesis has nothing but a state, whose root the certificates after it vouch for.</summary>
    private bool IsFirst(BlockHeader header)
    {
        Hash256 empty = ListTree.Root([]);
        return header.Timestamp == Genesis.Time && header.View.Value == 0 && header.Proposer.IsZero
            && header.TransactionsRoot == empty && header.ReceiptsRoot == empty && header.EventsRoot == empty;
    }

    private BlockFailure? CheckCertificate(BlockHeader header, in Hash256 hash, Certificate? certificate)
    {
        if (certificate is null)
        {
            return null;
        }

        if (certificate.Subject != new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, hash))
        {
            return Fail(
                BlockFault.WrongCertificate, $"The certificate does not finalize block {header.Height}.");
        }

        return certificate.Verify(_validators, _genesisHash, _scheme)
            ? null
            : Fail(
                BlockFault.WrongCertificate,
                $"The certificate of block {header.Height} has no {_validators.Quorum} right signatures of "
                    + $"{_validators.Count} validators.");
    }

    private BlockFailure Fail(BlockFault fault, string sentence) => new(fault, Next, sentence);
}
