// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Node.Bridging;
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Storage;
using TokenLedger.Testing;
using RotateBridgeSigners = TokenLedger.Core.Bridge.RotateBridgeSigners;

namespace TokenLedger.Node.Tests.Bridging;

/// <summary>Who signed, who reported what, and when a signer was heard of.</summary>
public sealed class BridgeViewsTests : IDisposable
{
    private readonly StoredLane _lane = new();

    public void Dispose() => _lane.Dispose();

    [Fact]
    public void Message_WithRightAndWrongSignatures_NamesWhoSignedAndWhoIsMissing()
    {
        ulong id = _lane.Ledger.View.BridgeLock(StoredLane.ChainId, _lane.LockAndGather())!.MintId;
        _lane.Attest(0, id);
        _lane.Attest(1, id, keyOf: 2);
        _lane.Attest(3, id);

        using LedgerSnapshot snapshot = _lane.Snapshot();
        Message message = _lane.Views(snapshot).Message(id)!;

        Assert.Equal(2u, message.Signatures);
        Assert.Equal(Keys(0, 3), message.SignedBy.Select(KeyOf));
        Assert.Equal(Keys(1, 2), message.UnsignedBy.Select(KeyOf));
        Assert.All(message.SignedBy.Concat(message.UnsignedBy), signer => Assert.Equal(
            _lane.Ledger.View.Institution(new Address(signer.Institution.Span))!.Name,
            signer.InstitutionName));
        Assert.Null(_lane.Views(snapshot).Message(0));
    }

    [Fact]
    public void Message_OfAnEarlierEpoch_NamesItsSignersAndMissesNobody()
    {
        ulong nonce = _lane.LockAndGather();
        ulong id = _lane.Ledger.View.BridgeLock(StoredLane.ChainId, nonce)!.MintId;
        Address[] before = [.. Enumerable.Range(0, 3).Select(i => _lane.Signers[i].Key)];
        for (int i = 0; i < 3; i++)
        {
            _lane.Attest(i, id);
        }

        for (int i = 0; i < 3; i++)
        {
            _lane.See(i, new MintObserved(nonce, Place(1_000)));
        }

        _lane.Decide(new RotateBridgeSigners(StoredLane.ChainId, default, _lane.Others));
        for (int i = 0; i < 3; i++)
        {
            _lane.See(i, new RotationObserved(2, BridgeSignerKeys.Hash(_lane.Others), Place(1_001)));
        }

        Assert.Equal(2ul, _lane.State.Epoch);
        using LedgerSnapshot snapshot = _lane.Snapshot();
        Message message = _lane.Views(snapshot).Message(id)!;
        Assert.Equal((1ul, 3u), (message.Epoch, message.Signatures));
        Assert.Equal(before, message.SignedBy.Select(KeyOf));
        Assert.Empty(message.UnsignedBy);
    }

    [Fact]
    public void Rotation_ThatIsAskedFor_TellsTheNewSignersAndWhoReportedIt()
    {
        using (LedgerSnapshot none = _lane.Snapshot())
        {
            Assert.Null(_lane.Views(none).Rotation());
        }

        _lane.Decide(new RotateBridgeSigners(StoredLane.ChainId, default, _lane.Others));
        _lane.Attest(2, _lane.State.Rotation);
        _lane.See(1, new RotationObserved(2, BridgeSignerKeys.Hash(_lane.Others), Place(1_000)));

        using LedgerSnapshot snapshot = _lane.Snapshot();
        OpenRotation rotation = _lane.Views(snapshot).Rotation()!;
        Assert.Equal(_lane.State.Rotation, rotation.Message.Id);
        Assert.Equal(_lane.Others.Select(static one => one.Key), rotation.Signers.Select(KeyOf));
        Assert.Equal(Keys(2), rotation.Message.SignedBy.Select(KeyOf));
        Assert.Equal(Keys(1), rotation.ReportedBy.Select(KeyOf));
        Assert.Equal((0ul, RotationSeen.Unspecified), (rotation.NotBeforeSeconds, rotation.Seen));
    }

