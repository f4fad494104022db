// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Tests.Model;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Evm.Tests.Interop;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests.Interop;

/// <summary>What signers sign, against ethers, from the texts of the contracts' types.</summary>
[Trait("Category", "Interop")]
public sealed class EthersTests
{
    private static readonly Hash256 LedgerId = Hashing.Hash(DomainTag.StateValue, "ledger"u8);

    private static readonly JsonObject MintTypes = Types(
        ("MintBatch", "bytes32 ledgerId,uint64 epoch,address token,uint256 cumLocked,uint64 deadline,"
            + "MintItem[] items"),
        ("MintItem", "uint64 nonce,address to,uint128 amount"));

    private static readonly JsonObject VoidTypes =
        Types(("VoidNonces", "bytes32 ledgerId,uint64 epoch,address token,uint64[] nonces"));

    private static readonly JsonObject RotationTypes = Types(
        ("SetUpdate", "bytes32 ledgerId,uint64 epoch,uint64 newEpoch,bytes32 newSetHash,uint64 notBefore"));

    [Theory]
    [InlineData(1, 300)]
    public async Task Digest_RandomMessages_IsThatOfEthers(int seed, int count)
    {
        var random = new DeterministicRandom((ulong)seed);
        (BridgeMessageState Message, ulong Epoch)[] cases =
            [.. Enumerable.Range(0, count).Select(_ => (Message(random), Number(random)))];
        string[] answers = await Tool.NodeAsync(
            "ethers.cjs", cases.SelectMany(one => Lines(one.Message, one.Epoch)));
        Assert.Equal(2 * count, answers.Length);
        var messages = new BridgeMessages(LedgerId, World.Terms);
        for (int i = 0; i < count; i++)
        {
            (BridgeMessageState message, ulong epoch) = cases[i];
            string digest = JsonNode.Parse(answers[2 * i])!["ok"]![0]!.GetValue<string>();
            Assert.Equal(digest, $"0x{messages.Digest(message, epoch)}");
            string encoded = JsonNode.Parse(answers[(2 * i) + 1])!["ok"]!.GetValue<string>();
            Assert.Equal(
                Keccak256.Hash(Convert.FromHexString(encoded[2..])),
                BridgeMessages.SetHash(epoch + 1, message.Signers));
        }
    }

    private static ulong Number(DeterministicRandom random) => random.Below(4) switch
    {
        0 => ulong.MaxValue - 1,
        1 => (ulong)random.Below(3),
        _ => random.Next() >> 1,
    };

    private static UInt128 Units(DeterministicRandom random) => random.Below(4) switch
    {
        0 => UInt128.MaxValue,
        1 => 0,
        _ => new UInt128(random.Next(), random.Next()),
    };

    private static BridgeMessageState Message(DeterministicRandom random)
    {
        int number = random.Below(1_000_000);
        return new BridgeMessageState(
            (BridgeMessageKind)(1 + random.Below(3)), 1, 1, TestNetwork.Named($"token {number}"),
            new Amount(Units(random)), Number(random),
            [
                .. Enumerable.Range(0, 1 + random.Below(50)).Select(i => new BridgeItem(
                    Number(random), TestNetwork.Named($"to {number} {i}"), new Amount(Units(random)))),
            ],
            [
                .. Enumerable.Range(0, 1 + random.Below(31)).Select(i =>
                    new BridgeSigner(TestNetwork.Named($"signer {number} {i}"), default)),
            ],
            1, []);
    }

    /// <summary>The digest's case, and the encoding of the set that it names.</summary>
    private static IEnumerable<string> Lines(BridgeMessageState message, ulong epoch)
    {
        bool isRotation = message.Kind == BridgeMessageKind.Rotation;
        var value = new JsonObject { ["ledgerId"] = $"0x{LedgerId}", ["epoch"] = $"{epoch}" };
        JsonObject types = message.Kind switch
        {
            BridgeMessageKind.Mint => MintTypes,
            BridgeMessageKind.Void => VoidTypes,
            _ => RotationTypes,
        };
        if (isRotation)
        {
            value["newEpoch"] = $"{epoch + 1}";
            value["newSetHash"] = $"0x{BridgeMessages.SetHash(epoch + 1, message.Signers)}";
            value["notBefore"] = $"{message.DeadlineSeconds}";
        }
        else
        {
            value["token"] = $"{message.Token}";
        }

        if (message.Kind == BridgeMessageKind.Mint)
        {
            value["cumLocked"] = $"{message.CumulativeLocked}";
            value["deadline"] = $"{message.DeadlineSeconds}";
            value["items"] = new JsonArray([.. message.Items.Select(item => new JsonObject
            {
                ["nonce"] = $"{item.Nonce}",
                ["to"] = $"{item.To}",
                ["amount"] = $"{item.Amount}",
            })]);
        }
        else if (message.Kind == BridgeMessageKind.Void)
        {
            value["nonces"] = new JsonArray([.. message.Items.Select(item => (JsonNode)$"{item.Nonce}")]);
        }

        var typed = new JsonObject
        {
            ["types"] = types.DeepClone(),
            ["primaryType"] = types.First().Key,
            ["domain"] = new JsonObject
            {
                ["name"] = isRotation ? "TLValidatorSet" : "TLBridge",
                ["version"] = "1",
                ["chainId"] = $"{World.Terms.ChainId}",
                ["verifyingContract"] = $"{(isRotation ? World.Terms.SignerContract : World.Terms.Contract)}",
            },
            ["message"] = value,
        };
        yield return new JsonObject { ["kind"] = "typed", ["json"] = typed.ToJsonString() }.ToJsonString();
        var keys = new JsonArray([.. message.Signers.Select(signer => (JsonNode)$"{signer.Key}")]);
        yield return new JsonObject
        {
            ["kind"] = "abi",
            ["types"] = new JsonArray("uint64", "address[]"),
            ["values"] = new JsonArray($"{epoch + 1}", keys),
        }.ToJsonString();
    }

    private static JsonObject Types(params ReadOnlySpan<(string Name, string Fields)> types)
    {
        var all = new JsonObject();
        foreach ((string name, string fields) in types)
        {
            all[name] = new JsonArray([.. fields.Split(',').Select(field => field.Split(' ')).Select(
                parts => new JsonObject { ["name"] = parts[1], ["type"] = parts[0] })]);
        }

        return all;
    }
}
