// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Commands;

/// <summary>Acts of tl bridge action that no quorum signs: a guardian's, and the end of a recovery; and how
/// the contracts stand.</summary>
internal static class BridgeActionDirect
{
    public const string PauseExample = $"tl bridge action pause {Abroad} --from guardian.json";

    private const string Abroad = BridgeActionCommand.Abroad;

    public static IEnumerable<TlCommand> All() => [Pause(), CancelRecovery(), FinishRecovery(), Status()];

    private static TlCommand Pause()
    {
        var mint = new Option<bool>("--mint") { Description = "Stop minting only." };
        var burn = new Option<bool>("--burn") { Description = "Stop burning only." };
        return Of(
            "pause",
            "Stops minting and burning abroad at once, or one of them. For a guardian; only the cold set "
                + "lifts it: tl bridge action unpause.",
            PauseExample, asks: true, [mint, burn], (session, state, contracts) =>
            {
                bool both = session.Value(mint) == session.Value(burn);
                (bool Wanted, bool Stands, string What, AbiFunction Call)[] all =
                [
                    (both || session.Value(mint), state.MintPaused, "minting", OfficerAbi.PauseMint),
                    (both || session.Value(burn), state.BurnPaused, "burning", OfficerAbi.PauseBurn),
                ];
                foreach ((_, _, string what, _) in all.Where(static one => one.Wanted && one.Stands))
                {
                    // One node says so, which may lie: a pause too many does no harm.
                    session.Talk.Say($"{what} is said to be paused already; it is paused all the same");
                }

                return
                [
                    .. all.Where(static one => one.Wanted).Select(one =>
                        new DirectCall($"pause {one.What}", contracts.Bridge, one.Call.EncodeCall())),
                ];
            });
    }

    private static TlCommand CancelRecovery() => Of(
        "cancel-recovery", "Stops the replacement of the hot set that is under way. For a guardian.",
        $"tl bridge action cancel-recovery {Abroad} --from guardian.json", asks: true, [],
        static (_, state, contracts) =>
        {
            RequireRecovery(state);
            return
            [
                new DirectCall(
                    "cancel recovery", contracts.ValidatorSet, OfficerAbi.CancelRecovery.EncodeCall()),
            ];
        });

    private static TlCommand FinishRecovery()
    {
        Option<string> signers = BridgeActionBuild.SignersOption();
        return Of(
            "finish-recovery",
            "Installs the set that the cold keys chose, seven days after they began. Anybody may; --from "
                + "pays. Then officers have the ledger take it over: tl bridge rotate --installed-epoch N.",
            $"tl bridge action finish-recovery --signers signers.json {Abroad} --from payer.json",
            asks: false, [signers], (session, state, contracts) =>
            {
                ImmutableArray<Address> keys = KeySets.Hot(session, session.Value(signers));
                RequireRecovery(state);
                if (LaneContracts.SetHash(0, keys) != state.Recovery.NewSetHash)
                {
                    throw BridgeActionCommand.WrongSet(
                        "These signers are not those that the cold set chose.",
                        $"The hash of what it chose is {state.Recovery.NewSetHash}.");
                }

                return state.BlockSeconds < state.Recovery.ReadyAt
                    ? throw BridgeActionCommand.TooEarly(
                        "The set is installed", state.Recovery.ReadyAt, state)
                    :
                    [
                        new DirectCall(
                            $"finish recovery, epoch {state.Recovery.NewEpoch}", contracts.ValidatorSet,
                            OfficerAbi.FinishRecovery.EncodeCall([LaneContracts.Keys(keys)])),
                    ];
            });
    }

    private static TlCommand Status()
    {
        Option<string> deployment = BridgeActionCommand.DeploymentOption();
        Option<string> rpc = BridgeActionCommand.RpcOption();
        return new TlCommand(
            "status",
            "Shows what is paused abroad, which epoch and numbers come next, and what is under way.",
            $"tl bridge action status {Abroad}") { deployment, rpc }.Does(async (session, token) =>
        {
            var where = DeploymentFile.Load(session, session.Value(deployment));
            (ChainAbroad chain, OfficerState state) =
                await BridgeActionCommand.OpenAsync(session, session.Value(rpc), where, token);
            using ChainAbroad _ = chain;
            RecoveryState recovery = state.Recovery;
            session.Output.Detail(
                new JsonObject
                {
                    ["chainId"] = where.ChainId,
                    ["block"] = state.Block,
                    ["mintPaused"] = state.MintPaused,
                    ["burnPaused"] = state.BurnPaused,
                    ["epoch"] = state.Epoch,
                    ["hotSetHash"] = state.HotSetHash.ToString(),
                    ["coldSetHash"] = state.ColdSetHash.ToString(),
                    ["nextBridgeAction"] = state.BridgeNonce + 1,
                    ["nextGovernorAction"] = state.GovernorNonce + 1,
                    ["nextRecovery"] = state.RecoveryNonce + 1,
                    ["recovery"] = recovery.NewEpoch == 0 ? null : new JsonObject
                    {
                        ["newEpoch"] = recovery.NewEpoch,
                        ["readyAt"] = recovery.ReadyAt,
                        ["newSetHash"] = recovery.NewSetHash.ToString(),
                    },
                    ["timelock"] = state.Timelock.ToString(),
                },
                ("chain", $"{where.ChainId}, block {state.Block} of {OfficerState.Time(state.BlockSeconds)}"),
                ("minting", state.MintPaused ? "paused" : "works"),
                ("burning", state.BurnPaused ? "paused" : "works"),
                ("epoch", state.Epoch.ToString(CultureInfo.InvariantCulture)),
                ("signers", $"hot {state.HotSetHash}, cold {state.ColdSetHash}"),
                ("recovery", recovery.NewEpoch == 0 ? "none"
                    : $"epoch {recovery.NewEpoch} can be installed from "
                        + OfficerState.Time(recovery.ReadyAt)),
                ("next numbers", $"bridge {state.BridgeNonce + 1}, governor {state.GovernorNonce + 1}, "
                    + $"recovery {state.RecoveryNonce + 1}"),
                ("timelock", Eip55.Format(state.Timelock)));
        });
    }

