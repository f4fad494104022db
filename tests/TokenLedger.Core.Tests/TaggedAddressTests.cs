// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Tests;

public class TaggedAddressTests
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    private static readonly Address Account =
        new(Enumerable.Range(1, Address.Size).Select(static i => (byte)i).ToArray());

    /// <summary>The texts were made by the reference code of BIP 350 in Python.</summary>
    [Theory]
    [InlineData(1UL, "pk1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5qqqqqqqqqqqqzpj75gq")]
    [InlineData(7_421UL, "pk1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5qqqqqqqqqqw063yswzc")]
    [InlineData(ulong.MaxValue, "pk1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5llllllllllll7lwsukc")]
    public void Text_OfAccountAndTag_IsThatOfBip350(ulong tag, string text)
    {
        var address = new TaggedAddress(Account, tag);
        Assert.Equal(text, address.ToString());
        Assert.Equal(TaggedText.Valid, TaggedAddress.TryParse(text, out TaggedAddress read));
        Assert.Equal(address, read);
        Assert.Equal(TaggedText.Valid, TaggedAddress.TryParse(text.ToUpperInvariant(), out read));
        Assert.Equal(address, read);
    }

    [Fact]
    public void TryParse_AnyCharacterChangedOrTwoSwapped_IsRefused()
    {
        string right = new TaggedAddress(Account, 90_001).ToString();
        for (int i = 3; i < right.Length; i++)
        {
            foreach (char c in Alphabet.Where(c => c != right[i]))
            {
                string wrong = right[..i] + c + right[(i + 1)..];
                Assert.Equal(TaggedText.WrongChecksum, TaggedAddress.TryParse(wrong, out _));
            }

            if (i + 1 < right.Length && right[i] != right[i + 1])
            {
                string swapped = right[..i] + right[i + 1] + right[i] + right[(i + 2)..];
                Assert.Equal(TaggedText.WrongChecksum, TaggedAddress.TryParse(swapped, out _));
            }
        }
    }

    [Fact]
    public void TryParse_CutLengthenedMixedOrForeign_SaysWhichItIs()
    {
        string right = new TaggedAddress(Account, 5).ToString();
        Assert.Equal(TaggedText.Malformed, TaggedAddress.TryParse(right.AsSpan(0, right.Length - 1), out _));
        Assert.Equal(TaggedText.Malformed, TaggedAddress.TryParse(right + "q", out _));
        string mixed = right.Replace("pk1", "PK1", StringComparison.Ordinal);
        Assert.Equal(TaggedText.Malformed, TaggedAddress.TryParse(mixed, out _));
        foreach (char c in "b1\u0660\u0130")
        {
            Assert.Equal(TaggedText.Malformed, TaggedAddress.TryParse(right[..9] + c + right[10..], out _));
        }

        Assert.Equal(TaggedText.Other, TaggedAddress.TryParse("", out _));
        Assert.Equal(TaggedText.Other, TaggedAddress.TryParse(Account.ToString(), out _));
    }

    [Theory]
    [InlineData("pk1qqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5qqqqqqqqqqqqqjhlhmd")]
    [InlineData("pk1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq2f8nkhx")]
    [InlineData("pk1pqypqxpq9qcrsszg2pvxq6rs0zqg3yyc5qqqqqqqqqqqq2lk7kkz")]
    public void TryParse_RightChecksumOverWhatNoneMayHave_IsUnknown(string text)
    {
        // A tag of 0, the zero account, and a version to come.
        Assert.Equal(TaggedText.Unknown, TaggedAddress.TryParse(text, out TaggedAddress read));
        Assert.Equal(default, read);
    }
}
