// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Node.Services;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Testing;
using ProposalExecuted = TokenLedger.Core.Ledger.ProposalExecuted;
using Transferred = TokenLedger.Core.Ledger.Transferred;

namespace TokenLedger.Node.Tests.Streams;

/// <summary>What a subscriber gets of the chain, and how much is read for it.</summary>
public sealed class EventReaderTests : IDisposable
{
    private readonly EventChain _chain = new();

    public void Dispose() => _chain.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(70)]
    public void Step_SomeAccounts_GivesWhatAReadOfEveryBlockGives(int accounts)
    {
        const int Everybody = 80;
        var random = new DeterministicRandom(7);
        for (int height = 1; height <= 300; height++)
        {
            _chain.Add(Enumerable.Range(0, random.Below(4) == 0 ? random.Below(3) : 0).Select(_ =>
                EventChain.Payment(random.Below(Everybody), random.Below(Everybody))));
        }

        // More than one step gives, and an event that is nobody's.
        _chain.Add(Enumerable.Repeat(EventChain.Payment(0, 1), (2 * Limits.StreamStepEvents) + 1));
        _chain.Add(new ProposalExecuted(1), EventChain.Payment(1, 0));
        Address[] wanted = [.. Enumerable.Range(0, accounts).Select(EventChain.Account)];
        List<(ulong, uint)> all = [];
        for (ulong height = 1; height <= _chain.Ledger.Head.Height.Value; height++)
        {
            EventRecord[] records = [.. _chain.Ledger.FindEvents(new Height(height))!];
            all.AddRange(records.Index()
                .Where(one => one.Item.Event is Transferred e && wanted.Any(a => a == e.From || a == e.To))
                .Select(one => (height, (uint)one.Index)));
        }

        List<Event> read = Read(new EventReader(_chain.Ledger, Filter(wanted), default), out _);
        Assert.Equal(all, read.Select(static one => (one.Height, one.Index)));

        // From any place that a cursor names it goes on behind that event.
        for (int i = 0; i < all.Count; i += 97)
        {
            var from = new EventCursor(new Height(all[i].Item1), all[i].Item2 + 1);
            Assert.Equal(
                all.Skip(i + 1),
                Read(new EventReader(_chain.Ledger, Filter(wanted), from), out _)
                    .Select(static one => (one.Height, one.Index)));
        }
    }

    [Fact]
    public void Step_AccountWithoutEvents_ReadsNoBlock()
    {
        AddBlocks(1_000);
        int before = _chain.Store.Blocks;
        var reader = new EventReader(_chain.Ledger, Filter(EventChain.Account(99)), default);
        Assert.Empty(Read(reader, out int rows));
        Assert.Equal(0, _chain.Store.Blocks - before);
        Assert.InRange(rows, 1, 100);
        Assert.Equal(new EventCursor(_chain.Ledger.Head.Height.Next, 0), reader.At);

        // And goes on where the chain does.
        _chain.Add(EventChain.Payment(3, 99));
        Assert.Single(Read(reader, out _));
        Assert.Equal(1, _chain.Store.Blocks - before);
    }

    [Fact]
    public void Step_ManyMoreAccountsThanBlocks_ReadsTheBlockAndNotTheirHistories()
    {
        AddBlocks(3);
        var reader = new EventReader(
            _chain.Ledger, Filter([.. Enumerable.Range(0, Limits.PageRows).Select(EventChain.Account)]),
            new EventCursor(_chain.Ledger.Head.Height, 0));
        Assert.Equal(2, Read(reader, out int rows).Count);
        Assert.Equal(EventReader.RowsPerSeek + 2, rows);
    }

    /// <summary>What no filter passes counts as what passes.</summary>
    [Fact]
    public void Step_NothingPasses_CountsWhatWasLookedAt()
    {
        AddBlocks(100);
        var reader = new EventReader(
            _chain.Ledger, new EventFilter(new SubscribeRequest { Types_ = { "asset_paused" } }), default);
        Assert.Empty(Read(reader, out int rows));
        Assert.Equal((101 * EventReader.RowsPerSeek) + 200, rows);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(uint.MaxValue, false)]
    public void Step_MoreDeliveredThanTheBlockHas_IsNoCursorOfOurs(uint delivered, bool valid)
    {
        AddBlocks(5);
        var reader = new EventReader(
            _chain.Ledger, Filter(EventChain.Account(1)), new EventCursor(new Height(3), delivered));
        RpcException? refused = Record.Exception(() => Read(reader, out _)) as RpcException;
        Assert.Equal(
            valid ? null : "CURSOR_INVALID", refused is null ? null : ErrorModel.Read(refused)?.Reason);
    }

    private void AddBlocks(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _chain.Add(EventChain.Payment(1, 2), EventChain.Payment(2, 1));
        }
    }

    private static EventFilter Filter(params Address[] accounts) => new(new SubscribeRequest
    {
        Accounts = { accounts.Select(static account => ByteString.CopyFrom(account.ToArray())) },
    });

    /// <summary>Reads to the head.</summary>
    private List<Event> Read(EventReader reader, out int rows)
    {
        var all = new List<Event>();
        rows = 0;
        while (reader.At.Height <= _chain.Ledger.Head.Height)
        {
            (IReadOnlyList<Event> passed, int read) = reader.Step(_chain.Ledger.Head.Height);
            Assert.InRange(passed.Count, 0, Limits.StreamStepEvents);
            all.AddRange(passed);
            rows += read;
        }

        return all;
    }
}
