// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;
using TokenLedger.Core.State;
using TokenLedger.Evm;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>What comes from an Ethereum chain's nodes, and what the bridge keeps of it.</summary>
internal static class EvmTargets
{
    private static readonly AbiTuple Types = (AbiTuple)AbiType.Parse(
        "((uint64,address,uint128)[],bytes,string,bool,int128,bytes4,uint8[3],(bytes,string[])[2])");

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = EvmLimits.JsonDepth,
        AllowDuplicateProperties = false,
    };

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        Of(
            "evm.Rlp", ["Rlp.Decode"], new RlpShape(0), Spelling.One, g => Rlp.Encode(Item(g, 4)),
            bytes => Rlp.Decode(bytes), value => Rlp.Encode((RlpItem)value)) with
        { AllocatedPerByte = 256 },
        Of(
            "evm.Transaction", ["Eip1559Transaction.Decode"], new RlpShape(1), Spelling.One,
            g => [.. Signed(g).Raw], bytes => Eip1559Transaction.Decode(bytes),
            value => [.. ((SignedEip1559Transaction)value).Raw]) with
        { AllocatedPerByte = 256 },
        Of(
            "evm.Abi", ["AbiCodec.Decode"], BytesShape.Instance, Spelling.One,
            g => AbiCodec.Encode(Types, Values(g)), bytes => AbiCodec.Decode(Types, bytes),
            value => AbiCodec.Encode(Types, (object[])value)),
        Of(
            "evm.Header", ["EvmBlockHeader.Parse"], JsonShape.Instance, Spelling.Normal,
            g => Json(Header(g)), bytes => OfJson(bytes, EvmBlockHeader.Parse),
            value => Json((EvmBlockHeader)value)),
        Hex("Quantity", g => Number(g).ToHex(), EvmHex.ReadQuantity, value => value.ToHex()),
        Hex("Number", g => EvmHex.Quantity(g.U64()), EvmHex.ReadNumber, value => EvmHex.Quantity(value)),
        Hex("Data", g => EvmHex.Data(g.Bytes(g.Below(70))), EvmHex.ReadData, value => EvmHex.Data(value)),
        Hex("Hash", g => $"0x{g.Hash()}", EvmHex.ReadHash, value => $"0x{value}"),
        Hex("Address", g => $"{g.Address()}", EvmHex.ReadAddress, value => $"{value}"),
        Text(
            "evm.Type", ["AbiType.Parse"], Spelling.One, g => $"{Type(g, 3)}", AbiType.Parse,
            value => $"{value}"),
        Text(
            "evm.Function", ["AbiFunction.Parse", "AbiSignature.Parse"], Spelling.Normal,
            g => Parameters(g, "f", "") + (g.Coin() ? Parameters(g, " returns ", "") : ""),
            AbiFunction.Parse, Written),
        Text(
            "evm.Event", ["AbiEvent.Parse"], Spelling.Normal, g => Parameters(g, "E", " indexed"),
            AbiEvent.Parse, value => ((AbiEvent)value).Signature),
        Text(
            "evm.Decimal", ["UInt256.TryParse"], Spelling.One, g => $"{Number(g)}",
            text => UInt256.TryParse(text, out UInt256 number) ? number : null, value => $"{value}"),
        Text(
            "evm.Hex", ["UInt256.TryParseHex"], Spelling.Normal, g => Number(g).ToHex(),
            text => UInt256.TryParseHex(text, out UInt256 number) ? number : null,
            value => ((UInt256)value).ToHex()),
        CanonicalTargets.Of(
            "stored.BridgeObservation", "BridgeCodec.ReadObservation",
            g => StateCodec.Encode(g.BridgeObservation(), BridgeCodec.WriteObservation),
            bytes => StateCodec.Decode(bytes, BridgeCodec.ReadObservation),
            value => StateCodec.Encode((BridgeObservation)value, BridgeCodec.WriteObservation)),
        CanonicalTargets.Of(
            "stored.SentTransaction", "SentTransaction.Decode",
            g => new SentTransaction(g.U64(), g.Time(), Signed(g)).Encode(),
            bytes => SentTransaction.Decode(bytes), value => ((SentTransaction)value).Encode()) with
        {
            Declared = [typeof(CanonicalFormatException), typeof(EvmFormatException)],
            AllocatedPerByte = 256,
        },
    ];

    private static FuzzTarget Of(
        string name, ImmutableArray<string> covers, Shape shape, Spelling spelling,
        Func<CoreGenerator, byte[]> sample, Func<byte[], object?> decode,
        Func<object, byte[]> encode) => new()
        {
            Name = name,
            Shape = shape,
            Sample = sample,
            Decode = decode,
            Encode = encode,
            Spelling = spelling,
            Declared = [typeof(EvmFormatException)],
            Covers = covers,
        };

    private static FuzzTarget Text(
        string name, ImmutableArray<string> covers, Spelling spelling, Func<CoreGenerator, string> sample,
        Func<string, object?> parse, Func<object, string> write) => Of(
            name, covers, TextShape.Instance, spelling, g => Encoding.UTF8.GetBytes(sample(g)),
            bytes => RpcTargets.OfText(bytes, parse), value => Encoding.UTF8.GetBytes(write(value)));

    /// <summary>A value of JSON-RPC: what is between the quotes is what is changed.</summary>
    private static FuzzTarget Hex<T>(
        string what, Func<CoreGenerator, string> sample, Func<JsonElement, T> read, Func<T, string> write)
        where T : notnull => Text(
            $"evm.json.{what}", [$"EvmHex.Read{what}"], Spelling.Normal, sample,
            text => OfJson(JsonSerializer.SerializeToUtf8Bytes(text), element => read(element)),
            value => write((T)value));

    /// <summary>An answer is taken apart as <see cref="EvmProvider"/> does it.</summary>
    private static object? OfJson(byte[] bytes, Func<JsonElement, object> read)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        using (document)
        {
            return read(document.RootElement);
        }
    }

    private static UInt256 Number(CoreGenerator g) => new(g.Bytes(g.Below(UInt256.Size + 1)));

    private static RlpItem Item(CoreGenerator g, int depth) => depth == 0 || g.Coin()
        ? RlpItem.Bytes(g.Bytes(g.OneOf(0, 1, 20, 32, 55, 56, 300)))
        : RlpItem.List([.. Enumerable.Range(0, g.Below(5)).Select(_ => Item(g, depth - 1))]);

    private static SignedEip1559Transaction Signed(CoreGenerator g)
    {
        byte[] signature = [.. g.Bytes(Limits.SignatureBytes - 1), (byte)(27 + g.Below(2))];
        return new SignedEip1559Transaction(
            new Eip1559Transaction
            {
                ChainId = g.U64(),
                Nonce = g.U64(),
                MaxPriorityFeePerGas = Number(g),
                MaxFeePerGas = Number(g),
                GasLimit = g.U64(),
                To = g.Coin() ? null : g.Address(),
                Value = Number(g),
                Data = [.. g.Bytes(g.Below(100))],
                AccessList = g.List(2, () => new AccessListEntry(g.Address(), g.List(2, g.Hash))),
            },
            signature);
    }

    private static object[] Values(CoreGenerator g) =>
    [
        Many(g.Below(3), () => new object[] { (UInt256)g.U64(), g.Address(), (UInt256)g.U128() }),
        g.Bytes(g.Below(70)), g.Text(70), g.Coin(), (BigInteger)g.U64() - (BigInteger)g.U128() / 2,
        g.Bytes(4), Many(3, () => (UInt256)g.U8()),
        Many(2, () => new object[] { g.Bytes(g.Below(70)), Many(g.Below(3), () => g.Text(40)) }),
    ];

    private static object[] Many(int count, Func<object> one) =>
        [.. Enumerable.Range(0, count).Select(_ => one())];

    private static AbiType Type(CoreGenerator g, int depth) => g.Below(depth > 0 ? 9 : 6) switch
    {
        0 => new AbiInteger(8 * (1 + g.Below(32)), g.Coin()),
        1 => new AbiBoolean(),
        2 => new AbiAddress(),
        3 => new AbiFixedBytes(1 + g.Below(UInt256.Size)),
        4 => new AbiBytes(),
        5 => new AbiText(),
        6 => new AbiArray(Type(g, depth - 1), g.Coin() ? null : 1 + g.Below(20)),
        _ => new AbiTuple([.. Enumerable.Range(0, g.Below(4)).Select(_ => Type(g, depth - 1))]),
    };

    private static string Parameters(CoreGenerator g, string before, string mark)
    {
        IEnumerable<string> all = Enumerable.Range(0, g.Below(4)).Select(i =>
            Type(g, 2) + (g.Coin() ? mark : "") + (g.Coin() ? $" p{i}" : ""));
        return $"{before}({string.Join(',', all)})";
    }

    private static string Written(object value)
    {
        var function = (AbiFunction)value;
        return function.Signature + (function.Outputs.Members.IsEmpty ? "" : $" returns {function.Outputs}");
    }

    /// <summary>A block as far as all forks have it, or up to an earlier fork.</summary>
    private static EvmBlockHeader Header(CoreGenerator g)
    {
        int forks = g.Below(5);
        return new EvmBlockHeader
        {
            ParentHash = g.Hash(),
            UnclesHash = g.Hash(),
            Beneficiary = g.Address(),
            StateRoot = g.Hash(),
            TransactionsRoot = g.Hash(),
            ReceiptsRoot = g.Hash(),
            LogsBloom = [.. g.Bytes(256)],
            Difficulty = Number(g),
            Number = g.U64(),
            GasLimit = g.U64(),
            GasUsed = g.U64(),
            Timestamp = g.U64(),
            ExtraData = [.. g.Bytes(g.Below(33))],
            MixHash = g.Hash(),
            ProofNonce = g.U64(),
            BaseFeePerGas = forks > 0 ? Number(g) : null,
            WithdrawalsRoot = forks > 1 ? g.Hash() : null,
            BlobGasUsed = forks > 2 ? g.U64() : null,
            ExcessBlobGas = forks > 2 ? g.U64() : null,
            ParentBeaconBlockRoot = forks > 2 ? g.Hash() : null,
            RequestsHash = forks > 3 ? g.Hash() : null,
        };
    }

    private static byte[] Json(EvmBlockHeader header)
    {
        byte[] nonce = new byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(nonce, header.ProofNonce);
        var json = new JsonObject
        {
            ["hash"] = $"0x{header.Hash}",
            ["parentHash"] = $"0x{header.ParentHash}",
            ["sha3Uncles"] = $"0x{header.UnclesHash}",
            ["miner"] = $"{header.Beneficiary}",
            ["stateRoot"] = $"0x{header.StateRoot}",
            ["transactionsRoot"] = $"0x{header.TransactionsRoot}",
            ["receiptsRoot"] = $"0x{header.ReceiptsRoot}",
            ["logsBloom"] = EvmHex.Data(header.LogsBloom.AsSpan()),
            ["difficulty"] = header.Difficulty.ToHex(),
            ["number"] = EvmHex.Quantity(header.Number),
            ["gasLimit"] = EvmHex.Quantity(header.GasLimit),
            ["gasUsed"] = EvmHex.Quantity(header.GasUsed),
            ["timestamp"] = EvmHex.Quantity(header.Timestamp),
            ["extraData"] = EvmHex.Data(header.ExtraData.AsSpan()),
            ["mixHash"] = $"0x{header.MixHash}",
            ["nonce"] = EvmHex.Data(nonce),
        };
        Put(json, "baseFeePerGas", header.BaseFeePerGas?.ToHex());
        Put(json, "withdrawalsRoot", header.WithdrawalsRoot is { } root ? $"0x{root}" : null);
        Put(json, "blobGasUsed", header.BlobGasUsed is { } used ? EvmHex.Quantity(used) : null);
        Put(json, "excessBlobGas", header.ExcessBlobGas is { } excess ? EvmHex.Quantity(excess) : null);
        Put(json, "parentBeaconBlockRoot", header.ParentBeaconBlockRoot is { } beacon ? $"0x{beacon}" : null);
        Put(json, "requestsHash", header.RequestsHash is { } requests ? $"0x{requests}" : null);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static void Put(JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
