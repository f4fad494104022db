// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl block: the chain.</summary>
internal static class BlockCommand
{
    public const string Name = "block";
    public const string About = "Final blocks: list, show, watch.";

    private const int DefaultRows = 20;

    public static TlCommand Build() => new(Name, About, "tl block list --limit 5", "tl block show 884213")
    { List(), Show(), Watch() };

    private static TlCommand List()
    {
        Option<int> limit = Paging.LimitOption(DefaultRows);
        return new TlCommand("list", "Lists final blocks, newest first.", "tl block list --limit 5") { limit }
            .Does(async (session, token) =>
            {
                List<BlockSummary> blocks =
                    await Paging.ReadAsync(session, session.Value(limit), async (size, page) =>
                {
                    var request = new ListBlocksRequest { PageSize = size, PageToken = page };
                    ListBlocksResponse r = await session.Connection.ReadAsync(
                        (node, call) => node.Queries.ListBlocksAsync(request, call), token);
                    return new Page<BlockSummary>(r.Blocks, r.NextPageToken, r.AsOfHeight);
                });
                session.Output.List(
                    blocks,
                    ToJson,
                    new Column<BlockSummary>("height", b => Number(b.Height), Right: true),
                    new Column<BlockSummary>("time (UTC)", b => Times.Human(b.TimeMs)),
                    new Column<BlockSummary>("txs", b => Number(b.TransactionCount), Right: true),
                    new Column<BlockSummary>("proposer", b => b.Proposer),
                    new Column<BlockSummary>("signers", Signers, Right: true),
                    new Column<BlockSummary>("hash", b => Short(b.Hash)));
            });
    }

    private static TlCommand Show()
    {
        var which = new Argument<string>("block") { Description = "A height, or a block's hash." };
        return new TlCommand(
            "show", "Shows a block: its roots, signers, transactions and events.",
            "tl block show 884213", "tl block show 884213 -o json") { which }
            .Does(async (session, token) =>
            {
                GetBlockRequest request = RequestOf(session.Value(which));
                GetBlockResponse block = await session.Connection.ReadAsync(
                    (node, call) => node.Queries.GetBlockAsync(request, call), token);
                var decimals = new Decimals();
                if (session.Output.IsTable)
                {
                    await decimals.LearnAsync(session, EventView.AssetsOf(block.Events), token);
                }

                Show(session, block, decimals);
            });
    }

    private static TlCommand Watch()
    {
        Option<ulong> from = new("--from-height")
        { Description = "Begin with this height (default: the next).", HelpName = "N" };
        Option<int> count = Paging.LimitOption(0);
        return new TlCommand(
            "watch", "Prints blocks as they become final. Ends with Ctrl-C, or after --limit blocks.",
            "tl block watch", "tl block watch --from-height 1 -o ndjson") { from, count }
            .Does((session, token) =>
            {
                ulong next = session.Value(from);
                int limit = session.Value(count);
                int left = limit;
                return Following.RunAsync(
                    session,
                    (node, call) =>
                        node.Queries.WatchBlocks(new WatchBlocksRequest { FromHeight = next }, call),
                    item => item.Heartbeat,
                    item =>
                    {
                        if (item.Block is { } block)
                        {
                            next = block.Height + 1;
                            session.Output.StreamItem(ToJson(block), Head(block.Height, block.TimeMs),
                                $"{Number(block.TransactionCount),5} txs  {block.Proposer}");
                            left--;
                        }

                        return Task.FromResult(limit > 0 && left == 0);
                    },
                    token);
            });
    }

    private static GetBlockRequest RequestOf(string text)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong height))
        {
            return new GetBlockRequest { Height = height };
        }

        return Hash256.TryParse(text, out Hash256 hash)
            ? new GetBlockRequest { Hash = ByteString.CopyFrom(hash.ToArray()) }
            : throw CliException.Usage(
                $"'{text}' is neither a height nor a block's hash.", next: "tl block list");
    }

    private static void Show(Session session, GetBlockResponse block, Decimals decimals)
    {
        BlockSummary s = block.Summary;
        JsonObject json = ToJson(s);
        json["header"] = Convert.ToHexStringLower(block.Header.Span);
        json["certificate"] = Convert.ToHexStringLower(block.Certificate.Span);
        json["transactions"] = new JsonArray([.. block.Transactions.Select(t => (JsonNode)new JsonObject
        {
            ["transactionId"] = Convert.ToHexStringLower(t.TransactionId.Span),
            ["succeeded"] = t.Succeeded,
            ["refusal"] = TransactionView.ToJson(t.Refusal),
        })]);
        json["events"] = new JsonArray([.. block.Events.Select(e => (JsonNode)EventView.ToJson(e))]);
        session.Output.Detail(
            json,
            [
                ("height", Number(s.Height)),
                ("hash", Convert.ToHexStringLower(s.Hash.Span)),
                ("parent", Convert.ToHexStringLower(s.ParentHash.Span)),
                ("state root", Convert.ToHexStringLower(s.StateRoot.Span)),
                ("time", Times.Human(s.TimeMs) + " UTC"),
                ("proposer", $"{s.Proposer}, view {s.View}"),
                ("signers", Signers(s)),
                .. block.Transactions.Select(t => ("transaction",
                    Convert.ToHexStringLower(t.TransactionId.Span)
                        + (t.Succeeded ? "" : $" FAILED {t.Refusal?.Code}"))),
                .. block.Events.Select(e => ("event", EventView.Line(e, session.Addresses, decimals))),
            ]);
    }

    private static JsonObject ToJson(BlockSummary block) => new()
    {
        ["height"] = block.Height,
        ["hash"] = Convert.ToHexStringLower(block.Hash.Span),
        ["parentHash"] = Convert.ToHexStringLower(block.ParentHash.Span),
        ["time"] = Times.Iso(block.TimeMs),
        ["view"] = block.View,
        ["proposer"] = block.Proposer,
        ["transactionCount"] = block.TransactionCount,
        ["stateRoot"] = Convert.ToHexStringLower(block.StateRoot.Span),
        ["signers"] = block.Signers,
    };

    /// <summary>Nobody signs genesis; whoever starts a node vouches for it.</summary>
    private static string Signers(BlockSummary block) => block.Height == 0 ? "-" : Number(block.Signers);

    private static string Head(ulong height, ulong timeMs) =>
        $"{Number(height),10}  {Times.Human(timeMs)} ";

    private static string Short(ByteString hash) =>
        Convert.ToHexStringLower(hash.Span) is { Length: > 16 } text ? text[..16] : "-";

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
