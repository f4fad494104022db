// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests;

public sealed class Eip1559TransactionTests
{
    private const string Known =
        "02f871827a6907843b9aca0084b2d05e00830186a09470997970c51812dc3a010c7d01b50e0d17dc79c8058412"
        + "34abcdc001a01e910734c5a5d8aaf8029016bb81f9c4fa73a767be0e9d9ae2fddd56d8a146baa06093ad6ba059"
        + "fa9f4ce410f2c12431b114f90f0dfc97c01e41d571019a488771";

    /// <summary>Made by cast 1.7.1 with the first key of its well-known test mnemonic.</summary>
    [Fact]
    public void Sign_TransactionThatCastMade_GivesTheSameBytes()
    {
        using var key = PrivateKey.Import(
            Convert.FromHexString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"));
        var transaction = new Eip1559Transaction
        {
            ChainId = 31337,
            Nonce = 7,
            MaxPriorityFeePerGas = 1_000_000_000,
            MaxFeePerGas = 3_000_000_000,
            GasLimit = 100_000,
            To = new Address(Convert.FromHexString("70997970c51812dc3a010c7d01b50e0d17dc79c8")),
            Value = 5,
            Data = [0x12, 0x34, 0xAB, 0xCD],
        };
        SignedEip1559Transaction signed = transaction.Sign(key);
        Assert.Equal(Known, Convert.ToHexStringLower(signed.Raw.AsSpan()));
        Assert.Equal(signed, Eip1559Transaction.Decode(signed.Raw.AsSpan()));
        Assert.Equal(transaction, Eip1559Transaction.Decode(signed.Raw.AsSpan()).Transaction);
        Assert.True(signed.TryRecoverSender(new Secp256k1Scheme(), out Address sender));
        Assert.Equal("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", sender.ToString());
    }

    [Theory]
    [InlineData(51)]
    public void Decode_MutatedBytes_IsRefusedOrEncodesToTheSame(int seed)
    {
        var gen = new Gen(seed);
        var scheme = new Secp256k1Scheme();
        using PrivateKey key = gen.Key();
        for (int i = 0; i < 5_000; i++)
        {
            SignedEip1559Transaction signed = gen.Transaction().Sign(key);
            Assert.Equal(signed, Eip1559Transaction.Decode(signed.Raw.AsSpan()));
            byte[] mutated = gen.Mutate(signed.Raw.AsSpan());
            try
            {
                SignedEip1559Transaction read = Eip1559Transaction.Decode(mutated);
                Assert.Equal(mutated, read.Raw);
                bool isOurs = read.TryRecoverSender(scheme, out Address sender) && sender == key.Address;
                Assert.Equal(mutated.AsSpan().SequenceEqual(signed.Raw.AsSpan()), isOurs);
            }
            catch (EvmFormatException)
            {
                // What is refused is refused by this type.
            }
        }
    }

    [Fact]
    public void Decode_AnotherTypeOrTooLong_IsRefused()
    {
        byte[] raw = Convert.FromHexString(Known);
        raw[0] = 1;
        Assert.Throws<EvmFormatException>(() => Eip1559Transaction.Decode(raw));
        Assert.Throws<EvmFormatException>(() => Eip1559Transaction.Decode([]));
        using PrivateKey key = new Gen(1).Key();
        Eip1559Transaction large =
            new Gen(1).Transaction() with { Data = [.. new byte[EvmLimits.TransactionBytes]] };
        Assert.Throws<EvmFormatException>(() => Eip1559Transaction.Decode(large.Sign(key).Raw.AsSpan()));
    }

    [Fact]
    public void Create_SignatureOfAnotherForm_Throws()
    {
        Eip1559Transaction transaction = new Gen(1).Transaction();
        Assert.Throws<ArgumentException>(() => new SignedEip1559Transaction(transaction, new byte[64]));
        Assert.Throws<ArgumentException>(() => new SignedEip1559Transaction(transaction, new byte[65]));
    }
}
