// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.LoadGenerator;

/// <summary>
/// What checking one transaction's signature costs on one core: the digest and the recovery.
/// </summary>
internal static class VerifyCost
{
    public static TimeSpan Measure()
    {
        using PrivateKey key = PrivateKey.Generate();
        var digest = new TransactionDigest(1, new Hash256(new byte[32]));
        var scheme = new Secp256k1Scheme();
        byte[] body = new byte[140];
        byte[] signature = key.Sign(digest.Of(body));
        const int Rounds = 4;
        const int Checks = 2_000;
        TimeSpan best = TimeSpan.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < Checks; i++)
            {
                if (!scheme.TryRecover(digest.Of(body), signature, out Address signer)
                    || signer != key.Address)
                {
                    throw new InvariantException("a right signature is right");
                }
            }

            TimeSpan each = Stopwatch.GetElapsedTime(started) / Checks;
            best = each < best ? each : best;
        }

        return best;
    }
}
