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

/// <summary>What a reader of blocks says after each part of one.</summary>
internal enum Reading
{
    /// <summary>What was asked for is not here yet.</summary>
    Needed,

    /// <summary>It is here; what comes at once is welcome too.</summary>
    Ahead,

    /// <summary>Nothing more.</summary>
    Enough,
}

/// <summary>
/// A node's public services, whose failures become this API's errors. The connection is opened by the first
/// call, and again after a loss. Thread-safe.
/// </summary>
internal sealed class LedgerNode : IDisposable
{
    /// <summary>How long a node may take over one call.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long a reader that has its block waits for those after it.</summary>
    private static readonly TimeSpan AheadWithin = TimeSpan.FromSeconds(1);

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

    /// <summary>What the node says of itself.</summary>
    public Task<GetNodeStatusResponse> StatusAsync(CancellationToken token) => AskAsync(client =>
        client.Queries.GetNodeStatusAsync(new GetNodeStatusRequest(), cancellationToken: token));

    /// <summary>
    /// Hands blocks from a height upwards to a reader until it has enough, or until it has what it needs and
    /// the rest does not come at once.
    /// </summary>
    /// <param name="from">The first.</param>
    /// <param name="take">Says what it wants after each part.</param>
    /// <param name="token">Ends it.</param>
    /// <exception cref="MeshException">The node refused, or what is needed did not come in time.</exception>
    public async Task StreamAsync(ulong from, Func<FinalBlock, Reading> take, CancellationToken token)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(token);
        ends.CancelAfter(AnswerWithin);
        var wish = Reading.Needed;
        try
        {
            using AsyncServerStreamingCall<StreamBlocksResponse> call = _client.Blocks.StreamBlocks(
                new StreamBlocksRequest { FromHeight = from }, cancellationToken: ends.Token);
            while (wish != Reading.Enough
                && await call.ResponseStream.MoveNext(ends.Token).ConfigureAwait(false))
            {
                if (call.ResponseStream.Current.Block is not { } block)
                {
                    continue;
                }

                bool needed = wish == Reading.Needed;
                wish = take(block);
                if (needed && wish == Reading.Ahead)
                {
                    ends.CancelAfter(AheadWithin);
                }
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            token.ThrowIfCancellationRequested();
            if (wish == Reading.Needed && e is RpcException failed && !ends.IsCancellationRequested)
            {
                throw Translated(failed);
            }
        }

        if (wish == Reading.Needed)
        {
            throw new MeshException(
                MeshError.NodeUnavailable,
                $"The node did not send block {from} whole, or what makes it final, within "
                    + $"{AnswerWithin.TotalSeconds:0} s.");
        }
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
