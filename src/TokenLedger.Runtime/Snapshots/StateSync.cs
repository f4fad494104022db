// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Snapshots;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Snapshots;

/// <summary>
/// Before a node opens its ledger: asks the validators for snapshots and, when the node is far behind one,
/// fetches it, verifies every part, and puts it in the ledger's place. Whatever fails costs time only: the
/// node then executes blocks from where it is.
/// </summary>
public static class StateSync
{
    private static readonly TimeSpan AskDeadline = TimeSpan.FromSeconds(2);

    /// <summary>Fetches a state if the node is far behind.</summary>
    /// <returns>True when a snapshot is the ledger now.</returns>
    /// <exception cref="StorageFault">A database cannot be opened or written.</exception>
    /// <exception cref="InvariantException">A verified state is not one that a ledger can have.</exception>
    public static async Task<bool> RunAsync(
        RuntimeOptions options, TimeProvider time, ILogger log, CancellationToken cancellationToken)
    {
        if (options.StateSync is not { BehindBlocks: > 0 } sync)
        {
            return false;
        }

        var peers = new List<SnapshotPeer>();
        try
        {
            int own = options.VoteKey is { } key ? options.Genesis.ValidatorSet.IndexOf(key.Address) : -1;
            for (int i = 0; i < options.Genesis.ValidatorSet.Count; i++)
            {
                if (i != own && options.Connect(i) is { } channel)
                {
                    peers.Add(new SnapshotPeer(options.Genesis.ValidatorSet[i].Name, channel));
                }
            }

            var install = new SnapshotInstall(options, sync, time, log);
            await OfferAsync(peers, install, time, cancellationToken).ConfigureAwait(false);
            ulong best = peers.SelectMany(peer => peer.Offers)
                .Select(offer => offer.Header.Height.Value).DefaultIfEmpty().Max();

            // Only now: a start that needs no snapshot should not open its ledger twice.
            if (best < sync.BehindBlocks)
            {
                return false;
            }

            ulong worthwhile = install.OwnHeight() + sync.BehindBlocks;
            peers.ForEach(peer => peer.Offers.RemoveAll(offer => offer.Header.Height.Value < worthwhile));
            var fetch = new SnapshotFetch(install, peers, time, log);
            return await fetch.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            peers.ForEach(static peer => peer.Dispose());
        }
    }

    /// <summary>Makes the ledger from a snapshot's file, verified as one that came from peers.</summary>
    /// <exception cref="SnapshotException">The file is not a snapshot of this network's state, or older than
    /// the ledger.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void FromFile(
        RuntimeOptions options, string path, TimeProvider time, ILogger log)
    {
        Invariant.Require(options.StateSync is not null, "a start from a snapshot has a place for it");
        var install = new SnapshotInstall(options, options.StateSync, time, log);
        try
        {
            using SnapshotFile file = SnapshotFile.Open(path);
            install.FromFile(file);
        }
        catch (CanonicalFormatException e)
        {
            throw new SnapshotException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Asks all at once what they have; keeps what is final on this network.</summary>
    private static Task OfferAsync(
        List<SnapshotPeer> peers, SnapshotInstall install, TimeProvider time,
        CancellationToken cancellationToken) =>
        Task.WhenAll(peers.Select(peer => peer.AskAsync(
            install, time.GetUtcNow().UtcDateTime + AskDeadline, cancellationToken)));
}

/// <summary>A file is not the snapshot that it should be.</summary>
public sealed class SnapshotException(string message, Exception? cause = null)
    : Exception(message, cause);

/// <summary>
/// A validator that is asked for a state: what it offers, and whether it is still listened to.
/// </summary>
internal sealed class SnapshotPeer(string name, RpcChannel channel) : IDisposable
{
    /// <summary>Failures in a row after which a peer is not asked any more.</summary>
    private const int MaxFailures = 5;

    private int _failures;

    public string Name => name;

    public SyncService.SyncServiceClient Client { get; } = new(channel);

    /// <summary>Heads that were verified.</summary>
    public List<SnapshotHead> Offers { get; } = [];

    /// <summary>False once it lied, or failed too often.</summary>
    public bool IsAsked { get; private set; } = true;

    public void Blame() => IsAsked = false;

    public void Succeeded() => _failures = 0;

    public void Failed() => IsAsked &= ++_failures < MaxFailures;

    public bool Has(SnapshotHead head) =>
        IsAsked && Offers.Any(offer => offer.Header.Hash == head.Header.Hash);

    public async Task AskAsync(
        SnapshotInstall install, DateTime deadline, CancellationToken cancellationToken)
    {
        try
        {
            ListSnapshotsResponse response = await Client.ListSnapshotsAsync(
                new ListSnapshotsRequest(), deadline: deadline, cancellationToken: cancellationToken)
                .ResponseAsync.ConfigureAwait(false);
            foreach (ByteString bytes in response.Heads.Take(Limits.SnapshotsKept))
            {
                SnapshotHead head = SnapshotHead.Decode(bytes.Span);
                if (install.Problem(head) is { } problem)
                {
                    install.Refused(this, problem);
                    return;
                }

                Offers.Add(head);
            }
        }
        catch (CanonicalFormatException e)
        {
            install.Refused(this, e.Message);
        }
        catch (RpcException)
        {
            // It is not there, or knows nothing of snapshots.
            Failed();
        }
    }

    public void Dispose() => channel.Dispose();
}
