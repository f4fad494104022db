// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace TokenLedger.Evm.Tests;

public sealed class FeePolicyTests
{
    [Theory]
    [InlineData(21)]
    public void Replace_RandomFees_RaisesBothByAnEighthOrGivesUp(int seed)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < 10_000; i++)
        {
            UInt256 cap = gen.Unsigned(128);
            var policy = new FeePolicy(UInt256.Zero, cap);
            UInt256 fee = gen.Unsigned(gen.Chance(90) ? 64 : 256);
            UInt256 priority = fee / (ulong)gen.Int(1, 5);
            var last = new GasFees(priority, fee);
            GasFees? next = policy.Replace(last, gen.Unsigned(gen.Chance(90) ? 64 : 256));
            if (next is not { } raised)
            {
                Assert.True(((BigInteger)fee * 9) + 7 > (BigInteger)cap * 8 || cap.IsZero);
                continue;
            }

            Assert.True((BigInteger)raised.MaxFeePerGas * 8 >= (BigInteger)fee * 9);
            Assert.True((BigInteger)raised.MaxPriorityFeePerGas * 8 >= (BigInteger)priority * 9);
            Assert.True(raised.MaxFeePerGas > fee && raised.MaxPriorityFeePerGas > priority);
            Assert.True(raised.MaxPriorityFeePerGas <= raised.MaxFeePerGas && raised.MaxFeePerGas <= cap);
        }
    }

    [Fact]
    public void Replace_Ladder_RisesToTheCapAndStops()
    {
        var policy = new FeePolicy(priorityFeePerGas: 1, cap: 1_000);
        GasFees fees = policy.First(baseFee: 7)!.Value;
        Assert.Equal(new GasFees(1, 15), fees);
        int steps = 0;
        for (GasFees? next = fees; next is { } some; next = policy.Replace(some, 7))
        {
            fees = some;
            steps++;
        }

        Assert.InRange(steps, 30, 40);
        Assert.True(fees.MaxFeePerGas <= 1_000);
        Assert.True(fees.MaxFeePerGas + (fees.MaxFeePerGas / 8) >= 1_000);
    }

    [Fact]
    public void First_BaseFeeAboveTheCap_IsNone()
    {
        var policy = new FeePolicy(2, 100);
        Assert.Null(policy.First(101));
        Assert.Null(policy.First(UInt256.MaxValue));
        Assert.Equal(new GasFees(2, 100), policy.First(100));
        Assert.Equal(new GasFees(2, 22), policy.First(10));
    }

    [Fact]
    public void Create_AmountsTooHigh_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeePolicy(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeePolicy(1, (UInt256)UInt128.MaxValue + 1));
        Assert.Throws<ArgumentException>(() => new FeePolicy(1, 9).Replace(new GasFees(3, 2), 1));
    }

    [Theory]
    [InlineData(0, 50_000)]
    [InlineData(1, 50_002)]
    [InlineData(21_000, 77_300)]
    [InlineData(12_866_935, 16_777_016)]
    [InlineData(12_900_000, 16_777_216)]
    [InlineData(16_777_216, 16_777_216)]
    [InlineData(ulong.MaxValue, 16_777_216)]
    public void GasLimit_OfAnEstimate_IsThreeTenthsAndAReserveMore(ulong estimate, ulong expected) =>
        Assert.Equal(expected, FeePolicy.GasLimit(estimate));
}
