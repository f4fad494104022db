// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Google.Protobuf;
using TokenLedger.Cli.Network;
using TokenLedger.Cli.Output;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Cli.Views;
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using Transaction = TokenLedger.Core.Ledger.Transaction;

namespace TokenLedger.Cli.Commands;

/// <summary>tl tx: transactions by hand: build here, sign there, send from anywhere; and what became of
/// them.</summary>
internal static class TxCommand
{
    public const string Name = "tx";
    public const string About =
        "Transactions: build, inspect, sign offline, broadcast; status, wait, decode.";

    public static TlCommand Build() => new(
        Name, About,
        OtherVerbs.Transfer("transfer").BuildExample,
        "tl tx sign u.json --from treasury --out s.json",
        "tl tx broadcast s.json --wait")
    {
        TxBuildCommand.Build(), Inspect(), TxSignCommand.Build(), Broadcast(), StatusCommand(Name), Wait(),
        Decode(),
        Simulate(),
    };

    /// <summary>What became of a transaction; `tl transfer status` is the same.</summary>
    public static TlCommand StatusCommand(string noun)
    {
        var id = new Argument<string?>("id")
        { Description = "The transaction's id.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> requestId =
            Inputs.Optional("--request-id", "UUID", "Ask by the sender's request id (with --from).");
        return new TlCommand(
            "status",
            "Says what became of a transaction. Exit 3 when the node does not know it, 7 while pending.",
            $"tl {noun} status 7be1...",
            $"tl {noun} status --request-id 6f1e7c1a-0b51-4f0e-9f3c-2f3b1f0c9a11 --from treasury")
            { id, requestId }
            .DoesWithExit(async (session, token) =>
            {
                TransactionStatus status =
                    await AskAsync(session, session.Value(id), session.Value(requestId), token);
                if (status.State == TransactionState.Unspecified)
                {
                    throw new CliException(
                        "TRANSACTION_UNKNOWN", ExitCode.NotFound, "The node knows nothing of it.",
                        "It was never sent there, or the node has dropped it or started again since; until "
                            + "its time has passed, it can still become final.",
                        "tl tx status --endpoint URL, to ask another node");
                }

                await SingleFlow.ShowAsync(session, status, token);
                return status.State switch
                {
                    TransactionState.Succeeded => ExitCode.Ok,
                    TransactionState.Pending => ExitCode.OutcomeUnknown,
                    TransactionState.Expired or TransactionState.Replaced => ExitCode.Conflict,
                    _ => ExitCodes.OfReason(status.Refusal?.Code ?? "") ?? ExitCode.Failed,
                };
            });
    }

    private static TlCommand Inspect()
    {
        var file = new Argument<string>("file")
        { Description = "A file of tl tx build or sign; '-' for stdin." };
        var typed = new Option<bool>("--typed-data")
        {
            Description = "Print EIP-712 typed data for an external signer (hardware wallet, cast, ethers).",
        };
        Option<string?> genesis = Inputs.Genesis();
        return new TlCommand(
            "inspect", "Checks a file against its body and shows what it would do. Needs no network.",
            "tl tx inspect u.json", "tl tx inspect u.json --genesis 9f3c...",
            "tl tx inspect u.json --typed-data > typed.json") { file, genesis, typed }
            .Does((session, _) =>
            {
                OfflineDocument document = OfflineDocument.Load(session, session.Value(file));
                bool vouched = document.RequireNetwork(
                    session, session.Value(genesis) is { } named ? Inputs.Hash(named, "--genesis") : null);
                if (session.Value(typed))
                {
                    session.Output.Raw(document.Network.Digest.TypedDataJson(document.Body) + "\n");
                    return Task.CompletedTask;
                }

                session.Output.Detail(
                    document.ToInspectedJson(), [.. document.Lines(session.Addresses, vouched)]);
                return Task.CompletedTask;
            });
    }

    private static TlCommand Broadcast()
    {
        var file = new Argument<string>("file") { Description = "A signed file; '-' for stdin." };
        var wait = new Option<bool>("--wait") { Description = "Wait until it is final." };
        return new TlCommand("broadcast", "Sends a signed transaction.", "tl tx broadcast s.json --wait")
        { file, wait }
            .Does(async (session, token) =>
            {
                OfflineDocument document = OfflineDocument.Load(session, session.Value(file));
                TxSignCommand.RequireSigned(document);
                document.Network.Require(await TransactionFlow.RequireNetworkAsync(session, token));
                string? uuid = document.Transaction.RequestId is { } id ? RequestIds.Text(id) : null;
                var flow = new TransactionFlow(session, new WriteRequest { RequestId = RequestIds.New() });
                TransactionStatus status = await flow.SendAsync(
                    document.Signed, document.Network, uuid, session.Value(wait), token);
                await SingleFlow.ShowAsync(session, status, token);
            });
    }

    private static TlCommand Wait()
    {
        var id = new Argument<string>("id") { Description = "The transaction's id." };
        return new TlCommand(
            "wait",
            "Waits until a transaction is final, or a node that held it says that it never can be. Exit 7 "
                + "when the --timeout is over first: no node can rule out what it never saw.",
            "tl tx wait 7be1... --timeout 2m")
            { id }
            .Does(async (session, token) =>
            {
                Hash256 hash = Inputs.Hash(session.Value(id), "The id");
                var empty = new Core.Ledger.SignedTransaction([], []);
                TransactionStatus status = await Progress.WhileAsync(
                    session, "Waiting for finality",
                    () => new Submitter(session)
                        .WaitAsync(new SentTransaction(empty, hash, null, null), token));
                await SingleFlow.ShowAsync(session, TransactionFlow.ThrowIfRefused(status), token);
            });
    }

    private static TlCommand Decode()
    {
        var body = new Argument<string>("hex")
        { Description = "A transaction's body in hexadecimal; '-' for stdin." };
        return new TlCommand(
            "decode",
            "Decodes a transaction's body strictly: canonical bytes or a refusal. Needs no network.",
            "tl tx decode 0a14...") { body }
            .Does((session, _) =>
            {
                Transaction transaction = OfflineDocument.Decode(HexOf(session, session.Value(body)));
                session.Output.Detail(
                    TransactionView.ToJson(transaction),
                    [.. TransactionView.Lines(transaction, session.Addresses, Decimals.None)]);
                return Task.CompletedTask;
            });
    }

    private static TlCommand Simulate()
    {
        var file = new Argument<string>("file")
        { Description = "A file of tl tx build or sign; '-' for stdin." };
        return new TlCommand(
            "simulate", "Shows what a built transaction would change; sends nothing.",
            "tl tx simulate u.json") { file }
            .Does((session, token) =>
                Simulation.RunAsync(session, OfflineDocument.Load(session, session.Value(file)).Body, token));
    }

    private static async Task<TransactionStatus> AskAsync(
        Session session, string? id, string? requestId, CancellationToken token)
    {
        if ((id is null) == (requestId is null))
        {
            throw CliException.Usage("Name a transaction's id, or a --request-id with --from.");
        }

        if (requestId is null)
        {
            var byId = new GetTransactionRequest
            {
                TransactionId = ByteString.CopyFrom(Inputs.Hash(id!, "The id").ToArray()),
            };
            return (await session.Connection.ReadAsync(
                (node, call) => node.Transactions.GetTransactionAsync(byId, call), token)).Status;
        }

        var byRequest = new GetTransactionByRequestIdRequest
        {
            Sender = ByteString.CopyFrom(Signer.AddressOf(session, session.From).ToArray()),
            RequestId = RequestIds.Wire(RequestIds.Parse(requestId)),
        };
        return (await session.Connection.ReadAsync(
            (node, call) => node.Transactions.GetTransactionByRequestIdAsync(byRequest, call), token)).Status;
    }

    private static byte[] HexOf(Session session, string text)
    {
        string hex = (text == "-" ? InputFile.Text(session, text, 2 * Limits.TransactionBytes + 16) : text)
            .Trim();
        hex = hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex;
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            // Whoever names a file means its content; a body in hexadecimal has neither of these.
            if (text != "-" && text.AsSpan().ContainsAny('/', '.'))
            {
                return HexOf(session, InputFile.Text(session, text, 2 * Limits.TransactionBytes + 16));
            }

            throw new CliException(
                RejectionCodes.Name(RejectionCode.Malformed), ExitCode.Usage, "The body is not hexadecimal.");
        }
    }
}
