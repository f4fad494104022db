// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using TokenLedger.Core;

namespace TokenLedger.Crypto.Tests;

/// <summary>
/// Project Wycheproof's vectors for ECDSA over secp256k1 with SHA-256, signatures as r ‖ s.
/// </summary>
[Trait("Category", "Shared")]
public sealed class WycheproofTests
{
    private const string Relative = "../shared/vectors/ecdsa_secp256k1_sha256_p1363_test.json";

    [Fact]
    public void Verify_EveryVector_AsTheVectorSays()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(VectorFile()));
        int cases = 0;
        foreach (JsonElement group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            byte[] point = FromHex(group.GetProperty("publicKey").GetProperty("uncompressed"));
            Assert.True(PublicKey.TryParse(point, out PublicKey? key));
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                var digest = new Hash256(SHA256.HashData(FromHex(test.GetProperty("msg"))));
                byte[] signature = FromHex(test.GetProperty("sig"));
                bool valid = test.GetProperty("result").GetString() == "valid";
                string name = $"tcId {test.GetProperty("tcId")}: {test.GetProperty("comment")}";

                Assert.True(valid == key.Verify(digest, signature), name);
                CheckRecovery(digest, signature, key, valid, name);
                cases++;
            }
        }

        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), cases);
    }

    /// <summary>
    /// A valid low-s signature recovers its key with one of the two v; any other with neither.
    /// </summary>
    private static void CheckRecovery(
        Hash256 digest, byte[] signature, PublicKey key, bool valid, string name)
    {
        var scheme = new Secp256k1Scheme();
        bool recovers = false;
        foreach (byte v in new byte[] { 27, 28 })
        {
            recovers |= scheme.TryRecover(digest, [.. signature, v], out Address signer)
                && signer == key.Address;
        }

        // r of a vector may stand for an x above the order, which v 27 and 28 cannot say.
        bool high = Secp256k1Scheme.IsHighS([.. signature, 27]);
        bool large = valid && IsLargeX(digest, signature, key);
        Assert.True(recovers == (valid && !high && !large), name);
    }

    private static bool IsLargeX(Hash256 digest, byte[] signature, PublicKey key) =>
        !new byte[] { 27, 28 }.Any(v =>
            Reference.Recover(digest.ToArray(), [.. signature, v]) is { } found
            && found.AsSpan().SequenceEqual(key.ToUncompressed()));

    private static byte[] FromHex(JsonElement element) => Convert.FromHexString(element.GetString()!);

    private static string VectorFile([CallerFilePath] string thisFile = "")
    {
        string root = Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..");
        string path = Path.GetFullPath(Path.Combine(root, Relative));
        Assert.True(File.Exists(path), $"The vectors are not at {path}; leave the category Shared out.");
        return path;
    }
}
