// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Bridge;
using TokenLedger.Bridge.Remote;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;

namespace TokenLedger.Node.Bridging;

/// <summary>
/// Runs one lane's worker from the moment that the ledger has the lane. A fault is logged, waited out and
/// tried again, so that it never touches the node; a broken invariant stops it.
/// </summary>
internal sealed class LaneRunner : IAsyncDisposable
{
    private const int Slower = 10;

    /// <summary>Twice as long as Ethereum needs to make a block final.</summary>
    private static readonly TimeSpan AlarmAfter = TimeSpan.FromMinutes(30);

    /// <summary>A poll or two that nobody answers say nothing about the backing.</summary>
    private static readonly TimeSpan OldAfter = TimeSpan.FromMinutes(1);

    private readonly LaneSettings _settings;
    private readonly BridgeJournal _journal;
    private readonly Func<OpenBridgeLane?> _terms;
    private readonly Func<OpenBridgeLane, IReadOnlyList<EvmClient>, LaneWorker> _build;
    private readonly Action<Exception> _stopNode;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ImmutableArray<EvmProvider> _providers;
    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource _reset = Promise();
    private volatile TaskCompletionSource _resetDone = Promise();
    private volatile BridgeStatus _status;
    private ImmutableSortedDictionary<ulong, MintRefusal> _refused =
        ImmutableSortedDictionary<ulong, MintRefusal>.Empty;

    private long _looks;
    private long _failures;
    private long _agreed;
    private long _carried;
    private Task _run = Task.CompletedTask;

    /// <param name="settings">The lane.</param>
    /// <param name="idle">How it is before its first look.</param>
    /// <param name="journal">Its journal, which nobody else writes.</param>
    /// <param name="terms">The lane's terms; null while the ledger has none.</param>
    /// <param name="build">Makes its worker.</param>
    /// <param name="stopNode">Stops the process with a report.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">What operators read.</param>
    public LaneRunner(
        LaneSettings settings,
        BridgeStatus idle,
        BridgeJournal journal,
        Func<OpenBridgeLane?> terms,
        Func<OpenBridgeLane, IReadOnlyList<EvmClient>, LaneWorker> build,
        Action<Exception> stopNode,
        TimeProvider time,
        ILogger log)
    {
        (_settings, _status, _journal, _terms, _build) = (settings, idle, journal, terms, build);
        (_stopNode, _time, _log) = (stopNode, time, log);
        _agreed = _carried = time.GetTimestamp();
        _providers =
            [.. settings.Endpoints.Select(endpoint => new EvmProvider(endpoint, settings.Deadline, time))];
        Limits = new LimitsCache(() => new ProviderQuorum(
            _providers.Select(static provider => new EvmClient(provider)), settings.Required,
            settings.Deadline, time));
    }

    /// <summary>The lane's chain.</summary>
    public ulong ChainId => _settings.ChainId;

    /// <summary>How it is doing.</summary>
    public BridgeStatus Status => _status;

    /// <summary>What the contracts abroad let pass, for who asks.</summary>
    public LimitsCache Limits { get; }

    /// <summary>
    /// What an operator or officers must look at; empty when nothing is: a halt, a difference, that nothing
    /// becomes final abroad, that both sides could not be compared for long, or nothing be sent.
    /// </summary>
    public string Alarm
    {
        get
        {
            BridgeStatus status = _status;
            TimeSpan since = _time.GetElapsedTime(Volatile.Read(ref _agreed));
            TimeSpan carried = _time.GetElapsedTime(Volatile.Read(ref _carried));
            string stall = Stall;
            Backing? differs = status.Backing.FirstOrDefault(static b => b.Verdict == BackingVerdict.Differs);
            return status.Halt.Length > 0 ? $"The bridge to chain {ChainId} halted: {status.Halt}"
                : (status.Stops & BridgeStops.Halted) != 0 ? $"The lane to chain {ChainId} is halted."
                : differs is not null
                    ? $"The backing of {differs.Asset} on chain {ChainId} does not add up: {differs.Note}"
                : stall.Length > 0 ? stall
                : since > AlarmAfter
                    ? $"The bridge to chain {ChainId} has not seen both sides agree for "
                        + $"{(int)since.TotalMinutes} minutes: {status.Note}"
                : carried > AlarmAfter
                    ? $"The bridge to chain {ChainId} could not carry what is signed for "
                        + $"{(int)carried.TotalMinutes} minutes: {status.SendNote}"
                : "";
        }
    }

    /// <summary>Both sides as they were compared last: of a chain that cannot be read for a while, stands
    /// still, or is not looked at any more, nobody knows that they agree.</summary>
    public ImmutableArray<Backing> Backing
    {
        get
        {
            BridgeStatus status = _status;
            bool isOld = _time.GetElapsedTime(Volatile.Read(ref _agreed)) > OldAfter;
            string why = status.Halt.Length > 0 ? status.Halt
                : Stall.Length > 0 ? Stall
                : isOld ? status.Note
                : "";
            return why.Length == 0
                ? status.Backing
                : [
                    .. status.Backing.Select(backing => backing.Verdict == BackingVerdict.Agrees
                        ? backing with { Verdict = BackingVerdict.NotComparable, Note = why }
                        : backing),
                ];
        }
    }

