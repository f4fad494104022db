// SPDX-License-Identifier: Apache-2.0
using System.Text;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

public sealed class Keccak256Tests
{
    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData(
        "transfer(address,uint256)", "a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b")]
    public void Hash_KnownText_KnownDigest(string text, string digest) =>
        Assert.Equal(digest, Keccak256.Hash(Encoding.ASCII.GetBytes(text)).ToString());

    [Fact]
    public void Hash_EveryLengthAroundThreeBlocks_EqualsBouncyCastle()
    {
        var random = new Random(256);
        for (int length = 0; length <= 3 * 136 + 1; length++)
        {
            byte[] message = new byte[length];
            random.NextBytes(message);
            Assert.Equal(new Hash256(Reference.Keccak(message)), Keccak256.Hash(message));
        }
    }

    [Fact]
    public void Hash_UnalignedInput_EqualsAligned()
    {
        byte[] message = new byte[500];
        new Random(7).NextBytes(message);
        for (int offset = 0; offset < 9; offset++)
        {
            byte[] copy = message[offset..];
            Assert.Equal(Keccak256.Hash(copy), Keccak256.Hash(message.AsSpan(offset)));
        }
    }
}
