// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Views;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>tl institution: who governs the ledger.</summary>
internal static class InstitutionCommand
{
    public const string Name = "institution";
    public const string About = "Institutions and their officers.";

    /// <summary>An officer's line; the first of an institution carries its name.</summary>
    private sealed record Row(string Institution, string Kind, string Officer, string Duties, string Office);

    public static TlCommand Build() => new(Name, About, "tl institution list")
    {
        new TlCommand(
            "list", "Lists institutions, their officers and duties.",
            "tl institution list", "tl institution list -o json").Does(ListAsync),
    };

    private static async Task ListAsync(Session session, CancellationToken token)
    {
        ListInstitutionsResponse response = await session.Connection.ReadAsync(
            (node, call) => node.Queries.ListInstitutionsAsync(new ListInstitutionsRequest(), call), token);
        session.Talk.Say($"as of height {response.AsOfHeight}");
        if (!session.Output.IsTable)
        {
            session.Output.List(response.Institutions, ToJson);
            return;
        }

        session.Output.List(
            [.. response.Institutions.SelectMany(i => Rows(i, session.Addresses))],
            _ => [],
            new Column<Row>("institution", r => r.Institution),
            new Column<Row>("kind", r => r.Kind),
            new Column<Row>("officer", r => r.Officer),
            new Column<Row>("duties", r => r.Duties));
    }

    private static IEnumerable<Row> Rows(Institution institution, AddressBook addresses)
    {
        string kind = PolicyText.Kind(institution.Kind);
        if (institution.Officers.Count == 0)
        {
            yield return new Row(institution.Name, kind, "(none)", "", "");
        }

        for (int i = 0; i < institution.Officers.Count; i++)
        {
            Officer officer = institution.Officers[i];
            yield return new Row(
                i == 0 ? institution.Name : "",
                i == 0 ? kind : "",
                addresses.Name(officer.Officer_),
                DutiesText.Show(officer.Duties),
                officer.Name);
        }
    }

    private static JsonObject ToJson(Institution institution) => new()
    {
        ["id"] = AddressBook.Text(institution.Id),
        ["kind"] = OperationView.Snake(institution.Kind.ToString()),
        ["name"] = institution.Name,
        ["nameUrdu"] = institution.NameUrdu,
        ["officers"] = new JsonArray([.. institution.Officers.Select(o => (JsonNode)new JsonObject
        {
            ["officer"] = AddressBook.Text(o.Officer_),
            ["duties"] = DutiesText.Show(o.Duties),
            ["name"] = o.Name,
        })]),
    };
}
