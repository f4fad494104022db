// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Wire;
using Operation = TokenLedger.Core.Ledger.Operation;
using Transaction = TokenLedger.Core.Ledger.Transaction;

namespace TokenLedger.LoadGenerator;

/// <summary>A development network as its client folder describes it: connections, keys, and signing.</summary>
internal sealed class DevnetClient : IDisposable
{
    private readonly string _keys;
    private readonly byte[] _password;
    private readonly TransactionDigest _digest;

    public DevnetClient(string networkFolder)
    {
        string client = Path.Combine(networkFolder, "client");
        using JsonDocument context = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(client, "context.json")));
        JsonElement root = context.RootElement;
        Nodes = [.. root.GetProperty("endpoints").EnumerateArray()
            .Select(endpoint => LedgerClient.Connect(new Uri(endpoint.GetString()!)))];
        Labels = root.GetProperty("labels").EnumerateObject().ToDictionary(
            label => label.Name,
            label => Address.TryParse(label.Value.GetString(), out Address address) ? address : default,
            StringComparer.Ordinal);
        Invariant.Require(
            Hash256.TryParse(root.GetProperty("genesisHash").GetString(), out Hash256 genesisHash),
            "a context has its genesis hash");
        _digest = new TransactionDigest(root.GetProperty("chainId").GetUInt64(), genesisHash);
        _keys = Path.Combine(client, root.GetProperty("keyDirectory").GetString()!);
        _password = [.. File.ReadAllBytes(Path.Combine(client, root.GetProperty("passwordFile").GetString()!))
            .AsSpan().TrimEnd("\r\n"u8)];
    }

    public ImmutableArray<LedgerClient> Nodes { get; }

    public IReadOnlyDictionary<string, Address> Labels { get; }

    public PrivateKey Key(string label) => KeystoreFolder.Load(Path.Combine(_keys, label + ".json"), _password);

    public SubmitTransactionRequest Sign(PrivateKey key, ulong nonce, params ImmutableArray<Operation> operations)
    {
        ulong validUntil = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + (30 * 60 * 1_000);
        byte[] body = TransactionMapper.Encode(new Transaction(
            key.Address, 0, nonce, new TimestampMs(validUntil), null, "", operations));
        return new SubmitTransactionRequest
        {
            Transaction = new Protocol.Ledger.V1.SignedTransaction
            {
                Body = ByteString.CopyFrom(body),
                Signature = ByteString.CopyFrom(key.Sign(_digest.Of(body))),
            },
        };
    }

    /// <summary>Submits at the key's next nonce and waits until it is final; it must succeed.</summary>
    public async Task<TransactionStatus> DoAsync(PrivateKey key, params ImmutableArray<Operation> operations)
    {
        GetNonceResponse nonce = await Nodes[0].Queries.GetNonceAsync(
            new GetNonceRequest { Sender = ByteString.CopyFrom(key.Address.ToArray()) });
        SubmitTransactionResponse submitted = await Nodes[0].Transactions.SubmitTransactionAsync(
            Sign(key, nonce.Next, operations));
        WaitFinalResponse final = await Nodes[0].Transactions.WaitFinalAsync(
            new WaitFinalRequest { TransactionId = submitted.TransactionId },
            deadline: DateTime.UtcNow.AddSeconds(30));
        return final.Status.State == TransactionState.Succeeded
            ? final.Status
            : throw new InvalidOperationException($"{final.Status.Refusal?.Code}: {final.Status.Refusal?.Detail}");
    }

    public void Dispose()
    {
        foreach (LedgerClient node in Nodes)
        {
            node.Dispose();
        }
    }
}
