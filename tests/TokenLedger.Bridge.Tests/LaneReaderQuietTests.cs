// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Storage;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Bridge.Tests;

/// <summary>Blocks in which nothing of the lane happens cost little, and each is looked at.</summary>
public sealed class LaneReaderQuietTests
{
    private readonly World _world = new();
    private readonly BridgeJournal _journal = new(new MemoryStore(BridgeJournal.Families), World.ChainId);
    private readonly LaneReader _reader;

    public LaneReaderQuietTests()
    {
        _reader = new LaneReader(_world.Chain, _journal);
        _world.Chain.Blooms = true;
    }

    /// <summary>A block's filter says for certain that it has none of the lane's logs: nothing else is
    /// asked.</summary>
    [Fact]
    public async Task Read_NextBlockWithoutLogsOfTheLane_AsksForNothingElse()
    {
        _world.Minted(100);
        await ReadAsync();
        List<string> calls = [];
        _world.Chain.Before = calls.Add;
        _world.Chain.Mine(1);
        LaneReading quiet = await ReadAsync();
        Assert.Equal(["final"], calls);
        Assert.Equal(_world.Chain.Final, quiet.State.Head.Number);
        Assert.Equal(_world.Chain.Final, _journal.Head!.Value.Number);

        _world.Chain.Burn(1, Nobody);
        _world.Chain.Mine(1);
        calls.Clear();
        while ((await ReadAsync()).Facts.Count == 0)
        {
            _world.Chain.Mine(1);
        }

        Assert.Contains("facts", calls);
    }

    /// <summary>Each block's own filter says so, and their hashes lead to the one that is final.</summary>
    [Theory]
    [InlineData(5, 4)]
    [InlineData(64, 63)]
    public async Task Read_BlocksWithoutLogsOfTheLane_AreLookedAtOneByOne(int blocks, int parents)
    {
        _world.Minted(100);
        await ReadAsync();
        List<string> calls = [];
        _world.Chain.Before = calls.Add;
        _world.Chain.Mine(blocks);
        Assert.Equal(_world.Chain.Final, (await ReadAsync()).State.Head.Number);
        Assert.Equal(["final", .. Enumerable.Repeat("parent", parents)], calls.Take(1 + parents));
        Assert.DoesNotContain("facts", calls);
    }

    /// <summary>A mint without a lock, and its units burned again before anybody looks.</summary>
    [Fact]
    public async Task Read_SomethingInABlockBetween_IsRead()
    {
        await ReadAsync();
        _world.Chain.Mine(2);
        _world.Chain.Mint(_world.View.Lane.NextLock + 7, 10);
        _world.Chain.Mine(1);
        _world.Chain.Burn(10, Nobody);
        _world.Chain.Mine(3);
        Assert.Equal(2, (await ReadAsync()).Facts.Count);
        _world.Ledger.Wait(World.GatherMs + 600_000);
        _world.Ledger.RunBlock();
        _world.Chain.Mine(2);
        Assert.Equal(
            BackingVerdict.Differs,
            Assert.Single(Backing.Compare(_world.View, (await ReadAsync()).State, _world.Facts)).Verdict);
    }

    [Fact]
    public async Task Read_MoreBlocksThanAreLookedAtOneByOne_AsksForTheirEventsAtOnce()
    {
        await ReadAsync();
        List<string> calls = [];
        _world.Chain.Before = calls.Add;
        _world.Chain.Mine(65);
        await ReadAsync();
        Assert.DoesNotContain("parent", calls);
        Assert.Contains("facts", calls);
    }

    private Task<LaneReading> ReadAsync() => _reader.ReadAsync(_world.View, CancellationToken.None);
}
