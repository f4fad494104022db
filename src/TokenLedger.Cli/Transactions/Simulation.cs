// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Transactions;

/// <summary>What a transaction would do, before and after; nothing is sent.</summary>
internal static class Simulation
{
    /// <exception cref="CliException">It would be refused.</exception>
    public static async Task RunAsync(Session session, byte[] body, CancellationToken token)
    {
        SimulateTransactionResponse result = await AskAsync(session, body, token);
        var decimals = new Decimals();
        if (session.Output.IsTable)
        {
            await decimals.LearnAsync(
                session,
                result.BalanceChanges.Select(c => c.Asset).Concat(EventView.AssetsOf(result.Events)),
                token);
        }

        Show(session, result, decimals);
        if (!result.Succeeded)
        {
            throw RpcFailure.Refused(
                result.Refusal?.Code ?? "FAILED", $"It would be refused: {result.Refusal?.Detail}");
        }

        session.Talk.Say("Nothing was sent.");
    }

    /// <summary>Requires that the ledger would take it now: a refusal says here why, before it costs a
    /// nonce.</summary>
    /// <exception cref="CliException">It would be refused.</exception>
    public static async Task RequireAsync(Session session, byte[] body, CancellationToken token)
    {
        if (await RefusalAsync(session, body, token) is { } refusal)
        {
            throw RpcFailure.Refused(refusal.Code, $"{refusal.Detail} Nothing was sent.".TrimStart());
        }
    }

    /// <summary>Why the ledger would refuse it now; null when it would take it.</summary>
    public static async Task<Refusal?> RefusalAsync(Session session, byte[] body, CancellationToken token)
    {
        SimulateTransactionResponse result = await AskAsync(session, body, token);
        return result.Succeeded ? null : result.Refusal ?? new Refusal { Code = "FAILED" };
    }

    private static async Task<SimulateTransactionResponse> AskAsync(
        Session session, byte[] body, CancellationToken token)
    {
        var request = new SimulateTransactionRequest { Body = ByteString.CopyFrom(body) };
        return await session.Connection.ReadAsync(
            (node, call) => node.Transactions.SimulateTransactionAsync(request, call), token);
    }

    private static void Show(Session session, SimulateTransactionResponse result, Decimals decimals)
    {
        if (!session.Output.IsTable)
        {
            session.Output.Write(new JsonObject
            {
                ["simulated"] = true,
                ["asOfHeight"] = result.Height,
                ["succeeded"] = result.Succeeded,
                ["refusal"] = TransactionView.ToJson(result.Refusal),
                ["balanceChanges"] =
                    new JsonArray([.. result.BalanceChanges.Select(c => (JsonNode)new JsonObject
                {
                    ["account"] = AddressBook.Text(c.Account),
                    ["asset"] = c.Asset,
                    ["before"] = c.Before,
                    ["after"] = c.After,
                })]),
                ["events"] = new JsonArray([.. result.Events.Select(e => (JsonNode)EventView.ToJson(e))]),
            });
            return;
        }

        session.Output.Lines(("simulated at", $"height {result.Height}"));
        if (result.BalanceChanges.Count > 0)
        {
            session.Output.List(
                result.BalanceChanges,
                _ => [],
                new Column<BalanceChange>("account", c => session.Addresses.Name(c.Account)),
                new Column<BalanceChange>("asset", c => c.Asset),
                new Column<BalanceChange>("before", c => decimals.Show(c.Asset, c.Before), Right: true),
                new Column<BalanceChange>("after", c => decimals.Show(c.Asset, c.After), Right: true));
        }

        foreach (Event e in result.Events)
        {
            session.Output.Lines(("event", EventView.Line(e, session.Addresses, decimals)));
        }
    }
}
