// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using TokenLedger.Cli.Abroad;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using V1 = TokenLedger.Protocol.Bridge.V1;

namespace TokenLedger.Cli.Verbs;

/// <summary>The bridge's operations, as they are typed.</summary>
internal static class BridgeVerbs
{
    private const string Recipient = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    /// <summary>Those that a holder sends; a new one of each.</summary>
    public static IEnumerable<Verb> Sent() => [Lock(), Cancel(), Retry()];

    /// <summary>Those that stand in a proposal; a new one of each.</summary>
    public static IEnumerable<Verb> Proposed() =>
        [BridgeLaneVerbs.Open(), BridgeLaneVerbs.Map(), Pause(), Resume(), BridgeLaneVerbs.Rotate(),
            Redirect()];

    public static Option<ulong?> Chain() => new("--chain")
    {
        Description = "The chain abroad by its id (default: the only lane's).",
        HelpName = "ID",
    };

    /// <summary>The lane that is meant: the named one, or the only one.</summary>
    public static async Task<V1.Lane> LaneAsync(Session session, ulong? chain, CancellationToken token)
    {
        V1.ListLanesResponse response = await session.Connection.ReadAsync(
            (node, call) => node.Bridge.ListLanesAsync(new V1.ListLanesRequest(), call), token);
        V1.Lane[] lanes = [.. response.Lanes.Where(lane => chain is null || lane.Terms.ChainId == chain)];
        return lanes switch
        {
            [var lane] => lane,
            [] => throw new CliException(
                "BRIDGE_LANE_UNKNOWN", ExitCode.NotFound,
                chain is null ? "This ledger has no lane to another chain."
                    : $"There is no lane to chain {chain}.",
                next: "tl bridge status"),
            _ => throw CliException.Usage(
                $"There are {lanes.Length} lanes.", "Nothing says which is meant.",
                $"Pass --chain, one of: {string.Join(", ", lanes.Select(static l => l.Terms.ChainId))}"),
        };
    }

    private static Verb Lock()
    {
        Argument<string> symbol = Inputs.Symbol();
        Option<string> to = Inputs.Required("--to", "0x...", "Who gets them abroad.");
        Option<string> amount = Inputs.Required("--amount", "N",
            "How much, in whole units: 1250.50 or 1,250.50.");
        Option<bool> atomic = Inputs.Atomic();
        Option<ulong?> chain = Chain();
        Option<string?> rpc = Inputs.Optional(
            "--rpc", "URL",
            "A node of that chain, to ask whether the receiver may hold units there; @FILE for a file whose "
                + "first line it is (default: the context's).");
        var isUnchecked = new Option<bool>("--unchecked")
        {
            Description = "Do not ask whether the receiver may hold units there.",
        };
        return new Verb
        {
            Name = "lock",
            Description = "Locks units, to be minted on another chain for one that may hold them there.",
            Example = $"GOV-BOND-2031 --amount 100 --to {Recipient}",
            ExampleSigner = "exchange-1",
            Symbols = [symbol, to, amount, atomic, chain, rpc, isUnchecked],
            Read = async (session, token) =>
            {
                AssetId id = Inputs.Asset(session.Value(symbol));
                Address recipient = Abroad(session, session.Value(to));
                Amount units = await Inputs.AmountAsync(
                    session, session.Value(amount), id, session.Value(atomic), token);
                if (session.Value(isUnchecked))
                {
                    return new LockForBridge(await IdAsync(session, chain, token), id, units, recipient);
                }

                V1.Lane lane = await LaneAsync(session, session.Value(chain), token);
                await ReceiverCheck.RunAsync(
                    session, lane, session.Value(rpc), id, recipient, units, token);
                return new LockForBridge(lane.Terms.ChainId, id, units, recipient);
            },
        };
    }

    /// <summary>An address abroad, in full: a label stands for an account here, whose owner may have no key
    /// there.</summary>
    public static Address Abroad(Session session, string text) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? session.Addresses.Resolve(text)
            : throw new CliException(
                "USAGE", ExitCode.Usage, $"'{text}' is no address on the other chain.",
                "A label names an account of this ledger; whoever holds it need not hold a key there.",
                "Give the address itself, 0x and 40 digits.");

