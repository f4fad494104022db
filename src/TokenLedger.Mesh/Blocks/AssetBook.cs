// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Mesh.Operations;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;

namespace TokenLedger.Mesh.Blocks;

/// <summary>
/// How many decimals each asset has, which never changes: from genesis, or from a proof under a certified
/// header. Thread-safe.
/// </summary>
internal sealed class AssetBook
{
    private readonly MeshNetwork _network;
    private readonly LedgerNode _node;
    private readonly ISignatureScheme _scheme;
    private readonly ConcurrentDictionary<AssetId, int> _known = new();

    public AssetBook(MeshNetwork network, LedgerNode node, ISignatureScheme scheme)
    {
        (_network, _node, _scheme) = (network, node, scheme);
        foreach (GenesisAsset asset in network.Genesis.Assets)
        {
            Keep(asset.Definition.Id, asset.Definition.Decimals);
        }
    }

    /// <summary>An asset's decimals; null when the ledger has no such asset.</summary>
    public async Task<int?> FindAsync(AssetId asset, CancellationToken token)
    {
        if (_known.TryGetValue(asset, out int known))
        {
            return known;
        }

        var request = new GetSupplyProofRequest { Asset = asset.ToString() };
        GetSupplyProofResponse? answer = await _node.AskUnlessAsync(
            RejectionCodes.Name(RejectionCode.AssetUnknown),
            client => client.Queries.GetSupplyProofAsync(request, cancellationToken: token))
            .ConfigureAwait(false);
        if (answer is null)
        {
            return null;
        }

        VerifiedSupply? shown = SupplyProofVerifier.Verify(
            answer.Proof, _network.GenesisHash, _scheme, out string failure);
        if (shown?.Asset != asset)
        {
            throw new MeshException(MeshError.NodeUnverified, $"The decimals of {asset}: {failure}");
        }

        Keep(asset, shown.Decimals);
        return shown.Decimals;
    }

    /// <summary>The same of an asset that something final names.</summary>
    public async Task<int> RequireAsync(AssetId asset, CancellationToken token) =>
        await FindAsync(asset, token).ConfigureAwait(false)
            ?? throw new MeshException(MeshError.CurrencyUnknown, $"The ledger has no asset {asset}.");

    /// <summary>Requires that a client's currency is an asset with these decimals.</summary>
    public async Task RequireAsync(Currency currency, CancellationToken token)
    {
        int decimals = await RequireAsync(currency.Asset, token).ConfigureAwait(false);
        if (decimals != currency.Decimals)
        {
            throw new MeshException(
                MeshError.CurrencyUnknown,
                $"{currency.Asset} has {decimals} decimals, not {currency.Decimals}.");
        }
    }

    /// <summary>The decimals of all assets that transactions change balances of.</summary>
    public async Task<IReadOnlyDictionary<AssetId, int>> OfAsync(
        IEnumerable<MeshTransaction> transactions, CancellationToken token)
    {
        var all = new Dictionary<AssetId, int>();
        foreach (AssetId asset in transactions.SelectMany(static t => t.Operations)
            .Select(static operation => operation.Change?.Asset).OfType<AssetId>().Distinct())
        {
            all.Add(asset, await RequireAsync(asset, token).ConfigureAwait(false));
        }

        return all;
    }

    private void Keep(AssetId asset, int decimals)
    {
        if (_known.Count < Limits.MeshCachedAssets)
        {
            _known[asset] = decimals;
        }
    }
}
