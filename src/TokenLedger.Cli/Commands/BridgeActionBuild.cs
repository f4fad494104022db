// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Cli.Verbs;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Evm;
using TokenLedger.Protocol.Bridge.V1;

namespace TokenLedger.Cli.Commands;

/// <summary>The builders of tl bridge action: what a quorum of keys then signs, on machines without a
/// network.</summary>
internal static class BridgeActionBuild
{
    private const string Abroad = BridgeActionCommand.Abroad;
    private const int MaxLimitsBytes = 4_096;

    public const string UnpauseExample =
        $"tl bridge action unpause --mint --burn {Abroad} --cold cold.json --out a.json";

    public static IEnumerable<TlCommand> All() => [Unpause(), Recover(), Propose(), Cancel()];

    private static TlCommand Unpause()
    {
        var mint = new Option<bool>("--mint") { Description = "Lift the pause of minting." };
        var burn = new Option<bool>("--burn") { Description = "Lift the pause of burning." };
        return Of(
            "unpause", "Writes a file by which the cold set lifts a guardian's pauses.", UnpauseExample,
            cold: true, canWait: true, [mint, burn], (session, _) =>
                session.Value(mint) || session.Value(burn)
                    ? new UnpauseAction(session.Value(mint), session.Value(burn))
                    : throw CliException.Usage(
                        "Nothing says what to lift.", next: "Pass --mint, --burn, or both."));
    }

    private static TlCommand Recover()
    {
        Option<string> signers = SignersOption();
        return Of(
            "recover",
            "Writes a file by which the cold set begins to replace a lost hot set. Seven days later it can "
                + "be finished, unless a guardian cancels it.",
            $"tl bridge action recover --signers signers.json {Abroad} --cold cold.json --out a.json",
            cold: true, canWait: false, [signers],
            (session, _) => new RecoverAction(KeySets.Hot(session, session.Value(signers))));
    }

    private static TlCommand Propose()
    {
        Option<string?> target = Inputs.Optional("--target", "0x...", "What the timelock shall call.");
        Option<string?> data = Inputs.Optional("--data", "0x...", "With what: selector and arguments.");
        Option<string?> limits = Inputs.Optional(
            "--limits", "FILE", "Instead: raise a token's limits to these, as deploy.sh's configuration has "
                + "them under limits.");
        Option<string?> symbol = Inputs.Optional("--token", "SYMBOL", "Whose limits.");
        return Of(
            "propose",
            "Writes a file by which the hot set proposes a call to the timelock, which does it two days or "
                + "more later, unless the cold set cancels it.",
            $"tl bridge action propose --token GOLD --limits limits.json {Abroad} --out a.json",
            cold: false, canWait: true, [target, data, symbol, limits], (session, deployment) =>
                (session.Value(target), session.Value(data), session.Value(symbol), session.Value(limits))
                    switch
                {
                    ({ } to, { } call, null, null) =>
                        new ProposeAction(session.Addresses.Resolve(to), Data(call)),
                    (null, null, { } token, { } file) => new ProposeAction(
                        deployment.Contracts.Bridge,
                        [
                            .. OfficerAbi.RaiseLimit.EncodeCall(
                                Token(deployment, token), Limits(session, file)),
                        ]),
                    _ => throw CliException.Usage(
                        "Nothing says what to propose, or two things do.",
                        next: "Pass --target and --data, or --token and --limits."),
                });
    }

    private static TlCommand Cancel()
    {
        Option<string> id = Inputs.Required(
            "--id", "0x...", "The timelock's operation: tl bridge action show FILE");
        return Of(
            "cancel", "Writes a file by which the cold set cancels what the timelock would do.",
            $"tl bridge action cancel --id 0x41aa... {Abroad} --cold cold.json --out a.json",
            cold: true, canWait: false, [id], (session, _) => new CancelAction(Inputs.Hash(
                session.Value(id) is ['0', 'x', .. var digits] ? digits : session.Value(id), "--id")));
    }

    public static Option<string> SignersOption() => Inputs.Required(
        "--signers", "FILE", "The new signers: a list of addresses, or the file of tl bridge rotate.");

