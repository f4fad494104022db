// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using TokenLedger.Cli.Shell;
using TokenLedger.Cli.Transactions;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Json;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Verbs;

/// <summary>Setting up a lane, as it is typed.</summary>
internal static class BridgeLaneVerbs
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxText = 256;

    public static Verb Open()
    {
        Option<string> file = File("The lane: chain, contracts, times and signers, as JSON.");
        return Verb.Privileged(
            "open", "Opens the lane to a chain.", "--file lane.json --reason \"Decision 4/2027\"", [file],
            (session, _, _) => Task.FromResult<PrivilegedOperation>(
                Read(session, session.Value(file), root => root.Object(lane => Lane(session, lane)))));
    }

    public static Verb Rotate()
    {
        Option<string> file = File("The new signers, as JSON: {\"signers\": [...]}.");
        Option<string?> after = Inputs.Optional(
            "--not-before", "TIME",
                "It is done abroad no earlier than this from now, e.g. 2d (default: at once).");
        var installed = new InstalledSet();
        Option<ulong?> chain = BridgeVerbs.Chain();
        return Verb.Privileged(
            "rotate", "Replaces the signers of a lane; the present ones sign it.",
            "--file signers.json --reason \"new operator\"", [file, after, .. installed.Options, chain],
            async (session, _, token) =>
            {
                ulong chainId = await BridgeVerbs.IdAsync(session, chain, token);
                ImmutableArray<BridgeSigner> signers =
                    Read(session, session.Value(file), root => root.Object(set => Signers(session, set)));
                return new RotateBridgeSigners(
                    chainId,
                    session.Value(after) is { } text
                        ? new TimestampMs((ulong)session.Environment.Time.GetUtcNow()
                            .Add(Durations.Parse(text, "--not-before")).ToUnixTimeMilliseconds())
                        : default,
                    signers,
                    await installed.ReadAsync(session, chainId, signers, token));
            });
    }

    public static Verb Map()
    {
        Argument<string> symbol = Inputs.Symbol();
        Option<string> contract = Inputs.Required("--token", "0x...", "Its token abroad.");
        Option<string> item = Inputs.Required("--per-item", "N", "The most of one lock, in whole units.");
        Option<string> ceiling =
            Inputs.Required("--ceiling", "N", "The most that may be abroad, in whole units.");
        Option<string> burst =
            Inputs.Required("--burst", "N", "The most that may pass at once in each direction.");
        Option<string> rate =
            Inputs.Required("--per-day", "N", "What may pass again each day in each direction.");
        Option<string?> least = Inputs.Optional(
            "--at-least", "N", "The least of one lock, in whole units (default: anything).");
        Option<string?> above = Inputs.Optional(
            "--delay-above", "N", "A lock of more waits before anybody may sign it (default: none waits).");
        Option<string?> delay = Inputs.Optional(
            "--delay", "TIME", "How long it waits, e.g. 6h; at most half of a lock's life.");
        Option<ulong?> chain = BridgeVerbs.Chain();
        return Verb.Privileged(
            "map", "Joins an asset to its token abroad, or changes its quota.",
            "GOV-BOND-2031 --token 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --per-item 10,000 "
                + "--ceiling 1,000,000 --burst 100,000 --per-day 500,000 --reason \"listing\"",
            [symbol, contract, item, ceiling, burst, rate, least, above, delay, chain],
            async (session, _, token) =>
            {
                AssetId id = Inputs.Asset(session.Value(symbol));
                ulong chainId = await BridgeVerbs.IdAsync(session, chain, token);
                var passing = new BridgeRate(
                    await Units(burst), PerSecond(await Units(rate)));
                return new MapBridgeToken(
                    chainId, id, BridgeVerbs.Abroad(session, session.Value(contract)),
                    new BridgeQuota(
                        await Units(item), await Units(ceiling), passing, passing, await DelayAsync(),
                        session.Value(least) is null ? Amount.Zero : await Units(least!)));

                async Task<BridgeDelay> DelayAsync() => (session.Value(above), session.Value(delay)) switch
                {
                    (null, null) => default,
                    ({ } units, { } time) => new BridgeDelay(
                        await Inputs.AmountAsync(session, units, id, atomic: false, token),
                        (ulong)Durations.Parse(time, "--delay").TotalMilliseconds),
                    _ => throw new CliException(
                        "USAGE", ExitCode.Usage,
                        "--delay-above and --delay are one without the other.",
                        "A delay needs the units that pass without it, and how long the others wait.",
                        "tl bridge map --help"),
                };

                Task<Amount> Units(Option<string> option) =>
                    Inputs.AmountAsync(session, session.Value(option), id, atomic: false, token);
            });
    }

    /// <summary>Atomic units a second. What whole ones miss by more than a hundredth is not what was asked
    /// for.</summary>
    private static Amount PerSecond(Amount perDay)
    {
        const uint SecondsPerDay = 24 * 3_600;
        UInt128 units = perDay.Units / SecondsPerDay;
        UInt128 missed = perDay.Units % SecondsPerDay;
        return units > 0 && missed <= perDay.Units / 100
            ? new Amount(units)
            : throw new CliException(
                "USAGE", ExitCode.Usage,
                $"--per-day {perDay} is no whole number of atomic units a second.",
                $"A bucket regains whole atomic units each second: {units * SecondsPerDay} or "
                + $"{(units + 1) * SecondsPerDay} of them a day are the nearest (in atomic units).",
                "tl bridge map --help");
    }

    private static OpenBridgeLane Lane(Session session, StrictObject lane) => new(
        lane.Required("chainId").Number(1, Limits.ChainIdMax),
        lane.Required("bridge").Address(),
        lane.Required("validatorSet").Address(),
        lane.Required("remoteGenesis").Hash(),
        lane.Required("startBlock").Number(0, long.MaxValue),
        lane.Required("lockLifetimeMs").Number(Limits.BridgeLockMinMs, Limits.BridgeLockMaxMs),
        lane.Required("gatherMs").Number(0, Limits.BridgeGatherMaxMs),
        Signers(session, lane));

    /// <summary>In the order of their keys, whatever that of the file.</summary>
    private static ImmutableArray<BridgeSigner> Signers(Session session, StrictObject set) =>
    [
        .. set.Required("signers").List(Limits.Validators, signer => signer.Object(one => new BridgeSigner(
            one.Required("key").Address(),
            session.Addresses.Resolve(one.Required("institution").Text(MaxText)))))
            .OrderBy(static signer => signer.Key),
    ];

    private static Option<string> File(string description) =>
        Inputs.Required("--file", "FILE", description);

    private static T Read<T>(Session session, string file, Func<StrictValue, T> read) => InputFile.Strict(
        session.Environment.FullPath(file), InputFile.Bytes(session, file, MaxBytes), MaxBytes, read);
}
