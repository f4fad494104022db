// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using Operation = TokenLedger.Core.Ledger.Operation;
using Transaction = TokenLedger.Core.Ledger.Transaction;

namespace TokenLedger.Cli.Commands;

/// <summary>tl tx build: a transaction for a machine that has the key and no network.</summary>
internal static class TxBuildCommand
{
    private static readonly TimeSpan DefaultValidity = TimeSpan.FromDays(1);

    public static TlCommand Build()
    {
        var command = new TlCommand(
            "build", "Writes an unsigned transaction as JSON, for signing elsewhere.",
            OtherVerbs.Transfer("transfer").BuildExample);
        Verb[] verbs =
        [
            OtherVerbs.Transfer("transfer"), OtherVerbs.Register("register"), OtherVerbs.Approve(),
            OtherVerbs.Cancel(), OtherVerbs.RequireTag(),
            .. AssetVerbs.All(), .. AccountVerbs.Proposed(),
            .. BridgeVerbs.Sent().Concat(BridgeVerbs.Proposed())
                .Select(static verb => verb with { Name = "bridge-" + verb.Name }),
        ];
        foreach (Verb verb in verbs)
        {
            command.Add(Of(verb));
        }

        return command;
    }

    private static TlCommand Of(Verb verb)
    {
        var nonce = new Option<ulong?>("--nonce")
        { Description = "The sender's next nonce (default: asked for).", HelpName = "N" };
        var lane = new Option<uint>("--lane")
        { Description = "The sender's nonce sequence.", HelpName = "N" };
        Option<string?> expires = Inputs.Optional(
            "--expires", "TIME", "It can never happen later than this from now, at most 7d (default 1d).");
        Option<string?> requestId =
            Inputs.Optional("--request-id", "UUID", "Your own name of it (default: random).");
        Option<string?> memo = Inputs.Optional("--memo", "TEXT", "Text for the receiver, at most 256 bytes.");
        Option<string?> file = Inputs.Optional("--out", "FILE", "Where to write it (default: stdout).");
        TlCommand command = verb.Command(
            verb.Description + " Writes it unsigned.", verb.BuildExample);
        foreach (Option option in new Option[] { nonce, lane, expires, requestId, memo, file })
        {
            command.Add(option);
        }

        return command.Does(async (session, token) =>
        {
            Address sender = Signer.AddressOf(session, session.From);
            Operation operation = await verb.Read(session, token);
            ulong? chosen = session.Value(nonce);
            NetworkIdentity network = chosen is null
                ? await TransactionFlow.RequireNetworkAsync(session, token)
                : NetworkIdentity.Pinned(session.Context);
            var request = new WriteRequest
            {
                RequestId = session.Value(requestId) is { } id ? RequestIds.Parse(id) : RequestIds.New(),
                Memo = session.Value(memo) ?? "",
                Lane = session.Value(lane),
                Validity = session.Value(expires) is { } text ? Durations.Parse(text, "--expires")
                    : DefaultValidity,
            };
            Transaction transaction = new TransactionFlow(session, request).Draft(
                sender, [operation],
                chosen ?? await TransactionFlow.NextNonceAsync(session, sender, request.Lane, token));
            ImmutableArray<BalanceProof> proofs =
                await ProofsAsync(session, operation, online: chosen is null, token);
            await WriteAsync(
                session, OfflineDocument.Of(network, transaction, proofs), session.Value(file), token);
        });
    }

    /// <summary>Writes the document; it is JSON in every form but YAML, so that the next step can read
    /// it.</summary>
    public static async Task WriteAsync(
        Session session, OfflineDocument document, string? file, CancellationToken token)
    {
        string text = JsonText.Indented(document.ToJson()) + "\n";
        if (file is null)
        {
            session.Output.Raw(text);
            return;
        }

        string path = session.Environment.FullPath(file);
        await File.WriteAllTextAsync(path, text, token);
        session.Talk.Say(string.Create(
            CultureInfo.InvariantCulture, $"Written to {path}. Digest {document.Digest}"));
    }

    /// <summary>What the signer needs to read amounts in whole units: fetched where there is a network, else
    /// as far as reading the amount already did.</summary>
    private static async Task<ImmutableArray<BalanceProof>> ProofsAsync(
        Session session, Operation operation, bool online, CancellationToken token)
    {
        string[] assets = [.. OperationView.AssetsOf([operation]).Distinct(StringComparer.Ordinal)];
        if (online)
        {
            await new Decimals().ProveAsync(session, assets, token);
        }

        return [.. assets.Select(session.AssetProofs.Known).OfType<ProvenAsset>().Select(p => p.Proof)];
    }
}
