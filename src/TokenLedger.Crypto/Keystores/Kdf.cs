// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace TokenLedger.Crypto.Keystores;

/// <summary>
/// How a keystore's key comes from its password. Parameters are within bounds once one of these exists.
/// </summary>
internal abstract record Kdf(byte[] Salt)
{
    /// <summary>Bytes derived: 16 for the cipher, 16 for the MAC.</summary>
    public const int DerivedSize = 32;

    /// <summary>Fills <paramref name="derived"/>, which is <see cref="DerivedSize"/> long.</summary>
    public abstract void Derive(ReadOnlySpan<byte> password, Span<byte> derived);
}

/// <summary>RFC 7914.</summary>
internal sealed record ScryptKdf(byte[] Salt, ScryptCost Cost) : Kdf(Salt)
{
    public override void Derive(ReadOnlySpan<byte> password, Span<byte> derived) =>
        Scrypt.Derive(password, Salt, Cost, derived);
}

/// <summary>RFC 8018 §5.2 with HMAC-SHA-256.</summary>
internal sealed record Pbkdf2Kdf(byte[] Salt, int Iterations) : Kdf(Salt)
{
    /// <summary>Sixteen times what wallets write; a few seconds.</summary>
    public const int MaxIterations = 1 << 22;

    public override void Derive(ReadOnlySpan<byte> password, Span<byte> derived) =>
        Rfc2898DeriveBytes.Pbkdf2(password, Salt, derived, Iterations, HashAlgorithmName.SHA256);
}
