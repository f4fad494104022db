// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Peers;

/// <summary>What a validator last said of itself.</summary>
/// <param name="Height">Its final height.</param>
/// <param name="StateRoot">Its state root there.</param>
/// <param name="View">Its view.</param>
/// <param name="Age">How long ago it said so; the longest time span when it never did.</param>
public sealed record PeerReport(Height Height, Hash256 StateRoot, View View, TimeSpan Age);

/// <summary>
/// What is known of the other validators: reports, and who is being ignored for misbehaviour. Thread-safe.
/// </summary>
internal sealed class PeerBook(ValidatorSet validators, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Entry[] _entries = [.. Enumerable.Range(0, validators.Count).Select(_ => new Entry())];

    private sealed class Entry
    {
        public Height Height { get; set; }

        public Hash256 StateRoot { get; set; }

        public View View { get; set; }

        public long? ReportedAt { get; set; }

        public long? BlockedAt { get; set; }
    }

    /// <summary>How long a peer that misbehaved is not listened to.</summary>
    public static TimeSpan BlockFor { get; } = TimeSpan.FromSeconds(10);

    public ImmutableArray<PeerReport> Reports()
    {
        lock (_gate)
        {
            return [.. _entries.Select(entry => new PeerReport(
                entry.Height,
                entry.StateRoot,
                entry.View,
                entry.ReportedAt is { } at ? time.GetElapsedTime(at) : TimeSpan.MaxValue))];
        }
    }

    public void Report(int peer, Height height, Hash256 stateRoot, View view)
    {
        lock (_gate)
        {
            Entry entry = _entries[peer];
            entry.Height = height;
            entry.StateRoot = stateRoot;
            entry.View = view;
            entry.ReportedAt = time.GetTimestamp();
        }
    }

    public void Block(int peer)
    {
        lock (_gate)
        {
            _entries[peer].BlockedAt = time.GetTimestamp();
        }
    }

    public bool IsBlocked(int peer)
    {
        lock (_gate)
        {
            return _entries[peer].BlockedAt is { } at && time.GetElapsedTime(at) < BlockFor;
        }
    }
}
