// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

public sealed class PrivateKeyTests
{
    /// <summary>
    /// Known answers for RFC 6979 on secp256k1 with SHA-256 (the set that Bitcoin's libraries share).
    /// </summary>
    [Theory]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "Satoshi Nakamoto",
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
        + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "All those moments will be lost in time, like tears in rain. Time to die...",
        "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b"
        + "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    [InlineData(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
        "Satoshi Nakamoto",
        "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0"
        + "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5")]
    [InlineData(
        "f8b8af8ce3c7cca5e300d33939540c10d45ce001b8f252bfbc57ba0342904181",
        "Alan Turing",
        "7063ae83e7f62bbb171798131b4a0564b956930092b33b07b395615d9ec7e15c"
        + "58dfcc1e00a35e1572f366ffe34ba0fc47db1e7189759b9fb233c5b05ab388ea")]
    public void Sign_KnownAnswer_IsRfc6979WithLowS(string secret, string message, string signature)
    {
        using PrivateKey key = PrivateKey.Import(Convert.FromHexString(secret));
        var digest = new Hash256(SHA256.HashData(Encoding.UTF8.GetBytes(message)));

        Assert.Equal(signature, Convert.ToHexStringLower(key.Sign(digest).AsSpan(0, 64)));
    }

    [Fact]
    public void Address_KnownKeys_AreEthereums()
    {
        // The addresses of the secrets 1 and 2 are those of every Ethereum library.
        using PrivateKey one = PrivateKey.Import(Reference.Bytes32(BigInteger.One));
        using PrivateKey two = PrivateKey.Import(Reference.Bytes32(BigInteger.Two));

        Assert.Equal("0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf", Eip55.Format(one.Address));
        Assert.Equal("0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF", Eip55.Format(two.Address));
    }

    [Fact]
    public void TryImport_SecretsAtTheEdges_OnlyOneToOrderMinusOnePasses()
    {
        Assert.True(Imports(BigInteger.One));
        Assert.True(Imports(Reference.Order.Subtract(BigInteger.One)));

        Assert.False(Imports(BigInteger.Zero));
        Assert.False(Imports(Reference.Order));
        Assert.False(Imports(Reference.Order.Add(BigInteger.One)));
        Assert.False(Imports(BigInteger.One.ShiftLeft(256).Subtract(BigInteger.One)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void Import_OtherLength_Throws(int length)
    {
        byte[] secret = new byte[length];
        secret.AsSpan().Fill(1);

        Assert.False(PrivateKey.TryImport(secret, out _));
        Assert.Throws<ArgumentException>(() => PrivateKey.Import(secret));
    }

    [Fact]
    public void Generate_Many_AllDistinct()
    {
        var addresses = new HashSet<Address>();
        for (int i = 0; i < 50; i++)
        {
            using PrivateKey key = PrivateKey.Generate();
            Assert.True(addresses.Add(key.Address));
        }
    }

    [Fact]
    public void Dispose_ThenUse_ThrowsAndSecretIsZeroed()
    {
        PrivateKey key = PrivateKey.Generate();
        Address address = key.Address;
        byte[] kept = (byte[])typeof(PrivateKey)
            .GetField("_secret", BindingFlags.NonPublic | BindingFlags.Instance)!
            .GetValue(key)!;
        Assert.True(kept.AsSpan().ContainsAnyExcept((byte)0));

        key.Dispose();
        key.Dispose();

        Assert.False(kept.AsSpan().ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => key.Sign(Hash256.Zero));
        Assert.Throws<ObjectDisposedException>(() => key.ExportTo(new byte[32]));
        Assert.Equal(address, key.Address);
    }

    [Fact]
    public void Dispose_WhileOthersSign_NeverGivesASignatureOfAnotherKey()
    {
        var scheme = new Secp256k1Scheme();
        for (int round = 0; round < 50; round++)
        {
            PrivateKey key = PrivateKey.Generate();
            Address address = key.Address;
            Parallel.For(0, 8, i =>
            {
                if (i == 4)
                {
                    key.Dispose();
                    return;
                }

                try
                {
                    byte[] signature = key.Sign(Hash256.Zero);
                    Assert.True(scheme.TryRecover(Hash256.Zero, signature, out Address signer));
                    Assert.Equal(address, signer);
                }
                catch (ObjectDisposedException)
                {
                    // The other honest outcome.
                }
            });
        }
    }

    [Fact]
    public void ToString_Always_NamesTheAddressOnly()
    {
        byte[] secret = Reference.Bytes32(BigInteger.ValueOf(0x0123456789ABCDEF));
        using PrivateKey key = PrivateKey.Import(secret);

        Assert.Equal($"PrivateKey of {Eip55.Format(key.Address)}", key.ToString());
    }

    [Fact]
    public void ExportTo_Imported_GivesTheSameBytes()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(32);
        using PrivateKey key = PrivateKey.Import(secret);
        byte[] copy = new byte[32];

        key.ExportTo(copy);

        Assert.Equal(secret, copy);
    }

    private static bool Imports(BigInteger secret)
    {
        bool imported = PrivateKey.TryImport(Reference.Bytes32(secret), out PrivateKey? key);
        key?.Dispose();
        return imported;
    }
}
