// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Execution;
using TokenLedger.Node.Services;
using TokenLedger.Storage;
using TokenLedger.Testing;

namespace TokenLedger.Node.Tests;

/// <summary>
/// Balances of earlier heights, of a ledger whose first state has units that no event of it tells of, as one
/// has that began with a snapshot.
/// </summary>
public sealed class PastBalanceTests : IDisposable
{
    private static readonly Address From = TestNetwork.Named("from");
    private static readonly Address To = TestNetwork.Named("to");
    private static readonly AssetId Moved = TestNetwork.Bond;
    private static readonly AssetId Still = TestNetwork.Carbon;

    private readonly LedgerStore _ledger;

    /// <summary>Of 100 each: 7 at height 2, and all the rest in two steps at height 4.</summary>
    public PastBalanceTests()
    {
        GenesisDocument genesis = TestNetwork.Genesis();
        BlockHeader header = GenesisBuilder.Header(genesis, Hash256.Zero);
        _ledger = LedgerStore.Open(
            new MemoryStore(LedgerFormat.Families),
            new CommittedBlock(
                new Block(header, []), [], [], [Holds(From, Moved, 100), Holds(From, Still, 100)]));
        Commit();
        Commit(Sent(7, 93, 7));
        Commit();
        Commit(Sent(50, 43, 57), Sent(43, 0, 100));
    }

    public void Dispose() => _ledger.Dispose();

    [Theory]
    [InlineData(1, 100, 0)]
    [InlineData(2, 93, 7)]
    [InlineData(3, 93, 7)]
    [InlineData(4, 0, 100)]
    public void At_LedgerThatBeganWithASnapshot_IsWhatItHadThen(ulong height, ulong from, ulong to)
    {
        Assert.Equal(new Amount(from), At(From, Moved, height, begun: 1).Amount);
        Assert.Equal(new Amount(to), At(To, Moved, height, begun: 1).Amount);
        Assert.Equal(new PastBalance(new Amount(100), null), At(From, Still, height, begun: 1));
        Assert.Equal(new PastBalance(Amount.Zero, null), At(To, Still, height, begun: 1));
    }

    [Fact]
    public void At_LedgerFromGenesis_IsWhatItsEventsTell()
    {
        Assert.Equal(new PastBalance(Amount.Zero, null), At(From, Moved, 1, begun: 0));
        Assert.Equal(
            new BalanceStep(new Height(2), 0, new Amount(100), new Amount(93)),
            At(From, Moved, 3, begun: 0).Change);

        // The last of the block's events is named, and the row spans all of them.
        Assert.Equal(
            new BalanceStep(new Height(4), 1, new Amount(7), new Amount(100)),
            At(To, Moved, 4, begun: 0).Change);
    }

    private static EventRecord Sent(ulong amount, ulong fromAfter, ulong toAfter) => new(
        0, new Transferred(Moved, From, To, new Amount(amount), new Amount(fromAfter), new Amount(toAfter)));

    private static StateChange Holds(Address account, AssetId asset, ulong units)
    {
        var writer = new CanonicalWriter();
        writer.Amount(new Amount(units));
        return new StateChange(
            StateKeys.Balance(account, asset), units == 0 ? null : (ReadOnlyMemory<byte>?)writer.ToArray());
    }

    private PastBalance At(Address account, AssetId asset, ulong height, ulong begun)
    {
        using LedgerSnapshot snapshot = _ledger.Snapshot();
        return PastBalance.At(snapshot, new Height(begun), account, asset, new Height(height));
    }

    private void Commit(params EventRecord[] events)
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
        StateChange[] changes = events.Length == 0
            ? []
            :
            [
                Holds(From, Moved, (ulong)((Transferred)events[^1].Event).FromAfter.Units),
                Holds(To, Moved, (ulong)((Transferred)events[^1].Event).ToAfter.Units),
            ];
        _ledger.Commit(new CommittedBlock(new Block(header, []), [], [.. events], changes));
    }
}
