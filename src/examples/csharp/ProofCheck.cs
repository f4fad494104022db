// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;

namespace TokenLedger.Examples;

/// <summary>
/// Checks a balance without trusting whoever sent it: certificate → header → Merkle path → balance. Nothing
/// is taken on trust but the genesis hash, which the caller has from elsewhere.
/// </summary>
internal static class ProofCheck
{
    /// <summary>proof --genesis HASH --account 0x… --asset SYMBOL, and --node HOST:PORT [--height N] or
    /// --file PROOF.json</summary>
    /// <returns>9 when a step does not hold.</returns>
    public static async Task<int> RunAsync(Words words)
    {
        Address account = words.Address("account");
        string asset = words["asset"];
        var request = new GetBalanceProofRequest
        {
            Account = ByteString.CopyFrom(account.ToArray()),
            Asset = asset,
        };
        ulong height = words.Number("height", 0);
        if (height > 0)
        {
            request.AtHeight = height;
        }

        BalanceProof? proof = words.Or("file", "") is { Length: > 0 } file
            ? FromFile(file)
            : (await words.Nodes()[0].Queries.GetBalanceProofAsync(request, deadline: Retry.In(5))).Proof;
        string failure = "it is no proof of a balance";
        VerifiedBalance? shown = proof is null
            ? null
            : BalanceProofVerifier.Verify(proof, words.Hash("genesis"), new Secp256k1Scheme(), out failure);

        // A right proof of something else proves nothing here.
        if (shown is not null && (shown.Account != account || shown.Asset.ToString() != asset))
        {
            (shown, failure) = (null, "it is another account's, or another asset's");
        }

        if (shown is not null && height > 0 && shown.Height.Value != height)
        {
            (shown, failure) = (null, "it is of another height");
        }

        if (shown is null)
        {
            await Console.Error.WriteLineAsync($"not proved: {failure}");
            return 9;
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
