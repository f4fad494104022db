// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Wire;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Views;

/// <summary>Proposals, their payloads, and what they still need.</summary>
internal static class ProposalView
{
    /// <summary>
    /// The payload in its domain form, by the one mapper there is: a transaction that would propose the same.
    /// </summary>
    /// <exception cref="CliException">It is no payload.</exception>
    public static ImmutableArray<PrivilegedOperation> Payload(V1.Proposal proposal)
    {
        var propose = new V1.Propose { ExpiresMs = proposal.ExpiresMs };
        propose.Payload.AddRange(proposal.Payload);
        var carrier = new V1.Transaction
        {
            Sender = ByteString.CopyFrom(new byte[Address.Size]),
            Operations = { new V1.Operation { Propose = propose } },
        };
        Rejection? refused = TransactionMapper.TryDecode(carrier.ToByteArray(), out Transaction? transaction);
        return refused is null && transaction!.Operations[0] is Propose decoded
            ? decoded.Payload
            : throw new CliException(
                "PAYLOAD_MALFORMED", ExitCode.VerificationFailed, "The node's payload cannot be decoded.",
                refused?.Detail ?? "");
    }

    /// <summary>Requires that what is shown is what would be approved.</summary>
    /// <returns>The hash, computed here.</returns>
    public static Hash256 VerifiedHash(
        V1.Proposal proposal, in Hash256 genesisHash, ImmutableArray<PrivilegedOperation> payload)
    {
        Hash256 computed = PrivilegedCodec.PayloadHash(genesisHash, payload);
        if (!proposal.PayloadHash.Span.SequenceEqual(computed.ToArray()))
        {
            throw new CliException(
                "PAYLOAD_MISMATCH", ExitCode.VerificationFailed,
                "The payload that the node shows is not the one it names.",
                $"Its hash is {computed}; the node says "
                + $"{Convert.ToHexStringLower(proposal.PayloadHash.Span)}.",
                "Ask another node: --endpoint URL. Approve nothing until they agree.");
        }

        return computed;
    }

    public static string StatusName(V1.ProposalStatus status) => OperationView.Snake(status.ToString());

    /// <summary>One line: "issue units GOV-BOND-2031 5.00".</summary>
    public static string Summary(V1.Proposal proposal, Decimals decimals)
    {
        ImmutableArray<PrivilegedOperation> payload = Payload(proposal);
        IReadOnlyList<Fact> facts = OperationView.Facts(payload[0]);
        string asset = facts.FirstOrDefault(f => f.Key == "asset")?.Text ?? "";
        string amount = facts.FirstOrDefault(f => f.Kind == FactKind.Amount) is { } a
            ? decimals.Show(a.Asset, a.Text) : "";
        string more = payload.Length > 1 ? $" and {payload.Length - 1} more" : "";
        return string.Join(' ', new[] { OperationView.Name(payload[0]).Replace('_', ' '), asset, amount }
            .Where(s => s.Length > 0)) + more;
    }

    /// <summary>"2 approvals from 2 institutions, one of them of: regulator; then a delay of 1 h".</summary>
    public static string Needs(V1.PolicyTier? tier)
    {
        if (tier is null)
        {
            return "(unknown)";
        }

        string text =
            $"{tier.Approvals} {(tier.Approvals == 1 ? "approval" : "approvals")} from {tier.Institutions} "
            + (tier.Institutions == 1 ? "institution" : "institutions");
        if (tier.RequiredKinds.Count > 0)
        {
            text += ", with " + string.Join(" and ", tier.RequiredKinds.Select(PolicyText.Kind));
        }

        return tier.DelayMs == 0 ? text : text
            + $"; then a delay of {Durations.Words(tier.DelayMs)}";
    }

    public static string NextCommand(V1.Proposal proposal) =>
        $"tl proposal approve {proposal.ProposalId.ToString(CultureInfo.InvariantCulture)} --from CHECKER";

