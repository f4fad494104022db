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

namespace TokenLedger.Testing.Devnet;

/// <summary>
/// A development network as its client folder describes it: connections, keys, and signing.
/// </summary>
public sealed class DevnetClient : IDisposable
{
    private const ulong ValidForMs = 30 * 60 * 1_000;

    private readonly string _keys;
    private readonly byte[] _password;

    public DevnetClient(string networkFolder)
    {
        string client = Path.Combine(networkFolder, "client");
        using JsonDocument context = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(client, "context.json")));
        JsonElement root = context.RootElement;
        Endpoints = [.. root.GetProperty("endpoints").EnumerateArray()
            .Select(static endpoint => new Uri(endpoint.GetString()!))];
        Nodes = [.. Endpoints.Select(static endpoint => LedgerClient.Connect(endpoint))];
        Labels = root.GetProperty("labels").EnumerateObject().ToDictionary(
            label => label.Name,
            label => Address.TryParse(label.Value.GetString(), out Address address) ? address : default,
            StringComparer.Ordinal);
        Invariant.Require(
            Hash256.TryParse(root.GetProperty("genesisHash").GetString(), out Hash256 genesisHash),
            "a context has its genesis hash");
        Digest = new TransactionDigest(root.GetProperty("chainId").GetUInt64(), genesisHash);
        _keys = Path.Combine(client, root.GetProperty("keyDirectory").GetString()!);
        _password = [.. File.ReadAllBytes(Path.Combine(client, root.GetProperty("passwordFile").GetString()!))
            .AsSpan().TrimEnd("\r\n"u8)];
    }

    public ImmutableArray<Uri> Endpoints { get; }

    public ImmutableArray<LedgerClient> Nodes { get; }

    public IReadOnlyDictionary<string, Address> Labels { get; }

    /// <summary>What this network's transactions are signed over.</summary>
    public TransactionDigest Digest { get; }

    public static ulong NowMs() => (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens a key of the client folder by its label. The caller disposes it.</summary>
    public PrivateKey Key(string label) =>
        KeystoreFolder.Load(Path.Combine(_keys, label + ".json"), _password);

    /// <summary>A transaction in lane 0 that is valid for half an hour.</summary>
    public static Transaction Draft(
        PrivateKey key, ulong nonce, params ImmutableArray<Operation> operations) =>
        new(key.Address, 0, nonce, new TimestampMs(NowMs() + ValidForMs), null, "", operations);

    public SubmitTransactionRequest Sign(
        PrivateKey key, ulong nonce, params ImmutableArray<Operation> operations) =>
        Sign(key, TransactionMapper.Encode(Draft(key, nonce, operations)));

    /// <summary>Signs any bytes as a body.</summary>
    public SubmitTransactionRequest Sign(PrivateKey key, byte[] body) => new()
    {
        Transaction = new Protocol.Ledger.V1.SignedTransaction
        {
            Body = ByteString.CopyFrom(body),
            Signature = ByteString.CopyFrom(key.Sign(Digest.Of(body))),
        },
    };

    /// <summary>Submits at the key's next nonce and waits until it is final; it must succeed.</summary>
    public async Task<TransactionStatus> DoAsync(PrivateKey key, params ImmutableArray<Operation> operations)
    {
        TransactionStatus status = await SettleAsync(key, operations);
        return status.State == TransactionState.Succeeded
            ? status
            : throw new InvalidOperationException($"{status.Refusal?.Code}: {status.Refusal?.Detail}");
    }

    /// <summary>Submits at the key's next nonce and waits until it is final, whatever comes of it.</summary>
    public async Task<TransactionStatus> SettleAsync(
        PrivateKey key, params ImmutableArray<Operation> operations)
    {
        GetNonceResponse nonce = await Nodes[0].Queries.GetNonceAsync(
            new GetNonceRequest { Sender = ByteString.CopyFrom(key.Address.ToArray()) });
        SubmitTransactionResponse submitted = await Nodes[0].Transactions.SubmitTransactionAsync(
            Sign(key, nonce.Next, operations));
        WaitFinalResponse final = await Nodes[0].Transactions.WaitFinalAsync(
            new WaitFinalRequest { TransactionId = submitted.TransactionId },
            deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));
        return final.Status;
    }

    public void Dispose()
    {
        foreach (LedgerClient node in Nodes)
        {
            node.Dispose();
        }
    }
}
