// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Node.Clients;
using TokenLedger.Runtime.Chain;

namespace TokenLedger.Node.Services;

/// <summary>
/// By which all streams of a node take turns: they read step by step, no more at once than leaves processors
/// to everything else, and each at its caller's pace. Thread-safe.
/// </summary>
/// <param name="feed">How high the chain is.</param>
/// <param name="beats">What streams say meanwhile.</param>
/// <param name="width">Steps at once, from 1.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamTurns(FinalityFeed feed, Heartbeats beats, int width, TimeProvider time)
    : IDisposable
{
    private readonly SemaphoreSlim _places = new(width, width);

    /// <summary>Half of the processors.</summary>
    public static int HalfOfTheProcessors { get; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Begins a stream.</summary>
    /// <param name="context">Its call.</param>
    /// <param name="from">The first block that it reads.</param>
    /// <exception cref="RpcException">QUOTA_EXCEEDED: too many of its caller's begin far below the
    /// head.</exception>
    public Turn Begin(ServerCallContext context, Height from)
    {
        var allowance = StreamAllowance.Of(context);
        ulong head = feed.Head.Height.Value;
        bool replays = from.Value < head && head - from.Value > Limits.ReplayBlocks;
        if (replays)
        {
            allowance.BeginReplay();
        }

        return new Turn(this, allowance, replays, context.CancellationToken);
    }

    public void Dispose() => _places.Dispose();

    /// <summary>One stream's. For one thread at a time.</summary>
    internal sealed class Turn(
        StreamTurns turns, StreamAllowance allowance, bool replays, CancellationToken ended) : IDisposable
    {
        private bool _replays = replays;

        /// <summary>Waits until a block is final and the stream may read.</summary>
        /// <returns>False when that was not so within the patience.</returns>
        public async Task<bool> ComesAsync(Height height, TimeSpan within)
        {
            if (_replays && height > turns.Head)
            {
                EndReplay();
            }

            TimeSpan wait = allowance.Charge(0);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait < within ? wait : within, turns.Time, ended).ConfigureAwait(false);
                if (wait >= within)
                {
                    return false;
                }
            }

            return await turns.Beats.GrewAsync(height, within - wait, ended).ConfigureAwait(false);
        }

        /// <summary>Makes one step, when its turn comes.</summary>
        /// <param name="step">What it is: it gives what was read, and how many rows that was.</param>
        public async Task<T> ReadAsync<T>(Func<(T Read, int Rows)> step)
        {
            // Whatever waits for this thread goes first, also when nothing here would wait.
            await Task.Yield();
            await turns.Places.WaitAsync(ended).ConfigureAwait(false);
            try
            {
                ended.ThrowIfCancellationRequested();
                (T read, int rows) = step();
                allowance.Charge(rows);
                return read;
            }
            finally
            {
                turns.Places.Release();
            }
        }

        public void Dispose()
        {
            if (_replays)
            {
                EndReplay();
            }
        }

        private void EndReplay()
        {
            _replays = false;
            allowance.EndReplay();
        }
    }

    private SemaphoreSlim Places => _places;

    private Heartbeats Beats => beats;

    private TimeProvider Time => time;

    private Height Head => feed.Head.Height;
}
