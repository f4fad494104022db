// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core;
using TokenLedger.Maintenance.Scrubbing;
using TokenLedger.Runtime;
using TokenLedger.Runtime.Chain;
using TokenLedger.Storage;

namespace TokenLedger.Node.Operations;

/// <summary>
/// Reads all that the ledger holds, again and again, slowly: a byte that rots is found within the period,
/// before too many nodes have one. A block is fetched again from a peer and written anew; a state that is
/// wrong stops the node. What this validator signed is not looked at, and nobody ever repairs it.
/// </summary>
internal sealed class LedgerScrubber : IAsyncDisposable
{
    /// <summary>How often peers are asked for a block before the node stops for want of it.</summary>
    private const int Attempts = 20;

    /// <summary>Blocks in one step when an operator waits for it.</summary>
    private const int BlocksAtOnce = 64;

    private const string WhatToDo =
        " Move the ledger's folder away and nothing else, then start the node, which fetches all blocks from"
            + " its peers; or restore a backup: tl node restore.";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FastStep = TimeSpan.FromMilliseconds(20);

    /// <summary>Between two pages of the state: a seventh of a core's time, and 5,000 entries a
    /// second.</summary>
    private static readonly TimeSpan PageStep = TimeSpan.FromMilliseconds(100);

    private readonly ValidatorRuntime _runtime;
    private readonly BlockScrub _blocks;
    private readonly TimeSpan _period;
    private readonly Action<Exception> _fatal;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile ScrubStatus _status = new(null, 0, 0, 0, 0, 0, false);
    private volatile bool _hurry;

    public LedgerScrubber(
        ValidatorRuntime runtime,
        BlockScrub blocks,
        TimeSpan period,
        Action<Exception> fatal,
        TimeProvider time,
        ILogger log)
    {
        _runtime = runtime;
        _blocks = blocks;
        _period = period;
        _fatal = fatal;
        _time = time;
        _log = log;
    }

    public ScrubStatus Status => _status;

    /// <summary>Begins, once the node runs.</summary>
    public void Start() => _running = Task.Run(() => RunAsync(_stop.Token));

    /// <summary>Finishes the pass under way as fast as it can, and makes another whole one.</summary>
    public void Hurry() => _hurry = true;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                bool asked = _hurry;
                _hurry = false;
                await PassAsync(asked, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopping.
        }
#pragma warning disable CA1031 // Nobody awaits this task: a ledger that cannot be read must stop the node.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _fatal(e);
        }
    }

    /// <summary>Half of the period for reading, and what is left of it for resting: whatever was read just
    /// after a pass began is read again within the period.</summary>
    private async Task PassAsync(bool asked, CancellationToken stop)
    {
        long began = _time.GetTimestamp();
        FinalizedHead head = _runtime.Feed.Head;
        ulong height = head.Height.Value;
        _status = _status with { Height = height, Left = height, InPass = true };
        await StateAsync(asked, stop).ConfigureAwait(false);
        Hash256 expected = head.Hash;
        ulong perStep = 1 + (height / (ulong)Math.Max(1, _period / 2 / Step));
        using var timer = new PeriodicTimer(Step, _time);

        // A ledger that began with a snapshot has nothing to read up to there.
        ulong oldest = _runtime.Ledger.SnapshotHeight.Value;
        while (height > oldest)
        {
            bool fast = asked || _hurry;
            timer.Period = fast ? FastStep : Step;
            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
            for (ulong i = fast ? BlocksAtOnce : perStep; i > 0 && height > oldest; i--)
            {
                expected = await BlockAsync(new Height(height), expected, stop).ConfigureAwait(false);
                height--;
                _status = _status with { Left = height };
            }
        }

        _status = _status with { Finished = _time.GetUtcNow(), Passes = _status.Passes + 1, InPass = false };
        timer.Period = FastStep;
        while (!_hurry && _time.GetElapsedTime(began) < _period / 2)
        {
            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
    }

    private async Task StateAsync(bool asked, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PageStep, _time);
        (LedgerSnapshot snapshot, FinalizedHead head) = Moment();
        using (snapshot)
        {
            var state = new StateScrub(snapshot, head.Tree);
            string? problem;
            while (state.Next(out problem))
            {
                timer.Period = asked || _hurry ? FastStep : PageStep;
                await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
            }

            _status = _status with { StateEntries = (ulong)state.Checked };
            if (problem is not null)
            {
                throw new StorageFault(
                    StorageFaultKind.Corrupt, StorageScope.Process,
                    $"Ledger database: {problem}. A state is not repaired, and not served." + WhatToDo);
            }
        }
    }

    /// <summary>A snapshot and the head of the very same moment.</summary>
    private (LedgerSnapshot Snapshot, FinalizedHead Head) Moment()
    {
        while (true)
        {
            LedgerSnapshot snapshot = _runtime.Ledger.Snapshot();
            FinalizedHead head = _runtime.Feed.Head;
            if (head.Hash == snapshot.Head.Hash)
            {
                return (snapshot, head);
            }

            snapshot.Dispose();
            _stop.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<Hash256> BlockAsync(Height height, Hash256 expected, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Step, _time);
        string? problem = _blocks.Problem(_runtime.Ledger, height, expected, out Hash256 parent);
        if (problem is null)
        {
            return parent;
        }

        NodeLog.BlockCorrupt(_log, height.Value, problem);
        _status = _status with { Found = _status.Found + 1 };
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            StoredBlock? fetched =
                await _runtime.FetchStoredAsync(height, attempt, stop).ConfigureAwait(false);
            if (fetched is not null && _blocks.Problem(fetched, expected, out CommittedBlock? block) is null)
            {
                _runtime.Ledger.Rewrite(block!);
                string? still = _blocks.Problem(_runtime.Ledger, height, expected, out parent);
                if (still is null)
                {
                    _status = _status with { Repaired = _status.Repaired + 1 };
                    NodeLog.BlockRepaired(_log, height.Value);
                    return parent;
                }

                // That peer has not all of it either, such as a certificate: another may.
                problem = still;
            }

            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }

        throw new StorageFault(
            StorageFaultKind.Corrupt, StorageScope.Process,
            $"Ledger database: block {height} is damaged ({problem}), and no peer gave it back." + WhatToDo);
    }
}

/// <summary>Where the scrub is.</summary>
/// <param name="Finished">When the last whole pass ended; null before.</param>
/// <param name="Passes">Whole passes since the start.</param>
/// <param name="Height">The height that the pass began at.</param>
/// <param name="Left">The blocks that it has not read yet.</param>
/// <param name="Found">Damaged blocks found since the start.</param>
/// <param name="Repaired">Of those, repaired from a peer.</param>
/// <param name="InPass">False while it rests between passes.</param>
/// <param name="StateEntries">Entries of the state that the last pass read.</param>
internal sealed record ScrubStatus(
    DateTimeOffset? Finished,
    ulong Passes,
    ulong Height,
    ulong Left,
    ulong Found,
    ulong Repaired,
    bool InPass,
    ulong StateEntries = 0);
