// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using TokenLedger.Core;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Crypto.Tests;

/// <summary>
/// Signs and opens with ethers in node what this project wrote, and the reverse. Needs node, npm and its
/// registry.
/// </summary>
[Trait("Category", "Interop")]
public sealed class EthersInteropTests : IClassFixture<EthersInteropTests.Ethers>
{
    private readonly Ethers _ethers;

    public EthersInteropTests(Ethers ethers) => _ethers = ethers;

    [Fact]
    public void TypedDataJson_SignedByEthers_RecoversTheSigner()
    {
        using PrivateKey key = PrivateKey.Generate();
        byte[] secret = new byte[PrivateKey.Size];
        key.ExportTo(secret);
        var digest = new TransactionDigest(Limits.ChainIdMax, Keccak256.Hash([7]));
        byte[] body = [0x0A, 0x14, 0x00, 0xFF];

        JsonElement answer = _ethers.Run(
            "typed-data.mjs", "0x" + Convert.ToHexStringLower(secret), digest.TypedDataJson(body));

        byte[] signature = Convert.FromHexString(answer.GetProperty("signature").GetString()![2..]);
        Assert.Equal($"0x{digest.Of(body)}", answer.GetProperty("digest").GetString());
        Assert.True(new Secp256k1Scheme().TryRecover(digest.Of(body), signature, out Address signer));
        Assert.Equal(key.Address, signer);
        Assert.Equal(key.Sign(digest.Of(body)), signature);
    }

    [Fact]
    public void Keystore_OpenedAndRewrittenByEthers_HoldsTheSameKey()
    {
        const string Password = "interop password";
        using PrivateKey key = PrivateKey.Generate();
        string json = Keystore.Encrypt(key, Encoding.UTF8.GetBytes(Password), ScryptCost.Development);

        JsonElement answer = _ethers.Run("keystore.mjs", Password, json);
        byte[] theirs = Encoding.UTF8.GetBytes(answer.GetProperty("keystore").GetString()!);
        using PrivateKey opened = Keystore.Decrypt(theirs, Encoding.UTF8.GetBytes(Password));

        Assert.Equal(Eip55.Format(key.Address), answer.GetProperty("address").GetString());
        Assert.Equal(key.PublicKey, opened.PublicKey);
    }

    /// <summary>ethers, installed once beside the test's scripts in the build output.</summary>
    public sealed class Ethers
    {
        private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Interop");

        public Ethers()
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", "ethers")))
            {
                Start("npm", ["install", "--no-audit", "--no-fund"], string.Empty);
            }
        }

        public JsonElement Run(string script, string argument, string input) =>
            JsonDocument.Parse(Start("node", [script, argument], input)).RootElement;

        private static string Start(string program, string[] arguments, string input)
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{program} did not end.");
            }

            Assert.True(process.ExitCode == 0, errors.Result);
            return output.Result;
        }
    }
}
