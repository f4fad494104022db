// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl event: everything that happens, in order, from any point.</summary>
internal static class EventCommand
{
    public const string Name = "event";
    public const string About = "Events: everything that becomes final, in order, from any cursor.";

    public static TlCommand Build() => new(Name, About, "tl event watch -o ndjson") { Watch() };

    private static TlCommand Watch()
    {
        // --from is the cursor here; who signs plays no part in reading.
        var from = new Option<string?>("--from")
        {
            Description = "Resume after this cursor (default: the beginning of the chain).",
            HelpName = "CURSOR",
        };
        var accounts = new Option<string[]>("--account")
        {
            Description = "Only what touches this account; repeat it for more.",
            HelpName = "ACCOUNT",
        };
        var types = new Option<string[]>("--type")
        {
            Description = "Only events of this type, e.g. transferred; repeat it for more.",
            HelpName = "TYPE",
        };
        Option<int> limit = Paging.LimitOption(0);
        return new TlCommand(
            "watch",
            "Prints final events, until Ctrl-C or --limit of them. A lost connection is taken up again "
                + "from its last cursor; ndjson has it.",
            "tl event watch -o ndjson",
            "tl event watch --from CURSOR --account exchange-1 --type transferred -o ndjson")
            { from, accounts, types, limit }
            .Does((session, token) =>
            {
                var request = new SubscribeRequest { Cursor = session.Value(from) ?? "" };
                request.Accounts.AddRange((session.Value(accounts) ?? []).Select(
                    a => ByteString.CopyFrom(session.Addresses.Resolve(a).ToArray())));
                request.Types_.AddRange(session.Value(types) ?? []);
                return FollowAsync(session, request, session.Value(limit), token);
            });
    }

    private static Task FollowAsync(
        Session session, SubscribeRequest request, int limit, CancellationToken token)
    {
        var decimals = new Decimals();
        int left = limit;
        return Following.RunAsync(
            session,
            (node, call) => node.Events.Subscribe(request, call),
            item => item.Heartbeat,
            async item =>
            {
                if (item.Event is { } e)
                {
                    await ShowAsync(session, item.Cursor, e, decimals, token);
                    left--;
                }

                // Only what was shown is behind us.
                request.Cursor = item.Cursor;
                return limit > 0 && left == 0;
            },
            token);
    }

    private static async Task ShowAsync(
        Session session, string cursor, Event e, Decimals decimals, CancellationToken token)
    {
        if (session.Output.IsTable)
        {
            await decimals.LearnAsync(session, EventView.AssetsOf([e]), token);
        }

        JsonObject json = EventView.ToJson(e);
        json["cursor"] = cursor;
        string height = e.Height.ToString(CultureInfo.InvariantCulture);
        session.Output.StreamItem(
            json, $"{height,8}  {Times.Human(e.TimeMs)} ",
            EventView.Line(e, session.Addresses, decimals));
    }
}
