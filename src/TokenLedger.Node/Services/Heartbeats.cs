// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Protocol.Ledger.V1;
using TokenLedger.Runtime.Chain;

namespace TokenLedger.Node.Services;

/// <summary>
/// What a stream says while it has nothing to send, so that its reader can tell a quiet network from one that
/// stands still. Thread-safe.
/// </summary>
/// <param name="feed">How high the chain is.</param>
/// <param name="finalizing">Whether it grows.</param>
/// <param name="time">The clock.</param>
internal sealed class Heartbeats(FinalityFeed feed, Func<bool> finalizing, TimeProvider time)
{
    /// <summary>How long a stream may be silent.</summary>
    public static TimeSpan Every { get; } = TimeSpan.FromSeconds(5);

    /// <summary>How the ledger stands now.</summary>
    public Heartbeat Now()
    {
        FinalizedHead head = feed.Head;
        return new Heartbeat
        {
            Height = head.Height.Value,
            TimeMs = head.Header.Timestamp.Value,
            Finalizing = finalizing(),
        };
    }

    /// <summary>Waits until a height is final.</summary>
    /// <returns>False when it was not within the patience.</returns>
    public async Task<bool> GrewAsync(Height height, TimeSpan within, CancellationToken cancellationToken)
    {
        if (height <= feed.Head.Height)
        {
            return true;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<FinalizedHead> grown = feed.WaitForAsync(height, patience.Token);
        try
        {
            await grown.WaitAsync(within, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            await patience.CancelAsync().ConfigureAwait(false);
            return false;
        }
    }
}