    /// <summary>How old the newest final block is that was read; null before the first.</summary>
    public TimeSpan? FinalAge => _status.FinalAge(_time.GetUtcNow());

    /// <summary>That nothing becomes final abroad any more, by what the endpoints tell; empty while it does.
    /// Nothing is lost by it: what is under way waits.</summary>
    public string Stall => FinalAge is { } age && age > _settings.Stale
        ? $"The newest final block of chain {ChainId} that this node knows of, {_status.Final!.Number}, is "
            + $"{(int)age.TotalMinutes} minutes old: finality stands still there, or the endpoints do not "
            + "tell. Transfers wait."
        : "";

    /// <summary>Looks since the start, and those that an unforeseen fault ended.</summary>
    public (long Looks, long Failures) Counts => (Volatile.Read(ref _looks), Volatile.Read(ref _failures));

    /// <summary>Requests to the chain's endpoints since the start.</summary>
    public long Requests => _providers.Sum(static provider => provider.Requests);

    public void Start() => _run = Task.Run(RunAsync);

    /// <summary>Forgets that it halted and what it has read, and begins anew; what it has sent it
    /// keeps.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        Task done = _resetDone.Task;
        _reset.TrySetResult();
        await done.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        foreach (EvmProvider provider in _providers)
        {
            provider.Dispose();
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        LaneWorker? worker = null;
        string told = "";
        try
        {
            while (true)
            {
                bool works = false;
                try
                {
                    if (_reset.Task.IsCompleted)
                    {
                        worker = null;
                        Reset();
                    }

                    worker ??= _terms() is { } terms
                        ? _build(terms, [.. _providers.Select(static provider => new EvmClient(provider))])
                        : null;
                    works = worker is null || await worker.LookAsync(_stop.Token).ConfigureAwait(false);
                    _status = worker?.Status ?? _status with { Note = "The ledger has no such lane yet." };
                }
                catch (Exception e) when (e is not (OperationCanceledException or InvariantException))
                {
                    Interlocked.Increment(ref _failures);
                    BridgeLog.Failed(_log, ChainId, e);
                    _status = (worker?.Status ?? _status) with
                    {
                        Note = $"A fault, see the log: {e.Message}",
                    };
                }

                Remember();
                Tell(ref told);
                TellRefusals();
                Interlocked.Increment(ref _looks);
                Task pause = Task.Delay(works ? _settings.Poll : Slower * _settings.Poll, _time, _stop.Token);
                await (await Task.WhenAny(pause, _reset.Task).ConfigureAwait(false)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (InvariantException e)
        {
            _stopNode(e);
        }
    }

    /// <summary>Notes since when what does not go well has not.</summary>
    private void Remember()
    {
        BridgeStatus now = _status;
        if (now is { Final: not null, Halt: "", Note: "" }
            && now.Backing.All(static b => b.Verdict == BackingVerdict.Agrees))
        {
            Volatile.Write(ref _agreed, _time.GetTimestamp());
        }

        if (now.SendNote.Length == 0)
        {
            Volatile.Write(ref _carried, _time.GetTimestamp());
        }
    }

    private void Reset()
    {
        _journal.Reset();
        BridgeLog.Reset(_log, ChainId);
        TaskCompletionSource done = _resetDone;
        _reset = Promise();
        _resetDone = Promise();
        done.SetResult();
    }

    private static TaskCompletionSource Promise() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says once why a lock is refused; again for another reason.</summary>
    private void TellRefusals()
    {
        ImmutableSortedDictionary<ulong, MintRefusal> now = _status.Refusals;
        foreach ((ulong nonce, MintRefusal refusal) in now)
        {
            if (_refused.GetValueOrDefault(nonce)?.Reason != refusal.Reason)
            {
                BridgeLog.Refused(_log, ChainId, nonce, refusal.Place.Number, refusal.ToString());
            }
        }

        _refused = now;
    }

    /// <summary>Says once what has changed. How old a block is does so all the time.</summary>
    private void Tell(ref string told)
    {
        BridgeStatus status = _status;
        string stall = Stall;
        (string now, string text) = status.Halt.Length > 0 ? (status.Halt, status.Halt)
            : status.Note.Length > 0 ? (status.Note, status.Note)
            : stall.Length > 0 ? ("stall", stall)
            : (status.SendNote, status.SendNote);
        if (now == told)
        {
            return;
        }

        told = now;
        if (status.Halt.Length > 0)
        {
            BridgeLog.Halted(_log, ChainId, text);
        }
        else if (text.Length > 0)
        {
            BridgeLog.Hindered(_log, ChainId, text);
        }
        else
        {
            BridgeLog.Works(_log, ChainId);
        }
    }
}
