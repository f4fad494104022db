// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Crypto.Tests;

public sealed class KeystoreTests
{
    private static readonly byte[] Password = Encoding.UTF8.GetBytes("correct horse سکوک");

    // The two vectors of the Web3 Secret Storage definition.
    private const string Pbkdf2Vector = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
        "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private const string ScryptVector = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,
        "salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    [Theory]
    [InlineData(Pbkdf2Vector)]
    [InlineData(ScryptVector)]
    public void Decrypt_PublishedVector_GivesThePublishedSecret(string json)
    {
        using PrivateKey key = Keystore.Decrypt(Encoding.UTF8.GetBytes(json), "testpassword"u8);
        byte[] secret = new byte[32];
        key.ExportTo(secret);

        Assert.Equal(
            "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d", Convert.ToHexStringLower(
                secret));
        Assert.Equal("0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b", Eip55.Format(key.Address));
    }

    [Fact]
    public void Decrypt_Encrypted_GivesTheKeyBack()
    {
        using PrivateKey key = PrivateKey.Generate();

        byte[] json = Encrypt(key);
        using PrivateKey opened = Keystore.Decrypt(json, Password);

        Assert.Equal(key.PublicKey, opened.PublicKey);
        Assert.Equal(key.Address, Keystore.ClaimedAddress(json));
    }

    [Fact]
    public void Encrypt_Twice_SharesNothing()
    {
        using PrivateKey key = PrivateKey.Generate();
        JsonNode first = JsonNode.Parse(Encrypt(key))!;
        JsonNode second = JsonNode.Parse(Encrypt(key))!;

        foreach (string path in new[] { "ciphertext", "mac" })
        {
            Assert.NotEqual(first["crypto"]![path]!.ToString(), second["crypto"]![path]!.ToString());
        }

        Assert.NotEqual(
            first["crypto"]!["kdfparams"]!["salt"]!.ToString(),
            second["crypto"]!["kdfparams"]!["salt"]!.ToString());
        Assert.NotEqual(
            first["crypto"]!["cipherparams"]!["iv"]!.ToString(),
            second["crypto"]!["cipherparams"]!["iv"]!.ToString());
        Assert.NotEqual(first["id"]!.ToString(), second["id"]!.ToString());
    }

