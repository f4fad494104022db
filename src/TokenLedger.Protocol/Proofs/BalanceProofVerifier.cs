// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Proofs;

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
        BalanceProof proof, Hash256 genesisHash, ISignatureScheme scheme, out string failure) =>
        FinalityCheck.Guard(() => (Check(proof, genesisHash, scheme, out string why), why), out failure);

    private static VerifiedBalance? Check(
        BalanceProof proof, in Hash256 genesisHash, ISignatureScheme scheme, out string failure)
    {
        FinalHeader? final = FinalityCheck.Verify(
            proof.Genesis, proof.Header, [], proof.Certificate, genesisHash, scheme, out failure);
        if (final is null)
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

        BlockHeader header = final.Header;
        var account = new Address(proof.Account.Span);
        if (!FinalityCheck.Holds(
            header.StateRoot, StateKeys.Balance(account, asset), amount, proof.StateProof))
        {
            failure = "The Merkle path does not lead from this balance to the header's state root.";
            return null;
        }

        if (FinalityCheck.Decimals(header.StateRoot, asset, proof.AssetState, proof.AssetProof)
            is not { } decimals)
        {
            failure = "The Merkle path does not lead from this asset to the header's state root.";
            return null;
        }

        return new VerifiedBalance(
            final.Genesis.NetworkName, header.Height, header.Timestamp, header.StateRoot, account, asset,
            amount, decimals, final.Signers, final.Validators);
    }
}
