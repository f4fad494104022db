// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;
using TokenLedger.Storage;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests;

/// <summary>What a validator's bridge must not forget.</summary>
public sealed class BridgeJournalTests
{
    private static readonly ImmutableArray<BridgeObservation> Facts =
    [
        new MintObserved(3, new BridgePlace(10, Hash("block"), Hash("tx"))),
        new VoidObserved(4, new BridgePlace(11, Hash("block"), Hash("tx"))),
        new BurnObserved(
            1, Named("token"), Named("from"), Hash("to"), new Amount(5), Hash("acc"),
            new BridgePlace(11, Hash("block"), Hash("tx"))),
        new RotationObserved(2, Hash("signers"), new BridgePlace(12, Hash("block"), Hash("tx"))),
    ];

    private readonly MemoryDisk _disk = new();

    [Fact]
    public void PutHead_StateAndFacts_AreThereAfterPowerFails()
    {
        BridgeJournal journal = Open();
        Assert.Null(journal.Head);
        journal.PutHead(State(12), Facts);
        journal = Reopen();
        Assert.Equal((12UL, Hash("head 12"), 1UL, Hash("acc")), journal.Head);
        Assert.Equal(Facts.ToHashSet(), [.. journal.ReadFacts()]);
        journal.PutHead(State(13), []);
        Assert.Equal(13UL, Reopen().Head!.Value.Number);
        Assert.Equal(4, Reopen().ReadFacts().Count);
    }

    /// <summary>A block and what was seen in it are kept together: power may fail at any moment.</summary>
    [Fact]
    public void PutHead_PowerFailsBeforeOrAfter_LeavesBothOrNeither()
    {
        Open().PutHead(State(12), Facts[..2]);
        MemoryDisk before = _disk.DurableCopy();
        Reopen().PutHead(State(13), Facts[2..]);
        foreach ((MemoryDisk disk, ulong block, int facts) in (ReadOnlySpan<(MemoryDisk, ulong, int)>)
            [(before, 12, 2), (_disk.DurableCopy(), 13, 4)])
        {
            BridgeJournal journal = Open(disk);
            Assert.Equal((block, facts), (journal.Head!.Value.Number, journal.ReadFacts().Count));
        }
    }

    [Fact]
    public void PutHead_WriteThatFails_ThrowsAndKeepsNothing()
    {
        BridgeJournal journal = Open();
        journal.PutHead(State(12), Facts[..1]);
        _disk.FailNextWrite(StorageFaultKind.IO);
        Assert.Throws<StorageFault>(() => journal.PutHead(State(13), Facts));
        journal = Reopen();
        Assert.Equal(12UL, journal.Head!.Value.Number);
        Assert.Single(journal.ReadFacts());
    }

    [Fact]
    public void Forget_SomeFacts_LeavesTheOthersAndMayBeUndoneByPower()
    {
        BridgeJournal journal = Open();
        journal.PutHead(State(12), Facts);
        journal.Forget([Facts[0].Subject, Facts[2].Subject]);
        Assert.Equal(new[] { Facts[1], Facts[3] }.ToHashSet(), [.. journal.ReadFacts()]);
        Assert.Equal(4, Reopen().ReadFacts().Count);
    }

    [Fact]
    public void Facts_MoreThanAPage_AreAllRead()
    {
        BridgeJournal journal = Open();
        journal.PutHead(
            State(12), Enumerable.Range(1, 3_000).Select(i => new MintObserved((ulong)i, default)));
        Assert.Equal(
            Enumerable.Range(1, 3_000).Select(i => (ulong)i),
            journal.ReadFacts().Select(fact => fact.Subject.Number));
        journal.Reset();
        Assert.Empty(Reopen().ReadFacts());
    }

