// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Mesh.Configuration;
using TokenLedger.Mesh.Requests;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Mesh.Blocks;

/// <summary>
/// A node's public services, whose failures become this API's errors. The connection is opened by the first
/// call, and again after a loss. Thread-safe.
/// </summary>
internal sealed class LedgerNode : IDisposable
{
    /// <summary>How long a node may take over one call.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly LedgerClient _client;

    public LedgerNode(MeshOptions options) => _client = LedgerClient.Connect(
        options.Endpoint ?? throw new InvariantException("an adapter without a node asks none"),
        new RpcChannelOptions
        {
            DefaultDeadline = AnswerWithin,
            SslOptions = options.Tls,
            Headers = options.ApiKeyHeader is { } key
                ? new Metadata { { ApiKey.MetadataKey, key } }
                : null,
        });

    /// <summary>Asks one question.</summary>
    /// <exception cref="MeshException">The node refused it, or did not answer.</exception>
    public async Task<T> AskAsync<T>(Func<LedgerClient, AsyncUnaryCall<T>> ask)
    {
        try
        {
            return await ask(_client).ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw Translated(e);
        }
    }

    /// <summary>The same; null when the node refuses it with a reason.</summary>
    public async Task<T?> AskUnlessAsync<T>(string reason, Func<LedgerClient, AsyncUnaryCall<T>> ask)
        where T : class
    {
        try
        {
            return await ask(_client).ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException e) when (ErrorModel.Read(e)?.Reason == reason)
        {
            return null;
        }
        catch (RpcException e)
        {
            throw Translated(e);
        }
    }

    /// <summary>The newest final height.</summary>
    public async Task<ulong> HeightAsync(CancellationToken token) =>
        (await AskAsync(client => client.Queries.GetNetworkAsync(
            new GetNetworkRequest(), cancellationToken: token)).ConfigureAwait(false)).AsOfHeight;

    /// <summary>Hands blocks from a height upwards to a reader until it has enough.</summary>
    /// <param name="from">The first.</param>
    /// <param name="take">Says whether it wants more.</param>
    /// <param name="token">Ends it.</param>
    public async Task StreamAsync(ulong from, Func<FinalBlock, bool> take, CancellationToken token)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(token);
        ends.CancelAfter(AnswerWithin);
        try
        {
            using AsyncServerStreamingCall<StreamBlocksResponse> call = _client.Blocks.StreamBlocks(
                new StreamBlocksRequest { FromHeight = from }, cancellationToken: ends.Token);
            while (await call.ResponseStream.MoveNext(ends.Token).ConfigureAwait(false))
            {
                if (call.ResponseStream.Current.Block is { } block && !take(block))
                {
                    return;
                }
            }
        }
        catch (RpcException e) when (!token.IsCancellationRequested)
        {
            throw Translated(e);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            // Reported below, as an end that came too soon.
        }

        throw new MeshException(
            MeshError.NodeUnavailable, $"The node did not send block {from} whole, or what makes it final.");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A protocol hash or address.</summary>
    public static ByteString Bytes(byte[] bytes) => ByteString.CopyFrom(bytes);

    private static MeshException Translated(RpcException e)
    {
        ErrorInfo? info = ErrorModel.Read(e);
        MeshError error = info?.Reason switch
        {
            "HEIGHT_UNKNOWN" or "BLOCK_UNKNOWN" => MeshError.BlockUnknown,
            "HEIGHT_PRUNED" or "BLOCK_PRUNED" => MeshError.BlockPruned,
            "HISTORY_TOO_LONG" => MeshError.HistoryTooLong,
            ErrorModel.QuotaExceeded => MeshError.NodeBusy,
            ErrorModel.ApiKeyUnknown or ErrorModel.ScopeMissing => MeshError.NodeRefused,
            { } reason when Ledger(reason) is { } refusal => refusal,
            _ => e.StatusCode == StatusCode.ResourceExhausted
                ? MeshError.NodeBusy
                : MeshError.NodeUnavailable,
        };
        return new MeshException(error, e.Status.Detail);
    }

    /// <summary>The ledger's own refusals; what only the adapter says, no node can make it say.</summary>
    private static MeshError? Ledger(string reason) =>
        MeshError.Named(reason) is { Code: < 1_000 } refusal ? refusal : null;
}
