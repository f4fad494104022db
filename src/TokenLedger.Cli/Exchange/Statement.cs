// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Exchange;

/// <summary>A change of an account's units of one asset.</summary>
internal sealed record StatementEntry(
    Event Event, string Kind, string Asset, bool Adds, Amount Amount, Amount After, ByteString? Other,
    ulong Tag)
{
    public Amount Before => Adds ? After - Amount : After + Amount;
}

/// <summary>
/// What changed an account's units in a period, the oldest first. Each entry begins with the balance that the
/// one of the same asset before it left, or the statement is refused: between two entries none is missing.
/// Before the first and after the last, and of an asset without any, the node's word is all there is;
/// a reconciliation at the period's ends, or proofs of the balances, show what it left out there.
/// </summary>
internal sealed class Statement(Session session, Address account, string? asset)
{
    /// <param name="since">From this moment on, ms.</param>
    /// <param name="until">Before this moment, ms.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="CliException">The node's events do not follow from each other, or begin too late.
    /// </exception>
    public async Task RunAsync(ulong since, ulong until, CancellationToken token)
    {
        List<StatementEntry> entries = await ReadAsync(since, until, token);
        var decimals = new Decimals();
        await decimals.LearnAsync(session, entries.Select(static e => e.Asset).Distinct(), token);
        session.Output.List(
            entries, ToJson,
            new Column<StatementEntry>("id", e => DepositId.Of(e.Event)),
            new Column<StatementEntry>("time (UTC)", e => Times.Human(e.Event.TimeMs)),
            new Column<StatementEntry>("what", e => e.Kind),
            new Column<StatementEntry>("with", e => e.Other is { } o ? session.Addresses.Name(o) : ""),
            new Column<StatementEntry>("tag", e => e.Tag == 0 ? "" : Number(e.Tag)),
            new Column<StatementEntry>("asset", e => e.Asset),
            new Column<StatementEntry>(
                "amount", e => (e.Adds ? "+" : "-") + decimals.Show(e.Asset, e.Amount.ToString()),
                Right: true),
            new Column<StatementEntry>(
                "balance", e => decimals.Show(e.Asset, e.After.ToString()), Right: true));
    }

    private async Task<List<StatementEntry>> ReadAsync(ulong since, ulong until, CancellationToken token)
    {
        var entries = new List<StatementEntry>();
        string page = "";
        ulong oldest;
        do
        {
            var request = new ListHistoryRequest
            {
                Account = ByteString.CopyFrom(account.ToArray()),
                PageSize = Limits.PageRows,
                PageToken = page,
            };
            ListHistoryResponse r = await session.Connection.ReadAsync(
                (node, call) => node.Queries.ListHistoryAsync(request, call), token);
            entries.AddRange(r.Events
                .Where(e => e.TimeMs >= since && e.TimeMs < until)
                .Select(EntryOf)
                .OfType<StatementEntry>()
                .Where(e => asset is null || e.Asset == asset));
            page = r.Events.Count > 0 && r.Events[^1].TimeMs < since ? "" : r.NextPageToken;
            oldest = r.Events.Count > 0 && r.Events[^1].TimeMs < since ? 0 : r.OldestHeight;
        }
        while (page.Length > 0);
        if (oldest > 1)
        {
            session.Talk.Warn(
                $"This node knows nothing from before height {oldest}; ask another for what was earlier.");
        }

        entries.Reverse();
        RequireWhole(entries);
        return entries;
    }

    private StatementEntry? EntryOf(Event e)
    {
        (string Kind, string Asset, bool Adds, string Amount, string After, ByteString? Other, ulong Tag)?
            read = e switch
            {
                { UnitsIssued: { } v } => ("issued", v.Asset, true, v.Amount, v.BalanceAfter, null, 0),
                { UnitsBurned: { } v } => ("burned", v.Asset, false, v.Amount, v.BalanceAfter, null, 0),
                { Transferred: { } v } when v.From.Span.SequenceEqual(account.ToArray()) =>
                    ("sent", v.Asset, false, v.Amount, v.FromAfter, v.To, v.Tag),
                { Transferred: { } v } => ("received", v.Asset, true, v.Amount, v.ToAfter, v.From, v.Tag),
                _ => null,
            };
        if (read is not { } r)
        {
            return null;
        }

        return Amount.TryParse(r.Amount, out Amount amount) && Amount.TryParse(r.After, out Amount after)
            && (r.Adds ? after >= amount : after.TryAdd(amount, out _))
            ? new StatementEntry(e, r.Kind, r.Asset, r.Adds, amount, after, r.Other, r.Tag)
            : throw Broken(e);
    }

    private static void RequireWhole(List<StatementEntry> entries)
    {
        var left = new Dictionary<string, Amount>(StringComparer.Ordinal);
        foreach (StatementEntry entry in entries)
        {
            if (left.TryGetValue(entry.Asset, out Amount before) && before != entry.Before)
            {
                throw Broken(entry.Event);
            }

            left[entry.Asset] = entry.After;
        }
    }

    private static CliException Broken(Event e) => new(
        "STATEMENT_BROKEN", ExitCode.VerificationFailed,
        $"Entry {DepositId.Of(e)} does not follow from the one before it.",
        "The node leaves something out, or says something that is not so.",
        "Ask another node: --endpoint URL");

    private JsonObject ToJson(StatementEntry e) => new()
    {
        ["id"] = DepositId.Of(e.Event),
        ["height"] = e.Event.Height,
        ["index"] = e.Event.Index,
        ["time"] = Times.Iso(e.Event.TimeMs),
        ["transactionId"] = Convert.ToHexStringLower(e.Event.TransactionId.Span),
        ["kind"] = e.Kind,
        ["asset"] = e.Asset,
        ["amount"] = e.Amount.ToString(),
        ["balanceBefore"] = e.Before.ToString(),
        ["balanceAfter"] = e.After.ToString(),
        ["counterparty"] = e.Other is { } other ? AddressBook.Text(other) : null,
        ["tag"] = e.Tag == 0 ? null : Number(e.Tag),
    };

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
