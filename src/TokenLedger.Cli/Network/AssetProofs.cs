// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;

namespace TokenLedger.Cli.Network;

/// <summary>An asset's decimals as the validators signed them, and the proof that says so.</summary>
internal sealed record ProvenAsset(int Decimals, BalanceProof Proof);

/// <summary>
/// What a whole unit is, proved. A node that could choose an asset's decimals could choose how much is
/// signed: five whole units are 500 atomic ones or 50,000. So the word of a node does not count here; the
/// signatures of the context's validators do. An asset's decimals never change, so one proof lasts a command.
/// </summary>
internal sealed class AssetProofs(Session session)
{
    // A balance's proof holds its asset's; whose balance it is does not matter, and nobody's tells nothing.
    private static readonly Address Nobody = Address.Zero;

    private readonly Dictionary<string, ProvenAsset> _proven = new(StringComparer.Ordinal);

    /// <summary>What this command has proved already; null when it has not.</summary>
    public ProvenAsset? Known(string asset) => _proven.GetValueOrDefault(asset);

    /// <summary>What a whole unit is of each proved asset that a text names; empty for none.</summary>
    public string Explain(string text) => string.Join(' ', _proven
        .Where(p => text.Contains(p.Key, StringComparison.Ordinal))
        .Select(p => $"A whole unit of {p.Key} is {AmountText.Grouped(Scale(p.Value.Decimals), 0)} atomic "
            + "units, as is proved."));

    private static Amount Scale(int decimals) => AmountText.Parse("1", decimals, atomic: false);

    /// <summary>Fetches and checks a proof against the context's genesis hash.</summary>
    /// <exception cref="CliException">No genesis hash is pinned, the network refuses, or the proof does not
    /// hold: ASSET_UNPROVED.</exception>
    public async Task<ProvenAsset> RequireAsync(AssetId asset, CancellationToken token)
    {
        if (Known(asset.ToString()) is { } known)
        {
            return known;
        }

        Hash256 genesis = NetworkIdentity.Pinned(session.Context).GenesisHash;
        var request = new GetBalanceProofRequest
        {
            Account = ByteString.CopyFrom(Nobody.ToArray()),
            Asset = asset.ToString(),
        };
        GetBalanceProofResponse response = await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetBalanceProofAsync(request, call), token);
        ProvenAsset proven = Check(response.Proof, asset, genesis, out string failure)
            ?? throw new CliException(
                "ASSET_UNPROVED", ExitCode.VerificationFailed,
                $"The node does not prove how many decimals {asset} has; nothing was signed.",
                failure, "Ask another node with --endpoint URL, or count atomic units with --atomic.");
        _proven[asset.ToString()] = proven;
        return proven;
    }

    /// <summary>Checks a proof without a network.</summary>
    /// <returns>What it shows of the asset, or null and why it shows nothing.</returns>
    public static ProvenAsset? Check(
        BalanceProof? proof, AssetId asset, in Hash256 genesis, out string failure)
    {
        if (proof is null)
        {
            failure = "There is no proof.";
            return null;
        }

        VerifiedBalance? verified = BalanceProofVerifier.Verify(
            proof, genesis, new Secp256k1Scheme(), out failure);
        if (verified is null)
        {
            return null;
        }

        if (verified.Asset != asset || verified.Decimals > Limits.AssetDecimals)
        {
            failure = $"The proof is of {verified.Asset}, not of {asset}.";
            return null;
        }

        return new ProvenAsset(verified.Decimals, proof);
    }
}
