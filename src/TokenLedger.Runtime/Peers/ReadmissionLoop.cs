// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Signing;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// While the guard is in quarantine, asks all validators once a second how far its key has signed, until
/// enough have answered.
/// </summary>
internal sealed class ReadmissionLoop(
    Readmission readmission, ConsensusWorker consensus, IReadOnlyList<PeerLink?> links,
    Action<Exception> fatal, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                if (consensus.Status.Doubt == GuardDoubt.None)
                {
                    continue;
                }

                await Task.WhenAll(links.Select((link, peer) => AskAsync(peer, link, stop)))
                    .ConfigureAwait(false);
                if (readmission.First(consensus.Status.LastFinalizedView) is { } first)
                {
                    consensus.Readmit(first);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
#pragma warning disable CA1031 // Nobody awaits this loop before the end.
        catch (Exception e)
#pragma warning restore CA1031
        {
            fatal(e);
        }
    }

    private async Task AskAsync(int peer, PeerLink? link, CancellationToken stop)
    {
        if (link is null)
        {
            return;
        }

        try
        {
            GetHighestVoteResponse answer = await link.Sync.GetHighestVoteAsync(
                new GetHighestVoteRequest(), deadline: time.GetUtcNow().UtcDateTime + Within,
                cancellationToken: stop).ResponseAsync.ConfigureAwait(false);
            lock (readmission)
            {
                readmission.TryTake(peer, answer);
            }
        }
        catch (Exception e) when (e is RpcException or CanonicalFormatException or OperationCanceledException)
        {
            RuntimeLog.AskFailed(log, link.Name, e.Message);
        }
#pragma warning disable CA1031 // No peer's answer may stop this node.
        catch (Exception e) when (e is not InvariantException)
#pragma warning restore CA1031
        {
            RuntimeLog.AskBroke(log, link.Name, e);
        }
    }
}
