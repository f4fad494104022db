// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Protocol.Bridge.V1;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Protocol;

/// <summary>One connection to a node's public services. Thread-safe; calls are multiplexed over it.</summary>
public sealed class LedgerClient : IDisposable
{
    private readonly RpcChannel _channel;

    private LedgerClient(RpcChannel channel)
    {
        _channel = channel;
        Transactions = new TransactionService.TransactionServiceClient(channel);
        Queries = new QueryService.QueryServiceClient(channel);
        Events = new EventService.EventServiceClient(channel);
        Blocks = new BlockService.BlockServiceClient(channel);
        Bridge = new BridgeService.BridgeServiceClient(channel);
    }

    /// <summary>Submitting, simulating and following transactions.</summary>
    public TransactionService.TransactionServiceClient Transactions { get; }

    /// <summary>Reading the finalized ledger.</summary>
    public QueryService.QueryServiceClient Queries { get; }

    /// <summary>The event stream.</summary>
    public EventService.EventServiceClient Events { get; }

    /// <summary>Whole final blocks, for followers that check everything themselves.</summary>
    public BlockService.BlockServiceClient Blocks { get; }

    /// <summary>Reading the bridge.</summary>
    public BridgeService.BridgeServiceClient Bridge { get; }

    /// <summary>Prepares a connection; it is opened by the first call.</summary>
    /// <param name="endpoint">http:// for cleartext HTTP/2, https:// for TLS.</param>
    /// <param name="options">Limits and deadlines; null for the defaults.</param>
    public static LedgerClient Connect(Uri endpoint, RpcChannelOptions? options = null) =>
        new(RpcChannel.ForAddress(endpoint, options));

    /// <summary>Ends the connection and every call on it.</summary>
    public void Dispose() => _channel.Dispose();
}
