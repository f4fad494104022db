// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;

namespace TokenLedger.Cli.Commands;

/// <summary>tl proof: what anybody can check without trusting anybody.</summary>
internal static class ProofCommand
{
    public const string Name = "proof";
    public const string About = "Proofs of balances, supplies and events: fetch one, and check one offline.";

    public static TlCommand Build() => new(
        Name, About, "tl proof get --account exchange-1 --asset GOV-BOND-2031 --out proof.json",
        "tl proof verify proof.json --genesis 9f3c...")
    {
        Get(), Verify(),
    };

    private static TlCommand Get()
    {
        Option<string?> account = Inputs.Optional("--account", "ACCOUNT", "Whose balance.");
        Option<string?> asset = Inputs.Optional("--asset", "SYMBOL", "Of which asset.");
        Option<string?> supply = Inputs.Optional("--supply", "SYMBOL", "The supply of this asset.");
        Option<string?> ofEvent = Inputs.Optional(
            "--event", "HEIGHT:INDEX", "The event at this place of this block.");
        var at = new Option<ulong?>("--at")
        {
            Description = "The balance after this height (default: now); a node keeps some.",
            HelpName = "HEIGHT",
        };
        Option<string?> file = Inputs.Optional("--out", "FILE", "Where to write it (default: stdout).");
        return new TlCommand(
            "get", "Fetches a balance, a supply or an event with all that is needed to check it offline.",
            "tl proof get --account exchange-1 --asset GOV-BOND-2031 --out proof.json",
            "tl proof get --account exchange-1 --asset GOV-BOND-2031 --at 12 --out proof.json",
            "tl proof get --supply GOV-BOND-2031 --out proof.json",
            "tl proof get --event 120:0 --out proof.json")
            {
                account, asset, at, supply, ofEvent, file,
            }
            .Does(async (session, token) =>
            {
                ulong? height = session.Value(at);
                ProofBundle bundle = (session.Value(account), session.Value(asset), session.Value(supply),
                    session.Value(ofEvent)) switch
                {
                    ({ } whose, { } symbol, null, null) =>
                        await BalanceAsync(session, whose, symbol, height, token),
                    _ when height is not null => throw CliException.Usage("--at is of a balance only."),
                    (null, null, { } symbol, null) => await SupplyAsync(session, symbol, token),
                    (null, null, null, { } place) => await EventAsync(session, place, token),
                    _ => throw CliException.Usage(
                        "A proof is of one thing.",
                        next: "Pass --account and --asset, or --supply, or --event."),
                };
                string text = Encoding.UTF8.GetString(bundle.Write());
                if (session.Value(file) is not { } path)
                {
                    session.Output.Raw(text);
                    return;
                }

                path = session.Environment.FullPath(path);
                await File.WriteAllTextAsync(path, text, token);
                session.Talk.Say($"Written to {path}. Check it: tl proof verify {path} --genesis HASH");
            });
    }

    private static async Task<ProofBundle> BalanceAsync(
        Session session, string account, string asset, ulong? at, CancellationToken token)
    {
        var request = new GetBalanceProofRequest
        {
            Account = ByteString.CopyFrom(session.Addresses.Resolve(account).ToArray()),
            Asset = Inputs.Asset(asset).ToString(),
        };
        if (at is { } height)
        {
            request.AtHeight = height;
        }

        return ProofBundle.Of((await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetBalanceProofAsync(request, call), token)).Proof);
    }

    private static async Task<ProofBundle> SupplyAsync(
        Session session, string asset, CancellationToken token)
    {
        var request = new GetSupplyProofRequest { Asset = Inputs.Asset(asset).ToString() };
        return ProofBundle.Of((await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetSupplyProofAsync(request, call), token)).Proof);
    }

    private static async Task<ProofBundle> EventAsync(
        Session session, string place, CancellationToken token)
    {
        string[] parts = place.Split(':');
        if (parts.Length != 2
            || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong height)
            || !uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint index))
        {
            throw CliException.Usage(
                $"--event is '{place}', which is no place of an event.",
                next: "It is the block's height and the event's index in it, such as 120:0.");
        }

        var request = new GetEventProofRequest { Height = height, Index = index };
        return ProofBundle.Of((await session.Connection.ReadAsync(
            (node, call) => node.Queries.GetEventProofAsync(request, call), token)).Proof);
    }

    private static TlCommand Verify()
    {
        var file = new Argument<string>("file") { Description = "The proof; '-' for stdin." };
        Option<string?> genesis = Inputs.Optional(
            "--genesis", "HASH", "The network's genesis hash as published (default: the context's).");
        return new TlCommand(
            "verify", "Checks a proof offline: signatures, header, paths, content. Exit 9 when it fails.",
            "tl proof verify proof.json --genesis 9f3c...") { file, genesis }
            .Does((session, _) =>
            {
                string? given = session.Value(genesis);
                Hash256 trusted = given is not null
                    ? Inputs.Hash(given, "--genesis")
                    : session.Context?.GenesisHash ?? throw CliException.Usage(
                        "Nothing says which genesis to trust.", next: "Pass --genesis HASH.");
                ProofBundle bundle = BalanceProofJson.Read(
                    InputFile.Text(session, session.Value(file), ProofBundle.MaxBytes));
                ProofView.Show(
                    session, bundle, trusted,
                    given is not null ? "--genesis" : $"context {session.Context?.Name}");
                return Task.CompletedTask;
            });
    }
}