    [Fact]
    public void Standing_HaltedByAlarms_NamesWhoRaisedThemWithTheirFigures()
    {
        _lane.See(2, _lane.Alarm(1_000, locked: 7));
        using (LedgerSnapshot before = _lane.Snapshot())
        {
            SignerVoice open = Assert.Single(_lane.Views(before).Alarms());
            Assert.Equal(_lane.Signers[2].Key, KeyOf(open.Signer));
            Assert.Contains("block 1000", open.Said, StringComparison.Ordinal);
            Assert.Equal(([], default), new StopSearch().Find(before, _lane.State));
        }

        _lane.RunEmpty();
        _lane.See(0, _lane.Alarm(1_001, locked: 8));

        using LedgerSnapshot snapshot = _lane.Snapshot();
        LaneStop stop = Assert.Single(
            _lane.Views(snapshot).Standing(new StopSearch().Find(snapshot, _lane.State).Found));
        Assert.Equal(((uint)BridgeStops.Halted, _lane.Height.Value), (stop.Stops, stop.Height));
        Assert.Equal(_lane.Ledger.Time.Value, stop.TimeMs);
        Assert.Equal(Hash256.Size, stop.TransactionId.Length);
        Assert.Contains("does not add up at block 1001", stop.Reason, StringComparison.Ordinal);
        Assert.Equal(
            [(_lane.Signers[0].Key, 3ul), (_lane.Signers[2].Key, 1ul)],
            stop.Voices.Select(voice => (KeyOf(voice.Signer), voice.Height)));
        Assert.Contains("7 are locked, 2 explained", stop.Voices[1].Said, StringComparison.Ordinal);
        Assert.Empty(_lane.Views(snapshot).Alarms());
    }

    [Fact]
    public void Standing_HaltedByAContradiction_TellsWhatEachSaid()
    {
        for (int i = 0; i < 3; i++)
        {
            _lane.See(i, new BurnObserved(
                1, StoredLane.Token, TestNetwork.Named("abroad"), BridgeRecipient.Of(TestNetwork.Bob),
                new Amount(5 + ((ulong)i / 2)), StoredLane.AnyHash, Place(1_000)));
        }

        _lane.See(3, new BurnObserved(
            1, StoredLane.Token, TestNetwork.Named("abroad"), BridgeRecipient.Of(TestNetwork.Bob),
            new Amount(6), StoredLane.AnyHash, Place(1_000)));

        using LedgerSnapshot snapshot = _lane.Snapshot();
        LaneStop stop = Assert.Single(
            _lane.Views(snapshot).Standing(new StopSearch().Find(snapshot, _lane.State).Found));
        Assert.Contains("contradict", stop.Reason, StringComparison.Ordinal);
        Assert.Equal(4, stop.Voices.Count);
        Assert.Equal(2, stop.Voices.Count(static voice =>
            voice.Said.StartsWith("Burn 1 is 5 of", StringComparison.Ordinal)));
    }

    [Fact]
    public void Look_AtSignersWhoseNoncesGrow_NotesWhenTheyWereHeardOf()
    {
        var watch = new SignerWatch();
        Look();
        TimestampMs since = _lane.Ledger.Time;
        _lane.Run(_lane.Signers[1].Key, new ObserveBridge(StoredLane.ChainId, [_lane.Alarm(1_000, 7)]));
        Look();
        TimestampMs heard = _lane.Ledger.Time;
        _lane.RunEmpty();
        Look();

        Assert.Equal(_lane.Ledger.Genesis.Time, watch.Since);
        Assert.Equal(heard, watch.HeardAt(_lane.Signers[1].Key));
        Assert.True(heard > since);
        Assert.Equal(default, watch.HeardAt(_lane.Signers[0].Key));

        void Look()
        {
            using LedgerSnapshot snapshot = _lane.Snapshot();
            watch.Look(_lane.View(snapshot), snapshot.State);
        }
    }

    private static BridgePlace Place(ulong block) => new(block, StoredLane.AnyHash, StoredLane.AnyHash);

    private static Address KeyOf(LaneSigner signer) => new(signer.Key.Span);

    private IEnumerable<Address> Keys(params IEnumerable<int> signers) =>
        signers.Select(i => _lane.Signers[i].Key);
}