    [Fact]
    public void PutHalt_LongReason_StaysUntilItIsReset()
    {
        BridgeJournal journal = Open();
        Assert.Null(journal.Halt);
        journal.PutHead(State(12), Facts);
        journal.PutSend(Sent(7, 1));
        journal.PutHalt(new string('é', 2_000));
        Assert.StartsWith("ééé", Reopen().Halt, StringComparison.Ordinal);
        Reopen().Reset();
        journal = Reopen();
        Assert.Equal((null, null), (journal.Halt, journal.Head));
        Assert.Empty(journal.ReadFacts());
        Assert.Single(journal.ReadSends());
    }

    /// <summary>A reason is cut between letters: an emoji is two characters.</summary>
    [Fact]
    public void PutHalt_ReasonCutWithinALetter_IsKept()
    {
        BridgeJournal journal = Open();
        journal.PutHalt(new string('a', 255) + "😀" + new string('b', 100));
        Assert.StartsWith("aaa", Reopen().Halt, StringComparison.Ordinal);
    }

    [Fact]
    public void PutSend_AndAgain_KeepsTheLastOfEachNonce()
    {
        BridgeJournal journal = Open();
        journal.PutSend(Sent(7, 1));
        journal.PutSend(Sent(300, 2));
        journal.PutSend(Sent(7, 3));
        journal = Reopen();
        Assert.Equal([Sent(7, 3), Sent(300, 2)], journal.ReadSends());
        journal.ForgetSend(7);
        Assert.Equal([Sent(300, 2)], journal.ReadSends());
    }

    [Fact]
    public void Lanes_OfOneStore_DoNotMix()
    {
        var store = new MemoryStore(_disk, BridgeJournal.Families);
        BridgeJournal[] lanes = [new(store, 1), new(store, 2), new(store, ulong.MaxValue)];
        lanes[1].PutHead(State(12), Facts);
        lanes[1].PutSend(Sent(7, 1));
        lanes[1].PutHalt("halted");
        foreach (BridgeJournal other in (BridgeJournal[])[lanes[0], lanes[2]])
        {
            Assert.Equal((null, null), (other.Head, other.Halt));
            Assert.Empty(other.ReadFacts());
            Assert.Empty(other.ReadSends());
            other.Reset();
        }

        lanes[2].PutHead(State(9), Facts);
        Assert.Equal(4, lanes[2].ReadFacts().Count);
        Assert.Equal(4, lanes[1].ReadFacts().Count);
    }

    [Fact]
    public void Sends_NonceOfOnesOnly_IsRead()
    {
        BridgeJournal journal = Open();
        journal.PutSend(Sent(ulong.MaxValue, 1));
        Assert.Equal(ulong.MaxValue, Assert.Single(journal.ReadSends()).Signed.Transaction.Nonce);
        journal.PutHead(State(1), [new MintObserved(ulong.MaxValue, default)]);
        Assert.Single(journal.ReadFacts());
    }

    private static Hash256 Hash(string text) =>
        Hashing.Hash(DomainTag.StateValue, System.Text.Encoding.UTF8.GetBytes(text));

    private static RemoteState State(ulong block) => new(
        new RemoteHead(block, Hash($"head {block}"), default, default, 5), 1, Hash("acc"), 0, [],
        ImmutableDictionary<Address, Amount>.Empty);

    private static SentTransaction Sent(ulong nonce, ulong message) => new(
        message, new TimestampMs(5), new Eip1559Transaction
        {
            ChainId = 1,
            Nonce = nonce,
            MaxPriorityFeePerGas = 1,
            MaxFeePerGas = 2,
            GasLimit = 21_000,
            To = Named("to"),
            Data = [1, 2, (byte)message],
        }.Sign(KeyedHashScheme.SignerOf(Named("sender"))));

    private BridgeJournal Reopen()
    {
        _disk.Crash();
        return Open();
    }

    private BridgeJournal Open(MemoryDisk? disk = null) =>
        new(new MemoryStore(disk ?? _disk, BridgeJournal.Families), 5);
}
