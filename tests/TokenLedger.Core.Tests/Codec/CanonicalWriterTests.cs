// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Tests.Golden;

namespace TokenLedger.Core.Tests.Codec;

/// <summary>
/// What the writer must refuse, because bytes would come out that mean something else, or nothing.
/// </summary>
public sealed class CanonicalWriterTests
{
    private readonly CanonicalWriter _writer = new();

    [Fact]
    public void Text_HalfASurrogatePair_Throws()
    {
        // Not as the argument of a theory: attributes hold UTF-8, which has no such text.
        foreach (string text in new[] { "\ud83c", "\udf19", "moon \udf19\ud83c" })
        {
            Assert.Throws<EncoderFallbackException>(() => _writer.Text(text));
        }
    }

    [Fact]
    public void Text_Pair_IsFourBytesOfUtf8()
    {
        _writer.Text("🌙");

        Assert.Equal("00000004f09f8c99", Convert.ToHexStringLower(_writer.Written));
    }

    [Fact]
    public void Fixed_OtherWidth_Throws() =>
        Assert.Throws<InvariantException>(() => _writer.Fixed(new byte[64], 65));

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(66)]
    public void SignedTransaction_SignatureOfOtherLength_Throws(int length)
    {
        var transaction = new SignedTransaction([1], [.. new byte[length]]);

        Assert.Throws<InvariantException>(() => transaction.Write(_writer));
    }

    [Fact]
    public void SignedTransaction_DefaultArrays_Throws() =>
        Assert.Throws<InvariantException>(() => new SignedTransaction(default, default).Write(_writer));

    [Fact]
    public void Certificate_SignaturesDoNotMatchSigners_Throws()
    {
        Certificate certificate = Samples.Certificate with { Signers = 0b0101 };

        Assert.Throws<InvariantException>(() => certificate.Write(_writer));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(31)]
    [InlineData(256)]
    public void Vote_SignerOutOfRange_Throws(int signer)
    {
        var vote = new Vote(Samples.Notarize, signer, Samples.Signature(1));

        Assert.Throws<InvariantException>(() => vote.Write(_writer));
    }

    [Fact]
    public void VoteSubject_NoKind_HasNoDigest() =>
        Assert.Throws<InvariantException>(() => default(VoteSubject).SigningDigest(Hash256.Zero));

    [Theory]
    [InlineData(-2)]
    [InlineData(100)]
    [InlineData(255)]
    [InlineData(256)]
    public void Receipt_OperationOutOfRange_Throws(int operation)
    {
        var receipt = new Receipt(Hash256.Zero, RejectionCode.Overflow, operation, 0, 0);

        Assert.Throws<InvariantException>(() => receipt.Write(_writer));
    }

    [Fact]
    public void Receipt_SuccessWithFailedOperation_IsNeitherWrittenNorRead()
    {
        Assert.Throws<InvariantException>(() => new Receipt(Hash256.Zero, null, 0, 0, 0).Write(_writer));

        byte[] bytes = new byte[32 + 2 + 1 + 4 + 4];
        Assert.Throws<CanonicalFormatException>(() =>
        {
            var reader = new CanonicalReader(bytes);
            Receipt.Read(ref reader);
        });
    }

    [Fact]
    public void List_Default_Throws() => Assert.ThrowsAny<Exception>(() =>
        _writer.List(default(ImmutableArray<Hash256>), static (w, hash) => w.Hash(hash)));

    [Fact]
    public void Clear_ThenWrite_StartsAnew()
    {
        _writer.U64(1);
        _writer.Clear();
        _writer.U8(2);

        Assert.Equal([2], _writer.ToArray());
    }
}
