// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Blocks;

public class InclusionTests
{
    private static readonly RequestId Id = new(77);

    private readonly TestLedger _ledger = TestLedger.Start();

    public InclusionTests() => _ledger.Issue(Alice, 1_000);

    [Fact]
    public void Nonce_UsedOrAhead_MakesTheBlockInvalid()
    {
        _ledger.MustRun(Alice, Pay());

        Assert.Equal(RejectionCode.NonceUsed, _ledger.WhyInvalid(Draft() with { Nonce = 0 })?.Code);
        Assert.Equal(RejectionCode.NonceGap, _ledger.WhyInvalid(Draft() with { Nonce = 2 })?.Code);
        Assert.Null(_ledger.WhyInvalid(Draft()));
    }

    [Fact]
    public void Nonce_OfAnotherLane_StartsAtZero() =>
        _ledger.RunBlock(Draft() with { Lane = 9 }, Draft(), Draft() with { Lane = 9, Nonce = 1 });

    [Fact]
    public void Lane_BeyondTheLast_MakesTheBlockInvalid()
    {
        Assert.Null(_ledger.WhyInvalid(Draft() with { Lane = Limits.LanesPerSender - 1, Nonce = 0 }));
        Assert.Equal(
            RejectionCode.LaneUnknown,
            _ledger.WhyInvalid(Draft() with { Lane = Limits.LanesPerSender, Nonce = 0 })?.Code);
        Assert.Equal(
            RejectionCode.LaneUnknown,
            _ledger.WhyInvalid(Draft() with { Lane = uint.MaxValue, Nonce = 0 })?.Code);
    }

    [Fact]
    public void Lane_FailingTransactionsOfAll_LeaveABoundedNumberOfRows()
    {
        // Nothing is paid for a transaction that fails, so what it leaves behind must be bounded.
        for (uint lane = 0; lane < 2 * Limits.LanesPerSender; lane++)
        {
            Transaction failing = _ledger.Draft(Alice, new Transfer(Bond, Nobody, new Amount(1)))
                with
            { Lane = lane, Nonce = 0 };
            if (_ledger.WhyInvalid(failing) is null)
            {
                _ledger.RunBlock(failing);
            }
        }

        byte[] first = StateKeys.Nonce(Alice, 0);
        byte[] after = StateKeys.Nonce(Alice, uint.MaxValue);
        Assert.Equal(
            Limits.LanesPerSender, _ledger.State.Range(first, after, 4 * Limits.LanesPerSender).Count);
    }

    [Fact]
    public void Validity_EndsAfterItsMoment_AndIsAtMostSevenDays()
    {
        TimestampMs now = _ledger.Next.Time;

        Assert.Null(_ledger.WhyInvalid(Draft() with { ValidUntil = now }));
        Assert.Equal(
            RejectionCode.Expired,
            _ledger.WhyInvalid(Draft() with { ValidUntil = new(now.Value - 1) })?.Code);
        Assert.Null(_ledger.WhyInvalid(Draft() with { ValidUntil = now.Plus(Limits.ValidityMs) }));
        Assert.Equal(
            RejectionCode.ValidityTooLong,
            _ledger.WhyInvalid(Draft() with { ValidUntil = now.Plus(Limits.ValidityMs + 1) })?.Code);
    }

    [Fact]
    public void Sender_NeitherAccountNorOfficer_MakesTheBlockInvalid() => Assert.Equal(
        RejectionCode.SenderUnknown, _ledger.WhyInvalid(_ledger.Draft(Nobody, Pay()))?.Code);

    [Fact]
    public void Request_SameIdForAnotherTransaction_IsAConflictUntilExpiry()
    {
        _ledger.RunBlock(Draft() with { RequestId = Id, ValidUntil = _ledger.Next.Time.Plus(5_000) });
        Assert.Equal(
            RejectionCode.IdempotencyConflict, _ledger.WhyInvalid(Draft() with { RequestId = Id })?.Code);
        Assert.Null(_ledger.WhyInvalid(
            _ledger.Draft(Bob, new Transfer(Bond, Alice, new Amount(1))) with { RequestId = Id }));

        _ledger.Wait(5_001);

        _ledger.RunBlock(Draft() with { RequestId = Id });
        Assert.Empty(InvariantChecker.FullCheck(_ledger.State));
    }

    [Fact]
    public void Request_OfAFailedTransaction_StandsToo()
    {
        _ledger.RunBlock(
            _ledger.Draft(Alice, new Transfer(Bond, Nobody, new Amount(1))) with { RequestId = Id });

        Assert.Equal(
            RejectionCode.IdempotencyConflict, _ledger.WhyInvalid(Draft() with { RequestId = Id })?.Code);
    }

    [Fact]
    public void Request_Expired_IsForgottenByHousekeeping()
    {
        _ledger.RunBlock(Draft() with { RequestId = Id });
        Assert.NotNull(_ledger.View.Request(Alice, Id));

        _ledger.Wait(HourMs);
        _ledger.RunBlock();

        Assert.Null(_ledger.View.Request(Alice, Id));
        Assert.Empty(_ledger.State.Range([(byte)Table.RequestExpiry], [(byte)Table.RequestExpiry + 1], 10));
    }

