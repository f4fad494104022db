// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.Tests;

public sealed class SmallValueTests
{
    [Fact]
    public void Limits_Relations_Hold() => RuntimeHelpers.RunClassConstructor(typeof(Limits).TypeHandle);

    [Fact]
    public void Next_AtTheMaximum_Throws()
    {
        Assert.Throws<OverflowException>(() => new Height(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => new View(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => new TimestampMs(ulong.MaxValue).Plus(1));
    }

    [Fact]
    public void Since_EarlierOrLater_NeverUnderflows()
    {
        Assert.Equal(5ul, new TimestampMs(10).Since(new TimestampMs(5)));
        Assert.Equal(0ul, new TimestampMs(5).Since(new TimestampMs(10)));
    }

    [Fact]
    public void RequestId_ToString_Is32Digits() =>
        Assert.Equal("00000000000000010000000000000002", new RequestId(new UInt128(1, 2)).ToString());

    [Fact]
    public void RejectionCodes_Names_AreUpperCaseWordsAndDistinct()
    {
        RejectionCode[] codes = Enum.GetValues<RejectionCode>();
        string[] names = [.. codes.Select(RejectionCodes.Name)];

        Assert.Equal("SUPPLY_CAP_EXCEEDED", RejectionCodes.Name(RejectionCode.SupplyCapExceeded));
        Assert.Equal("HIGH_S", RejectionCodes.Name(RejectionCode.HighS));
        Assert.All(names, name => Assert.Matches("^[A-Z]+(_[A-Z]+)*$", name));
        Assert.Equal(codes.Length, names.Distinct().Count());
        Assert.DoesNotContain((RejectionCode)0, codes);
    }
}
