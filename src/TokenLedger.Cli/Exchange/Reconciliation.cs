// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Exchange;

/// <summary>One asset of a comparison; amounts in atomic units.</summary>
internal sealed record ReconciledRow(string Asset, Amount Ledger, Amount Book, int? Decimals)
{
    public bool Agrees => Ledger == Book;

    /// <summary>With its sign: what the ledger has more than the book.</summary>
    public string Difference => Agrees ? "0" : Ledger > Book ? $"+{Ledger - Book}" : $"-{Book - Ledger}";
}

/// <summary>Compares what the ledger says of an account with an exchange's own book, at one height.</summary>
internal sealed class Reconciliation(Session session, Address account)
{
    /// <summary>Shows every asset of either side.</summary>
    /// <exception cref="CliException">NOT_RECONCILED: something differs.</exception>
    public async Task RunAsync(
        IReadOnlyDictionary<string, Amount> book, ulong? atHeight, CancellationToken token)
    {
        ulong height = atHeight ?? (await session.Connection.ReadAsync(
            static (node, call) => node.Queries.GetNetworkAsync(new GetNetworkRequest(), call), token))
            .AsOfHeight;
        var rows = new List<ReconciledRow>();
        foreach (string asset in await AssetsAsync(book, height, token))
        {
            var request = new GetBalanceRequest
            {
                Account = ByteString.CopyFrom(account.ToArray()),
                Asset = asset,
                AtHeight = height,
            };
            GetBalanceResponse told = await session.Connection.ReadAsync(
                (node, call) => node.Queries.GetBalanceAsync(request, call), token);
            Amount ledger = Amount.TryParse(told.Amount, out Amount read)
                ? read
                : throw new CliException(
                    "MALFORMED_ANSWER", ExitCode.VerificationFailed,
                    $"The node's balance of {asset} is none.");
            Amount own = book.GetValueOrDefault(asset);
            if (!ledger.IsZero || !own.IsZero)
            {
                rows.Add(new ReconciledRow(asset, ledger, own, (int)told.Decimals));
            }
        }

        session.Talk.Say($"as of height {height}");
        session.Output.List(
            rows,
            row => new JsonObject
            {
                ["asset"] = row.Asset,
                ["account"] = Eip55.Format(account),
                ["height"] = height,
                ["ledger"] = row.Ledger.ToString(),
                ["book"] = row.Book.ToString(),
                ["difference"] = row.Difference,
                ["agrees"] = row.Agrees,
                ["decimals"] = row.Decimals,
            },
            new Column<ReconciledRow>("asset", r => r.Asset),
            new Column<ReconciledRow>("ledger", r => Show(r, r.Ledger), Right: true),
            new Column<ReconciledRow>("own book", r => Show(r, r.Book), Right: true),
            new Column<ReconciledRow>("atomic difference", r => r.Difference, Right: true));
        string[] wrong = [.. rows.Where(r => !r.Agrees).Select(r => r.Asset)];
        if (wrong.Length > 0)
        {
            throw new CliException(
                "NOT_RECONCILED", ExitCode.VerificationFailed,
                $"The ledger and the book differ in {string.Join(", ", wrong)}.",
                $"Both are as of height {height}; what was booked later or never makes the difference.",
                "Compare each entry: tl exchange statement --account ACCOUNT --asset SYMBOL");
        }
    }

    private async Task<IEnumerable<string>> AssetsAsync(
        IReadOnlyDictionary<string, Amount> book, ulong height, CancellationToken token)
    {
        // As of that height too: an asset that the book lacks, and that all left since, differs as well.
        var held = new List<string>();
        string page = "";
        do
        {
            var request = new ListBalancesRequest
            {
                Account = ByteString.CopyFrom(account.ToArray()),
                PageSize = Limits.PageRows,
                PageToken = page,
                AtHeight = height,
            };
            ListBalancesResponse r = await session.Connection.ReadAsync(
                (node, call) => node.Queries.ListBalancesAsync(request, call), token);
            held.AddRange(r.Balances.Select(static b => b.Asset));
            page = r.NextPageToken;
        }
        while (page.Length > 0);
        return held.Union(book.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static string Show(ReconciledRow row, Amount amount) => row.Decimals is { } places
        ? AmountText.Grouped(amount, places)
        : amount.ToString();
}
