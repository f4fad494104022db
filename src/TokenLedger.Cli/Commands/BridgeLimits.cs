// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Protocol.Bridge.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl bridge limits: what may pass, by the ledger and by the contracts abroad.</summary>
internal static class BridgeLimits
{
    public static TlCommand Build()
    {
        Option<ulong?> chain = BridgeVerbs.Chain();
        return new TlCommand(
            "limits",
            "Shows what may pass in each direction, now and per day, on the ledger and abroad, and what is "
                + "locked of what may be.",
            "tl bridge limits", "tl bridge limits -o json") { chain }.Does(async (session, token) =>
        {
            Lane lane = await BridgeVerbs.LaneAsync(session, session.Value(chain), token);
            GetLimitsAbroadResponse? abroad = await AbroadAsync(session, lane.Terms.ChainId, token);
            session.Output.List(
                lane.Tokens,
                one => ToJson(one, abroad),
                new Column<LaneToken>("asset", static t => t.Asset),
                new Column<LaneToken>("out now", static t =>
                    BridgeView.Units(t.OutboundAvailable, t), Right: true),
                new Column<LaneToken>("in now", static t =>
                    BridgeView.Units(t.InboundAvailable, t), Right: true),
                new Column<LaneToken>("locked", static t => BridgeView.Units(t.InEscrow, t), Right: true),
                new Column<LaneToken>("ceiling", static t => BridgeView.Units(t.Ceiling, t), Right: true));
            foreach (LaneToken one in lane.Tokens)
            {
                session.Output.Lines([("", ""), .. BridgeLimitsView.Lines(one, abroad)]);
            }
        });
    }

    /// <summary>The contracts' limits; null, with the reason told, when the node cannot tell them: the
    /// ledger's are worth showing without them.</summary>
    private static async Task<GetLimitsAbroadResponse?> AbroadAsync(
        Session session, ulong chainId, CancellationToken token)
    {
        try
        {
            GetLimitsAbroadResponse abroad = await session.Connection.ReadAsync(
                (node, call) => node.Bridge.GetLimitsAbroadAsync(
                    new GetLimitsAbroadRequest { ChainId = chainId }, call),
                token);
            session.Talk.Say($"abroad as of block {abroad.BlockNumber} of chain {chainId}");
            return abroad;
        }
        catch (CliException e) when (e.Code is "BRIDGE_NOT_FOLLOWED" or "BRIDGE_CHAIN_UNREADABLE")
        {
            session.Talk.Say($"The limits abroad are not known. {e.Message}");
            return null;
        }
    }

    private static JsonObject ToJson(LaneToken token, GetLimitsAbroadResponse? abroad)
    {
        JsonObject json = BridgeView.ToJson(token);
        json["abroad"] = BridgeLimitsView.ToJson(abroad, token.Asset);
        return json;
    }
}
