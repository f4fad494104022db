// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Checks what one peer streams to a node that is behind: that bodies are their headers', that blocks follow
/// each other from the head on, and every certificate. What is not covered by a certificate yet is bounded.
/// </summary>
internal sealed class BlockRun(
    ValidatorSet validators, Hash256 genesisHash, ISignatureScheme scheme, Hash256 head)
{
    private readonly ImmutableArray<Block>.Builder _blocks = ImmutableArray.CreateBuilder<Block>();
    private Hash256 _parent = head;
    private long _uncertified;

    /// <summary>Takes the next block.</summary>
    /// <param name="body">Its canonical form.</param>
    /// <param name="certificate">Its own finalization's, or empty.</param>
    /// <returns>All blocks since the last certificate, once there is one.</returns>
    /// <exception cref="SyncRefusedException">It is not what it should be.</exception>
    /// <exception cref="CanonicalFormatException">It does not decode.</exception>
    public FinalRun? Add(ReadOnlySpan<byte> body, ReadOnlySpan<byte> certificate)
    {
        Block block = Block.Decode(body);
        Require(block.Header.ParentHash == _parent, "its blocks do not follow each other from the head on");
        Require(block.BodyMatchesHeader(), "a body is not its header's");
        _uncertified += body.Length;
        Require(
            _blocks.Count < Limits.SyncUncertifiedBlocks && _uncertified <= Limits.SyncUncertifiedBytes,
            "too many blocks came without a certificate");
        _blocks.Add(block);
        _parent = block.Hash;
        if (certificate.IsEmpty)
        {
            return null;
        }

        Certificate final = Decode(certificate);
        RequireFinal(final, block.Header, _parent);
        long bytes = _uncertified;
        _uncertified = 0;
        return new FinalRun(_blocks.DrainToImmutable(), final, bytes);
    }

    private void RequireFinal(Certificate certificate, BlockHeader header, in Hash256 hash)
    {
        var subject = new VoteSubject(VoteKind.Finalize, validators.Epoch, header.View, hash);
        Require(certificate.Subject == subject, "a certificate is not its block's finalization");
        Require(
            certificate.Verify(validators, genesisHash, scheme), "a certificate is not signed by a quorum");
    }

    private static Certificate Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new CanonicalReader(bytes);
        Certificate certificate = Certificate.Read(ref reader);
        reader.End();
        return certificate;
    }

    private static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new SyncRefusedException(problem);
        }
    }
}

/// <summary>Consecutive blocks, and the finalization of the last one.</summary>
/// <param name="Blocks">The blocks.</param>
/// <param name="Certificate">Verified.</param>
/// <param name="Bytes">Of the blocks' canonical form.</param>
internal sealed record FinalRun(ImmutableArray<Block> Blocks, Certificate Certificate, long Bytes);

/// <summary>What a peer streamed is not what it should be.</summary>
internal sealed class SyncRefusedException(string problem) : Exception(problem);
