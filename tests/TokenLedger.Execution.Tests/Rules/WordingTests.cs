// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Testing;
using static TokenLedger.Testing.TestNetwork;

namespace TokenLedger.Execution.Tests.Rules;

/// <summary>Refusals are read by people: times, duties, states and request ids as they write them.</summary>
public class WordingTests
{
    private readonly TestLedger _ledger = TestLedger.Start();
    private readonly TransactionPool _pool = new();

    [Fact]
    public void Add_Expired_NamesTheTimes() => Assert.Equal(
        "The transaction was valid until 2026-01-01 00:00:00.001 UTC; "
            + "block time is 2026-01-01 00:00:01.250 UTC.",
        Refused(
            _ledger.Draft(Alice) with { ValidUntil = new TimestampMs(1_767_225_600_001) },
            new TimestampMs(1_767_225_601_250)));

    [Fact]
    public void Add_ValidTooLong_NamesTheLimitInDays()
    {
        Assert.Contains(
            "is more than 7 days after",
            Refused(_ledger.Draft(Alice) with { ValidUntil = _ledger.Time.Plus(Limits.ValidityMs + 1) }),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Valid until a time after the year 9999 is",
            Refused(_ledger.Draft(Alice) with { ValidUntil = new TimestampMs(ulong.MaxValue) }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Add_RequestIdOfAnother_IsWrittenAsAUuid()
    {
        var id = new RequestId(new UInt128(0x0011_2233_4455_6677, 0x8899_aabb_ccdd_eeff));
        Transaction draft = _ledger.Draft(Alice) with { RequestId = id };
        Assert.Null(_pool.Add(_ledger.Verify(draft), _ledger.State, _ledger.Time));
        Assert.StartsWith(
            "Request 00112233-4455-6677-8899-aabbccddeeff stands for",
            Refused(draft with { Lane = 3 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Simulate_ClosedProposalMissingDutyOrCap_SaysItInWords()
    {
        ulong id = _ledger.Propose(MinistryMaker, new IssueUnits(Bond, Alice, new Amount(10)));
        var approve = new ApproveProposal(id, _ledger.View.Proposal(id)!.PayloadHash);
        _ledger.MustRun(MinistryMaker, new CancelProposal(id, "a mistake"));
        Assert.Equal($"Proposal {id} is cancelled.", Simulated(MinistryChecker, approve));
        Assert.Equal(
            $"{Alice} is no active maker.",
            Simulated(Alice, new Propose([new IssueUnits(Bond, Alice, new Amount(10))], _ledger.Time, "x")));
        Assert.Contains(
            "atomic units of",
            Simulated(MinistryMaker, new Propose(
                [
                    new IssueUnits(Bond, Alice, _ledger.View.Asset(Bond)!.Cap),
                    new IssueUnits(Bond, Alice, new Amount(1)),
                ],
                _ledger.Time.Plus(DayMs),
                "x")),
            StringComparison.Ordinal);
    }

    private string Simulated(Address sender, Operation operation) => _ledger.Machine.Simulate(
        _ledger.State, _ledger.Next, _ledger.Draft(sender, operation)).Rejection?.Detail ?? "";

    private string Refused(Transaction transaction, TimestampMs? now = null) =>
        _pool.Add(_ledger.Verify(transaction), _ledger.State, now ?? _ledger.Time)?.Detail ?? "";
}
