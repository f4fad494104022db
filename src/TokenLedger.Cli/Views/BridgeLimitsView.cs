// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Views;

/// <summary>What the ledger and the contracts abroad let pass.</summary>
internal static class BridgeLimitsView
{
    private const uint SecondsPerDay = 24 * 3_600;

    /// <summary>A token's limits on both sides, a block of lines that fits a narrow terminal.</summary>
    /// <param name="token">On the ledger.</param>
    /// <param name="abroad">By the contracts; null when they are not known.</param>
    public static IEnumerable<(string Label, string Value)> Lines(
        LaneToken token, GetLimitsAbroadResponse? abroad)
    {
        yield return ("asset", token.Asset);
        yield return ("one lock", (token.Least == "0" ? "" : $"from {Units(token.Least)} ")
            + $"up to {Units(token.PerItem)}");
        if (token.DelayMs > 0)
        {
            yield return ("delay",
                $"above {Units(token.DelayAbove)} waits {Durations.Words(token.DelayMs)}");
        }

        yield return ("out", Rate(token.OutboundAvailable, token.Outbound));
        yield return ("in", Rate(token.InboundAvailable, token.Inbound));
        if (abroad?.Tokens.FirstOrDefault(one => one.Asset == token.Asset) is not { } there)
        {
            yield break;
        }

        if (!there.Listed)
        {
            yield return ("abroad", "the contract does not know this token");
            yield break;
        }

        yield return ("abroad", $"one mint up to {Units(there.PerItem)}; ceiling {Units(there.Ceiling)}");
        yield return ("mint abroad", Paused(abroad.MintPaused) + RateAbroad(there.Mint));
        yield return ("burn abroad", Paused(abroad.BurnPaused) + RateAbroad(there.Burn));

        string Units(string atomic) => BridgeView.Units(atomic, token);

        string Rate(string available, BridgeRate rate) =>
            $"{Units(available)} now; burst {Units(rate.Capacity)}; {Units(PerDay(rate))} per day";

        string RateAbroad(RateAbroad rate) =>
            $"{Units(rate.Available)} now; burst {Units(rate.Capacity)}; {Units(PerDay(rate))} per day";
    }

    public static JsonObject ToJson(BridgeRate rate) => new()
    {
        ["burst"] = rate.Capacity,
        ["perDay"] = PerDay(rate),
    };

    /// <summary>What the contracts let pass of one token; null when it is not known.</summary>
    public static JsonObject? ToJson(GetLimitsAbroadResponse? abroad, string asset)
    {
        TokenAbroad? token = abroad?.Tokens.FirstOrDefault(one => one.Asset == asset);
        return token is null ? null : new JsonObject
        {
            ["block"] = abroad!.BlockNumber,
            ["blockTime"] = Times.Iso(abroad.BlockTimeSeconds * 1_000),
            ["listed"] = token.Listed,
            ["perItem"] = token.PerItem,
            ["ceiling"] = token.Ceiling,
            ["mintPaused"] = abroad.MintPaused,
            ["mint"] = ToJson(token.Mint),
            ["burnPaused"] = abroad.BurnPaused,
            ["burn"] = ToJson(token.Burn),
        };
    }

    private static JsonObject ToJson(RateAbroad rate) => new()
    {
        ["available"] = rate.Available,
        ["burst"] = rate.Capacity,
        ["perDay"] = PerDay(rate),
        ["windowSeconds"] = rate.WindowSeconds,
    };

    private static string Paused(bool paused) => paused ? "PAUSED; " : "";

    private static string PerDay(BridgeRate rate) => PerDay(rate.PerSecond, 1);

    private static string PerDay(RateAbroad rate) => PerDay(rate.Capacity, rate.WindowSeconds);

    /// <summary>Atomic units a day. More than amounts hold is as much as they hold.</summary>
    private static string PerDay(string units, uint seconds)
    {
        if (!BigInteger.TryParse(units, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger each)
            || seconds == 0)
        {
            return units;
        }

        BigInteger day = BigInteger.Min(each * SecondsPerDay / seconds, (BigInteger)UInt128.MaxValue);
        return new Amount((UInt128)day).ToString();
    }
}
