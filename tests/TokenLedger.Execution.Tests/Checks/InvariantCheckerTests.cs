// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Checks;

public class InvariantCheckerTests
{
    private readonly TestLedger _ledger = TestLedger.Start();
    private readonly VerifiedTransaction[] _transactions;

    public InvariantCheckerTests()
    {
        _ledger.Issue(Alice, 1_000);
        _transactions = [_ledger.Verify(_ledger.Draft(Alice, new Transfer(Bond, Bob, new Amount(5))))];
    }

    [Fact]
    public void CheckBlock_SoundBlock_FindsNothing() => Assert.Empty(Check(static _ => { }));

    [Fact]
    public void CheckBlock_UnitsFromNowhere_IsFound() =>
        Assert.NotEmpty(Check(overlay => PutBalance(overlay, Bob, 6)));

    [Fact]
    public void CheckBlock_UnitsLost_IsFound() =>
        Assert.NotEmpty(Check(overlay => overlay.Remove(StateKeys.Balance(Bob, Bond))));

    [Fact]
    public void CheckBlock_MovedWithoutEvent_IsFound() => Assert.NotEmpty(Check(overlay =>
    {
        PutBalance(overlay, Alice, 990);
        PutBalance(overlay, ExchangeAccount, 5);
    }));

    [Fact]
    public void CheckBlock_RowOfZero_IsFound() =>
        Assert.NotEmpty(Check(overlay => PutBalance(overlay, ExchangeAccount, 0)));

    [Fact]
    public void CheckBlock_SupplyWithoutUnits_IsFound() =>
        Assert.NotEmpty(Check(overlay => overlay.Put(StateKeys.Supply(Bond), Encode(1_001))));

    [Fact]
    public void CheckBlock_CapBelowSupply_IsFound() => Assert.NotEmpty(Check(overlay => overlay.Put(
        StateKeys.Asset(Bond),
        StateCodec.Encode(_ledger.View.Asset(Bond)! with { Cap = new Amount(999) }, StateCodec.WriteAsset))));

    [Fact]
    public void CheckBlock_SkippedNonce_IsFound() => Assert.NotEmpty(Check(overlay => overlay.Put(
        StateKeys.Nonce(Alice, 0), StateCodec.Encode(7UL, StateCodec.WriteNumber))));

    [Fact]
    public void CheckBlock_NonceOfAStranger_IsFound() => Assert.NotEmpty(Check(overlay => overlay.Put(
        StateKeys.Nonce(Bob, 0), StateCodec.Encode(1UL, StateCodec.WriteNumber))));

    [Fact]
    public void CheckBlock_EventMissing_IsFound()
    {
        ExecutedBlock block = Execute();

        Assert.NotEmpty(
            InvariantChecker.CheckBlock(_ledger.State, block with { Events = [] }, _transactions));
    }

    [Fact]
    public void CheckBlock_EventThatLies_IsFound()
    {
        ExecutedBlock block = Execute();
        ImmutableArray<EventRecord> lies =
            [new(0, new Transferred(Bond, Alice, Bob, new Amount(5), new Amount(996), new Amount(5)))];

        Assert.NotEmpty(
            InvariantChecker.CheckBlock(_ledger.State, block with { Events = lies }, _transactions));
    }

    [Fact]
    public void FullCheck_SoundState_FindsNothing() =>
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));

    public static TheoryData<string, byte[], byte[]> Plants() => new()
    {
        { "balance", StateKeys.Balance(Alice, Bond), Encode(999) },
        { "zero row", StateKeys.Balance(Bob, Bond), Encode(0) },
        { "stranger", StateKeys.Balance(Nobody, Bond), Encode(1) },
        { "unknown asset", StateKeys.Balance(Alice, AssetId.Parse("GHOST")), Encode(1) },
        { "supply", StateKeys.Supply(Carbon), Encode(1) },
        { "supply of nothing", StateKeys.Supply(AssetId.Parse("GHOST")), Encode(1) },
        { "lost schedule", StateKeys.Schedule(new TimestampMs(5), 1), [] },
        { "lost expiry", StateKeys.RequestExpiry(new TimestampMs(5), Alice, new RequestId(1)), [] },
        {
            "lost request", StateKeys.Request(Alice, new RequestId(1)),
            StateCodec.Encode(new RequestState(default, new TimestampMs(5)), StateCodec.WriteRequest)
        },
        {
            "officer uncounted", StateKeys.Officer(Nobody),
            StateCodec.Encode(new OfficerState(Bank, Duties.Checker, "x"), StateCodec.WriteOfficer)
        },
        {
            "officer and account", StateKeys.Account(BankChecker),
            StateCodec.Encode(
                new AccountState(AccountKind.Citizen, default, default, FreezeMode.None, ""),
                StateCodec.WriteAccount)
        },
        {
            "schedule of an unknown proposal", StateKeys.Schedule(new TimestampMs(5), 99), []
        },
        {
            "proposal ahead", StateKeys.Meta(MetaKey.NextProposal),
            StateCodec.Encode(1UL, StateCodec.WriteNumber)
        },
        {
            "document missing", StateKeys.Asset(Bond),
            StateCodec.Encode(
                new AssetState(BondDefinition(Bond), new Amount(10_000_000), false, 2), StateCodec.WriteAsset)
        },
    };

    [Theory]
    [MemberData(nameof(Plants))]
    public void FullCheck_PlantedViolation_IsFound(string what, byte[] key, byte[] value)
    {
        MemoryState state = _ledger.State.Copy();
        state.Put(key, value);

        Assert.True(InvariantChecker.FullCheck(state).Count > 0, what);
    }

    private ExecutedBlock Execute() =>
        Assert.IsType<ExecutedBlock>(_ledger.Machine.Execute(_ledger.State, _ledger.Next, _transactions));

    /// <summary>Checks the block as a broken machine would have left it.</summary>
    private IReadOnlyList<string> Check(Action<Overlay> breakIt)
    {
        ExecutedBlock block = Execute();
        var broken = new Overlay(_ledger.State);
        foreach (StateChange change in block.Changes)
        {
            broken.Put(change.Key.ToArray(), change.Value!.Value.ToArray());
        }

        breakIt(broken);
        broken.Freeze();
        return InvariantChecker.CheckBlock(
            _ledger.State, block with { State = broken, Changes = broken.Changes() }, _transactions);
    }

    private static void PutBalance(Overlay overlay, Address account, ulong units) =>
        overlay.Put(StateKeys.Balance(account, Bond), Encode(units));

    private static byte[] Encode(ulong units) => StateCodec.Encode(new Amount(units), StateCodec.WriteAmount);
}