    private static TlCommand Of(
        string name, string description, string example, bool cold, bool canWait, Option[] own,
        Func<Session, DeploymentFile, OfficerAction> read)
    {
        Option<string> deployment = BridgeActionCommand.DeploymentOption();
        Option<string> rpc = BridgeActionCommand.RpcOption();
        Option<string?> output = BridgeActionCommand.OutOption("stdout");
        Option<string> coldSet = Inputs.Required(
            "--cold", "FILE", "The cold keys: a list of addresses, or deploy.sh's configuration.");
        Option<string?> hotSet = Inputs.Optional(
            "--hot", "FILE", "The hot keys, likewise (default: those of the ledger's lane).");
        Option<string?> after = Inputs.Optional(
            "--not-before", "TIME", "It must not happen earlier than this from now (default: at once).");
        var command = new TlCommand(name, description, example);
        foreach (Option option in (IEnumerable<Option>)
            [
                .. own, deployment, cold ? (Option)coldSet : hotSet, rpc, output,
                .. canWait ? [after] : (Option[])[],
            ])
        {
            command.Add(option);
        }

        return command.Does(async (session, token) =>
        {
            var where = DeploymentFile.Load(session, session.Value(deployment));
            OfficerAction action = read(session, where);
            ulong eta = canWait && session.Value(after) is { } text
                ? (ulong)(session.Now + Durations.Parse(text, "--not-before")).ToUnixTimeSeconds()
                : 0;
            ImmutableArray<Address> members = cold ? KeySets.Cold(session, session.Value(coldSet))
                : session.Value(hotSet) is { } file ? KeySets.Hot(session, file)
                : await OfLaneAsync(session, where.ChainId, token);
            (ChainAbroad chain, OfficerState state) =
                await BridgeActionCommand.OpenAsync(session, session.Value(rpc), where, token);
            using ChainAbroad _ = chain;
            var document = new ActionDocument
            {
                Action = action,
                Place = new ActionPlace(
                    where.ChainId, where.LedgerId, where.Contracts, action.IsCold ? 0 : state.Epoch,
                    action.NextNonce(state), eta),
                Members = members,
            };
            RequireSet(document, state);
            await RequireSenseAsync(session, chain, action, state);
            await BridgeActionCommand.WriteAsync(
                session, document, session.Value(output), wasShown: false, token);
        });
    }

    /// <summary>Requires that the members are the set that the contract holds.</summary>
    public static void RequireSet(ActionDocument document, OfficerState state)
    {
        if (document.SetHash != (document.Action.IsCold ? state.ColdSetHash : state.HotSetHash))
        {
            throw BridgeActionCommand.WrongSet(
                $"These {document.Members.Length} keys are not the {document.SetName} set that the contract "
                    + "holds.",
                document.Action.IsCold ? "The cold set never changes."
                    : $"The hot set is that of epoch {state.Epoch}.");
        }
    }

    /// <summary>What would be signed for nothing is said before anybody signs.</summary>
    private static async Task RequireSenseAsync(
        Session session, ChainAbroad chain, OfficerAction action, OfficerState state)
    {
        switch (action)
        {
            case UnpauseAction lift when !(lift.Mint && state.MintPaused) && !(lift.Burn && state.BurnPaused):
                session.Talk.Warn("Nothing that this lifts is paused now.");
                break;
            case RecoverAction when state.Recovery.NewEpoch != 0:
                session.Talk.Warn(
                    "A recovery is under way; this one would take its place, and its time begins anew.");
                break;
            case CancelAction cancel:
                await BridgeActionDirect.RequirePendingAsync(chain, state, cancel.Id);
                break;
        }
    }

    private static async Task<ImmutableArray<Address>> OfLaneAsync(
        Session session, ulong chainId, CancellationToken token)
    {
        Lane lane = await BridgeVerbs.LaneAsync(session, chainId, token);
        return [.. lane.Terms.Signers.Select(static signer => new Address(signer.Key.Span)).Order()];
    }

    private static ImmutableArray<byte> Data(string text)
    {
        byte[] bytes = new byte[Math.Max(0, text.Length - 2) / 2];
        return bytes.Length <= OfficerAction.MaxDataBytes
            && text.StartsWith("0x", StringComparison.Ordinal) && Hex.TryParse(text, bytes)
            ? [.. bytes]
            : throw CliException.Usage(
                "--data is no call.",
                $"It is 0x and pairs of hexadecimal digits, at most {OfficerAction.MaxDataBytes} bytes.");
    }

    private static Address Token(DeploymentFile deployment, string symbol) =>
        deployment.Tokens.TryGetValue(symbol, out Address token)
            ? token
            : throw new CliException(
                "BRIDGE_TOKEN_UNKNOWN", ExitCode.NotFound, $"The deployment has no token {symbol}.",
                next: "It has: " + string.Join(", ", deployment.Tokens.Keys));

    private static object[] Limits(Session session, string file) => InputFile.Strict(
        file, InputFile.Bytes(session, file, MaxLimitsBytes), MaxLimitsBytes, static root => root.Object(
            static limits => (object[])
            [
                Units(limits, "ceiling"), Units(limits, "perItem"), Units(limits, "mintCapacity"),
                Units(limits, "burnCapacity"), Seconds(limits, "mintWindowSeconds"),
                Seconds(limits, "burnWindowSeconds"),
            ]));

    private static UInt256 Units(StrictObject limits, string name) =>
        limits.Required(name).Wide();

    private static UInt256 Seconds(StrictObject limits, string name) =>
        limits.Required(name).Number(1, uint.MaxValue);
}
