// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Examples;

/// <summary>
/// The end of the day: what the book says of every asset against the ledger, both at one height.
/// </summary>
internal static class Reconciliation
{
    /// <summary>reconcile --node HOST:PORT --account 0x… --book FILE [--height N] [--tls-ca FILE]
    /// [--api-key-file FILE]</summary>
    /// <returns>9 when an asset differs.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var words = new Words(args, ["node", "account", "book"], ["height", .. Access.Names]);
        LedgerClient node = words.Nodes()[0];
        var account = ByteString.CopyFrom(words.Address("account").ToArray());
        ulong height = words.Number("height", 0);
        if (height == 0)
        {
            height = (await node.Queries.GetNetworkAsync(
                new GetNetworkRequest(), deadline: Retry.In(5))).AsOfHeight;
        }

        var booked = new Dictionary<string, (BigInteger Sum, (ulong, uint) Newest)>(StringComparer.Ordinal);
        foreach (BookLine line in Journal<BookLine>.Read(words["book"]))
        {
            if (line.Entry is { } entry && entry.Id.Height <= height)
            {
                BigInteger sum = booked.GetValueOrDefault(entry.Asset).Sum
                    + BigInteger.Parse(entry.Amount, CultureInfo.InvariantCulture);
                booked[entry.Asset] = (sum, entry.Id);
            }
        }

        bool wrong = false;
        foreach (string asset in (await HeldAsync(node, account, height))
            .Union(booked.Keys).Order(StringComparer.Ordinal))
        {
            (BigInteger own, (ulong, uint) newest) = booked.GetValueOrDefault(asset);
            GetBalanceResponse told = await node.Queries.GetBalanceAsync(
                new GetBalanceRequest { Account = account, Asset = asset, AtHeight = height },
                deadline: Retry.In(5));
            bool agrees = told.Amount == own.ToString(CultureInfo.InvariantCulture);

            // The event that made the ledger's balance what it is: a book that has not come so far is only
            // late.
            bool late = newest.CompareTo((told.ChangedHeight, told.ChangedIndex)) < 0;
            string verdict = agrees ? "ok"
                : late ? $"DIFFERS: the book lacks {told.ChangedHeight}/{told.ChangedIndex}"
                : "DIFFERS";
            wrong |= !agrees;
            Console.WriteLine($"{asset} height {height} ledger {told.Amount} book {own} {verdict}");
        }

        return wrong ? 9 : 0;
    }

    /// <summary>The ledger's own list of that height: an asset of which nothing was ever booked is one that
    /// the book lacks, also when all of it has left since.</summary>
    private static async Task<List<string>> HeldAsync(LedgerClient node, ByteString account, ulong height)
    {
        var held = new List<string>();
        string page = "";
        do
        {
            ListBalancesResponse answer = await node.Queries.ListBalancesAsync(
                new ListBalancesRequest { Account = account, AtHeight = height, PageToken = page },
                deadline: Retry.In(5));
            held.AddRange(answer.Balances.Select(balance => balance.Asset));
            page = answer.NextPageToken;
        }
        while (page.Length > 0);
        return held;
    }
}