    /// <summary>Requires that the timelock waits to do an operation.</summary>
    /// <returns>Seconds since 1970 from when on it can be done.</returns>
    public static async Task<ulong> RequirePendingAsync(ChainAbroad chain, OfficerState state, Hash256 id)
    {
        ulong from = await chain.OperationAsync(state.Timelock, id);
        return from switch
        {
            0 => throw new CliException(
                "OPERATION_UNKNOWN", ExitCode.NotFound, $"The timelock knows no operation {id}.",
                "It was not proposed yet, or was cancelled.", "tl bridge action show FILE"),
            1 => throw new CliException(
                "OPERATION_DONE", ExitCode.Conflict, $"The timelock has done operation {id}."),
            _ => from,
        };
    }

    private static TlCommand Of(
        string name, string description, string example, bool asks, Option[] own,
        Func<Session, OfficerState, OfficerContracts, ImmutableArray<DirectCall>> read)
    {
        Option<string> deployment = BridgeActionCommand.DeploymentOption();
        Option<string> rpc = BridgeActionCommand.RpcOption();
        Option<bool> yes = BridgeActionSign.Yes();
        Option<string?> confirm = BridgeActionSign.ConfirmDigest();
        var sending = new SendingOptions();
        var command = new TlCommand(name, description, example);
        foreach (Option option in (IEnumerable<Option>)
            [.. own, deployment, rpc, .. asks ? [yes, confirm] : (Option[])[], .. sending.All])
        {
            command.Add(option);
        }

        return command.Does(async (session, token) =>
        {
            var where = DeploymentFile.Load(session, session.Value(deployment));
            (ChainAbroad chain, OfficerState state) =
                await BridgeActionCommand.OpenAsync(session, session.Value(rpc), where, token);
            using ChainAbroad _ = chain;
            ImmutableArray<DirectCall> calls = read(session, state, where.Contracts);
            if (asks && calls.Length > 0)
            {
                Confirmation.Require(
                    session,
                    $"Chain {where.ChainId}: {string.Join(", ", calls.Select(static one => one.What))}.",
                    name, DirectCall.Digest(where.ChainId, calls), session.Value(yes),
                    session.Value(confirm));
            }

            using var sender = new AbroadSender(session, chain, sending);
            var done = new JsonArray();
            EvmReceipt[] receipts = await sender.SendAllAsync(
                where.ChainId, [.. calls.Select(static call => (call.To, call.Data))], token);
            foreach ((DirectCall call, EvmReceipt receipt) in calls.Zip(receipts))
            {
                (JsonObject json, (string, string)[] lines) = AbroadSender.Show(call.What, receipt);
                done.Add(json);
                session.Output.Lines(lines);
            }

            if (!session.Output.IsTable)
            {
                session.Output.Write(done);
            }
        });
    }

    private static void RequireRecovery(OfficerState state)
    {
        if (state.Recovery.NewEpoch == 0)
        {
            throw new CliException(
                "NO_RECOVERY", ExitCode.Conflict, "No replacement of the hot set is under way.",
                "It was finished or cancelled, or never begun.",
                "tl bridge action status --deployment FILE --rpc URL");
        }
    }

    /// <summary>A call that its sender may make alone.</summary>
    private sealed record DirectCall(string What, Address To, byte[] Data)
    {
        private static readonly AbiTuple Types = AbiFunction.Parse("call(uint256,address,bytes)").Inputs;

        /// <summary>What stands for calls where a script confirms them.</summary>
        public static Hash256 Digest(ulong chainId, ImmutableArray<DirectCall> calls) => Keccak256.Hash(
        [
            .. calls.SelectMany(one => AbiCodec.Encode(Types, (UInt256)chainId, one.To, one.Data)),
        ]);
    }
}
