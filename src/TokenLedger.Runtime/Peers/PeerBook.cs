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
/// <param name="validators">The first peers, by index.</param>
/// <param name="observers">How many observers follow them in the numbering.</param>
/// <param name="time">The clock.</param>
internal sealed class PeerBook(ValidatorSet validators, int observers, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Entry[] _entries = [.. Enumerable.Range(0, validators.Count + observers)
        .Select(_ => new Entry())];

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
            return [.. _entries.Take(validators.Count).Select(entry => new PeerReport(
                entry.Height,
                entry.StateRoot,
                entry.View,
                entry.ReportedAt is { } at ? time.GetElapsedTime(at) : TimeSpan.MaxValue))];
        }
    }

    /// <summary>What a log calls a peer.</summary>
    public string NameOf(int peer) => peer < validators.Count
        ? validators[peer].Name
        : $"observer {peer - validators.Count}";

    /// <summary>A validator is there, and said nothing of itself.</summary>
    public void Hear(int peer)
    {
        lock (_gate)
        {
            _entries[peer].ReportedAt = time.GetTimestamp();
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
