// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Node.Services;
using TokenLedger.Protocol;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Node.Tests;

/// <summary>All pages of a listing are of one height, for a while.</summary>
public sealed class PinnedSnapshotsTests : IDisposable
{
    private const int KeptSeconds = 60;
    private const int Capacity = 16;

    private readonly GenesisDocument _genesis = TestNetwork.Genesis();
    private readonly LedgerStore _ledger;
    private readonly StandingClock _clock = new();
    private readonly PinnedSnapshots _pins;

    public PinnedSnapshotsTests()
    {
        IReadOnlyList<StateChange> changes = GenesisBuilder.Changes(_genesis);
        BlockHeader header = GenesisBuilder.Header(_genesis, StateTree.Empty.Update(changes).Root);
        _ledger = LedgerStore.Open(
            new MemoryStore(LedgerFormat.Families),
            new CommittedBlock(new Block(header, []), [], [], changes));
        _pins = new PinnedSnapshots(_ledger, _clock);
    }

    public void Dispose()
    {
        _pins.Dispose();
        _ledger.Dispose();
    }

    [Fact]
    public void Borrow_HeightThatWasKept_IsThatHeightWhileTheChainGrows()
    {
        Keep();
        Commit();
        _clock.Advance(KeptSeconds);

        using PinnedSnapshots.Lease page = _pins.Borrow(0);
        Assert.Equal(new Height(0), page.Snapshot.Head.Height);
        using PinnedSnapshots.Lease newest = _pins.Borrow(null);
        Assert.Equal(new Height(1), newest.Snapshot.Head.Height);
    }

    [Fact]
    public void Borrow_AfterItsTime_IsRefusedWithACode()
    {
        Keep();
        _clock.Advance(KeptSeconds + 1);

        Assert.Equal("PAGE_EXPIRED", Refused(0));
    }

    [Fact]
    public void Borrow_HeightThatNobodyKept_IsRefused()
    {
        using (_pins.Borrow(null))
        {
        }

        Commit();
        Assert.Equal("PAGE_EXPIRED", Refused(0));
        Assert.Equal("PAGE_EXPIRED", Refused(7));
    }

    [Fact]
    public void Borrow_InUseBeyondItsTime_LastsUntilItIsReturned()
    {
        Keep();
        PinnedSnapshots.Lease page = _pins.Borrow(0);
        _clock.Advance(2 * KeptSeconds);
        Assert.NotNull(page.Snapshot.FindHeader(new Height(0)));
        page.Dispose();

        Assert.Equal("PAGE_EXPIRED", Refused(0));
    }

    [Fact]
    public void Keep_MoreHeightsThanThereIsRoomFor_DropsTheOldest()
    {
        for (int i = 0; i <= Capacity; i++)
        {
            Keep();
            Commit();
        }

        Assert.Equal("PAGE_EXPIRED", Refused(0));
        using PinnedSnapshots.Lease second = _pins.Borrow(1);
        Assert.Equal(new Height(1), second.Snapshot.Head.Height);
    }

    private void Keep()
    {
        using PinnedSnapshots.Lease page = _pins.Borrow(null);
        page.Keep();
    }

    private string? Refused(ulong height) =>
        ErrorModel.Read(Assert.Throws<RpcException>(() => _pins.Borrow(height)))?.Reason;

    private void Commit()
    {
        ChainHead parent = _ledger.Head;
        BlockHeader header = parent.Header with
        {
            Height = parent.Height.Next,
            View = parent.View.Next,
            ParentHash = parent.Hash,
            Timestamp = parent.Header.Timestamp.Plus(1),
            HistoryRoot = _ledger.HistoryRange.Root(),
        };
        _ledger.Commit(new CommittedBlock(new Block(header, []), [], [], []));
    }
}
