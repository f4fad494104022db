// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl policy: who may do what, by value.</summary>
internal static class PolicyCommand
{
    public const string Name = "policy";
    public const string About = "Approval policies: who must approve what, by value.";

    private sealed record Row(string Operation, string Value, string Needs);

    public static TlCommand Build() => new(Name, About, "tl policy list")
    {
        new TlCommand(
            "list", "Lists what each privileged operation needs.", "tl policy list", "tl policy list -o json")
            .Does(ListAsync),
    };

    private static async Task ListAsync(Session session, CancellationToken token)
    {
        ListPoliciesResponse response = await session.Connection.ReadAsync(
            (node, call) => node.Queries.ListPoliciesAsync(new ListPoliciesRequest(), call), token);
        session.Talk.Say($"as of height {response.AsOfHeight}");
        if (!session.Output.IsTable)
        {
            session.Output.List(response.Policies, ToJson);
            return;
        }

        session.Output.List(
            [.. response.Policies.SelectMany(Rows)],
            _ => [],
            new Column<Row>("operation", r => r.Operation),
            new Column<Row>("value", r => r.Value),
            new Column<Row>("needs", r => r.Needs));
    }

    private static IEnumerable<Row> Rows(Policy policy)
    {
        yield return new Row(
            policy.Operation.Replace('_', ' '),
            "proposed by",
            $"{PolicyText.Kinds(policy.Makers)}; approved by {PolicyText.Kinds(policy.Checkers)}");
        foreach (PolicyTier tier in policy.Tiers)
        {
            yield return new Row("", PolicyText.UpTo(tier), ProposalView.Needs(tier));
        }
    }

    private static JsonObject ToJson(Policy policy) => new()
    {
        ["operation"] = policy.Operation,
        ["makers"] = Kinds(policy.Makers),
        ["checkers"] = Kinds(policy.Checkers),
        ["tiers"] = new JsonArray([.. policy.Tiers.Select(t => (JsonNode?)PolicyText.ToJson(t))]),
    };

    private static JsonArray Kinds(IEnumerable<InstitutionKind> kinds) =>
        [.. kinds.Select(k => (JsonNode)OperationView.Snake(k.ToString()))];
}
