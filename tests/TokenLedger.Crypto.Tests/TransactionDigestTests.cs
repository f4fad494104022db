// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

public sealed class TransactionDigestTests
{
    private static readonly byte[] Body = [1, 2, 3];

    /// <summary>
    /// Vectors/transaction-digest.json, which ethers computed (Vectors/transaction-digest.mjs).
    /// </summary>
    [Fact]
    public void Of_EthersVectors_SameSeparatorDigestAndSignature()
    {
        string json = File.ReadAllText(
            Path.Combine(AppContext.BaseDirectory, "Vectors", "transaction-digest.json"));
        Vector[] vectors = JsonSerializer.Deserialize<Vector[]>(json, JsonSerializerOptions.Web)!;
        Assert.Equal(8, vectors.Length);
        foreach (Vector vector in vectors)
        {
            Assert.True(Hash256.TryParse(vector.GenesisHash, out Hash256 genesis));
            var digest = new TransactionDigest(vector.ChainId, genesis);
            byte[] body = Convert.FromHexString(vector.Body[2..]);
            using PrivateKey key = PrivateKey.Import(Convert.FromHexString(vector.PrivateKey[2..]));

            Assert.Equal(vector.DomainSeparator, $"0x{digest.DomainSeparator}");
            Assert.Equal(vector.Digest, $"0x{digest.Of(body)}");
            Assert.Equal(vector.Address, Eip55.Format(key.Address));
            Assert.Equal(vector.Signature, "0x" + Convert.ToHexStringLower(key.Sign(digest.Of(body))));
        }
    }

    [Fact]
    public void Of_AnyInputChanged_AnotherDigest()
    {
        Hash256 genesis = Keccak256.Hash([1]);
        Hash256[] digests =
        [
            new TransactionDigest(1, genesis).Of(Body),
            new TransactionDigest(2, genesis).Of(Body),
            new TransactionDigest(1, Keccak256.Hash([2])).Of(Body),
            new TransactionDigest(1, genesis).Of([1, 2]),
            new TransactionDigest(1, genesis).Of([1, 2, 3, 0]),
        ];

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Limits.ChainIdMax + 1)]
    [InlineData(ulong.MaxValue)]
    public void Constructor_ChainIdOutOfRange_Throws(ulong chainId) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransactionDigest(chainId, Hash256.Zero));

    [Fact]
    public void Of_Repeated_AllocatesNothing()
    {
        var digest = new TransactionDigest(1, Hash256.Zero);
        byte[] body = new byte[300];
        Hash256 first = digest.Of(body);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Hash256 second = default;
        for (int i = 0; i < 1_000; i++)
        {
            second = digest.Of(body);
        }

        // The runtime itself allocates a little now and then, when it compiles anew.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(first, second);
        Assert.InRange(allocated, 0, 1_000);
    }

    [Fact]
    public void TypedDataJson_Body_NamesDomainTypeAndMessage()
    {
        Hash256 genesis = Keccak256.Hash([1]);
        using JsonDocument document = JsonDocument.Parse(
            new TransactionDigest(42, genesis).TypedDataJson(Body));
        JsonElement root = document.RootElement;

        Assert.Equal("LedgerTransaction", root.GetProperty("primaryType").GetString());
        Assert.Equal(
            $$"""{"name":"TokenLedger","version":"1","chainId":42,"salt":"0x{{genesis}}"}""",
            Compact(root.GetProperty("domain")));
        Assert.Equal("""{"body":"0x010203"}""", Compact(root.GetProperty("message")));
        Assert.Equal(
            """[{"name":"body","type":"bytes"}]""",
            Compact(root.GetProperty("types").GetProperty("LedgerTransaction")));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    private sealed record Vector(
        ulong ChainId, string GenesisHash, string Body, string DomainSeparator, string Digest,
        string PrivateKey, string Address, string Signature);
}