    [Fact]
    public void Shape_Wrong_MakesTheBlockInvalid()
    {
        Transaction good = Draft();
        Transfer pay = new(Bond, Bob, new Amount(1));

        Invalid(RejectionCode.InvalidField, good with { Operations = [] });
        Invalid(RejectionCode.TooLarge, good with { Operations = [.. Enumerable.Repeat(pay, 101)] });
        Invalid(
            RejectionCode.AmountZero, good with { Operations = [pay, pay with { Amount = Amount.Zero }] });
        Invalid(RejectionCode.InvalidField, good with { Operations = [pay with { Asset = default }] });
        Invalid(RejectionCode.InvalidField, good with { Operations = [pay with { To = default }] });
        Invalid(RejectionCode.InvalidField, good with { Sender = default });
        Invalid(RejectionCode.TooLarge, good with { Memo = new string('a', 257) });
        Invalid(RejectionCode.TooLarge, good with { Memo = new string('ں', 129) });
    }

    [Theory]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    [InlineData("right\u202Eto left")]
    [InlineData("isolate\u2066")]
    [InlineData("zero\u200Bwidth")]
    [InlineData("joiner\u200D")]
    [InlineData("bom\uFEFF")]
    [InlineData("half \uD800 pair")]
    [InlineData("tag \U000E0041")]
    public void Memo_WithInvisibleOrBrokenCharacters_IsRefused(string memo) =>
        Invalid(RejectionCode.InvalidField, Draft() with { Memo = memo });

    [Theory]
    [InlineData("invoice 17")]
    [InlineData("تنخواہ جنوری")]
    [InlineData("🏦")]
    public void Memo_ThatPeopleCanRead_IsTaken(string memo) =>
        Assert.Null(_ledger.WhyInvalid(Draft() with { Memo = memo }));

    [Fact]
    public void Payload_Shape_IsCheckedBeforeInclusion()
    {
        InvalidPayload(RejectionCode.AmountZero, new IssueUnits(Bond, Alice, Amount.Zero));
        InvalidPayload(RejectionCode.LegalReferenceRequired, new UnfreezeAccount(Alice, " "));
        InvalidPayload(
            RejectionCode.LegalReferenceRequired,
            new FreezeAccount(Alice, FreezeMode.Send, "", Document("o").Hash));
        InvalidPayload(
            RejectionCode.InvalidField,
            new FreezeAccount(Alice, FreezeMode.None, "Order", Document("o").Hash));
        InvalidPayload(RejectionCode.InvalidField, new GrantOfficer(Bank, Nobody, Duties.None, "x"));
        InvalidPayload(RejectionCode.InvalidField, new GrantOfficer(Bank, Nobody, (Duties)64, "x"));
        AssetDefinition bond = BondDefinition(AssetId.Parse("NEW"));
        InvalidPayload(RejectionCode.InvalidField, new CreateAsset(bond with { UnitValueMicroUsd = 0 }));
        InvalidPayload(RejectionCode.AmountZero, new CreateAsset(bond with { Cap = Amount.Zero }));
        InvalidPayload(
            RejectionCode.Overflow, new CreateAsset(bond with { Cap = new Amount(UInt128.MaxValue) }));
        InvalidPayload(RejectionCode.InvalidField, new CreateAsset(bond with { Decimals = 19 }));
        foreach (AssetTerms terms in new[]
        {
            bond.Terms with { Isin = "US0378331006" },
            bond.Terms with { MaturityDate = bond.Terms.IssueDate },
            bond.Terms with { IssueDate = new TimestampMs(1) },
            bond.Terms with { PaymentsPerYear = 3 },
            bond.Terms with { DayCount = DayCount.None },
            bond.Terms with { CouponBasisPoints = 10_001 },
            bond.Terms with { Attributes = [new("a", "1"), new("a", "2")] },
            bond.Terms with { Attributes = [new("Not Snake", "1")] },
        })
        {
            InvalidPayload(RejectionCode.InvalidField, new CreateAsset(bond with { Terms = terms }));
        }

        Assert.Null(TransactionRules.CheckStateless(Proposing(
            new CreateAsset(bond with { Terms = bond.Terms with { Isin = "US0378331005" } }))));
    }

    private Transaction Proposing(PrivilegedOperation operation) =>
        _ledger.Draft(MinistryMaker, new Propose([operation], _ledger.Time.Plus(DayMs), ""));

    private void InvalidPayload(RejectionCode code, PrivilegedOperation operation) =>
        Invalid(code, Proposing(operation));

    private void Invalid(RejectionCode code, Transaction transaction)
    {
        Assert.Equal(code, TransactionRules.CheckStateless(transaction)?.Code);
        Assert.Equal(code, _ledger.WhyInvalid(transaction)?.Code);
    }

    private Transaction Draft() => _ledger.Draft(Alice, Pay());

    private static Transfer Pay() => new(Bond, Bob, new Amount(1));
}
