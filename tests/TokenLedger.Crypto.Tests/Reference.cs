// SPDX-License-Identifier: Apache-2.0
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace TokenLedger.Crypto.Tests;

/// <summary>BouncyCastle's slow secp256k1 and Keccak: the second opinion of differential tests.</summary>
internal static class Reference
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");

    private static readonly ECDomainParameters Domain = new(Curve.Curve, Curve.G, Curve.N, Curve.H);

    public static BigInteger Order => Curve.N;

    public static byte[] Keccak(ReadOnlySpan<byte> message)
    {
        var digest = new KeccakDigest(256);
        digest.BlockUpdate(message.ToArray(), 0, message.Length);
        byte[] hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }

    public static byte[] UncompressedKey(byte[] secret) =>
        Curve.G.Multiply(new BigInteger(1, secret)).Normalize().GetEncoded(compressed: false);

    /// <summary>RFC 6979 with SHA-256, s lowered; r ‖ s.</summary>
    public static byte[] SignDeterministic(byte[] secret, byte[] digest)
    {
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, new ECPrivateKeyParameters(new BigInteger(1, secret), Domain));
        BigInteger[] rs = signer.GenerateSignature(digest);
        BigInteger s = rs[1].CompareTo(Order.ShiftRight(1)) > 0 ? Order.Subtract(rs[1]) : rs[1];
        return [.. Bytes32(rs[0]), .. Bytes32(s)];
    }

    public static bool Verify(byte[] uncompressedKey, byte[] digest, ReadOnlySpan<byte> signature)
    {
        var verifier = new ECDsaSigner();
        verifier.Init(false, new ECPublicKeyParameters(Curve.Curve.DecodePoint(uncompressedKey), Domain));
        return verifier.VerifySignature(
            digest, new BigInteger(1, signature[..32].ToArray()), new BigInteger(
                1, signature[32..64].ToArray()));
    }

    /// <summary>SEC 1 §4.1.6 for recovery ids 0 and 1; null when no key comes out.</summary>
    public static byte[]? Recover(byte[] digest, ReadOnlySpan<byte> signature)
    {
        var r = new BigInteger(1, signature[..32].ToArray());
        var s = new BigInteger(1, signature[32..64].ToArray());
        ECPoint point;
        try
        {
            point = Curve.Curve.DecodePoint([(byte)(2 + signature[64] - 27), .. Bytes32(r)]);
        }
        catch (ArgumentException)
        {
            return null;
        }

        BigInteger inverse = r.ModInverse(Order);
        BigInteger u1 = new BigInteger(1, digest).Multiply(inverse).Mod(Order).Negate().Mod(Order);
        BigInteger u2 = s.Multiply(inverse).Mod(Order);
        ECPoint key = Curve.G.Multiply(u1).Add(point.Multiply(u2)).Normalize();
        return key.IsInfinity ? null : key.GetEncoded(compressed: false);
    }

    public static byte[] Bytes32(BigInteger value)
    {
        byte[] bytes = value.ToByteArrayUnsigned();
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
