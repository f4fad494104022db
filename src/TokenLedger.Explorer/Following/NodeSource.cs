// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Rpc;

namespace TokenLedger.Explorer.Following;

/// <summary>A node's public services. The connection is opened by the first call, and again after a
/// loss.</summary>
internal sealed class NodeSource : IBlockSource, IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly LedgerClient _client;

    public NodeSource(Uri endpoint, NodeTrust? trust) => _client = LedgerClient.Connect(
        endpoint, new RpcChannelOptions { DefaultDeadline = AnswerWithin, SslOptions = trust?.Options() });

    public async Task<ByteString> GenesisAsync(CancellationToken cancellationToken) =>
        (await _client.Blocks
            .GetGenesisAsync(new GetGenesisRequest(), cancellationToken: cancellationToken)
            .ConfigureAwait(false)).Genesis;

    public async Task<Height> HeightAsync(CancellationToken cancellationToken) =>
        new((await _client.Queries
            .GetNetworkAsync(new GetNetworkRequest(), cancellationToken: cancellationToken)
            .ConfigureAwait(false)).AsOfHeight);

    public async IAsyncEnumerable<StreamBlocksResponse> BlocksAsync(
        Height from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using AsyncServerStreamingCall<StreamBlocksResponse> call = _client.Blocks.StreamBlocks(
            new StreamBlocksRequest { FromHeight = from.Value }, cancellationToken: cancellationToken);
        await foreach (StreamBlocksResponse response in call.ResponseStream
            .ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return response;
        }
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>The nodes of a configuration.</summary>
internal sealed class NodeSources(ExplorerOptions options) : IDisposable
{
    private readonly NodeSource[] _all =
        [.. options.Endpoints.Select(endpoint => new NodeSource(endpoint, options.Trust))];

    /// <summary>In the configuration's order.</summary>
    public IReadOnlyList<IBlockSource> All => _all;

    public void Dispose() => Array.ForEach(_all, static one => one.Dispose());
}
