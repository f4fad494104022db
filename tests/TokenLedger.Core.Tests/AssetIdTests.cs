// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Testing.Generators;

namespace TokenLedger.Core.Tests;

public sealed class AssetIdTests
{
    [Theory]
    [InlineData("AB")]
    [InlineData("A1")]
    [InlineData("GOPB-2031-A")]
    [InlineData("A--B")]
    [InlineData("ABCDEFGHIJKLMNOP")]
    public void TryParse_Symbol_RoundTrips(string text)
    {
        Assert.True(AssetId.TryParse(text, out AssetId id));
        Assert.Equal(text, id.ToString());
        byte[] bytes = new byte[AssetId.Size];
        id.CopyTo(bytes);
        Assert.True(AssetId.TryRead(bytes, out AssetId again));
        Assert.Equal(id, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("1A")]
    [InlineData("-A")]
    [InlineData("AB-")]
    [InlineData("ab")]
    [InlineData("Ab")]
    [InlineData("A B")]
    [InlineData("A_B")]
    [InlineData("AB\0")]
    [InlineData("A\0B")]
    [InlineData("АB")] // Cyrillic
    [InlineData("ABCDEFGHIJKLMNOPQ")]
    public void TryParse_OtherText_IsRefused(string text) => Assert.False(AssetId.TryParse(text, out _));

    [Theory]
    [InlineData("41420000000000000000000000000041")] // something after the padding
    [InlineData("00414200000000000000000000000000")]
    [InlineData("41000000000000000000000000000000")]
    [InlineData("4142")]
    [InlineData("4142000000000000000000000000000000")]
    public void TryRead_OtherBytes_IsRefused(string hex) =>
        Assert.False(AssetId.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void CompareTo_Random_OrdersAsText()
    {
        var generator = new CoreGenerator(4);
        for (int i = 0; i < 2_000; i++)
        {
            AssetId left = generator.Asset();
            AssetId right = generator.Asset();
            Assert.Equal(
                Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString())), Math.Sign(
                    left.CompareTo(right)));
        }
    }
}
