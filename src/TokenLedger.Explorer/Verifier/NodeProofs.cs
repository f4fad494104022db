// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Explorer.Configuration;
using TokenLedger.Protocol;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Protocol.Proofs;
using TokenLedger.Rpc;

namespace TokenLedger.Explorer.Verifier;

/// <summary>A bundle and the block that it is as of.</summary>
internal sealed record FetchedProof(ProofBundle Bundle, ByteString Header);

/// <summary>
/// Asks the nodes of the configuration for proofs, on connections of their own: the one that answered last,
/// and after one that does not answer the next. What it answers is handed on as it is: the
/// reader checks it, so nothing is gained by checking it here. Thread-safe.
/// </summary>
internal sealed class NodeProofs : IDisposable
{
    /// <summary>
    /// Proofs that are fetched at a time. To the node all readers are one client; this keeps them far below
    /// what one may have open, so that following goes on whatever readers do.
    /// </summary>
    public const int AtATime = 8;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly LedgerClient[] _clients;
    private readonly SemaphoreSlim _places = new(AtATime, AtATime);
    private volatile int _at;

    public NodeProofs(ExplorerOptions options) => _clients =
    [
        .. options.Endpoints.Select(endpoint => LedgerClient.Connect(
            endpoint,
            new RpcChannelOptions
            {
                DefaultDeadline = AnswerWithin,
                SslOptions = options.Trust?.Options(),
                // What a file of it may have: half of that in hexadecimal.
                MaxReceiveMessageBytes = ProofBundle.MaxBytes / 2,
            })),
    ];

    /// <summary>The proof of a balance; null when all places are taken.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="asset">Units of what.</param>
    /// <param name="at">After which block: one of the newest <see cref="Limits.RetainedHeads"/>; null for the
    /// newest.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="RpcException">The node gives none.</exception>
    public Task<FetchedProof?> BalanceAsync(
        Address account, AssetId asset, Height? at, CancellationToken cancellationToken) => InPlaceAsync(
        async client =>
        {
            var request = new GetBalanceProofRequest
            {
                Account = ByteString.CopyFrom(account.ToArray()),
                Asset = asset.ToString(),
            };
            if (at is { } height)
            {
                request.AtHeight = height.Value;
            }

            BalanceProof proof = (await client.Queries.GetBalanceProofAsync(
                request, cancellationToken: cancellationToken).ConfigureAwait(false)).Proof;
            return new FetchedProof(ProofBundle.Of(proof), proof.Header);
        },
        cancellationToken);

    /// <summary>The proof of a supply at the newest height; null when all places are taken.</summary>
    /// <exception cref="RpcException">The node gives none.</exception>
    public Task<FetchedProof?> SupplyAsync(
        AssetId asset, CancellationToken cancellationToken) => InPlaceAsync(
        async client =>
        {
            SupplyProof proof = (await client.Queries.GetSupplyProofAsync(
                new GetSupplyProofRequest { Asset = asset.ToString() },
                cancellationToken: cancellationToken).ConfigureAwait(false)).Proof;
            return new FetchedProof(ProofBundle.Of(proof), proof.Header);
        },
        cancellationToken);

    /// <summary>The proof of an event; null when all places are taken.</summary>
    /// <exception cref="RpcException">The node gives none.</exception>
    public Task<FetchedProof?> EventAsync(
        Height height, uint index, CancellationToken cancellationToken) => InPlaceAsync(
        async client =>
        {
            EventProof proof = (await client.Queries.GetEventProofAsync(
                new GetEventProofRequest { Height = height.Value, Index = index },
                cancellationToken: cancellationToken).ConfigureAwait(false)).Proof;
            return new FetchedProof(ProofBundle.Of(proof), proof.Header);
        },
        cancellationToken);

    public void Dispose()
    {
        Array.ForEach(_clients, static client => client.Dispose());
        _places.Dispose();
    }

    private async Task<FetchedProof?> InPlaceAsync(
        Func<LedgerClient, Task<FetchedProof>> fetch, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        try
        {
            int first = _at;
            for (int tried = 1; ; tried++)
            {
                try
                {
                    return await fetch(_clients[_at]).ConfigureAwait(false);
                }
                catch (RpcException e) when (tried < _clients.Length
                    && e.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
                {
                    _at = (first + tried) % _clients.Length;
                }
            }
        }
        finally
        {
            _places.Release();
        }
    }
}
