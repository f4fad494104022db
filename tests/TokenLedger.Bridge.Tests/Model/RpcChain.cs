// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Crypto;
using TokenLedger.Evm;
using TokenLedger.Evm.Tests;
using TokenLedger.Testing;

namespace TokenLedger.Bridge.Tests.Model;

/// <summary>
/// A chain abroad as a node tells it over JSON-RPC, with true state roots and proofs: blocks with the
/// bridge's storage, the tokens' supplies and the events. A fork shares the blocks before it.
/// </summary>
internal sealed class RpcChain
{
    private readonly List<RpcBlock> _blocks = [];
    private readonly OpenBridgeLane _terms;
    private readonly byte _branch;
    private List<RpcLog> _pending = [];
    private ImmutableDictionary<Hash256, UInt256> _slots;
    private ImmutableDictionary<Address, UInt256> _supplies;

    public RpcChain(OpenBridgeLane terms, ImmutableArray<Address> tokens)
    {
        _terms = terms;
        _slots = ImmutableDictionary<Hash256, UInt256>.Empty;
        _supplies = tokens.ToImmutableDictionary(static token => token, static _ => UInt256.Zero);
        Mine(0);
    }

    private RpcChain(RpcChain other, ulong last)
    {
        (_terms, _branch) = (other._terms, (byte)(other._branch + 1));
        _blocks.AddRange(other._blocks.Take((int)last + 1));
        (_slots, _supplies) = (_blocks[^1].Slots, _blocks[^1].Supplies);
    }

    public RpcBlock Latest => _blocks[^1];

    public RpcBlock this[ulong number] => _blocks[(int)number];

    /// <summary>Another chain from after a block on.</summary>
    public RpcChain Fork(ulong last) => new(this, last);

    public void Burn(Address token, ulong amount)
    {
        ulong nonce = (ulong)Slot(BridgeSlots.Burns) + 1;
        var accumulator = new Hash256(Slot(BridgeSlots.Accumulator).ToArray());
        Address from = TestNetwork.Named("abroad");
        Hash256 recipient = BridgeRecipient.Of(TestNetwork.Bob);
        Hash256 next = BurnChain.Next(accumulator, new BurnObserved(
            nonce, token, from, recipient, new Amount(amount), default, default));
        _slots = _slots.SetItem(BridgeSlots.Burns, nonce)
            .SetItem(BridgeSlots.Accumulator, new UInt256(next.ToArray()));
        _pending.Add(new RpcLog(
            [BridgeAbi.Burned.Topic, Word(nonce), Word(token), Word(from)],
            [.. recipient.ToArray(), .. ((UInt256)amount).ToArray(), .. next.ToArray()]));
    }

    public void Mint(ulong nonce, Address token, ulong amount)
    {
        ConsumedBit bit = BridgeSlots.BitOf(nonce);
        Hash256 slot = BridgeSlots.Consumed(bit.Word);
        byte[] word = Slot(slot).ToArray();
        word[^(1 + (bit.Place / 8))] |= (byte)(1 << (bit.Place % 8));
        _slots = _slots.SetItem(slot, new UInt256(word));
        _supplies = _supplies.SetItem(token, _supplies[token] + amount);
        _pending.Add(new RpcLog(
            [BridgeAbi.Minted.Topic, Word(nonce), Word(token), Word(TestNetwork.Named("abroad"))],
            ((UInt256)amount).ToArray()));
    }

    /// <summary>The bridge leaves an item of a batch out.</summary>
    public void Refuse(ulong nonce, Address token, byte reason) => _pending.Add(new RpcLog(
        [BridgeAbi.MintRejected.Topic, Word(nonce), Word(token)], ((UInt256)reason).ToArray()));

    public void Mine(ulong seconds)
    {
        RpcBlock? parent = _blocks.Count == 0 ? null : _blocks[^1];
        bool same = parent is not null && parent.Slots == _slots;
        Trie storage = same ? parent!.Storage : StorageOf(_slots);
        Trie state = same ? parent!.State : StateOf(storage.Root);
        var header = new EvmBlockHeader
        {
            ParentHash = parent?.Header.Hash ?? default,
            UnclesHash = default,
            Beneficiary = default,
            StateRoot = state.Root,
            TransactionsRoot = default,
            ReceiptsRoot = default,
            LogsBloom = [.. Enumerable.Repeat(
                _pending.Count == 0 ? byte.MinValue : byte.MaxValue, EvmBloom.Size)],
            Difficulty = 0,
            Number = (ulong)_blocks.Count,
            GasLimit = 30_000_000,
            GasUsed = 0,
            Timestamp = seconds,
            ExtraData = [],
            MixHash = new Hash256([.. Enumerable.Repeat(_branch, Hash256.Size)]),
            ProofNonce = 0,
            BaseFeePerGas = 1_000_000_000UL,
        };
        _blocks.Add(new RpcBlock(header, header.Hash, state, storage, _slots, _supplies, [.. _pending]));
        _pending = [];
    }

