// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Protocol.Ledger.V1;
using Kind = TokenLedger.Protocol.Ledger.V1.Event.KindOneofCase;

namespace TokenLedger.Cli.Views;

/// <summary>What events say, in the machine's form and in people's.</summary>
internal static class EventView
{
    public static string Name(Event e) => OperationView.Snake(e.KindCase.ToString());

    public static IReadOnlyList<Fact> Facts(Event e) =>
        Units(e) ?? Register(e) ?? Assets(e) ?? Governance(e) ?? BridgeEventView.Facts(e) ?? [];

    public static JsonObject ToJson(Event e)
    {
        JsonObject json = Fact.ToJson("type", Name(e), Facts(e));
        json["height"] = e.Height;
        json["index"] = e.Index;
        json["time"] = Times.Iso(e.TimeMs);
        json["transactionId"] = e.TransactionId.IsEmpty ? null
            : Convert.ToHexStringLower(e.TransactionId.Span);
        return json;
    }

    /// <summary>One line without its place: "transferred asset GOV-BOND-2031, amount 5".</summary>
    public static string Line(Event e, AddressBook addresses, Decimals decimals) =>
        Name(e).Replace('_', ' ') + ": "
        + string.Join(", ", Facts(e)
            .Where(f => f.Text.Length > 0)
            .Select(f => $"{OperationView.Snake(f.Key).Replace('_', ' ')} {f.Human(addresses, decimals)}"));

    public static IEnumerable<string> AssetsOf(IEnumerable<Event> events) =>
        events.SelectMany(Facts).Where(f => f.Kind == FactKind.Amount).Select(f => f.Asset);

    private static Fact[]? Units(Event e) => e.KindCase switch
    {
        Kind.UnitsIssued => e.UnitsIssued is var v ?
        [
            Fact.Of("asset", v.Asset), Fact.OfAddress("to", v.To), Fact.OfAmount("amount", v.Asset, v.Amount),
            Fact.OfAmount("balanceAfter", v.Asset, v.BalanceAfter),
            Fact.OfAmount("supplyAfter", v.Asset, v.SupplyAfter),
        ] : null,
        Kind.UnitsBurned => e.UnitsBurned is var v ?
        [
            Fact.Of("asset", v.Asset), Fact.OfAddress("from", v.From),
            Fact.OfAmount("amount", v.Asset, v.Amount),
            Fact.OfAmount("balanceAfter", v.Asset, v.BalanceAfter),
            Fact.OfAmount("supplyAfter", v.Asset, v.SupplyAfter),
        ] : null,
        Kind.Transferred => e.Transferred is var v ?
        [
            Fact.Of("asset", v.Asset), Fact.OfAddress("from", v.From), Fact.OfAddress("to", v.To),
            Fact.OfAmount("amount", v.Asset, v.Amount),
            Fact.OfAmount("fromAfter", v.Asset, v.FromAfter), Fact.OfAmount("toAfter", v.Asset, v.ToAfter),
            Fact.OfTag("tag", v.Tag), Fact.OfTag("sourceTag", v.SourceTag),
        ] : null,
        _ => null,
    };

    private static Fact[]? Register(Event e) => e.KindCase switch
    {
        Kind.AccountRegistered => e.AccountRegistered is var v ?
        [
            Fact.OfAddress("account", v.Account), Fact.Of("kind", OperationView.Snake(v.Kind.ToString())),
            Fact.OfAddress("institution", v.Institution), Fact.OfAddress("registrar", v.Registrar),
        ] : null,
        Kind.AccountFrozen => e.AccountFrozen is var v ?
        [
            Fact.OfAddress("account", v.Account), Fact.Of("mode", OperationView.Snake(v.Mode.ToString())),
            Fact.Of("legalReference", v.LegalReference), Fact.OfHash("documentHash", v.DocumentHash),
        ] : null,
        Kind.AccountUnfrozen => e.AccountUnfrozen is var v ?
        [
            Fact.OfAddress("account", v.Account), Fact.Of("legalReference", v.LegalReference),
        ] : null,
        Kind.TagRequirementSet => e.TagRequirementSet is var v ?
        [
            Fact.OfAddress("account", v.Account), Fact.Of("required", v.Required), Fact.OfAddress("by", v.By),
        ] : null,
        _ => null,
    };

    private static Fact[]? Assets(Event e) => e.KindCase switch
    {
        Kind.AssetCreated => e.AssetCreated is var v ?
        [
            Fact.Of("asset", v.Asset), Fact.Of("class", OperationView.Snake(v.AssetClass.ToString())),
            Fact.OfAmount("cap", v.Asset, v.Cap), Fact.OfAddress("issuer", v.Issuer),
        ] : null,
        Kind.DocumentAttached => e.DocumentAttached is var v
            ? [Fact.Of("asset", v.Asset), Fact.OfHash("documentHash", v.DocumentHash)] : null,
        Kind.AssetCapSet => e.AssetCapSet is var v
            ? [Fact.Of("asset", v.Asset), Fact.OfAmount("cap", v.Asset, v.Cap)] : null,
        Kind.AssetPaused => e.AssetPaused is var v
            ? [Fact.Of("asset", v.Asset), Fact.Of("reason", v.Reason)] : null,
        Kind.AssetResumed => e.AssetResumed is var v
            ? [Fact.Of("asset", v.Asset), Fact.Of("reason", v.Reason)] : null,
        _ => null,
    };

    private static Fact[]? Governance(Event e) => e.KindCase switch
    {
        Kind.OfficerGranted => e.OfficerGranted is var v ?
        [
            Fact.OfAddress("institution", v.Institution), Fact.OfAddress("officer", v.Officer),
            Fact.Of("duties", DutiesText.Show(v.Duties)),
        ] : null,
        Kind.OfficerRevoked => e.OfficerRevoked is var v
            ? [Fact.OfAddress("institution", v.Institution), Fact.OfAddress("officer", v.Officer)] : null,
        Kind.ProposalOpened => e.ProposalOpened is var v ?
        [
            Fact.Of("proposalId", v.ProposalId), Fact.OfAddress("maker", v.Maker),
            Fact.OfHash("payloadHash", v.PayloadHash),
        ] : null,
        Kind.ProposalApproved => e.ProposalApproved is var v
            ? [Fact.Of("proposalId", v.ProposalId), Fact.OfAddress("checker", v.Checker)] : null,
        Kind.ProposalScheduled => e.ProposalScheduled is var v
            ? [Fact.Of("proposalId", v.ProposalId), Fact.OfTime("executeAt", v.ExecuteAtMs)] : null,
        Kind.ProposalExecuted => e.ProposalExecuted is var v ? [Fact.Of("proposalId", v.ProposalId)] : null,
        Kind.ProposalCancelled => e.ProposalCancelled is var v ?
        [
            Fact.Of("proposalId", v.ProposalId), Fact.OfAddress("by", v.By), Fact.Of("reason", v.Reason),
        ] : null,
        Kind.ProposalFailed => e.ProposalFailed is var v
            ? [Fact.Of("proposalId", v.ProposalId), Fact.Of("code", v.Code)] : null,
        _ => null,
    };
}
