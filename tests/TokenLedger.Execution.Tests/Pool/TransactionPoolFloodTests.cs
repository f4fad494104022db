// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Pool;

/// <summary>
/// One registrar can make any number of accounts. Whatever they send, whoever else has something to execute
/// gets it in, and an officer does even when everything waiting is executable.
/// </summary>
public class TransactionPoolFloodTests
{
    private readonly TestLedger _ledger = TestLedger.Start();
    private readonly TransactionPool _pool = new();

    [Fact]
    public void Add_FloodBehindGaps_KeepsAFewAndLosesTheLongestWaiting()
    {
        Address[] flood = Register(1 + (Limits.PoolGaps / (int)Limits.PoolNonceGap));
        foreach (Address sender in flood)
        {
            SendBehindAGap(sender);
        }

        Assert.Equal(Limits.PoolGaps, _pool.Count);
        Assert.Null(Add(Pay(Alice, 1)));
        Assert.Equal(Limits.PoolGaps, _pool.Count);
        Assert.Null(Add(Pay(Alice, 0)));
        Assert.Equal([0UL, 1], Selected(Alice));

        // Room that a gap gave up is no longer counted: all that is left is executable once its gap closes.
        Address last = flood[^1];
        Assert.Null(Add(Pay(last, 0)));
        Assert.Equal(1 + (int)Limits.PoolNonceGap, Selected(last).Length);
    }

    [Fact]
    public void Add_PoolFullOfGapsAndOthers_MakesRoomForWhatIsExecutable()
    {
        int most = Limits.PoolTransactions - Limits.PoolForOfficers;
        int gapped = Limits.PoolGaps / (int)Limits.PoolNonceGap;
        Address[] citizens = Register(gapped + 1 + ((most - Limits.PoolGaps) / Limits.PoolPerSender));
        foreach (Address sender in citizens.Take(gapped))
        {
            SendBehindAGap(sender);
        }

        int before = _pool.Count;
        int taken = 0;
        foreach (Address sender in citizens.Skip(gapped))
        {
            taken += FillShare(sender);
        }

        Assert.Equal(Limits.PoolGaps, before);
        Assert.True(before + taken > most, "gaps made room");
        Assert.Equal(
            RejectionCode.PoolFull, Register(1).Select(late => Add(Pay(late, 1))?.Code).Single());
        Assert.Null(Add(Pay(Alice, 0)));
        Assert.Equal(most, _pool.Count);
    }

    [Fact]
    public void Add_PoolFullOfWhatIsExecutable_HasPlacesForOfficersOnly()
    {
        int most = Limits.PoolTransactions - Limits.PoolForOfficers;
        int taken = Register((most / Limits.PoolPerSender) + 1).Sum(FillShare);
        Assert.Equal(most, taken);
        Assert.Equal(RejectionCode.PoolFull, Add(Pay(Alice, 0))?.Code);
        Assert.Null(Add(Pay(RegulatorMaker, 0)));
        Assert.Equal([0UL], Selected(RegulatorMaker));
    }

    private int _registered;

    private Address[] Register(int count)
    {
        Address[] added =
            [.. Enumerable.Range(_registered, count).Select(static i => Named($"flood {i}"))];
        _registered += count;
        foreach (Address[] batch in added.Chunk(Limits.OperationsPerTransaction))
        {
            Operation[] operations =
                [.. batch.Select(static a => new RegisterAccount(a, AccountKind.Citizen, default))];
            _ledger.MustRun(MinistryRegistrar, operations);
        }

        return added;
    }

    private void SendBehindAGap(Address sender)
    {
        for (ulong nonce = 1; nonce <= Limits.PoolNonceGap; nonce++)
        {
            Assert.Null(Add(Pay(sender, nonce)));
        }
    }

    /// <summary>Sends a sender's whole share, executable; returns how many were taken.</summary>
    private int FillShare(Address sender) =>
        Enumerable.Range(0, Limits.PoolPerSender).Count(nonce => Add(Pay(sender, (ulong)nonce)) is null);

    private VerifiedTransaction Pay(Address sender, ulong nonce) =>
        _ledger.Verify(_ledger.Draft(sender, new Transfer(Bond, Bob, new Amount(1))) with { Nonce = nonce });

    private Rejection? Add(VerifiedTransaction transaction) =>
        _pool.Add(transaction, _ledger.State, _ledger.Time);

    private ulong[] Selected(Address sender)
    {
        var budget = new BlockBudget(int.MaxValue, int.MaxValue, int.MaxValue);
        return
        [
            .. _pool.Select(_ledger.State, _ledger.Time, budget)
                .Where(picked => picked.Content.Sender == sender)
                .Select(picked => picked.Content.Nonce),
        ];
    }
}
