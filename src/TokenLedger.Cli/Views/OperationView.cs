// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Views;

/// <summary>What operations say, in the machine's form and in people's.</summary>
internal static class OperationView
{
    public static string Name(Operation operation) => operation switch
    {
        Transfer => "transfer",
        RequireTag => "require_tag",
        RegisterAccount => "register_account",
        Propose => "propose",
        ApproveProposal => "approve_proposal",
        CancelProposal => "cancel_proposal",
        _ => Snake(operation.GetType().Name),
    };

    public static string Name(PrivilegedOperation operation) => Snake(operation.Kind.ToString());

    public static IReadOnlyList<Fact> Facts(Operation operation) => operation switch
    {
        Transfer o =>
        [
            Fact.Of("asset", o.Asset.ToString()),
            Fact.Of("to", o.To),
            Fact.OfTag("tag", o.Tag),
            Fact.OfAmount("amount", o.Asset, o.Amount),
            Fact.OfTag("sourceTag", o.SourceTag),
        ],
        RequireTag o => [Fact.Of("account", o.Account), Fact.Of("required", o.Required)],
        RegisterAccount o =>
        [
            Fact.Of("account", o.Account),
            Fact.Of("kind", Snake(o.Kind.ToString())),
            Fact.Of("institution", o.Institution),
        ],
        Propose o => [Fact.OfTime("expires", o.Expires.Value), Fact.Of("reason", o.Reason)],
        ApproveProposal o => [Fact.Of("proposalId", o.ProposalId), Fact.Of("payloadHash", o.PayloadHash)],
        CancelProposal o => [Fact.Of("proposalId", o.ProposalId), Fact.Of("reason", o.Reason)],
        _ => BridgeOperationView.Facts(operation),
    };

    public static IReadOnlyList<Fact> Facts(PrivilegedOperation operation) => operation switch
    {
        CreateAsset o => FactsOf(o.Definition),
        IssueUnits o =>
        [
            Fact.Of("asset", o.Asset.ToString()),
            Fact.Of("to", o.To),
            Fact.OfAmount("amount", o.Asset, o.Amount),
        ],
        BurnUnits o =>
        [
            Fact.Of("asset", o.Asset.ToString()),
            Fact.Of("from", o.From),
            Fact.OfAmount("amount", o.Asset, o.Amount),
            Fact.Of("reason", o.Reason),
        ],
        AttachDocument o =>
        [
            Fact.Of("asset", o.Asset.ToString()),
            Fact.Of("title", o.Document.Title),
            Fact.Of("hash", o.Document.Hash),
            Fact.Of("uri", o.Document.Uri),
        ],
        SetAssetCap o => [Fact.Of("asset", o.Asset.ToString()), Fact.OfAmount("cap", o.Asset, o.Cap)],
        PauseAsset o => [Fact.Of("asset", o.Asset.ToString()), Fact.Of("reason", o.Reason)],
        ResumeAsset o => [Fact.Of("asset", o.Asset.ToString()), Fact.Of("reason", o.Reason)],
        FreezeAccount o =>
        [
            Fact.Of("account", o.Account),
            Fact.Of("mode", Snake(o.Mode.ToString())),
            Fact.Of("legalReference", o.LegalReference),
            Fact.Of("documentHash", o.DocumentHash),
        ],
        UnfreezeAccount o => [Fact.Of("account", o.Account), Fact.Of("legalReference", o.LegalReference)],
        GrantOfficer o =>
        [
            Fact.Of("institution", o.Institution),
            Fact.Of("officer", o.Officer),
            Fact.Of("duties", DutiesText.Show((uint)o.Duties)),
            Fact.Of("name", o.Name),
        ],
        RevokeOfficer o => [Fact.Of("officer", o.Officer), Fact.Of("reason", o.Reason)],
        _ => BridgeOperationView.Facts(operation),
    };

    public static JsonObject ToJson(Operation operation)
    {
        JsonObject json = Fact.ToJson("operation", Name(operation), Facts(operation));
        if (operation is Propose propose)
        {
            json["payload"] = new JsonArray([.. propose.Payload.Select(p => (JsonNode)ToJson(p))]);
        }

        return json;
    }