    /// <summary>What a node answers whose final block has a number.</summary>
    public JsonNode? Answer(string method, JsonArray parameters, ulong final)
    {
        switch (method)
        {
            case "eth_getBlockByNumber":
                return Find(parameters[0]!, final) is { } block ? ModelNode.Json(block.Header) : null;
            case "eth_getBlockByHash":
                return _blocks.FindLast(block => block.Hash == HashOf(parameters[0]!)) is { } named
                    ? ModelNode.Json(named.Header)
                    : null;
            case "eth_getProof":
                return Find(parameters[2]!, final) is { } at
                    ? Proof(at, [.. parameters[1]!.AsArray().Select(static one => HashOf(one!))])
                    : FakeNode.Error(-32000, "no such block");
            case "eth_call":
                return Find(parameters[1]!, final) is { } then
                    ? EvmHex.Data(then.Supplies[AddressOf(parameters[0]!["to"]!)].ToArray())
                    : FakeNode.Error(-32000, "no such block");
            case "eth_getLogs":
                return Logs(
                    EvmNumber(parameters[0]!["fromBlock"]!), EvmNumber(parameters[0]!["toBlock"]!),
                    [.. parameters[0]!["topics"]![0]!.AsArray().Select(static one => HashOf(one!))]);
            default:
                throw new InvalidOperationException(method);
        }
    }

    private JsonArray Logs(ulong from, ulong to, HashSet<Hash256> topics) =>
    [
        .. _blocks.Where(block => block.Header.Number >= from && block.Header.Number <= to)
            .SelectMany(block => block.Logs.Where(log => topics.Contains(log.Topics[0])).Select(
                JsonNode (log) => log.ToJson(_terms.Contract, block, block.Logs.IndexOf(log)))),
    ];

    private JsonObject Proof(RpcBlock block, Hash256[] slots) => new()
    {
        ["address"] = _terms.Contract.ToString(),
        ["nonce"] = "0x1",
        ["balance"] = "0x0",
        ["storageHash"] = $"0x{block.Storage.Root}",
        ["codeHash"] = $"0x{PatriciaProof.EmptyCodeHash}",
        ["accountProof"] = Nodes(block.State.Prove(KeyOf(_terms.Contract.ToArray()))),
        ["storageProof"] = new JsonArray([.. slots.Select(slot => (JsonNode)new JsonObject
        {
            ["key"] = $"0x{slot}",
            ["value"] = EvmHex.Quantity(block.Slots.GetValueOrDefault(slot)),
            ["proof"] = Nodes(block.Storage.Prove(KeyOf(slot.ToArray()))),
        })]),
    };

    private RpcBlock? Find(JsonNode block, ulong final)
    {
        if (block is JsonObject byHash)
        {
            Hash256 hash = HashOf(byHash["blockHash"]!);
            return _blocks.FindLast(one => one.Hash == hash);
        }

        ulong number = block.GetValue<string>() == "finalized" ? final : EvmNumber(block);
        return number < (ulong)_blocks.Count ? _blocks[(int)number] : null;
    }

    private UInt256 Slot(Hash256 slot) => _slots.GetValueOrDefault(slot);

    private Trie StateOf(Hash256 storageRoot) => new(new Dictionary<string, byte[]>
    {
        [Convert.ToHexString(KeyOf(_terms.Contract.ToArray()))] = Rlp.Encode(RlpItem.List(
            RlpItem.Number(1UL), RlpItem.Number(0UL), RlpItem.Hash(storageRoot),
            RlpItem.Hash(PatriciaProof.EmptyCodeHash))),

        // Another account, so that the tree has more than one leaf.
        [Convert.ToHexString(KeyOf([1]))] = [1, 2, 3],
    });

    private static Trie StorageOf(ImmutableDictionary<Hash256, UInt256> slots) => new(
        slots.ToDictionary(
            static slot => Convert.ToHexString(KeyOf(slot.Key.ToArray())),
            static slot => Rlp.Encode(RlpItem.Number(slot.Value))));

    private static byte[] KeyOf(byte[] content) => Keccak256.Hash(content).ToArray();

    private static JsonArray Nodes(ImmutableArray<ImmutableArray<byte>> nodes) =>
        [.. nodes.Select(static node => (JsonNode)EvmHex.Data(node.AsSpan()))];

    private static Hash256 Word(ulong number) => new(((UInt256)number).ToArray());

    private static Hash256 Word(Address address) =>
        new([.. new byte[Hash256.Size - Address.Size], .. address.ToArray()]);

    private static Hash256 HashOf(JsonNode text) =>
        new(Convert.FromHexString(text.GetValue<string>().AsSpan(2)));

    private static Address AddressOf(JsonNode text) =>
        new(Convert.FromHexString(text.GetValue<string>().AsSpan(2)));

    private static ulong EvmNumber(JsonNode text) =>
        Convert.ToUInt64(text.GetValue<string>()[2..], 16);
}

/// <summary>A block, and what its state holds.</summary>
internal sealed record RpcBlock(
    EvmBlockHeader Header,
    Hash256 Hash,
    Trie State,
    Trie Storage,
    ImmutableDictionary<Hash256, UInt256> Slots,
    ImmutableDictionary<Address, UInt256> Supplies,
    ImmutableArray<RpcLog> Logs);

/// <summary>An event.</summary>
internal sealed record RpcLog(ImmutableArray<Hash256> Topics, byte[] Data)
{
    public JsonObject ToJson(Address contract, RpcBlock block, int index) => new()
    {
        ["address"] = contract.ToString(),
        ["topics"] = new JsonArray([.. Topics.Select(static topic => (JsonNode)$"0x{topic}")]),
        ["data"] = EvmHex.Data(Data),
        ["blockNumber"] = EvmHex.Quantity(block.Header.Number),
        ["blockHash"] = $"0x{block.Hash}",
        ["transactionHash"] = $"0x{block.Hash}",
        ["transactionIndex"] = "0x0",
        ["logIndex"] = EvmHex.Quantity((ulong)index),
        ["removed"] = false,
    };
}
