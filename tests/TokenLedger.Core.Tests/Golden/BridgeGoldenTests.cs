// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Tests.Golden;

/// <summary>The bridge's rows, keys and observations, byte by byte.</summary>
public sealed class BridgeGoldenTests
{
    private const ulong Chain = BridgeSamples.Chain;

    [Fact]
    public void Bridge_RecordsKeysAndObservations_AreUnchanged()
    {
        var file = new GoldenFile("bridge.txt", "The bridge's observations, records and keys.");
        foreach (BridgeObservation observation in BridgeSamples.Observations)
        {
            string name = observation.GetType().Name;
            file.Add(name, Encode(observation, BridgeCodec.WriteObservation));
            file.Add(name + ".ContentHash", BridgeCodec.ContentHash(Chain, observation));
        }

        AddRecords(file);
        AddKeys(file);
        file.Add("Escrow", BridgeEscrow.Of(Chain).ToArray());
        file.Add("Recipient", BridgeRecipient.Of(Samples.Address(1), Chain));
        file.AssertUnchanged();
    }

    [Fact]
    public void Samples_Observations_CoverEverySubclass() => Assert.Equal(
        typeof(BridgeObservation).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(BridgeObservation))).Select(type => type.Name).Order(),
        BridgeSamples.Observations.Select(observation => observation.GetType().Name).Order());

    /// <summary>Votes on one subject come together, whatever they say; votes on two never do.</summary>
    [Fact]
    public void Subject_OfObservations_IsTheSameForWhatExcludesEachOther()
    {
        var outcome = new BridgeSubject(BridgeSubjectKind.Outcome, 7, default);
        Assert.Equal(outcome, new MintObserved(7, BridgeSamples.Place).Subject);
        Assert.Equal(outcome, new VoidObserved(7, BridgeSamples.Place).Subject);
        Assert.Equal(outcome, new ExpiryObserved(7).Subject);
        Assert.Equal(
            BridgeSamples.Observations.Length - 2,
            BridgeSamples.Observations.Select(o => o.Subject with { Number = 0 }).Distinct().Count());
    }

    [Fact]
    public void ContentHash_OfAnotherLane_IsAnother() => Assert.NotEqual(
        BridgeCodec.ContentHash(1, BridgeSamples.Burn), BridgeCodec.ContentHash(2, BridgeSamples.Burn));

    [Fact]
    public void Recipient_WithZeroAccountOrBytesBehind_IsNotRead()
    {
        Assert.True(BridgeRecipient.TryRead(
            BridgeRecipient.Of(Samples.Address(1), 9), out Address account, out ulong tag));
        Assert.Equal((Samples.Address(1), 9UL), (account, tag));
        Assert.False(BridgeRecipient.TryRead(BridgeRecipient.Of(default, 9), out _, out _));
        byte[] dirty = BridgeRecipient.Of(Samples.Address(1), 9).ToArray();
        dirty[^1] = 1;
        Assert.False(BridgeRecipient.TryRead(new Hash256(dirty), out _, out _));
    }

    private static void AddRecords(GoldenFile file)
    {
        file.Add("BridgeLaneState", Encode(BridgeSamples.LaneState, BridgeCodec.WriteLane));
        file.Add("BridgeTokenState", Encode(BridgeSamples.Token, BridgeCodec.WriteToken));
        file.Add(
            "BridgeTokenState.NoReport",
            Encode(BridgeSamples.Token with { Report = null }, BridgeCodec.WriteToken));
        file.Add("BridgeTokenAsset", Encode(Samples.Bond, BridgeCodec.WriteAsset));
        file.Add("BridgeLockState", Encode(BridgeSamples.Lock, BridgeCodec.WriteLock));
        file.Add("BridgeMessageState.Mint", Encode(BridgeSamples.Mint, BridgeCodec.WriteMessage));
        file.Add("BridgeMessageState.Rotation", Encode(BridgeSamples.Rotation, BridgeCodec.WriteMessage));
        file.Add("BridgeVoteState", Encode(BridgeSamples.Votes, BridgeCodec.WriteVotes));
        file.Add("BridgeBurnState.Suspended", Encode(BridgeSamples.Suspended, BridgeCodec.WriteBurn));
        file.Add("BridgeBurnState.Released", Encode(BridgeSamples.Released, BridgeCodec.WriteBurn));
    }

    private static void AddKeys(GoldenFile file)
    {
        file.Add("Key.BridgeLane", StateKeys.BridgeLane(Chain));
        file.Add("Key.BridgeToken", StateKeys.BridgeToken(Chain, Samples.Bond));
        file.Add("Key.BridgeTokenAsset", StateKeys.BridgeTokenAsset(Chain, Samples.Address(1)));
        file.Add("Key.BridgeLock", StateKeys.BridgeLock(Chain, 258));
        file.Add("Key.BridgeQueue", StateKeys.BridgeQueue(Chain, 258));
        file.Add("Key.BridgeDelayed", StateKeys.BridgeDelayed(Chain, new TimestampMs(259), 258));
        file.Add("Key.BridgeOutstanding", StateKeys.BridgeOutstanding(Chain, Samples.Bond, 258));
        file.Add("Key.BridgeMessage", StateKeys.BridgeMessage(Chain, 258));
        file.Add("Key.BridgeOpenMessage", StateKeys.BridgeOpenMessage(Chain, 258));
        file.Add("Key.BridgeVote", StateKeys.BridgeVote(
            Chain, new BridgeSubject(BridgeSubjectKind.Supply, 258, Samples.Address(1))));
        file.Add("Key.BridgeBurn", StateKeys.BridgeBurn(Chain, 258));
        file.Add("Key.BridgeSuspended", StateKeys.BridgeSuspended(Chain, 258));
        file.Add("Key.BridgeOwner", StateKeys.BridgeOwner(Chain, Samples.Address(1)));
        (byte[] from, byte[] to) = StateKeys.BridgeRows(Table.BridgeQueue, ulong.MaxValue);
        file.Add("Rows.From", from);
        file.Add("Rows.To", to);
    }

    private static byte[] Encode<T>(T value, Action<CanonicalWriter, T> write) =>
        StateCodec.Encode(value, write);
}
