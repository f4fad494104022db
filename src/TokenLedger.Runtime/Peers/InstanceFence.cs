// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Remembers which process of each validator is heard, by the random id in its hello, and keeps a second one
/// out while the first lives: it has an open stream, and said something lately. Thread-safe.
/// </summary>
internal sealed class InstanceFence(int validators, TimeProvider time)
{
    /// <summary>Bytes of an id: drawn at the start of a process, equal in no two.</summary>
    public const int IdBytes = 16;

    private readonly Lock _gate = new();
    private readonly Entry[] _entries = [.. Enumerable.Range(0, validators).Select(_ => new Entry())];

    private sealed class Entry
    {
        public string Instance { get; set; } = "";

        public int Streams { get; set; }

        public long HeardAt { get; set; }
    }

    /// <summary>A stream begins.</summary>
    /// <returns>False: another process of this validator lives.</returns>
    public bool TryEnter(int validator, string instance)
    {
        lock (_gate)
        {
            Entry entry = _entries[validator];
            if (entry.Instance != instance)
            {
                // Every second it says something. A stream that hangs after its machine is gone is no life.
                bool lives = entry.Streams > 0
                    && time.GetElapsedTime(entry.HeardAt) < NodeHealth.ReachableWithin;
                if (lives)
                {
                    return false;
                }

                entry.Instance = instance;
                entry.Streams = 0;
            }

            entry.Streams++;
            entry.HeardAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>A message came on a stream.</summary>
    /// <returns>False: another process took the place of the stream's while it was silent.</returns>
    public bool Hears(int validator, string instance)
    {
        lock (_gate)
        {
            Entry entry = _entries[validator];
            if (entry.Instance != instance)
            {
                return false;
            }

            entry.HeardAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>A stream that was let in ended.</summary>
    public void Leave(int validator, string instance)
    {
        lock (_gate)
        {
            Entry entry = _entries[validator];
            entry.Streams -= entry.Instance == instance ? 1 : 0;
        }
    }
}
