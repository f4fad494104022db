// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Transactions;

/// <summary>What a person confirms before many transfers: how much of each asset leaves, in all.</summary>
internal static class BatchConfirmation
{
    // Who has to type more than this types without reading.
    private const int MaxTypedAssets = 4;
    private const int DigestDigits = 8;

    /// <summary>Adds up the transfers, whole units by proved decimals.</summary>
    /// <exception cref="CliException">An asset's decimals are not proved, or a total is over 128
    /// bits.</exception>
    public static async Task<Action<Hash256>> MakeAsync(
        Session session, WriteRequest request, ImmutableArray<Operation> operations, CancellationToken token)
    {
        var shown = new List<string>();
        var typed = new List<string>();
        foreach (IGrouping<AssetId, Transfer> of in operations.OfType<Transfer>().GroupBy(t => t.Asset))
        {
            Amount total = Total(of);
            int decimals = (await session.AssetProofs.RequireAsync(of.Key, token)).Decimals;
            shown.Add($"{AmountText.Grouped(total, decimals)} {of.Key} "
                + $"({AmountText.Grouped(total, 0)} atomic; {AmountWords.Of(total, decimals)}; "
                + $"{AmountWords.OfByLakh(total, decimals)})");
            typed.Add($"{of.Key} {AmountText.Plain(total, decimals)}");
        }

        string what = $"Send {operations.Length} transfers, in all {string.Join(", and ", shown)}.";
        return digest => Confirmation.Require(
            session, what,
            $"{operations.Length} transfers, " + (typed.Count <= MaxTypedAssets
                ? string.Join(", ", typed)
                : digest.ToString()[..DigestDigits]),
            digest, request.Yes, request.ConfirmDigest);
    }

    private static Amount Total(IGrouping<AssetId, Transfer> transfers)
    {
        Amount total = default;
        foreach (Transfer transfer in transfers)
        {
            if (!total.TryAdd(transfer.Amount, out total))
            {
                throw new CliException(
                    RejectionCodes.Name(RejectionCode.AmountInvalid),
                    ExitCodes.Of(RejectionCode.AmountInvalid),
                    $"The amounts of {transfers.Key} add up to over 128 bits of atomic units.",
                    next: "Look for a line with digits too many.");
            }
        }

        return total;
    }
}
