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
    int Signers,
    int Validators);

/// <summary>
/// Checks a balance proof offline, trusting nothing but the genesis hash: genesis → validators → finality certificate →
/// header → Merkle path → balance. Pure and thread-safe.
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
        if (genesis.Hash != genesisHash)
        {
            failure = $"The proof is of network {genesis.Hash}, not of {genesisHash}.";
            return null;
        }

        BlockHeader header = Decode(proof.Header, BlockHeader.Read);
        ValidatorSet validators = genesis.ValidatorSet;
        if (header.GenesisHash != genesisHash || header.Epoch != validators.Epoch
            || header.ValidatorSetHash != validators.Hash)
        {
            failure = "The header is not of this network and its validators.";
            return null;
        }

        Certificate certificate = Decode(proof.Certificate, Certificate.Read);
        var expected = new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash);
        if (certificate.Subject != expected)
        {
            failure = "The certificate does not finalize this header.";
            return null;
        }

        if (!certificate.Verify(validators, genesisHash, scheme))
        {
            failure = $"The certificate has no {validators.Quorum} right signatures of {validators.Count} validators.";
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

        failure = "";
        return new VerifiedBalance(
            genesis.NetworkName, header.Height, header.Timestamp, header.StateRoot, account, asset, amount,
            certificate.Count, validators.Count);
    }

    private static T Decode<T>(ByteString bytes, CanonicalRead<T> read) => StateCodec.Decode(bytes.Span, read);
}