    public static JsonObject ToJson(PrivilegedOperation operation) =>
        Fact.ToJson("operation", Name(operation), Facts(operation));

    /// <summary>The assets that operations speak of.</summary>
    public static IEnumerable<string> AssetsOf(IEnumerable<Operation> operations) =>
        AmountsOf(operations).Select(f => f.Asset);

    /// <summary>The amounts that operations have, those of proposals included.</summary>
    public static IEnumerable<Fact> AmountsOf(IEnumerable<Operation> operations) => operations
        .SelectMany(o => o is Propose p ? p.Payload.SelectMany(Facts) : Facts(o))
        .Where(f => f.Kind == FactKind.Amount);

    /// <summary>An operation as labelled lines; amounts in figures both ways and in words.</summary>
    public static IEnumerable<(string Label, string Value)> Lines(
        string name, IEnumerable<Fact> facts, AddressBook addresses, Decimals decimals)
    {
        yield return ("operation", name.Replace('_', ' '));
        foreach (Fact fact in facts)
        {
            if (fact.Kind == FactKind.Tag && fact.Text.Length == 0)
            {
                continue;
            }

            string label = "  " + Snake(fact.Key).Replace('_', ' ');
            if (fact.Kind == FactKind.Address && fact.Text.Length > 0)
            {
                yield return (label, addresses.NameAndAddress(addresses.Resolve(fact.Text)));
            }
            else
            {
                yield return (label, fact.Kind == FactKind.Amount
                    ? decimals.ShowWithBasis(fact.Asset, fact.Text)
                    : fact.Human(addresses, decimals));
            }

            if (fact.Kind == FactKind.Amount && decimals.Of(fact.Asset) is { } places
                && Amount.TryParse(fact.Text, out Amount amount))
            {
                string[] readings =
                [
                    AmountText.GroupedByLakh(amount, places), AmountWords.Of(amount, places),
                    AmountWords.OfByLakh(amount, places),
                ];
                // A small amount reads the same both ways, and is said once.
                foreach (string reading in readings.Distinct().Except([fact.Human(addresses, decimals)]))
                {
                    yield return ("", reading);
                }
            }
        }
    }

    /// <summary>PascalCase or camelCase as words with underscores.</summary>
    public static string Snake(string name)
    {
        var text = new System.Text.StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static Fact[] FactsOf(AssetDefinition asset) =>
    [
        Fact.Of("asset", asset.Id.ToString()),
        Fact.Of("class", Snake(asset.Class.ToString())),
        Fact.Of("name", asset.Name),
        Fact.Of("nameUrdu", asset.NameUrdu),
        Fact.Of("decimals", asset.Decimals),
        Fact.OfAmount("cap", asset.Id, asset.Cap),
        Fact.Of("unitValueUsd", AmountText.Plain(new Amount(asset.UnitValueMicroUsd), 6)),
        Fact.Of("issuer", asset.Issuer),
        Fact.Of("isin", asset.Terms.Isin),
        Fact.OfTime("issueDate", asset.Terms.IssueDate.Value),
        Fact.OfTime("maturityDate", asset.Terms.MaturityDate.Value),
        Fact.Of("couponBasisPoints", asset.Terms.CouponBasisPoints),
        Fact.Of("paymentsPerYear", asset.Terms.PaymentsPerYear),
        Fact.Of("dayCount", Snake(asset.Terms.DayCount.ToString())),
        .. asset.Terms.Attributes.Select(a => Fact.Of("attribute:" + a.Key, a.Value)),
    ];
}

/// <summary>An officer's duties in words.</summary>
internal static class DutiesText
{
    public static string Show(uint duties)
    {
        string[] words =
        [
            .. new[] { (1u, "maker"), (2u, "checker"), (4u, "registrar") }
                .Where(d => (duties & d.Item1) != 0)
                .Select(d => d.Item2),
        ];
        return words.Length == 0 ? "revoked" : string.Join('+', words);
    }
}
