// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Evm;

namespace TokenLedger.Node.Bridging;

/// <summary>Reads the bridge's part of node.json.</summary>
internal static class BridgeOptionsReader
{
    private const int MaxText = 4 * 1024;
    private const ulong MaxMs = 24 * 3_600_000;
    private const ulong WeiPerGwei = 1_000_000_000;
    private const ulong UsualCapGwei = 200;
    private const ulong MaxGwei = 1_000_000;

    /// <summary>With fewer, one operator's word or outage decides.</summary>
    private const int FewestEndpoints = 3;

    /// <inheritdoc cref="FewestEndpoints"/>
    private const int FewestAgreeing = 2;

    /// <summary>Reads it.</summary>
    /// <param name="bridge">The object.</param>
    /// <param name="pathOf">Makes a path absolute.</param>
    public static BridgeOptions Read(StrictObject bridge, Func<StrictValue, string> pathOf) => new(
        bridge.Required("signerKey").Object(key => Key(key, pathOf)),
        bridge.Required("senderKey").Object(key => Key(key, pathOf)),
        bridge.Required("lanes").List(Limits.BridgeLanes, lane => lane.Object(Lane)));

    private static BridgeKeyFile Key(StrictObject key, Func<StrictValue, string> pathOf) =>
        new(pathOf(key.Required("keystore")), pathOf(key.Required("passwordFile")));

    private static LaneSettings Lane(StrictObject lane)
    {
        var settings = new LaneSettings
        {
            ChainId = lane.Required("chainId").Number(1, Limits.ChainIdMax),
            Endpoints = lane.Required("endpoints").List(EvmLimits.Providers, Endpoint),
            Required = (int)lane.Required("required").Number(1, EvmLimits.Providers),
            CodeHash = lane.Required("codeHash").Hash(),
            SignerCodeHash = lane.Required("signerCodeHash").Hash(),
        };
        ulong priority = lane.Optional("priorityFeeGwei", 1UL, value => value.Number(0, MaxGwei));
        ulong cap = lane.Optional(
            "feeCapGwei", Math.Max(UsualCapGwei, priority),
            value => value.Number(Math.Max(1, priority), MaxGwei));
        settings = settings with
        {
            Poll = Time(lane, "pollMs", settings.Poll),
            Deadline = Time(lane, "deadlineMs", settings.Deadline),
            Turn = Time(lane, "turnMs", settings.Turn),
            Replace = Time(lane, "replaceMs", settings.Replace),
            Identity = Time(lane, "identityMs", settings.Identity),
            Stale = Time(lane, "staleMs", settings.Stale),
            Fees = new FeePolicy(priority * WeiPerGwei, cap * WeiPerGwei),
        };
        bool few = lane.Optional("fewEndpoints", false, static value => value.Flag());
        if (!few && (settings.Endpoints.Length < FewestEndpoints || settings.Required < FewestAgreeing))
        {
            throw lane.Required("endpoints").Unexpected(
                $"{FewestEndpoints} endpoints of different operators, of which {FewestAgreeing} agree; a "
                + "test network says \"fewEndpoints\": true");
        }

        return settings.Required <= settings.Endpoints.Length
            && 2 * settings.Required > settings.Endpoints.Length
            && settings.Endpoints.Distinct().Count() == settings.Endpoints.Length
            ? settings
            : throw lane.Required("required").Unexpected(
                "more than half of the endpoints, which are all different");
    }

    private static TimeSpan Time(StrictObject lane, string key, TimeSpan usual) => TimeSpan.FromMilliseconds(
        lane.Optional(key, (ulong)usual.TotalMilliseconds, value => value.Number(100, MaxMs)));

    private static Uri Endpoint(StrictValue value) =>
        Uri.TryCreate(value.Text(MaxText), UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
            ? uri
            : throw value.Unexpected("an http or https address");
}
