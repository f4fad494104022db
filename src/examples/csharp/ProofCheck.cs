// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;

namespace TokenLedger.Examples;

/// <summary>
/// Checks a balance without trusting whoever sent it: certificate → header → Merkle path → balance. Nothing
/// is taken on trust but the genesis hash, which the caller has from elsewhere.
/// </summary>
internal static class ProofCheck
{
    /// <summary>proof --genesis HASH --account 0x… --asset SYMBOL, and --node HOST:PORT [--height N]
    /// [--tls-ca FILE] [--api-key-file FILE] or --file PROOF.json [--height N]</summary>
    /// <returns>0. It fails with <see cref="NotProvedException"/> when a step does not hold.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var words = new Words(
            args, ["genesis", "account", "asset"], ["node", "file", "height", .. Access.Names]);
        if (words.Has("node") == words.Has("file"))
        {
            throw new UsageException("One of --node and --file is needed.");
        }

        (Hash256 genesis, Address account, AssetId asset) =
            (words.Hash("genesis"), words.Address("account"), words.Asset("asset"));
        ulong height = words.Number("height", 0);
        BalanceProof? proof = words.Has("file")
            ? FromFile(words["file"])
            : await FromNodeAsync(words.Nodes()[0], account, asset, height);
        string failure = "it is no proof of a balance";
        VerifiedBalance shown = (proof is null
            ? null
            : BalanceProofVerifier.Verify(proof, genesis, new Secp256k1Scheme(), out failure))
            ?? throw new NotProvedException(failure);

        // A right proof of something else proves nothing here.
        if (shown.Account != account || shown.Asset != asset)
        {
            throw new NotProvedException("it is another account's, or another asset's");
        }

        if (height > 0 && shown.Height.Value != height)
        {
            throw new NotProvedException("it is of another height");
        }

        Console.WriteLine(JsonSerializer.Serialize(
            new
            {
                Height = shown.Height.ToString(),
                Amount = shown.Amount.ToString(),
                shown.Signers,
                shown.Validators,
            },
            JsonSerializerOptions.Web));
        return 0;
    }

    private static async Task<BalanceProof?> FromNodeAsync(
        LedgerClient node, Address account, AssetId asset, ulong height)
    {
        var request = new GetBalanceProofRequest
        {
            Account = ByteString.CopyFrom(account.ToArray()),
            Asset = asset.ToString(),
        };
        if (height > 0)
        {
            request.AtHeight = height;
        }

        return (await node.Queries.GetBalanceProofAsync(request, deadline: Retry.In(5))).Proof;
    }

    private static BalanceProof? FromFile(string path)
    {
        try
        {
            return ProofBundle.Read(File.ReadAllBytes(path)).Balance;
        }
        catch (StrictJsonException)
        {
            return null;
        }
    }
}
