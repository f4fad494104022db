// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Commands;

/// <summary>tl bridge action send and execute: what anybody may carry, as a quorum has signed it.</summary>
internal static class BridgeActionSend
{
    private const string Rpc = BridgeActionCommand.Rpc;

    public const string Example = $"tl bridge action send a.json b.json {Rpc} --from payer.json";

    public const string PauseExample = BridgeActionDirect.PauseExample;

    public static IEnumerable<TlCommand> All() => [Send(), Execute()];

    private static TlCommand Send()
    {
        Argument<string[]> files = BridgeActionSign.FilesArgument();
        Option<string> rpc = BridgeActionCommand.RpcOption();
        var sending = new SendingOptions();
        var command = new TlCommand(
            "send", "Brings a signed action to the contracts, and waits for a block with it. --from pays.",
            Example)
        {
            files, rpc,
        };
        foreach (Option option in sending.All)
        {
            command.Add(option);
        }

        return command.Does(async (session, token) =>
        {
            var document = ActionDocument.Join(session, session.Value(files));
            (Address to, byte[] data) = document.Call();
            using var chain = ChainAbroad.Open(session, session.Value(rpc), token);
            await chain.RequireChainAsync(document.Place.ChainId);
            RequireFresh(
                document, await chain.StateAsync(document.Place.Contracts, document.Place.LedgerId));
            using var sender = new AbroadSender(session, chain, sending);
            EvmReceipt receipt = await sender.SendAsync(document.Place.ChainId, to, data, token);
            (JsonObject json, (string, string)[] lines) = AbroadSender.Show(document.Action.Kind, receipt);
            (string next, ulong readyAt) = await NextAsync(chain, document);
            if (next.Length > 0)
            {
                json["readyAt"] = readyAt;
                lines = [.. lines, ("then", $"from {OfficerState.Time(readyAt)}: {next}")];
            }

            session.Output.Detail(json, lines);
        });
    }

    private static TlCommand Execute()
    {
        Argument<string> file = new("file") { Description = "The file of tl bridge action propose." };
        Option<string> rpc = BridgeActionCommand.RpcOption();
        var sending = new SendingOptions();
        var command = new TlCommand(
            "execute", "Has the timelock do what was proposed, once its time has come. --from pays.",
            $"tl bridge action execute a.json {Rpc} --from payer.json")
        {
            file, rpc,
        };
        foreach (Option option in sending.All)
        {
            command.Add(option);
        }

        return command.Does(async (session, token) =>
        {
            var document = ActionDocument.Load(session, session.Value(file));
            if (document.Action is not ProposeAction propose)
            {
                throw CliException.Usage(
                    $"The file is of tl bridge action {document.Action.Kind}; only a proposal is executed.");
            }

            using var chain = ChainAbroad.Open(session, session.Value(rpc), token);
            await chain.RequireChainAsync(document.Place.ChainId);
            OfficerState state = await chain.StateAsync(document.Place.Contracts, document.Place.LedgerId);
            ulong from = await BridgeActionDirect.RequirePendingAsync(
                chain, state, propose.OperationId(document.Place));
            if (state.BlockSeconds < from)
            {
                throw BridgeActionCommand.TooEarly("The timelock does it", from, state);
            }

            using var sender = new AbroadSender(session, chain, sending);
            EvmReceipt receipt = await sender.SendAsync(
                document.Place.ChainId, state.Timelock, propose.Execution(document.Place), token);
            (JsonObject json, (string, string)[] lines) = AbroadSender.Show("execute", receipt);
            session.Output.Detail(json, lines);
        });
    }

    private static void RequireFresh(ActionDocument document, OfficerState state)
    {
        (ActionPlace place, ulong next) = (document.Place, document.Action.NextNonce(state));
        if (!document.Action.IsCold && place.Epoch != state.Epoch)
        {
            throw Stale(
                "STALE_EPOCH",
                $"It was signed in epoch {place.Epoch}, and the hot set's epoch is {state.Epoch}.");
        }

        if (place.Nonce != next)
        {
            throw Stale(
                "STALE_NONCE",
                $"It is action {place.Nonce}, and the contract's next one is {next}: "
                    + (place.Nonce < next ? "it, or another one, was done." : "another one comes first."));
        }

        BridgeActionBuild.RequireSet(document, state);
        if (document.Action is UnpauseAction && state.BlockSeconds < place.Eta)
        {
            throw BridgeActionCommand.TooEarly("The pauses are lifted", place.Eta, state);
        }
    }

    /// <summary>What comes later, and when.</summary>
    private static async Task<(string Next, ulong ReadyAt)> NextAsync(
        ChainAbroad chain, ActionDocument document)
    {
        if (document.Action is not (RecoverAction or ProposeAction))
        {
            return ("", 0);
        }

        OfficerState state = await chain.StateAsync(document.Place.Contracts, document.Place.LedgerId);
        return document.Action is ProposeAction propose
            ? ("tl bridge action execute FILE",
                await chain.OperationAsync(state.Timelock, propose.OperationId(document.Place)))
            : ("tl bridge action finish-recovery --signers FILE", state.Recovery.ReadyAt);
    }

    private static CliException Stale(string code, string why) => new(
        code, ExitCode.Conflict, "What was signed is not what the contract takes now; nothing was sent.", why,
        "tl bridge action status --deployment FILE --rpc URL; then build it again, and have it signed");
}
