// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.State;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Proofs;

/// <summary>What a supply's proof shows, once verified.</summary>
/// <param name="NetworkName">The network's name, as genesis has it.</param>
/// <param name="Height">The block.</param>
/// <param name="Time">The block's time.</param>
/// <param name="StateRoot">The state root that the path ends in.</param>
/// <param name="Asset">Of which asset.</param>
/// <param name="Amount">How much is outstanding, in atomic units.</param>
/// <param name="Decimals">Digits of the amount after the point, as the same state has the asset.</param>
/// <param name="Signers">How many validators signed the finality.</param>
/// <param name="Validators">How many there are.</param>
public sealed record VerifiedSupply(
    string NetworkName,
    Height Height,
    TimestampMs Time,
    Hash256 StateRoot,
    AssetId Asset,
    Amount Amount,
    int Decimals,
    int Signers,
    int Validators);

/// <summary>
/// Checks a supply proof offline, trusting nothing but the genesis hash: genesis → validators → finality
/// certificate → header → Merkle paths → supply and asset. Pure and thread-safe.
/// </summary>
public static class SupplyProofVerifier
{
    /// <summary>Verifies every step.</summary>
    /// <returns>What it shows, or null and the first step that fails, in a sentence.</returns>
    public static VerifiedSupply? Verify(
        SupplyProof proof, Hash256 genesisHash, ISignatureScheme scheme, out string failure) =>
        FinalityCheck.Guard(() => (Check(proof, genesisHash, scheme, out string why), why), out failure);

    private static VerifiedSupply? Check(
        SupplyProof proof, in Hash256 genesisHash, ISignatureScheme scheme, out string failure)
    {
        FinalHeader? final = FinalityCheck.Verify(
            proof.Genesis, proof.Header, [], proof.Certificate, genesisHash, scheme, out failure);
        if (final is null)
        {
            return null;
        }

        if (!AssetId.TryParse(proof.Asset, out AssetId asset)
            || !Amount.TryParse(proof.Amount, out Amount amount))
        {
            failure = "The asset or the amount is malformed.";
            return null;
        }

        BlockHeader header = final.Header;
        if (!FinalityCheck.Holds(header.StateRoot, StateKeys.Supply(asset), amount, proof.StateProof))
        {
            failure = "The Merkle path does not lead from this supply to the header's state root.";
            return null;
        }

        // Without this a supply of zero could be shown of an asset that is not there.
        if (FinalityCheck.Decimals(header.StateRoot, asset, proof.AssetState, proof.AssetProof)
            is not { } decimals)
        {
            failure = "The Merkle path does not lead from this asset to the header's state root.";
            return null;
        }

        return new VerifiedSupply(
            final.Genesis.NetworkName, header.Height, header.Timestamp, header.StateRoot, asset, amount,
            decimals, final.Signers, final.Validators);
    }
}