    [Fact]
    public void Encrypt_Secret_DoesNotStandInTheFile()
    {
        using PrivateKey key = PrivateKey.Generate();
        byte[] secret = new byte[32];
        key.ExportTo(secret);

        string json = Encoding.UTF8.GetString(Encrypt(key));

        Assert.DoesNotContain(Convert.ToHexString(secret), json, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Decrypt_WrongPassword_SaysSo()
    {
        using PrivateKey key = PrivateKey.Generate();
        byte[] json = Encrypt(key);

        Assert.Equal(KeystoreError.WrongPassword, ErrorOf(json, "other"u8));
        Assert.Equal(KeystoreError.WrongPassword, ErrorOf(json, default));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{}")]
    [InlineData("""{"version":"3"}""")]
    [InlineData("""{"version":3}""")]
    [InlineData("""{"version":3,"version":3}""")]
    [InlineData("""{"version":3,"crypto":[]}""")]
    [InlineData("""{"version":3,"crypto":{"cipher":"\ud800"}}""")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void Decrypt_NoKeystore_IsCorrupt(string json) =>
        Assert.Equal(KeystoreError.Corrupt, ErrorOf(Encoding.UTF8.GetBytes(json), Password));

    [Theory]
    [InlineData("version", "1", KeystoreError.Unsupported)]
    [InlineData("crypto.cipher", "\"aes-128-cbc\"", KeystoreError.Unsupported)]
    [InlineData("crypto.kdf", "\"argon2\"", KeystoreError.Unsupported)]
    [InlineData("crypto.kdfparams.dklen", "16", KeystoreError.Unsupported)]
    [InlineData("crypto.kdfparams.dklen", "2147483647", KeystoreError.Unsupported)]
    [InlineData("crypto.kdfparams.n", "0", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.n", "-1024", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.n", "1023", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.n", "1073741824", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.n", "4611686018427387904", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.n", "99999999999999999999", KeystoreError.Corrupt)]
    [InlineData("crypto.kdfparams.n", "1024.5", KeystoreError.Corrupt)]
    [InlineData("crypto.kdfparams.n", "\"1024\"", KeystoreError.Corrupt)]
    [InlineData("crypto.kdfparams.r", "0", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.r", "1000000", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.r", "9223372036854775807", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.p", "0", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.p", "9223372036854775807", KeystoreError.TooCostly)]
    [InlineData("crypto.kdfparams.salt", "\"zz\"", KeystoreError.Corrupt)]
    [InlineData("crypto.kdfparams.salt", "\"abc\"", KeystoreError.Corrupt)]
    [InlineData("crypto.cipherparams.iv", "\"00\"", KeystoreError.Corrupt)]
    [InlineData("crypto.ciphertext", "\"00\"", KeystoreError.Corrupt)]
    [InlineData("crypto.mac", "\"00\"", KeystoreError.Corrupt)]
    [InlineData("crypto.mac", "null", KeystoreError.Corrupt)]
    [InlineData("address", "\"00\"", KeystoreError.Corrupt)]
    [InlineData("address", "\"00000000000000000000000000000000000000ff\"", KeystoreError.Corrupt)]
    public void Decrypt_HostileField_IsRefused(string path, string value, KeystoreError error)
    {
        using PrivateKey key = PrivateKey.Generate();
        JsonNode root = JsonNode.Parse(Encrypt(key))!;
        string[] names = path.Split('.');
        JsonNode parent = names[..^1].Aggregate(root, (node, name) => node[name]!);
        parent[names[^1]] = JsonNode.Parse(value);

        Assert.Equal(error, ErrorOf(Encoding.UTF8.GetBytes(root.ToJsonString()), Password));
    }

    [Fact]
    public void Decrypt_CostlyPbkdf2_IsRefused()
    {
        string json = Pbkdf2Vector.Replace("262144", "2147483647", StringComparison.Ordinal);

        Assert.Equal(KeystoreError.TooCostly, ErrorOf(Encoding.UTF8.GetBytes(json), Password));
    }

    [Fact]
    public void Decrypt_ManyBytes_IsRefused() =>
        Assert.Equal(KeystoreError.Corrupt, ErrorOf(new byte[1_000_000], Password));

    [Fact]
    public void Decrypt_ChangedCiphertextOrMac_IsRefusedAsWrongPassword()
    {
        using PrivateKey key = PrivateKey.Generate();
        foreach (string name in new[] { "ciphertext", "mac" })
        {
            JsonNode root = JsonNode.Parse(Encrypt(key))!;
            string text = root["crypto"]![name]!.ToString();
            root["crypto"]![name] = (text[0] == '0' ? '1' : '0') + text[1..];

            Assert.Equal(
                KeystoreError.WrongPassword, ErrorOf(Encoding.UTF8.GetBytes(root.ToJsonString()), Password));
        }
    }

    [Fact]
    public void Decrypt_RandomMutations_OnlyKeystoreExceptionOrTheSameKey()
    {
        using PrivateKey key = PrivateKey.Generate();
        byte[] json = Encrypt(key);
        const int Seed = 20261;
        var random = new Random(Seed);
        for (int i = 0; i < 300; i++)
        {
            byte[] mutated = [.. json];
            for (int changes = 1 + random.Next(3); changes > 0; changes--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                using PrivateKey opened = Keystore.Decrypt(mutated, Password);
                Assert.Equal(key.Address, opened.Address);
            }
            catch (KeystoreException)
            {
                // What a damaged file gives.
            }
        }
    }

    [Theory]
    [InlineData(3, 8, 1)]
    [InlineData(1, 8, 1)]
    [InlineData(1 << 20, 8, 1)]
    [InlineData(1 << 18, 8, 4)]
    [InlineData(1024, 0, 1)]
    [InlineData(1024, 65, 1)]
    [InlineData(1024, 8, 0)]
    public void ScryptCost_OutOfBounds_Throws(int n, int r, int p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScryptCost(n, r, p));

    [Fact]
    public void ScryptCost_Standard_IsTheAgreedOne()
    {
        Assert.Equal(262_144, ScryptCost.Standard.N);
        Assert.Equal(8, ScryptCost.Standard.R);
        Assert.Equal(1, ScryptCost.Standard.P);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Save_ThenLoad_GivesTheKeyAndAFileForTheOwnerOnly()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"tokenledger-{Guid.NewGuid():N}");
        try
        {
            using PrivateKey key = PrivateKey.Generate();
            var time = new FixedTime(
                DateTimeOffset.Parse("2026-01-31T23:59:59.1234567Z", CultureInfo.InvariantCulture));

            string path = KeystoreFolder.Save(folder, key, Password, ScryptCost.Development, time);

            Assert.Equal(
                $"UTC--2026-01-31T23-59-59.123456700Z--{key.Address.ToString()[2..]}", Path.GetFileName(
                    path));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(key.Address, KeystoreFolder.ClaimedAddress(path));
            using PrivateKey opened = KeystoreFolder.Load(path, Password);
            Assert.Equal(key.PublicKey, opened.PublicKey);

            // A file that is there is never replaced, and nothing half-written stays behind.
            Assert.Throws<IOException>(
                () => KeystoreFolder.Save(folder, key, Password, ScryptCost.Development, time));
            Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Load_EndlessFile_IsRefused()
    {
        KeystoreException thrown = Assert.Throws<KeystoreException>(
            () => KeystoreFolder.Load("/dev/zero", Password));
        Assert.Equal(KeystoreError.Corrupt, thrown.Error);
    }

    private static byte[] Encrypt(PrivateKey key) =>
        Encoding.UTF8.GetBytes(Keystore.Encrypt(key, Password, ScryptCost.Development));

    private static KeystoreError ErrorOf(byte[] json, ReadOnlySpan<byte> password)
    {
        try
        {
            Keystore.Decrypt(json, password).Dispose();
        }
        catch (KeystoreException thrown)
        {
            return thrown.Error;
        }

        throw new InvalidOperationException("The keystore opened.");
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
