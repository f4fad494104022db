// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Evm.Tests.Interop;

/// <summary>What we and ethers make of 15,000 random cases, from seeds.</summary>
[Trait("Category", "Interop")]
public sealed class EthersTests
{
    [Theory]
    [InlineData(1001, 3_000)]
    public async Task Rlp_RandomItems_IsThatOfEthers(int seed, int count)
    {
        var gen = new Gen(seed);
        RlpItem[] items = [.. Gen.Many(count, () => gen.Rlp(5))];
        JsonNode[] encoded = await AskAsync(items, item => Case("rlp", ("value", Plain.Of(item))));
        JsonNode[] decoded =
            await AskAsync(items, item => Case("unrlp", ("hex", Plain.Hex(Rlp.Encode(item)))));
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Ok(encoded[i]).GetValue<string>(), Plain.Hex(Rlp.Encode(items[i])));
            Assert.Equal(Ok(decoded[i]).ToJsonString(), Plain.Of(items[i]).ToJsonString());
            Assert.Equal(items[i], Rlp.Decode(Plain.Bytes(Ok(encoded[i]).GetValue<string>())));
        }
    }

    [Theory]
    [InlineData(1002, 3_000)]
    public async Task Abi_RandomNestedValues_EncodesAndDecodesAsEthers(int seed, int count)
    {
        var gen = new Gen(seed);
        (AbiTuple Types, object[] Values)[] cases = [.. Gen.Many(count, () =>
        {
            AbiTuple types = gen.Tuple(4, 0);
            return (types, gen.Values(types.Members));
        })];
        JsonNode[] encoded = await AskAsync(
            cases, one => Case("abi", ("types", TypesOf(one.Types)), ("values", Plain.Of(one.Values))));
        JsonNode[] decoded = await AskAsync(cases, one => Case(
            "unabi", ("types", TypesOf(one.Types)),
            ("hex", Plain.Hex(AbiCodec.Encode(one.Types, one.Values)))));
        for (int i = 0; i < count; i++)
        {
            (AbiTuple types, object[] values) = cases[i];
            string theirs = Ok(encoded[i]).GetValue<string>();
            Assert.Equal(theirs, Plain.Hex(AbiCodec.Encode(types, values)));
            Same(Plain.Of(AbiCodec.Decode(types, Plain.Bytes(theirs))), Ok(decoded[i]));
        }
    }

    /// <summary>We refuse more than ethers does; what both take, both read alike.</summary>
    [Theory]
    [InlineData(1003, 4_000)]
    public async Task AbiDecode_MutatedBytes_WhatWeTakeEthersReadsAlike(int seed, int count)
    {
        var gen = new Gen(seed);
        var taken = new List<(AbiTuple Types, byte[] Bytes, object[] Values)>();
        for (int i = 0; i < count; i++)
        {
            AbiTuple types = gen.Tuple(3, 1);
            byte[] bytes = gen.Mutate(AbiCodec.Encode(types, gen.Values(types.Members)));
            try
            {
                taken.Add((types, bytes, AbiCodec.Decode(types, bytes)));
            }
            catch (EvmFormatException)
            {
                // What is refused is refused by this type.
            }
        }

        Assert.InRange(taken.Count, count / 20, count);
        JsonNode[] theirs = await AskAsync(taken, one => Case(
            "unabi", ("types", TypesOf(one.Types)), ("hex", Plain.Hex(one.Bytes))));
        for (int i = 0; i < taken.Count; i++)
        {
            Same(Plain.Of(taken[i].Values), Ok(theirs[i]));
        }
    }

    [Theory]
    [InlineData(1004, 500)]
    public async Task Signature_RandomTypes_HasTheSelectorAndTopicOfEthers(int seed, int count)
    {
        var gen = new Gen(seed);
        string[] texts = [.. Gen.Many(count, () => $"f{gen.Int(0, 1000)}{gen.Tuple(3, 0)}")];
        JsonNode[] selectors = await AskAsync(texts, text => Case("selector", ("signature", text)));
        JsonNode[] topics = await AskAsync(texts, text => Case("topic", ("signature", text)));
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(
                Ok(selectors[i]).GetValue<string>(),
                Plain.Hex(AbiFunction.Parse(texts[i]).Selector.AsSpan()));
            Assert.Equal(Ok(topics[i]).GetValue<string>(), "0x" + AbiEvent.Parse(texts[i]).Topic);
        }
    }

    [Theory]
    [InlineData(1005, 3_000)]
    public async Task TypedData_RandomNestedStructs_HasTheDigestOfEthers(int seed, int count)
    {
        var gen = new Gen(seed);
        TypedCase[] cases = [.. Gen.Many(count, () => new TypedCase(gen))];
        JsonNode[] theirs =
            await AskAsync(cases, one => Case("typed", ("json", one.Data.ToJson(one.Message))));
        for (int i = 0; i < count; i++)
        {
            JsonNode answer = Ok(theirs[i]);
            Assert.Equal(answer[2]!.GetValue<string>(), cases[i].Data.TypeText);
            Assert.Equal(answer[1]!.GetValue<string>(), "0x" + cases[i].Data.DomainSeparator);
            Assert.Equal(answer[0]!.GetValue<string>(), "0x" + cases[i].Data.Digest(cases[i].Message));
        }
    }

    [Theory]
    [InlineData(1006, 1_000)]
    public async Task Transaction_RandomFields_IsSignedAndReadAsByEthers(int seed, int count)
    {
        var gen = new Gen(seed);
        (byte[] Secret, Eip1559Transaction Transaction)[] cases =
            [.. Gen.Many(count, () => (gen.Secret(), gen.Transaction()))];
        JsonNode[] theirs = await AskAsync(cases, one => Case(
            "transaction", ("key", Plain.Hex(one.Secret)), ("fields", FieldsOf(one.Transaction))));
        JsonNode[] parsed = await AskAsync(cases, one =>
        {
            using var key = PrivateKey.Import(one.Secret);
            return Case("parse", ("raw", Plain.Hex(one.Transaction.Sign(key).Raw.AsSpan())));
        });
        for (int i = 0; i < count; i++)
        {
            using var key = PrivateKey.Import(cases[i].Secret);
            SignedEip1559Transaction signed = cases[i].Transaction.Sign(key);
            JsonNode answer = Ok(theirs[i]);
            Assert.Equal(answer[0]!.GetValue<string>(), Plain.Hex(signed.Raw.AsSpan()));
            Assert.Equal(answer[1]!.GetValue<string>(), "0x" + signed.Hash);
            Assert.Equal(answer[2]!.GetValue<string>(), "0x" + signed.Transaction.SigningHash);
            Assert.Equal(answer[3]!.GetValue<string>(), key.Address.ToString());
            Assert.Equal(signed, Eip1559Transaction.Decode(Plain.Bytes(answer[0]!.GetValue<string>())));
            Assert.True(signed.TryRecoverSender(new Secp256k1Scheme(), out Address sender));
            Assert.Equal(key.Address, sender);
            Assert.Equal(Ok(parsed[i])[0]!.GetValue<string>(), "0x" + signed.Hash);
            Assert.Equal(Ok(parsed[i])[1]!.GetValue<string>(), sender.ToString());
        }
    }

    [Theory]
    [InlineData(1007, 6)]
    public async Task Keystore_BothDirections_HoldsTheSameKey(int seed, int count)
    {
        var gen = new Gen(seed);
        (byte[] Secret, string Password)[] cases =
            [.. Gen.Many(count, () => (gen.Secret(), "a" + gen.Int(0, 999)))];
        JsonNode[] theirs = await AskAsync(cases, one =>
        {
            using var key = PrivateKey.Import(one.Secret);
            return Case("keystore", ("password", one.Password), ("keystore", Keystore.Encrypt(
                key, Encoding.UTF8.GetBytes(one.Password), ScryptCost.Development)));
        });
        for (int i = 0; i < count; i++)
        {
            using var key = PrivateKey.Import(cases[i].Secret);
            using PrivateKey opened = Keystore.Decrypt(
                Encoding.UTF8.GetBytes(Ok(theirs[i])[2]!.GetValue<string>()),
                Encoding.UTF8.GetBytes(cases[i].Password));
            Assert.Equal(key.PublicKey, opened.PublicKey);
            Assert.Equal(Plain.Hex(cases[i].Secret), Ok(theirs[i])[1]!.GetValue<string>());
            Assert.Equal(key.Address.ToString(), Ok(theirs[i])[0]!.GetValue<string>());
        }
    }

    private static JsonObject Case(string kind, params (string Name, JsonNode Value)[] parts)
    {
        var one = new JsonObject { ["kind"] = kind };
        foreach ((string name, JsonNode value) in parts)
        {
            one[name] = value;
        }

        return one;
    }

    private static async Task<JsonNode[]> AskAsync<T>(
        IReadOnlyCollection<T> cases, Func<T, JsonObject> toCase)
    {
        string[] lines = await Tool.NodeAsync("ethers.cjs", cases.Select(one => toCase(one).ToJsonString()));
        Assert.Equal(cases.Count, lines.Length);
        return [.. lines.Select(line => JsonNode.Parse(line)!)];
    }

    private static JsonNode Ok(JsonNode answer) => answer["ok"]
        ?? throw new InvalidOperationException($"ethers refuses it: {answer["error"]}");

    private static JsonArray TypesOf(AbiTuple types) =>
        new([.. types.Members.Select(type => (JsonNode)type.ToString())]);

    /// <summary>The same but for the case of addresses, which in ethers' is a checksum.</summary>
    private static void Same(JsonNode ours, JsonNode theirs)
    {
        if (ours is JsonArray many)
        {
            JsonArray others = Assert.IsType<JsonArray>(theirs);
            Assert.Equal(many.Count, others.Count);
            foreach ((JsonNode? one, JsonNode? other) in many.Zip(others))
            {
                Same(one!, other!);
            }
        }
        else if (ours.GetValueKind() == JsonValueKind.String && ours.GetValue<string>() is ['0', 'x', ..] hex)
        {
            Assert.Equal(hex, theirs.GetValue<string>(), ignoreCase: true);
        }
        else
        {
            Assert.Equal(ours.ToJsonString(), theirs.ToJsonString());
        }
    }

    private static JsonObject FieldsOf(Eip1559Transaction transaction) => new()
    {
        ["chainId"] = transaction.ChainId,
        ["nonce"] = transaction.Nonce,
        ["maxPriorityFeePerGas"] = transaction.MaxPriorityFeePerGas.ToString(),
        ["maxFeePerGas"] = transaction.MaxFeePerGas.ToString(),
        ["gasLimit"] = transaction.GasLimit,
        ["to"] = transaction.To?.ToString(),
        ["value"] = transaction.Value.ToString(),
        ["data"] = Plain.Hex(transaction.Data.AsSpan()),
        ["accessList"] = new JsonArray([.. transaction.AccessList.Select(entry => new JsonObject
        {
            ["address"] = entry.Account.ToString(),
            ["storageKeys"] = new JsonArray([.. entry.Slots.Select(slot => (JsonNode)("0x" + slot))]),
        })]),
    };
}