    private static Verb Cancel()
    {
        Argument<ulong> nonce = Number("lock", "The lock's number.");
        Option<ulong?> chain = Chain();
        return new Verb
        {
            Name = "cancel",
            Description = "Takes a lock back: at once while it waits, else once its number is used up.",
            Example = "17",
            ExampleSigner = "exchange-1",
            Symbols = [nonce, chain],
            Read = async (session, token) =>
                new CancelBridgeLock(await IdAsync(session, chain, token), session.Value(nonce)),
        };
    }

    private static Verb Retry()
    {
        Argument<ulong> nonce = Number("burn", "The burn's number.");
        Option<ulong?> chain = Chain();
        return new Verb
        {
            Name = "retry",
            Description = "Releases a suspended burn whose hindrance is gone. Anybody may.",
            Example = "9",
            ExampleSigner = "exchange-1",
            Symbols = [nonce, chain],
            Read = async (session, token) =>
                new RetryBridgeRelease(await IdAsync(session, chain, token), session.Value(nonce)),
        };
    }

    private static Verb Pause()
    {
        Option<string?> what = What("locks|releases", "What stops (default: both).");
        Option<ulong?> chain = Chain();
        return Verb.Privileged(
            "pause", "Stops a lane.", "--reason \"under review\"", [what, chain],
            async (session, reason, token) => new PauseBridge(
                await IdAsync(session, chain, token),
                session.Value(what) is { } text
                    ? Inputs.Choice<BridgeStops>(text, "--what")
                    : BridgeStops.Locks | BridgeStops.Releases,
                reason));
    }

    private static Verb Resume()
    {
        Option<string?> what = What(
            "locks|releases|halted", "What goes on (default: what was paused; a halt only by its name).");
        Option<ulong?> chain = Chain();
        return Verb.Privileged(
            "resume", "Lets a lane go on.", "--reason \"reviewed\"", [what, chain],
            async (session, reason, token) =>
            {
                V1.Lane lane = await LaneAsync(session, session.Value(chain), token);
                return new ResumeBridge(
                    lane.Terms.ChainId,
                    session.Value(what) is { } text
                        ? Inputs.Choice<BridgeStops>(text, "--what")
                        : Paused(lane),
                    reason);
            });
    }

    /// <summary>What officers paused. A halt stands for what somebody must have looked into.</summary>
    private static BridgeStops Paused(V1.Lane lane)
    {
        var stops = (BridgeStops)lane.Stops;
        return stops == BridgeStops.None
            ? throw new CliException(
                "BRIDGE_NOT_PAUSED", ExitCode.Conflict,
                $"Nothing of lane {lane.Terms.ChainId} is paused; nothing was proposed.",
                next: "See what stands: tl bridge status")
            : (stops & BridgeStops.Halted) == 0
            ? stops
            : throw new CliException(
                "BRIDGE_HALTED", ExitCode.Conflict,
                $"Lane {lane.Terms.ChainId} is halted, not only paused; nothing was proposed.",
                "The sides differ, or the signers contradict each other: to let it go on unseen may mint "
                    + "what is not backed.",
                "Find out why: tl bridge status, tl bridge proof. Then: tl bridge resume --what halted");
    }

    private static Verb Redirect()
    {
        Argument<ulong> nonce = Number("burn", "The burn's number.");
        Option<string> to = Inputs.Required("--to", "ACCOUNT", "Who gets it: an address or label.");
        Option<ulong?> chain = Chain();
        return Verb.Privileged(
            "redirect", "Decides to whom a suspended burn goes.",
            "9 --to exchange-1 --reason \"Order 12/2027\"", [nonce, to, chain],
            async (session, reason, token) => new RedirectBridgeRelease(
                await IdAsync(session, chain, token), session.Value(nonce),
                session.Addresses.Resolve(session.Value(to)), reason),
            "regulator-maker-1");
    }

    /// <summary>The chain that was named, or the only lane's.</summary>
    internal static async Task<ulong> IdAsync(Session session, Option<ulong?> chain,
        CancellationToken token) =>
        session.Value(chain) ?? (await LaneAsync(session, null, token)).Terms.ChainId;

    private static Argument<ulong> Number(string name, string description) =>
        new(name) { Description = description };

    private static Option<string?> What(string choices, string description) =>
        Inputs.Optional("--what", choices, description);
}
