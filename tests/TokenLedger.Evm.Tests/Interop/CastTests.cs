// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Crypto;

namespace TokenLedger.Evm.Tests.Interop;

/// <summary>What we and Foundry's cast make of some hundred random cases, from seeds.</summary>
[Trait("Category", "Interop")]
public sealed class CastTests
{
    [Theory]
    [InlineData(2001, 100)]
    public async Task Rlp_RandomItems_IsThatOfCast(int seed, int count)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < count; i++)
        {
            RlpItem item = gen.Rlp(4);
            string text = Plain.Of(item).ToJsonString();
            string theirs =
                (await Tool.RunAsync(Tool.Cast, "to-rlp", item is RlpList ? text : text.Trim('"'))).Trim();
            Assert.Equal(theirs, Plain.Hex(Rlp.Encode(item)));
        }
    }

    [Theory]
    [InlineData(2002, 150)]
    public async Task Abi_RandomNestedValues_IsThatOfCast(int seed, int count)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < count; i++)
        {
            AbiTuple types = gen.Tuple(3, 1);
            object[] values = [.. gen.Values(types.Members).Select(Simple)];
            string[] arguments = [.. values.Zip(types.Members, (one, type) => Plain.Argument(type, one))];
            string theirs = await Tool.RunAsync(
                Tool.Cast, ["calldata", $"f{types}", "--", .. arguments]);
            byte[] ours = AbiFunction.Parse($"f{types}").EncodeCall(values);
            Assert.Equal(theirs.Trim(), Plain.Hex(ours));
        }
    }

    [Theory]
    [InlineData(2003, 100)]
    public async Task TypedData_RandomNestedStructs_IsSignedAsByCast(int seed, int count)
    {
        var gen = new Gen(seed);
        using var folder = new TemporaryFolder();
        for (int i = 0; i < count; i++)
        {
            var one = new TypedCase(gen);
            byte[] secret = gen.Secret();
            using var key = PrivateKey.Import(secret);
            string file = Path.Combine(folder.Path, "typed.json");
            await File.WriteAllTextAsync(file, one.Data.ToJson(one.Message));
            string theirs = await Tool.RunAsync(
                Tool.Cast, "wallet", "sign", "--private-key", Plain.Hex(secret), "--data", "--from-file",
                file);
            Assert.Equal(theirs.Trim(), Plain.Hex(key.Sign(one.Data.Digest(one.Message))));
        }
    }

    [Theory]
    [InlineData(2004, 100)]
    public async Task Transaction_RandomFields_IsSignedAsByCast(int seed, int count)
    {
        var gen = new Gen(seed);
        for (int i = 0; i < count; i++)
        {
            Eip1559Transaction transaction = gen.Transaction();
            byte[] secret = gen.Secret();
            using var key = PrivateKey.Import(secret);
            var list = new JsonArray([.. transaction.AccessList.Select(entry => new JsonObject
            {
                ["address"] = entry.Account.ToString(),
                ["storageKeys"] = new JsonArray([.. entry.Slots.Select(slot => (JsonNode)("0x" + slot))]),
            })]);
            string[] options =
            [
                "mktx", "--private-key", Plain.Hex(secret), "--nonce", $"{transaction.Nonce}",
                "--gas-limit", $"{transaction.GasLimit}", "--gas-price", $"{transaction.MaxFeePerGas}",
                "--priority-gas-price", $"{transaction.MaxPriorityFeePerGas}", "--chain",
                $"{transaction.ChainId}",
                "--value", $"{transaction.Value}", "--access-list", list.ToJsonString(),
            ];
            string data = Plain.Hex(transaction.Data.AsSpan());
            if (transaction.To is null && transaction.Data.IsEmpty)
            {
                continue;
            }

            string theirs = await Tool.RunAsync(Tool.Cast, transaction.To is { } to
                ? [.. options, to.ToString(), data]
                : [.. options, "--create", data]);
            Assert.Equal(theirs.Trim(), Plain.Hex(transaction.Sign(key).Raw.AsSpan()));
        }
    }

    /// <summary>cast's own grammar for arguments has quotes and brackets; text here is without.</summary>
    private static object Simple(object value) => value switch
    {
        string text => "t" + text.Length,
        object[] many => many.Select(Simple).ToArray(),
        _ => value,
    };
}
