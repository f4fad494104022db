// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol;

/// <summary>What a proof shows, once verified.</summary>
/// <param name="NetworkName">The network's name, as genesis has it.</param>
/// <param name="Height">The block.</param>
/// <param name="Time">The block's time.</param>
/// <param name="StateRoot">The state root that the path ends in.</param>
/// <param name="Account">Whose balance.</param>
/// <param name="Asset">Of which asset.</param>
/// <param name="Amount">How much, in atomic units.</param>
/// <param name="Decimals">Digits of the amount after the point, as the same state has the asset.</param>
/// <param name="Signers">How many validators signed the finality.</param>
/// <param name="Validators">How many there are.</param>
public sealed record VerifiedBalance(
    string NetworkName,
    Height Height,
    TimestampMs Time,
    Hash256 StateRoot,
    Address Account,
    AssetId Asset,
    Amount Amount,
    int Decimals,
    int Signers,
    int Validators);

/// <summary>
/// Checks a balance proof offline, trusting nothing but the genesis hash: genesis → validators → finality
/// certificate → header → Merkle paths → balance and asset. Pure and thread-safe.
/// </summary>
public static class BalanceProofVerifier
{
    /// <summary>Verifies every step.</summary>
    /// <returns>What it shows, or null and the first step that fails, in a sentence.</returns>
    public static VerifiedBalance? Verify(
        BalanceProof proof, in Hash256 genesisHash, ISignatureScheme scheme, out string failure)
    {
        try
        {
            return Check(proof, genesisHash, scheme, out failure);
        }
        catch (CanonicalFormatException e)
        {
            failure = "A part of the proof is malformed: " + e.Message;
            return null;
        }
        catch (ArgumentException e)
        {
            failure = "A part of the proof is malformed: " + e.Message;
            return null;
        }
    }

    private static VerifiedBalance? Check(
        BalanceProof proof, in Hash256 genesisHash, ISignatureScheme scheme, out string failure)
    {
        GenesisDocument genesis = GenesisDocument.Decode(proof.Genesis.Span);
        BlockHeader header = Decode(proof.Header, BlockHeader.Read);
        Certificate certificate = Decode(proof.Certificate, Certificate.Read);
        failure = WhyNotFinal(genesis, header, certificate, genesisHash, scheme);
        if (failure.Length > 0)
        {
            return null;
        }

        if (proof.Account.Length != Address.Size
            || !AssetId.TryParse(proof.Asset, out AssetId asset)
            || !Amount.TryParse(proof.Amount, out Amount amount))
        {
            failure = "The account, the asset or the amount is malformed.";
            return null;
        }

        var account = new Address(proof.Account.Span);
        StateProof path = Decode(proof.StateProof, StateProof.Read);
        byte[] key = StateKeys.Balance(account, asset);
        bool holds = amount.IsZero
            ? path.VerifyExclusion(header.StateRoot, key)
            : path.VerifyInclusion(header.StateRoot, key, StateCodec.Encode(amount, StateCodec.WriteAmount));
        if (!holds)
        {
            failure = "The Merkle path does not lead from this balance to the header's state root.";
            return null;
        }

        AssetState state = Decode(proof.AssetState, StateCodec.ReadAsset);
        StateProof assetPath = Decode(proof.AssetProof, StateProof.Read);
        if (!assetPath.VerifyInclusion(header.StateRoot, StateKeys.Asset(asset), proof.AssetState.Span))
        {
            failure = "The Merkle path does not lead from this asset to the header's state root.";
            return null;
        }

        return new VerifiedBalance(
            genesis.NetworkName, header.Height, header.Timestamp, header.StateRoot, account, asset, amount,
            state.Definition.Decimals, certificate.Count, genesis.ValidatorSet.Count);
    }

    /// <summary>Why a header is not one that this network made final; empty when it is.</summary>
    private static string WhyNotFinal(
        GenesisDocument genesis,
        BlockHeader header,
        Certificate certificate,
        in Hash256 genesisHash,
        ISignatureScheme scheme)
    {
        if (genesis.Hash != genesisHash)
        {
            return $"The proof is of network {genesis.Hash}, not of {genesisHash}.";
        }

        ValidatorSet validators = genesis.ValidatorSet;
        if (header.GenesisHash != genesisHash || header.Epoch != validators.Epoch
            || header.ValidatorSetHash != validators.Hash)
        {
            return "The header is not of this network and its validators.";
        }

        var expected = new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash);
        if (certificate.Subject != expected)
        {
            return "The certificate does not finalize this header.";
        }

        return certificate.Verify(validators, genesisHash, scheme)
            ? ""
            : $"The certificate has no {validators.Quorum} right signatures of {validators.Count} "
                + "validators.";
    }

    private static T Decode<T>(ByteString bytes, CanonicalRead<T> read) =>
        StateCodec.Decode(bytes.Span, read);
}
