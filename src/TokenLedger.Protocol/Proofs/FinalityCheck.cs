// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Protocol.Proofs;

/// <summary>A header that a network made final, and who says so.</summary>
internal sealed record FinalHeader(GenesisDocument Genesis, BlockHeader Header, int Signers)
{
    public int Validators => Genesis.ValidatorSet.Count;
}

/// <summary>
/// What all proofs begin with: genesis → validators → finality certificate → header. Pure.
/// </summary>
internal static class FinalityCheck
{
    /// <summary>Runs a proof's check; what is malformed becomes a failure.</summary>
    public static T? Guard<T>(Func<(T?, string)> check, out string failure)
        where T : class
    {
        try
        {
            (T? shown, failure) = check();
            return shown;
        }
        catch (Exception e) when (e is CanonicalFormatException or ArgumentException)
        {
            failure = "A part of the proof is malformed: " + e.Message;
            return null;
        }
    }

    /// <summary>The header, when this network made it final.</summary>
    /// <param name="genesis">The canonical genesis document.</param>
    /// <param name="headerBytes">The header in question.</param>
    /// <param name="descendants">The headers after it, up to the one that the certificate is of.</param>
    /// <param name="certificateBytes">The last header's finalization.</param>
    /// <param name="genesisHash">The network that is trusted.</param>
    /// <param name="scheme">Checks signatures.</param>
    /// <param name="failure">Why it is not final; empty when it is.</param>
    public static FinalHeader? Verify(
        ByteString genesis, ByteString headerBytes, IReadOnlyCollection<ByteString> descendants,
        ByteString certificateBytes, in Hash256 genesisHash, ISignatureScheme scheme, out string failure)
    {
        Hash256 found = Hashing.Hash(DomainTag.Genesis, genesis.Span);
        if (found != genesisHash)
        {
            failure = $"The proof is of network {found}, not of {genesisHash}.";
            return null;
        }

        GenesisDocument document = GenesisDocument.Decode(genesis.Span);
        ValidatorSet validators = document.ValidatorSet;
        BlockHeader header = Whole(headerBytes, BlockHeader.Read);
        Certificate certificate = Whole(certificateBytes, Certificate.Read);
        if (!IsOf(header, genesisHash, validators))
        {
            failure = "The header is not of this network and its validators.";
            return null;
        }

        if (LastOf(header, descendants, genesisHash, validators) is not { } last)
        {
            failure = "The headers do not lead from the block to the one that was finalized.";
            return null;
        }

        if (certificate.Subject != new VoteSubject(VoteKind.Finalize, last.Epoch, last.View, last.Hash))
        {
            failure = "The certificate does not finalize this header.";
            return null;
        }

        if (!certificate.Verify(validators, genesisHash, scheme))
        {
            failure = $"The certificate has no {validators.Quorum} right signatures of {validators.Count} "
                + "validators.";
            return null;
        }

        failure = "";
        return new FinalHeader(document, header, certificate.Count);
    }

    /// <summary>Reads one value that fills the bytes.</summary>
    public static T Whole<T>(ByteString bytes, CanonicalRead<T> read) =>
        StateCodec.Decode(bytes.Span, read);

    /// <summary>
    /// True when the state under a root has the amount at the key: no row stands for zero.
    /// </summary>
    public static bool Holds(in Hash256 stateRoot, byte[] key, Amount amount, ByteString proof)
    {
        StateProof path = Whole(proof, StateProof.Read);
        return amount.IsZero
            ? path.VerifyExclusion(stateRoot, key)
            : path.VerifyInclusion(stateRoot, key, StateCodec.Encode(amount, StateCodec.WriteAmount));
    }

    /// <summary>An asset's digits after the point; null when the state does not have it so.</summary>
    public static int? Decimals(in Hash256 stateRoot, AssetId asset, ByteString state, ByteString proof)
    {
        AssetState definition = Whole(state, StateCodec.ReadAsset);
        return Whole(proof, StateProof.Read).VerifyInclusion(stateRoot, StateKeys.Asset(asset), state.Span)
            ? definition.Definition.Decimals
            : null;
    }

    private static bool IsOf(BlockHeader header, in Hash256 genesisHash, ValidatorSet validators) =>
        header.GenesisHash == genesisHash && header.Epoch == validators.Epoch
            && header.ValidatorSetHash == validators.Hash;

    private static BlockHeader? LastOf(
        BlockHeader header, IReadOnlyCollection<ByteString> descendants, in Hash256 genesisHash,
        ValidatorSet validators)
    {
        if (descendants.Count > Limits.SyncUncertifiedBlocks)
        {
            return null;
        }

        BlockHeader last = header;
        foreach (ByteString bytes in descendants)
        {
            BlockHeader child = Whole(bytes, BlockHeader.Read);
            if (child.ParentHash != last.Hash || child.Height != last.Height.Next
                || !IsOf(child, genesisHash, validators))
            {
                return null;
            }

            last = child;
        }

        return last;
    }
}
