// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Evm;

namespace TokenLedger.Testing;

/// <summary>A node of the model: what a sender asks it over JSON-RPC, and the pool of transactions.</summary>
public sealed class ModelNode(ModelChain chain, ISignatureScheme signatures)
{
    private readonly SortedDictionary<(Address, ulong), SignedEip1559Transaction> _pool = [];

    /// <summary>All that were ever handed in, in order.</summary>
    public List<(Address From, SignedEip1559Transaction Signed)> Sent { get; } = [];

    /// <summary>Those of blocks that did not fail.</summary>
    public List<Address> Carried { get; } = [];

    /// <summary>Told of each transaction that is handed in; false for one that is lost.</summary>
    public Func<Address, SignedEip1559Transaction, bool> Keeps { get; set; } = static (_, _) => true;

    /// <summary>Whether the next block takes a transaction that could go into it.</summary>
    public Func<Address, SignedEip1559Transaction, bool> Includes { get; set; } = static (_, _) => true;

    /// <summary>What it answers in place of the truth; null for the truth.</summary>
    public Func<string, JsonNode?> Lie { get; set; } = static _ => null;

    /// <summary>It answers nothing before this is done.</summary>
    public Task Answers { get; set; } = Task.CompletedTask;

    /// <summary>Forgets what waits for a block.</summary>
    public void Lose() => _pool.Clear();

    /// <summary>Takes back what a block held that is gone.</summary>
    public void Return(Address from, SignedEip1559Transaction signed) =>
        _pool.TryAdd((from, signed.Transaction.Nonce), signed);

    /// <summary>A client that tells before each call, and after it.</summary>
    public EvmClient Client(Action<string> around) => new(new EvmProvider(
        new Uri("http://model/"), TimeSpan.FromSeconds(30), TimeProvider.System, "model",
        new Handler(this, around)));

    /// <summary>Puts all that can go into a block.</summary>
    /// <returns>What went into it, reverted or not.</returns>
    public IReadOnlyList<(Address From, SignedEip1559Transaction Signed)> Mine(ulong lag)
    {
        var included = new List<(Address From, SignedEip1559Transaction Signed)>();
        foreach (((Address from, ulong nonce), SignedEip1559Transaction signed) in _pool.ToArray())
        {
            if (nonce < chain.Now.Nonces.GetValueOrDefault(from))
            {
                _pool.Remove((from, nonce));
            }
            else if (nonce == chain.Now.Nonces.GetValueOrDefault(from)
                && signed.Transaction.MaxFeePerGas >= chain.BaseFee && Includes(from, signed))
            {
                Contracts before = chain.Now;
                try
                {
                    chain.Call(signed.Transaction.To!.Value, signed.Transaction.Data.AsSpan(), keep: true);
                    if (chain.Now != before)
                    {
                        Carried.Add(from);
                    }
                }
                catch (RevertException)
                {
                    // Its nonce is used up all the same.
                }

                chain.Now = chain.Now with { Nonces = chain.Now.Nonces.SetItem(from, nonce + 1) };
                _pool.Remove((from, nonce));
                included.Add((from, signed));
            }
        }

        chain.Mine(1, lag);
        return included;
    }

    private JsonNode Answer(string method, JsonArray parameters)
    {
        switch (method)
        {
            case "eth_getTransactionCount":
                var account = new Address(Convert.FromHexString(parameters[0]!.GetValue<string>()[2..]));
                ulong at = parameters[1]!.GetValue<string>() == "finalized"
                    ? chain.Final
                    : chain.Latest.Header.Number;
                return EvmHex.Quantity(chain[at].After.Nonces.GetValueOrDefault(account));
            case "eth_getBlockByNumber":
                return Json(chain.Latest.Header);
            case "eth_getStorageAt":
                return chain.UsedAt(parameters[1]!.GetValue<string>());
            case "eth_estimateGas":
                JsonNode call = parameters[0]!;
                chain.Call(
                    new Address(Convert.FromHexString(call["to"]!.GetValue<string>()[2..])),
                    Convert.FromHexString(call["data"]!.GetValue<string>()[2..]), keep: false);
                return EvmHex.Quantity(100_000ul);
            case "eth_sendRawTransaction":
                SignedEip1559Transaction signed = Eip1559Transaction.Decode(
                    Convert.FromHexString(parameters[0]!.GetValue<string>()[2..]));
                bool isSigned = signed.TryRecoverSender(signatures, out Address from);
                Invariant.Require(isSigned, "what is handed in is signed");
                Sent.Add((from, signed));
                if (Keeps(from, signed))
                {
                    Take(from, signed);
                }

                return $"0x{signed.Hash}";
            case "eth_getTransactionByHash":
                return JsonValue.Create((string?)null)!;
            default:
                throw new InvalidOperationException(method);
        }
    }

    /// <summary>As common nodes do: one that replaces another offers a tenth more.</summary>
    private void Take(Address from, SignedEip1559Transaction signed)
    {
        (Address, ulong Nonce) place = (from, signed.Transaction.Nonce);
        if (place.Nonce < chain.Now.Nonces.GetValueOrDefault(from))
        {
            throw new RevertException("nonce too low");
        }

        if (_pool.TryGetValue(place, out SignedEip1559Transaction? waiting) && waiting.Hash != signed.Hash
            && signed.Transaction.MaxFeePerGas < waiting.Transaction.MaxFeePerGas * 11 / 10)
        {
            throw new RevertException("replacement transaction underpriced");
        }

        _pool[place] = signed;
    }

    /// <summary>A header as a node tells it.</summary>
    public static JsonObject Json(EvmBlockHeader header) => new()
    {
        ["hash"] = $"0x{header.Hash}",
        ["parentHash"] = $"0x{header.ParentHash}",
        ["sha3Uncles"] = $"0x{header.UnclesHash}",
        ["miner"] = $"{header.Beneficiary}",
        ["stateRoot"] = $"0x{header.StateRoot}",
        ["transactionsRoot"] = $"0x{header.TransactionsRoot}",
        ["receiptsRoot"] = $"0x{header.ReceiptsRoot}",
        ["logsBloom"] = EvmHex.Data(header.LogsBloom.AsSpan()),
        ["difficulty"] = "0x0",
        ["number"] = EvmHex.Quantity(header.Number),
        ["gasLimit"] = EvmHex.Quantity(header.GasLimit),
        ["gasUsed"] = "0x0",
        ["timestamp"] = EvmHex.Quantity(header.Timestamp),
        ["extraData"] = "0x",
        ["mixHash"] = $"0x{header.MixHash}",
        ["nonce"] = "0x0000000000000000",
        ["baseFeePerGas"] = EvmHex.Quantity(header.BaseFeePerGas!.Value),
    };

    private sealed class Handler(ModelNode node, Action<string> around) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            JsonNode body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            string method = body["method"]!.GetValue<string>();
            around($"before {method}");
            var answer = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = body["id"]!.DeepClone() };
            try
            {
                await node.Answers.WaitAsync(cancellationToken);
                answer["result"] = node.Lie(method) ?? node.Answer(method, body["params"]!.AsArray());
            }
            catch (RevertException e)
            {
                answer["error"] = new JsonObject { ["code"] = 3, ["message"] = e.Message };
            }

            around($"after {method}");
            return new HttpResponseMessage
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer.ToJsonString())),
            };
        }
    }
}
