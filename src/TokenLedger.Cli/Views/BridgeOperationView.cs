// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Views;

/// <summary>What the bridge's operations say. Addresses abroad look like the ledger's own.</summary>
internal static class BridgeOperationView
{
    public static IReadOnlyList<Fact> Facts(Operation operation) => operation switch
    {
        LockForBridge o =>
        [
            Fact.Of("chainId", o.ChainId),
            Fact.Of("asset", o.Asset.ToString()),
            Fact.OfAmount("amount", o.Asset, o.Amount),
            Fact.Of("recipient", o.Recipient),
        ],
        CancelBridgeLock o => [Fact.Of("chainId", o.ChainId), Fact.Of("nonce", o.Nonce)],
        RetryBridgeRelease o => [Fact.Of("chainId", o.ChainId), Fact.Of("burnNonce", o.BurnNonce)],
        AttestBridge o =>
        [
            Fact.Of("chainId", o.ChainId),
            Fact.Of("messageId", o.MessageId),
            Fact.Of("epoch", o.Epoch),
            Fact.Of("signature", Convert.ToHexStringLower(o.Signature.AsSpan())),
        ],
        ObserveBridge o =>
        [
            Fact.Of("chainId", o.ChainId),
            .. o.Observations.Select((seen, i) => Fact.Of($"observation:{i}", Text(seen))),
        ],
        _ => throw new InvariantException($"{operation.GetType().Name} has no facts"),
    };

    public static IReadOnlyList<Fact> Facts(PrivilegedOperation operation) => operation switch
    {
        OpenBridgeLane o =>
        [
            Fact.Of("chainId", o.ChainId),
            Fact.Of("contract", o.Contract),
            Fact.Of("signerContract", o.SignerContract),
            Fact.Of("remoteGenesis", o.RemoteGenesis),
            Fact.Of("startBlock", o.StartBlock),
            Fact.Of("lockLifetimeMs", o.LockLifetimeMs),
            Fact.Of("gatherMs", o.GatherMs),
            .. Signers(o.Signers),
        ],
        MapBridgeToken o =>
        [
            Fact.Of("chainId", o.ChainId),
            Fact.Of("asset", o.Asset.ToString()),
            Fact.Of("token", o.Token),
            Fact.OfAmount("perItem", o.Asset, o.Quota.PerItem),
            Fact.OfAmount("ceiling", o.Asset, o.Quota.Ceiling),
            Fact.OfAmount("outboundCapacity", o.Asset, o.Quota.Outbound.Capacity),
            Fact.OfAmount("outboundPerSecond", o.Asset, o.Quota.Outbound.PerSecond),
            Fact.OfAmount("inboundCapacity", o.Asset, o.Quota.Inbound.Capacity),
            Fact.OfAmount("inboundPerSecond", o.Asset, o.Quota.Inbound.PerSecond),
            Fact.OfAmount("delayAbove", o.Asset, o.Quota.Delay.Above),
            Fact.Of("delayMs", o.Quota.Delay.Ms),
            Fact.OfAmount("least", o.Asset, o.Quota.Least),
        ],
        PauseBridge o => Stopping(o.ChainId, o.Stops, o.Reason),
        ResumeBridge o => Stopping(o.ChainId, o.Stops, o.Reason),
        RotateBridgeSigners o =>
        [
            Fact.Of("chainId", o.ChainId),
            Fact.OfTime("notBefore", o.NotBefore.Value),
            Fact.Of("installedEpoch", o.InstalledEpoch),
            // What tl bridge action status shows of the contract, for whoever approves.
            .. o.InstalledEpoch == 0 ? [] : (Fact[])[Fact.Of("setHash", LaneContracts.SetHash(
                o.InstalledEpoch, o.Signers.Select(static signer => signer.Key)).ToString())],
            .. Signers(o.Signers),
        ],
        RedirectBridgeRelease o =>
        [
            Fact.Of("chainId", o.ChainId),
            Fact.Of("burnNonce", o.BurnNonce),
            Fact.Of("to", o.To),
            Fact.Of("reason", o.Reason),
        ],
        _ => throw new InvariantException($"{operation.GetType().Name} has no facts"),
    };

    /// <summary>Stops in words: "locks+releases"; "nothing" for none.</summary>
    public static string Show(BridgeStops stops)
    {
        string[] words =
        [
            .. new[] { BridgeStops.Locks, BridgeStops.Releases, BridgeStops.Halted }
                .Where(stop => (stops & stop) != 0)
                .Select(stop => OperationView.Snake(stop.ToString())),
        ];
        return words.Length == 0 ? "nothing" : string.Join('+', words);
    }

    private static Fact[] Stopping(ulong chainId, BridgeStops stops, string reason) =>
        [Fact.Of("chainId", chainId), Fact.Of("stops", Show(stops)), Fact.Of("reason", reason)];

    private static IEnumerable<Fact> Signers(ImmutableArray<BridgeSigner> signers) =>
        signers.SelectMany((signer, i) => new[]
        {
            Fact.Of($"signer:{i}", signer.Key),
            Fact.Of($"signerInstitution:{i}", signer.Institution),
        });

    private static string Text(BridgeObservation observation) => observation switch
    {
        BurnObserved o => $"burn {o.Nonce}: {o.Amount} of {o.Token} from {o.From} to {o.Recipient}, burns up "
            + $"to it {o.Accumulator}, {Text(o.Place)}",
        MintObserved o => $"mint of lock {o.Nonce}, {Text(o.Place)}",
        VoidObserved o => $"void of lock {o.Nonce}, {Text(o.Place)}",
        ExpiryObserved o => $"expiry of lock {o.Nonce}",
        RotationObserved o => $"signers {o.Signers} of epoch {o.Epoch}, {Text(o.Place)}",
        SupplyObserved o => $"{o.Supply} of {o.Token} after burn {o.Burns}, {Text(o.Place)}",
        MismatchObserved o => $"mismatch of {o.Token}: {o.Locked} locked, {o.Explained} explained, "
            + Text(o.Place),
        _ => throw new InvariantException($"{observation.GetType().Name} has no words"),
    };

    private static string Text(BridgePlace place) =>
        $"block {place.Number} {place.BlockHash}"
        + (place.TransactionHash.IsZero ? "" : $", transaction {place.TransactionHash}");
}
