// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.Tests.Codec;

public sealed class CanonicalReaderTests
{
    [Fact]
    public void Integers_Bytes_AreBigEndian()
    {
        var reader = new CanonicalReader(Convert.FromHexString(
            "01" + "0102" + "01020304" + "0102030405060708" + "0102030405060708090a0b0c0d0e0f10"));

        Assert.Equal(0x01, reader.U8());
        Assert.Equal(0x0102, reader.U16());
        Assert.Equal(0x01020304u, reader.U32());
        Assert.Equal(0x0102030405060708ul, reader.U64());
        Assert.Equal(new UInt128(0x0102030405060708, 0x090a0b0c0d0e0f10), reader.U128());
        reader.End();
    }

    [Fact]
    public void Bool_AnythingButZeroAndOne_IsRefused()
    {
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            byte[] bytes = [(byte)value];
            if (value < 2)
            {
                Assert.Equal(value == 1, new CanonicalReader(bytes).Bool());
            }
            else
            {
                Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(bytes).Bool());
            }
        }
    }

    [Fact]
    public void Enum8_EveryByte_OnlyDefinedValuesPass()
    {
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            byte[] bytes = [(byte)value];
            if (Enum.IsDefined((AssetClass)value))
            {
                Assert.Equal((AssetClass)value, new CanonicalReader(bytes).Enum8<AssetClass>());
            }
            else
            {
                Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(bytes).Enum8<AssetClass>());
            }
        }
    }

    /// <summary>
    /// A text, a byte string and a list that claim up to 4 GiB, or just more than there is.
    /// </summary>
    [Theory]
    [InlineData(0xFFFFFFFF)]
    [InlineData(0x80000000)]
    [InlineData(0x7FFFFFFF)]
    [InlineData(1_000_001)]
    [InlineData(1_000_000)]
    public void Lengths_MoreThanThereIs_AreRefusedWithoutTakingMemory(uint claimed)
    {
        const int Most = 1_000_000;
        var writer = new CanonicalWriter();
        writer.U32(claimed);
        writer.Fixed([1, 2, 3], 3);
        byte[] bytes = writer.ToArray();

        long allocated = AllocatedBy(() =>
        {
            Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(bytes).Bytes(Most).Length);
            Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(bytes).Text(Most));
            Assert.Throws<CanonicalFormatException>(
                () => new CanonicalReader(bytes).List(Most, static (ref CanonicalReader r) => r.Hash()));
        });

        Assert.InRange(allocated, 0, 100_000);
    }

    [Fact]
    public void Bytes_AtTheLimit_PassAndOneMoreIsRefused()
    {
        byte[] bytes = [0, 0, 0, 3, 7, 8, 9];

        Assert.Equal([7, 8, 9], new CanonicalReader(bytes).Bytes(3).ToArray());
        Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(bytes).Bytes(2).Length);
    }

    [Theory]
    [InlineData("C0AF")] // an overlong slash
    [InlineData("EDA080")] // half a surrogate pair
    [InlineData("F4908080")] // above U+10FFFF
    [InlineData("80")] // a continuation without a start
    [InlineData("E282")] // a cut character
    [InlineData("FF")]
    public void Text_InvalidUtf8_IsRefused(string hex)
    {
        var writer = new CanonicalWriter();
        writer.Bytes(Convert.FromHexString(hex));
        byte[] bytes = writer.ToArray();

        Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(bytes).Text(100));
    }

    [Fact]
    public void Block_OverTheLimit_IsRefused()
    {
        byte[] bytes = new byte[Limits.BlockBytes + 1];

        Assert.Throws<CanonicalFormatException>(() => Block.Decode(bytes));
    }

    [Fact]
    public void Block_ManyTransactionsClaimed_IsRefusedWithoutTakingMemory()
    {
        var writer = new CanonicalWriter();
        Golden.Samples.Header.Write(writer);
        writer.U32(Limits.TransactionsPerBlock + 1);
        byte[] bytes = [.. writer.Written, .. new byte[1_000_000]];

        long allocated = AllocatedBy(
            () => Assert.Throws<CanonicalFormatException>(() => Block.Decode(bytes)));

        Assert.InRange(allocated, 0, 100_000);
    }

    [Fact]
    public void Asset_MalformedSymbol_IsRefused()
    {
        byte[] bytes = new byte[AssetId.Size];
        Encoding.ASCII.GetBytes("lower").CopyTo(bytes, 0);

        Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(bytes).Asset());
        Assert.Throws<CanonicalFormatException>(() => new CanonicalReader(new byte[AssetId.Size]).Asset());
    }

    private static long AllocatedBy(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
