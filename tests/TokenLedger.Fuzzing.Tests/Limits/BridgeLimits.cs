// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Tests.Limits;

/// <summary>The rows of the table for the bridge's limits.</summary>
internal static class BridgeLimits
{
    private const ulong Lifetime = 3_600_000;

    private static readonly OpenBridgeLane Lane = new(
        1, TestNetwork.Named("bridge"), TestNetwork.Named("register"),
        Hashing.Hash(DomainTag.Genesis, [1]), 1, 24 * Lifetime, 0,
        [
            .. Enumerable.Range(0, 4)
                .Select(i => new BridgeSigner(TestNetwork.Named($"signer {i}"), TestNetwork.Bank))
                .OrderBy(signer => signer.Key),
        ]);

    public static IEnumerable<LimitRow> Rows() =>
    [
        new("BridgeItemsPerMessage", n => Reads(
            Message() with { Items = [.. Enumerable.Repeat(default(BridgeItem), (int)n)] },
            BridgeCodec.WriteMessage, BridgeCodec.ReadMessage)),
        new("BridgeObservationsPerOperation", n => IsWell(new ObserveBridge(
            1, [.. Enumerable.Repeat(new ExpiryObserved(1), (int)n)]))),
        new("BridgeBurnsAhead", Test: "BridgeVoteTests.Observe_WithoutSeatLaneLockOrToken_IsRefused"),
        new("BridgeQueueRows",
            Test: "BridgeMessageTests.Gather_MoreLocksThanABlockLooksAt_TakesTheOldestOfEveryAsset"),
        new("BridgeOpenLocks", Test: "BridgeLockTests.Lock_MoreThanMayBeOpen_IsRefusedUntilOneEnds"),
        new("BridgeOpenLocksPerAccount",
            Test: "BridgeLockTests.Lock_MoreThanOneAccountMayHaveOpen_IsRefusedUntilOneEnds"),
        new("BridgeReportsPerSigner", n => n * Core.Limits.Validators < int.MaxValue && Reads(
            new BridgeVoteState(
                1, [.. Enumerable.Repeat(new BridgeBallot(default, 1, 1), (int)n * Core.Limits.Validators)]),
            BridgeCodec.WriteVotes, BridgeCodec.ReadVotes)),
        new("BridgeRotationAheadMs", Test: "BridgeLaneTests.Rotate_TooFarAhead_IsRefused"),
        new("BridgeLockMinMs", Test: "BridgeLaneTests.Open_TermsOutsideTheirMeaning_AreNotIncludable"),
        new("BridgeLockMaxMs", n => IsWell(Lane with { LockLifetimeMs = (ulong)n })),
        new("BridgeGatherMaxMs", n => IsWell(Lane with { GatherMs = (ulong)n })),
        new("BridgeLanes", Test: "BridgeLaneTests.Open_MoreLanesThanMayBe_IsRefused"),
        new("BridgeTokensPerLane", Test: "BridgeLaneTests.Map_MoreTokensThanALaneHolds_IsRefused"),
    ];

    private static BridgeMessageState Message() => new CoreGenerator(1).BridgeMessage();

    private static bool IsWell(PrivilegedOperation operation) =>
        IsWell(new Propose([operation], new TimestampMs(1), ""));

    private static bool IsWell(Operation operation) => TransactionRules.CheckStateless(new Transaction(
        TestNetwork.Alice, 0, 0, new TimestampMs(1), null, "", [operation])) is null;

    private static bool Reads<T>(T value, Action<CanonicalWriter, T> write, CanonicalRead<T> read)
    {
        try
        {
            StateCodec.Decode(StateCodec.Encode(value, write), read);
            return true;
        }
        catch (CanonicalFormatException)
        {
            return false;
        }
    }
}
