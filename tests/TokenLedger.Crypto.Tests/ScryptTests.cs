// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Crypto.Tests;

public sealed class ScryptTests
{
    /// <summary>RFC 7914 §12.</summary>
    [Theory]
    [InlineData("", "", 16, 1, 1,
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
        + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906")]
    [InlineData("password", "NaCl", 1024, 8, 16,
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")]
    [InlineData("pleaseletmein", "SodiumChloride", 16384, 8, 1,
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887")]
    public void Derive_KnownAnswer_Equal(string password, string salt, int n, int r, int p, string expected)
    {
        byte[] derived = new byte[64];

        Scrypt.Derive(
            Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(salt), new ScryptCost(n, r, p), derived);

        Assert.Equal(expected, Convert.ToHexStringLower(derived));
    }

    [Fact]
    public void Derive_RandomParameters_EqualsBouncyCastle()
    {
        var random = new Random(7914);
        for (int i = 0; i < 60; i++)
        {
            byte[] password = new byte[random.Next(80)];
            byte[] salt = new byte[random.Next(80)];
            random.NextBytes(password);
            random.NextBytes(salt);
            int n = 1 << (1 + random.Next(9));
            int r = 1 + random.Next(9);
            int p = 1 + random.Next(4);
            byte[] derived = new byte[1 + random.Next(70)];

            Scrypt.Derive(password, salt, new ScryptCost(n, r, p), derived);

            Assert.True(
                SCrypt.Generate(password, salt, n, r, p, derived.Length).AsSpan().SequenceEqual(derived),
                $"round {i}: n {n}, r {r}, p {p}");
        }
    }
}