    public static JsonObject ToJson(V1.Proposal proposal) => new()
    {
        ["proposalId"] = proposal.ProposalId,
        ["status"] = StatusName(proposal.Status),
        ["payloadHash"] = Convert.ToHexStringLower(proposal.PayloadHash.Span),
        ["payload"] = new JsonArray([.. Payload(proposal).Select(p => (JsonNode)OperationView.ToJson(p))]),
        ["reason"] = proposal.Reason,
        ["maker"] = AddressBook.Text(proposal.Maker),
        ["makerName"] = proposal.MakerName,
        ["institution"] = AddressBook.Text(proposal.Institution),
        ["institutionName"] = proposal.InstitutionName,
        ["opened"] = Times.Iso(proposal.OpenedMs),
        ["expires"] = Times.Iso(proposal.ExpiresMs),
        ["executeAt"] = proposal.ExecuteAtMs == 0 ? null : Times.Iso(proposal.ExecuteAtMs),
        ["requirement"] = PolicyText.ToJson(proposal.Requirement),
        ["approvals"] = new JsonArray([.. proposal.Approvals.Select(a => (JsonNode)new JsonObject
        {
            ["officer"] = AddressBook.Text(a.Officer),
            ["name"] = a.Name,
            ["institutionName"] = a.InstitutionName,
        })]),
    };

    public static IEnumerable<(string Label, string Value)> Lines(
        V1.Proposal proposal, ImmutableArray<PrivilegedOperation> payload, AddressBook addresses,
        Decimals decimals)
    {
        yield return ("proposal", proposal.ProposalId.ToString(CultureInfo.InvariantCulture));
        yield return ("status", StatusName(proposal.Status));
        foreach (PrivilegedOperation operation in payload)
        {
            foreach ((string, string) line in OperationView.Lines(
                OperationView.Name(operation), OperationView.Facts(operation), addresses, decimals))
            {
                yield return line;
            }
        }

        yield return ("reason", proposal.Reason);
        yield return ("payload hash", Convert.ToHexStringLower(proposal.PayloadHash.Span));
        yield return (
            "maker",
            $"{addresses.NameAndAddress(proposal.Maker)}, {proposal.MakerName}, {proposal.InstitutionName}");
        yield return ("opened", Times.Human(proposal.OpenedMs) + " UTC");
        yield return ("expires", Times.Human(proposal.ExpiresMs) + " UTC");
        if (proposal.ExecuteAtMs > 0)
        {
            yield return ("takes effect", Times.Human(proposal.ExecuteAtMs) + " UTC");
        }

        yield return ("needs", Needs(proposal.Requirement));
        yield return (
            "approved by", proposal.Approvals.Count == 0 ? "nobody yet" : $"{proposal.Approvals.Count}:");
        foreach (V1.ProposalApproval approval in proposal.Approvals)
        {
            yield return (
                "", $"{addresses.Name(approval.Officer)}, {approval.Name}, {approval.InstitutionName}");
        }
    }
}

/// <summary>Approval policies as text.</summary>
internal static class PolicyText
{
    private const int MicroUsdDecimals = 6;

    public static string Kind(V1.InstitutionKind kind) =>
        OperationView.Snake(kind.ToString()).Replace('_', ' ');

    public static string Kinds(IEnumerable<V1.InstitutionKind> kinds) =>
        string.Join(", ", kinds.Select(Kind));

    /// <summary>"up to USD 1,000,000", or "any value".</summary>
    public static string UpTo(V1.PolicyTier tier) =>
        !Amount.TryParse(tier.UpToMicroUsd, out Amount limit) || limit.Units == UInt128.MaxValue
            ? "any value"
            : "up to USD " + AmountText.Grouped(limit, MicroUsdDecimals)
                .Replace(".000000", "", StringComparison.Ordinal);

    public static JsonObject? ToJson(V1.PolicyTier? tier) => tier is null ? null : new JsonObject
    {
        ["upToMicroUsd"] = tier.UpToMicroUsd,
        ["approvals"] = tier.Approvals,
        ["institutions"] = tier.Institutions,
        ["requiredKinds"] =
            new JsonArray([.. tier.RequiredKinds.Select(k => (JsonNode)OperationView.Snake(k.ToString()))]),
        ["delayMs"] = tier.DelayMs,
    };
}
